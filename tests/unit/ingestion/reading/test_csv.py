"""CSV: every row with its number and its header, whatever parts its cells."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.domain.reading import BlockKind, Read
from tests.unit.ingestion.reading.promises import leads, read_as, reading, reason, texts


def rows(text: str) -> list[tuple[str, int | None]]:
    """Return header and rows with their numbers."""
    result = reading("csv", text.encode())
    return [(result.text[one.start : one.end], one.row) for one in result.blocks]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    """Also where the others stand in cells."""
    text = f'Plan{delimiter}Note\nPlus{delimiter}"a, b; c"\nBasic{delimiter}"1,5|2"\n'
    assert rows(text) == [("Plan | Note", 1), ("Plus | a, b; c", 2), ("Basic | 1,5|2", 3)]


def test_excel_s_first_line_names_the_delimiter() -> None:
    """It is no row and not counted."""
    assert rows("sep=;\na,b;c\n1;2\n") == [("a,b | c", 1), ("1 | 2", 2)]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    """A record of two lines is one row, blank rows count, before the header too."""
    assert rows('\nPlan,Note\n\nPlus,"two\nlines"\n,\nBasic,x\n') == [
        ("Plan | Note", 2),
        ("Plus | two lines", 4),
        ("Basic | x", 6),
    ]


def test_ragged_rows_are_kept() -> None:
    """Fewer or more cells than the header has are no reason to lose a row."""
    assert leads(reading("csv", b"a,b,c\n1\n1,2,3,4\n")) == [("1", "a | b | c"), ("1 | 2 | 3 | 4", "a | b | c")]


def test_a_single_column_is_a_table() -> None:
    """One cell a row."""
    assert texts(reading("csv", b"Industry\nSales\nHealth care\n"), BlockKind.TABLE_ROW) == ["Sales", "Health care"]


def test_other_encodings_are_read() -> None:
    """Excel's own: cp1252, and UTF-16 with tabs."""
    assert "Zürich" in reading("csv", "Büro;Stadt\nA;Zürich\n".encode("cp1252")).text
    assert "Zürich" in reading("csv", "Büro\tStadt\nA\tZürich\n".encode("utf-16")).text


@pytest.mark.parametrize("data", [b"", b"\n\n", b",,\n,,\n", b" , \n"])
def test_a_table_without_a_cell_is_rejected(data: bytes) -> None:
    """Never a silent empty."""
    assert reason("csv", data) == "it holds no text"


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Cf", "Zl", "Zp", "Cn", "Co")), min_size=1, max_size=8
)
TABLE = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2))


@given(TABLE, st.sampled_from(",;\t|"))
@example([["0", "|"], ["0", "|"]], ",")
def test_no_row_is_lost(table: list[list[str]], delimiter: str) -> None:
    """Every written record is one block, in order."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    result = read_as("csv", written.getvalue().encode())
    assert isinstance(result, Read)
    assert [one.row for one in result.blocks] == list(range(1, len(table) + 1))
