"""Is there evidence for an answer? Pure; figures in docs/quality.md."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.answering.extracting.weighing import Asked, Weighed, WeighedQuestion
from pipelines.domain.values import Value
from pipelines.retrieval.terms import content_stems


class Verdict(StrEnum):
    """What the passages are worth to the question."""

    ANSWER = "answer"
    NOT_SAID = "not_said"
    NO_CONTENT = "no_content"


@dataclass(frozen=True, slots=True)
class Enough(Value):
    """
    How support is added up, and how much is enough.

    Attributes:
        coverage: weight of the share of the question's idf in the best passage; of the share of
            the names and numbers that no passage mentions as well, which is taken off.
        phrases: weight of the share of its neighbouring words in the best sentence.
        echoed: weight of the share of its words that the passages say in another word.
        missed: weight of the share of its words that tell another thing, taken off.
        answer: support from which there is an answer.

    """

    coverage: float
    phrases: float
    echoed: float
    missed: float
    answer: float


WITH_VECTORS = Enough(coverage=0.5, phrases=0.3, echoed=0.25, missed=0.5, answer=0.73)
"""On three sets 2 % of the answerable questions stay below `answer`, and 99 % of those about something else."""

WORDS_ONLY = Enough(coverage=1.0, phrases=0.5, echoed=0.0, missed=0.25, answer=0.4)
"""The same with 6 % and 95 %."""


def check(question: WeighedQuestion) -> Verdict:
    """
    Judge the evidence.

    The gate is a sum of the best sentence's cosine, the best passage's share of the
    question's idf, and the question's phrases; a name that is nowhere takes from it, and
    so does a word such as "parental" where only annual leave is spoken of.

    Args:
        question: the question with all sentences that were offered.

    """
    if not question.asked.weights:
        return Verdict.NO_CONTENT
    found = surplus(question)
    return Verdict.ANSWER if found is not None and found >= 0 else Verdict.NOT_SAID


def surplus(question: WeighedQuestion) -> float | None:
    """Return how far the support lies above what is enough; below 0 there is no answer, None without any sentence."""
    offered = [one for one in question.sentences if one.offered]
    if not offered or not question.asked.weights:
        return None
    cosines = [one.cosine for one in offered if one.cosine is not None]
    enough = WITH_VECTORS if cosines else WORDS_ONLY
    found = support(question.asked, offered, enough) + other_words(question, enough) + max(cosines, default=0.0)
    return found - enough.answer


def support(asked: Asked, offered: Sequence[Weighed], enough: Enough) -> float:
    """Return what the words say for an answer, at most both weights together; below 0 with names missing."""
    passages = _terms_of_passages(offered)
    missing = frozenset[str]().union(*(one for one in asked.names if not any(one <= terms for terms in passages)))
    coverage = max(asked.share(terms) for terms in passages)
    phrases = max(one.phrases for one in offered)
    return enough.coverage * coverage + enough.phrases * phrases - enough.coverage * asked.share(missing)


def other_words(question: WeighedQuestion, enough: Enough) -> float:
    """Return what the words say that no passage holds: more where another stands for them, less where one is missed."""
    share = question.asked.share
    echoed = share(term for one in question.unsaid if one.echoed for term in one.stems)
    missed = share(term for one in question.unsaid if one.missed for term in one.stems)
    return enough.echoed * echoed - enough.missed * missed


def _terms_of_passages(offered: Sequence[Weighed]) -> list[frozenset[str]]:
    """Return the stems of each passage with its title, headings and lead-ins."""
    passages: dict[tuple[int, int], list[Weighed]] = defaultdict(list)
    for one in offered:
        source = one.sentence.source
        passages[source.document_version, source.passage.ordinal].append(one)
    return [_terms(own) for own in passages.values()]


def _terms(sentences: Sequence[Weighed]) -> frozenset[str]:
    around: set[str] = {sentences[0].sentence.source.title}
    for one in sentences:
        around.update((*one.sentence.headings, one.sentence.lead_text))
    terms = frozenset(content_stems(" ".join(around)))
    return terms.union(*(one.says for one in sentences))
