"""Promises of unsaid words: which of them are missed, which another word stands for, and which are left alone."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.answering.extracting.unsaid import Unsaid, unsaid
from pipelines.answering.extracting.vectors import EmbedTexts, Vectors
from pipelines.retrieval.terms import content_stems
from tests.unit.answering.asking import EMBEDDER


LEAVE = "Every employee gets 25 days of annual leave. A laptop is repaired in a week. Paid days are counted."

MEANING = {"laptop": 0, "notebook": 0, "annual": 1, "yearly": 1}


def meaning(texts: Sequence[str]) -> Vectors:
    """Embed words by a small dictionary of meanings; each other word has one of its own."""
    own = {text: number for number, text in enumerate(dict.fromkeys(texts), start=2)}
    vectors = np.zeros((len(texts), len(own) + 2), np.float32)
    for row, text in enumerate(texts):
        vectors[row, MEANING.get(text, own[text])] = 1.0
    return vectors


def looked_at(question: str, *, embed_texts: EmbedTexts | None = meaning, text: str = LEAVE) -> dict[str, Unsaid]:
    """Return the unsaid words of a question, by their stem."""
    said = frozenset(content_stems(text))
    terms = frozenset(content_stems(question)) - said
    found = unsaid(question, terms, said, texts=[text], best=[text], embed_texts=embed_texts)
    return {term: one for one in found for term in one.stems}


@pytest.mark.parametrize("embed_texts", [None, meaning], ids=["words", "vectors"])
@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("How many days of parental leave do I get?", "parent"),
        ("how long is a military leave", "militari"),
        ("Parental leave?", "parent"),
        ("How many unpaid days are there?", "unpaid"),
        ("Are nonpaid days counted?", "nonpaid"),
    ],
)
def test_a_word_that_tells_another_thing_is_missed(question: str, term: str, embed_texts: EmbedTexts | None) -> None:
    """Right before a word that the passages hold, an unsaid one tells another thing than they speak of."""
    found = looked_at(question, embed_texts=embed_texts)[term]
    assert found.missed
    assert not found.echoed


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("Who repairs printers?", "printer"),
        ("Do I receive leave?", "receiv"),
        ("How many days does the office close?", "close"),
        ("How do I request leave?", "request"),
        ("Who handles leave?", "handl"),
        ("How many days of anual leave are there?", "anual"),
    ],
)
def test_other_unsaid_words_are_not_missed(question: str, term: str) -> None:
    """A verb, a word that stands alone and a slip of the hand say nothing against the passages."""
    assert not looked_at(question, embed_texts=None)[term].missed


def test_a_word_of_the_same_meaning_stands_for_another() -> None:
    """With vectors a notebook is a laptop, before another word too; without them nobody knows."""
    assert looked_at("Who repairs my notebook?")["notebook"].echoed
    yearly = looked_at("How long is the yearly leave?")["year"]
    assert (yearly.echoed, yearly.missed) == (True, False)
    alone = looked_at("How long is the yearly leave?", embed_texts=None)["year"]
    assert (alone.echoed, alone.missed) == (False, True)


@pytest.mark.parametrize(("question", "term"), [("unpaid days", "unpaid"), ("prepaid days", "prepaid")])
def test_a_word_made_of_another_is_not_echoed_by_it(question: str, term: str) -> None:
    """However alike they are, unpaid is not paid, and prepaid is something narrower."""
    alike = {"unpaid": "paid", "prepaid": "paid"}
    assert not looked_at(question, embed_texts=lambda texts: meaning([alike.get(one, one) for one in texts]))[
        term
    ].echoed


def test_what_is_said_is_not_looked_at() -> None:
    """A question in the words of the passages has no unsaid ones, and nothing is embedded for it."""

    def never(texts: Sequence[str]) -> Vectors:
        raise AssertionError(texts)

    assert looked_at("Is annual leave counted?", embed_texts=never) == {}


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_any_question_is_looked_at(question: str, text: str, vectors: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
    """Nothing is both missed and echoed, and every unsaid term was asked for."""
    found = looked_at(question, embed_texts=EMBEDDER.embed if vectors else None, text=text)
    assert set(found) <= set(content_stems(question)) - set(content_stems(text))
    assert not any(one.echoed and one.missed for one in found.values())
    assert vectors or not any(one.echoed for one in found.values())
