"""Which sentences, list items, rows and code stand in the offered passages. It ranks nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from pipelines.answering.extracting.shapes import Candidate, Role
from pipelines.answering.headings import headings_above
from pipelines.domain.evidence import StoredPassage
from pipelines.domain.reading import Block, BlockKind, Span
from pipelines.domain.values import Value
from pipelines.retrieval.sentences import split_sentences


LONG_ITEM = 300
"""Characters from which a list item is taken apart into its sentences."""

LONGEST_LEAD_IN = 400
"""Characters of a list's lead-in, its last, that say what the items are."""

_BULLET = regex.compile(r"[•·▪●○◦‣*–—-][^\S\n]+(?=\S)")
_FINISHED = regex.compile(r"[.!?…:。！？؟][\"'”’»)\]]*\Z")
_GAP = regex.compile(r"\s*(?=\S)")
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
        headings: those above it, outermost first.
        section: number of the stretch, without a gap or a heading, that it stands in.
        lead: the sentence before its list, or the header of its table.
        lead_text: text of that span, of a list's lead-in the last `LONGEST_LEAD_IN`
            characters; empty without one. Those under one lead share it.

    """

    source: StoredPassage
    text: str
    start: int
    end: int
    role: Role
    score: float
    headings: tuple[str, ...]
    section: int
    lead: Span | None = None
    lead_text: str = ""


@dataclass(frozen=True, slots=True)
class _Offer(Value):
    """A passage, offered (score > 0) or only beside one that is."""

    source: StoredPassage
    text: str
    score: float


@dataclass(slots=True)
class _Part:
    """A block that is being cut: its parts and what each of them is worth."""

    offer: _Offer
    block: Block
    spans: list[Span]
    scores: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Leads:
    """The text of each lead once: thousands of items may stand under a long one."""

    _texts: dict[tuple[int, Span], str] = field(default_factory=dict)

    def text(self, offer: _Offer, kind: BlockKind, lead: Span) -> str:
        """Return the end of a list's lead-in, the whole header of a table."""
        known = (offer.source.document_version, lead)
        if known not in self._texts:
            start, end = lead
            cut = end - LONGEST_LEAD_IN if kind is BlockKind.LIST_ITEM else start
            self._texts[known] = offer.text[max(start, cut) : end]
        return self._texts[known]


def sentences_of(candidates: Sequence[Candidate]) -> tuple[Sentence, ...]:
    """
    Return what the passages and their neighbours hold, in the order of each document.

    Documents come in the order of their best candidate. A sentence that goes on after a
    page break is one sentence: it belongs to the passage in which it begins, with the
    better score of both. Half a sentence is left out: one that began before what was
    loaded, and one that seems to go on after it.
    """
    found: list[Sentence] = []
    leads = _Leads()
    section = 0
    for run in _runs(candidates):
        parts = [_cut(offer, block) for offer in run for block in offer.source.passage.blocks]
        _join_over_pages(parts)
        _drop_unfinished(parts)
        path = run[0].source.passage.heading_path
        for part in parts:
            own = part.offer.source.passage.heading_path
            section += part.block.kind is BlockKind.HEADING or own != path
            path = own
            found.extend(_sentences(part, section, leads))
        section += 1
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
    """Return document version -> ordinal -> passage; one that is offered before one that is only a neighbour."""
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


def _cut(offer: _Offer, block: Block) -> _Part:
    """Return the parts of a block that may be shown on their own; at least one."""
    start, end = block.start, block.end
    if block.kind is BlockKind.LIST_ITEM:
        marker = _BULLET.match(offer.text, start, end)
        start = marker.end() if marker else start
    prose = block.kind is BlockKind.PARAGRAPH or (block.kind is BlockKind.LIST_ITEM and end - start > LONG_ITEM)
    spans = list(split_sentences(offer.text, start, end)) if prose else [(start, end)]
    return _Part(offer, block, spans, [offer.score] * len(spans))


def _join_over_pages(parts: Sequence[_Part]) -> None:
    """Give the first half of a broken sentence its second half; the last break first, for those over three pages."""
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        if not part.block.continues:
            continue
        (_, end), score = part.spans.pop(0), part.scores.pop(0)
        if at:
            first = parts[at - 1]
            first.spans[-1] = (first.spans[-1][0], end)
            first.scores[-1] = max(score, first.scores[-1])


def _drop_unfinished(parts: Sequence[_Part]) -> None:
    """Drop the end of a neighbour where its sentence seems to go on in a passage that was not loaded."""
    last = parts[-1]
    if last.offer.score or last.block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
        return
    holder = next((one for one in reversed(parts) if one.spans), last)
    gap = _GAP.match(last.offer.text, last.block.end)
    goes_on = gap is not None and (last.block.page is not None or "\n" not in gap[0])
    if holder.spans and goes_on and not _FINISHED.search(last.offer.text, last.block.start, last.block.end):
        holder.spans.pop()
        holder.scores.pop()


def _sentences(part: _Part, section: int, leads: _Leads) -> Iterator[Sentence]:
    """Yield the parts of a block as what they are; nothing of headings and header rows."""
    role = _ROLES.get(part.block.kind)
    if role is None:
        return
    lead, text = part.block.lead, part.offer.text
    lead_text = leads.text(part.offer, part.block.kind, lead) if lead else ""
    path = headings_above(part.offer.source.passage, text, part.block.start).path
    for at, ((start, end), score) in enumerate(zip(part.spans, part.scores, strict=True)):
        own = Role.SENTENCE if at and role is Role.LIST_ITEM else role
        yield Sentence(part.offer.source, text[start:end], start, end, own, score, path, section, lead, lead_text)
