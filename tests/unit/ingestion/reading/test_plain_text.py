"""Plain text: paragraphs whole, simple lists, programs rejected."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.reading import BlockKind, Read
from tests.unit.ingestion.reading.promises import leads, linked, reading, reason, shown, texts


LONG = (
    "Employees may carry over five days of leave into the next year, provided that their manager agrees in writing "
    "before the end of November and that the days are taken by the end of March."
)


def txt(text: str) -> Read:
    """Return the reading of a text."""
    return reading("txt", text.encode())


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100])
def test_wrapped_paragraphs_are_made_whole(width: int) -> None:
    """However wide, wrapped lines are one line again."""
    wrapped = "\n".join(textwrap.wrap(LONG, width))
    assert texts(txt(f"{wrapped}\n\n\n{wrapped}"), BlockKind.PARAGRAPH) == [LONG, LONG]


def test_lines_that_were_not_wrapped_stay_lines() -> None:
    """An address is not made one line."""
    assert txt("People team\nRoom 4\nHarbour Street 12, second floor, rear entrance").text == (
        "People team\nRoom 4\nHarbour Street 12, second floor, rear entrance"
    )


def test_lists_have_items_levels_and_a_lead_in() -> None:
    """Bullets go, numbers stay, wrapped items are whole."""
    result = txt("Please bring:\n- your card and the form that the\n  people team sent to you\n  * signed\n- 2 photos")
    assert leads(result) == [
        ("your card and the form that the people team sent to you", "Please bring:"),
        ("signed", "Please bring:"),
        ("2 photos", "Please bring:"),
    ]
    assert [one.level for one in result.blocks if one.kind is BlockKind.LIST_ITEM] == [0, 1, 0]


def test_numbered_items_parted_by_blank_lines_are_one_list() -> None:
    """They keep the sentence that leads in the list."""
    assert leads(txt("Then:\n\n1. open\n\n2. close")) == [("1. open", "Then:"), ("2. close", "Then:")]


def test_an_indented_paragraph_does_not_end_the_list() -> None:
    """The next item still belongs to the sentence before the list; what begins at the margin ends it."""
    result = txt("Then:\n\n1. open\n\n   This takes long.\n\n2. close\n\nElse:\n\n- ask")
    assert leads(result) == [("1. open", "Then:"), ("2. close", "Then:"), ("ask", "Else:")]


def test_a_paragraph_below_a_list_is_no_item() -> None:
    """A line that was not wrapped and carries no marker ends the list."""
    assert shown(txt("- one\n- two\nThat is all."))[-1] == ("paragraph", "That is all.")


def test_rules_are_no_text_and_addresses_are_links() -> None:
    """Lines of dashes part blocks and go."""
    result = txt("Title\n=====\nSee https://example.org/x.\n-----\nEnd")
    assert texts(result, BlockKind.PARAGRAPH) == ["Title", "See https://example.org/x.", "End"]
    assert linked(result) == [("https://example.org/x", "https://example.org/x")]


def test_it_names_no_facts() -> None:
    """A text has no title, author or date of its own."""
    result = txt("Title\n\nText")
    assert (result.title, result.author, result.date, result.audience) == (None, None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_usual_encodings_are_read(encoding: str) -> None:
    """The same text whatever wrote it."""
    assert reading("txt", "Größe und Gehälter".encode(encoding)).text == "Größe und Gehälter"


@pytest.mark.parametrize("data", [b"", b" \n\r\n\t", b"\xef\xbb\xbf", b"-----\n", "\u200b\u00ad".encode()])
def test_a_text_without_a_word_is_rejected(data: bytes) -> None:
    """Never a silent empty."""
    assert reason("txt", data) == "it holds no text"


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x14\0\0\0\x08\0", bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]
)
def test_programs_and_archives_are_rejected(data: bytes) -> None:
    """Binary content is named as such, not shown as letters."""
    assert "it is no text" in reason("txt", data)


WORDS = st.lists(st.from_regex(r"[A-Za-z]{1,9}", fullmatch=True), min_size=1, max_size=60)


@given(WORDS, st.integers(30, 90))
def test_no_word_is_lost_or_joined(words: list[str], width: int) -> None:
    """Wrapping and unwrapping keeps the words in order."""
    result = txt("\n".join(textwrap.wrap(" ".join(words), width)))
    assert result.text.split() == words


def test_lines_that_begin_with_a_label_are_items() -> None:
    """Each label keeps all that is said behind it, and the line above is what the items are about."""
    text = (
        "Priorities\nP1: production stands still. Response in 15 minutes, around the clock.\n"
        "P2: one team cannot work.\nE-mail: desk@example.org\n\nNote: this is one sentence, and no list.\n"
    )
    read = txt(text)
    blocks = [(one.kind, read.text[one.start : one.end]) for one in read.blocks]
    assert blocks == [
        (BlockKind.PARAGRAPH, "Priorities"),
        (BlockKind.LIST_ITEM, "P1: production stands still. Response in 15 minutes, around the clock."),
        (BlockKind.LIST_ITEM, "P2: one team cannot work."),
        (BlockKind.LIST_ITEM, "E-mail: desk@example.org"),
        (BlockKind.PARAGRAPH, "Note: this is one sentence, and no list."),
    ]
