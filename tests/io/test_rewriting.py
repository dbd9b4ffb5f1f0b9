"""A table's file with other rows: what stays looks as it did."""

from __future__ import annotations

import pytest

from scheduler.domain.tables import Availability, Student
from scheduler.errors import InputError
from scheduler.io.rewriting import rewritten

BEN, ANN = Student(student="ben", program="bsn", named=False), Student(student="ann", program="bsn", home="Salem, OR")
FILE = b'named, program ,student,home\nno,bsn,ben,\n\nyes,"bsn",ann,"Salem, OR"\n'


def test_rows_that_stay_keep_their_text() -> None:
    assert rewritten(FILE, [BEN, ANN]) == FILE
    new = Student(student="cyd", program="bsn")
    assert rewritten(FILE, [BEN, ANN, new]) == FILE + b"true,bsn,cyd,\n"
    assert rewritten(FILE, [ANN]) == b'named, program ,student,home\n\nyes,"bsn",ann,"Salem, OR"\n'


def test_a_changed_row_keeps_the_cells_that_say_the_same() -> None:
    changed = BEN.model_copy(update={"home": "Troy"})
    assert rewritten(FILE, [changed, ANN]) == FILE.replace(b"no,bsn,ben,\n", b"no,bsn,ben,Troy\n")


def test_a_new_column_comes_last_and_is_empty_where_nothing_is_said() -> None:
    changed = ANN.model_copy(update={"cohort": "a"})
    assert rewritten(FILE, [BEN, changed]) == b'named, program ,student,home,cohort\nno,bsn,ben,,\nyes,bsn,ann,"Salem, OR",a\n'


def test_byte_order_mark_and_line_ends_stay() -> None:
    data = b"\xef\xbb\xbf" + FILE.replace(b"\n", b"\r\n")
    assert rewritten(data, [BEN, ANN]) == data
    assert rewritten(data, [BEN, Student(student="ann", program="bsn")]).endswith(b"ben,\r\nyes,bsn,ann,\r\n")


def test_a_last_line_without_an_end_gets_one() -> None:
    assert rewritten(b"student,program\nben,bsn", [Student(student="ben", program="bsn"), ANN]).startswith(
        b"student,program,home\nben,bsn,\nann,"
    )


def test_equal_rows_without_ids_are_counted() -> None:
    row, other = Availability(who_kind="student", who="a"), Availability(who_kind="student", who="b")
    data = b'who_kind,who\nstudent,"a"\nstudent,b\nstudent,a\n'
    assert rewritten(data, [row, other, row]) == data
    assert rewritten(data, [row, other]) == b'who_kind,who\nstudent,"a"\nstudent,b\n'
    assert rewritten(data, [row, row, row, other]) == b'who_kind,who\nstudent,"a"\nstudent,a\nstudent,a\nstudent,b\n'


def test_a_cell_of_several_lines_is_one_row() -> None:
    data = b'student,program,home\nben,bsn,"Salem\nOR"\nann,bsn,\n'
    ben = Student(student="ben", program="bsn", home="Salem\nOR")
    assert rewritten(data, [ben, Student(student="ann", program="bsn", home="x")]) == data.replace(b"ann,bsn,\n", b"ann,bsn,x\n")


@pytest.mark.parametrize("data", [b"", b"student\n", b"student,program\nben\n", b"\xff\xfe\x00", b'student,program\n"ben,bsn\n'])
def test_a_file_that_cannot_be_kept_is_written_anew(data: bytes) -> None:
    assert rewritten(data, [Student(student="ben", program="bsn")]) == b"student,program\nben,bsn\n"


def test_what_would_not_be_read_back_is_not_written() -> None:
    with pytest.raises(InputError, match="cannot be written"):
        rewritten(FILE, [Student.model_construct(**{**BEN.model_dump(), "home": "#REF!"})])
