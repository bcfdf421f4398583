"""
The analysers that this release has: the rows of an index have the terms of one, and are searched in its terms.

A release that makes other terms keeps the analyser of the release before, so that an index is asked, and
synced into, as it was made until it is rebuilt.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from pipelines.domain.values import Value
from pipelines.errors import BadSettings
from pipelines.ports.chunk_index import TermFields
from pipelines.retrieval.terms import ANALYSER_VERSION, document_terms, question_terms


@dataclass(frozen=True, slots=True)
class Analyser(Value):
    """
    One way to make terms.

    Attributes:
        version: told from all others by it.
        document_terms: title and searched text of a chunk -> its terms.
        question_terms: a question -> the terms to be found.

    """

    version: str
    document_terms: Callable[[str, str], TermFields]
    question_terms: Callable[[str], TermFields]


TODAY = Analyser(str(ANALYSER_VERSION), document_terms, question_terms)
"""That of this release, which a new index is made with."""

AnalyserNow: TypeAlias = Analyser | Callable[[], Analyser]
"""An analyser, or what names that of the index each time, where it may be changed meanwhile."""


class Analysers:
    """Those that a release has, by version."""

    def __init__(self, newest: Analyser, *kept: Analyser) -> None:
        """Take that of this release, and those of earlier ones that it still has."""
        self.newest = newest
        self._kept = {one.version: one for one in (*kept, newest)}

    def has(self, version: str) -> bool:
        """Say whether it is here."""
        return version in self._kept

    def of(self, version: str) -> Analyser:
        """
        Return the analyser of this version.

        Raises:
            BadSettings: this release does not have it any more.

        """
        found = self._kept.get(version)
        if found is None:
            raise BadSettings(
                f"the index has terms of the analyser {version}, which this release does not have any more: make it"
                " anew (footnote index rebuild)"
            )
        return found

    def for_questions(self, version: str) -> Analyser:
        """Return it, or the newest under its name: most terms are the same, and a question is to be answered."""
        return self._kept.get(version) or replace(self.newest, version=version)


RELEASED = Analysers(TODAY)
"""Those of this release."""


def analyser_now(analyser: AnalyserNow) -> Analyser:
    """
    Return the analyser of this moment.

    Raises:
        FootnoteError: it cannot be had.

    """
    return analyser if isinstance(analyser, Analyser) else analyser()
