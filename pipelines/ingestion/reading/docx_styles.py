"""What a Word style means for reading: heading, list, code, table of contents."""

import re
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

from pipelines.domain.values import Value


_HEADING = re.compile(r"(?i)heading\s*([1-9])$")
_CODE = re.compile(r"(?i)(?:^|[\s_-])(?:code|code block|source|preformatted|macro text|verbatim|listing)$|^code[\s_-]")
_CONTENTS = re.compile(r"(?i)(?:toc\s*\d|toc heading|table of (?:contents|figures))$")
_DEEPEST_BASE = 20
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style(Value):
    """
    One paragraph style with what it inherits.

    Attributes:
        level: 1..9 for a heading, else 0.
        code: whether it is for code.
        contents: whether it is for a table of contents.
        num_id: the list that it belongs to; None for none.
        list_level: its level in that list; None where the list says.

    """

    level: int = 0
    code: bool = False
    contents: bool = False
    num_id: str | None = None
    list_level: int | None = None


class Styles:
    """The paragraph styles of one document by id."""

    def __init__(self, styles: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        for style in styles.iterfind(qn("w:style")) if styles is not None else ():
            if style.get(qn("w:type"), "paragraph") == "paragraph":
                self._elements.setdefault(style.get(qn("w:styleId"), ""), style)
        self._known: dict[str, Style] = {}

    def style(self, style_id: str | None) -> Style:
        """Return the style; a plain one for an unknown id or none."""
        if style_id is None:
            return Style()
        if style_id not in self._known:
            self._known[style_id] = self._resolved(style_id)
        return self._known[style_id]

    def _resolved(self, style_id: str) -> Style:
        level: int | None = None
        num_id: str | None = None
        list_level: int | None = None
        code = contents = False
        for element in self._with_bases(style_id):
            name = value_of(element.find(qn("w:name"))) or ""
            code = code or bool(_CODE.search(name))
            contents = contents or bool(_CONTENTS.match(name))
            level = _named_level(name) if level is None else level
            level = outline_level(element.find(qn("w:pPr"))) if level is None else level
            numbering = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbering is not None and num_id is None:
                num_id = value_of(numbering.find(qn("w:numId")))
                list_level = number_of(value_of(numbering.find(qn("w:ilvl"))))
        return Style(level or 0, code and not level, contents, num_id, list_level)

    def _with_bases(self, style_id: str) -> list[etree._Element]:
        """Return the style and those it is based on, nearest first; circles end."""
        found: list[etree._Element] = []
        next_id: str | None = style_id
        while next_id in self._elements and len(found) < _DEEPEST_BASE:
            found.append(self._elements[next_id])
            next_id = value_of(found[-1].find(qn("w:basedOn")))
        return found


def value_of(element: etree._Element | None) -> str | None:
    """Return `w:val` of an element, if there is one."""
    return element.get(qn("w:val")) if element is not None else None


def number_of(text: str | None) -> int | None:
    """Return a small whole number; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - an int


def outline_level(properties: etree._Element | None) -> int | None:
    """Return 1..9 from `w:outlineLvl`, 0 where it says body text; None without one."""
    level = number_of(value_of(properties.find(qn("w:outlineLvl")))) if properties is not None else None
    if level is None:
        return None
    return level + 1 if level < _BODY_LEVEL else 0


def _named_level(name: str) -> int | None:
    """Return the level that a built-in style's name says; built-in names are English in every language."""
    if name.lower() == "title":
        return 1
    found = _HEADING.match(name)
    return int(found[1]) if found else None
