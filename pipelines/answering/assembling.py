"""
Verified sentences to an answer's text and its citations. It judges nothing: what is given here is shown.

What a model wrote is kept apart from where its proof stands today: `SaidSentence` counts
from the beginning of a passage, so that the same words can be cited anew after a sync.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.answering.citing import CitedText
from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.receipts import receipt
from pipelines.domain.reading import Span
from pipelines.domain.values import Value


OWN_WORDS = "≈"
"""Stands before the mark of a sentence whose wording is the bot's own: its quote is to be compared."""

LONGEST_QUOTE = 800
"""Characters up to which two quotes that touch become one."""


@dataclass(frozen=True, slots=True)
class Proof(Value):
    """
    A verbatim span that supports a sentence.

    Attributes:
        source: number of the passage in the prompt, from 1.
        start: first character, counted from the beginning of the passage.
        end: one past the last.

    """

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SaidSentence(Value):
    """
    A sentence that is shown.

    Attributes:
        text: what is read, without marks.
        before: what parts it from the sentence before: nothing, a blank, one line break or two.
        proofs: where it is supported; empty for a heading or a lead-in, which needs none.
        own_words: no rule vouches for its wording.

    """

    text: str
    before: str = ""
    proofs: tuple[Proof, ...] = ()
    own_words: bool = False


class Assembly:
    """
    An answer that grows by sentences. Numbers run 1…n in reading order, one per place.

    A quote that touches one with a number joins it, as long as both have `LONGEST_QUOTE`
    characters together; a number never changes once it was shown.
    """

    def __init__(self, sources: Sequence[Candidate]) -> None:
        """Take the passages of the prompt, in its order."""
        self._sources = sources
        self._places: list[tuple[int, Span]] = []
        self._shown: list[str] = []

    def add(self, sentence: SaidSentence) -> str:
        """Return what is to be shown of a sentence: what parts it from the one before, its words, its marks."""
        numbers = dict.fromkeys(self._number(one) for one in sentence.proofs)
        marks = "".join(f"[{number}]" for number in numbers)
        sign = OWN_WORDS if sentence.own_words else ""
        before = sentence.before if self._shown else ""
        shown = f"{before}{sentence.text}" + (f" {sign}{marks}" if marks else "")
        self._shown.append(shown)
        return shown

    def result(self) -> CitedText:
        """
        Return all that was added, and the citation of each number.

        Raises:
            StorageDamaged: a passage lies outside its stored text.

        """
        citations = tuple(
            receipt(number, self._sources[at].passage, self._sources[at].text, span)
            for number, (at, span) in enumerate(self._places, 1)
        )
        return CitedText("".join(self._shown), citations)

    def _number(self, proof: Proof) -> int:
        """Return the number of a place; a new one if none is near."""
        at = proof.source - 1
        source = self._sources[at]
        first = source.passage.passage.start
        span = first + proof.start, first + proof.end
        for number, (other, known) in enumerate(self._places, 1):
            joined = min(span[0], known[0]), max(span[1], known[1])
            if self._same_document(at, other) and (span == known or self._touches(source.text, span, known, joined)):
                self._places[number - 1] = (at if span[0] < known[0] else other), joined
                return number
        self._places.append((at, span))
        return len(self._places)

    def _same_document(self, one: int, other: int) -> bool:
        ours, theirs = self._sources[one].passage, self._sources[other].passage
        return ours.document_version == theirs.document_version and ours.passage.place == theirs.passage.place

    def _touches(self, text: str, span: Span, known: Span, joined: Span) -> bool:
        """Say whether nothing but white space lies between two spans, and both together are no page."""
        gap = text[min(span[1], known[1]) : max(span[0], known[0])]
        return joined[1] - joined[0] <= LONGEST_QUOTE and not gap.strip()
