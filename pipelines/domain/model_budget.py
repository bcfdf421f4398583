"""What calls of a language model cost, who bears it, and when a budget is spent. Pure; counts nothing itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from pipelines.domain.values import Value


MILLION = 1_000_000
"""Money is counted in millionths of the currency unit that the prices are in; prices are those of a million tokens."""

OFF = "off"

_MONEY = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,6}))?")
_TOKENS = re.compile(r"[0-9]{1,12}")
_PLACES = 6
_PLACES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Charge(Value):
    """
    What calls of a model take, or may take.

    Attributes:
        tokens_in: that the model reads.
        tokens_out: that it writes.
        money: in millionths.
        calls: how many calls.

    """

    tokens_in: int = 0
    tokens_out: int = 0
    money: int = 0
    calls: int = 0

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.tokens_in + self.tokens_out

    def __add__(self, other: "Charge") -> "Charge":
        """Return both together."""
        return Charge(
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.money + other.money,
            self.calls + other.calls,
        )

    def __sub__(self, other: "Charge") -> "Charge":
        """Return the difference; its numbers may be below zero."""
        return Charge(
            self.tokens_in - other.tokens_in,
            self.tokens_out - other.tokens_out,
            self.money - other.money,
            self.calls - other.calls,
        )


NOTHING = Charge()


@dataclass(frozen=True, slots=True)
class Limit(Value):
    """The most that a base may spend in a day; None for any number."""

    tokens: int | None = None
    money: int | None = None


NO_LIMIT = Limit()


@dataclass(frozen=True, slots=True)
class Prices(Value):
    """Prices of a million tokens that are read, and written, in millionths; 0 where they are not known."""

    read: int = 0
    written: int = 0

    @property
    def known(self) -> bool:
        """Whether anything costs anything."""
        return self.read + self.written > 0


class Spent(StrEnum):
    """What is spent."""

    TOKENS = "tokens"
    MONEY = "money"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Refused(Value):
    """
    No model may be called.

    Attributes:
        spent: what there is not enough of.
        kb: the base whose budget it is; 0 where it is the person's number of answers.

    """

    spent: Spent
    kb: int = 0


@dataclass(frozen=True, slots=True)
class Reservation(Value):
    """
    What was set aside for the calls of one answer.

    Attributes:
        day: whose budgets it counts in.
        charges: base -> what was set aside.
        person: whose answer was counted; empty where nobody's was.

    """

    day: date
    charges: Mapping[int, Charge]
    person: str = ""


def day_of(now: datetime) -> date:
    """Return the day of a time, in UTC: budgets begin anew at its midnight."""
    return now.astimezone(UTC).date()


def charge_of(tokens_in: int, tokens_out: int, prices: Prices, calls: int = 1) -> Charge:
    """Return what calls take; a part of a millionth counts as one."""
    money = _ceil(tokens_in * prices.read + tokens_out * prices.written, MILLION)
    return Charge(tokens_in, tokens_out, money, calls)


def split(charge: Charge, sources: Mapping[int, int]) -> Mapping[int, Charge]:
    """
    Return what each base bears of calls that several have to do with, each number rounded up.

    Together they bear all of it, and less than one unit more for each base. Every base
    counts each call.

    Args:
        charge: of the calls.
        sources: base -> how many of the sources are its own. Before there are any, such as
            for a rewritten question, one for each base that will be searched.

    Raises:
        ValueError: no base has any.

    """
    shares = {kb: count for kb, count in sorted(sources.items()) if count > 0}
    total = sum(shares.values())
    if not total:
        message = "a call that no base has to do with is borne by none"
        raise ValueError(message)
    return {
        kb: Charge(
            _ceil(charge.tokens_in * count, total),
            _ceil(charge.tokens_out * count, total),
            _ceil(charge.money * count, total),
            charge.calls,
        )
        for kb, count in shares.items()
    }


def refusal(charges: Mapping[int, Charge], used: Mapping[int, Charge], limits: Mapping[int, Limit]) -> Refused | None:
    """
    Return which budget does not suffice, of several that of the base with the lowest number; None if all do.

    Args:
        charges: base -> what is wanted.
        used: base -> what was used or set aside today.
        limits: base -> the most of a day; a base that is not named has none.

    """
    for kb in sorted(charges):
        after, limit = used.get(kb, NOTHING) + charges[kb], limits.get(kb, NO_LIMIT)
        if limit.tokens is not None and after.tokens > limit.tokens:
            return Refused(Spent.TOKENS, kb)
        if limit.money is not None and after.money > limit.money:
            return Refused(Spent.MONEY, kb)
    return None


def parse_money(text: str) -> int:
    """
    Return the millionths of an amount such as `2.50`.

    Raises:
        ValueError: it has another form: digits, and at most six behind a point.

    """
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"expected an amount such as 2.50 with at most six places, got {text[:40]!r}")
    return int(found[1]) * MILLION + int((found[2] or "").ljust(_PLACES, "0"))


def parse_tokens(text: str) -> int:
    """
    Return the number of tokens that is written there.

    Raises:
        ValueError: it is no whole number of at most twelve digits.

    """
    if not _TOKENS.fullmatch(text.strip()):
        raise ValueError(f"expected a whole number of tokens such as 200000, got {text[:40]!r}")
    return int(text)


def money_words(millionths: int) -> str:
    """Return an amount as `parse_money` takes it, with two places or as many as it needs."""
    whole, part = divmod(millionths, MILLION)
    return f"{whole}.{f'{part:0{_PLACES}}'.rstrip('0').ljust(_PLACES_SHOWN, '0')}"


def _ceil(number: int, by: int) -> int:
    return -(-number // by)
