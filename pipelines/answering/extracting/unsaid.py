"""
Words of a question that no offered passage holds: does another word stand for them?

"Parental leave" is not said by a sentence about annual leave; "notebook" is, by one about
laptops. It judges no answer: what that is worth is the evidence check's.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import regex

from pipelines.answering.extracting.spelling import is_misspelling
from pipelines.answering.extracting.vectors import EmbedTexts
from pipelines.domain.values import Value
from pipelines.retrieval.language import STOP_WORDS
from pipelines.retrieval.terms import content_stems, content_words


ALIKE = 0.55
"""Cosine of two words from which one stands for the other: notebook and laptop, vacation and holidays."""

OTHER = 0.45
"""Cosine of two words below which they are two things: parental and annual."""

_PART = 4
"""Letters of a word's last part from which it is a word of its own."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+(?:[-'’][\p{L}\p{M}\p{N}_]+)*|[^\s\p{L}\p{M}\p{N}_]")
_DENIED = regex.compile(r"(?:un|non)(?=\p{L}{4})", regex.IGNORECASE)
_BEFORE_A_VERB = frozenset(["to", "who", "what", "that", "which", "i", "we", "you", "he", "she", "they", "it", "not"])
_BEFORE_A_NOUN = (STOP_WORDS - _BEFORE_A_VERB) | {"", "many", "much"}


@dataclass(frozen=True, slots=True)
class Unsaid(Value):
    """
    A word of a question that no offered passage holds.

    Attributes:
        stems: its stems.
        echoed: whether a word of the best sentences stands for it; False without vectors.
        missed: whether it tells the thing that is asked for from those that the passages
            speak of: it stands right before a word that they hold, and nothing there is
            like it.

    """

    stems: frozenset[str]
    echoed: bool
    missed: bool


@dataclass(frozen=True, slots=True)
class _Word(Value):
    """An unsaid word as it stands in the question."""

    text: str
    stems: frozenset[str]
    qualifies: bool


def unsaid(
    question: str,
    terms: Collection[str],
    said: Collection[str],
    *,
    texts: Iterable[str],
    best: Sequence[str],
    embed_texts: EmbedTexts | None,
) -> tuple[Unsaid, ...]:
    """
    Return the unsaid words of a question, in order.

    A word that is written nearly like an offered one may be a slip of the hand: it is not
    missed. One that denies an offered word, "unpaid" and "paid", is not echoed by it, nor
    is one that ends in it, "grandparent" and "parent".

    Args:
        question: the question.
        terms: stems of the question that no passage holds, and that are to be looked at.
        said: all stems that the passages hold, titles and headings included.
        texts: the same as text, read where a slip is possible.
        best: texts of the best sentences, in which an echo is looked for.
        embed_texts: embeds the unsaid words and those of `best`; None is words only.

    """
    words = _unsaid_words(question, terms, said)
    if not words:
        return ()
    near = _likeness(words, best, embed_texts)
    return tuple(_judged(word, near.get(word.text), said, texts) for word in words)


def _unsaid_words(question: str, terms: Collection[str], said: Collection[str]) -> list[_Word]:
    """Return the words of which no part is said, in order."""
    tokens = _WORD.findall(question)
    stems = [frozenset(content_stems(token)) for token in tokens]
    found = []
    for at, own in enumerate(stems):
        if own.isdisjoint(terms) or not own.isdisjoint(said):
            continue
        before = tokens[at - 1].lower() if at else ""
        after = stems[at + 1] if at + 1 < len(tokens) else frozenset()
        qualifies = before in _BEFORE_A_NOUN and not after.isdisjoint(said)
        found.append(_Word(tokens[at], own.intersection(terms), qualifies))
    return found


def _likeness(words: Sequence[_Word], best: Sequence[str], embed_texts: EmbedTexts | None) -> dict[str, float]:
    """Return unsaid word -> cosine of it and the nearest word of the best sentences; nothing without vectors."""
    around = sorted({word for text in best for word in content_words(text)})
    if embed_texts is None or not around:
        return {}
    asked = list(dict.fromkeys(word.text for word in words))
    vectors = embed_texts([*(word.lower() for word in asked), *around])
    cosines = vectors[: len(asked)] @ vectors[len(asked) :].T
    return {word: float(row.max()) for word, row in zip(asked, cosines, strict=True)}


def _judged(word: _Word, likeness: float | None, said: Collection[str], texts: Iterable[str]) -> Unsaid:
    """Return what an unsaid word is, from its likeness to the nearest word; None without vectors."""
    if _is_denial(word.text, said):
        return Unsaid(word.stems, echoed=False, missed=word.qualifies)
    if not word.qualifies or (likeness is not None and likeness >= OTHER):
        echoed = likeness is not None and likeness >= ALIKE and not _is_compound(word.text, said)
        return Unsaid(word.stems, echoed, missed=False)
    known = {other for text in texts for other in content_words(text)}
    return Unsaid(word.stems, echoed=False, missed=not is_misspelling(word.text.lower(), known))


def _is_denial(word: str, said: Collection[str]) -> bool:
    """Return whether a word is an offered one with a syllable before it that turns it round."""
    denied = _DENIED.match(word)
    return denied is not None and not frozenset(content_stems(word[denied.end() :])).isdisjoint(said)


def _is_compound(word: str, said: Collection[str]) -> bool:
    """Return whether a word ends in an offered one and so names something narrower: grandparent, parent."""
    parts = (content_stems(word[at:]) for at in range(1, len(word) - _PART + 1))
    return any(not frozenset(part).isdisjoint(said) for part in parts)
