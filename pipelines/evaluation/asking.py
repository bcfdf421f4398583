"""A set's questions through the installation that holds it, told in the set's own ids. It judges nothing."""

from collections.abc import Mapping
from itertools import count

from pipelines.answering.steps import RankedHits
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.domain.knowledge import DocumentVersion
from pipelines.errors import BadInput
from pipelines.evaluation.choices import Mode
from pipelines.evaluation.lines import AnswerLine, Quoted, Retrieved
from pipelines.evaluation.material import Asked, SetDocument, Shape
from pipelines.evaluation.stored_set import cited_unit, unit_of
from pipelines.evaluation.texts import plain
from pipelines.wiring import Footnote


DEPTH = 20
"""Units that are told of a question."""

_PASSAGES = 200


class SetAsker:
    """Asks with the rights of the operator."""

    def __init__(self, footnote: Footnote, base: str, paths: Mapping[str, SetDocument]) -> None:
        """
        Take a set that was synced.

        Args:
            footnote: the installation that holds it.
            base: name of its knowledge base.
            paths: path -> document of the set.

        """
        self._answering = footnote.answering
        self._blobs = footnote.blobs
        kb = footnote.records.bases.get(base)
        lives = list(footnote.records.ledger.documents(kb.id, kb.active))
        self._documents = {life.document: paths[life.path] for life in lives}
        pages = {life.document: _pages_of(footnote, base, life) for life in lives if _may_have_pages(paths[life.path])}
        self._pages = {document: own for document, own in pages.items() if own is not None}
        self._paths = paths
        self._stored = {paths[life.path].parts[0].id: life.text_hash for life in lives}
        self._of_part = {part.id: one.parts[0].id for one in paths.values() for part in one.parts}
        self._originals = {part.id: part.text for one in paths.values() for part in one.parts}

    @property
    def documents(self) -> int:
        """Documents that the base holds."""
        return len(self._documents)

    def ask(self, asked: Asked, mode: Mode) -> AnswerLine:
        """Return what becomes of a question."""
        question = Question(asked.text, OPERATOR, turns=asked.turns)
        try:
            if mode is Mode.RETRIEVAL:
                ranked = self._answering.retrieve(question)
                return AnswerLine(asked.id, "retrieved", "", (), self._told(ranked), ranked.timings, None)
            made, ranked = self._answering.trace(question)
        except BadInput as fault:
            return AnswerLine(asked.id, "error", str(fault), (), (), {}, None)
        answer = made.answer
        return AnswerLine(
            asked.id,
            str(answer.outcome),
            answer.text,
            tuple(Quoted(*cited_unit(self._paths[one.document], one.place), one.quote) for one in answer.citations),
            self._told(ranked),
            answer.timings_ms,
            made.outcome.surplus,
        )

    def verbatim(self, cited: Quoted) -> bool:
        """Tell whether a quote stands in the stored text exactly and, where the set has the text, in that too."""
        stored = self._blobs.get(self._stored[self._of_part[cited.doc_id]]).decode()
        original = self._originals[cited.doc_id]
        in_set = original is None or plain(cited.quote) in plain(original)
        return bool(cited.quote) and cited.quote in stored and in_set

    def _told(self, ranked: RankedHits) -> tuple[Retrieved, ...]:
        """Return the best units that exist, each once."""
        found: list[Retrieved] = []
        for (document, unit), score in ranked.units.items():
            pages = self._pages.get(document)
            if pages is None or unit in pages:
                name = unit_of(self._documents[document], unit, paged=pages is not None)
                found.append(Retrieved(*name, round(score, 6)))
            if len(found) == DEPTH:
                break
        return tuple(found)


def _may_have_pages(document: SetDocument) -> bool:
    return document.shape is Shape.PAGES or document.parts[0].file is not None


def _pages_of(footnote: Footnote, base: str, life: DocumentVersion) -> frozenset[int] | None:
    """Return the pages of a document that hold any text; None for a document without pages."""
    scope = footnote.records.access.scope(OPERATOR, (base,))
    pages: set[int] = set()
    for start in count(step=_PASSAGES):
        found = footnote.records.evidence.passages(scope, {(life.id, start + at) for at in range(_PASSAGES)})
        pages.update(one.passage.place.page for one in found if one.passage.place.page is not None)
        if len(found) < _PASSAGES:
            return frozenset(pages) or None
    return None
