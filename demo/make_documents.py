#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["markdown-it-py>=4,<5", "python-docx==1.2.0", "pyyaml>=6,<7", "reportlab==5.1.0"]
# ///
"""
Print the demonstration's PDF and Word documents from `authoring/*.md`.

The same input gives the same bytes. Not part of the product: it runs when a text in
`authoring/` has changed, and its output is kept in `documents/`.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from xml.sax.saxutils import escape

import yaml
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle


HERE = Path(__file__).parent
COMPANY = "Merriwind Instruments"


@dataclass(frozen=True, slots=True)
class Part:
    """
    One part of a page.

    Attributes:
        kind: `heading`, `paragraph`, `bullet`, `number` or `table`.
        text: its words; empty for a table.
        level: of a heading, from 1; of a numbered item, its number.
        rows: of a table, the header first.

    """

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to print: where it goes, what it says of itself, and its parts."""

    file: str
    title: str
    author: str
    day: date
    parts: tuple[Part, ...]


def read_sheet(text: str) -> Sheet:
    """Return the document of a Markdown text with front matter `title`, `author`, `date`, `file`."""
    _, front, body = text.split("---\n", 2)
    about: Mapping[str, object] = yaml.safe_load(front)
    day = about["date"]
    if not isinstance(day, date):
        message = f"{about['file']}: {day!r} is no date"
        raise TypeError(message)
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(body))
    return Sheet(str(about["file"]), str(about["title"]), str(about["author"]), day, tuple(to_parts(tree)))


def to_parts(root: SyntaxTreeNode) -> Iterator[Part]:
    """Yield the parts of a Markdown text; lists are flat, and inline text is plain."""
    for node in root.children:
        if node.type == "heading":
            yield Part("heading", words(node), int(node.tag[1]))
        elif node.type == "bullet_list":
            yield from (Part("bullet", words(item)) for item in node.children)
        elif node.type == "ordered_list":
            yield from (Part("number", words(item), at) for at, item in enumerate(node.children, start=1))
        elif node.type == "table":
            rows = (row for half in node.children for row in half.children)
            yield Part("table", rows=tuple(tuple(words(cell) for cell in row.children) for row in rows))
        else:
            yield Part("paragraph", words(node))


def words(node: SyntaxTreeNode) -> str:
    """Return the inline text below a node on one line."""
    return " ".join(one.content.replace("\n", " ") for one in node.walk() if one.type == "inline")


# PDF -----------------------------------------------------------------------------

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=16.5, spaceAfter=8, allowWidows=0)
ITEM = ParagraphStyle("item", BODY, leftIndent=16, bulletIndent=2, bulletFontSize=11, spaceAfter=4)
CELL = ParagraphStyle("cell", BODY, fontSize=9.5, leading=12.5, spaceAfter=0)
HEAD_CELL = ParagraphStyle("head cell", CELL, fontName="Helvetica-Bold")
HEADINGS = {
    1: ParagraphStyle("h1", BODY, fontName="Helvetica-Bold", fontSize=24, leading=29, spaceAfter=14),
    2: ParagraphStyle(
        "h2", BODY, fontName="Helvetica-Bold", fontSize=15, leading=19, spaceBefore=15, spaceAfter=6, keepWithNext=1
    ),
    3: ParagraphStyle(
        "h3", BODY, fontName="Helvetica-Bold", fontSize=11.5, leading=15, spaceBefore=9, spaceAfter=4, keepWithNext=1
    ),
}
GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.HexColor("#9AA8B5")),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#E6ECF1")),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("NOSPLIT", (0, 0), (-1, -1)),
    ]
)


class Brochure(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """Pages with a footer, and an outline made of the headings."""

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # the name that reportlab calls
        """Put each heading into the outline."""
        name = getattr(getattr(flowable, "style", None), "name", "")
        if name in ("h1", "h2", "h3"):
            key = f"{name}-{self.page}-{self.frame._y}"  # noqa: SLF001  # the only mark that is unique on a page
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, level=int(name[1]) - 1)


def make_pdf(sheet: Sheet) -> bytes:
    """Return the document as a PDF with page numbers, footer, outline and its own dates."""

    def footer(canvas: Canvas, _doc: BaseDocTemplate) -> None:
        canvas.setDateFormatter(lambda *_now: f"D:{sheet.day:%Y%m%d}090000+00'00'")
        canvas.setFont("Helvetica", 8)
        canvas.setStrokeColor(colors.HexColor("#9AA8B5"))
        canvas.line(2.5 * cm, 1.9 * cm, A4[0] - 2.5 * cm, 1.9 * cm)
        canvas.drawString(2.5 * cm, 1.45 * cm, f"{COMPANY} · {sheet.title} · {sheet.author}")
        canvas.drawRightString(A4[0] - 2.5 * cm, 1.45 * cm, f"Page {canvas.getPageNumber()}")

    out = io.BytesIO()
    doc = Brochure(out, pagesize=A4, title=sheet.title, author=sheet.author, creator=COMPANY, subject="", invariant=1)
    frame = Frame(2.5 * cm, 2.3 * cm, A4[0] - 5 * cm, A4[1] - 4.6 * cm, 0, 0, 0, 0)
    doc.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=footer))
    doc.build([to_flowable(part, frame.width) for part in sheet.parts])
    return out.getvalue()


def to_flowable(part: Part, width: float) -> Flowable:
    """Return the part as reportlab sets it."""
    if part.kind == "table":
        return to_pdf_table(part, width)
    if part.kind == "heading":
        return Paragraph(escape(part.text), HEADINGS[part.level])
    if part.kind == "paragraph":
        return Paragraph(escape(part.text), BODY)
    return Paragraph(escape(part.text), ITEM, bulletText="•" if part.kind == "bullet" else f"{part.level}.")


def to_pdf_table(part: Part, width: float) -> Table:
    """Return a ruled table as wide as the page, each column by its longest cell; the header repeats."""
    longest = [max(len(row[at]) for row in part.rows) + 4 for at in range(len(part.rows[0]))]
    widths = [width * one / sum(longest) for one in longest]
    cells = [[Paragraph(escape(one), HEAD_CELL if not at else CELL) for one in row] for at, row in enumerate(part.rows)]
    return Table(cells, colWidths=widths, repeatRows=1, style=GRID, spaceBefore=3, spaceAfter=11, hAlign="LEFT")


# Word ----------------------------------------------------------------------------

WORD_STYLES = {"paragraph": "Normal", "bullet": "List Bullet", "number": "List Number"}


def make_docx(sheet: Sheet) -> bytes:
    """Return the document as Word keeps it: styles, real lists and tables, core properties."""
    doc = Document()
    set_properties(doc, sheet)
    numbering = 0
    for part in sheet.parts:
        if part.kind == "table":
            add_word_table(doc, part)
        elif part.kind == "heading":
            doc.add_heading(part.text, part.level - 1)
        else:
            paragraph = doc.add_paragraph(part.text, WORD_STYLES[part.kind])
            if part.kind == "number":
                numbering = restart_numbering(doc) if part.level == 1 else numbering
                mark = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001  # python-docx has no other way
                mark.get_or_add_ilvl().val, mark.get_or_add_numId().val = 0, numbering
    out = io.BytesIO()
    doc.save(out)
    return with_fixed_times(out.getvalue(), sheet.day)


def set_properties(doc: WordDocument, sheet: Sheet) -> None:
    """Write title, author, dates, font, margins and footer."""
    moment = datetime.combine(sheet.day, time(9), UTC).replace(tzinfo=None)
    about = doc.core_properties
    about.title, about.author, about.last_modified_by = sheet.title, sheet.author, sheet.author
    about.created = about.modified = moment
    about.comments, about.language = "", "en-GB"
    doc.styles["Normal"].font.size = Pt(11)
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    foot = section.footer.paragraphs[0]
    foot.text = f"{COMPANY} · {sheet.title} · {sheet.author}"
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER


def restart_numbering(doc: WordDocument) -> int:
    """Return the id of a new numbered list that begins at 1."""
    numbering = doc.part.numbering_part.element
    own = doc.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(one for one in numbering.num_lst if one.numId == own).abstractNumId.val
    fresh = numbering.add_num(abstract)
    fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(fresh.numId)


def add_word_table(doc: WordDocument, part: Part) -> None:
    """Add a ruled table whose first row is marked as the header."""
    table = doc.add_table(rows=0, cols=len(part.rows[0]), style="Table Grid")
    for at, row in enumerate(part.rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(text).bold = at == 0
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  # python-docx has no other way
    doc.add_paragraph()


def with_fixed_times(data: bytes, day: date) -> bytes:
    """Return the same archive with every entry dated `day`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def main() -> None:
    """Print every text of `authoring/` into `documents/`."""
    for source in sorted((HERE / "authoring").glob("*.md")):
        sheet = read_sheet(source.read_text(encoding="utf-8"))
        make = make_pdf if sheet.file.endswith(".pdf") else make_docx
        (HERE / "documents" / sheet.file).write_bytes(make(sheet))


if __name__ == "__main__":
    main()
