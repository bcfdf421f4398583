"""PDFium behind plain values: words with boxes, ruled lines, links, metadata. The only importer of pypdfium2."""

import ctypes
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw


PASSWORD_NEEDED = 4
"""PDFium's error code for an encrypted document."""

_BULLET = "•"
_get_box = raw.FPDFText_GetLooseCharBox
_HYPHENS = "\x02\ufffe"
"""What PDFium writes for a hyphen at the end of a line, after which it goes on with the next line's word."""
_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi|BX\d|[-,]bd\b|Bd$|\bMedi")
_ITALIC = re.compile(r"(?i)ital|obli|TI\d{4}|It$")
_MONO = re.compile(r"(?i)cour|consol|mono|menlo|typewriter|CMTT|SFTT|LMMono|SourceCode")
_PICTURES = re.compile(r"(?i)wingding|dingbat|webding")
_BOLD_WEIGHT = 600
_THIN = 2.5
_SHORTEST_RULE = 5.0
_MOST_OBJECTS = 20_000
_MOST_RULES = 4_000
_NAME_BYTES = 128
_ADDRESS_BYTES = 4096


class Face(NamedTuple):
    """What a font's name says: bold, italic, typewriter letters, or pictures in the place of letters."""

    bold: bool
    italic: bool
    mono: bool
    pictures: bool


class Word(NamedTuple):
    """
    A run of characters without white space.

    Boxes are in points, x to the right and y downwards, as the page is shown. `line`
    counts PDFium's lines on the page. `hyphen` says that it was cut at a line's end,
    `spaced` that white space follows it on its line.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    face: "Face"
    line: int
    hyphen: bool
    spaced: bool


class Box(NamedTuple):
    """A rectangle on a page, in the same coordinates as words."""

    x0: float
    top: float
    x1: float
    bottom: float


class PageContent(NamedTuple):
    """What stands on one page: words in the file's order, thin rules, and links with their addresses."""

    words: list[Word]
    rules: list[Box]
    links: list[tuple[Box, str]]
    height: float


class PdfFile:
    """An open document. Raises `pypdfium2.PdfiumError` where PDFium cannot go on."""

    def __init__(self, data: bytes) -> None:
        self._document = pdfium.PdfDocument(data)

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._document)

    def metadata(self) -> dict[str, str]:
        """Return the Info dictionary."""
        return dict(self._document.get_metadata_dict(skip_empty=True))

    def page(self, index: int) -> PageContent:
        """Return what stands on a page."""
        page = self._document[index]
        try:
            turn = _Turn(page)
            text = page.get_textpage()
            try:
                words = list(_words(text.raw, turn))
            finally:
                text.close()
            return PageContent(words, _rules(page.raw, turn), _links(page.raw, self._document.raw, turn), turn.height)
        finally:
            page.close()

    def close(self) -> None:
        """Release the document."""
        self._document.close()


class _Turn:
    """Turns PDF coordinates (y upwards, unrotated) into those of the page as it is shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._rotation = page.get_rotation()
        self._left, self._bottom, self._right, self._top = page.get_cropbox()
        sideways = self._rotation in (90, 270)
        self.height = self._right - self._left if sideways else self._top - self._bottom

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return the box with its corners in order."""
        if not self._rotation and left <= right and bottom <= top:
            return Box(left - self._left, self._top - top, right - self._left, self._top - bottom)
        corners = [self._point(left, bottom), self._point(right, top)]
        xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
        return Box(xs[0], ys[0], xs[1], ys[1])

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self._rotation == 90:  # noqa: PLR2004 - degrees
            return y - self._bottom, x - self._left
        if self._rotation == 180:  # noqa: PLR2004 - degrees
            return self._right - x, y - self._bottom
        if self._rotation == 270:  # noqa: PLR2004 - degrees
            return self._top - y, self._right - x
        return x - self._left, self._top - y


class _Glyphs:
    """Boxes and faces of the characters of one page."""

    def __init__(self, text: object, turn: _Turn) -> None:
        self._text = text
        self._turn = turn
        self._rectangle = raw.FS_RECTF()
        self._rectangle_address = ctypes.byref(self._rectangle)
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_NAME_BYTES)
        self._flags = ctypes.c_int()
        self._faces: dict[bytes, Face] = {}

    def box(self, index: int) -> Box:
        """Return the box of a character: as wide as its advance, as high as its font."""
        found = self._rectangle
        _get_box(self._text, index, self._rectangle_address)
        return self._turn.box(found.left, found.bottom, found.right, found.top)

    def face(self, index: int) -> Face:
        """Return the face of a character."""
        raw.FPDFText_GetFontInfo(self._text, index, self._name, _NAME_BYTES, ctypes.byref(self._flags))
        key = self._name.value
        if key not in self._faces:
            name = key.decode("ascii", errors="replace")
            bold = bool(_BOLD.search(name)) or raw.FPDFText_GetFontWeight(self._text, index) >= _BOLD_WEIGHT
            self._faces[key] = Face(
                bold, bool(_ITALIC.search(name)), bool(_MONO.search(name)), bool(_PICTURES.search(name))
            )
        return self._faces[key]

    def size(self, index: int) -> float:
        """Return the size of a character as it is shown, in half points."""
        size = raw.FPDFText_GetFontSize(self._text, index)
        if raw.FPDFText_GetMatrix(self._text, index, ctypes.byref(self._matrix)):
            shown = abs(self._matrix.a * self._matrix.d - self._matrix.b * self._matrix.c) ** 0.5
            size *= shown or 1.0
        return float(round(2 * size) / 2)


def _words(text: object, turn: _Turn) -> Iterator[Word]:
    """Yield the words; the size is looked up where a line begins and where letters have another height."""
    glyphs = _Glyphs(text, turn)
    size, height, line_of_size = 0.0, 0.0, -1
    for first, last, letters, line, hyphen, spaced in _spans(_characters(text)):
        start = glyphs.box(first)
        end = start if first == last else glyphs.box(last)
        tall = end.bottom - end.top
        if line != line_of_size or abs(tall - height) > 0.1:  # noqa: PLR2004 - points
            size, height, line_of_size = glyphs.size(first), tall, line
        face = glyphs.face(first)
        yield Word(
            _BULLET if face.pictures and len(letters) == 1 else letters,
            min(start.x0, end.x0),
            min(start.top, end.top),
            max(start.x1, end.x1),
            max(start.bottom, end.bottom),
            size,
            face,
            line,
            hyphen,
            spaced,
        )


def _characters(text: object) -> str:
    """Return the page's characters, one per index of PDFium."""
    count = raw.FPDFText_CountChars(text)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text, 0, count, buffer)
    characters = bytes(buffer)[: 2 * max(written - 1, 0)].decode("utf-16-le", errors="surrogatepass")
    if len(characters) == count:
        return characters
    codes = (raw.FPDFText_GetUnicode(text, index) for index in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)  # noqa: PLR2004 - code points end there


def _spans(characters: str) -> Iterator[tuple[int, int, str, int, bool, bool]]:
    """
    Yield first and last index, letters, line, hyphen and spaced of every word.

    The sign of a hyphen that no letter precedes is a bullet whose font does not say so.
    """
    line = 0
    first = -1
    for index, char in enumerate(characters):
        if not char.isspace() and char not in _HYPHENS and char != "\0":
            first = index if first < 0 else first
            continue
        if char in _HYPHENS:
            if first < 0:
                yield index, index, _BULLET, line, False, True
            else:
                yield first, index - 1, characters[first:index] + "-", line, True, False
                line += 1
        else:
            if first >= 0:
                yield first, index - 1, characters[first:index], line, False, char not in "\r\n"
            line += char == "\n"
        first = -1
    if first >= 0:
        yield first, len(characters) - 1, characters[first:], line, False, False


def _rules(page: object, turn: _Turn) -> list[Box]:
    """Return thin horizontal and vertical lines: thin fills, strokes, and the edges of stroked rectangles."""
    rules: list[Box] = []
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_PATH:
            continue
        bounds = _bounds(item, turn)
        if bounds is None:
            continue
        if _is_rule(bounds):
            rules.append(bounds)
        elif raw.FPDFPath_CountSegments(item) <= 1000:  # noqa: PLR2004 - more is a drawing
            rules += [one for one in _edges(item, turn) if _is_rule(one)]
        if len(rules) > _MOST_RULES:
            return []
    return rules


def _is_rule(box: Box) -> bool:
    wide, high = box.x1 - box.x0, box.bottom - box.top
    return min(wide, high) <= _THIN and max(wide, high) >= _SHORTEST_RULE


def _bounds(item: object, turn: _Turn) -> Box | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides)):
        return None
    return turn.box(*(side.value for side in sides))


def _edges(item: object, turn: _Turn) -> Iterator[Box]:
    """Yield the straight segments of a stroked path."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix))
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, number)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_LINETO:
            yield turn.box(*before, *point)
        elif kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        if raw.FPDFPathSegment_GetClose(segment):
            yield turn.box(*point, *start)
        before = point


def _links(page: object, document: object, turn: _Turn) -> list[tuple[Box, str]]:
    """Return the places of links to addresses; links inside the document are left out."""
    found: list[tuple[Box, str]] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    rectangle = raw.FS_RECTF()
    while raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)) and len(found) < _MOST_RULES:
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        buffer = ctypes.create_string_buffer(_ADDRESS_BYTES)
        length = raw.FPDFAction_GetURIPath(document, action, buffer, _ADDRESS_BYTES)
        if 1 < length <= _ADDRESS_BYTES and raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rectangle)):
            box = turn.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            found.append((box, buffer.value.decode("utf-8", errors="replace")))
    return found
