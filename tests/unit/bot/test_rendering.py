"""An answer becomes a page: every part, in order, without effects."""

from dataclasses import asdict
from typing import Any

from hypothesis import given

from bot.rendering import page
from pipelines.domain.citations import Place
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from tests.fakes.answers import ANSWERS, answer, citation, takes_effect


def texts_in(value: Any) -> list[str]:
    """Return every text in a nested value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    return [text for one in value for text in texts_in(one)] if isinstance(value, list | tuple) else []


def test_a_page_holds_the_paragraphs_and_their_receipts() -> None:
    """Paragraphs are parted by blank lines; each citation is a card with place, date, quote and link."""
    shown = page(answer("First line.\nSecond line. [1]\n\n\nOther paragraph.", citation()))
    assert shown.paragraphs == (("First line.", "Second line. [1]"), ("Other paragraph.",))
    card = shown.sources[0]
    assert (card.mark, card.title, card.date) == ("[1]", "Leave policy", "2026-03-01")
    assert card.place == "Leave policy › Parental leave"
    assert card.quote == ("Every parent takes up to 24 weeks of paid leave.",)
    assert card.url == "file:///srv/handbook/leave.md#parental-leave"


def test_a_place_names_page_and_rows() -> None:
    """Page and rows are told beside the heading; one row is one row."""
    places = [Place(page=7), Place(rows="12"), Place(heading="Fees", page=2, rows="12-14"), Place()]
    shown = page(answer("x", *(citation(n, place=place) for n, place in enumerate(places, start=1))))
    assert [card.place for card in shown.sources] == ["page 7", "row 12", "Fees, page 2, rows 12-14", ""]


def test_a_document_without_a_title_is_known_by_its_path() -> None:
    """There is always something to call a source."""
    closest = ClosestDocument("handbook", "", "a/b.md", "file:///b.md")
    shown = page(Answer(Outcome.REFUSAL, "No.", citations=(citation(title=" "),), closest=(closest,)))
    assert shown.sources[0].title == "policies/leave.md"
    assert shown.closest[0].title == "a/b.md"


def test_a_document_without_an_address_has_none_to_show() -> None:
    """A file that was handed in is known by its path."""
    closest = ClosestDocument("handbook", "Fees", "a/b.md", None)
    shown = page(Answer(Outcome.REFUSAL, "No.", citations=(citation(url=None),), closest=(closest,)))
    assert [(one.document, one.url) for one in (shown.sources[0], shown.closest[0])] == [
        ("policies/leave.md", ""),
        ("a/b.md", ""),
    ]


def test_choices_stay_in_order() -> None:
    """The choices of a question back are shown in the order in which they were offered."""
    shown = page(Answer(Outcome.CLARIFY, "Which?", choices=("For Germany?", "For\nFrance?")))
    assert shown.choices == ("For Germany?", "For France?")


@given(ANSWERS)
def test_no_part_of_a_page_takes_effect(hostile: Answer) -> None:
    """Whatever a document holds, no text of a page carries a control, an escape or a line end."""
    assert not [char for text in texts_in(asdict(page(hostile))) for char in text if takes_effect(char)]


@given(ANSWERS)
def test_every_citation_has_its_card(hostile: Answer) -> None:
    """Nothing that was cited is lost on the way."""
    shown = page(hostile)
    assert [card.mark for card in shown.sources] == [f"[{one.number}]" for one in hostile.citations]
    assert (len(shown.choices), len(shown.closest)) == (len(hostile.choices), len(hostile.closest))
