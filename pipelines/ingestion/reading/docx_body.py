"""Walks the body of a Word document and writes its blocks."""

import re

from docx.oxml.ns import qn
from lxml import etree

from pipelines.ingestion.reading.docx_numbering import Item, Numbering
from pipelines.ingestion.reading.docx_package import Package
from pipelines.ingestion.reading.docx_runs import Paragraph, chosen, is_on
from pipelines.ingestion.reading.docx_styles import Style, Styles, number_of, outline_level, value_of
from pipelines.ingestion.reading.docx_tables import rows_of
from pipelines.ingestion.reading.flow import Flow, prefixed
from pipelines.ingestion.reading.prose import Prose, joined


_WRAPPERS = frozenset(qn(f"w:{name}") for name in ("sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MONOSPACED = re.compile(r"(?i)courier|consol|mono|menlo|lucida sans typewriter|source code|fira code")
_CODE_LIKE = re.compile(r"[;{}=<>\[\]]|\w\(")
_LONGEST_HEADING = 90


class Body:
    """Writes one document: its body, then its notes."""

    def __init__(self, package: Package, flow: Flow) -> None:
        self._package = package
        self._flow = flow
        self._styles = Styles(package.styles)
        self._numbering = Numbering(package.numbering)
        self._notes: list[str] = []
        self._code: list[str] = []
        self._bold_headings = not any(self._level(one) for one in package.body.iter(qn("w:p")))

    def write(self) -> None:
        """Write everything."""
        self._blocks(self._package.body)
        self._end_code()
        self._close_lists(0)
        self._write_notes()

    def _blocks(self, parent: etree._Element) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._table(child)
            elif (child.tag == qn("w:sdt") and not _is_contents(child)) or child.tag in _WRAPPERS:
                self._blocks(child)
            elif child.tag == _ALTERNATE:
                self._blocks(chosen(child))

    def _paragraph(self, element: etree._Element) -> None:
        style = self._style(element)
        if style.contents:
            return
        paragraph = Paragraph(self._package.addresses, self._notes)
        prose = paragraph.read(element)
        item = self._item(element, style) if prose.text else None
        if style.code or (_is_monospaced(element) and (self._code or _CODE_LIKE.search(prose.text))):
            self._close_lists(0)
            self._code.append(_code_text(element))
        elif prose.text:
            self._end_code()
            self._write(element, prose, item)
        for box in paragraph.boxes:
            self._end_code()
            self._close_lists(0)
            self._blocks(box)
            self._close_lists(0)

    def _write(self, element: etree._Element, prose: Prose, item: Item | None) -> None:
        """Write a paragraph as heading, list item or paragraph."""
        level = self._level(element) or (2 if self._bold_headings and item is None and _is_bold(element, prose) else 0)
        if level:
            self._close_lists(0)
            self._flow.heading(prefixed(f"{item.mark} ", prose) if item and item.mark else prose, level, None)
        elif item is None:
            self._close_lists(0)
            self._flow.paragraph(prose)
        else:
            self._close_lists(item.level + 1)
            while self._flow.depth <= item.level:
                self._flow.open_list(resumed=item.resumed)
            self._flow.open_item(mark=item.mark)
            self._flow.paragraph(prose)
            self._flow.close_item()

    def _table(self, table: etree._Element) -> None:
        self._end_code()
        self._close_lists(0)
        rows, header_rows = rows_of(table, self._cell)
        if max(map(len, rows), default=0) > 1:
            self._flow.table(rows, header_rows)
            return
        for cell in table.iterfind(f"{qn('w:tr')}/{qn('w:tc')}"):
            self._blocks(cell)
        self._end_code()
        self._close_lists(0)

    def _cell(self, cell: etree._Element) -> Prose:
        """Return all text of a cell in one stretch, with the numbers of its items."""
        parts = []
        for element in cell.iter(qn("w:p")):
            paragraph = Paragraph(self._package.addresses, self._notes)
            prose = paragraph.read(element)
            item = self._item(element, self._style(element)) if prose.text else None
            parts.append(prefixed(f"{item.mark} ", prose) if item and item.mark else prose)
        return joined([part for part in parts if part.text], " ")

    def _write_notes(self) -> None:
        """Write the notes that the text refers to, each after its number."""
        known = {
            ("f" if root.tag == qn("w:footnotes") else "e") + note.get(qn("w:id"), ""): note
            for root in self._package.notes
            for note in root
            if isinstance(note.tag, str)
        }
        for number, name in enumerate(self._notes[:], 1):
            if name in known:
                prose = self._cell(known[name])
                self._flow.paragraph(prefixed(f"[{number}] ", prose) if prose.text else prose)

    def _style(self, element: etree._Element) -> Style:
        return self._styles.style(_style_id(element))

    def _level(self, element: etree._Element) -> int:
        """Return the level of a heading, else 0; an outline level of its own wins over the style's."""
        own = outline_level(element.find(qn("w:pPr")))
        return self._style(element).level if own is None else own

    def _item(self, element: etree._Element, style: Style) -> Item | None:
        own = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        num_id, level = style.num_id, style.list_level
        if own is not None:
            num_id = value_of(own.find(qn("w:numId"))) or num_id
            level = number_of(value_of(own.find(qn("w:ilvl"))))
        return self._numbering.next_item(num_id, level, _style_id(element)) if num_id else None

    def _close_lists(self, depth: int) -> None:
        while self._flow.depth > depth:
            self._flow.close_list()

    def _end_code(self) -> None:
        code, self._code = self._code, []
        if code:
            self._flow.code("\n".join(code))


def _style_id(element: etree._Element) -> str | None:
    return value_of(element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))


def _is_contents(control: etree._Element) -> bool:
    """Whether a content control holds a table of contents."""
    gallery = value_of(control.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}"))
    return gallery == "Table of Contents"


def _runs_with_text(element: etree._Element) -> list[etree._Element]:
    return [run for run in element.iter(qn("w:r")) if any((one.text or "").strip() for one in run.iter(qn("w:t")))]


def _is_bold(element: etree._Element, prose: Prose) -> bool:
    """Whether a paragraph is short, all bold and no sentence."""
    if len(prose.text) > _LONGEST_HEADING or "\n" in prose.text or prose.text.endswith((".", ",", ";", ":", "!")):
        return False
    runs = _runs_with_text(element)
    return bool(runs) and all(is_on(run.find(f"{qn('w:rPr')}/{qn('w:b')}")) for run in runs)


def _is_monospaced(element: etree._Element) -> bool:
    """Whether all of a paragraph is set in a typewriter face."""
    runs = _runs_with_text(element)
    fonts = [run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") for run in runs]
    faces = [font.get(qn("w:ascii"), "") if font is not None else "" for font in fonts]
    return bool(runs) and all(_MONOSPACED.search(face) for face in faces)


def _code_text(element: etree._Element) -> str:
    """Return a paragraph of code with its spaces, tabs and breaks."""
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
    parts = [one.text or "" if one.tag == qn("w:t") else signs.get(one.tag, "") for one in element.iter()]
    return "".join(parts)
