"""
A text to tokens: words by stem and meaning, figures by value, dates, units and currencies by their one name.

It knows what a token is, not what it means for an answer.
"""

import re
from collections.abc import Iterator
from enum import IntEnum
from functools import lru_cache

from pipelines.answering.verifying.closed_classes import COMMON, SILENT
from pipelines.answering.verifying.meanings import MEANING
from pipelines.answering.verifying.spelling import (
    MONTH_NAMES,
    NUMBER_WORDS,
    SCALES,
    WEEKDAYS,
    one_spelling,
)
from pipelines.retrieval.terms import stem


class Kind(IntEnum):
    """What a token is."""

    WORD = 0
    SILENT = 1
    FIGURE = 2
    DATE = 3
    UNIT = 4
    CURRENCY = 5
    MARK = 6


_HAVE = frozenset({"have", "has"})
_ARTICLES = frozenset({"the", "a", "an", "this", "that", "these", "those"})
"""Behind `have to` they show that it does not oblige: the questions that you have to the team."""

_UNIT_WORDS = {
    "second": "second seconds sec secs",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "quarter": "quarter quarters",
    "year": "year years yr yrs",
    "decade": "decade decades",
    "century": "century centuries",
    "percent": "percent",
    "point": "percentagepoint",
    "kb": "kb",
    "mb": "mb",
    "gb": "gb",
    "tb": "tb",
    "km": "km kilometers kilometres kilometer kilometre",
    "mile": "mile miles",
    "meter": "meter meters metre metres",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "kg": "kg kilograms kilogram",
    "pound": "lb lbs",
    "hectare": "hectares hectare",
    "acre": "acre acres",
}
_CURRENCY_WORDS = {
    "usd": "$ usd dollar dollars",
    "eur": "€ eur euro euros",
    "gbp": "£ gbp pounds",
    "nok": "nok kroner krone",
    "chf": "chf francs",
    "jpy": "¥ jpy yen",
    "inr": "₹ inr rupees",
    "pln": "pln zloty",
}
UNITS = {word: unit for unit, words in _UNIT_WORDS.items() for word in words.split()}
CURRENCIES = {word: currency for currency, words in _CURRENCY_WORDS.items() for word in words.split()}
_TOKEN = re.compile(
    r"(?P<time>\d{1,2}:\d\d(?:\s?[ap]m\b)?|\d{1,2}\s?[ap]m\b)"
    r"|(?P<figure>\d+(?:\.\d+)?)(?P<ordinal>st|nd|rd|th)?(?![^\W\d_])"
    r"|(?P<word>[^\W_]+(?:'[^\W\d_]+)?)"
    r"|(?P<sign>[$€£¥₹])"
    r"|(?P<mark>[.,;:()!?|\"-])"
)
_ENDS = frozenset('.!?|:"')
_AROUND_MONTH = 2
_WORDS_KEPT = 1 << 14
"""Some 4 MB."""

_LONGEST_KEPT = 40
"""Characters; where nothing parts the words, one may be a page long."""


class Token:
    """
    One word, figure or mark.

    Attributes:
        kind: what it is.
        key: what it is compared by: value, stem of its meaning, name of unit, month or currency.
        word: as written, in lower case.
        capital: its first letter is a capital.
        first: it opens a sentence, or stands behind a colon or a quotation mark.
        weak: a figure in the letters of `one`, which often counts nothing.

    """

    __slots__ = ("capital", "first", "key", "kind", "weak", "word")

    def __init__(self, kind: Kind, key: str, word: str, *, capital: bool, first: bool) -> None:
        self.kind = kind
        self.key = key
        self.word = word
        self.capital = capital
        self.first = first
        self.weak = False

    def with_key(self, key: str) -> "Token":
        """Return the same token compared by another key."""
        other = Token(self.kind, key, self.word, capital=self.capital, first=self.first)
        other.weak = self.weak
        return other

    @property
    def counts(self) -> bool:
        """Say whether it is content: a word that is not silent, a figure, a date, a unit or a currency."""
        return self.kind is not Kind.SILENT and self.kind is not Kind.MARK

    @property
    def weight(self) -> float:
        """Return how much it says about where a sentence comes from."""
        if self.kind in {Kind.FIGURE, Kind.DATE}:
            return 1.5
        return 0.4 if self.key in COMMON or self.kind in {Kind.UNIT, Kind.CURRENCY} else 1.0


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text in order. Linear in its length."""
    found = list(_raw_tokens(one_spelling(text)))
    _settle(found)
    return found


def _raw_tokens(text: str) -> Iterator[Token]:
    """Yield tokens, each for itself."""
    first = True
    for match in _TOKEN.finditer(text):
        kind, raw = match.lastgroup, match[0]
        if kind == "mark":
            yield Token(Kind.MARK, raw, raw, capital=False, first=False)
            first = first or raw in _ENDS
            continue
        yield _token(match, raw, first=first)
        first = False


def _token(match: "re.Match[str]", raw: str, *, first: bool) -> Token:
    if match.lastgroup == "word":
        kind, key, word, capital, weak = _known_reading(raw) if len(raw) <= _LONGEST_KEPT else _reading(raw)
        token = Token(kind, key, word, capital=capital, first=first)
        token.weak = weak
        return token
    word = raw.lower()
    if match["time"]:
        return Token(Kind.FIGURE, _time(word), word, capital=False, first=first)
    if match["figure"]:
        return _figure(match, word, first=first)
    return Token(Kind.CURRENCY, CURRENCIES[raw], word, capital=False, first=first)


def _figure(match: "re.Match[str]", word: str, *, first: bool) -> Token:
    value = canonical(match["figure"])
    if match["ordinal"]:
        return Token(Kind.FIGURE, f"{value}th", word, capital=False, first=first)
    return Token(Kind.FIGURE, value, word, capital=False, first=first)


@lru_cache(maxsize=_WORDS_KEPT)
def _known_reading(raw: str) -> tuple[Kind, str, str, bool, bool]:
    return _reading(raw)


def _reading(raw: str) -> tuple[Kind, str, str, bool, bool]:
    """Return what a word is, whatever stands beside it: kind, key, lower case, whether it has a capital, is weak."""
    word = raw.lower()
    capital = raw[0].isupper()
    if capital and word in MONTH_NAMES:
        return Kind.DATE, f"m{MONTH_NAMES[word]}", word, True, False
    if word in SILENT and not (capital and raw == "IT"):
        return Kind.SILENT, word, word, capital, False
    if word in NUMBER_WORDS:
        return Kind.FIGURE, str(NUMBER_WORDS[word]), word, capital, word in {"one", "zero"}
    for kind, names in ((Kind.UNIT, UNITS), (Kind.CURRENCY, CURRENCIES), (Kind.DATE, WEEKDAYS)):
        if word in names and (capital or kind is not Kind.DATE):
            return kind, names[word], word, capital, False
    (key,) = stem([word])
    return Kind.WORD, MEANING.get(key, key), word, capital, False


def canonical(figure: str) -> str:
    """Return the one spelling of a figure: `3.50` is `3.5`, `007` is `7`."""
    whole, _, rest = figure.partition(".")
    rest = rest.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{rest}" if rest else whole


def _time(word: str) -> str:
    """Return a time of day in 24 hours, `22:00`."""
    digits = word.rstrip("apm ").strip()
    hour, _, minute = digits.partition(":")
    number = int(hour)
    if word.endswith("pm") and number < 12:  # noqa: PLR2004 - hours of half a day
        number += 12
    if word.endswith("am") and number == 12:  # noqa: PLR2004 - hours of half a day
        number = 0
    return f"{number:02}:{minute or '00'}"


def _settle(tokens: list[Token]) -> None:
    """Decide what a token alone does not say: scales, `may`, `have to`, and days of a month."""
    for at, token in enumerate(tokens):
        if token.kind is Kind.WORD and token.word in SCALES and at:
            before = tokens[at - 1]
            if before.kind is Kind.FIGURE and ":" not in before.key and not before.key.endswith("th"):
                before.key = canonical(f"{float(before.key) * SCALES[token.word]:f}")
                before.weak = False
                token.kind = Kind.SILENT
        if token.word in _HAVE and _obliges(tokens, at):
            token.word = token.key = "must"
        if token.word == "second" and not (at and tokens[at - 1].kind is Kind.FIGURE):
            token.kind, token.key = Kind.WORD, "second"
        if token.kind is Kind.DATE and token.key[0] == "m":
            _settle_month(tokens, at)


def _obliges(tokens: list[Token], at: int) -> bool:
    """Say whether `have` at a position obliges: `to` and no article follows."""
    to, *following = [one.word for one in tokens[at + 1 : at + 3]] or [""]
    return to == "to" and bool(following) and following[0] not in _ARTICLES


def _settle_month(tokens: list[Token], at: int) -> None:
    """Make `1st` beside a month a 1; take `May` and `March` for words where nothing dates them."""
    token = tokens[at]
    beside = tokens[max(0, at - _AROUND_MONTH) : at] + tokens[at + 1 : at + 1 + _AROUND_MONTH]
    for one in beside:
        if one.kind is Kind.FIGURE and one.key.endswith("th"):
            one.key = one.key.removesuffix("th")
    if token.word == "may":
        dated = any(one.kind is Kind.FIGURE for one in beside)
        after_preposition = at > 0 and tokens[at - 1].word in {"in", "of", "until", "by", "since", "from", "during"}
        if not dated and not after_preposition:
            token.kind, token.key = Kind.SILENT, token.word
