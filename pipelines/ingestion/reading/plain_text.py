"""Reads plain text: paragraphs, simple lists, and the headings that are sure. It knows no title."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.domain.reading import BlockKind, ParseLimits, Read, Rejected, Span
from pipelines.ingestion.reading.assembling import Assembler, Facts
from pipelines.ingestion.reading.bounds import too_large
from pipelines.ingestion.reading.decoding import decode
from pipelines.ingestion.reading.markers import Marker, marker_of
from pipelines.ingestion.reading.prose import Prose, ProseBuilder, clean, prose_of
from pipelines.ingestion.reading.text_headings import heads, is_underlined


_RULE = re.compile(r"[-=_*~#+]{3,}")
_LABEL = re.compile(r"[A-Z0-9][^\s:]*(?: [^\s:]+){0,2}:\s+\S")
_LABELS = 2
"""Lines of a paragraph that begin with a label, such as "Phone: …", from which they are items."""

_UNMARKED = Marker(0)
_WIDEST_WRAPPED = 120
_NARROWEST_WRAPPED = 50
"""Below a heading, lines that are shorter may be a poem's, which look wrapped where they are of one length."""
_LARGEST_SHARE = 0.6
"""Of the widest line below it, for a heading without a blank line after it: a wrapped line is fuller."""


def read(data: bytes, *, limits: ParseLimits) -> Read | Rejected:
    """
    Read plain text in any usual encoding.

    Blank lines part paragraphs. Lines that were wrapped are joined, a break that the
    author set stays. Two and more lines "Label: text" of a paragraph are items of a
    list. Lines of nothing but dashes or the like are left out. A line is a heading of
    level 1 where it is underlined with "=", of level 2 with another sign, of level 3
    where its words and the paragraph below it make it one (see `text_headings`).
    """
    if beyond := too_large(len(data), limits):
        return beyond
    text = decode(data)
    if text is None:
        return Rejected("it is no text: it holds control characters like a program's file")
    out = Assembler()
    writer = _Writer(out)
    groups = _groups(clean(text))
    for group, after in pairwise([*groups, _Group()]):
        writer.add(group, after)
    return out.finish(Facts(), size=len(data), limits=limits)


@dataclass(slots=True)
class _Group:
    """Lines between blank lines and rules, tabs expanded, and the rule that stands directly below them."""

    lines: list[str] = field(default_factory=list)
    rule: str = ""


def _groups(text: str) -> list[_Group]:
    """Return the groups that have a line."""
    groups = [_Group()]
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped and not _RULE.fullmatch(stripped):
            groups[-1].lines.append(line.expandtabs(4).rstrip())
        elif groups[-1].lines:
            groups[-1].rule = stripped
            groups.append(_Group())
    return groups[:-1] if not groups[-1].lines else groups


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

    def add(self, group: _Group, after: _Group) -> None:
        """Write a group as blocks; the one after it tells whether a line is its heading."""
        level = 0 if self._in_item(group.lines[0]) else _level(group, after)
        if level:
            self.out.add(BlockKind.HEADING, prose_of(group.lines[0]), level=level)
            self.listing = False
        self._write(group.lines[1:] if level else group.lines)

    def _in_item(self, line: str) -> bool:
        return self.listing and _indent(line) > self.levels[0]

    def _write(self, lines: list[str]) -> None:
        """Write the lines as paragraphs and items."""
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


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _level(group: _Group, after: _Group) -> int:
    """Return the level of the heading that a group begins with; 0 for none."""
    title, below = group.lines[0].strip(), group.lines[1:]
    if not below and is_underlined(title, group.rule):
        return 1 if group.rule[0] == "=" else 2
    text = [line.strip() for line in below or after.lines]
    if not text or len({_indent(line) for line in (group.lines if below else after.lines)}) > 1:
        return 0
    width = max(map(len, text))
    had_room = not below or len(title) <= _LARGEST_SHARE * width
    narrow = len(text) > 1 and width < _NARROWEST_WRAPPED
    begins_item = marker_of(text[0]) or _LABEL.match(text[0])
    return 3 if had_room and not narrow and not begins_item and heads(title, _unwrapped(text).text) else 0


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
