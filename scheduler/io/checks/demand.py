"""Required rotations, students and groups that contradict themselves or each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from scheduler.domain.tables import Group, Preceptor, Preference, Program, Requirement, Slot, Student, StudentRequirement, Unit
from scheduler.io.checks.draft import Draft, Say, least_above_most


def check_programs(draft: Draft) -> None:
    """A share is at most 100 %."""
    for say, program in draft.each(Program):
        if program.most_simulation_percent is not None and program.most_simulation_percent > 100:
            say(
                "most_simulation_percent",
                "the number is too large",
                "type",
                value=program.most_simulation_percent,
                expected="0 to 100",
            )


def check_requirements(draft: Draft) -> None:
    """Lengths, lanes and electives fit together; all rotations of an elective set say how many are chosen."""
    sets: dict[tuple[str, str], list[tuple[Say, Requirement]]] = defaultdict(list)
    for say, row in draft.each(Requirement):
        if not row.specialties:
            say("specialties", "must be filled", "missing_value", expected="at least one specialty")
        if row.weeks_min and row.weeks_max and row.weeks_min > row.weeks_max:
            least_above_most(say, "weeks_min", row.weeks_min, "weeks_max", row.weeks_max)
        if row.per_week_min and row.per_week_max and row.per_week_min > row.per_week_max:
            least_above_most(say, "per_week_min", row.per_week_min, "per_week_max", row.per_week_max)
        if row.lane == "longitudinal" and row.blocks > 1:
            say("blocks", "a longitudinal rotation cannot be split", "contradiction", value=row.blocks, expected="1")
        if row.elective_set is None:
            if row.choose is not None:
                message = "has no effect without elective_set"
                say("choose", message, "no_effect", value=row.choose, severity="warning")
            continue
        if row.blocks > 1:
            say("blocks", "a rotation of an elective set cannot be split", "contradiction", value=row.blocks, expected="1")
        if row.choose is None:
            say("choose", f"must be filled for elective set {row.elective_set}", "missing_value", expected="how many are chosen")
        else:
            sets[row.program, row.elective_set].append((say, row))
    for (_, name), rows in sets.items():
        choose = rows[0][1].choose or 0
        for say, row in rows[1:]:
            if row.choose != choose:
                message = f"elective set {name} has choose = {choose} in row {rows[0][0].number}"
                say("choose", message, "contradiction", value=row.choose, expected=str(choose))
        if choose > len(rows):
            message = f"elective set {name} has only {len(rows)} rotations"
            rows[0][0]("choose", message, "too_many", value=choose, severity="warning")


def check_order(draft: Draft) -> None:
    """No rotation comes after itself, directly or over others."""
    for program, requirements in draft.requirements.items():
        before = {name: [r for r in row.after or () if r in requirements] for name, row in requirements.items()}
        for cycle in _cycles(before):
            for say, row in draft.each(Requirement):
                if row.program == program and row.requirement == cycle[0]:
                    message = "the rotation comes after itself" + (
                        f": {' after '.join([*cycle, cycle[0]])}" if len(cycle) > 1 else ""
                    )
                    say("after", message, "cycle", value=";".join(row.after), suggestion="remove one of them")
                    break


def _cycles(before: dict[str, list[str]]) -> list[list[str]]:
    """One cycle for each knot, found by walking back without recursion (a chain may be long)."""
    done: set[str] = set()
    found = []
    for root in before:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, int]] = [(root, 0)]
        while stack:
            node, i = stack.pop()
            if i == 0:
                if node in done:
                    continue
                path.append(node)
                on_path.add(node)
            if i < len(before[node]):
                stack.append((node, i + 1))
                after = before[node][i]
                if after in on_path:
                    found.append(path[path.index(after) :])
                elif after not in done:
                    stack.append((after, 0))
            else:
                done.add(node)
                on_path.discard(node)
                path.pop()
    return found


def check_student_requirements(draft: Draft) -> None:
    """A student's own changes are complete and do not contradict each other."""
    seen: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for say, row in draft.each(StudentRequirement):
        if row.change == "choose" and row.amount is None:
            say("amount", "must be filled for 'choose'", "missing_value", expected="how many of the elective set")
        earlier = seen[row.student, row.requirement]
        if row.change in earlier and row.change != "repeat":
            message = f"row {earlier[row.change]} says the same of this student"
            say("change", message, "duplicate_row", value=row.change, severity="error" if row.change == "choose" else "warning")
        for change in {"add": ("waive",), "waive": ("add", "repeat"), "repeat": ("waive",)}.get(row.change, ()):
            if change in earlier:
                say("change", f"row {earlier[change]} says '{change}' of the same rotation", "contradiction", value=row.change)
        earlier.setdefault(row.change, say.number)
        student = draft.students.get(row.student)
        rotation = draft.requirements.get(student.program, {}).get(row.requirement) if student is not None else None
        if row.change == "add" and rotation is not None and rotation.applies_to == "all":
            message = "the rotation is required of all students of the program anyway"
            say("change", message, "no_effect", value="add", severity="warning", suggestion="did you mean 'repeat'?")


def check_groups(draft: Draft) -> None:
    """Groups have room for their students, of their own program; sizes fit; faculty is faculty."""
    members: Counter[str] = Counter()
    for say, student in draft.each(Student):
        group = draft.groups.get(student.group) if student.group else None
        if group is None:
            continue
        members[group.group] += 1
        if group.program is not None and group.program != student.program:
            message = f"the group belongs to program {group.program}, the student to {student.program}"
            say("group", message, "other_program", value=student.group)
    preceptors = {p.preceptor: p for _, p in draft.each(Preceptor)}
    for say, group in draft.each(Group):
        if members[group.group] > group.size:
            message = f"{members[group.group]} students name this group"
            say("size", message, "group_size", value=group.size, expected=f"at least {members[group.group]}")
        if group.least_size and group.least_size > group.size:
            least_above_most(say, "least_size", group.least_size, "size", group.size)
        if group.split == "allowed" and group.least_size is None:
            message = "the group is not split as long as least_size is empty"
            say("least_size", message, "no_effect", severity="warning", expected="the smallest part")
        faculty = preceptors.get(group.faculty) if group.faculty else None
        if faculty is None:
            continue
        if faculty.kind != "faculty":
            message = f"{group.faculty} is a {faculty.kind}, not faculty"
            say(
                "faculty",
                message,
                "kind",
                value=group.faculty,
                severity="warning",
                suggestion="set the kind in preceptors to faculty",
            )
        program = draft.programs.get(group.program)
        if faculty.school and program is not None and faculty.school != program.school:
            message = f"{group.faculty} belongs to school {faculty.school}, the group to {program.school}"
            say("faculty", message, "other_school", value=group.faculty, severity="warning")


def check_specialties(draft: Draft) -> None:
    """A specialty that nothing offers is probably misspelt."""
    if not draft.tables["slots"].readable or not draft.tables["units"].readable:
        return
    units = {name: unit.specialties for name, unit in draft.units.items()}
    taught = {s for _, unit in draft.each(Unit, partial=True) for s in unit.specialties or ()}
    for _, slot in draft.each(Slot, partial=True):
        if slot.specialty:
            taught.add(slot.specialty)
        elif not units.get(slot.unit):
            return  # a unit without specialties teaches any: nothing can be said to be missing

    def look(say: Say, column: str, specialties: Iterable[str]) -> None:
        for specialty in specialties:
            if specialty not in taught:
                message = "no unit or slot teaches this specialty"
                say(column, message, "unknown_specialty", value=specialty, severity="warning", meant=taught)

    for say, row in draft.each(Requirement):
        look(say, "specialties", row.specialties)
    for say, preceptor in draft.each(Preceptor):
        look(say, "specialties", preceptor.specialties)
    for say, wish in draft.each(Preference):
        if wish.what == "specialty" and wish.value is not None:
            look(say, "value", (wish.value,))


CHECKS: tuple[Callable[[Draft], None], ...] = (
    check_programs,
    check_requirements,
    check_order,
    check_student_requirements,
    check_groups,
    check_specialties,
)
