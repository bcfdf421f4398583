"""Charges, prices, shares and refusals: what may be spent is never passed, and nothing is borne by nobody."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.answering_rules import MOST_MONEY, MOST_TOKENS
from pipelines.domain.model_budget import (
    MILLION,
    NOTHING,
    Charge,
    Limit,
    Prices,
    Refused,
    Spent,
    charge_of,
    day_of,
    money_words,
    parse_money,
    parse_tokens,
    refusal,
    split,
)


numbers = st.integers(0, 10**7)
charges = st.builds(Charge, numbers, numbers, numbers, st.integers(0, 3))
sources = st.dictionaries(st.integers(1, 9), st.integers(0, 20), max_size=5)
PRICES = Prices(parse_money("0.15"), parse_money("0.60"))


def test_a_call_costs_what_its_tokens_cost() -> None:
    """Prices are those of a million tokens; the smallest part of a millionth is a whole one."""
    assert charge_of(1_000_000, 500_000, PRICES) == Charge(1_000_000, 500_000, parse_money("0.45"), 1)
    assert charge_of(1, 0, PRICES).money == 1
    assert charge_of(1000, 10, Prices()) == Charge(1000, 10, 0, 1)
    assert (Prices().known, PRICES.known, Prices(0, 1).known) == (False, True, True)


def test_bases_bear_a_call_by_their_sources() -> None:
    """Two thirds and one third, rounded up; a base without a source bears nothing."""
    assert split(Charge(100, 10, 1, 1), {7: 2, 3: 1, 5: 0}) == {3: Charge(34, 4, 1, 1), 7: Charge(67, 7, 1, 1)}
    assert split(Charge(100, 10, 5, 2), {3: 4}) == {3: Charge(100, 10, 5, 2)}


@given(charges, sources)
def test_nothing_is_borne_by_nobody(charge: Charge, found: dict[int, int]) -> None:
    """The shares are at least the whole, and less than one more for each base; more sources bear no less."""
    if not any(found.values()):
        with pytest.raises(ValueError, match="borne by none"):
            split(charge, found)
        return
    shares = split(charge, found)
    assert list(shares) == sorted(kb for kb, count in found.items() if count)
    for name in ("tokens_in", "tokens_out", "money"):
        total = sum(getattr(one, name) for one in shares.values())
        assert getattr(charge, name) <= total < getattr(charge, name) + len(shares)
    assert all(one.calls == charge.calls for one in shares.values())
    ordered = sorted(shares, key=lambda kb: found[kb])
    assert [shares[kb].tokens_in for kb in ordered] == sorted(one.tokens_in for one in shares.values())


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit(), None),
        (Limit(tokens=30, money=7), None),
        (Limit(tokens=29), Refused(Spent.TOKENS, 4)),
        (Limit(money=6), Refused(Spent.MONEY, 4)),
        (Limit(tokens=0, money=0), Refused(Spent.TOKENS, 4)),
    ],
)
def test_a_budget_may_be_used_up_to_the_last_token(limit: Limit, expected: Refused | None) -> None:
    """What was used and what is wanted together may reach the limit, and not pass it."""
    used = {4: Charge(10, 5, 4, 1), 3: Charge(99, 99, 99, 1)}
    assert refusal({3: NOTHING, 4: Charge(10, 5, 3, 1)}, used, {4: limit}) == expected


def test_of_two_spent_budgets_the_first_base_is_named() -> None:
    """It is that with the lowest number, however the question found them."""
    wanted, limits = {9: Charge(1), 2: Charge(1)}, {9: Limit(tokens=0), 2: Limit(tokens=0)}
    assert refusal(wanted, {}, limits) == Refused(Spent.TOKENS, 2)


@given(charges, charges, st.builds(Limit, st.none() | numbers, st.none() | numbers))
def test_what_is_not_refused_stays_within(wanted: Charge, used: Charge, limit: Limit) -> None:
    """And what is refused would not have."""
    after = used + wanted
    within = after.tokens <= (limit.tokens or 0) or limit.tokens is None
    within &= after.money <= (limit.money or 0) or limit.money is None
    assert (refusal({1: wanted}, {1: used}, {1: limit}) is None) == within
    assert after - used == wanted


def test_a_day_ends_at_midnight_in_utc() -> None:
    """Wherever the clock's time is told from."""
    late = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    assert day_of(late) == date(2026, 3, 2)
    assert day_of(late + timedelta(seconds=1)) == date(2026, 3, 3)
    assert day_of(datetime(2026, 3, 2, 23, 0, tzinfo=timezone(timedelta(hours=-5)))) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "millionths", "words"),
    [
        ("2.50", 2_500_000, "2.50"),
        ("2.5", 2_500_000, "2.50"),
        (" 3 ", 3_000_000, "3.00"),
        ("0.000001", 1, "0.000001"),
        ("0", 0, "0.00"),
        ("999999999.999999", MOST_MONEY, "999999999.999999"),
    ],
)
def test_money_is_read_and_told(text: str, millionths: int, words: str) -> None:
    """To the millionth, never through a binary fraction."""
    assert parse_money(text) == millionths
    assert money_words(millionths) == words


@pytest.mark.parametrize("text", ["", "2,50", "-1", "1e3", ".5", "5.", "1.0000001", "nan", "1 000", "٣", "9" * 10])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """The sentence shows the form and what was given."""
    with pytest.raises(ValueError, match=r"^expected an amount such as 2\.50 "):
        parse_money(text)


@given(st.integers(0, MOST_MONEY))
def test_every_amount_comes_back(millionths: int) -> None:
    """What is told can be typed."""
    assert parse_money(money_words(millionths)) == millionths
    assert len(money_words(millionths).partition(".")[2]) >= 2
    assert millionths // MILLION == int(money_words(millionths).partition(".")[0])


@given(st.text())
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    """Nothing but that error comes of it."""
    for parse in (parse_money, parse_tokens):
        with suppress(ValueError):
            assert parse(text) >= 0


def test_tokens_are_a_whole_number() -> None:
    """Of at most twelve digits, and nothing else."""
    assert parse_tokens(" 200000 ") == 200_000
    assert parse_tokens("9" * 12) == MOST_TOKENS
    for text in ("", "-1", "2.5", "200k", "200,000", "9" * 13, "²"):
        with pytest.raises(ValueError, match="expected a whole number of tokens"):
            parse_tokens(text)
