"""What is drawn on a PDF page beside its text: thin rules, and the places of links."""

import ctypes
from collections.abc import Iterator

from pypdfium2 import raw

from pipelines.ingestion.reading.pdf_content import Box
from pipelines.ingestion.reading.pdf_turn import Turn


_THIN = 2.5
_SHORTEST_RULE = 5.0
_MOST_OBJECTS = 20_000
_MOST_RULES = 4_000
_ADDRESS_BYTES = 4096


def rules_on(page: object, turn: Turn) -> list[Box]:
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


def _bounds(item: object, turn: Turn) -> Box | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides)):
        return None
    return turn.box(*(side.value for side in sides))


def _edges(item: object, turn: Turn) -> Iterator[Box]:
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


def links_on(page: object, document: object, turn: Turn) -> list[tuple[Box, str]]:
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
