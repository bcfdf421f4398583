"""
Amounts in a question and ranges in a cell: "1,200 euros", "more than €500, up to €5,000".

English. It knows no table; which cells are to be read is said in `fitting`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import regex

from pipelines.domain.values import Value
from pipelines.retrieval.terms import content_stems


_CURRENCIES = {
    "€": "eur",
    "eur": "eur",
    "euro": "eur",
    "$": "usd",
    "usd": "usd",
    "dollar": "usd",
    "£": "gbp",
    "gbp": "gbp",
    "chf": "chf",
    "franc": "chf",
    "nok": "nok",
    "kroner": "nok",
}
_SCALES = {"k": 1_000, "thousand": 1_000, "million": 1_000_000}
_AMOUNT = regex.compile(
    r"""(?:(?P<symbol>[€$£]|\b(?:EUR|USD|GBP|CHF|NOK)\b)\s?)?
    (?<![\p{L}\p{N}_.,])
    (?P<number>(?!0)\p{Nd}{1,3}(?:[,.'’\u00a0\u202f\ ]\p{Nd}{3}(?!\p{N}))+(?:[.,]\p{Nd}{1,2}(?!\p{N}))?
      |\p{Nd}+(?:[.,]\p{Nd}+)?)
    (?![\p{N}_])
    (?:\s?(?P<scale>k|thousand|million)\b)?
    (?:\s?(?P<unit>[€$£%]|(?:working\s|calendar\s)?
      (?!(?:and|but|fewer|less|more|or|plus|to|under|up|below|above|over|longer)\b)\p{L}+))?""",
    regex.VERBOSE | regex.IGNORECASE,
)
_SEPARATOR = regex.compile(r"[,.'’\u00a0\u202f ](?=\p{Nd}{3}(?!\p{N}))")
_YEAR = regex.compile(r"(?:19|20)\p{Nd}{2}")
_LABEL = regex.compile(
    r"""(?:\b(?:level|form|section|chapter|step|page|version|grade|band|room|floor|extension|number|no\.?|article|part
    |class|phase|tier|rule|point|paragraph|table|annex|appendix)\s*|[#:/-])\Z""",
    regex.VERBOSE | regex.IGNORECASE,
)
_DATE = regex.compile(r"[:/-]\p{N}")
_BETWEEN = r"(?: ?[-–—] ?|,? (?:and |but )?(?:not more than|up to|to) )"
_FORMS = tuple(
    (ends, regex.compile(form))
    for ends, form in (
        ("..]", r"(?:up to|at most|(?:not|no) more than|max(?:imum|\.)?|until|≤|<=) ?#"),
        ("..]", r"# (?:or|and) (?:less|fewer|below|under)"),
        ("..)", r"(?:under|below|(?:less|fewer) than|<) ?#"),
        ("(..", r"(?:over|above|(?:more|longer) than|exceeding|>) ?#"),
        ("[..", r"(?:at least|from|min(?:imum|\.)?|≥|>=) ?#"),
        ("[..", r"# (?:or|and) (?:more|above|over|longer)|# ?\+"),
        ("[..]", rf"(?:from |at least )?#{_BETWEEN}#|between # and #"),
        ("(..]", rf"(?:over|above|more than) #{_BETWEEN}#"),
        ("[..)", r"(?:from |at least )?#,? (?:to |and |but )?(?:under|below|less than|fewer than) #"),
    )
)
"""Ends of a range, a bracket where the end belongs to it, and how a cell with # for its amounts says so."""


@dataclass(frozen=True, slots=True)
class Amount(Value):
    """
    A number and what it counts.

    Attributes:
        value: the number.
        unit: a currency's code, "%", or the stem of the word after it; None without one.
        text: all of it as it was written.

    """

    value: Decimal
    unit: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Range(Value):
    """
    The amounts between two ends.

    Attributes:
        low: lower end; None where there is none.
        high: upper end; None where there is none. At least one end is there.
        holds_low: whether the lower end belongs to it.
        holds_high: whether the upper end belongs to it.
        unit: as an amount's; None where the cell names none.

    """

    low: Decimal | None
    high: Decimal | None
    holds_low: bool
    holds_high: bool
    unit: str | None

    def __contains__(self, value: Decimal) -> bool:
        """Return whether a number lies in it, its unit apart."""
        above = self.low is None or value > self.low or (self.holds_low and value == self.low)
        below = self.high is None or value < self.high or (self.holds_high and value == self.high)
        return above and below


def amounts_in(question: str) -> tuple[Amount, ...]:
    """Return the amounts of a question, in order; no years, dates, times, nor numbers of a level, form, section …."""
    found = []
    for match in _AMOUNT.finditer(question):
        amount = _amount(match)
        year = amount.unit not in _CURRENCIES.values() and _YEAR.fullmatch(match["number"])
        named = _LABEL.search(question, 0, match.start()) or _DATE.match(question, match.end("number"))
        if not year and not named:
            found.append(amount)
    return tuple(found)


def range_of(cell: str) -> Range | None:
    """Return the range that a cell is; None where it is, or says, anything else, and where it is empty."""
    amounts = [_amount(match) for match in _AMOUNT.finditer(cell)]
    skeleton = " ".join(_AMOUNT.sub("#", cell).split()).lower()
    form = next((ends for ends, form in _FORMS if form.fullmatch(skeleton)), None)
    units = {one.unit for one in amounts if one.unit}
    if form is None or len(units) > 1:
        return None
    low = None if form.startswith("..") else amounts[0].value
    high = None if form.endswith("..") else amounts[-1].value
    if low is not None and high is not None and low > high:
        return None
    return Range(low, high, form.startswith("["), form.endswith("]"), next(iter(units), None))


def comparable(amount: Amount, unit: str | None, header: Collection[str]) -> bool:
    """
    Return whether an amount is of the kind that a column speaks of.

    A number alone is compared with money and with numbers alone. Money is compared with
    the same currency and with numbers under a header that names no other unit.

    Args:
        amount: the amount.
        unit: the column's own unit; None where its cells name none.
        header: stems of the column's header, which may name the unit.

    """
    named = {_CURRENCIES.get(one, one) for one in header}
    unit = unit or next((one for one in named if one in _CURRENCIES.values() or one in _COUNTED), None)
    if amount.unit is None or amount.unit in _CURRENCIES.values():
        return unit is None or unit == amount.unit or (amount.unit is None and unit in _CURRENCIES.values())
    return amount.unit == unit or (unit is None and amount.unit in named)


_COUNTED = frozenset(
    content_stems("minutes hours days weeks months years nights persons people employees km kilometres kg % percent")
)
"""Units that a header may name for its column."""


def _amount(match: regex.Match[str]) -> Amount:
    """Return the amount that was found; of a currency before and a word after the number, the currency counts."""
    number, scale = match["number"], match["scale"]
    whole = number if number.startswith("0") else _SEPARATOR.sub("", number)
    value = Decimal(whole.replace(",", ".")) * _SCALES.get((scale or "").lower(), 1)
    return Amount(value, _unit(match["symbol"] or match["unit"] or ""), match[0])


def _unit(written: str) -> str | None:
    """Return the unit that is written beside a number; None for nothing and for a stop word."""
    if written in ("%", *_CURRENCIES):
        return _CURRENCIES.get(written, written)
    stems = content_stems(written)
    return _CURRENCIES.get(stems[-1], stems[-1]) if stems else None
