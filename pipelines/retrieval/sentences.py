"""
Where the sentences of a text begin and end, to the character.

It cuts at punctuation and before list items; a length limit is the chunker's business.
"""

import regex

from pipelines.domain.reading import Span
from pipelines.retrieval.language import STOP_WORDS


_TITLES_AND_LINKS = """
adm approx bspw bzw ca capt cf col cmdr d.h dept dir dr e.g ed eds esp evtl fr gen ggf gov hon i.e inkl lt maj messrs
mgr mlle mme mr mrs ms msgr mt prof rep rev sen sgt sr sra sog st u.a usw vgl viz vs z.b zzgl
"""
_COUNTED = """
abs art bl ch chap cl eq ext fig figs max min no nos nr num op p par para pos pp r reg s sec sect st tab tel vers vol
"""
_NAME_ENDINGS = "a.m al assn bros co corp inc jr ltd p.m ph.d plc"
_MONTH_BEGINNINGS = "jan feb mar mär apr may mai jun jul aug sep oct okt nov dec dez"

_NEVER_LAST = frozenset(_TITLES_AND_LINKS.split())
"""Abbreviations that a word of the same sentence follows."""

_BEFORE_NUMBER = frozenset(_COUNTED.split())
"""Abbreviations when a number follows; otherwise words like any other (`no`)."""

_OFTEN_LAST = frozenset(_NAME_ENDINGS.split())
"""Abbreviations that may end a sentence: the next word decides, as after an initial or `U.S.`."""

_MONTHS = tuple(_MONTH_BEGINNINGS.split())
_QUOTES = " \"'“‘«(["
_OPENING = 4
"""Quotes and brackets before the first word of a sentence, at most."""

_MARKER = r"[^\S\n]*(?:[-*+•‣▪●○◦·–—]|\(?(?:\d{1,3}|\p{L})[.)])[^\S\n]+\S"
_CANDIDATE = regex.compile(
    rf"""
      (?P<line> \n (?= [^\S\n]*+ \n | {_MARKER} ) )
    | [。！？｡]++ ["'”’»›）」』】\])]*+
    | (?P<marks> [.!?…‽؟۔।॥։።፧]++ ) ["'”’»›)\]}}]*+ (?: \[\d{{1,3}}\] )*+ (?= \s | \Z )
    """,
    regex.VERBOSE,
)
_NEXT_WORD = regex.compile(r"[\s\"'“”‘’«‹„(\[{¿¡*_]*+([\p{L}\p{M}\p{N}]*+)")
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{N}][\p{L}\p{M}\p{N}.]{0,39}")
_INITIALS = regex.compile(r"\p{Lu}|(?:\p{L}\.)+\p{L}")
_ENUMERATOR = regex.compile(r"\d{1,3}(?:\.\d{1,3})*|\p{L}|[ivxIVX]{1,5}")
_SMALL_NUMBER = regex.compile(r"\d{1,2}")


def split_sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """
    Return where the sentences of `text[start:end]` stand.

    A sentence ends after `.`, `!`, `?`, `…` or their like in other scripts, with the
    quotes and brackets closed there, before white space and anything but a lower-case
    letter; not after an abbreviation, an initial, an ordinal or the number of a list item.
    It ends at a blank line and before a line that starts a list item; any other line
    end is white space. Linear in the length.

    Returns:
        Spans of `text` in order: never empty, never overlapping, without white space at
        either end; all characters outside them are white space.

    """
    stop = len(text) if end is None else min(end, len(text))
    spans: list[Span] = []
    begin = _skip_space(text, start, stop)
    for match in _CANDIDATE.finditer(text, begin, stop):
        if match["line"] is None and match["marks"] is not None and not _is_over(text, begin, match, stop):
            continue
        if begin < match.end():
            spans.append((begin, _trim_space(text, begin, match.end())))
            begin = _skip_space(text, match.end(), stop)
    if begin < stop:
        spans.append((begin, _trim_space(text, begin, stop)))
    return tuple(spans)


def _skip_space(text: str, start: int, end: int) -> int:
    """Return the first position from `start` that is no white space; `end` if there is none."""
    while start < end and text[start].isspace():
        start += 1
    return start


def _trim_space(text: str, start: int, end: int) -> int:
    """Return the end of `text[start:end]` without trailing white space."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _is_over(text: str, begin: int, match: "regex.Match[str]", end: int) -> bool:
    """Return whether the marks end the sentence that began at `begin`."""
    following = _NEXT_WORD.match(text, match.end(), end)
    word = following[1] if following else ""
    if word[:1].islower():
        return False
    return match["marks"] != "." or not _is_abbreviation(text, begin, match.start(), word)


def _is_abbreviation(text: str, begin: int, dot: int, following: str) -> bool:
    """Return whether a full stop at `dot` belongs to the word before it alone."""
    found = _LAST_WORD.match(text, begin, dot)
    if found is None:
        return False
    word = found[0]
    is_first = found.start() - begin <= _OPENING and not text[begin : found.start()].strip(_QUOTES)
    if is_first and _ENUMERATOR.fullmatch(word):
        return True
    if _SMALL_NUMBER.fullmatch(word) and following.lower().startswith(_MONTHS):
        return True
    lowered = word.lower()
    if lowered in _BEFORE_NUMBER and following[:1].isdigit():
        return True
    if lowered in _OFTEN_LAST or (_INITIALS.fullmatch(word) and word != "I" and lowered not in _NEVER_LAST):
        return following.lower() not in STOP_WORDS
    return lowered in _NEVER_LAST
