"""The data of one Medical Student Scheduling instance, read from its MiniZinc file and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scheduler.convert.dzn import Item, read_dzn
from scheduler.domain.instance import MAX_WEEKS
from scheduler.errors import InputError, Problem

MAX_COUNT = 100_000
MAX_WEIGHT = 1_000

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MssInstance:
    """One instance as the file says it, with indices from 0.

    Attributes
    ----------
    name
        Name of the file without its ending.
    students, disciplines, hospitals, groups
        How many there are: S, D, H and G in the shapes below.
    horizon, duration
        Number of periods T, and how many of them a discipline takes.
    most_per_hospital
        Most disciplines of one student at one hospital.
    group_of
        (D) Group of each discipline.
    wanted
        (S, G) Disciplines that a student takes of each group.
    allowed
        (S, D) Whether the student may take the discipline.
    before
        (D, D) ``before[d, e]``: whoever takes d must have taken e earlier.
    available
        (S, T) Whether the student is there.
    able
        (S, H, D) Whether the student may take the discipline at the hospital.
    most, least
        (H, D, T) Most and fewest students.
    weights
        (S, 4) Weights of discipline points, hospital points, changes of hospital (at most 0), waiting periods (at most 0).
    discipline_points, hospital_points
        (S, D) and (S, H) The student's points.
    general_points
        (D) Points that everybody wins with a discipline.
    """

    name: str
    students: int
    disciplines: int
    hospitals: int
    groups: int
    horizon: int
    duration: int
    most_per_hospital: int
    group_of: Numbers
    wanted: Numbers
    allowed: Flags
    before: Flags
    available: Flags
    able: Flags
    most: Numbers
    least: Numbers
    weights: Numbers
    discipline_points: Numbers
    hospital_points: Numbers
    general_points: Numbers


_SIZES = {"S": "Students", "D": "Disciplines", "H": "Hospitals", "G": "Groups", "T": "Horizon"}
_ARRAYS = {
    "DiscGroup": "D",
    "StudDiscGroup": "SG",
    "AllowedDisc": "SD",
    "Precededby": "DD",
    "Availability": "ST",
    "Ability": "SHD",
    "MaxPosHosp": "HDT",
    "MinPosHosp": "HDT",
    "WeightPref": "S4",
    "PrefStudDisc": "SD",
    "PrefStudHosp": "SH",
    "ManPref": "D",
}
#: Smallest and largest number allowed in an array.
_RANGES = {
    "StudDiscGroup": (0, MAX_COUNT),
    "AllowedDisc": (0, 1),
    "Precededby": (0, 1),
    "Availability": (0, 1),
    "Ability": (0, 1),
    "MaxPosHosp": (0, MAX_COUNT),
    "MinPosHosp": (0, MAX_COUNT),
    "WeightPref": (-MAX_WEIGHT, MAX_WEIGHT),
    "PrefStudDisc": (-MAX_COUNT, MAX_COUNT),
    "PrefStudHosp": (-MAX_COUNT, MAX_COUNT),
    "ManPref": (-MAX_COUNT, MAX_COUNT),
}


def read_mss(path: str | Path) -> MssInstance:
    """Read an instance in MiniZinc data format.

    Raises
    ------
    InputError
        With every problem found: what is missing, of the wrong shape or out of range, and on which line it stands.
    """
    path = Path(path)
    items = read_dzn(path)
    file = path.name
    sizes = {name: _scalar(items, name, file) for name in (*_SIZES.values(), "Duration", "MaxDiscPerHosp")}
    problems: list[Problem] = []
    arrays = {name: _array(items, name, sizes, file, problems) for name in _ARRAYS}
    if not problems:
        problems += _content_problems(items, sizes, file)
    if problems:
        raise InputError(problems)
    return MssInstance(
        name=path.stem,
        students=sizes["Students"],
        disciplines=sizes["Disciplines"],
        hospitals=sizes["Hospitals"],
        groups=sizes["Groups"],
        horizon=sizes["Horizon"],
        duration=sizes["Duration"],
        most_per_hospital=sizes["MaxDiscPerHosp"],
        group_of=arrays["DiscGroup"] - 1,
        wanted=arrays["StudDiscGroup"],
        allowed=arrays["AllowedDisc"] == 1,
        before=(arrays["Precededby"] == 1) & ~np.eye(sizes["Disciplines"], dtype=np.bool_),
        available=arrays["Availability"] == 1,
        able=arrays["Ability"] == 1,
        most=arrays["MaxPosHosp"],
        least=arrays["MinPosHosp"],
        weights=arrays["WeightPref"],
        discipline_points=arrays["PrefStudDisc"],
        hospital_points=arrays["PrefStudHosp"],
        general_points=arrays["ManPref"],
    )


def _scalar(items: dict[str, Item], name: str, file: str) -> int:
    """A positive number; without it nothing else can be checked, so its problem is raised at once."""
    item = items.get(name)
    if item is None:
        raise InputError(Problem(f"{name} is missing", file=file, code="missing"))
    most = MAX_WEEKS if name == "Horizon" else MAX_COUNT
    if item.value.ndim or not 1 <= int(item.value) <= most:
        raise InputError(Problem(f"{name} must be one number from 1 to {most}", file=file, row=item.line, code="range"))
    return int(item.value)


def _array(items: dict[str, Item], name: str, sizes: dict[str, int], file: str, problems: list[Problem]) -> Numbers:
    item = items.get(name)
    if item is None:
        problems.append(Problem(f"{name} is missing", file=file, code="missing"))
        return np.zeros(0, dtype=np.int64)
    letters = _ARRAYS[name]
    shape = tuple(sizes[_SIZES[letter]] if letter in _SIZES else int(letter) for letter in letters)
    if item.value.shape != shape:
        wanted = " × ".join(f"{_SIZES.get(letter, 'weights')} {size}" for letter, size in zip(letters, shape, strict=True))
        found = " × ".join(map(str, item.value.shape)) or "one number"
        message = f"{name} has the shape {found} where {wanted} belongs"
        problems.append(Problem(message, file=file, row=item.line, code="shape"))
    return item.value


def _content_problems(items: dict[str, Item], sizes: dict[str, int], file: str) -> Iterator[Problem]:
    for name, (low, high) in {**_RANGES, "DiscGroup": (1, sizes["Groups"])}.items():
        value = items[name].value
        wrong = value[(value < low) | (value > high)]
        if wrong.size:
            message = f"{name} holds {wrong[0]} where only numbers from {low} to {high} belong"
            yield Problem(message, file=file, row=items[name].line, code="range")
    weights = items["WeightPref"].value
    if (weights[:, 2:] > 0).any():
        message = "WeightPref rewards changes of hospital or waiting: its last two columns must not be positive"
        yield Problem(message, file=file, row=items["WeightPref"].line, code="range")
    circle = np.flatnonzero(
        transitive((items["Precededby"].value == 1) & ~np.eye(sizes["Disciplines"], dtype=np.bool_)).diagonal()
    )
    if circle.size:
        message = f"Precededby goes round in a circle through the disciplines {', '.join(str(d + 1) for d in circle)}"
        yield Problem(message, file=file, row=items["Precededby"].line, code="circle")


def transitive(before: Flags) -> Flags:
    """(D, D) From what comes directly before to everything that comes before, through others too."""
    closure = before.copy()
    for d in range(len(before)):
        closure |= closure[:, d : d + 1] & closure[d : d + 1, :]
    return closure
