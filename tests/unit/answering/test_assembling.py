"""Promises of a written answer's text and citations: numbers, marks, quotes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.assembling import LONGEST_QUOTE, Assembly, Proof, SaidSentence
from pipelines.answering.extracting import Candidate
from pipelines.errors import StorageDamaged
from tests.markdown_passages import candidates


HANDBOOK = """\
# Leave

## Parents

Every parent gets 24 weeks of leave. The leave may be parted in two.
It ends with the child's third birthday.

## Foster parents

A foster parent gets 20 days of leave. Ask Anna.
"""
SOURCES = candidates(HANDBOOK, title="Leave")
HANDBOOK_TEXT = SOURCES[0].text
_MARK = re.compile(r"\[(\d+)\]")


def text_of(source: Candidate) -> str:
    """Return the passage's own text."""
    return source.text[source.passage.passage.start : source.passage.passage.end]


def proof(words: str) -> Proof:
    """Return where these words stand."""
    for number, source in enumerate(SOURCES, 1):
        start = text_of(source).find(words)
        if start >= 0:
            return Proof(number, start, start + len(words))
    raise ValueError(words)


@st.composite
def said(draw: st.DrawFn) -> SaidSentence:
    """Return a sentence with proofs at random places."""
    proofs = []
    for _ in range(draw(st.integers(0, 3))):
        source = draw(st.integers(1, len(SOURCES)))
        length = len(text_of(SOURCES[source - 1]))
        start = draw(st.integers(0, length - 1))
        proofs.append(Proof(source, start, draw(st.integers(start + 1, length))))
    return SaidSentence("Words.", draw(st.sampled_from(["", " ", "\n", "\n\n"])), tuple(proofs), draw(st.booleans()))


def test_one_place_has_one_number() -> None:
    """Two sentences that are proved by the same words carry the same mark, and there is one entry for it."""
    assembly = Assembly(SOURCES)
    place = proof("Every parent gets 24 weeks of leave.")
    assembly.add(SaidSentence("Parents get 24 weeks of leave.", "", (place,)))
    assembly.add(SaidSentence("So does every other parent.", " ", (place,), own_words=True))
    answer = assembly.result()
    assert answer.text == "Parents get 24 weeks of leave. [1] So does every other parent. ≈[1]"
    assert [one.quote for one in answer.citations] == ["Every parent gets 24 weeks of leave."]


def test_quotes_that_touch_become_one() -> None:
    """Neighbouring sentences of a passage are one receipt, which runs from the first to the last of them."""
    assembly = Assembly(SOURCES)
    shown = [
        assembly.add(SaidSentence("Second.", " ", (proof("The leave may be parted in two."),))),
        assembly.add(SaidSentence("Foster.", " ", (proof("A foster parent gets 20 days of leave."),))),
        assembly.add(SaidSentence("First.", " ", (proof("Every parent gets 24 weeks of leave."),))),
    ]
    assert shown == ["Second. [1]", " Foster. [2]", " First. [1]"]
    quotes = [one.quote for one in assembly.result().citations]
    assert quotes == [
        "Every parent gets 24 weeks of leave. The leave may be parted in two.",
        "A foster parent gets 20 days of leave.",
    ]


def test_a_citation_opens_the_section_of_its_own_quote() -> None:
    """The heading above a quote is its place, not that of the answer's first quote."""
    assembly = Assembly(SOURCES)
    assembly.add(SaidSentence("Foster parents get 20 days.", "", (proof("A foster parent gets 20 days of leave."),)))
    (one,) = assembly.result().citations
    assert one.place.heading == "Leave › Foster parents"


def test_a_passage_beyond_its_text_is_a_damage() -> None:
    """No quote is cut short."""
    source = SOURCES[0]
    assembly = Assembly(SOURCES)
    assembly.add(SaidSentence("Words.", "", (Proof(1, 0, len(source.text) + 1),)))
    with pytest.raises(StorageDamaged, match="sync its base again"):
        assembly.result()


@given(st.lists(said(), max_size=8))
def test_every_number_resolves_and_holds_its_proof(sentences: list[SaidSentence]) -> None:
    """Numbers begin with 1 and grow in reading order; each quote is verbatim and holds all that it stands for."""
    assembly = Assembly(SOURCES)
    shown = [assembly.add(one) for one in sentences]
    answer = assembly.result()
    assert answer.text == "".join(shown)
    first_seen = list(dict.fromkeys(int(number) for number in _MARK.findall(answer.text)))
    assert first_seen == list(range(1, len(answer.citations) + 1)) == [one.number for one in answer.citations]
    for sentence, text in zip(sentences, shown, strict=True):
        numbers = [int(number) for number in _MARK.findall(text)]
        assert bool(numbers) == bool(sentence.proofs)
        for each in sentence.proofs:
            source = SOURCES[each.source - 1]
            words = text_of(source)[each.start : each.end]
            assert any(words in answer.citations[number - 1].quote for number in numbers)
    for one in answer.citations:
        assert one.quote == HANDBOOK_TEXT[one.start : one.end]
        assert len(one.quote) <= max(LONGEST_QUOTE, *(len(text_of(source)) for source in SOURCES))
