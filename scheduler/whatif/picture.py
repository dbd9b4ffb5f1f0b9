"""A sweep as an SVG: what is unplaced, and between which limits the best possible points lie, at each value that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from scheduler.whatif.alternatives import Outcome

PICTURE = "sweep.svg"
WIDTH, HEIGHT, LEFT, TOP, APART = 560, 150, 70, 46, 52
INK, LINE, BAND, GRID, QUIET = "#1f3a54", "#1f4e8c", "#bcd2ea", "#e3eaf1", "#6b7c8d"
MOST_LABELS = 24


def sweep_picture(title: str, base: Outcome, outcomes: Sequence[Outcome]) -> str:
    """An SVG document with two panels; the base is a dashed line in both."""
    shown = [outcome for outcome in outcomes if outcome.solved]
    height = TOP + 2 * (HEIGHT + APART)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {height}" width="{LEFT + WIDTH + 20}" '
        f'height="{height}" role="img" font-family="Helvetica, Arial, sans-serif" font-size="11">',
        f"  <title>{escape(title)}: unplaced rotations and points</title>",
        f'  <rect width="{LEFT + WIDTH + 20}" height="{height}" fill="#ffffff"/>',
        f'  <text x="{LEFT}" y="18" font-weight="bold" fill="{INK}">{escape(title)}</text>',
    ]
    if shown:
        labels = [" ".join(value for _, value in outcome.alternative.at) for outcome in shown]
        unplaced = [(o.figures.unplaced, o.figures.unplaced) for o in shown if o.figures]
        at_base = base.figures.unplaced if base.figures else None
        parts += _panel(TOP, "Unplaced rotations", labels, unplaced, at_base)
        cost = base.schedule.shown(base.schedule.objective) if base.solved else None
        parts += _panel(
            TOP + HEIGHT + APART, "Points, and where the best possible lie", labels, [_limits(o) for o in shown], cost
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _limits(outcome: Outcome) -> tuple[int, int]:
    """What the schedule costs, and the bound (the same again where there is none)."""
    cost = outcome.schedule.shown(outcome.schedule.objective) or 0
    bound = outcome.schedule.shown(outcome.schedule.bound)
    return cost, cost if bound is None else bound


def _panel(top: int, title: str, labels: Sequence[str], values: Sequence[tuple[int, int]], base: int | None) -> Iterator[str]:
    numbers = [n for pair in values for n in pair] + ([base] if base is not None else [])
    low, high = min(numbers), max(numbers)
    low, high = (low - 1, high + 1) if low == high else (low, high)

    def across(k: int) -> float:
        return WIDTH * (k + 0.5) / len(labels)

    def down(n: float) -> float:
        return HEIGHT * (0.94 - 0.88 * (n - low) / (high - low))

    yield f'  <g transform="translate({LEFT} {top})">'
    yield f'    <text x="0" y="-8" fill="{INK}">{escape(title)}</text>'
    yield f'    <rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#8fa8c0"/>'
    for n in dict.fromkeys((low, (low + high) // 2, high)):
        yield f'    <path d="M0 {down(n):.1f} h{WIDTH}" stroke="{GRID}"/>'
        yield f'    <text x="-6" y="{down(n) + 4:.1f}" text-anchor="end" fill="{QUIET}">{n:,}</text>'
    if base is not None:
        yield f'    <path d="M0 {down(base):.1f} h{WIDTH}" stroke="{QUIET}" stroke-dasharray="5 4"/>'
        yield f'    <text x="{WIDTH - 4}" y="{down(base) - 4:.1f}" text-anchor="end" fill="{QUIET}">base</text>'
    over = [f"{across(k):.1f} {down(cost):.1f}" for k, (cost, _) in enumerate(values)]
    under = [f"{across(k):.1f} {down(bound):.1f}" for k, (_, bound) in enumerate(values)]
    yield f'    <path d="M{" L".join([*over, *reversed(under)])} Z" fill="{BAND}" fill-opacity="0.7"/>'
    yield f'    <path d="M{" L".join(over)}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    each = -(-len(labels) // MOST_LABELS)
    for k, (label, (cost, bound)) in enumerate(zip(labels, values, strict=True)):
        said = f"{label}: {cost:,}" + (f", at best {bound:,}" if bound != cost else "")
        yield f'    <circle cx="{across(k):.1f}" cy="{down(cost):.1f}" r="3" fill="{LINE}"><title>{escape(said)}</title></circle>'
        if k % each == 0:
            yield f'    <text x="{across(k):.1f}" y="{HEIGHT + 15}" text-anchor="middle" fill="{QUIET}">{escape(label)}</text>'
    yield "  </g>"
