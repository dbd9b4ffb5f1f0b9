"""Writing answers down: the log, the instance's pins and the schedule's statuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from scheduler.domain import Instance
from scheduler.domain.pinning import together
from scheduler.domain.tables import Pin
from scheduler.errors import InputError, Problem
from scheduler.io import read_instance, read_origin, read_solution, with_baseline, write_instance, write_solution
from scheduler.io.against import has_baseline, pins_file, solution_pins
from scheduler.io.intake_folder import intake_folder
from scheduler.io.locked import locked
from scheduler.io.publish import publish, replace_file
from scheduler.versions.answers import Answered, Sender, apply_answers, refused
from scheduler.versions.decisions import append_decisions, read_decisions
from scheduler.versions.frozen import versions_of

PINS = "pins.csv"


def record_answers(
    instance_path: str | Path,
    solution_path: str | Path,
    answers: Iterable[Mapping[str, str]],
    sender: Sender,
    when: datetime,
) -> Answered:
    """Take answers and write what follows; see `apply_answers` for what they do.

    One at a time for an instance, whoever else writes. Three things are written, each at once or not at all, and in this order:
    the log, the pins of the instance, the schedule. The statuses of the schedule decide whether an answer is new, so they come
    last: whatever a crash leaves undone before is done when the same answers are taken again, and nothing twice. A pin that is
    there before its status is loud (`verify` names it), a status without its pin would silently be proposed again.

    Parameters
    ----------
    answers
        As in `apply_answers`.

    Returns
    -------
    Answered
        Its warnings and notes are for people; nothing was written where it has no decisions and changed nothing.

    Raises
    ------
    InputError
        If an answer cannot be taken: then none is, and nothing is written. If something cannot be read or written.
    """
    path, solution = Path(instance_path), Path(solution_path)
    if not solution.is_dir():
        raise InputError(Problem("is not a solution folder", str(solution), code="not_a_folder", suggestion="name the folder"))
    folder = intake_folder(path)
    with locked(folder):
        own, extra = read_instance(path), solution_pins(solution)
        policy = read_origin(solution).policy
        data = with_baseline(own, solution)
        data = data.model_copy(update={"policy": policy}) if policy is not None else data
        schedule = read_solution(solution, data)
        earlier = read_decisions(folder)
        version = max((v.number for v in versions_of(solution)), default=None)
        found = apply_answers(data, schedule, answers, sender, when, earlier=earlier, version=version)
        refused(found.problems)
        if found.decisions:
            append_decisions(folder, earlier, found.decisions)
        of_solution = tuple(pin for pin in extra if pin in found.instance.pins)
        lifted = set(own.pins) - set(together(own.pins, extra))  # they are the instance's all the same
        stay = tuple(pin for pin in own.pins if pin in found.instance.pins or pin in lifted)
        of_instance = (*stay, *(pin for pin in found.instance.pins if pin not in own.pins and pin not in extra))
        if of_instance != own.pins:
            write_pins(own, of_instance, path)
        after = found.instance.model_copy(update={"pins": together(of_instance, of_solution)})
        if found.schedule != schedule:
            beside = has_baseline(solution)
            write_solution(found.schedule, after, solution, source=path, with_baseline=beside, pins=of_solution)
    return Answered(after, found.schedule, found.decisions, found.problems)


def write_pins(instance: Instance, pins: Sequence[Pin], path: Path) -> None:
    """Write the pins of an instance; in a folder nothing else is touched.

    A workbook is written anew, and the one before stays in the intake folder: what it had beside the tables is there.

    Raises
    ------
    InputError
        If it cannot be written; it is then as it was.
    """
    if path.is_dir():
        publish(path, {PINS: pins_file(pins)} if pins else {}, owned={PINS})
        return
    before = path.read_bytes()
    folder = intake_folder(path) / "before"
    number = 1 + max((int(p.stem) for p in folder.glob("*.xlsx") if p.stem.isdigit()), default=0)
    replace_file(folder / f"{number}{path.suffix}", before)
    write_instance(instance.model_copy(update={"pins": tuple(pins)}), path)
