"""
Does the answer depend on something that the question leaves open? Then it is asked back. Pure.

The best passages split by a facet where they say the same of different things: the same
sentence with other figures under "Germany" and under "Portugal".
"""

from collections.abc import Iterator, Sequence

import regex

from pipelines.answering.extracting.rivals import are_rivals, place_of
from pipelines.answering.extracting.weighing import Weighed, WeighedQuestion
from pipelines.retrieval.terms import content_stems


MOST = 4
"""Choices at most: where more would be needed, the best sentences are shown instead."""

_AS_GOOD = 0.25
"""Difference of scores up to which sentences rival each other."""

_LAST_MARK = regex.compile(r"[\s?.!]+$")


def choices(question: WeighedQuestion) -> tuple[str, ...]:
    """
    Return the questions to pick from, best first; empty where nothing is left open.

    Two to four rivals are needed: sentences about as good as the best, alike but for
    their figures, in places that differ in one title or heading of which the question
    says nothing.

    Args:
        question: the weighed sentences.

    """
    offered = sorted((one for one in question.sentences if one.offered), key=lambda one: -one.score)
    rivals = list(_rivals(offered))
    labels = _labels(rivals)
    if not 1 < len(labels) <= MOST or _names_one(question, labels):
        return ()
    asked = _LAST_MARK.sub("", question.asked.text)
    return tuple(f"{asked} ({label})?" for label in labels)


def _rivals(offered: Sequence[Weighed]) -> Iterator[Weighed]:
    """Yield the best sentence and those that say the same of something else."""
    for number, one in enumerate(offered):
        if number == 0 or (offered[0].score - one.score <= _AS_GOOD and are_rivals(offered[0], one)):
            yield one


def _labels(rivals: Sequence[Weighed]) -> list[str]:
    """Return what tells the places of rivals apart, each once; nothing where they differ in more than one part."""
    if not rivals:
        return []
    places = [place_of(one) for one in rivals]
    parts = [at for at in range(len(places[0])) if len({place[at] for place in places}) > 1]
    return list(dict.fromkeys(place[parts[0]] for place in places)) if len(parts) == 1 else []


def _names_one(question: WeighedQuestion, labels: Sequence[str]) -> bool:
    """Say whether the question holds a word that is in some of the labels only."""
    stems = [frozenset(content_stems(label)) for label in labels]
    telling = frozenset[str]().union(*stems) - stems[0].intersection(*stems[1:])
    return not all(own & telling for own in stems) or bool(telling.intersection(content_stems(question.asked.text)))
