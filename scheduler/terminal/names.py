"""Names that are asked about: those that exist, and the nearest one where one does not."""

from __future__ import annotations

import getpass
from collections.abc import Collection
from difflib import get_close_matches

from scheduler.domain import Instance
from scheduler.errors import InputError, Problem


def check_name(what: str, name: str | None, names: Collection[str]) -> None:
    """Raise an error that tells the nearest name where there is no such thing; nothing asked is fine."""
    if name is None or name in names:
        return
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    listed = f"known: {', '.join(sorted(names))}" if 0 < len(names) <= 12 else f"the instance has {len(names):,}"
    fix = f"did you mean {near[0]!r}?" if near else listed
    raise InputError(Problem(f"there is no {what} {name!r}", suggestion=fix))


def check_party(data: Instance, who: str | None, school: str | None) -> None:
    """The student or group exists, and is one of the school's, where a school asks."""
    check_name("school", school, data.school_by_id)
    check_name("student or group", who, {*data.student_by_id, *data.group_by_id})
    if school and who:
        row = data.student_by_id.get(who)
        program = row.program if row else data.group_by_id[who].program
        if data.program_by_id[program].school != school:
            raise InputError(Problem(f"there is no student or group {who!r} of {school}", suggestion="name one of the school's"))


def check_requirement(data: Instance, asked: str | None) -> None:
    """The required rotation or elective set exists."""
    check_name("required rotation", asked, {name for r in data.requirements for name in (r.requirement, r.elective_set) if name})


def user_name() -> str:
    """The user of this computer, for logs; empty where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name in the environment and none for the user's number
        return ""
