"""Sentences that say the same of different things: "30 days" under "Germany", "25 days" under "Portugal". Pure."""

import regex

from pipelines.answering.extracting.weighing import Asked, Weighed
from pipelines.retrieval.terms import content_stems


_ALIKE = 0.6
"""Jaccard similarity of their stems, labels and figures apart, from which two sentences say the same."""

_FIGURE = regex.compile(r"\p{N}")


def place_of(one: Weighed) -> tuple[str, ...]:
    """Return the title and headings above a sentence; a title that is the first heading only once."""
    title, headings = one.sentence.source.title, one.sentence.headings
    return headings if headings[:1] == (title,) else (title, *headings)


def are_rivals(one: Weighed, other: Weighed) -> bool:
    """Say whether two sentences are alike but for their figures, under places of the same kind."""
    if one.sentence.role is not other.sentence.role or len(place_of(one)) != len(place_of(other)):
        return False
    figures = _figures(one), _figures(other)
    if not all(figures) or figures[0] == figures[1]:
        return False
    around = {*_place_stems(one), *_place_stems(other)}
    first, second = _wording(one, around), _wording(other, around)
    return bool(first) and len(first & second) >= _ALIKE * len(first | second)


def label_beside(one: Weighed, other: Weighed) -> str | None:
    """Return what tells the place of a sentence from its rival's: its title or a heading; None in the same place."""
    pairs = zip(place_of(one), place_of(other), strict=False)
    return next((own for own, its in pairs if own != its), None)


def is_named(asked: Asked, one: Weighed, other: Weighed) -> bool:
    """Say whether a question speaks of the place of a sentence rather than of its rival's."""
    return asked.share(_place_stems(one)) > asked.share(_place_stems(other))


def _wording(one: Weighed, around: set[str]) -> set[str]:
    return {term for term in one.stems if term not in around and not _FIGURE.search(term)}


def _figures(one: Weighed) -> set[str]:
    return {term for term in one.stems if _FIGURE.search(term)}


def _place_stems(one: Weighed) -> tuple[str, ...]:
    return content_stems(" ".join(place_of(one)))
