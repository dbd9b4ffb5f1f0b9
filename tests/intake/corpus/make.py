"""Makes the files of the corpus: ``python tests/intake/corpus/make.py``. Needs openpyxl, odfpy and LibreOffice besides the project.

What a file says is written down here by hand, beside the mess that it is written in: most of them say the same few rows, which are
in `STUDENTS`, `AWAY` and so on, so that the expected reading does not come from the reader.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import xlsxwriter

HERE = Path(__file__).parent / "files"
Rows = Sequence[Sequence[Any]]

#: The rows that most files say, as our own files would.
STUDENTS = [
    {"student": "0041", "program": "maple-bsn", "cohort": "F26", "drives": "true", "available_from": "2026-09-03"},
    {"student": "m-002", "program": "maple-bsn", "cohort": "F26", "drives": "false", "available_from": "2026-09-14"},
    {"student": "m-010", "program": "maple-np", "cohort": "F25", "drives": "true", "available_from": "2026-10-05"},
]
AWAY = [
    {"who": "0041", "start": "2026-09-07", "end": "2026-09-18", "status": "unavailable"},
    {"who": "m-002", "start": "2026-10-05", "end": "2026-10-16", "weekdays": "Mo We Fr", "status": "avoid"},
    {"who": "mA", "start": "2026-11-23", "end": "2026-11-27", "status": "unavailable"},
]
WISHES = [
    {"who": "0041", "what": "unit", "value": "4B", "rank": "1"},
    {"who": "0041", "what": "site", "value": "lakeside", "rank": "2"},
    {"who": "m-002", "what": "unit", "value": "OB", "rank": "1"},
]
HEAD = ["Student ID", "Program", "Cohort", "Has a car", "Available from"]
BODY = [
    ["0041", "maple-bsn", "F26", "yes", "2026-09-03"],
    ["m-002", "maple-bsn", "F26", "no", "2026-09-14"],
    ["m-010", "maple-np", "F25", "yes", "2026-10-05"],
]
AWAY_HEAD = ["Student or group ID", "First day", "Last day", "Weekdays", "Status"]
AWAY_BODY = [
    ["0041", "2026-09-07", "2026-09-18", "", "not available"],
    ["m-002", "2026-10-05", "2026-10-16", "Mo We Fr", "rather not"],
    ["mA", "2026-11-23", "2026-11-27", "", "not available"],
]
_made: dict[str, dict[str, Any]] = {}


def expect(
    name: str, *, students: Any = (), away: Any = (), wishes: Any = (), other: Any = None, says: Sequence[str] = (), **more: Any
) -> Path:
    """Write down what a file says; its path.

    Parameters
    ----------
    says
        ``severity code cell`` of what has to be said about it; notes may be left out.
    more
        ``sender``, ``mapping``, ``dates``, ``refused`` (the code).
    """
    forms = {"students": list(students), "availability": list(away), "preferences": list(wishes), **(other or {})}
    _made[name] = {"entries": {form: rows for form, rows in forms.items() if rows}, "says": sorted(says), **more}
    return HERE / name


# -- tools ----------------------------------------------------------------------------------------------------------------


def xlsx(path: Path, **sheets: Rows) -> None:
    """XlsxWriter: dates as dates, texts as texts."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    book.set_properties({"created": datetime(2026, 1, 1)})
    day = book.add_format({"num_format": "m/d/yyyy"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name.replace("_", " "))
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(r, c, datetime(value.year, value.month, value.day), day)
                elif value not in ("", None):
                    page.write(r, c, value)
    book.close()


def by_pandas(path: Path, **sheets: Rows) -> None:
    """pandas: the first row as header, with its index column left out."""
    with pd.ExcelWriter(path, engine="odf" if path.suffix == ".ods" else "openpyxl") as writer:
        for name, rows in sheets.items():
            frame = pd.DataFrame(list(rows[1:]), columns=list(rows[0]))
            frame.to_excel(writer, sheet_name=name, index=False)


def by_openpyxl(path: Path, edit: Callable[[openpyxl.Workbook], None]) -> None:
    book = openpyxl.Workbook()
    edit(book)
    book.save(path)


def text(path: Path, rows: Rows, delimiter: str = ",", encoding: str = "utf-8", ending: str = "\n", before: str = "") -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ending).writerows(rows)
    path.write_bytes((before + out.getvalue()).encode(encoding))


def by_libreoffice(
    path: Path, source: Callable[[Path], None], infilter: str = "", outfilter: str = "", start: str = "xlsx"
) -> None:
    """A file that LibreOffice has opened and saved again, in the format of `path`."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / f"a.{start}"
        source(first)
        kind = path.suffix[1:] + (f":{outfilter}" if outfilter else "")
        profile = f"-env:UserInstallation=file://{tempfile.gettempdir()}/corpus-profile"
        command = ["soffice", "--headless", profile, *([f"--infilter={infilter}"] if infilter else []), "--convert-to", kind]
        out = Path(folder) / "out"
        subprocess.run([*command, "--outdir", str(out), str(first)], check=True, capture_output=True)
        shutil.copy(out / f"a{path.suffix}", path)


def numbered(rows: Rows) -> Rows:
    """Ids of digits as numbers, as a spreadsheet keeps what is typed."""
    return [[int(v) if isinstance(v, str) and v.isdigit() else v for v in row] for row in rows]


def dated(rows: Rows) -> Rows:
    """ISO dates as real dates."""
    return [
        [date.fromisoformat(v) if isinstance(v, str) and len(v) == 10 and v[4] == "-" and v[7] == "-" else v for v in row]
        for row in rows
    ]


def written(rows: Rows, form: str) -> Rows:
    """ISO dates as text in another form."""
    return [[d.strftime(form) if isinstance(d, date) else d for d in row] for row in dated(rows)]


# -- the files --------------------------------------------------------------------------------------------------------------

LOST_ZEROS = "warning read_as A2"


def clean() -> None:
    xlsx(
        expect("clean-xlsxwriter.xlsx", students=STUDENTS, away=AWAY),
        Students=dated([HEAD, *BODY]),
        Availability=dated([AWAY_HEAD, *AWAY_BODY]),
    )
    by_pandas(expect("clean-pandas.xlsx", students=STUDENTS), Students=dated([HEAD, *BODY]))
    by_pandas(expect("clean-pandas.ods", students=STUDENTS), Students=dated([HEAD, *BODY]))
    for kind in ("ods", "xls", "xlsx"):
        path = expect(f"clean-libreoffice.{kind}", students=STUDENTS, away=AWAY)
        by_libreoffice(path, lambda p: xlsx(p, Students=dated([HEAD, *BODY]), Availability=dated([AWAY_HEAD, *AWAY_BODY])))
    text(expect("clean.csv", students=STUDENTS), [HEAD, *BODY])
    pd.DataFrame(BODY, columns=HEAD).to_csv(expect("pandas-index.csv", students=STUDENTS, says=["warning column_untitled A1"]))


def texts() -> None:
    rows = [HEAD, *BODY]
    text(expect("semicolons-bom.csv", students=STUDENTS), rows, ";", "utf-8-sig", "\r\n")
    text(expect("tabs-utf16.csv", students=STUDENTS), rows, "\t", "utf-16", "\r\n")
    text(expect("utf16-without-mark.txt", students=STUDENTS), rows, "\t", "utf-16-le")
    text(expect("bars.txt", students=STUDENTS), rows, "|")
    text(expect("sep-line.csv", students=STUDENTS), rows, ";", before="sep=;\r\n", ending="\r\n")
    old_mac = expect("old-line-ends.csv", students=STUDENTS)
    text(old_mac, rows, ending="\r")
    spanish = [
        ["ID del estudiante", "Programa", "Cohorte", "Tiene auto", "Disponible desde"],
        *[[*r[:3], {"yes": "sí", "no": "no"}[r[3]], r[4]] for r in BODY],
    ]
    text(expect("windows-1252-spanish.csv", students=STUDENTS), spanish, ";", "cp1252")
    quoted = [["Student ID", "Program", "Home\ntown", "Has a car"], ["m-010", "maple-np", 'Salem, "the old"', "yes"]]
    text(
        expect(
            "quotes-and-line-breaks.csv",
            students=[{"student": "m-010", "program": "maple-np", "home": 'Salem, "the old"', "drives": "true"}],
        ),
        quoted,
    )
    path = expect("libreoffice-semicolons-1252.csv", students=STUDENTS)
    by_libreoffice(
        path, lambda p: xlsx(p, Students=rows), outfilter="Text - txt - csv (StarCalc):59,34,ANSI,1,,0,false,true,false"
    )
    path = expect("libreoffice-utf16.csv", students=STUDENTS)
    by_libreoffice(
        path, lambda p: xlsx(p, Students=rows), outfilter="Text - txt - csv (StarCalc):9,34,UNICODE,1,,0,false,true,false"
    )


def headers() -> None:
    title = [["Maple State University", "", "", "", ""], ["Student list for the fall term 2026", "", "", "", ""], []]
    xlsx(expect("title-above.xlsx", students=STUDENTS), Sheet1=[*title, HEAD, *BODY])
    by_libreoffice(expect("title-above.ods", students=STUDENTS), lambda p: xlsx(p, Sheet1=[*title, HEAD, *BODY]))
    other = ["student_no*", "COURSE", "Class (year)", "Own car? [required]", "Earliest start"]
    xlsx(expect("other-titles.xlsx", students=STUDENTS), Roster=[other, *BODY])
    typos = ["Studnet ID", "Progam", "Cohort", "Has a car", "Avialable from"]
    says = ["warning column_guessed A1", "warning column_guessed B1", "warning column_guessed E1"]
    text(expect("misspelt-titles.csv", students=STUDENTS, says=says), [typos, *BODY])
    more = [[*HEAD, "First name", "Last name", "E-mail", "Locker"], *[[*r, "Ann", "Lee", "x", "17"] for r in BODY]]
    xlsx(expect("names-and-lockers.xlsx", students=STUDENTS, says=["warning column_unknown I1"]), Students=more)
    shifted = [[], *[["", "", *row] for row in ([HEAD, *BODY])]]
    xlsx(expect("begins-at-c2.xlsx", students=STUDENTS), Students=shifted)

    def two_rows(book: openpyxl.Workbook) -> None:
        page = book.active
        page.title = "Students"
        page.append(["Student ID", "Program", "Cohort", "About", None])
        page.append([None, None, None, "Has a car", "Available from"])
        for row in BODY:
            page.append(row)
        for area in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
            page.merge_cells(area)

    by_openpyxl(expect("header-of-two-rows.xlsx", students=STUDENTS), two_rows)
    text(
        expect("columns-missing.csv", says=["error column_missing row 1"]),
        [["Program", "Cohort", "Has a car"], *[r[1:4] for r in BODY]],
    )
    _made["columns-missing.csv"]["file"] = "students columns-missing.csv"


def rows_between() -> None:
    repeated = [HEAD, BODY[0], [], BODY[1], HEAD, BODY[2], ["Total", 3], [], ["* confirmed by the dean's office on Monday"]]
    xlsx(expect("totals-and-remarks.xlsx", students=STUDENTS, says=["warning remark_row A9"]), Students=repeated)
    text(
        expect("empty-rows.csv", students=STUDENTS),
        [HEAD, ["", "", "", "", ""], BODY[0], [], BODY[1], [" ", " "], BODY[2], [",,"][:0]],
    )

    def merged(book: openpyxl.Workbook) -> None:
        page = book.active
        page.title = "Time off"
        page.append(["Student ID", "From", "To"])
        page.append(["0041", "2026-09-07", "2026-09-18"])
        page.append([None, "2026-10-05", "2026-10-16"])
        page.append(["mA", "2026-11-23", "2026-11-27"])
        page.merge_cells("A2:A3")

    twice = [
        {"who": "0041", "start": "2026-09-07", "end": "2026-09-18"},
        {"who": "0041", "start": "2026-10-05", "end": "2026-10-16"},
        {"who": "mA", "start": "2026-11-23", "end": "2026-11-27"},
    ]
    by_openpyxl(expect("merged-ids.xlsx", away=twice), merged)
    by_libreoffice(expect("merged-ids.ods", away=twice), lambda p: by_openpyxl(p, merged))
    by_libreoffice(expect("merged-ids.xls", away=twice), lambda p: by_openpyxl(p, merged))
    text(expect("a-row-twice.csv", students=STUDENTS, says=["warning row_again A5"]), [HEAD, *BODY, BODY[1]])
    differs = [*BODY[1][:3], "yes", BODY[1][4]]
    text(expect("a-row-twice-otherwise.csv", students=STUDENTS, says=["error row_differs A5"]), [HEAD, *BODY, differs])
    xlsx(expect("lone-word.xlsx", students=STUDENTS, says=["error lone_cell A5"]), Students=[HEAD, *BODY, ["Confidential"]])


def characters() -> None:
    stray = [[f" {v}\u00a0" if i % 2 else f"\u200b{v} " for i, v in enumerate(row)] for row in BODY]
    xlsx(expect("stray-spaces.xlsx", students=STUDENTS), Students=[[f" {h}\u00a0" for h in HEAD], *stray])
    text(expect("stray-spaces.csv", students=STUDENTS), [HEAD, *stray], ";", "utf-8-sig")
    turned = [["m\u202e010", *BODY[2][1:]]]
    text(expect("turned-around.csv", students=STUDENTS[:2], says=["error invisible A4"]), [HEAD, *BODY[:2], *turned])
    case = [[str(v).upper() if i == 1 else v for i, v in enumerate(row)] for row in BODY]
    text(expect("capitals.csv", students=STUDENTS), [[h.upper() for h in HEAD], *case])


def ids() -> None:
    xlsx(expect("lost-zeros.xlsx", students=STUDENTS, says=[LOST_ZEROS]), Students=numbered([HEAD, *BODY]))
    by_pandas(expect("lost-zeros-pandas.xlsx", students=STUDENTS, says=[LOST_ZEROS]), Students=numbered([HEAD, *BODY]))
    kept = [['="0041"', *BODY[0][1:]], *BODY[1:]]
    text(expect("zeros-kept-by-formula.csv", students=STUDENTS), [HEAD, *kept])
    near = [BODY[0], ["m-002", "maple-bns", *BODY[1][2:]], BODY[2]]
    text(expect("near-miss-program.csv", students=[STUDENTS[0], STUDENTS[2]], says=["error unknown_name_near B3"]), [HEAD, *near])
    theirs = [["l-001", "maple-bsn", "F26", "yes", ""]]
    text(expect("another-schools-student.csv", students=STUDENTS, says=["error other_school A5"]), [HEAD, *BODY, *theirs])
    private = [["123-45-6789", "maple-bsn", "F26", "yes", ""], ["ann@maple.edu", "maple-bsn", "F26", "yes", ""]]
    says = ["error private_number A5", "error private_address A6"]
    text(expect("social-security.csv", students=STUDENTS, says=says), [HEAD, *BODY, *private])


def dates() -> None:
    day_first = written([AWAY_HEAD, *AWAY_BODY], "%d/%m/%Y")
    text(expect("day-first.csv", away=AWAY), day_first)
    _made["day-first.csv"]["file"] = "availability.csv"
    month_first = written([AWAY_HEAD, *AWAY_BODY], "%m/%d/%y")
    xlsx(expect("month-first.xlsx", away=AWAY), Availability=month_first)
    dotted = written([AWAY_HEAD, *AWAY_BODY], "%d.%m.%Y")
    xlsx(expect("dotted.xlsx", away=AWAY), Availability=dotted)
    words = written([AWAY_HEAD, *AWAY_BODY], "%A, %B %d, %Y")
    xlsx(expect("in-words.xlsx", away=AWAY), Availability=words)
    serials = [[(d - date(1899, 12, 30)).days if isinstance(d, date) else d for d in row] for row in dated(AWAY_BODY)]
    xlsx(expect("serial-numbers.xlsx", away=AWAY), Availability=[AWAY_HEAD, *serials])
    text(expect("serial-numbers.csv", away=AWAY), [AWAY_HEAD, *serials])
    _made["serial-numbers.csv"]["file"] = "availability.csv"
    open_dates = [["0041", "07/09/2026", "08/09/2026"], ["m-002", "05/10/2026", "06/10/2026"]]
    head = ["ID", "From", "To"]
    says = [f"error date_order {c}{r}" for r in (2, 3) for c in "BC"]
    xlsx(expect("open-dates.xlsx", says=says), Availability=[head, *open_dates])
    answered = [
        {"who": "0041", "start": "2026-09-07", "end": "2026-09-08"},
        {"who": "m-002", "start": "2026-10-05", "end": "2026-10-06"},
    ]
    xlsx(expect("open-dates-answered.xlsx", away=answered, dates="day first"), Availability=[head, *open_dates])
    titled = [["ID", "From (dd/mm/yyyy)", "To (dd/mm/yyyy)"], *open_dates]
    xlsx(expect("order-in-the-title.xlsx", away=answered), Availability=titled)
    mixed = [["ID", "From"], ["0041", date(2026, 7, 9)], ["m-002", "14/09/2026"]]
    xlsx(
        expect(
            "half-converted.xlsx",
            away=[{"who": "0041", "start": "2026-07-09"}, {"who": "m-002", "start": "2026-09-14"}],
            says=["error dates_mixed B2"],
        ),
        Availability=mixed,
    )
    ranges = [["ID", "Dates", "Days"], ["0041", "9/7–9/18", ""], ["m-002", "10/5 to 10/16", "MWF"], ["mA", "Nov 23-27", ""]]
    plain = [{k: v for k, v in row.items() if k != "status"} for row in AWAY]
    xlsx(expect("ranges.xlsx", away=plain), Time_off=ranges)
    weeks = [["ID", "Weeks"], ["0041", "weeks 3-4"], ["m-002", "Week 7"], ["mA", "W14"]]
    by_weeks = [
        {"who": "0041", "start": "2026-09-07", "end": "2026-09-20"},
        {"who": "m-002", "start": "2026-10-05", "end": "2026-10-11"},
        {"who": "mA", "start": "2026-11-23", "end": "2026-11-29"},
    ]
    xlsx(expect("weeks.xlsx", away=by_weeks), Availability=weeks)
    late = [
        ["ID", "From", "To"],
        ["0041", "2026-09-07", "2026-09-18"],
        ["m-002", "2027-02-01", "2027-02-05"],
        ["mA", "2026-11-27", "2026-11-23"],
    ]
    first = [{"who": "0041", "start": "2026-09-07", "end": "2026-09-18"}]
    text(expect("outside-the-term.csv", away=first, says=["error outside_term B3", "error ends_before C4"]), late)
    _made["outside-the-term.csv"]["file"] = "time off.csv"

    def system_1904(book: openpyxl.Workbook) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
        page = book.active
        page.title = "Availability"
        for row in dated([["ID", "From", "To"], ["0041", "2026-09-07", "2026-09-18"]]):
            page.append(row)

    by_openpyxl(expect("counted-from-1904.xlsx", away=first), system_1904)


def values() -> None:
    marks = [["yes", "✓"], ["x", "TRUE"], ["Y", "1"], ["sí", "☑"]]
    for i, (one, other) in enumerate(marks):
        body = [[*r[:3], {"yes": one, "no": "False"}[r[3]], r[4]] for r in BODY[:2]] + [[*BODY[2][:3], other, BODY[2][4]]]
        text(expect(f"marks-{i + 1}.csv", students=STUDENTS), [HEAD, *body])
    real = [[*r[:3], r[3] == "yes", r[4]] for r in BODY]
    xlsx(expect("real-booleans.xlsx", students=STUDENTS), Students=[HEAD, *real])
    by_libreoffice(expect("real-booleans.ods", students=STUDENTS), lambda p: xlsx(p, Students=[HEAD, *real]))
    maybe = [*BODY[:2], [*BODY[2][:3], "maybe", BODY[2][4]]]
    text(expect("maybe.csv", students=STUDENTS[:2], says=["error not_yes_no D4"]), [HEAD, *maybe])
    groups = [["Group", "Program", "# of students", "Split?"], ["mZ", "maple-bsn", 8, "no"], ["mY", "maple-bsn", "6 to 8", "no"]]
    said = [{"group": "mZ", "program": "maple-bsn", "size": "8", "split": "never"}]
    xlsx(expect("head-counts.xlsx", other={"groups": said}, says=["error not_a_count C3"]), Groups=groups)


def wishes() -> None:
    wide = [["Student", "1st choice", "2nd choice"], ["0041", "Ward 4 B", "Lakeside"], ["m-002", "OB", ""]]
    xlsx(expect("choices-in-columns.xlsx", wishes=WISHES), Preferences=wide)
    long = [["who", "value", "rank"], ["0041", "4B", 1], ["0041", "lakeside", 2], ["m-002", "ob", 1]]
    xlsx(expect("choices-in-rows.xlsx", wishes=WISHES), Preferences=long)
    text(
        expect("resident-preferences.csv", wishes=WISHES, mapping="preference-list"),
        [["mcr", "preference_rank", "posting_code"], ["0041", 1, "4B"], ["0041", 2, "lakeside"], ["m-002", 1, "OB"]],
    )


def layouts() -> None:
    head = ["ID", "ClinicalAgency*", "Facility", "RotationProgram*", "RotationType", "Semester", "Year", "StartDate*", "EndDate*"]
    head += ["StudentCount*", "TotalHoursPerStudent*", "CourseNumber", "StudentProgram*", "Cohort"]
    row = [1, "Mercy Hospital", "", "BSN", "Clinical", "Fall", 2026, "09/07/26", "10/23/26", 8, 84, "NUR310", "maple-bsn", "F26A"]
    asked = {
        "groups": [{"group": "F26A NUR310", "program": "maple-bsn", "requirements": "NUR310", "size": "8"}],
        "availability": [
            {"who": "F26A NUR310", "end": "2026-09-06", "status": "unavailable"},
            {"who": "F26A NUR310", "start": "2026-10-24", "status": "unavailable"},
        ],
        "preferences": [{"who": "F26A NUR310", "requirement": "NUR310", "what": "site", "value": "mercy", "rank": "1"}],
    }
    xlsx(expect("placement-request.xlsx", other=asked, mapping="placement-request"), Requests=[head, row])
    xlsx(expect("placement-request-offered.xlsx", says=["error mapping_offered"]), Requests=[head, row])
    grid = [["Student", date(2026, 8, 24), date(2026, 8, 31), date(2026, 9, 7)], ["0041", "", "V", ""], ["m-002", "A", "", "R"]]
    away = [
        {"who": "0041", "start": "2026-08-31", "end": "2026-09-06", "status": "unavailable"},
        {"who": "m-002", "start": "2026-09-07", "end": "2026-09-13", "status": "avoid"},
    ]
    xlsx(expect("availability-grid.xlsx", away=away, mapping="availability-grid"), Grid=grid)
    half = [
        ["Name", "Speciality", "location", "travel_miles", "monAM", "monPM", "tueAM"],
        ["Kim Lee", "medsurg", "mercy", 3, "x", "", "x"],
    ]
    staff = {"staff": [{"preceptor": "kim", "weekdays": "Mo", "shift": "pm", "status": "unavailable"}]}
    xlsx(expect("half-days.xlsx", other=staff, mapping="preceptor-half-days", sender=["unit", "4B"]), Sheet1=half)


def sheets() -> None:
    def hidden(book: openpyxl.Workbook) -> None:
        page = book.active
        page.title = "Students"
        for row in [HEAD, *BODY]:
            page.append(row)
        lists = book.create_sheet("_lists")
        lists.append(["Student ID", "Program"])
        lists.append(["zzz", "maple-bsn"])
        lists.sheet_state = "hidden"
        book.create_sheet("Instructions").append(["Please fill in the sheet Students and send it back."])

    by_openpyxl(expect("hidden-and-other-sheets.xlsx", students=STUDENTS, says=["warning no_table"]), hidden)
    units = {
        "slots": [{"slot": "4B-Fr", "first_start": "2026-09-04", "most_students": "2", "weekdays": "Fr"}],
        "closures": [{"start": "2026-10-05", "end": "2026-10-09"}],
    }
    slots = [["Slot ID", "Earliest start", "Capacity", "Days"], ["4B-Fr", "2026-09-04", 2, "Fridays"]]
    closed = [["From", "Until"], [date(2026, 10, 5), date(2026, 10, 9)]]
    xlsx(expect("a-unit.xlsx", other=units, sender=["unit", "4B"]), Slots=slots, Closed_dates=closed)
    leave = {
        "leave": [{"start": "2026-09-07", "end": "2026-09-18"}],
        "load": [{"preceptor": "kim", "most_at_once": "2", "rest_weeks": "1"}],
    }
    load = [["Preceptor", "Max at once", "Rest weeks"], ["Kim Lee", 2, 1]]
    away = [["Dates"], ["7 Sep - 18 Sep 2026"]]
    xlsx(expect("a-preceptor.xlsx", other=leave, sender=["preceptor", "kim"]), Vacation=away, Load=load)
    second = [HEAD, *BODY, [], ["ID", "Item", "Expires"], ["0041", "flu", "2027-03-01"]]
    xlsx(expect("two-tables.xlsx", students=STUDENTS, says=["error second_table row 6"]), Students=second)

    def formulas(book: openpyxl.Workbook) -> None:
        page = book.active
        page.title = "Students"
        page.append(HEAD)
        page.append(BODY[0])
        page.append(["m-002", "=B2", *BODY[1][2:]])

    by_openpyxl(expect("formula-without-value.xlsx", students=STUDENTS[:1], says=["error formula_failed B3"]), formulas)
    path = expect("formula-with-value.xlsx", students=STUDENTS[:2])
    by_libreoffice(path, lambda p: by_openpyxl(p, formulas))


def refused() -> None:
    (expect("web-page.xls", refused="markup")).write_text("<html><table><tr><td>Student ID</td></tr></table></html>")
    (expect("picture.xlsx", refused="picture")).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (expect("paper.pdf", refused="pdf")).write_bytes(b"%PDF-1.7\n")
    (expect("shortcut.gsheet", refused="shortcut")).write_text('{"url": "https://example.org/x", "doc_id": "1"}')
    (expect("empty.csv", refused="empty_file")).write_bytes(b"\xef\xbb\xbf\n \n")
    (expect("open-quote.csv", refused="quotes")).write_text('Student ID,Program\nm-9,"maple-bsn\n')
    with zipfile.ZipFile(expect("letter.docx", refused="document"), "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "a.xlsx"
        xlsx(whole, Students=[HEAD, *BODY])
        path = expect("macros.xlsm", refused="macros")
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
            for member in source.namelist():
                archive.writestr(member, source.read(member))
            archive.writestr("xl/vbaProject.bin", b"\x00")
        expect("cut-off.xlsx", refused="damaged").write_bytes(whole.read_bytes()[:3000])


def by_hand() -> None:
    """Edited through LibreOffice itself, as a person would: typed in, merged, coloured, with a filter and empty formatted rows."""
    script = HERE.parent / "by_hand.py"
    for kind in ("ods", "xlsx"):
        says = ["warning remark_row A8"]
        path = expect(f"by-hand.{kind}", students=STUDENTS, says=[LOST_ZEROS.replace("A2", "A4"), *says])
        subprocess.run(["/usr/bin/python3", str(script), str(path)], check=True)


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for old in HERE.iterdir():
        old.unlink()
    for make in (clean, texts, headers, rows_between, characters, ids, dates, values, wishes, layouts, sheets, refused, by_hand):
        make()
    for name, said in _made.items():
        (HERE / f"{name}.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(len(_made), "files")


if __name__ == "__main__":
    main()
