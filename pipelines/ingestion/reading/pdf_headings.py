"""Which paragraphs of a PDF are headings, by size and weight, else by shape; and of which level."""

import re
from collections.abc import Sequence

from pipelines.ingestion.reading.pdf_lines import LEADERS
from pipelines.ingestion.reading.pdf_paragraphs import Paragraph
from pipelines.ingestion.reading.pdf_tables import Table
from pipelines.ingestion.reading.pdf_typography import Typography
from pipelines.ingestion.reading.text_headings import LONGEST_LABEL, is_label


_LARGER = 1.12
_LONGEST_BY_SIZE = 200
_LONGEST_BY_WEIGHT = 150
_DEEPEST = 6
_CAPTION = re.compile(r"(?i)(?:tab|fig|abb|list|example)\w*\W*\d")


def mark_headings(items: Sequence[Paragraph | Table], typography: Typography) -> None:
    """
    Set the level of every heading.

    Levels follow the styles found: the larger, then the bolder, the higher; headings
    that only their shape shows are the deepest. What style shows wins over a marker:
    "1. Scope" in bold is a heading.
    """
    styled = {number: style for number, item in enumerate(items) if (style := _style(item, typography))}
    for number in [number for number in styled if _in_list(items, number, styled)]:
        del styled[number]
    for number in range(len(items)):
        if number not in styled and _by_shape(items, number, styled, typography):
            styled[number] = (typography.body, 0)
    ordered = sorted(set(styled.values()), reverse=True)
    steps = max(len(ordered), _DEEPEST) / _DEEPEST
    levels = {style: 1 + int(rank / steps) for rank, style in enumerate(ordered)}
    for number, style in styled.items():
        item = items[number]
        if isinstance(item, Paragraph):
            item.heading = levels[style]
            item.marker = None


def _in_list(items: Sequence[Paragraph | Table], number: int, styled: dict[int, tuple[float, int]]) -> bool:
    """Whether a numbered line stands directly beside another of the same style: a list, not headings."""
    item = items[number]
    if isinstance(item, Table) or item.marker is None:
        return False
    beside = [at for at in (number - 1, number + 1) if styled.get(at) == styled[number]]
    return any(one.marker is not None for at in beside if isinstance(one := items[at], Paragraph))


def _style(item: Paragraph | Table, typography: Typography) -> tuple[float, int] | None:
    """Return size and weight (2 bold, 1 italic or plain) of what its style makes a heading."""
    if isinstance(item, Table) or not any(char.isalpha() for char in item.text):
        return None
    text, line = item.text, item.first
    if item.code or LEADERS.search(text) or (item.marker and item.marker.number is None):
        return None
    if line.size >= _LARGER * typography.body and len(text) <= _LONGEST_BY_SIZE:
        return line.size, 2 if line.bold else 1
    bold = all(one.bold for one in item.lines) and not typography.bold
    if (
        bold
        and line.size >= 0.9 * typography.body
        and len(text) <= _LONGEST_BY_WEIGHT
        and not text.endswith((".", ",", ";", "!"))
    ):
        return max(line.size, typography.body), 2
    if line.italic and len(item.lines) == 1 and _is_label(text, typography, item):
        return typography.body, 1
    return None


def _by_shape(
    items: Sequence[Paragraph | Table], number: int, styled: dict[int, tuple[float, int]], typography: Typography
) -> bool:
    """Whether a line that stands apart, short and without an end, is followed by text that it can head."""
    item = items[number]
    if isinstance(item, Table) or item.marker or item.code or len(item.lines) > 1:
        return False
    below_heading = number - 1 in styled
    if not (item.apart or below_heading) or not _is_label(item.text, typography, item):
        return False
    if number + 1 >= len(items) or number + 1 in styled:
        return False
    after = items[number + 1]
    if isinstance(after, Table):
        return after.page == item.first.page and not item.text.endswith(":") and not _CAPTION.match(item.text)
    sure = below_heading or item.text.endswith(":") or _is_title_case(item.text)
    return (sure or after.first.page == item.first.page) and _heads(item, after)


def _is_label(text: str, typography: Typography, item: Paragraph) -> bool:
    return item.first.size >= 0.9 * typography.body and is_label(text)


def _is_title_case(text: str) -> bool:
    """Whether every word of some length begins with a capital."""
    return all(word[0].isupper() for word in text.split() if len(word) > 3)  # noqa: PLR2004 - "of", "and", "the"


def _heads(item: Paragraph, after: Paragraph) -> bool:
    """Whether what follows is text of some length; a lead-in heads no list."""
    if after.code:
        return False
    if after.marker:
        return not item.text.endswith(":")
    return len(after.lines) > 1 or len(after.text) > LONGEST_LABEL or after.text.endswith((".", "!", "?", ":"))
