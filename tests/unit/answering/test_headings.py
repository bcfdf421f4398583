"""Promises of the headings above a place inside a passage."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.headings import Headings, headings_above
from pipelines.domain.citations import Place
from pipelines.domain.knowledge import Passage
from pipelines.domain.reading import Block, BlockKind, Read
from pipelines.ingestion.preparing import prepare
from tests.markdown_passages import candidates


def page(*parts: tuple[int, str]) -> Read:
    """Return a page of headings (with their level) and paragraphs (level 0)."""
    blocks, at = [], 0
    for level, text in parts:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        anchor = f"a{at}" if level else None
        blocks.append(Block(kind, at, at + len(text), level=level, anchor=anchor, page=1))
        at += len(text) + 2
    return Read("\n\n".join(text for _, text in parts), tuple(blocks))


def above(read: Read, words: str) -> Headings:
    """Return the headings above some words of a document of one passage."""
    (only,) = prepare(1, 1, "1", "Title", read, generation="1")
    return headings_above(only.passage, read.text, read.text.index(words))


def test_small_sections_of_a_page_have_their_own_headings() -> None:
    """A heading inside a passage replaces those of its level and below, and brings its anchor."""
    read = page(
        (1, "Travel"), (2, "Trains"), (0, "Book trains."), (2, "Planes"), (0, "Book planes."), (1, "Pay"), (0, "Ask.")
    )
    assert above(read, "Book trains.") == Headings(("Travel", "Trains"), "a8")
    assert above(read, "Book planes.") == Headings(("Travel", "Planes"), "a30")
    assert above(read, "Ask.") == Headings(("Pay",), "a52")


def test_without_headings_there_is_no_path() -> None:
    """A page of text alone has neither path nor anchor."""
    assert above(page((0, "Book trains."), (0, "Ask.")), "Ask.") == Headings((), None)


def test_a_heading_is_not_above_itself() -> None:
    """At a heading's own first character the one before still holds."""
    read = page((1, "Travel"), (0, "Book trains."), (1, "Pay"), (0, "Ask."))
    assert above(read, "Pay").path == ("Travel",)


def test_a_level_that_was_left_out_repeats_no_heading() -> None:
    """A heading of the fourth level right under one of the first, on the page before, stands in the path once."""
    kinds = [(1, "Travel", 1), (0, "Book.", 1), (4, "Trains", 2), (0, "Book trains.", 2)]
    blocks, at = [], 0
    for level, text, number in kinds:
        kind = BlockKind.HEADING if level else BlockKind.PARAGRAPH
        blocks.append(Block(kind, at, at + len(text), level=level, page=number))
        at += len(text) + 2
    read = Read("\n\n".join(text for _, text, _ in kinds), tuple(blocks))
    (_, second) = prepare(1, 1, "1", "Title", read, generation="1")
    assert headings_above(second.passage, read.text, read.text.index("Book trains.")).path == ("Travel", "Trains")


def test_a_flowing_document_keeps_the_passages_own_path() -> None:
    """Where each section is a passage, the path is that of the passage, for each of its places."""
    (first, second) = candidates("# Leave\n\nOne. Two.\n\n## Parents\n\nThree.\n", title="Leave")
    assert headings_above(first.passage.passage, first.text, first.text.index("Two")) == Headings(("Leave",), "leave")
    assert headings_above(second.passage.passage, second.text, second.text.index("Three")) == Headings(
        ("Leave", "Parents"), "parents"
    )


def test_the_white_space_of_a_heading_is_folded() -> None:
    """A heading over two lines is shown on one."""
    read = page((0, "Book."), (1, "Travel\nby train"), (0, "Ask."))
    assert above(read, "Ask.").path == ("Travel by train",)


_PARTS = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["Alpha", "Beta", "Gamma"])), min_size=1, max_size=8)


@given(_PARTS, st.integers(0, 60))
def test_any_place_has_headings_of_its_page(parts: list[tuple[int, str]], at: int) -> None:
    """The path holds headings of the page alone, those before the place, never more than the deepest level allows."""
    read = page(*parts)
    passage = Passage(0, "0" * 32, 1, 0, len(read.text), Place(page=1), (), read.blocks)
    found = headings_above(passage, read.text, at)
    before = [text for block, (level, text) in zip(read.blocks, parts, strict=True) if level and block.start < at]
    assert len(found.path) <= 4
    assert set(found.path) <= set(before)
