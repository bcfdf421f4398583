"""What holds of the verifier for any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.answering.verifying import (
    EvidencePassage,
    Quote,
    Verdict,
    Verification,
    carries_reservation,
    needs_evidence,
    prepare,
    said_verbatim,
    verify,
    verify_prepared,
)
from tests.examples import examples


_VOCABULARY = """
you must not may never only all some if unless until except the a of leave holiday parent Anna Porto team 3 20 24 days
weeks months € $ 5 % percent March Friday 2026 at least most up to more than less before after unable able paid unpaid
request approve , . : ; ( ) | - hotel urlaub días
"""
_WORDS = st.sampled_from(_VOCABULARY.split())
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=20).map(" ".join)
_TEXTS = st.lists(_SENTENCES, min_size=1, max_size=5).map(". ".join) | st.lists(_SENTENCES, max_size=5).map("\n".join)
_PASSAGES = st.builds(EvidencePassage, _TEXTS, title=_SENTENCES, headings=st.tuples(_SENTENCES), lead=_SENTENCES)
_ANY = st.text(max_size=60)
_ANY_PASSAGES = st.builds(EvidencePassage, _ANY, title=_ANY, headings=st.tuples(_ANY), lead=_ANY)


@given(_PASSAGES | _ANY_PASSAGES, st.data())
def test_a_verbatim_sentence_is_supported_by_itself(passage: EvidencePassage, data: st.DataObject) -> None:
    """Each sentence, item or row of a passage is supported, and its quote says the same words."""
    units = prepare(passage).units
    if not units:
        return
    unit = data.draw(st.sampled_from(units))
    words = passage.text[unit.start : unit.end]

    found = verify(words, [passage])

    if any(char.isalnum() for char in words):
        assert found.verdict is Verdict.SUPPORTED
        assert found.quote is not None
        assert _plain(passage.text[found.quote.start : found.quote.end]) == _plain(words)


@given(_PASSAGES | _ANY_PASSAGES, st.lists(_PASSAGES | _ANY_PASSAGES, max_size=2), st.data())
def test_what_is_said_verbatim_first_is_the_verdict(
    passage: EvidencePassage, others: list[EvidencePassage], data: st.DataObject
) -> None:
    """Found without taking passages apart, the words of the first one are what the whole verdict quotes."""
    units = [passage.text[one.start : one.end] for one in prepare(passage).units]
    sentence = data.draw(st.sampled_from([*units, "- Leave", "leave.", ""]) | _SENTENCES | _ANY)
    span = said_verbatim(sentence, passage)
    if span is not None:
        assert verify(sentence, [passage, *others]) == Verification(Verdict.SUPPORTED, (), Quote(0, *span))


@given(_SENTENCES | _ANY, st.lists(_PASSAGES | _ANY_PASSAGES, max_size=3))
def test_any_text_gets_a_verdict_and_a_verbatim_quote(sentence: str, passages: list[EvidencePassage]) -> None:
    """Nothing raises; a quote lies inside its passage and is not empty."""
    found = verify(sentence, passages)
    needs_evidence(sentence)
    carries_reservation(sentence, passages)

    assert (found.verdict is Verdict.SUPPORTED) == (not found.reasons)
    if found.quote is not None:
        text = passages[found.quote.passage].text
        assert 0 <= found.quote.start < found.quote.end <= len(text)
        assert text[found.quote.start : found.quote.end].strip()


@given(_SENTENCES, _PASSAGES, st.sampled_from(["  ", "\n", "\t ", "\u00a0"]))
def test_white_space_changes_nothing(sentence: str, passage: EvidencePassage, space: str) -> None:
    """The verdict does not depend on how the words of a sentence are spaced."""
    assert verify(sentence.replace(" ", space), [passage]) == verify(sentence, [passage])


@given(_SENTENCES, _PASSAGES, _PASSAGES)
def test_another_passage_takes_no_support_back(sentence: str, passage: EvidencePassage, other: EvidencePassage) -> None:
    """What one cited passage supports stays supported whatever else is cited."""
    if verify(sentence, [passage]).verdict is Verdict.SUPPORTED:
        assert verify(sentence, [passage, other]).verdict is Verdict.SUPPORTED
        assert verify(sentence, [other, passage]).verdict is Verdict.SUPPORTED


@given(_SENTENCES, st.lists(_PASSAGES, min_size=1, max_size=2))
def test_prepared_passages_give_the_same_verdict(sentence: str, passages: list[EvidencePassage]) -> None:
    """Preparing is only saved work."""
    assert verify_prepared(sentence, [prepare(one) for one in passages]) == verify(sentence, passages)


@settings(max_examples=examples(20), deadline=None)
@given(st.sampled_from(["a", "1 ", "if ", "a | b\n", "- item: 3\n", "Name ", "can't ", '"', ". "]))
def test_long_hostile_texts_end(piece: str) -> None:
    """A hundred thousand characters of one kind, on either side, are judged like any other text."""
    text = piece * (20_000 // len(piece))

    assert verify(text, [EvidencePassage("You must not go.")]).verdict in set(Verdict)
    assert verify("You must not go in 3 days.", [EvidencePassage(text)]).verdict in set(Verdict)


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".!;,: ").casefold()
