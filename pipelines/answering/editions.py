"""Of two editions of a document only the newer one answers, unless the question names the older. Pure."""

from collections.abc import Sequence

import regex

from pipelines.answering.extracting.shapes import Candidate


_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def current_editions(question: str, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """
    Return the candidates without those of superseded editions.

    Editions are documents of one base whose titles differ in nothing but a year:
    "Travel policy 2023" and "Travel policy 2026". A question that names a year is left
    all of them.

    Args:
        question: the stand-alone question.
        candidates: passages, best first; their order is kept.

    """
    if _YEAR.search(question):
        return tuple(candidates)
    newest: dict[tuple[str, str], str] = {}
    for one in candidates:
        edition = _edition(one)
        newest[edition] = max(_year(one), newest.get(edition, ""))
    return tuple(one for one in candidates if not _year(one) or _year(one) == newest[_edition(one)])


def _edition(one: Candidate) -> tuple[str, str]:
    return one.passage.kb, " ".join(_YEAR.sub(" ", one.passage.title).casefold().split())


def _year(one: Candidate) -> str:
    return max(_YEAR.findall(one.passage.title), default="")
