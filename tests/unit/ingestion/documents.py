"""Readings for tests of the chunker: written block by block, or drawn by chance."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

from pipelines.domain.reading import Block, BlockKind, Read, Span


@dataclass
class Writer:
    """Writes blocks into a text as the readers do: a blank line between them, a line end between rows and items."""

    text: str = ""
    blocks: list[Block] = field(default_factory=list)

    def add(
        self,
        kind: BlockKind,
        text: str,
        *,
        page: int | None = None,
        level: int = 0,
        anchor: str | None = None,
        row: int | None = None,
        lead: Span | None = None,
    ) -> Block:
        """Append a block and return it; white space at the ends of its text is dropped."""
        rows = (BlockKind.TABLE_ROW, BlockKind.LIST_ITEM)
        if self.text:
            self.text += "\n" if kind in rows and lead is not None else "\n\n"
        start = len(self.text)
        self.text += text.strip()
        block = Block(kind, start, len(self.text), level=level, anchor=anchor, page=page, row=row, lead=lead)
        self.blocks.append(block)
        return block

    def read(self) -> Read:
        """Return what was written."""
        return Read(self.text, tuple(self.blocks))


def sentence(number: int) -> str:
    """Return a sentence of some seventy characters; the number makes it another one."""
    return f"Employee number {number} may take leave after a talk with the own manager."


_WORDS = st.sampled_from(["leave", "Pay.", "x" * 700, "Why?", "年休假", "e\u0301", "👩‍👩‍👧", "a", "two words.", "Dr."])
_TEXTS = st.lists(_WORDS, min_size=1, max_size=40).map(" ".join)
_CODE = st.lists(st.sampled_from(["x = 1", "def f():", "", "y" * 300]), min_size=1, max_size=30).map("\n".join)
LONG_TEXTS = st.lists(st.lists(_WORDS, min_size=30, max_size=50).map(" ".join), min_size=1, max_size=2)
"""Texts of paragraphs with words beyond any limit."""


@st.composite
def _readings(draw: st.DrawFn) -> Read:
    """Draw a document: sections of prose, lists, tables and code, on pages or not."""
    writer = Writer()
    paged = draw(st.booleans())
    page = 1 if paged else None
    for _ in range(draw(st.integers(1, 8))):
        if paged and draw(st.booleans()):
            page = (page or 0) + 1
        kind = draw(st.sampled_from(["heading", "prose", "list", "table", "code"]))
        if kind == "heading":
            writer.add(BlockKind.HEADING, draw(st.sampled_from(["Leave", "Pay", "IT"])), level=draw(_LEVELS), page=page)
        elif kind == "prose":
            writer.add(BlockKind.PARAGRAPH, draw(_TEXTS), page=page)
        elif kind == "list":
            _add_list(writer, draw(st.lists(_TEXTS, min_size=1, max_size=6)), page)
        elif kind == "table":
            _add_table(writer, draw(st.integers(1, 60)), page)
        else:
            writer.add(BlockKind.CODE, f"begin\n{draw(_CODE)}\nend", page=page)
    return writer.read()


_LEVELS = st.integers(1, 3)
READINGS = _readings()
"""Documents of every kind of block, with pages and without."""


def _add_list(writer: Writer, items: list[str], page: int | None) -> None:
    lead = writer.add(BlockKind.PARAGRAPH, "You need the following:", page=page)
    for item in items:
        writer.add(BlockKind.LIST_ITEM, f"- {item}", page=page, lead=(lead.start, lead.end))


def _add_table(writer: Writer, rows: int, page: int | None) -> None:
    header = writer.add(BlockKind.TABLE_HEADER, "Country | Rate", page=page, row=1)
    for row in range(2, rows + 2):
        lead = (header.start, header.end)
        writer.add(BlockKind.TABLE_ROW, f"Country number {row} | {row} euros a day", page=page, row=row, lead=lead)
