"""Turns what a document says about itself into clean titles, authors and dates."""

import re
from collections.abc import Iterable
from datetime import date

from pipelines.ingestion.reading.prose import clean


_LONGEST = 300
_JUNK_TITLE = re.compile(
    r"""(?ix) ^(?:
        (?:microsoft\s+)?(?:word|powerpoint|excel)\s+-\s.* | powerpoint[ ]presentation
      | (?:untitled|unbenannt|sans[ ]titre|document|dokument|presentation|slide|page|title|doc)[ _-]*\d*
      | (?:untitled|new|word)[ ](?:document|page|presentation)[ ]*\d*
      | \S+\.(?:docx?|dotx?|od[tsp]|rtf|pdf|indd|qxd|pptx?|xlsx?|tex|dvi|ps|txt|html?|md|fm|pages)
      | (?:null|none|n/a|~|\(anonymous\)|\W*)
    )$"""
)
_NO_AUTHOR = frozenset(
    {"", "python-docx", "unknown", "anonymous", "(anonymous)", "author", "none", "null", "~", "user", "un-named"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_BARE_DAY = re.compile(r"^\s*(?:D:)?(\d{4})(\d{2})(\d{2})(?:\d{2}|T|\s|Z|$)")
_DAY_MONTH = re.compile(r"(?i)(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?!\d)")
_MONTH_DAY = re.compile(r"(?i)\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_ALWAYS_MONTH_ABOVE = 12


def title_from(*candidates: str | None) -> str | None:
    """
    Return the first candidate that is a title, on one line.

    What programs write for want of a title is none ("Microsoft Word - x.doc",
    "untitled", a file's name), nor is a text of more than 300 characters.
    """
    for candidate in candidates:
        title = " ".join(clean(candidate or "").split())
        if title and len(title) <= _LONGEST and not _JUNK_TITLE.match(title):
            return title
    return None


def author_from(names: Iterable[str | None]) -> str | None:
    """Return the names joined by ", ", each once; None when there is none but placeholders."""
    cleaned = [" ".join(clean(name or "").split()) for name in names]
    known = [name for name in dict.fromkeys(cleaned) if name.lower() not in _NO_AUTHOR]
    return ", ".join(known)[:_LONGEST] or None


def date_from(*candidates: str | None) -> str | None:
    """
    Return the first candidate that names a day, as `2026-11-21`.

    Known are ISO 8601, PDF's `D:20261121…`, `21 November 2026`, `Nov 21, 2026` and
    day-month-year numbers whose order is certain (21.11.2026, 21/11/2026); 03/05/2026
    is not, so it is no date. Times are dropped, time zones are not applied.
    """
    for candidate in candidates:
        day = _day(candidate[:_LONGEST]) if candidate else None
        if day:
            return day
    return None


def _day(text: str) -> str | None:
    if found := _BARE_DAY.match(text) or _ISO_DAY.search(text):
        return _iso(found[1], found[2], found[3])
    if found := _DAY_MONTH.search(text):
        return _iso(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.search(text):
        return _iso(found[3], _month(found[1]), found[2])
    if found := _NUMBERS.search(text):
        return _from_numbers(int(found[1]), found[2], int(found[3]), found[4])
    return None


def _from_numbers(first: int, separator: str, second: int, year: str) -> str | None:
    if separator == "." or first > _ALWAYS_MONTH_ABOVE or first == second:
        return _iso(year, second, first)
    return _iso(year, first, second) if second > _ALWAYS_MONTH_ABOVE else None


def _month(name: str) -> int:
    start = name[:3].lower()
    return _MONTHS.index(start) + 1 if start in _MONTHS else 0


def _iso(year: str, month: str | int, day: str | int) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
