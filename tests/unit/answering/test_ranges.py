"""Promises of ranges: what a cell says, what a question asks, and which amounts are compared with which."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.extracting.ranges import Range, amounts_in, comparable, range_of


def holds(cell: str, *values: str) -> list[bool]:
    """Return which of these numbers a cell's range holds."""
    found = range_of(cell)
    assert found is not None
    return [Decimal(value) in found for value in values]


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        ("up to 500", "0 499.99 500", "500.01"),
        ("at most €500", "500", "501"),
        ("no more than 5 days", "5", "6"),
        ("5 or fewer", "5", "6"),
        ("under 500 EUR", "499", "500"),
        ("less than 500", "499", "500"),
        ("fewer than 5", "4", "5"),
        ("< 5 %", "4.9", "5"),
        ("over 2,000", "2001", "2000"),
        ("more than €100,000", "100001", "100000"),
        ("> 10", "10.5", "10"),
        ("at least 3 years", "3", "2.9"),
        ("10 or more", "10 11", "9"),
        ("2,000+", "2000", "1999"),
        ("from 5k", "5000", "4999"),
        ("500 to 2,000", "500 1999 2000", "499 2001"),
        ("€41,000 to €50,000", "41000 50000", "40999 50001"),
        ("500\N{EN DASH}999", "500 999", "1000"),
        ("1.200 - 2.500 \N{EURO SIGN}", "1200 2500", "1.2 2.5"),
        ("between 3 and 5 days", "3 5", "2 6"),
        ("more than €500, up to €5,000", "501 5000", "500 5001"),
        ("over 10 to 20", "11 20", "10 21"),
        ("from 5,000 to under 10,000", "5000 9999", "4999 10000"),
        ("at least 3 years, but less than 5 years", "3 4", "5"),
        ("less than 1 million", "999999", "1000000"),
        ("€ 2 000 to € 3 000", "2000 3000", "1999"),
    ],
)
def test_a_range_holds_what_it_says(cell: str, inside: str, outside: str) -> None:
    """Whether an end belongs to a range is decided by its words."""
    assert all(holds(cell, *inside.split()))
    assert not any(holds(cell, *outside.split()))


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "none",
        "500",
        "2 days",
        "team lead",
        "10 to 5",
        "5 days to 3 weeks",
        "08:00-17:00",
        "Mon-Fri 08:00-17:00",
        "2026-01-05",
        "Inside Europe, up to \N{EURO SIGN}1,000, in the travel plan",
        "one to three",
        "A to B",
        "up to",
    ],
)
def test_anything_else_is_no_range(cell: str) -> None:
    """A cell with another word beside its range, with two units, or with its ends exchanged says none."""
    assert range_of(cell) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I spent 1,200 euros: who approves?", [("1200", "eur")]),
        ("Who approves €1.200?", [("1200", "eur")]),
        ("Who approves 1,200?", [("1200", None)]),
        ("may it cost 1.5k?", [("1500", None)]),
        ("who signs 2 million dollars or £30", [("2000000", "usd"), ("30", "gbp")]),
        ("I have been here for 7 years", [("7", "year")]),
        ("Who approves 5 offers?", [("5", "offer")]),
        ("What is paid for level 5?", []),
        ("What changed in 2024?", []),
        ("on 2026-01-05 at 10:30, room 12, form #7", []),
        ("What is a B2B contract?", []),
        ("Who approves?", []),
    ],
)
def test_the_amounts_of_a_question(question: str, expected: list[tuple[str, str | None]]) -> None:
    """Numbers with what they count; years, dates, times and numbers of things are no amounts."""
    assert [(one.value, one.unit) for one in amounts_in(question)] == [
        (Decimal(value), unit) for value, unit in expected
    ]


@pytest.mark.parametrize(
    ("asked", "unit", "header", "expected"),
    [
        ("1,200 euros", "eur", "amount", True),
        ("1,200 euros", None, "amount", True),
        ("1,200 euros", "usd", "amount", False),
        ("1,200 euros", None, "years of service", False),
        ("1,200 euros", None, "amount in USD", False),
        ("1,200", "eur", "amount", True),
        ("1,200", None, "amount", True),
        ("7", "year", "service", False),
        ("7", None, "years of service", False),
        ("7 years", None, "years of service", True),
        ("7 years", "year", "service", True),
        ("7 years", "eur", "amount", False),
        ("7 years", None, "amount", False),
        ("5 offers", None, "offers", True),
    ],
)
def test_only_like_is_compared(asked: str, unit: str | None, header: str, *, expected: bool) -> None:
    """Euros are no dollars and no years; a number alone may be money."""
    (amount,) = amounts_in(f"is it {asked}?")
    stems = {"amount": "amount", "years": "year", "offers": "offer", "USD": "usd"}
    assert comparable(amount, unit, [stems.get(word, word) for word in header.split()]) is expected


_ENDS = st.integers(0, 10_000_000)


def _written(number: int, style: str) -> str:
    """Return a number as people write it."""
    plain = f"{number:,}"
    return {"plain": str(number), "comma": plain, "point": plain.replace(",", "."), "blank": plain.replace(",", " ")}[
        style
    ]


_STYLES = st.sampled_from(["plain", "comma", "point", "blank"])
_UNITS = st.sampled_from(["{}", "€{}", "{} euros", "EUR {}", "{} working days", "{} %"])


@given(_ENDS, _ENDS, _ENDS, _STYLES, _UNITS)
def test_a_range_is_read_as_it_was_written(first: int, second: int, value: int, style: str, unit: str) -> None:
    """Whatever the marks and units, a number lies inside exactly where arithmetic says so."""
    low, high = sorted((first, second))
    ends = [unit.format(_written(one, style)) for one in (low, high)]
    assert holds(f"{ends[0]} to {ends[1]}", str(value)) == [low <= value <= high]
    assert holds(f"between {ends[0]} and {ends[1]}", str(value)) == [low <= value <= high]
    assert holds(f"more than {ends[0]}, up to {ends[1]}", str(value)) == [low < value <= high]
    assert holds(f"over {ends[1]}", str(value)) == [value > high]
    assert holds(f"{ends[1]} or more", str(value)) == [value >= high]
    assert holds(f"up to {ends[1]}", str(value)) == [value <= high]
    assert holds(f"less than {ends[1]}", str(value)) == [value < high]


@given(st.lists(_ENDS, min_size=2, max_size=6, unique=True), _ENDS)
def test_a_partition_holds_each_amount_once(ends: list[int], value: int) -> None:
    """Of rows that begin where the one before ends, exactly one holds an amount."""
    ends.sort()
    rows = [f"up to {ends[0]:,}", *(f"more than {a:,}, up to {b:,}" for a, b in pairwise(ends))]
    rows.append(f"more than {ends[-1]:,}")
    assert sum(holds(row, str(value))[0] for row in rows) == 1


@given(_ENDS, _STYLES, _UNITS)
def test_an_amount_is_read_as_it_was_written(value: int, style: str, unit: str) -> None:
    """A question's amount is the number that was meant."""
    asked = amounts_in(f"may it cost {unit.format(_written(value, style))}?")
    year = unit in ("{}", "{} working days", "{} %") and style == "plain" and 1900 <= value < 2100
    assert [one.value for one in asked] == ([] if year else [value])


@given(st.text(max_size=40))
def test_any_text_may_stand_in_a_cell(text: str) -> None:
    """No text is a fault; what is read as a range has an end, and its ends in order."""
    amounts_in(text)
    found = range_of(text)
    assert found is None or isinstance(found, Range)
    if found is not None:
        assert found.low is not None or found.high is not None
        assert found.low is None or found.high is None or found.low <= found.high
