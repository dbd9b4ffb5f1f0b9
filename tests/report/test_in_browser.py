"""The report in a real browser: it loads without a word, answers filters, keys and the printer, and everybody can read it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from scheduler.compare import compare
from scheduler.domain import Instance, Schedule
from scheduler.export.charts import charts
from scheduler.export.view import view
from scheduler.report.alternatives import Alternatives, alternatives
from scheduler.report.content import Given
from scheduler.report.page import page as render
from scheduler.report.reasons import reasons
from scheduler.verify import verify
from scheduler.verify.facts import Facts
from scheduler.words.locale import Locale
from tests.examples import example, reference
from tests.hostile import EVIL, hostile, told
from tests.report.browsing import opened, ready
from tests.spanish import not_said

NAME = "riverbend"


def moved() -> Schedule:
    """The reference schedule before somebody was moved, somebody placed and somebody lost."""
    now = reference(NAME)
    rows = list(now.placements)
    first = next(i for i, row in enumerate(rows) if row.preceptor and row.student)
    rows[first] = rows[first].model_copy(update={"preceptor": "p-kerr" if rows[first].preceptor != "p-kerr" else "p-dunn"})
    lost = rows[-1].model_copy(update={"slot": "gone", "requirement": "OLD"})
    return now.model_copy(update={"placements": (*rows[:-1], lost)})


def write(folder: Path, instance: Instance, schedule: Schedule, **more: object) -> Path:
    """The report of a schedule as a file."""
    given = Given(instance, schedule, verify(instance, schedule), **more)  # type: ignore[arg-type] # whatever the test says
    path = folder / "report.html"
    path.write_bytes(render(given, charts(view(instance, schedule, locale=given.locale))))
    return path


@pytest.fixture(scope="module")
def others() -> Alternatives:
    found = alternatives(example(NAME), reference(NAME), time_limit_s=60)
    assert found.complete
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, others: Alternatives) -> Path:
    instance, schedule = example(NAME), reference(NAME)
    change = compare(moved(), schedule)
    return write(tmp_path_factory.mktemp("report"), instance, schedule, alternatives=others, comparison=change, baseline="before")


def answer(page: Page) -> tuple[int, int]:
    """Rows and placements that answer, as the page says."""
    found = re.findall(r"\d+", page.locator("#answer").inner_text())
    return int(found[0]), int(found[1])


def test_it_opens_without_a_word_and_shows_everything(report: Path) -> None:
    schedule = reference(NAME)
    with opened(report) as page:
        ready(page)
        assert answer(page)[1] == len(schedule.placements)
        expect(page.locator("#n-unplaced")).to_have_text(str(len(schedule.unplaced)))
        assert page.locator('#grid [role="row"]').count() > 10
        assert page.locator("#list-unplaced tbody tr").count() == len(schedule.unplaced)
        assert page.locator("html").get_attribute("lang") == "en"


def test_charts_are_drawn_each_with_a_caption(report: Path) -> None:
    with opened(report) as page:
        ready(page)
        for part in ("occupancy", "load", "equity", "preferences"):
            page.locator(f"#{part}").scroll_into_view_if_needed()
            expect(page.locator(f"#{part} [data-chart] svg").first).to_be_visible()
            assert page.locator(f"#{part} figcaption").first.inner_text().count(".") >= 1
        for label in page.locator(
            "[data-chart]"
        ).all():  # read out as one picture with its description, all in the page's language
            assert label.get_attribute("role") == "img" and label.get_attribute("aria-roledescription") is None


def of_school(row: object) -> bool:
    return getattr(row, "school", "") == "car"


FILTERS: list[tuple[str, Callable[[Page], object], Callable[[Schedule], int]]] = [
    ("school", lambda page: page.select_option("#f-school", "car"), lambda s: sum(map(of_school, s.placements))),
    ("program", lambda page: page.select_option("#f-program", index=2), lambda s: -1),
    (
        "specialty",
        lambda page: page.select_option("#f-specialty", "psychiatry"),
        lambda s: sum(p.specialty == "psychiatry" for p in s.placements),
    ),
    ("site", lambda page: page.select_option("#f-site", "rmc"), lambda s: sum(p.site == "rmc" for p in s.placements)),
    (
        "preceptor",
        lambda page: page.fill("#f-preceptor", "p-kerr"),
        lambda s: sum("p-kerr" in (p.preceptor, p.co_preceptor, p.cover) for p in s.placements),
    ),
    (
        "search",
        lambda page: page.fill("#f-search", "PSYCH md28"),
        lambda s: sum("md28" in p.student and p.specialty == "psychiatry" for p in s.placements),
    ),
    (
        "unplaced",
        lambda page: page.check("#f-unplaced"),
        lambda s: sum(p.student in {u.student for u in s.unplaced} and bool(p.student) for p in s.placements),
    ),
    ("changed", lambda page: page.check("#f-changed"), lambda s: 2),
]


@pytest.mark.parametrize(("name", "ask", "expected"), FILTERS, ids=[name for name, _, _ in FILTERS])
def test_every_filter_finds_what_it_asks_for(
    report: Path, name: str, ask: Callable[[Page], object], expected: Callable[[Schedule], int]
) -> None:
    schedule = reference(NAME)
    with opened(report) as page:
        ready(page)
        ask(page)
        page.wait_for_timeout(300)
        rows, placements = answer(page)
        wanted = expected(schedule)
        if wanted < 0:
            chosen = page.locator("#f-program").input_value()
            wanted = sum(p.program == chosen for p in schedule.placements)
        assert placements == wanted > 0
        assert rows > 0
        assert f"{name}=" in page.url
        page.reload()  # the address has the filters
        ready(page)
        assert answer(page) == (rows, placements)
        page.click("#reset")
        assert answer(page)[1] == len(schedule.placements)


def test_what_is_missing_is_filtered_by_itself(report: Path) -> None:
    instance, schedule = example(NAME), reference(NAME)
    emergency = {
        (u.student or u.group, u.requirement)
        for u in schedule.unplaced
        if instance.requirement_by_id[u.program, u.requirement].specialties[0] == "emergency"
    }
    assert emergency
    with opened(report, "#specialty=emergency") as page:
        ready(page)
        rows = page.locator("#list-unplaced tbody tr").all_inner_texts()
        assert {(row.split("\t")[0], row.split("\t")[3].split()[0]) for row in rows} == emergency
        board = page.locator('#grid [role="rowheader"]').all_inner_texts()
        assert any("unplaced" in row for row in board)
    site = instance.sites[0].site
    with opened(report, f"#site={site}") as page:  # what is missing is at no site, and nobody says that all is placed
        ready(page)
        expect(page.locator("#list-unplaced")).to_contain_text(f"{len(schedule.unplaced)} in all")
    with opened(report, "#school=car") as page:
        ready(page)
        own = {s.student for s in instance.students if instance.program_by_id[s.program].school == "car"}
        due = page.locator("#list-risks tbody td:nth-child(2)").all_inner_texts()
        assert due and set(due) <= own


def test_links_bookmarks_and_back_do_what_they_do_elsewhere(report: Path) -> None:
    with opened(report, "#unplaced=1") as page:
        ready(page)
        few = answer(page)
        page.locator('nav a[href="#unplaced"]').click()
        page.wait_for_timeout(300)
        assert answer(page) == few and page.locator("#f-unplaced").is_checked()
        page.goto(page.url.split("#")[0] + "#school=car")  # another bookmark: nothing of the first is left
        expect(page.locator("#f-school")).to_have_value("car")
        assert not page.locator("#f-unplaced").is_checked()
        page.locator("#grid .bar").first.click()
        expect(page.locator("#details")).to_be_visible()
        expect(page.locator("#grid .bar.open")).to_have_count(1)
        page.go_back()
        expect(page.locator("#details")).to_be_hidden()
        assert page.locator("#f-school").input_value() == "car"
        filtered = answer(page)
        page.locator("#list-unplaced button.link").first.click()
        expect(page.locator("#details")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#details")).to_be_hidden()
        page.go_back()
        expect(page.locator("#f-school")).to_have_value("car")
        assert answer(page) == filtered
        page.locator("#grid .bar").first.click()
        page.locator("#f-school").select_option("ash")  # beside the details; Escape closes them and leaves it
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator("#details")).to_be_hidden()
        assert page.locator("#f-school").input_value() == "ash" and page.url.endswith("#school=ash")
        page.locator("#grid .bar").first.click()
        page.locator("label", has=page.locator("[name=view][value=units]")).click()  # nor does another board come back
        expect(page.locator("#details")).to_be_hidden()
        page.wait_for_timeout(300)
        assert page.locator("[name=view][value=units]").is_checked() and "view=units" in page.url


def test_what_breaks_rules_is_marked_where_it_is(tmp_path: Path) -> None:
    instance, schedule = example("small"), reference("small")
    first = schedule.placements[0]
    others = [row for row in schedule.placements if row.student == first.student and row is not first]
    clash = others[0].model_copy(update={"start": first.start, "end": others[0].end})
    rows = tuple(clash if row is others[0] else row for row in schedule.placements)
    with opened(write(tmp_path, instance, schedule.model_copy(update={"placements": rows}))) as page:
        ready(page)
        assert page.locator("#grid .bar.breaks").count() >= 1
        page.locator("#f-broken").check()
        page.wait_for_timeout(300)
        assert 0 < answer(page)[1] < len(schedule.placements)
        page.locator("#grid .bar.breaks").first.click()
        expect(page.locator("#details ul.breaks li").first).to_be_visible()
        expect(page.locator("#details")).to_contain_text("this schedule breaks rules")


def test_paper_has_all_rows_and_says_what_was_filtered(report: Path) -> None:
    with opened(report, "#view=units&school=car") as page:
        ready(page)
        shown = page.locator("#list-risks tbody tr").count()
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#list-risks tbody tr").count() >= shown
        assert page.locator("#list-risks button:not(.link):visible").count() == 0
        expect(page.locator("#paper > p")).to_have_text("Shown: Carver State University (car)")
        assert page.locator("#paper .figures span").count() > 10


@pytest.mark.parametrize("view", ["students", "units", "preceptors"])
def test_the_boards_show_every_placement_when_one_scrolls(report: Path, view: str) -> None:
    schedule = reference(NAME)
    with opened(report) as page:
        ready(page)
        page.locator(f'input[value="{view}"]').check()
        seen: set[str] = set()
        for _ in range(200):
            seen |= set(page.locator("#grid .bar").evaluate_all("bars => bars.map(bar => bar.dataset.at)"))
            at = page.locator("#grid").evaluate("grid => (was => (grid.scrollTop += 500) - was)(grid.scrollTop)")
            page.wait_for_timeout(40)
            if not at:
                break
        if view == "preceptors":
            instance = example(NAME)
            led = {g.group for g in instance.groups if g.faculty}
            assert len(seen) == sum(bool(p.preceptor) or p.group in led for p in schedule.placements)
        else:
            assert len(seen) == len(schedule.placements)


def test_the_board_is_worked_by_keys_alone(report: Path) -> None:
    with opened(report) as page:
        ready(page)
        page.locator("#f-search").focus()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('#grid') !== null"):
                break
        assert page.evaluate("document.activeElement.getAttribute('role')") == "rowheader"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        before = page.evaluate("document.activeElement.dataset.at")
        assert before is not None
        page.keyboard.press("Enter")
        expect(page.locator("#details")).to_be_visible()
        assert page.evaluate("document.activeElement.id") == "h-details"
        assert "Rotation" in page.locator("#details").inner_text()
        page.keyboard.press("Escape")
        expect(page.locator("#details")).to_be_hidden()
        assert page.evaluate("document.activeElement.dataset.at") == before
        page.keyboard.press("Control+End")
        last = int(page.locator("#grid").get_attribute("aria-rowcount") or 0)
        assert page.evaluate("document.activeElement.closest('[role=row]').getAttribute('aria-rowindex')") == str(last)
        page.keyboard.press("Control+Home")
        assert page.evaluate("document.activeElement.closest('[role=row]').getAttribute('aria-rowindex')") == "2"
        page.locator("h1").click()
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "f-search"


def test_the_details_tell_reasons_other_places_and_what_changed(report: Path) -> None:
    with opened(report) as page:
        ready(page)
        page.check("#f-changed")
        page.locator("#grid .bar:not(.faded)").first.click()
        told_text = page.locator("#details").inner_text()
        assert "What changed" in told_text and "another preceptor. Before:" in told_text
        assert "Where else" in told_text and "Why" in told_text
        page.locator("#details button.link").first.click()  # the unit
        assert page.locator('input[value="units"]').is_checked()
        assert "Who comes" in page.locator("#details").inner_text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_all_rows_are_printed_and_fit_the_paper(report: Path, paper: str) -> None:
    with opened(report) as page:
        ready(page)
        rows = answer(page)[0]
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.locator("#paper tbody tr").count() == rows
        assert page.locator("#paper .bar").count() == len(reference(NAME).placements)
        expect(page.locator("#grid")).to_be_hidden()
        page.set_viewport_size({"width": 1045 if paper == "A4" else 980, "height": 700})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert page.pdf(format=paper, prefer_css_page_size=True)[:4] == b"%PDF"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator("#paper tr").count() == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_kept_out(report: Path, dark: bool) -> None:
    """No finding of axe-core, whatever is open."""
    with opened(report, scripts_of_tests=True, dark=dark) as page:
        ready(page)
        for step in ("board", "faded", "units", "details"):
            if step == "faded":
                page.fill("#f-search", "psych")
            if step == "units":
                page.click("#reset")
                page.locator('input[value="units"]').check()
            if step == "details":
                page.locator("#grid .bar").first.click()
            page.wait_for_timeout(300)
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == [], step


@pytest.mark.parametrize("text", EVIL)
def test_no_text_of_a_file_runs(tmp_path: Path, text: str) -> None:
    instance, schedule = hostile(example(NAME), text), told(reference(NAME), text)
    with opened(write(tmp_path, instance, schedule, baseline=text, comparison=compare(moved(), schedule))) as page:
        ready(page)
        page.locator("#grid .bar").first.click()
        page.keyboard.press("Escape")
        for view in ("units", "preceptors"):
            page.locator(f'input[value="{view}"]').check()
            page.locator('#grid [role="rowheader"]').first.click()
            page.keyboard.press("Escape")
        assert page.evaluate("window.hacked === undefined")
        assert page.locator("#grid script, #grid img, #details script, #details img, main svg script, main svg a").count() == 0
        shown, meant = (" ".join(said.split()) for said in (page.locator("h1").inner_text(), text))
        assert shown == meant or not text.isprintable()  # what no screen can show is shown as something else


def test_spanish_has_no_english_label(tmp_path: Path) -> None:
    path = write(tmp_path, example(NAME), reference(NAME), locale=Locale("es-MX"))
    english, spanish = (Locale(tag).words("report_page") for tag in ("en", "es"))
    with opened(path) as page:
        ready(page)
        page.locator("#grid .bar").first.click()
        shown = page.locator("body").inner_text()
        assert page.locator("html").get_attribute("lang") == "es-MX"
    labels = {key: text for key, text in english.items() if isinstance(text, str) and "{" not in text and spanish[key] != text}
    assert [text for text in labels.values() if len(text) > 4 and re.search(rf"\b{re.escape(text)}(?!\w)", shown)] == []
    assert "Sin asignar" in shown and "24 ago 2026" in shown


def test_every_explanation_is_said_in_spanish(others: Alternatives) -> None:
    lines = {line.strip() for said in others.why.values() for line in said}
    assert len(lines) > 15
    assert not_said(lines) == []


@pytest.mark.parametrize("name", ["small", "riverbend", "cedar", "harbor", "prairie", "summit"])
def test_every_reason_of_a_wish_is_said_in_spanish(name: str) -> None:
    found = reasons(Facts(example(name), reference(name)))
    said = {reason.sentence for those in (found.of_placement, found.of_party) for rows in those.values() for reason in rows}
    assert said
    assert not_said(said) == []


def test_the_data_is_json_that_no_browser_takes_for_markup(report: Path) -> None:
    page = report.read_text("utf-8")
    body = page.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    assert not set("<>&") & set(body)
    assert json.loads(body)["title"] == NAME


def test_no_row_is_there_twice_however_often_the_board_is_drawn(report: Path) -> None:
    numbers = "rows => rows.map(row => row.getAttribute('aria-rowindex'))"
    with opened(report) as page:
        ready(page)
        for change in (
            lambda: page.set_viewport_size({"width": 900, "height": 1600}),
            lambda: page.locator("#f-sort").select_option("points"),
            lambda: page.locator("#f-search").fill("ward"),
        ):
            change()
            page.wait_for_timeout(400)
            shown = page.locator("#grid [role='row']").evaluate_all(numbers)
            assert len(shown) > 5
            assert len(set(shown)) == len(shown)
