"""Plain text: paragraphs whole, simple lists, headings where they are sure, programs rejected."""

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
    result = txt("Title\n-----------\nSee https://example.org/x.\n-----\nEnd")
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


def headings(text: str) -> list[tuple[int, str]]:
    """Return level and text of every heading."""
    result = txt(text)
    return [(one.level, result.text[one.start : one.end]) for one in result.blocks if one.kind is BlockKind.HEADING]


POEM = (
    "The sea is wide, the sea is deep,\nAnd in the sea the fishes sleep;\n"
    "The waves go up, the waves go down,\nAnd carry ships from town to town."
)
WRAPPED = "\n".join(textwrap.wrap(LONG, 70))


@pytest.mark.parametrize("body", [LONG, WRAPPED], ids=["one line", "wrapped"])
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_a_short_line_above_a_paragraph_is_its_heading(gap: str, body: str) -> None:
    """With or without a blank line between, the paragraph is whole and the heading apart from it."""
    result = txt(f"{LONG}\n\nAnnual leave{gap}{body}\n\nSick leave{gap}{body}\n")
    assert shown(result) == [
        ("paragraph", LONG),
        ("heading", "Annual leave"),
        ("paragraph", LONG),
        ("heading", "Sick leave"),
        ("paragraph", LONG),
    ]
    assert {level for level, _ in headings(f"Annual leave{gap}{body}")} == {3}


def test_underlined_lines_are_headings() -> None:
    """A double line stands above a single one, whatever follows; the marker of a number stays in the heading."""
    text = f"Handbook\n========\n\n1. Leave\n--------\n- one\n- two\n\nAnnual leave\n{WRAPPED}\n"
    assert headings(text) == [(1, "Handbook"), (2, "1. Leave"), (3, "Annual leave")]


def test_a_heading_ends_a_list() -> None:
    """The sentence before the list says nothing about the items after the heading."""
    assert leads(txt("Bring:\n- a card\n\nLater\n=====\n- a photo")) == [("a card", "Bring:"), ("a photo", None)]


@pytest.mark.parametrize(
    "text",
    [
        "That is all.\n------------\nEnd",
        "- one\n-----\nEnd",
        "Name  Room\n----------\nAnn   4",
        "Yours Ann\n--------------------------------\nAn older message",
        "People team\nRoom 4\n===========\nEnd",
        "Leave\n-=-=-\nEnd",
    ],
    ids=["sentence", "item", "columns", "long rule", "two lines", "pattern"],
)
def test_a_rule_that_only_parts_makes_no_heading(text: str) -> None:
    """It is no underline unless it is as long as the one line above it."""
    assert headings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED,
        (
            "Questions about these rules are answered every day by\n"
            "People Operations in Lisbon, from nine to five, in four\nlanguages, except on the holidays of Portugal."
        ),
        "People team\nRoom 4\nHarbour Street 12, second floor, rear entrance, next to the old lighthouse and a museum.",
        f"People team\n\nRoom 4\nHarbour Street 12\n\n{LONG}",
        f"The Sea\n\n{POEM}",
        f"The Sea\n{POEM}",
        "Priorities\nP1: production stands still, so that nobody at all can work. Answer in 15 minutes.\nP2: one team.",
        f"Note: important\n{LONG}",
        f"Please read:\n{LONG}",
        f"Dear Anna,\n{LONG}",
        f"That is all.\n\n{LONG}",
        f"4 May 2026\n\n{LONG}",
        f"all about leave\n\n{LONG}",
        f"Ann Miller <ann@example.org>\n\n{LONG}",
        f"Copyright (c) 2026 Ann Miller\n\n{LONG}",
        f"Plan    Cost\n{LONG}",
        f"Annual leave\n- {LONG}",
        f"Annual leave\nB) {LONG}",
        f"Annual leave\n\n{LONG.lower()}",
        "Annual leave\n\nSee the handbook.",
        f"Annual leave\n\n{LONG[:-1]}",
        f"{' '.join(['Word'] * 11)}\n\n{LONG}",
        f"- open\n\n  Remark\n\n  {LONG}",
        f"Annual leave\n    {LONG}",
        "Annual leave",
    ],
)
def test_other_short_lines_are_no_headings(text: str) -> None:
    """Nor wrapped lines, addresses, poems, labels, greetings, dates, notices, columns, or lines inside an item."""
    assert headings(text) == []


@given(WORDS, st.integers(30, 90))
def test_no_wrapped_line_becomes_a_heading(words: list[str], width: int) -> None:
    """However words are capitalised and however narrow the column, a paragraph stays one block."""
    result = txt("\n".join(textwrap.wrap(" ".join(words) + ".", width)))
    assert [one.kind for one in result.blocks] == [BlockKind.PARAGRAPH]
