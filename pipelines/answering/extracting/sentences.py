"""Which sentences, list items, rows and code stand in the offered passages. It ranks nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from pipelines.answering.extracting.shapes import Candidate, Role
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.reading import Block, BlockKind, Span
from pipelines.domain.values import Value
from pipelines.retrieval.sentences import split_sentences


LONG_ITEM = 300
"""Characters from which a list item is taken apart into its sentences."""

_BULLET = regex.compile(r"[•·▪●○◦‣*–—-][^\S\n]+(?=\S)")
_ROLES = {
    BlockKind.PARAGRAPH: Role.SENTENCE,
    BlockKind.LIST_ITEM: Role.LIST_ITEM,
    BlockKind.TABLE_ROW: Role.TABLE_ROW,
    BlockKind.CODE: Role.CODE,
}


@dataclass(frozen=True, slots=True)
class Sentence(Value):
    """
    The smallest thing that may be shown: a sentence, a list item, a row, a piece of code.

    Attributes:
        source: the passage that it begins in.
        text: exactly the stored text from `start` to `end`.
        start: first character in the stored text.
        end: one past the last.
        role: what it is.
        score: the passage's fused score, > 0; 0 for a neighbour that was not offered.
        run: number of the stretch of consecutive passages that it stands in.
        lead: the sentence before its list, or the header of its table.
        lead_text: text of that span; empty without one.

    """

    source: StoredPassage
    text: str
    start: int
    end: int
    role: Role
    score: float
    run: int
    lead: Span | None = None
    lead_text: str = ""


@dataclass(frozen=True, slots=True)
class _Offer(Value):
    """A passage, offered (score > 0) or only beside one that is."""

    source: StoredPassage
    text: str
    score: float


def sentences_of(candidates: Sequence[Candidate]) -> tuple[Sentence, ...]:
    """
    Return what the passages and their neighbours hold, in the order of each document.

    Documents come in the order of their best candidate. A sentence that goes on after a
    page break is one sentence and belongs to the passage in which it begins, with the
    better score of both. Half a sentence is left out.
    """
    found: list[Sentence] = []
    for number, run in enumerate(_runs(candidates)):
        found.extend(_of_run(number, run))
    return tuple(found)


def _runs(candidates: Sequence[Candidate]) -> Iterator[list[_Offer]]:
    """Yield stretches of consecutive passages of one document."""
    for offers in _by_document(candidates).values():
        run: list[_Offer] = []
        for ordinal in sorted(offers):
            if run and ordinal != run[-1].source.passage.ordinal + 1:
                yield run
                run = []
            run.append(offers[ordinal])
        yield run


def _by_document(candidates: Sequence[Candidate]) -> Mapping[int, Mapping[int, _Offer]]:
    """Return document version -> ordinal -> passage, the offered ones before their neighbours."""
    documents: dict[int, dict[int, _Offer]] = {}
    for one in candidates:
        offers = documents.setdefault(one.passage.document_version, {})
        offers.setdefault(one.passage.passage.ordinal, _Offer(one.passage, one.text, one.score))
    for one in candidates:
        offers = documents[one.passage.document_version]
        for passage in (one.before, one.after):
            if passage is not None:
                offers.setdefault(passage.ordinal, _Offer(replace(one.passage, passage=passage), one.text, 0.0))
    return documents


def _of_run(number: int, run: Sequence[_Offer]) -> Iterator[Sentence]:
    """Yield the sentences of a stretch, those over a page break whole."""
    blocks = [(offer, block) for offer in run for block in offer.source.passage.blocks]
    spans = [list(_spans(offer.text, block)) for offer, block in blocks]
    scores = [[offer.score] * len(parts) for (offer, _), parts in zip(blocks, spans, strict=True)]
    if blocks and blocks[0][1].continues:
        del spans[0][0], scores[0][0]
    for at in reversed(range(1, len(blocks))):
        before = at - 1
        if blocks[at][1].continues:
            end, score = spans[at].pop(0)[1], scores[at].pop(0)
            if spans[before]:
                spans[before][-1] = (spans[before][-1][0], end)
                scores[before][-1] = max(score, scores[before][-1])
    for (offer, block), parts, values in zip(blocks, spans, scores, strict=True):
        yield from _as_sentences(number, offer, block, zip(parts, values, strict=True))


def _spans(text: str, block: Block) -> tuple[Span, ...]:
    """Return the parts of a block that may be shown on their own; at least one."""
    start, end = block.start, block.end
    if block.kind is BlockKind.LIST_ITEM:
        marker = _BULLET.match(text, start, end)
        start = marker.end() if marker else start
    prose = block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.LIST_ITEM and end - start > LONG_ITEM)
    return split_sentences(text, start, end) if prose else ((start, end),)


def _as_sentences(number: int, offer: _Offer, block: Block, parts: Iterator[tuple[Span, float]]) -> Iterator[Sentence]:
    """Yield the parts of a block as what they are; nothing of headings and header rows."""
    role = _ROLES.get(block.kind)
    if role is None:
        return
    lead_text = offer.text[slice(*block.lead)] if block.lead else ""
    for at, ((start, end), score) in enumerate(parts):
        kind = Role.SENTENCE if at and role is Role.LIST_ITEM else role
        text = offer.text[start:end]
        yield Sentence(offer.source, text, start, end, kind, score, number, block.lead, lead_text)
