"""An answer becomes a page: every part, in order, without effects."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given

from bot.rendering import page
from pipelines.domain.citations import Place
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Writing
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
    known = ("[1]", "Leave policy", "People team", "2026-03-01")
    assert (card.mark, card.title, card.author, card.date) == known
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


def test_how_an_answer_was_made_is_told() -> None:
    """The reader learns which model spoke, what is in its own words, what was left out, and how old it is."""
    made = replace(answer("x ≈[1]"), writing=Writing("small-1", own_words=1, withheld=2), age_s=3 * 3600 + 5)
    assert page(made).notes == (
        "1 sentence with ≈ is in the bot's own words: compare with the quote.",
        "2 sentences were left out: the sources do not support them.",
        "Written by small-1, checked against its sources.",
        "Answered 3 h ago, checked again now.",
    )


@pytest.mark.parametrize("why", Fallback)
def test_why_a_model_did_not_speak_is_told(why: Fallback) -> None:
    """Extracts in the place of a written answer come with one honest line."""
    (note,) = page(replace(answer(), writing=Writing(fallback=why, budget="handbook"))).notes
    assert note.endswith(": these are the documents' own sentences.")


def test_an_extract_has_no_notes() -> None:
    """Where no model is configured, nothing is said of one; an answer of this minute has no age."""
    assert page(replace(answer(), age_s=59)).notes == ()
