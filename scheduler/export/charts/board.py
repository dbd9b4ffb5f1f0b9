"""Who is where, and when: a row a student or group, a bar a placement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from typing import TYPE_CHECKING

from scheduler.export.charts.board_picture import Lane, picture
from scheduler.export.charts.chart import Chart, on_pages
from scheduler.export.charts.rows import MOST_ROWS, Label
from scheduler.export.names import file_stems
from scheduler.export.stays import Stay
from scheduler.export.tables.cells import natural
from scheduler.words.locale import Locale

if TYPE_CHECKING:
    from scheduler.export.view import View

#: The lanes of one party, which stay together, or the heading of a program.
_Group = list[Lane | Label]
#: School, program, student, group and part.
_Who = tuple[str, str, str, str, int]


def board(seen: View, locale: Locale) -> Iterator[Chart]:
    """One picture, or where it would be too long one a school, and of a large school several."""
    if not seen.stays:
        return
    schools = dict(_schools(seen, locale, name_schools=True))
    title = locale.say("charts", "board.title")
    if sum(len(group) for groups in schools.values() for group in groups) <= MOST_ROWS:
        yield picture(seen, locale, "board", title, [row for groups in schools.values() for row in chain(*groups)])
        return
    stems = file_stems("board", schools)
    taken = {stem.casefold() for stem in stems.values()}
    for school, groups in _schools(seen, locale, name_schools=False):
        row = seen.instance.school_by_id.get(school)
        own = locale.say("charts", "board.title_school", school=(row.name if row else "") or school)
        pages = list(_pages(groups))
        for n, page in enumerate(pages, 1):
            if len(pages) == 1:
                yield picture(seen, locale, stems[school], own, page)
                continue
            name = f"{stems[school]}-{n}"
            while name.casefold() in taken:  # a school may be called like a page of another one
                name += "~"
            taken.add(name.casefold())
            paged = locale.say("charts", "page", title=own, page=n, pages=len(pages))
            yield picture(seen, locale, name, paged, page)


def _pages(groups: Sequence[_Group]) -> Iterator[list[Lane | Label]]:
    """The rows of a school on pages: no heading is the last row of one, and what goes on has its heading again."""
    joined: list[_Group] = []
    heading: _Group = []
    for group in groups:
        if isinstance(group[0], Label):
            heading = group
        else:
            joined.append([*heading, *group])
            heading = []
    for page in on_pages(joined, MOST_ROWS):
        labels = [row for row in page if isinstance(row, Label)]
        yield page if isinstance(page[0], Label) else [*heading, *page]
        heading = [*labels[-1:]] or heading


def _schools(seen: View, locale: Locale, *, name_schools: bool) -> Iterator[tuple[str, list[_Group]]]:
    """By school the headings of its programs and the lanes of its parties, also of those without any placement."""
    missing: Counter[_Who] = Counter()
    for lost in seen.report.unplaced:
        school = seen.instance.program_by_id[lost.program].school
        missing[school, lost.program, lost.student, lost.group, lost.part] += 1
    of_party: dict[_Who, list[Stay]] = {who: [] for who in missing}
    for stay in seen.stays:
        row = stay.row
        of_party.setdefault((row.school, row.program, row.student, row.group, row.part), []).append(stay)
    order = sorted(of_party, key=lambda who: (natural(*who[:2], who[2] or who[3]), who[4]))
    programs = {who[:2] for who in order}
    several = len(programs) > 1
    name_schools = name_schools and len({school for school, _ in programs}) > 1
    for school, of_school in groupby(order, key=lambda who: who[0]):
        groups: list[_Group] = []
        for program, parties in groupby(of_school, key=lambda who: who[1]):
            if several:
                groups.append([Label(_program(seen, locale, program, name_schools), heading=True)])
            for who in parties:
                lanes = _lanes(seen, of_party[who])
                groups.append([Lane(_name(locale, who) if n == 0 else "", missing[who], lane) for n, lane in enumerate(lanes)])
        yield school, groups


def _name(locale: Locale, who: _Who) -> str:
    """A party as it is called at the left."""
    _, _, student, group, part = who
    if student:
        return student
    return (
        locale.say("charts", "board.part", group=group, part=part) if part else locale.say("charts", "board.group", group=group)
    )


def _program(seen: View, locale: Locale, program: str, name_school: bool) -> str:
    """The heading of a program."""
    row = seen.instance.program_by_id[program]
    name = row.name or program
    if not name_school:
        return name
    school = seen.instance.school_by_id.get(row.school)
    return locale.say("charts", "board.program", school=(school.name if school else "") or row.school, program=name)


def _lanes(seen: View, stays: Iterable[Stay]) -> Iterator[tuple[Stay, ...]]:
    """Blocks first, then each placement in the first lane that is free on its days; at least one lane."""
    beside = {key for key, required in seen.instance.requirement_by_id.items() if required.lane != "block"}
    lanes: list[list[Stay]] = [[]]
    for stay in sorted(stays, key=lambda s: ((s.row.program, s.row.requirement) in beside, s.first_day, s.row.slot)):
        free = (lane for lane in lanes if all(stay.first_day > s.last_day or stay.last_day < s.first_day for s in lane))
        lane = next(free, None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(stay)
    yield from map(tuple, lanes)
