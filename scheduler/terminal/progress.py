"""Progress of a solve: one line that is rewritten on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.live import Live
from rich.text import Text

from scheduler.domain.wording import percent
from scheduler.terminal.screen import WIDTH

if TYPE_CHECKING:
    from scheduler.solve import Progress

#: Without a terminal, the least seconds from one line to the next; they grow with the time that has passed.
PLAIN_NEWS_S = 2.0
PLAIN_NEWS_SHARE, PLAIN_NEWS_MOST_S = 0.2, 30.0
#: After so many seconds a line is repeated although it says nothing new: somebody may wonder whether it still runs.
PLAIN_SILENCE_S = 60.0
CLOCK = 9  # width of the time and the blanks after it


def progress_text(progress: Progress, sense: Literal["minimise", "maximise"] = "minimise", width: int = WIDTH) -> str:
    """What is being done and what is known, in the coordinator's words; what does not fit `width` is left out, points first."""
    known = [] if progress.placed is None else [f"{progress.placed:,} placed"]
    if progress.unplaced is not None:
        known.append(f"{progress.unplaced:,} unplaced")
    if progress.unplaced and progress.more is not None:
        known.append(f"at most {progress.more:,} more possible")
    more = []
    if progress.best is not None:
        if progress.bound is not None:
            more.append(f"gap {percent((progress.best - progress.bound) / max(1, abs(progress.best)))}")
        more.append(f"{progress.best if sense == 'minimise' else -progress.best:,} points")
    if not known:
        return ", ".join([progress.phase, *more])
    phase = f"{progress.phase}: "
    texts = [phase + ", ".join([*known, *more[:n]]) for n in range(len(more), -1, -1)]
    texts += [", ".join([*known, *more[:n]]) for n in (1, 0)]
    return next((text for text in texts if len(text) <= width), texts[-1])


class ProgressLine:
    """Shows the latest `Progress`, or words for it.

    `update` may be called from any thread; `tick` draws, in the thread that owns the screen.

    Parameters
    ----------
    sense
        Whether points are costs, or won.
    after_s
        What is done before so many seconds have passed shows nothing.
    """

    def __init__(self, console: Console, sense: Literal["minimise", "maximise"] = "minimise", *, after_s: float = 0.0) -> None:
        self._after_s = after_s
        self._console = console
        self._sense = sense
        self._latest: Progress | str | None = None
        self._stopping = False
        self._start_s = monotonic()
        self._shown = ""
        self._shown_s = float("-inf")
        moving = console.is_terminal and not console.is_dumb_terminal
        self._live = Live(console=console, auto_refresh=False, transient=True) if moving else None

    def __enter__(self) -> ProgressLine:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def update(self, progress: Progress | str) -> None:
        """Remember the latest report; never draws, never fails."""
        self._latest = progress

    def tick(self, stopping: bool = False) -> None:
        """Draw if there is something new to say. A closed pipe ends the showing, not the solving."""
        room = (self._console.width if self._live else WIDTH) - CLOCK - 1
        prefix = "stopping, once more gives up · " if stopping else ""
        latest = "starting" if self._latest is None else self._latest
        text = prefix + (latest if isinstance(latest, str) else progress_text(latest, self._sense, room - len(prefix)))
        now_s = monotonic() - self._start_s
        if now_s < self._after_s:
            return
        line = f"{now_s:5.0f} s  {text}"
        try:
            if self._live and line != self._shown:
                self._live.update(Text(line, no_wrap=True, overflow="ellipsis"), refresh=True)
                self._shown = line
            elif not self._live and self._is_news(text, now_s, stopping):
                self._console.print(line, soft_wrap=True)
                self._shown, self._shown_s = text, now_s
        except OSError:
            self._live, self._shown_s = None, float("inf")
        self._stopping = stopping

    def _is_news(self, text: str, now_s: float, stopping: bool) -> bool:
        silent_s = now_s - self._shown_s
        if stopping and not self._stopping:
            return True
        patience_s = max(PLAIN_NEWS_S, min(PLAIN_NEWS_SHARE * now_s, PLAIN_NEWS_MOST_S))
        return silent_s >= (patience_s if text != self._shown else PLAIN_SILENCE_S)
