"""Lines that are rows of one table are found, and others are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack import limits
from bot.slack.blocks.tables import Lines, Row, Table, segments, table_blocks


CELLS = st.text(st.characters(exclude_characters=":·|≈[]", exclude_categories=["Z", "C"]), min_size=1, max_size=9)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Return headers and rows."""
    headers = draw(st.lists(CELLS, min_size=2, max_size=5))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), min_size=2, max_size=8))
    return headers, rows


@given(tables(), st.sampled_from(["", "Limits: ", "Limits. "]))
def test_rows_of_equal_headers_are_one_table(table: tuple[list[str], list[list[str]]], lead: str) -> None:
    """What an extract writes of a table's rows is read back, cell by cell; the heading before it stands alone."""
    headers, rows = table
    lines = [" · ".join(f"{h}: {c}" for h, c in zip(headers, row, strict=True)) + " [1]" for row in rows]
    found = list(segments((lead + lines[0], *lines[1:])))
    expected = Table(tuple(headers), tuple(Row(tuple(row), "[1]") for row in rows), tuple(lines))
    assert found == ([Lines((lead.strip(),))] if lead else []) + [expected]


@given(tables(), st.data())
def test_rows_that_lack_cells_are_of_the_same_table(
    table: tuple[list[str], list[list[str]]], data: st.DataObject
) -> None:
    """An extract leaves out what is empty: below a whole row, each value stays below its own header."""
    headers = [f"{number}{header}" for number, header in enumerate(table[0])]
    rows, lines = [], []
    for number, row in enumerate(table[1]):
        places = st.sets(st.sampled_from(range(len(headers))), min_size=2)
        kept = data.draw(places) if number else set(range(len(headers)))
        rows.append(Row(tuple(cell if place in kept else "" for place, cell in enumerate(row)), "[1]"))
        lines.append(" · ".join(f"{headers[place]}: {row[place]}" for place in sorted(kept)) + " [1]")
    assert list(segments(tuple(lines))) == [Table(tuple(headers), tuple(rows), tuple(lines))]


def test_a_whole_row_may_stand_below_one_that_lacks_a_cell() -> None:
    """The headers of the table are those of its fullest row."""
    rows = ("Place: Mars · Meal: 3 [1]", "Place: Oslo · Country: Norway · Meal: 2 [1]")
    table = Table(
        ("Place", "Country", "Meal"), (Row(("Mars", "", "3"), "[1]"), Row(("Oslo", "Norway", "2"), "[1]")), rows
    )
    assert list(segments(rows)) == [table]


@pytest.mark.parametrize(
    "paragraph",
    [
        ("One line.",),
        ("Country: Germany · Limit: 5 [1]",),
        ("Country: Germany · Limit: 5", "Country: France · Height: 7"),
        ("Note: one cell", "Note: another"),
        ("First line.", "Second line."),
        ("a | b",),
    ],
)
def test_other_lines_stay_lines(paragraph: tuple[str, ...]) -> None:
    """A single row, rows of different headers, and prose are shown line by line."""
    found = list(segments(paragraph))
    assert all(isinstance(one, Lines) and not one.preformatted for one in found)
    assert tuple(line for one in found if isinstance(one, Lines) for line in one.lines) == paragraph


def test_a_table_stands_between_its_neighbours() -> None:
    """Lines before and behind a table keep their places."""
    rows = ("A: 1 · B: 2", "A: 3 · B: 4")
    before, table, behind = segments(("Before.", *rows, "Behind."))
    assert (before, behind) == (Lines(("Before.",)), Lines(("Behind.",)))
    assert isinstance(table, Table)


def test_a_table_that_slack_cannot_show_is_none() -> None:
    """Too many columns, or a row that no message holds: its lines are shown instead."""
    wide = Table(tuple("abcdefghijklmnopqrst"), (Row(tuple("abcdefghijklmnopqrst"), ""),) * 2, ("x", "y"))
    long = Table(("a", "b"), (Row(("x" * 3000, "y"), ""),) * 2, ("x", "y"))
    assert table_blocks(wide, {}, "Sources") is None
    assert table_blocks(long, {}, "Sources") is None


def test_a_long_table_is_cut_between_rows() -> None:
    """Each part has the header and at most 99 rows; no row is lost."""
    table = Table(("a", "b"), tuple(Row((str(one), "x"), "") for one in range(300)), ())
    blocks = table_blocks(table, {}, "Sources") or ()
    assert all(len(one["rows"]) <= limits.TABLE_ROWS for one in blocks)
    assert [row[0]["text"] for one in blocks for row in one["rows"][1:]] == [str(one) for one in range(300)]


@pytest.mark.parametrize("line", ["[1]" * 20_000 + "x", f"a{' ' * 40_000}b", "[1]" * 20_000])
def test_a_line_of_nothing_but_marks_or_blanks_takes_no_time(line: str) -> None:
    """Lines of answers come from documents, which anybody may have written."""
    began = time.perf_counter()
    assert list(segments((line, line)))
    assert time.perf_counter() - began < 1.0
