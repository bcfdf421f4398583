"""Headings, paragraphs, nested lists and tables as markup opens and closes them; used by every format with markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.domain.reading import BlockKind, Link, Span
from pipelines.ingestion.reading.assembling import Assembler
from pipelines.ingestion.reading.prose import Prose


_DEEPEST_HEADING = 6


@dataclass(slots=True)
class _List:
    """An open list: the sentence that introduces it and the number of its next item, None without numbers."""

    lead: Span | None
    number: int | None
    level: int
    mark: str | None = None
    fresh: bool = False


@dataclass(slots=True)
class Flow:
    """
    Writes blocks to an assembler and knows which lists are open.

    The first paragraph of an item becomes the item; what follows in it stays what it
    is. An anchor that comes before a block belongs to that block.
    """

    out: Assembler
    _lists: list[_List] = field(default_factory=list)
    _anchor: str | None = None

    @property
    def depth(self) -> int:
        """How many lists are open."""
        return len(self._lists)

    def anchor(self, name: str | None) -> None:
        """Give the next block an anchor, unless it has its own."""
        self._anchor = name or self._anchor

    def take_anchor(self, own: str | None = None) -> str | None:
        """Return the block's own anchor, or else the waiting one; none waits after it."""
        waiting, self._anchor = self._anchor, None
        return own or waiting

    def heading(self, prose: Prose, level: int, anchor: str | None) -> None:
        """Write a heading; a heading ends what introduces a list."""
        self.out.add(
            BlockKind.HEADING, prose.flat(), level=min(max(level, 1), _DEEPEST_HEADING), anchor=self.take_anchor(anchor)
        )

    def paragraph(self, prose: Prose, anchor: str | None = None) -> None:
        """Write a paragraph, or the text of the item that was just opened. Blank prose writes nothing."""
        if not prose.text:
            return
        item = self._lists[-1] if self._lists and self._lists[-1].fresh else None
        if item is None:
            self.out.add(BlockKind.PARAGRAPH, prose, anchor=self.take_anchor(anchor))
            return
        item.fresh = False
        text = prefixed(f"{item.mark} ", prose) if item.mark else prose
        self.out.add(BlockKind.LIST_ITEM, text, level=item.level, lead=item.lead, anchor=self.take_anchor(anchor))

    def code(self, code: str) -> None:
        """Write code whole."""
        self.out.add_code(code, anchor=self.take_anchor())

    def table(self, rows: Iterable[Sequence[Prose]], header_rows: int) -> None:
        """Write a table; a heading or list around it is not touched."""
        self.out.add_table(rows, header_rows=header_rows, anchor=self.take_anchor())

    def open_list(self, first_number: int | None = None, *, resumed: bool = False) -> None:
        """
        Begin a list, inside the open item if there is one.

        A list that is all of its item so far takes that item's place and lead-in. One
        that is `resumed` after something else is not introduced by that.
        """
        around = self._lists[-1] if self._lists else None
        if around is None:
            self.out.separate()
            before = self.out.last
            introduced = before is not None and before.kind is BlockKind.PARAGRAPH and not resumed
            self._lists.append(_List(self.out.lead_in() if introduced else None, first_number, 0))
        elif around.fresh:
            self._lists.append(_List(around.lead, first_number, around.level))
        else:
            self._lists.append(_List(self.out.lead_in(), first_number, around.level + 1))

    def close_list(self) -> None:
        """End the innermost list; without one nothing happens."""
        if self._lists:
            self._lists.pop()
        if not self._lists:
            self.out.separate()

    def open_item(self, number: int | None = None, mark: str | None = None) -> None:
        """
        Begin an item of the innermost list.

        Args:
            number: its number where the markup sets one.
            mark: how its number is written; `3.` by default, for a numbered list.

        """
        if not self._lists:
            return
        innermost = self._lists[-1]
        innermost.fresh, innermost.mark = True, mark
        if innermost.number is not None:
            innermost.number = innermost.number if number is None else number
            innermost.mark = mark or f"{innermost.number}."
            innermost.number += 1

    def close_item(self) -> None:
        """End the open item of the innermost list."""
        if self._lists:
            self._lists[-1].fresh = False


def prefixed(prefix: str, prose: Prose) -> Prose:
    """Return prose with text put before it; links move along."""
    by = len(prefix)
    return Prose(prefix + prose.text, tuple(Link(one.start + by, one.end + by, one.address) for one in prose.links))
