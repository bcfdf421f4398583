"""Which paragraphs of a PDF are headings, by size and weight, else by shape; and of which level."""

from collections.abc import Sequence

from pipelines.ingestion.reading.pdf_paragraphs import Paragraph, Typography
from pipelines.ingestion.reading.pdf_tables import Table


_LARGER = 1.12
_LONGEST_BY_SIZE = 200
_LONGEST_BY_WEIGHT = 150
_LONGEST_BY_SHAPE = 70
_MOST_WORDS_BY_SHAPE = 10
_DEEPEST = 6


def mark_headings(items: Sequence[Paragraph | Table], typography: Typography) -> None:
    """
    Set the level of every heading.

    Levels follow the styles found: the larger, then the bolder, the higher; headings
    that only their shape shows are the deepest. What style shows wins over a marker:
    "1. Scope" in bold is a heading.
    """
    styled = {number: style for number, item in enumerate(items) if (style := _style(item, typography))}
    for number in range(len(items)):
        if number not in styled and _by_shape(items, number, styled, typography):
            styled[number] = (typography.body, 0)
    ranks = {style: rank for rank, style in enumerate(sorted(set(styled.values()), reverse=True), 1)}
    for number, style in styled.items():
        item = items[number]
        if isinstance(item, Paragraph):
            item.heading = min(ranks[style], _DEEPEST)
            item.marker = None


def _style(item: Paragraph | Table, typography: Typography) -> tuple[float, int] | None:
    """Return size and weight (2 bold, 1 italic or plain) of what its style makes a heading."""
    if isinstance(item, Table) or not any(char.isalpha() for char in item.text):
        return None
    text, line = item.text, item.first
    if line.size >= _LARGER * typography.body and len(text) <= _LONGEST_BY_SIZE:
        return line.size, 2 if line.bold else 1
    bold = all(one.bold for one in item.lines) and not typography.bold
    if (
        bold
        and line.size >= 0.9 * typography.body
        and len(text) <= _LONGEST_BY_WEIGHT
        and not text.endswith((".", ",", ";", "!"))
        and not (item.marker and item.marker.number is None)
    ):
        return max(line.size, typography.body), 2
    return None


def _by_shape(
    items: Sequence[Paragraph | Table], number: int, styled: dict[int, tuple[float, int]], typography: Typography
) -> bool:
    """Whether a line that stands apart, short and without an end, is followed by text that it can head."""
    item = items[number]
    if isinstance(item, Table) or item.marker or not item.apart or len(item.lines) > 1:
        return False
    return _is_label(item.text, typography, item) and _heads(item, items[number + 1 :][:1], number + 1 in styled)


def _is_label(text: str, typography: Typography, item: Paragraph) -> bool:
    if item.first.size < 0.9 * typography.body or len(text) > _LONGEST_BY_SHAPE:
        return False
    if len(text.split()) > _MOST_WORDS_BY_SHAPE or text.endswith((".", ",", ";", "!", "…", ")")):
        return False
    if not text[0].isalpha() or not text[0].isupper():
        return False
    before, colon, _ = text.partition(": ")
    return not colon or before.isupper()


def _heads(item: Paragraph, following: Sequence[Paragraph | Table], styled: bool) -> bool:
    """Whether what follows is text of some length, and no heading itself; a lead-in heads no list."""
    if not following or styled or isinstance(following[0], Table):
        return False
    after = following[0]
    if after.marker:
        return not item.text.endswith(":")
    return len(after.lines) > 1 or len(after.text) > _LONGEST_BY_SHAPE or after.text.endswith((".", "!", "?", ":"))
