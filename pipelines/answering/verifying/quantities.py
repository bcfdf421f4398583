"""Figures with what they count: unit, currency and whether they are a floor or a ceiling."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pipelines.answering.verifying.tokens import Kind, Token
from pipelines.domain.values import Value


class Bound(StrEnum):
    """What a figure is to the amounts that are meant."""

    FLOOR = "floor"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class Quantity(Value):
    """
    A figure with what stands beside it.

    Attributes:
        at: position of its token.
        value: canonical value; a time of day as `22:00`.
        unit: `day`; None without any.
        currency: `eur`; None without any.
        bound: floor or ceiling; None for a plain amount.
        is_weak: it is the word `one`.

    """

    at: int
    value: str
    unit: str | None
    currency: str | None
    bound: Bound | None
    is_weak: bool

    @property
    def measure(self) -> tuple[str, float] | None:
        """Return what it measures in one unit of its kind; None where units of its kind are not interchangeable."""
        kind = _INTERCHANGEABLE.get(self.unit or "")
        if kind is None or not _is_number(self.value):
            return None
        return kind[0], round(float(self.value) * kind[1], 6)


_INTERCHANGEABLE = {
    "second": ("minutes", 1 / 60),
    "minute": ("minutes", 1.0),
    "hour": ("minutes", 60.0),
    "day": ("days", 1.0),
    "week": ("days", 7.0),
    "month": ("months", 1.0),
    "quarter": ("months", 3.0),
    "year": ("months", 12.0),
    "decade": ("months", 120.0),
    "century": ("months", 1200.0),
    "kb": ("kb", 1.0),
    "mb": ("kb", 1000.0),
    "gb": ("kb", 10.0**6),
    "tb": ("kb", 10.0**9),
}
RHYTHMS = {
    "daily": ("days", 1.0),
    "weekly": ("days", 7.0),
    "biweekly": ("days", 14.0),
    "monthly": ("months", 1.0),
    "quarterly": ("months", 3.0),
    "yearly": ("months", 12.0),
    "annual": ("months", 12.0),
    "annually": ("months", 12.0),
}
"""Words that measure as a figure with its unit does."""

_FILLING = """
- calendar business working consecutive full paid more or of to and the a an per straight whole extra additional
"""
_BETWEEN = frozenset(_FILLING.split())
_REACH = 4
_FLOORS = (
    ("at", "least"), ("no", "less", "than"), ("not", "less", "than"), ("no", "fewer", "than"), ("more", "than"),
    ("greater", "than"), ("longer", "than"), ("higher", "than"), ("larger", "than"), ("later", "than"), ("over",),
    ("exceed",), ("exceeds",), ("exceeding",), ("above",), ("after",), ("minimum", "of"), ("minimum",),
    ("no", "earlier", "than"), ("in", "excess", "of"), ("starting", "at"), ("older", "than"), ("beyond",),
    ("farther", "than"), ("further", "than"),
)  # fmt: skip
_CEILINGS = (
    ("at", "most"), ("no", "more", "than"), ("not", "more", "than"),
    ("up", "to"), ("as", "much", "as"), ("less", "than"),
    ("fewer", "than"), ("shorter", "than"), ("lower", "than"), ("smaller", "than"), ("earlier", "than"), ("under",),
    ("below",), ("before",), ("within",), ("maximum", "of"), ("maximum",), ("limit", "of"), ("limited", "to"),
    ("capped", "at"), ("no", "later", "than"), ("no", "longer", "than"), ("no", "higher", "than"), ("not", "exceed"),
    ("no", "greater", "than"), ("as", "many", "as"), ("almost",), ("nearly",), ("younger", "than"), ("until",), ("by",),
)  # fmt: skip
_PHRASES: dict[tuple[str, ...], Bound] = {
    **dict.fromkeys(_FLOORS, Bound.FLOOR),
    **dict.fromkeys(_CEILINGS, Bound.CEILING),
}
_LONGEST = 3
_FILLERS = frozenset({"the", "a", "an", "of", "to", "first", "usd", "$", "€", "£", "is", "about", "around"})
_TAILS = {
    ("or", "more"): Bound.FLOOR,
    ("or", "over"): Bound.FLOOR,
    ("or", "above"): Bound.FLOOR,
    ("or", "longer"): Bound.FLOOR,
    ("or", "less"): Bound.CEILING,
    ("or", "fewer"): Bound.CEILING,
    ("or", "below"): Bound.CEILING,
    ("at", "most"): Bound.CEILING,
    ("at", "least"): Bound.FLOOR,
}


def quantities_of(tokens: Sequence[Token]) -> Iterator[Quantity]:
    """Yield the figures of a text, in order; a figure of a range takes unit and currency of its end."""
    for at, token in enumerate(tokens):
        if token.kind is Kind.FIGURE:
            unit, currency = _counted(tokens, at)
            yield Quantity(at, token.key, unit, currency or _sign_before(tokens, at), _bound(tokens, at), token.weak)


def single_measures_of(tokens: Sequence[Token]) -> Iterator[tuple[str, float]]:
    """Yield what `a year` or `an hour` measures."""
    for first, second in pairwise(tokens):
        if first.word in {"a", "an"} and second.kind is Kind.UNIT and second.key in _INTERCHANGEABLE:
            kind, size = _INTERCHANGEABLE[second.key]
            yield kind, round(size, 6)


def _counted(tokens: Sequence[Token], at: int) -> tuple[str | None, str | None]:
    """Return unit and currency behind a figure; other figures of a range may stand between."""
    unit = currency = None
    for token in tokens[at + 1 : at + 1 + _REACH]:
        if token.kind is Kind.UNIT:
            unit = unit or token.key
            break
        if token.kind is Kind.CURRENCY:
            currency = currency or token.key
        elif token.kind is not Kind.FIGURE and token.word not in _BETWEEN:
            break
    return unit, currency


def _sign_before(tokens: Sequence[Token], at: int) -> str | None:
    return tokens[at - 1].key if at and tokens[at - 1].kind is Kind.CURRENCY else None


def _bound(tokens: Sequence[Token], at: int) -> Bound | None:
    start = at
    while start and (tokens[start - 1].word in _FILLERS) and at - start < _LONGEST and _phrase(tokens, start) is None:
        start -= 1
    found = _phrase(tokens, start)
    if found is not None:
        return found
    behind = [token.word for token in tokens[at + 1 : at + 1 + _REACH] if token.kind is not Kind.MARK]
    return next((_TAILS[pair] for pair in pairwise(behind) if pair in _TAILS), None)


def _phrase(tokens: Sequence[Token], end: int) -> Bound | None:
    """Return the bound that the words right before a position make, the longest phrase first."""
    for length in range(min(_LONGEST, end), 0, -1):
        words = tuple(token.word for token in tokens[end - length : end])
        if words in _PHRASES:
            return _PHRASES[words]
    return None


def bounds_in(tokens: Sequence[Token]) -> set[Bound]:
    """Return which bounds the words of a short stretch make, whatever they bound."""
    found = set()
    end = len(tokens)
    while end:
        phrase = _phrase(tokens, end)
        if phrase is not None:
            found.add(phrase)
        end -= 1
    return found


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdigit()
