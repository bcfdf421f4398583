"""The assembler: the only place that counts offsets, and the lead-ins it finds."""

import pytest

from pipelines.domain.reading import BlockKind, ParseLimits, Read, Rejected
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.prose import Prose, prose_of
from tests.unit.ingestion.reading.promises import LIMITS, check, leads


def finished(out: Assembler, size: int = 1000, limits: ParseLimits = LIMITS) -> Read:
    """Return the reading, checked."""
    result = out.finish(Facts(), size=size, limits=limits)
    assert isinstance(result, Read), result
    check(result)
    return result


def test_blocks_stand_apart_and_items_and_rows_in_lines() -> None:
    """Blank lines part blocks; items of a list and rows of a table stand on lines of their own."""
    out = Assembler()
    out.add(BlockKind.PARAGRAPH, Prose("One."))
    out.add(BlockKind.LIST_ITEM, Prose("a"))
    out.add(BlockKind.LIST_ITEM, Prose("b"))
    out.separate()
    out.add(BlockKind.LIST_ITEM, Prose("c"))
    out.add_table([[Prose("h"), Prose("i")], [Prose("1"), Prose("2")]])
    out.add(BlockKind.PARAGRAPH, Prose("End."))
    assert finished(out).text == "One.\n\na\nb\n\nc\n\nh | i\n1 | 2\n\nEnd."


def test_rows_lead_back_to_their_header_and_count_as_a_spreadsheet_does() -> None:
    """The header is row 1, a blank row counts and is not written."""
    out = Assembler()
    out.add_table([[Prose("Plan")], [Prose("Plus")], [Prose("")], [Prose("Standard")]])
    result = finished(out)
    assert [(one.row, one.lead) for one in result.blocks] == [(1, None), (2, (0, 4)), (4, (0, 4))]


def test_two_header_rows_become_one() -> None:
    """Labels above each other are read together, equal ones once."""
    out = Assembler()
    rows = [["2026", "2026", "Note"], ["Q1", "Q2", "Note"], ["1", "2", "x"]]
    out.add_table([[Prose(cell) for cell in row] for row in rows], header_rows=2)
    assert leads(finished(out)) == [("1 | 2 | x", "2026 Q1 | 2026 Q2 | Note")]


def test_a_list_is_led_in_by_the_last_sentence_before_it() -> None:
    """Only the sentence that introduces a list is its lead-in, not all of the paragraph."""
    out = Assembler()
    out.add(BlockKind.PARAGRAPH, Prose("Gym costs count. You may claim:"))
    lead = out.lead_in()
    out.add(BlockKind.LIST_ITEM, Prose("classes"), lead=lead)
    assert leads(finished(out)) == [("classes", "You may claim:")]


def test_a_heading_introduces_no_list() -> None:
    """After a heading there is no sentence that leads in."""
    out = Assembler()
    out.add(BlockKind.HEADING, Prose("Tips"), level=2)
    assert out.lead_in() is None


def test_code_keeps_its_indentation_and_blank_lines() -> None:
    """Code is whole: the first line's indentation stands before the block, the rest in it."""
    out = Assembler()
    out.add_code("\n    if x:\n\n        y()\n")
    result = finished(out)
    assert result.text == "    if x:\n\n        y()"
    assert (result.blocks[0].start, result.blocks[0].end) == (4, len(result.text))


def test_links_move_to_their_place_in_the_whole_text() -> None:
    """A link's offsets count the document, not its block."""
    out = Assembler()
    out.add(BlockKind.PARAGRAPH, Prose("Before."))
    out.add(BlockKind.PARAGRAPH, prose_of("See https://example.org/x now."))
    result = finished(out)
    assert [result.text[one.start : one.end] for one in result.links] == ["https://example.org/x"]


@pytest.mark.parametrize("prose", [[], [Prose("")], [Prose(" ")]])
def test_nothing_is_rejected(prose: list[Prose]) -> None:
    """A reading is never empty."""
    out = Assembler()
    for one in prose:
        out.add(BlockKind.PARAGRAPH, one)
    assert out.finish(Facts(), size=0, limits=LIMITS) == Rejected("it holds no text")


def test_a_text_out_of_proportion_to_its_file_is_rejected() -> None:
    """A file of ten thousand bytes does not hold more than a million characters."""
    out = Assembler()
    out.add(BlockKind.PARAGRAPH, Prose("x" * 1_000_001))
    result = out.finish(Facts(), size=10_000, limits=LIMITS)
    assert result == Rejected(
        "it unpacks to 101 times its size, the limit is 100 times (FOOTNOTE_LIMITS__EXPANSION_RATIO)"
    )


def test_a_text_longer_than_any_file_is_rejected() -> None:
    """The longest text has as many characters as the largest file bytes."""
    out = Assembler()
    out.add(BlockKind.PARAGRAPH, Prose("x" * (1024 * 1024 + 1)))
    result = out.finish(Facts(), size=1 << 20, limits=ParseLimits(max_file_mb=1))
    assert result == Rejected(
        "its text has 1,048,577 characters, the limit is 1,048,576 (FOOTNOTE_LIMITS__MAX_FILE_MB)"
    )
