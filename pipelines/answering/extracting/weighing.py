"""How well each sentence answers the question. Measured on three sets; figures in docs/quality.md."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.answering.extracting.fitting import fits
from pipelines.answering.extracting.sentences import Sentence, sentences_of
from pipelines.answering.extracting.shapes import Candidate
from pipelines.answering.extracting.unsaid import Unsaid, unsaid
from pipelines.answering.extracting.vectors import EmbedTexts, Vectors
from pipelines.answering.extracting.wording import asks, is_closing_phrase, names_in, without_frame
from pipelines.domain.values import Value
from pipelines.retrieval.terms import bigrams, content_stems


EMBEDDED = 12
"""Sentences whose vectors are asked for: those that the words find best. 8 to 24 measure the same as all of them."""

ECHOED = 3
"""Best sentences in which another word for an unsaid one is looked for."""

_USUAL = 28
"""Sentences that a search usually offers: idf over fewer says nothing about how rare a word is."""

_CLOSING_PHRASE = 0.3
_QUESTION = 0.5


@dataclass(frozen=True, slots=True)
class Shares(Value):
    """How much each part of a sentence's score counts."""

    coverage: float
    phrases: float
    place: float
    cosine: float
    passage: float


WITH_VECTORS = Shares(coverage=0.5, phrases=0.3, place=0.3, cosine=1.0, passage=1.0)
WORDS_ONLY = Shares(coverage=0.7, phrases=0.4, place=0.3, cosine=0.0, passage=1.0)


@dataclass(frozen=True, slots=True)
class Asked(Value):
    """
    A question's analysed terms.

    Attributes:
        text: the question.
        weights: stem -> its share of the question's idf, adding up to 1; empty
            where the question has nothing but stop words.
        phrases: its neighbouring stems, joined in pairs.
        names: stems of each name in it: a place, a product, a number with the word before.

    """

    text: str
    weights: dict[str, float]
    phrases: frozenset[str]
    names: tuple[frozenset[str], ...]

    def share(self, stems: Iterable[str]) -> float:
        """Return how much of the question's idf these stems hold, 0..1."""
        held = stems if isinstance(stems, (set, frozenset)) else frozenset(stems)
        return sum(weight for one, weight in self.weights.items() if one in held)


@dataclass(frozen=True, slots=True)
class Weighed(Value):
    """
    A sentence and what speaks for it.

    Attributes:
        sentence: the sentence.
        stems: its own stems, in order.
        says: what it says of the question: its stems, and amounts that lie in its ranges.
        coverage: share of the question's idf in it, its lead-in and a question right
            before it, 0..1.
        phrases: share of the question's neighbouring stems in it, 0..1; 0 for a neighbour that was not offered.
        place: share of the question's idf in the title and heading above it, 0..1; 0 as above.
        cosine: of question and sentence with title and heading, -1..1; None without vectors,
            and as above. Of a sentence that was not embedded: the lowest of those that were.
        score: all of it together; minus infinity for a neighbour that was not offered.

    """

    sentence: Sentence
    stems: tuple[str, ...]
    says: frozenset[str]
    coverage: float
    phrases: float
    place: float
    cosine: float | None
    score: float

    @property
    def offered(self) -> bool:
        """Whether the search offered the sentence's passage, not only one beside it."""
        return self.score > -math.inf


@dataclass(frozen=True, slots=True)
class WeighedQuestion(Value):
    """
    A question with all that might answer it.

    Attributes:
        asked: the question.
        sentences: in the order of `sentences_of`.
        unsaid: its words, names apart, that no offered passage holds.

    """

    asked: Asked
    sentences: tuple[Weighed, ...]
    unsaid: tuple[Unsaid, ...] = ()


def weigh(
    question: str,
    candidates: Sequence[Candidate],
    *,
    question_vector: Vectors | None = None,
    embed_texts: EmbedTexts | None = None,
) -> WeighedQuestion:
    """
    Weigh every sentence of the offered passages.

    idf is taken over the offered sentences: what a reader may not read has no influence, and
    the whole index's idf measured no better.

    Args:
        question: the stand-alone question.
        candidates: passages, best first.
        question_vector: unit vector of the question; None is words only.
        embed_texts: embeds at most `EMBEDDED` texts, and then single words; None is words only.

    """
    sentences = sentences_of(candidates)
    stems = [content_stems(one.text) for one in sentences]
    asked = _asked(question, [own for one, own in zip(sentences, stems, strict=True) if one.score])
    with_vectors = question_vector is not None and embed_texts is not None
    shares = WITH_VECTORS if with_vectors else WORDS_ONLY
    best = max((one.score for one in sentences), default=0.0) or 1.0
    # What stands above many sentences, their lead-in, title and heading, is analysed once.
    above = cache(content_stems)
    fitting = fits(question, asked.names, sentences)
    read = [
        _Read(one, own, fitting[at].of(frozenset(own)) if at in fitting else frozenset(own))
        for at, (one, own) in enumerate(zip(sentences, stems, strict=True))
    ]
    found = [_by_words(asked, read, at, above=above, best=best, shares=shares) for at in range(len(read))]
    if question_vector is not None and embed_texts is not None:
        found = _with_cosines(found, question_vector, embed_texts)
    return WeighedQuestion(asked, tuple(found), _unsaid(asked, found, above, embed_texts if with_vectors else None))


def embedded_text(sentence: Sentence) -> str:
    """Return the text that stands for a sentence in the model: title, heading, lead-in and itself."""
    parts = (sentence.source.title, *sentence.headings[-1:], sentence.text)
    return ". ".join(part for part in parts if part)


def _asked(question: str, offered: Sequence[tuple[str, ...]]) -> Asked:
    """Return the question's terms, weighted by how few of the offered sentences hold them."""
    own = content_stems(without_frame(question)) or content_stems(question)
    sets = [frozenset(stems) for stems in offered]
    idf = {}
    for term in dict.fromkeys(own):
        holding = sum(term in stems for stems in sets)
        idf[term] = math.log(1 + (max(len(sets), _USUAL) - holding + 0.5) / (holding + 0.5))
    total = sum(idf.values()) or 1.0
    weights = {term: value / total for term, value in idf.items()}
    return Asked(
        question, weights, frozenset(bigrams(own)), tuple(frozenset(content_stems(name)) for name in names_in(question))
    )


@dataclass(frozen=True, slots=True)
class _Read(Value):
    """A sentence, its stems in order, and what it says of the question."""

    sentence: Sentence
    stems: tuple[str, ...]
    says: frozenset[str]


def _by_words(
    asked: Asked,
    read: Sequence[_Read],
    at: int,
    *,
    above: Callable[[str], tuple[str, ...]],
    best: float,
    shares: Shares,
) -> Weighed:
    """Return a sentence with all but its cosine."""
    one, own = read[at].sentence, read[at].stems
    said = {*read[at].says, *above(one.lead_text), *_question_before(read, at)}
    coverage = asked.share(said)
    if not one.score:
        return Weighed(one, own, read[at].says, coverage, 0.0, 0.0, None, -math.inf)
    phrases = len(asked.phrases.intersection(bigrams(own))) / max(1, len(asked.phrases))
    place = asked.share(above(" ".join((one.source.title, *one.headings[-1:]))))
    score = shares.coverage * coverage + shares.phrases * phrases + shares.place * place
    score += shares.passage * one.score / best
    score -= _CLOSING_PHRASE * is_closing_phrase(one.text) + _QUESTION * asks(one.text)
    return Weighed(one, own, read[at].says, coverage, phrases, place, None, score)


def _question_before(read: Sequence[_Read], at: int) -> tuple[str, ...]:
    """Return the stems of the sentence before, if that one asks and this one answers."""
    if not at:
        return ()
    before, own = read[at - 1].sentence, read[at].sentence
    return read[at - 1].stems if before.section == own.section and asks(before.text) else ()


def _with_cosines(found: Sequence[Weighed], question_vector: Vectors, embed_texts: EmbedTexts) -> list[Weighed]:
    """Return the sentences with the cosines of the best of them added to their scores."""
    offered = [at for at, one in enumerate(found) if one.offered]
    offered.sort(key=lambda at: -found[at].score)
    chosen = offered[:EMBEDDED]
    if not chosen:
        return list(found)
    cosines = embed_texts([embedded_text(found[at].sentence) for at in chosen]) @ question_vector
    known = dict(zip(chosen, map(float, cosines), strict=True))
    lowest = min(known.values())
    return [_with_cosine(one, known.get(at, lowest)) if one.offered else one for at, one in enumerate(found)]


def _with_cosine(one: Weighed, cosine: float) -> Weighed:
    score = one.score + WITH_VECTORS.cosine * cosine
    return Weighed(one.sentence, one.stems, one.says, one.coverage, one.phrases, one.place, cosine, score)


def _unsaid(
    asked: Asked, found: Sequence[Weighed], above: Callable[[str], tuple[str, ...]], embed_texts: EmbedTexts | None
) -> tuple[Unsaid, ...]:
    """Return the question's words, names apart, that no offered sentence, title, heading or lead-in holds."""
    offered = sorted((one for one in found if one.offered), key=lambda one: -one.score)
    around = dict.fromkeys(
        text for one in offered for text in (one.sentence.source.title, *one.sentence.headings, one.sentence.lead_text)
    )
    said = {term for one in offered for term in one.says}.union(*map(above, around))
    terms = asked.weights.keys() - said.union(*asked.names)
    if not offered or not terms:
        return ()
    best = [text for one in offered[:ECHOED] for text in (embedded_text(one.sentence), one.sentence.lead_text)]
    texts = (*around, *(one.sentence.text for one in offered))
    return unsaid(asked.text, terms, said, texts=texts, best=best, embed_texts=embed_texts)
