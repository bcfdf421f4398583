"""The inside of a Word paragraph: its visible text with links, and the text boxes that hang on it."""

import re
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml import etree

from pipelines.ingestion.reading.prose import Prose, ProseBuilder


_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_CONTAINERS = frozenset(
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "dir", "bdo")
)
_SIGNS: dict[object, str] = {qn("w:tab"): " ", qn("w:ptab"): " ", qn("w:noBreakHyphen"): "-"}
_GRAPHICS = frozenset(qn(f"w:{name}") for name in ("drawing", "pict", "object"))


@dataclass(slots=True)
class Paragraph:
    """
    Reads one paragraph.

    Attributes:
        addresses: relationship id -> address.
        notes: ids of the notes that the document refers to, in order; grows.
        boxes: contents of text boxes found in the paragraph.

    """

    addresses: dict[str, str]
    notes: list[str]
    boxes: list[etree._Element] = field(default_factory=list)
    _builder: ProseBuilder = field(default_factory=ProseBuilder)
    _instructions: list[str] = field(default_factory=list)
    _linked: list[bool] = field(default_factory=list)

    def read(self, paragraph: etree._Element) -> Prose:
        """Return the paragraph's text."""
        self._inside(paragraph)
        return self._builder.finish()

    def _inside(self, element: etree._Element) -> None:
        for child in element:
            tag = child.tag
            if tag == qn("w:r"):
                self._run(child)
            elif tag == qn("w:hyperlink"):
                self._link(child)
            elif tag in _CONTAINERS:
                self._inside(child)
            elif tag == f"{_ALTERNATE}AlternateContent":
                self._inside(chosen(child))
            elif isinstance(tag, str) and tag.startswith(_MATH):
                self._builder.add("".join(one.text or "" for one in child.iter(f"{_MATH}t")))

    def _link(self, link: etree._Element) -> None:
        anchor = link.get(qn("w:anchor"))
        address = self.addresses.get(link.get(qn("r:id"), ""), "")
        self._builder.open_link(f"{address}#{anchor}" if anchor else address)
        self._inside(link)
        self._builder.close_link()

    def _run(self, run: etree._Element) -> None:
        properties = run.find(qn("w:rPr"))
        if properties is not None and is_on(properties.find(qn("w:vanish"))):
            return
        for child in run:
            self._run_part(child, child.tag)

    def _run_part(self, child: etree._Element, tag: object) -> None:
        if tag == qn("w:t"):
            self._builder.add(child.text or "")
        elif tag in _SIGNS:
            self._builder.add(_SIGNS[tag])
        elif tag in (qn("w:br"), qn("w:cr")):
            self._builder.line_break()
        elif tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
            self._note(child)
        elif tag in (qn("w:fldChar"), qn("w:instrText")):
            self._field(child)
        elif tag in _GRAPHICS:
            self.boxes += boxes_in(child)
        elif tag == f"{_ALTERNATE}AlternateContent":
            self.boxes += boxes_in(chosen(child))
        elif tag == qn("w:ruby"):
            for base in child.iterfind(qn("w:rubyBase")):
                self._inside(base)

    def _note(self, reference: etree._Element) -> None:
        kind = "f" if reference.tag == qn("w:footnoteReference") else "e"
        self.notes.append(kind + reference.get(qn("w:id"), ""))
        self._builder.add(f"[{len(self.notes)}]")

    def _field(self, part: etree._Element) -> None:
        """Follow a field of the old form: a link's address stands in its instruction."""
        kind = part.get(qn("w:fldCharType"))
        if part.tag == qn("w:instrText"):
            if self._instructions:
                self._instructions[-1] += part.text or ""
        elif kind == "begin":
            self._instructions.append("")
            self._linked.append(False)
        elif kind == "separate" and self._instructions:
            found = _FIELD_LINK.match(self._instructions[-1])
            if found:
                self._builder.open_link(found[1])
                self._linked[-1] = True
        elif kind == "end" and self._instructions:
            self._instructions.pop()
            if self._linked.pop():
                self._builder.close_link()


def is_on(switch: etree._Element | None) -> bool:
    """Whether a property such as bold is set."""
    return switch is not None and switch.get(qn("w:val"), "true") not in ("0", "false", "off", "none")


def chosen(alternate: etree._Element) -> etree._Element:
    """Return the choice of alternate content, or else its fallback: both hold the same."""
    choice = alternate.find(f"{_ALTERNATE}Choice")
    fallback = alternate.find(f"{_ALTERNATE}Fallback")
    return next((one for one in (choice, fallback) if one is not None), alternate)


def boxes_in(graphic: etree._Element) -> list[etree._Element]:
    """Return the contents of the text boxes in a graphic, outermost only, each once."""
    if graphic.tag == qn("w:txbxContent"):
        return [graphic]
    if graphic.tag == f"{_ALTERNATE}AlternateContent":
        return boxes_in(chosen(graphic))
    return [box for child in graphic for box in boxes_in(child)]
