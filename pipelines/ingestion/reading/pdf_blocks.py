"""Writes the paragraphs and tables of a PDF's pages as blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.domain.reading import BlockKind, Span
from pipelines.ingestion.reading.assembling import Assembler
from pipelines.ingestion.reading.pdf_headings import mark_headings
from pipelines.ingestion.reading.pdf_hyphens import Hyphens
from pipelines.ingestion.reading.pdf_lines import LEADERS, Line
from pipelines.ingestion.reading.pdf_paragraphs import Page, Paragraph
from pipelines.ingestion.reading.pdf_steps import Steps
from pipelines.ingestion.reading.pdf_tables import Table
from pipelines.ingestion.reading.pdf_typography import typography_of
from pipelines.ingestion.reading.prose import Prose, ProseBuilder, joined
from pipelines.ingestion.reading.tables import count_header_rows


def write_blocks(pages: Sequence[Sequence[Line | Table]], out: Assembler) -> None:
    """Write all pages of a document."""
    lines = [item for items in pages for item in items if isinstance(item, Line)]
    typography = typography_of(lines)
    steps = Steps(pages, typography.body)
    items = [item for page in pages for item in Page(page, typography, steps).paragraphs()]
    mark_headings(items, typography)
    _Writer(out, Hyphens((line.text for line in lines), justified=typography.justified)).write(items)


@dataclass(slots=True)
class _Writer:
    """Writes items and knows the list and the table that go on over a page break."""

    out: Assembler
    hyphens: Hyphens
    lead: Span | None = None
    levels: list[float] = field(default_factory=list)
    header: tuple[tuple[str, ...], Span | None, int] | None = None
    before: Paragraph | Table | None = None

    def write(self, items: Sequence[Paragraph | Table]) -> None:
        """Write every item."""
        for item in items:
            if isinstance(item, Table):
                self._table(item)
            else:
                self._paragraph(item)
            self.before = item

    def _paragraph(self, item: Paragraph) -> None:
        page = item.first.page
        if item.code:
            self.out.add_code(_code(item), page=page)
            return
        prose = self._prose(item)
        if item.heading:
            self.out.add(BlockKind.HEADING, prose.flat(), level=item.heading, page=page)
        elif self._continues(item):
            last = self.out.last
            kind = last.kind if last else BlockKind.PARAGRAPH
            lead, level = (last.lead, last.level) if last and kind is BlockKind.LIST_ITEM else (None, 0)
            self.out.add(kind, prose, page=page, lead=lead, level=level, continues=True)
        elif item.marker:
            self._item(item, prose, page)
        else:
            self.out.add(BlockKind.PARAGRAPH, prose, page=page)

    def _item(self, item: Paragraph, prose: Prose, page: int) -> None:
        last = self.out.last
        if last is None or last.kind is not BlockKind.LIST_ITEM:
            self.out.separate()
            self.levels, self.lead = [], self.out.lead_in()
        x0, slack = item.first.box.x0, 0.6 * item.first.size
        while self.levels and self.levels[-1] > x0 + slack:
            self.levels.pop()
        if not self.levels or self.levels[-1] < x0 - slack:
            self.levels.append(x0)
        self.out.add(BlockKind.LIST_ITEM, prose, level=len(self.levels) - 1, page=page, lead=self.lead)

    def _continues(self, item: Paragraph) -> bool:
        """Whether an item that begins a page goes on with the sentence that ended the page before."""
        before = self.before
        return (
            isinstance(before, Paragraph)
            and before.lines[-1].page != item.first.page
            and not before.heading
            and not item.marker
            and before.full
            and before.open_ended
            and before.lines[-1].size == item.first.size
        )

    def _prose(self, item: Paragraph) -> Prose:
        """Return the text of a paragraph without its bullet, words at line ends made whole."""
        first = item.first.prose
        cut = item.marker.length if item.marker and item.marker.number is None else 0
        builder = ProseBuilder()
        _add(builder, first, cut)
        above = item.first
        for line in item.lines[1:]:
            joint = self.hyphens.joint(above.text, line.text, spaced=above.spaced)
            if joint is None:
                builder.drop_last()
            else:
                builder.add(joint)
            _add(builder, line.prose, 0)
            above = line
        return builder.finish()

    def _table(self, table: Table) -> None:
        """Write a table; on a new page it goes on with the table that ended the page before."""
        rows = list(table.rows)
        texts = [tuple(cell.text for cell in row) for row in rows]
        page = table.page
        goes_on = isinstance(self.before, Table) and self.before.page == page - 1 and self.header is not None
        if goes_on and self.header and len(self.header[0]) == len(texts[0]):
            labels, lead, number = self.header
            skip = 1 if texts[0] == labels else 0
        else:
            self.out.separate()
            has_header = bool(table.bold_first or count_header_rows(texts))
            lead = self.out.add(BlockKind.TABLE_HEADER, joined(rows[0]), page=page, row=1) if has_header else None
            labels, skip, number = texts[0], int(has_header), int(has_header)
        for row in rows[skip:]:
            number += 1
            # Without a header that they would line up with, empty cells say nothing.
            cells = row if lead else [cell for cell in row if cell.text]
            self.out.add(BlockKind.TABLE_ROW, joined(cells), page=page, row=number, lead=lead)
        self.header = (labels, lead, number)


def _add(builder: ProseBuilder, prose: Prose, cut: int) -> None:
    """Add prose run by run, without its first `cut` characters."""
    at = cut
    for link in prose.links:
        if link.start < at:
            continue
        builder.add(prose.text[at : link.start])
        builder.open_link(link.address)
        builder.add(prose.text[link.start : link.end])
        builder.close_link()
        at = link.end
    builder.add(LEADERS.sub(" … ", prose.text[at:]))


def _code(item: Paragraph) -> str:
    """Return lines of code, indented as they stand on the page."""
    left = min(line.box.x0 for line in item.lines)
    widths = [(line.box.x1 - line.box.x0) / max(len(line.text), 1) for line in item.lines]
    letter = max(sorted(widths)[len(widths) // 2], 1.0)
    return "\n".join(" " * round((line.box.x0 - left) / letter) + line.text for line in item.lines)
