"""Counts the items of Word's lists and numbered headings, as Word shows them."""

import re
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

from pipelines.domain.values import Value
from pipelines.ingestion.reading.docx_styles import number_of, value_of
from pipelines.ingestion.reading.numerals import letters, roman


_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class _Level(Value):
    """One level of a list: how its number is written, and with which it begins."""

    form: str
    text: str
    start: int
    style: str | None


@dataclass(frozen=True, slots=True)
class Item(Value):
    """
    A place in a list.

    Attributes:
        level: from 0.
        mark: its number as written; None for a bullet.
        resumed: whether its number goes on from an earlier item.

    """

    level: int
    mark: str | None
    resumed: bool


class Numbering:
    """The lists of one document and how far each has counted."""

    def __init__(self, numbering: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        for element in numbering if numbering is not None else ():
            if element.tag == qn("w:abstractNum"):
                self._levels[element.get(qn("w:abstractNumId"), "")] = _levels(element)
            elif element.tag == qn("w:num"):
                of = value_of(element.find(qn("w:abstractNumId"))) or ""
                self._lists[element.get(qn("w:numId"), "")] = (of, _restarts(element))

    def next_item(self, num_id: str, level: int | None, style_id: str | None) -> Item | None:
        """Count one paragraph of a list and return its place; None when there is no such list."""
        if num_id not in self._lists:
            return None
        counted, restarts = self._lists[num_id]
        levels = self._levels.get(counted, {})
        if level is None:
            level = next((at for at, one in levels.items() if one.style and one.style == style_id), 0)
        level = min(level, _DEEPEST)
        counts = self._counts.setdefault(counted, [None] * (_DEEPEST + 1))
        if num_id not in self._begun:
            self._begun.add(num_id)
            for at, start in restarts.items():
                counts[at:] = [start - 1] + [None] * (_DEEPEST - at)
        before = counts[level]
        counts[level] = _start(levels, level) if before is None else before + 1
        counts[:level] = [_start(levels, at) if count is None else count for at, count in enumerate(counts[:level])]
        counts[level + 1 :] = [None] * (_DEEPEST - level)
        mark = _mark(levels, level, counts)
        return Item(level, mark, resumed=mark is not None and counts[level] != _start(levels, level))


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    levels = {}
    for element in abstract.iterfind(qn("w:lvl")):
        at = number_of(element.get(qn("w:ilvl"))) or 0
        start = number_of(value_of(element.find(qn("w:start"))))
        levels[at] = _Level(
            form=value_of(element.find(qn("w:numFmt"))) or "decimal",
            text=value_of(element.find(qn("w:lvlText"))) or "",
            start=1 if start is None else start,
            style=value_of(element.find(qn("w:pStyle"))),
        )
    return levels


def _restarts(num: etree._Element) -> dict[int, int]:
    """Return level -> number with which this list begins anew."""
    found = {}
    for override in num.iterfind(qn("w:lvlOverride")):
        at = number_of(override.get(qn("w:ilvl")))
        start = number_of(value_of(override.find(qn("w:startOverride"))))
        if at is not None and at <= _DEEPEST and start is not None:
            found[at] = start
    return found


def _start(levels: dict[int, _Level], level: int) -> int:
    return levels[level].start if level in levels else 1


def _mark(levels: dict[int, _Level], level: int, counts: list[int | None]) -> str | None:
    """Return the number as written, "1.2" or "(a)"; None for bullets and levels that show nothing."""
    own = levels.get(level)
    if own is None or own.form in ("bullet", "none") or not _PLACE.search(own.text):
        return None

    def written(place: re.Match[str]) -> str:
        at = int(place[1]) - 1
        count = counts[at]
        return _numeral(levels[at].form if at in levels else "decimal", _start(levels, at) if count is None else count)

    return _PLACE.sub(written, own.text).strip() or None


def _numeral(form: str, number: int) -> str:
    if form in ("lowerLetter", "upperLetter"):
        return letters(number) if form == "lowerLetter" else letters(number).upper()
    if form in ("lowerRoman", "upperRoman"):
        return roman(number) if form == "lowerRoman" else roman(number).upper()
    return f"{number:02d}" if form == "decimalZero" else str(number)
