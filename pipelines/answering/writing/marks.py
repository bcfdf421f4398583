r"""
What is a citation mark and what is prose. Pure rules over a text; it keeps no state.

A mark is one of these, n being a number, a list (`1, 2`, `1; 2`, `1 and 2`) or a range
(`1-3`, `1–3`, at most 20 wide), in digits of any script:

    [n]  [ n ]  \[n\]  ［n］  [[n]]  [^n]  <sup>[n]</sup>  [n†lines]  【n】  【n†source】
    [source n]  [Quelle: n]  [doc n, doc n] and the like      (source n) if all its numbers are known
    ([n], [n]) and (see [n]): the brackets go with the marks that fill them
    any of them with a link's target behind it, which goes with it: [2](https://…)

All else in brackets is prose and stays: `[a]`, `[x]`, `[sic]`, `[see 3]`, `(1)`, `5(1)`. So do
numbers that cannot be a source's: 0, leading zeros, beyond 99 unless the prompt gave it (`[2024]`,
`[0, 1]`), and a range that runs backwards. What looks like a mark is prose as well

- behind an identifier without a blank: `items[1]`, `a[0]`, `my_list[2]`, `x2[1]`, `argsList[1]`, another
  index, or wherever `(`, `=`, a letter or `.name` follows directly. Behind any other word it is a mark:
  models write `30 days[1].` about as often as `30 days [1].`;
- as a value: behind `=` or `∈`, or, being a list or range, behind "interval", "range" and their like;
- when it is a list or a range of which no number is known, unless it stands where a mark belongs:
  behind a sentence or before punctuation or a line's end.

A number of a mark that the prompt did not give is unknown: it is taken out and counted.
`【4:0†source】` names a position in a tool's own list: a mark with one unknown number.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import regex

from pipelines.domain.values import Value


_PLAUSIBLE = 99
_WIDEST = 20
_SPACE = r"[^\S\n]{0,3}"
_DASH = "[-‐‑‒–—]"
_NUMBER = r"\p{Nd}{1,4}"
_KEYWORD = (
    r"(?:sources?|src|docs?|documents?|passages?|refs?|references?|cites?|citations?|quellen?|dokumente?"
    r"|fuentes?|fontes?|bron|bronnen|источники?|来源|資料|出典|المصدر|स्रोत)"
)
_WORD = rf"{_KEYWORD}{_SPACE}[:#№]?{_SPACE}"
_ONE = rf"{_NUMBER}(?:{_SPACE}{_DASH}{_SPACE}{_NUMBER})?"
_COMMA = rf"(?:{_SPACE}[,;&、，；]{_SPACE}|[^\S\n]{{1,3}}(?:and|or|und|oder|et|ou|y|e)[^\S\n]{{1,3}})"
_LIST = rf"{_ONE}(?:{_COMMA}(?:{_WORD})?{_ONE}){{0,15}}"
_OPEN, _CLOSE = r"\\?[\[［]", r"\\?[\]］]"
_SQUARE = rf"{_SPACE}\^?(?P<word>{_WORD})?(?P<list>{_LIST}){_SPACE}(?:†[^\[\]\n]{{0,60}})?"
_MARK = rf"""
      (?P<open> {_OPEN}{_OPEN} ) {_SQUARE} {_CLOSE}{_CLOSE}
    | (?P<open> <sup>{_OPEN} ) {_SQUARE} {_CLOSE}</sup>
    | (?P<open> {_OPEN} ) {_SQUARE} {_CLOSE}
    | (?P<open> 【 ) {_SPACE}(?P<word>{_WORD})?(?P<list>{_LIST}){_SPACE}
          (?P<position>:\p{{Nd}}{{1,4}})?(?:†[^【】\n]{{0,60}})? 】
    | (?P<open> \( ) {_SPACE}(?P<word>{_WORD})(?P<list>{_LIST}){_SPACE} \)
"""
_FLAGS: Final = regex.VERBOSE | regex.IGNORECASE
_MARK_PATTERN = regex.compile(_MARK, _FLAGS)
_BETWEEN = regex.compile(rf"(?P<comma>{_COMMA})(?={_MARK})", _FLAGS)
_BRACKETED = regex.compile(
    rf"""\({_SPACE} (?: (?:see|cf\.|siehe|vgl\.|{_KEYWORD}) :? {_SPACE} )?
        (?: (?:{_MARK}) {_SPACE} (?: [,;&、，；] {_SPACE} (?={_MARK}) )? ){{1,8}} \)""",
    _FLAGS,
)
_RANGE = regex.compile(rf"(\p{{Nd}}+)(?:{_SPACE}{_DASH}{_SPACE}(\p{{Nd}}+))?")
_TARGET = regex.compile(
    r"""\( (?: <[^<>\n]{0,2000}> | [^\s()<>]{0,2000} (?: \([^\s()]{0,200}\) [^\s()]{0,200} ){0,3} )
        (?: [^\S\n]{1,3} (?: "[^"\n]{0,300}" | '[^'\n]{0,300}' ) )? [^\S\n]{0,3} \)""",
    regex.VERBOSE,
)
_ENUMERATION = regex.compile(r"\((?:\p{Nd}{1,4}|\p{L}|[ivxIVX]{1,5})\)")

_ARRAYS = "args? argv arr arrays? buf elem elements idx items? nums"
_IDENTIFIER = regex.compile(
    rf"""(?: ^ | [^\p{{L}}\p{{N}}_$] )
         (?: [a-z]\d* | [\w$]*[_$][\w$]* | [a-z]{{2,}}[A-Z]\w* | (?i:{"|".join(_ARRAYS.split())}) ) $
      | [\w$]\[ [^\[\]\n]{{1,20}} \] $
    """,
    regex.VERBOSE,
)
_VALUE = regex.compile(r"[=∈∉⊂]\s*$")
_INTERVAL = regex.compile(r"(?i)\b(?:intervals?|intervall|ranges?|bereich|between|zwischen)\s+$")
_CODE_FOLLOWS = regex.compile(r"[a-zA-Z0-9_(=]|\.[a-zA-Z_]|\[[^\p{Nd}\s\^]")
_PLACE_OF_A_MARK = regex.compile(r"""[.,;:!?…。、，；：！？।؟)\]\n\[【]""")
_AFTER_A_SENTENCE = regex.compile(r"""(?:^|[.!?…。！？।؟]["'”’»)]*)\s*$""")
_WORD_BEFORE = regex.compile(r"[\p{L}\p{M}\p{N}_$\]]$")


class Undecided(Enum):
    """What follows decides: more of the text is needed."""

    MORE = "more"


MORE: Final = Undecided.MORE


@dataclass(frozen=True, slots=True)
class Mark(Value):
    """
    A mark in a text.

    Attributes:
        numbers: the known numbers, in order of writing.
        unknown: how many others it holds.
        end: one past its last character, a target included.

    """

    numbers: tuple[int, ...]
    unknown: int
    end: int


def read_mark(text: str, at: int, *, before: str, known: frozenset[int]) -> Mark | Undecided | None:
    """
    Return the mark that begins at `text[at]`; None if it is prose, MORE if the text must go on to tell.

    An answer other than MORE stays the same however the text goes on.

    Args:
        text: the text as the model wrote it, as far as it came.
        at: where a bracket or `<` stands.
        before: the end of what is shown before it: a blank at its end if one stands there, or a mark.
        known: the numbers that the prompt gave.

    """
    if text[at] == "(" and not _WORD_BEFORE.search(before):
        bracketed = _bracketed(text, at, known)
        if bracketed is not None:
            return bracketed
    found = _MARK_PATTERN.match(text, at, partial=True)
    if found is None:
        return None
    if found.partial or _needs_more(text, found.end(), before):
        return MORE
    return _decide(text, found, before, known)


def between_marks(text: str, at: int, known: frozenset[int]) -> int | Undecided | None:
    """Return where the comma or "and" at `text[at]` ends that stands between two marks; None if there is none."""
    found = _BETWEEN.match(text, at, partial=True)
    if found is None:
        return None
    if found.partial:
        return MORE
    return found.end("comma") if _numbers(found, known) is not None else None


def link_target(text: str, at: int) -> int | Undecided | None:
    """Return where the target of a link ends whose `(` stands at `text[at]`; None if it is prose, as `(1)` is."""
    if at >= len(text):
        return MORE
    found = _TARGET.match(text, at, partial=True)
    if found is None:
        return None
    if found.partial:
        return MORE
    return None if _ENUMERATION.fullmatch(found[0]) else found.end()


def _bracketed(text: str, at: int, known: frozenset[int]) -> Mark | Undecided | None:
    """Return marks that fill a pair of round brackets, as one mark."""
    found = _BRACKETED.match(text, at, partial=True)
    if found is None:
        return None
    if found.partial:
        return MORE
    lists = [_numbers(one, known) for one in _MARK_PATTERN.finditer(text, at + 1, found.end() - 1)]
    numbers = [number for one in lists if one is not None for number in one]
    cited = tuple(number for number in numbers if number in known)
    return None if None in lists else Mark(cited, len(numbers) - len(cited), found.end())


def _needs_more(text: str, end: int, before: str) -> bool:
    """Say whether the one or two characters behind a mark that matter are not there yet."""
    if end == len(text):
        return True
    return end + 1 == len(text) and text[end] in ".[" and _WORD_BEFORE.search(before) is not None


def _decide(text: str, found: "regex.Match[str]", before: str, known: frozenset[int]) -> Mark | Undecided | None:
    numbers = _numbers(found, known)
    if numbers is None:
        return None
    target = link_target(text, found.end()) if text[found.end()] == "(" else None
    if target is MORE:
        return MORE
    after = text[found.end() : found.end() + 2]
    cited = tuple(one for one in numbers if one in known)
    if found["position"]:
        return Mark((), 1, found.end())
    if found["open"] == "(" and len(cited) < len(numbers):
        return None
    end = found.end() if target is None else target
    bare = found["open"] in ("[", "［", "\\[") and not found["word"] and "^" not in found[0]
    if bare and _is_prose(before, after, cited, is_list=len(numbers) > 1, linked=target is not None):
        return None
    return Mark(cited, len(numbers) - len(cited), end)


def _is_prose(before: str, after: str, cited: tuple[int, ...], *, is_list: bool, linked: bool) -> bool:
    """Say whether what looks like a mark is an index, a value or an interval."""
    if before.endswith(("[", "［")) or _VALUE.search(before):
        return True
    if _WORD_BEFORE.search(before) and (_IDENTIFIER.search(before) or (not linked and _CODE_FOLLOWS.match(after))):
        return True
    if is_list and _INTERVAL.search(before):
        return True
    belongs = _PLACE_OF_A_MARK.match(after) or _AFTER_A_SENTENCE.search(before)
    return is_list and not cited and not belongs


def _numbers(found: "regex.Match[str]", known: frozenset[int]) -> tuple[int, ...] | None:
    """Return the numbers of a list, ranges written out; None if one of them cannot be a source's."""
    numbers: list[int] = []
    for first, last in _RANGE.findall(found["list"]):
        low, high = _number(first, known), _number(last or first, known)
        if low is None or high is None or not low <= high < low + _WIDEST:
            return None
        numbers.extend(range(low, high + 1))
    return tuple(numbers)


def _number(digits: str, known: frozenset[int]) -> int | None:
    number = int(digits)
    if len(str(number)) != len(digits) or number < 1:
        return None
    return number if number in known or number <= _PLAUSIBLE else None
