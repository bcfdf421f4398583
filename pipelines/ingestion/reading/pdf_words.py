"""The words of a PDF page from PDFium's characters: boxes, sizes, faces. Joins no words to lines."""

import ctypes
import re
from collections.abc import Iterator

from pypdfium2 import raw

from pipelines.ingestion.reading.pdf_content import Box, Face, Word
from pipelines.ingestion.reading.pdf_turn import Turn


_BULLET = "•"
_get_box = raw.FPDFText_GetLooseCharBox
_HYPHENS = "\x02\ufffe"
"""What PDFium writes for a hyphen at the end of a line, after which it goes on with the next line's word."""
_BOLD = re.compile(r"(?i)bold|black|heavy|semibold|demi|BX\d|[-,]bd\b|Bd$|\bMedi")
_ITALIC = re.compile(r"(?i)ital|obli|TI\d{4}|It$")
_MONO = re.compile(r"(?i)cour|consol|mono|menlo|typewriter|CMTT|SFTT|LMMono|SourceCode")
_PICTURES = re.compile(r"(?i)wingding|dingbat|webding")
_BOLD_WEIGHT = 600
_NAME_BYTES = 128


class _Glyphs:
    """Boxes and faces of the characters of one page."""

    def __init__(self, text: object, turn: Turn) -> None:
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


def words_on(text: object, turn: Turn) -> Iterator[Word]:
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
