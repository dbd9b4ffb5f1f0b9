"""Packs: every reader's folder holds what is theirs and nothing else; earlier ones go, what somebody changed stays."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

import click
import pytest

import cli
from scheduler.domain import Instance, Placement, Schedule, Status
from scheduler.domain.equality import SchoolOutcome
from scheduler.export import ReaderKind
from scheduler.export.calendars import calendars
from scheduler.export.names import folder_names
from scheduler.export.packs import Packs
from scheduler.export.packs_page import PackFiles
from scheduler.export.readers import Reader
from scheduler.export.sheets import Sheet, Value
from scheduler.export.stays import stays
from scheduler.export.tables.schools import equity
from scheduler.export.teaching import teaching_hours
from scheduler.export.view import view
from scheduler.io import read_instance, read_solution, write_export, write_solution
from scheduler.solve import Progress
from scheduler.terminal import packing
from scheduler.terminal.progress import ProgressLine
from scheduler.terminal.stopping import Stopper
from tests.examples import example, reference
from tests.export.reading import KEY, _texts, words
from tests.export.test_command import export, solution, tree
from tests.export.test_pseudonyms import hidden, secretive
from tests.verify.world import GROUP, PRECEPTED, put, requirement, slot, week, world

__all__ = ["solution"]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def small() -> tuple[Instance, Schedule]:
    instance = read_instance(ROOT / "instances" / "small")
    return instance, read_solution(ROOT / "solutions" / "small", instance)


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "get_app_dir", lambda name: str(tmp_path / "settings" / name))


def written(packs: Packs) -> Iterator[tuple[Reader, str]]:
    """Everything that stands in each pack, names of folders and files with it."""
    files = PackFiles(packs)
    for pack in packs.every():
        found = [packs.folders[pack.reader]]
        for name, content in files.files(pack).items():
            found += [name, *_texts(name, content)]
        yield pack.reader, "\n".join(found)


def pack_text(instance: Instance, schedule: Schedule, kind: ReaderKind, one: str) -> str:
    return dict(written(Packs(instance, schedule, Reader(kind, one))))[Reader(kind, one)]


def planned(*placements: Placement) -> Schedule:
    return Schedule(status=Status.FEASIBLE, placements=placements)


def column(sheet: Sheet, key: str) -> list[Value]:
    return [row[[c.key for c in sheet.columns].index(key)] for row in sheet.rows]


# ---------------------------------------------------------------------------------------------------------- who sees what


def test_a_pack_names_nobody_whom_its_reader_may_not_see(small: tuple[Instance, Schedule]) -> None:
    instance, schedule = small
    everybody = set(instance.student_by_id)
    seen = 0
    for reader, text in written(Packs(instance, schedule)):
        allowed = {s for stay in view(instance, schedule, reader).stays for s in stay.students}
        if reader.kind == "school":
            allowed |= {s.student for s in instance.students if instance.program_by_id[s.program].school == reader.id}
        allowed |= {reader.id} if reader.kind == "student" else set()
        assert words(text) & everybody <= allowed, reader
        seen += len(allowed)
    assert seen > len(everybody)


def test_every_placement_is_in_the_packs_of_its_student_unit_preceptor_and_school(small: tuple[Instance, Schedule]) -> None:
    instance, schedule = small
    texts = dict(written(Packs(instance, schedule)))
    for stay in view(instance, schedule).stays:
        assert stay.who in texts[Reader("unit", stay.row.unit)]
        assert stay.requirement_name in texts[Reader("school", stay.row.school)]
        if stay.row.preceptor:
            assert stay.who in texts[Reader("preceptor", stay.row.preceptor)]
        for student in stay.students:
            assert stay.unit_name in texts[Reader("student", student)]


def test_calendars_are_those_of_for(small: tuple[Instance, Schedule]) -> None:
    instance, schedule = small
    whole = calendars(view(instance, schedule))
    packs = Packs(instance, schedule)
    for pack in packs.every():
        if pack.reader.kind != "school":
            assert pack.calendar == whole.get(f"{packs.stems[pack.reader]}.ics", b"")
        else:
            assert pack.calendar.count(b"BEGIN:VEVENT") > 0


@pytest.mark.parametrize("kind", ["school", "unit", "preceptor", "student"])
def test_one_pack_alone_is_as_among_all(small: tuple[Instance, Schedule], kind: ReaderKind) -> None:
    instance, schedule = small
    packs = Packs(instance, schedule)
    reader = next(r for r in packs.readers if r.kind == kind)
    alone = Packs(instance, schedule, reader)
    assert alone.readers == (reader,)
    assert alone.pack(reader) == packs.pack(reader)


def test_a_student_of_a_group_learns_of_nobody_else_and_what_is_missing() -> None:
    instance = world(**GROUP)
    schedule = planned(put("A", "MS", "ward", week(1), students=4))
    text = pack_text(instance, schedule, "student", "ann")
    assert "bob" not in words(text)
    assert "Not placed yet" in text and "FM" in words(text)


def test_without_names_nothing_tells_who_somebody_is(small: tuple[Instance, Schedule]) -> None:
    instance, schedule = secretive(*small)
    assert any(hidden(text) for _, text in written(Packs(instance, schedule)))
    for reader, text in written(Packs(instance, schedule, key=KEY)):
        assert hidden(text) == [], reader


# --------------------------------------------------------------------------------------------------------------- the page


def test_the_page_stands_by_itself_and_what_it_shows_is_escaped() -> None:
    instance = world(schools=[{"school": "maple", "name": "<script>alert(1)</script>"}, {"school": "oak"}])
    packs = Packs(instance, planned(), Reader("school", "maple"))
    files = PackFiles(packs)
    page = files.files(packs.pack(packs.readers[0]))["school-maple.html"].decode()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r"(src|href)=|url\(|@import", page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style and b64encode(sha256(style[1].encode()).digest()).decode() in page
    assert "default-src 'none'" in unescape(page)
    assert "<script" not in files.index([]).decode()


def test_the_same_schedule_gives_the_same_bytes(small: tuple[Instance, Schedule]) -> None:
    def all_files() -> list[dict[str, bytes]]:
        packs = Packs(*small)
        return [PackFiles(packs).files(pack) for pack in list(packs.every())[:12]]

    assert all_files() == all_files()


def test_the_calendar_of_weeks_begins_with_the_planning_date() -> None:
    instance = world(planning_date=week(3))
    rows = [put(who, "MS", "ward", week(at)) for who, at in (("ann", 0), ("bob", 3), ("cyd", 5))]
    packs = Packs(instance, planned(*rows), Reader("unit", "ward"))
    tables = {table.name: table for table in packs.pack(packs.readers[0]).sheets}
    assert column(tables["coming"], "who") == ["ann", "bob", "cyd"], "those who have been there are listed"
    forward = tables["forward"]
    assert [c.key for c in forward.columns[2:]] == [week(at).isoformat() for at in (3, 4, 5, 6)]
    assert [row[0:1] + row[2:] for row in forward.rows] == [("bob", 1, 1, None, None), ("cyd", None, None, 1, 1)]
    assert column(tables["weeks"], "week") == [week(at) for at in (3, 4, 5, 6)]


def test_a_schools_board_has_every_week_and_no_column_is_empty(small: tuple[Instance, Schedule]) -> None:
    packs = Packs(*small, Reader("school", "maple"))
    tables = {table.name: table for table in packs.pack(packs.readers[0]).sheets}
    assert sum(c.kind == "week" for c in tables["board"].columns) == small[0].weeks
    titles = [c.key for c in tables["by_student"].columns]
    assert "unit" in titles and not {"school", "slot", "team"} & set(titles)
    assert all(any(value not in (None, "") for value in column(tables["by_student"], key)) for key in titles)


def test_a_preceptor_sees_which_competencies_are_open() -> None:
    named = {"requirements": [requirement("MS", competencies=("suture",)), requirement("FM", competencies=("vaccinate",))]}
    units = [u | {"competencies": ("other",)} for u in world().model_dump()["units"]]
    instance = world(**PRECEPTED | named | {"units": units})
    row = put("ann", "MS", "ward", week(1), preceptor="kim")
    packs = Packs(instance, planned(row), Reader("preceptor", "kim"))
    tables = {table.name: table for table in packs.pack(packs.readers[0]).sheets}
    assert set(column(tables["open_competencies"], "who")) == {"ann"}
    assert column(tables["open_competencies"], "competency") == ["suture", "vaccinate"]


# ---------------------------------------------------------------------------------------------------------- teaching hours


def taught(*changes: dict[str, Any]) -> Sheet:
    """Hours of kim over placements of ann that are changed so; each has 10 sessions of 8 hours, if nothing else is said."""
    instance = world(slots=[slot("ward", shift="day")], shifts=[{"shift": "day", "start": "08:00", "end": "16:00"}])
    (stay,) = stays(instance, planned(put("ann", "MS", "ward", week(3))))
    made = []
    for change in changes:
        of_row = {"preceptor": "kim", "hours": 80.0, **change.pop("row", {})}
        made.append(replace(stay, row=stay.row.model_copy(update=of_row), **change))
    return teaching_hours(made, "kim")


def test_hours_by_month_with_their_sum() -> None:
    table = taught({})  # 26 January to 6 February
    assert table.rows == (("Jan 2026", 5, 1, 40, 40), ("Feb 2026", 5, 1, 40, 40), ("Together", 10, 1, 80, 80))


def test_students_who_are_there_at_once_count_once_for_the_preceptor() -> None:
    assert taught({}, {"who": "bob"}).rows[-1] == ("Together", 10, 2, 80, 160)
    overlapping = taught({}, {"who": "bob", "span": (600, 1080)})  # 10:00 to 18:00
    assert overlapping.rows[-1][3] == 100, "from 08:00 to 18:00"
    evening = taught({}, {"who": "bob", "span": (1000, 1480)})
    assert evening.rows[-1][3] == 160


def test_a_cover_counts_only_the_days_of_the_cover() -> None:
    days = {"cover_start": week(3, 2), "cover_end": week(3, 4)}
    assert taught({"row": {"cover": "lee", **days}}).rows[-1][1:4] == (7, 1, 56)
    assert taught({"row": {"preceptor": "lee", "cover": "kim", **days}}).rows[-1][1:4] == (3, 1, 24)


def test_hours_of_days_agreed_with_the_preceptor_are_estimated() -> None:
    table = taught({"follows": True, "sessions": (), "row": {"start": date(2026, 1, 26), "end": date(2026, 2, 4)}})
    assert [c.key for c in table.columns][-1] == "estimated"
    assert table.rows == (("Jan 2026", 1, 48, 48, 48), ("Feb 2026", 1, 32, 32, 32), ("Together", 1, 80, 80, 80))


def test_whoever_has_no_session_has_no_hours() -> None:
    assert taught({"sessions": ()}).rows == ()


# ----------------------------------------------------------------------------------------------------------------- equity


def test_a_school_is_compared_with_all_only_where_that_tells_of_no_single_one() -> None:
    served = [SchoolOutcome(school=s, asked=10, placed=n) for s, n in (("a", 10), ("b", 5), ("c", 9))]
    few = equity(served[:2], "a")
    assert column(few, "own") == [10, 10, 100] and set(column(few, "all")) == {None}
    many = equity(served, "a")
    assert column(many, "all")[:3] == [30, 24, 80]
    assert "Jain's index, %" in column(many, "what")
    assert equity(served, "z").rows == ()


# ------------------------------------------------------------------------------------------------------------ the command


def test_every_reader_has_a_folder_and_the_index_leads_to_every_file(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(solution)
    assert export(solution, "--packs") == 0
    made = tree(solution)
    assert {name: made[name] for name in before} == before
    packs = {name for name in made if name.startswith("packs/") and not name.endswith(".exported.json")}
    links = set(re.findall(r'href="([^"]+)"', made["packs/index.html"].decode()))
    assert {f"packs/{unquote(unescape(link))}" for link in links} == packs - {"packs/index.html"}
    assert {name.split("/")[1] for name in packs} == {"index.html", "school", "unit", "preceptor", "student"}
    assert "packs/unit/clinic/unit-clinic.xlsx" in packs
    shown = capsys.readouterr()
    assert shown.out.startswith("Packs") and not shown.err


def test_packs_that_nobody_gets_any_more_are_removed_but_for_what_was_changed(solution: Path) -> None:
    assert export(solution, "--packs") == 0
    folder = solution / "packs"
    write_export(folder / "unit" / "old", "packs", {"unit-old.html": b"old"})
    write_export(folder / "unit" / "noted", "packs", {"unit-noted.html": b"old", "unit-noted.xlsx": b"old"})
    (folder / "unit" / "noted" / "unit-noted.xlsx").write_bytes(b"with notes")
    (folder / "unit" / "own").mkdir()
    (folder / "unit" / "own" / "mine.txt").write_text("mine", encoding="utf-8")
    assert export(solution, "--packs") == 0
    assert not (folder / "unit" / "old").exists()
    assert (folder / "unit" / "noted" / "unit-noted.xlsx").read_bytes() == b"with notes"
    assert not (folder / "unit" / "noted" / "unit-noted.html").exists()
    assert (folder / "unit" / "own" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_what_somebody_changed_is_not_replaced_and_then_nothing_is(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(solution, "--packs") == 0
    page = next((solution / "packs" / "student").glob("*/*.html"))
    page.write_bytes(b"with notes")
    before = tree(solution)
    assert export(solution, "--packs") == 2
    assert "was changed since it was exported" in capsys.readouterr().err
    assert tree(solution) == before


def test_packs_that_are_stopped_are_new_or_as_they_were(
    solution: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    class Pressed(Event):
        """Ctrl-C while the third pack is written."""

        def is_set(self) -> bool:
            return len(done) == 3

    class Seen(ProgressLine):
        def update(self, progress: Progress | str) -> None:
            done.extend([str(progress)] * ("of" in str(progress)))

    monkeypatch.setattr(Stopper, "requested", property(lambda _: Pressed(), lambda _, __: None), raising=False)
    monkeypatch.setattr(packing, "ProgressLine", Seen)
    assert export(solution, "--packs") == 3
    assert "Stopped: 3 of 8 packs are new, the others as they were." in " ".join(capsys.readouterr().err.split())
    first = tree(solution)
    assert len([name for name in first if name.startswith("packs/") and name.endswith(".xlsx")]) == 3
    assert "Not all packs are of one schedule" in first["packs/index.html"].decode()
    monkeypatch.undo()
    assert export(solution, "--packs") == 0
    whole = tree(solution)
    assert "Not all packs are of one schedule" not in whole["packs/index.html"].decode()
    assert all(whole[name] == first[name] for name in first if name.count("/") == 3)


def test_one_readers_pack_leaves_the_others_and_the_index(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(solution, "--packs", "--for", "unit", "clinic") == 0
    assert [p.name for p in (solution / "packs").iterdir()] == ["unit"]
    assert export(solution, "--packs") == 0
    before = tree(solution)
    capsys.readouterr()
    assert export(solution, "--packs", "--for", "unit", "clinic", "--json") == 0
    assert tree(solution) == before
    said = json.loads(capsys.readouterr().out)
    assert [pack["id"] for pack in said["packs"]] == ["clinic"] and said["ok"]


def test_packs_without_names_go_elsewhere_and_never_beside_others(solution: Path, tmp_path: Path) -> None:
    assert export(solution, "--packs", "--deidentify") == 0
    names = {p.name for p in (solution / "deidentified" / "packs" / "student").iterdir()}
    assert names and all(re.fullmatch(r"student-\w{8,}", name) for name in names)
    assert export(solution, "--packs", "--for", "unit", "clinic", "--out", str(tmp_path / "named")) == 0
    assert export(solution, "--packs", "--deidentify", "--out", str(tmp_path / "named")) == 2


def test_a_schedule_that_breaks_rules_says_so_in_every_pack(solution: Path) -> None:
    instance = read_instance(solution.parents[1] / "term")
    schedule = read_solution(solution, instance)
    late = [p.model_copy(update={"start": p.start + timedelta(days=1)}) for p in schedule.placements]
    broken = solution.parent / "broken"
    write_solution(schedule.model_copy(update={"placements": tuple(late)}), instance, broken, source=solution.parents[1] / "term")
    assert export(broken, "--packs") == 1
    pages = list((broken / "packs").rglob("*.html"))
    assert pages and all("breaks rules" in page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize(("arguments", "said"), [(["--packs", "--to", "html"], "leave --to and --charts out"), ([], "--packs")])
def test_what_is_wanted_is_said_once(solution: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(solution, *arguments) == 2
    assert said in capsys.readouterr().err


def test_an_unknown_reader_is_one_sentence(solution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["export", str(solution), "--packs", "--for", "unit", "clinik"]) == 2
    assert "did you mean 'clinic'?" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_one_sentence(solution: Path) -> None:
    (solution / "packs").write_text("mine", encoding="utf-8")
    assert export(solution, "--packs") == 2
    assert (solution / "packs").read_text(encoding="utf-8") == "mine"


def test_folders_have_names_on_every_file_system() -> None:
    found = folder_names("unit", ["4B", "4b", "..", "CON", "nul.x", "unit-7", " x"])
    assert found["4B"] == "4B" and found["4b"] == "4b~2" and found["unit-7"] == "unit-7"
    assert found["CON"] == "unit-CON" and found["nul.x"] == "unit-nul.x"
    assert len({name.casefold() for name in found.values()}) == len(found)
    assert all(name.strip(" .") and name[0] not in " ." for name in found.values())


# ------------------------------------------------------------------------------------------------------------ what else helps


def test_units_preceptors_and_students_know_whom_to_ask() -> None:
    instance = world(
        **(
            PRECEPTED
            | {"schools": [{"school": "maple", "contact": "Ana, 555-0101"}, {"school": "oak", "contact": "Bo, 555-0102"}]}
        )
    )
    schedule = planned(put("ann", "MS", "ward", week(0), preceptor="kim"))
    for kind, one in (("unit", "ward"), ("preceptor", "kim"), ("student", "ann")):
        told = pack_text(instance, schedule, kind, one)  # type: ignore[arg-type] # literals
        assert "Ana, 555-0101" in told and "555-0102" not in told
    assert "555-0101" not in "".join(text for _, text in written(Packs(instance, schedule, key=KEY)))


def test_the_workbook_says_whose_it_is_and_that_rules_are_broken() -> None:
    made = datetime(2026, 1, 2, 17, 30, tzinfo=UTC)
    twice = planned(*(put("ann", name, "ward", week(0)) for name in ("MS", "FM"))).model_copy(update={"made": made})
    files = PackFiles(Packs(world(**PRECEPTED), twice, Reader("unit", "ward")))
    found = files.files(Packs(world(**PRECEPTED), twice, Reader("unit", "ward")).pack(Reader("unit", "ward")))
    book = "\n".join(_texts("unit-ward.xlsx", found["unit-ward.xlsx"]))
    page = found["unit-ward.html"].decode()
    for text in (book, page):
        assert "This schedule breaks rules" in text
        assert "Jan 2, 2026, 5:30" in unescape(text).replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_whoever_is_not_named_has_no_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export", str(ROOT / "solutions" / "small"), "--packs", "--out", str(tmp_path), "--for", "student", "n-06"]
    assert cli.run(arguments) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "student 'n-06' is not named yet, so has no pack; its school has one, and the placements of group mA are in it" in said
    assert not any(tmp_path.iterdir())


def test_weeks_of_a_unit_agree_with_its_calendar(small: tuple[Instance, Schedule]) -> None:
    for name in ("small", "riverbend"):
        instance = read_instance(ROOT / "instances" / name)
        packs = Packs(instance, read_solution(ROOT / "solutions" / name, instance))
        for reader in packs.readers:
            if reader.kind == "unit":
                tables = {table.name: table for table in packs.pack(reader).sheets}
                calendar, weeks = tables["forward"], tables["weeks"]
                coming: dict[str, dict[str, int]] = {}
                for i, c in enumerate(calendar.columns):
                    if c.kind == "week":
                        there = {str(row[0]): int(str(row[i])) for row in calendar.rows if row[i]}
                        coming |= {c.key: there} if there else {}
                assert {str(day): n for day, n in zip(column(weeks, "week"), column(weeks, "students"), strict=True)} == {
                    day: sum(there.values()) for day, there in coming.items()
                }
                assert all(
                    int(str(a)) <= int(str(b))
                    for a, b in zip(column(weeks, "at_once"), column(weeks, "most_at_once"), strict=True)
                )


@pytest.mark.parametrize(
    ("unit", "site", "where"),
    [("Ward", "Mercy", "Ward, Mercy"), ("Ward, Mercy", "Mercy", "Ward, Mercy"), ("Mercy", "Mercy", "Mercy")],
)
def test_a_site_is_named_once(unit: str, site: str, where: str) -> None:
    assert replace(view(example("small"), reference("small")).stays[0], unit_name=unit, site_name=site).unit_and_site == where
