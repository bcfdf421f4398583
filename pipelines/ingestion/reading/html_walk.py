"""Walks the content of an HTML page and writes its blocks."""

from lxml import etree

from pipelines.ingestion.reading.flow import Flow
from pipelines.ingestion.reading.html_tables import is_layout, table_of
from pipelines.ingestion.reading.html_tags import INLINE
from pipelines.ingestion.reading.html_visible import is_unseen, name_of, text_inside
from pipelines.ingestion.reading.numerals import letters, roman
from pipelines.ingestion.reading.prose import Prose, ProseBuilder


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PERMALINKS = frozenset({"¶", "#", "§", "🔗", ""})


class Walker:
    """Writes the blocks of one element. One walker serves one page."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._builder = ProseBuilder()

    def write(self, content: etree._Element) -> None:
        """Write every block inside the element."""
        self._flow.anchor(content.get("id"))
        self._children(content)
        self._flush()

    def _children(self, element: etree._Element) -> None:
        self._builder.add(element.text or "")
        for child in element:
            if not is_unseen(child):
                self._element(child)
            self._builder.add(child.tail or "")

    def _element(self, element: etree._Element) -> None:
        name = name_of(element)
        if name == "br":
            self._break()
        elif _level(element, name):
            self._heading(element, _level(element, name))
        elif INLINE.fullmatch(name):
            self._inline(element, name)
        else:
            self._block(element, name)

    def _inline(self, element: etree._Element, name: str) -> None:
        if self._builder.blank:
            self._flow.anchor(_id(element, name))
        if name == "a" and element.get("href") and element.find(".//table") is None:
            self._builder.open_link(element.get("href", ""))
            self._children(element)
            self._builder.close_link()
        else:
            self._children(element)

    def _block(self, element: etree._Element, name: str) -> None:
        self._flush()
        self._flow.anchor(element.get("id"))
        if name in ("ul", "ol", "menu", "dir"):
            self._list(element, name)
        elif name == "dl":
            self._definitions(element)
        elif name == "li":
            self._flow.open_item(_number(element.get("value")), _mark(element))
            self._children(element)
            self._flush()
            self._flow.close_item()
        elif name in ("pre", "xmp", "listing"):
            self._flow.code(_code(element))
        elif name == "table" and not is_layout(element):
            self._table(element)
        else:
            self._children(element)
            self._flush()

    def _heading(self, element: etree._Element, level: int) -> None:
        self._flush()
        inner = next((found for one in element.iter() if (found := _id(one, name_of(one)))), None)
        self._flow.heading(prose_inside(element, without=_PERMALINKS), level, element.get("id") or inner)

    def _list(self, element: etree._Element, name: str) -> None:
        first = (_number(element.get("start")) or 1) if name == "ol" else None
        self._flow.open_list(first)
        self._children(element)
        self._flush()
        self._flow.close_list()

    def _definitions(self, element: etree._Element) -> None:
        """Write terms as items and what defines them as items below."""
        self._flow.open_list()
        below = False
        for child in element.iter("dt", "dd"):
            owner = next(child.iterancestors("dl"), None)
            if owner is not element or is_unseen(child):
                continue
            if name_of(child) == "dd" and not below:
                self._flow.open_list()
                below = True
            elif name_of(child) == "dt" and below:
                self._flow.close_list()
                below = False
            self._flow.anchor(child.get("id"))
            self._flow.open_item()
            self._children(child)
            self._flush()
            self._flow.close_item()
        if below:
            self._flow.close_list()
        self._flow.close_list()

    def _table(self, element: etree._Element) -> None:
        for caption in element.findall("caption"):
            self._flow.paragraph(prose_inside(caption))
        rows, header_rows = table_of(element, prose_inside)
        self._flow.table(rows, header_rows)

    def _break(self) -> None:
        """Break the line; a second break ends the paragraph."""
        if self._builder.broken:
            self._flush()
        else:
            self._builder.line_break()

    def _flush(self) -> None:
        prose, self._builder = self._builder.finish(), ProseBuilder()
        self._flow.paragraph(prose)


def prose_inside(element: etree._Element, without: frozenset[str] = frozenset()) -> Prose:
    """Return all visible text of an element in one stretch, without links whose text is in `without`."""
    builder = ProseBuilder()
    _add(element, builder, without)
    return builder.finish()


def _add(element: etree._Element, builder: ProseBuilder, without: frozenset[str]) -> None:
    builder.add(element.text or "")
    for child in element:
        name = name_of(child)
        apart = not INLINE.fullmatch(name)
        if apart:
            builder.add(" ")
        if name == "a" and child.get("href") and not is_unseen(child):
            if text_inside(child).strip() not in without:
                builder.open_link(child.get("href", ""))
                _add(child, builder, without)
                builder.close_link()
        elif not is_unseen(child):
            _add(child, builder, without)
        if apart:
            builder.add(" ")
        builder.add(child.tail or "")


def _level(element: etree._Element, name: str) -> int:
    """Return the level of a heading; 0 for anything else."""
    if name in _HEADINGS:
        return int(name[1])
    if element.get("role") == "heading":
        return _number(element.get("aria-level")) or 2
    return 0


def _id(element: etree._Element, name: str) -> str | None:
    """Return the fragment that opens this element: its id, or the name of an anchor."""
    return element.get("id") or (element.get("name") if name == "a" else None)


def _number(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004 - an int


def _mark(item: etree._Element) -> str | None:
    """Return how the number of an item is written where its list counts by letters or Roman numerals."""
    around = item.getparent()
    kind = around.get("type") if around is not None else None
    if around is None or name_of(around) != "ol" or kind not in ("a", "A", "i", "I"):
        return None
    before = sum(1 for one in item.itersiblings("li", preceding=True))
    number = _number(item.get("value")) or (_number(around.get("start")) or 1) + before
    written = letters(number) if kind in "aA" else roman(number)
    return f"{written.upper() if kind.isupper() else written}."


def _code(element: etree._Element) -> str:
    """Return preformatted text as it stands; breaks are line ends."""
    parts = [element.text or ""]
    for child in element:
        if name_of(child) == "br":
            parts.append("\n")
        elif not is_unseen(child):
            parts.append(_code(child))
        parts.append(child.tail or "")
    return "".join(parts)
