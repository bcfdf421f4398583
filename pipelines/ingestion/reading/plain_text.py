"""Reads plain text: paragraphs and simple lists. It knows no headings and no title."""

import re
from dataclasses import dataclass, field

from pipelines.domain.reading import BlockKind, ParseLimits, Read, Rejected, Span
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_large
from pipelines.ingestion.reading.decoding import decode
from pipelines.ingestion.reading.markers import Marker, marker_of
from pipelines.ingestion.reading.prose import Prose, ProseBuilder, clean, prose_of


_RULE = re.compile(r"[-=_*~#+]{3,}")
_LABEL = re.compile(r"[A-Z0-9][^\s:]*(?: [^\s:]+){0,2}:\s+\S")
_LABELS = 2
"""Lines of a paragraph that begin with a label, such as "Phone: …", from which they are items."""

_UNMARKED = Marker(0)
_WIDEST_WRAPPED = 120


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read plain text in any usual encoding.

    Blank lines part paragraphs. Lines that were wrapped are joined, a break that the
    author set stays. Two and more lines "Label: text" of a paragraph are items of a
    list. Lines of nothing but dashes or the like are left out.
    """
    if beyond := too_large(len(data), limits):
        return beyond
    text = decode(data)
    if text is None:
        return Rejected("it is no text: it holds control characters like a program's file")
    out = Assembler()
    writer = _Writer(out)
    for lines in _groups(clean(text)):
        writer.add(lines)
    return out.finish(Facts(), size=len(data), limits=limits)


def _groups(text: str) -> list[list[str]]:
    """Return the lines between blank lines and rules, tabs expanded."""
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line.strip() or _RULE.fullmatch(line.strip()):
            groups.append([])
        else:
            groups[-1].append(line.expandtabs(4).rstrip())
    return [group for group in groups if group]


@dataclass(slots=True)
class _Writer:
    """Writes groups of lines. A list goes on over blank lines and over paragraphs that are indented below it."""

    out: Assembler
    lines: list[str] = field(default_factory=list)
    marker: Marker | None = None
    indent: int = 0
    levels: list[int] = field(default_factory=list)
    lead: Span | None = None
    listing: bool = False

    def add(self, lines: list[str]) -> None:
        """Write the lines as blocks."""
        labelled = sum(_LABEL.match(line.lstrip()) is not None for line in lines) >= _LABELS
        for line in lines:
            stripped = line.lstrip()
            marker = marker_of(stripped) or (_UNMARKED if labelled and _LABEL.match(stripped) else None)
            if marker or (self.marker and len(line) == len(stripped) and not self._wrapped(stripped)):
                self._flush()
                self.marker = marker
            if not self.lines:
                self.indent = len(line) - len(stripped)
            self.lines.append(stripped)
        self._flush()

    def _wrapped(self, line: str) -> bool:
        """Whether the line continues the item before it: its first word had no room there."""
        return len(self.lines[-1]) + 1 + len(line.split(maxsplit=1)[0]) > self._width()

    def _width(self) -> int:
        return max(len(line) for line in self.lines) if len(self.lines) > 1 else 60

    def _flush(self) -> None:
        """Write the open paragraph or item."""
        if self.lines and self.marker:
            self._write_item(self.marker)
        elif self.lines:
            self.out.add(BlockKind.PARAGRAPH, _unwrapped(self.lines))
            self.listing = self.listing and self.indent > self.levels[0]
        self.lines, self.marker = [], None

    def _write_item(self, marker: Marker) -> None:
        if marker.number is None:
            self.lines[0] = self.lines[0][marker.length :]
        if not self.listing:
            self.levels, self.lead, self.listing = [], self.out.lead_in(), True
        while self.levels and self.levels[-1] > self.indent:
            self.levels.pop()
        if not self.levels or self.levels[-1] < self.indent:
            self.levels.append(self.indent)
        level = len(self.levels) - 1
        self.out.add(BlockKind.LIST_ITEM, _unwrapped(self.lines), level=level, lead=self.lead)


def _unwrapped(lines: list[str]) -> Prose:
    """
    Join lines that were wrapped; keep the breaks that an author set.

    A line was wrapped when the next line's first word had no room in it, measured
    by the longest line of the paragraph. Beyond 120 characters nobody wraps.
    """
    if len(lines) == 1:
        return prose_of(lines[0])
    width = max(map(len, lines))
    builder = ProseBuilder()
    for number, line in enumerate(lines):
        if number:
            wrapped = width <= _WIDEST_WRAPPED and len(lines[number - 1]) + 1 + len(line.split()[0]) > width
            builder.add(" ") if wrapped else builder.line_break()
        builder.add(line)
    return builder.finish()
