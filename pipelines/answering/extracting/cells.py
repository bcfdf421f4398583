"""Where the cells of a table's row stand. The only reader of the mark that parts them in a stored text."""

from pipelines.domain.reading import Span


_BETWEEN_CELLS = " | "


def cells_of(line: str, start: int) -> list[Span]:
    """
    Return where the cells of a row stand in the stored text; an empty first cell has lost its blank.

    Args:
        line: the row, or the header.
        start: its first character in the stored text.

    """
    lost = line.startswith(_BETWEEN_CELLS.lstrip())
    begin = start - lost
    spans = []
    for part in (" " * lost + line).split(_BETWEEN_CELLS):
        first = begin + len(part) - len(part.lstrip())
        spans.append((first, max(first, begin + len(part.rstrip()))))
        begin += len(part) + len(_BETWEEN_CELLS)
    return spans
