"""How a line of a model's Markdown begins, and what that makes of it. Pure rules; it keeps no state."""

from dataclasses import dataclass
from enum import Enum

import regex

from pipelines.answering.writing.marks import MORE, Undecided
from pipelines.domain.values import Value


class LineKind(Enum):
    """What a line is."""

    BLANK = "blank"
    RULE = "rule"
    TABLE_RULE = "table_rule"
    FENCE = "fence"
    QUOTE = "quote"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    FOOTNOTE = "footnote"
    TABLE_ROW = "table_row"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class LineHead(Value):
    """
    The beginning of a line.

    Attributes:
        kind: what the line is.
        end: where its own text begins; of a blank line, a rule and a fence: one past the line's end.
        indent: blanks before it.
        sign: the bullet or number of a list, the ticks of a fence, the mark of a footnote.

    """

    kind: LineKind
    end: int
    indent: int = 0
    sign: str = ""


_S = r"[^\S\n]"
_KINDS = tuple(
    (kind, regex.compile(pattern, regex.VERBOSE))
    for kind, pattern in (
        (LineKind.BLANK, rf"{_S}{{0,300}}\n"),
        (LineKind.FENCE, rf"(?P<indent>{_S}{{0,30}})(?P<sign>`{{3,20}}|~{{3,20}})(?!`|~)[^`\n]{{0,100}}\n"),
        (LineKind.RULE, rf"{_S}{{0,30}}(?P<char>[-*_=])(?:{_S}{{0,3}}(?P=char)){{2,200}}{_S}{{0,30}}\n"),
        (LineKind.TABLE_RULE, rf"{_S}{{0,30}}\|(?=[ \t:|]{{0,200}}-)[ \t:|\-]{{1,600}}\n"),
        # "> 5 days" is a figure.
        (LineKind.QUOTE, rf"{_S}{{0,30}}>{_S}{{0,3}}(?=[^\s\p{{Nd}}=]|\n)"),
        (LineKind.HEADING, rf"{_S}{{0,30}}\#{{1,6}}{_S}{{1,30}}(?=\S)"),
        (LineKind.LIST_ITEM, rf"(?P<indent>{_S}{{0,30}})(?P<sign>[-*+•‣▪●○◦·–—]){_S}{{1,30}}(?=\S)"),
        (LineKind.LIST_ITEM, rf"(?P<indent>{_S}{{0,30}})(?P<sign>\(?\d{{1,3}}[.)]){_S}{{1,30}}(?=\S)"),
        (LineKind.FOOTNOTE, rf"{_S}{{0,30}}(?P<sign>\[\^?\p{{Nd}}{{1,2}}\]):{_S}{{0,30}}(?=\S)"),
        (LineKind.TABLE_ROW, rf"{_S}{{0,30}}\|(?=[^|])"),
        (LineKind.TEXT, rf"(?P<indent>{_S}{{0,300}})(?=\S)|(?P<indent>{_S}{{300}})"),
    )
)
_DAY = regex.compile(r"(?:[12]?\d|3[01])\.")
_WORD = regex.compile(r"\p{L}*")
_MONTH_NAMES = """
januar februar märz marts mars april mai maj juni juli august september oktober november dezember desember december
"""
_MONTHS = tuple(_MONTH_NAMES.split())


def read_line_head(text: str, at: int) -> LineHead | Undecided:
    """
    Return how the line begins that starts at `text[at]`; MORE if the text must go on to tell.

    An answer other than MORE stays the same however the text goes on.
    """
    for kind, pattern in _KINDS:
        found = pattern.match(text, at, partial=True)
        if found is None:
            continue
        if found.partial:
            return MORE
        if kind is LineKind.LIST_ITEM and _DAY.fullmatch(found["sign"]):
            is_date = _begins_a_date(text, found.end())
            if is_date is MORE:
                return MORE
            if is_date:
                continue
        parts = found.groupdict()
        return LineHead(kind, found.end(), len(parts.get("indent") or ""), parts.get("sign") or "")
    return MORE


def _begins_a_date(text: str, at: int) -> bool | Undecided:
    """Say whether a month stands at `text[at]`: "3. Oktober" at the head of a line is no item of a list."""
    found = _WORD.match(text, at, at + 12)
    word = found[0].casefold() if found else ""
    if at + len(word) == len(text) and any(month.startswith(word) for month in _MONTHS):
        return MORE
    return word in _MONTHS


def closes_fence(text: str, at: int, fence: str) -> int | Undecided | None:
    """Return where the line ends that closes a fence like `fence`; None if the line at `text[at]` is code."""
    char = regex.escape(fence[0])
    found = regex.match(rf"{_S}{{0,30}}{char}{{{len(fence)},30}}{_S}{{0,30}}(?=\n)", text, pos=at, partial=True)
    if found is None:
        return None
    return MORE if found.partial else found.end()
