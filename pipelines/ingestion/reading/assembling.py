"""Puts blocks one after the other into the text of a `Read`. The only place that counts offsets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipelines.domain.reading import Block, BlockKind, Link, ParseLimits, Read, Rejected, Span
from pipelines.ingestion.reading.bounds import too_expanded, too_long
from pipelines.ingestion.reading.prose import Prose, clean, joined
from pipelines.retrieval.sentences import split_sentences


_LIST_KINDS = (BlockKind.LIST_ITEM, BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What a document says about itself, clean; None where it says nothing.

    Attributes:
        title: its title.
        author: its author or authors, joined by ", ".
        date: ISO 8601 day.
        audience: normalised readers.

    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    audience: tuple[str, ...] | None = None


@dataclass(slots=True)
class Assembler:
    """Collects the blocks of one document in reading order."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _blocks: list[Block] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _apart: bool = True

    @property
    def last(self) -> Block | None:
        """The block added last."""
        return self._blocks[-1] if self._blocks else None

    def separate(self) -> None:
        """Let the next block stand apart, though it may be of the same kind: a new list or table begins."""
        self._apart = True

    def add(
        self,
        kind: BlockKind,
        prose: Prose,
        *,
        level: int = 0,
        anchor: str | None = None,
        page: int | None = None,
        row: int | None = None,
        lead: Span | None = None,
        continues: bool = False,
    ) -> Span | None:
        """Add a block and return where it stands; blank prose adds nothing and returns None."""
        text = prose.text
        indent = len(text) - len(text.lstrip())
        if indent == len(text):
            return None
        self._put(self._gap(kind))
        start = self._length + indent
        self._links += [Link(self._length + one.start, self._length + one.end, one.address) for one in prose.links]
        self._put(text.rstrip())
        span = (start, self._length)
        self._blocks.append(Block(kind, *span, level, anchor, page, row, lead, continues))
        self._apart = False
        return span

    def add_code(self, code: str, *, anchor: str | None = None, page: int | None = None) -> None:
        """Add code whole: its indentation and blank lines stay."""
        self.add(BlockKind.CODE, Prose(clean(code).expandtabs(4).strip("\n")), anchor=anchor, page=page)

    def add_table(
        self,
        rows: Iterable[Sequence[Prose]],
        *,
        header_rows: int = 1,
        first_row: int = 1,
        page: int | None = None,
        anchor: str | None = None,
    ) -> None:
        """
        Add a table. Its first row has the number `first_row`, whether it is a header or not.

        Several header rows become one, column by column, each text once.
        """
        self.separate()
        left = iter(rows)
        header = joined(_merged_header(list(islice(left, header_rows))))
        lead = self.add(BlockKind.TABLE_HEADER, header, page=page, row=first_row, anchor=anchor)
        unused = anchor if lead is None else None
        for number, cells in enumerate(left, first_row + header_rows):
            added = self.add(BlockKind.TABLE_ROW, joined(cells), page=page, row=number, lead=lead, anchor=unused)
            unused = None if added else unused
        self.separate()

    def lead_in(self) -> Span | None:
        """
        Return the last sentence of the paragraph or list item just before this place.

        It introduces the list that begins here. None after a heading, a table, code
        or at the start.
        """
        before = self.last
        if before is None or before.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            return None
        text = self._tail(before)
        start, end = split_sentences(text)[-1]
        return (before.start + start, before.start + end)

    def finish(self, facts: Facts, *, size: int, limits: ParseLimits) -> Read | Rejected:
        """
        Return the document; rejected when it is empty or beyond the limits of its `size` in bytes.

        A document that names no title has none: readers of formats whose first
        heading is a title pass it with the facts.
        """
        if not self._blocks:
            return Rejected("it holds no text")
        beyond = too_long(self._length, limits) or too_expanded(self._length, size, limits)
        if beyond:
            return beyond
        return Read(
            text="".join(self._parts),
            blocks=tuple(self._blocks),
            title=facts.title,
            author=facts.author,
            date=facts.date,
            links=tuple(self._links),
            audience=facts.audience,
        )

    def first_heading(self, level: int = 1) -> str | None:
        """Return the text of the first heading of this level."""
        found = next((one for one in self._blocks if one.kind is BlockKind.HEADING and one.level == level), None)
        return "".join(self._parts)[found.start : found.end] if found else None

    def _gap(self, kind: BlockKind) -> str:
        if not self._blocks:
            return ""
        run = kind in _LIST_KINDS and self._blocks[-1].kind in _LIST_KINDS
        return "\n" if run and not self._apart else "\n\n"

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _tail(self, block: Block) -> str:
        """Return the text of the last block, which is the last part put."""
        return self._parts[-1][-(block.end - block.start) :]


def _merged_header(rows: Sequence[Sequence[Prose]]) -> Sequence[Prose]:
    """Return one header row: the texts above each other joined by a blank, equal ones once."""
    if len(rows) <= 1:
        return rows[0] if rows else []
    width = max(len(row) for row in rows)
    merged = []
    for column in range(width):
        above: list[Prose] = []
        for row in rows:
            if column < len(row) and row[column].text and all(row[column].text != one.text for one in above):
                above.append(row[column])
        merged.append(joined(above, " "))
    return merged
