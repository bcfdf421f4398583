"""PDF: steps that are numbered without a dot are items of a list; what only begins with a number is none."""

import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.domain.reading import BlockKind, Read
from tests.examples import examples
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of
from tests.unit.ingestion.reading.promises import leads, reading, shown, texts


INTRODUCTION = [
    "A device that does not start any more is sent to the workshop, which repairs it within",
    "ten working days or sends another one. To send a device in:",
]
STEPS = [
    ("1", ["Open a ticket in the service portal and choose the device that is to be sent in for"]),
    ("", ["repair."]),
    ("2", ["Wait for the label."]),
    ("3", ["Put the device into its box."]),
]
END = ["Whoever has no box any more gets one from the office manager, who keeps a number of", "them in store."]


def steps(page: PdfPage, top: float, rows: list[tuple[str, list[str]]], *, x: float = 80, gap: float = 12) -> PdfPage:
    """Write rows of a number and a text that hangs behind it."""
    for at, (number, (text,)) in enumerate(rows):
        if number:
            page.text(x, top - 14 * at, number)
        page.text(x + gap, top - 14 * at, text)
    return page


def read(*pages: PdfPage) -> Read:
    """Return the reading of a file with these pages."""
    return reading("pdf", pdf_of(*pages))


def test_steps_without_a_dot_are_items() -> None:
    """Each keeps its number, its wrapped lines and the sentence that introduces them all; what follows is no item."""
    page = steps(PdfPage().lines(760, INTRODUCTION), 720, STEPS).lines(650, END)
    lead = "To send a device in:"
    assert leads(read(page)) == [
        ("1 Open a ticket in the service portal and choose the device that is to be sent in for repair.", lead),
        ("2 Wait for the label.", lead),
        ("3 Put the device into its box.", lead),
    ]
    assert texts(read(page), BlockKind.PARAGRAPH)[-1] == " ".join(END)


def test_the_number_may_stand_far_from_its_step() -> None:
    """Columns of which one only counts the other are a list, not a table."""
    more = [*STEPS, ("4", ["Hand it in."]), ("5", ["Keep the receipt."])]
    page = steps(PdfPage().lines(760, INTRODUCTION), 720, more, gap=40).lines(620, END)
    assert [text[0] for text in texts(read(page), BlockKind.LIST_ITEM)] == ["1", "2", "3", "4", "5"]
    assert texts(read(page), BlockKind.TABLE_ROW) == []


def test_steps_go_on_over_the_page_break() -> None:
    """One that is alone on the next page counts on."""
    first = steps(PdfPage().lines(760, INTRODUCTION), 720, STEPS)
    second = steps(PdfPage(), 760, [("4", ["Hand it in."])]).lines(700, END)
    assert texts(read(first, second), BlockKind.LIST_ITEM)[-1] == "4 Hand it in."


def test_steps_go_on_after_a_remark() -> None:
    """Two or more that count on at the same place are still steps."""
    page = steps(PdfPage().lines(760, INTRODUCTION), 720, STEPS).lines(650, END)
    page = steps(page, 600, [("4", ["Hand it in."]), ("5", ["Keep the receipt."])])
    assert [text[0] for text in texts(read(page), BlockKind.LIST_ITEM)] == ["1", "2", "3", "4", "5"]


def test_a_number_of_two_digits_may_push_its_step_to_the_right() -> None:
    """Numbers on one left edge count on, with one blank behind each."""
    page = PdfPage().lines(760, INTRODUCTION).lines(720, [f"{number} Wait." for number in range(1, 12)], x=80)
    assert len(texts(read(page), BlockKind.LIST_ITEM)) == 11


def test_steps_inside_a_step_are_of_a_lower_level() -> None:
    """They count for themselves, and the outer ones go on after them."""
    page = PdfPage().lines(760, INTRODUCTION).text(80, 720, "1 Open it.").text(80, 706, "2 Empty it.")
    steps(page, 692, [("1", ["Save the data."]), ("2", ["Take out the card."])], x=100).text(80, 664, "3 Send it.")
    result = read(page)
    found = [(result.text[one.start], one.level) for one in result.blocks if one.kind is BlockKind.LIST_ITEM]
    assert found == [("1", 0), ("2", 0), ("1", 1), ("2", 1), ("3", 0)]


def test_numbered_headings_stay_headings() -> None:
    """What is bold and heads a paragraph is no step."""
    page = PdfPage().text(72, 760, "1 Scope", font="bold").lines(740, END, x=90)
    page.text(72, 690, "2 Terms", font="bold").lines(670, END, x=90)
    assert [kind for kind, _ in shown(read(page))] == ["heading", "paragraph"] * 2


@pytest.mark.parametrize(
    "lines",
    [
        ["2021 Plan", "2022 Move", "2023 Review"],
        ["1 litre of milk", "2 eggs", "3 spoons of sugar"],
        ["5 Harbour Street", "6 Harbour Street", "7 Harbour Street"],
        ["1 Harbour Street", "3 Harbour Street", "9 Harbour Street"],
        ["1 000 EUR", "2 000 EUR", "3 000 EUR"],
        ["1 Scope .......................... 3", "2 Terms .......................... 4"],
        ["1 Only one line that begins with a number"],
    ],
    ids=["years", "amounts", "not from 1", "gaps", "thousands", "contents", "one"],
)
def test_numbers_that_count_nothing_begin_no_item(lines: list[str]) -> None:
    """Years, amounts, addresses and tables of contents stay what they are."""
    result = read(PdfPage().lines(760, INTRODUCTION).lines(700, lines, x=80).lines(600, END))
    assert texts(result, BlockKind.LIST_ITEM) == []


def test_lines_below_a_number_part_its_run() -> None:
    """Where the text between begins at the margin like the numbers, they are no steps."""
    page = PdfPage().lines(760, ["1 Harbour Street", *END, "2 Station Road", *END])
    assert texts(read(page), BlockKind.LIST_ITEM) == []


def test_numbers_at_different_places_are_no_steps() -> None:
    """Labels of a drawing do not stand below each other."""
    page = PdfPage().lines(760, INTRODUCTION)
    for at, label in enumerate(["1 Mast", "2 Sensor", "3 Box"]):
        page.text(80 + 30 * at, 700 - 14 * at, label)
    assert texts(read(page), BlockKind.LIST_ITEM) == []


def test_notes_in_small_letters_are_no_steps() -> None:
    """Nor are numbered lines of code."""
    page = PdfPage().lines(760, INTRODUCTION).lines(600, END)
    page.lines(120, ["1 See the handbook.", "2 See the contract."], size=8)
    for at, line in enumerate(["1 Print = 3", "2 Goto 1"]):
        page.text(72, 500 - 14 * at, line, font="mono")
    assert texts(read(page), BlockKind.LIST_ITEM) == []


def test_a_chapter_s_title_is_no_step() -> None:
    """A line of the text that happens to count on from it is of another size."""
    page = PdfPage().text(72, 760, "1 Scope", size=18).lines(720, ["2 Days are free."]).lines(690, END)
    assert texts(read(page), BlockKind.LIST_ITEM) == []


@pytest.mark.parametrize(
    "rows",
    [
        [((80, "Rank"), (160, "Office")), ((80, "1"), (160, "Lisbon")), ((80, "2"), (160, "Turku"))],
        [
            ((80, "Rank"), (114, "Office")),
            ((80, "1"), (114, "Lisbon")),
            ((80, "2"), (114, "Turku")),
            ((80, "3"), (114, "Graz")),
        ],
        [((80, "1 Lisbon"), (160, "June")), ((80, "2 Turku"), (160, "May")), ((80, "3 Graz"), (160, "June"))],
        [
            ((80, "1"), (160, "Lisbon"), (240, "June")),
            ((80, "2"), (160, "Turku"), (240, "May")),
            ((80, "3"), (160, "Graz"), (240, "June")),
        ],
    ],
    ids=["labels", "close labels", "names", "three columns"],
)
def test_a_column_of_numbers_may_be_a_table_s(rows: list[tuple[tuple[float, str], ...]]) -> None:
    """What has labels, or more beside the number than one text, is read as a table."""
    page = PdfPage().lines(760, INTRODUCTION)
    for at, row in enumerate(rows):
        for x, text in row:
            page.text(x, 700 - 14 * at, text)
    assert texts(read(page), BlockKind.TABLE_ROW)[-1] == " | ".join(text for _, text in rows[-1])


SENTENCES = st.lists(st.from_regex(r"[A-Z][a-z]{2,7}( [a-z]{2,7}){0,40}\.", fullmatch=True), min_size=2, max_size=14)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SENTENCES, st.integers(2, 6), st.booleans())
def test_every_step_is_one_item(sentences: list[str], gap: int, right: bool) -> None:  # noqa: FBT001 - drawn
    """However long, however far indented, numbers on one left or right edge: an item is a number and its words."""
    letter, width = 6.6, 66
    page, y = PdfPage().text(72, 800, f"{'x' * (width - 1)}:", font="mono"), 780.0
    for number, sentence in enumerate(sentences, 1):
        page.text(72 + letter * (right and number < 10), y, str(number), font="mono")
        for line in textwrap.wrap(sentence, width - gap):
            page.text(72 + letter * (gap + 1), y, line, font="mono")
            y -= 13
    assert texts(read(page), BlockKind.LIST_ITEM) == [f"{at} {one}" for at, one in enumerate(sentences, 1)]
