"""Promises of fitting rows: an amount finds the row whose range holds it, and only where a column is ranges."""

import pytest

from pipelines.answering.evidence_check import Verdict, check
from pipelines.answering.extracting import Role
from tests.markdown_passages import candidates
from tests.unit.answering.asking import both_ways, extracted, shown, weighed


APPROVALS = """\
# Expenses

## Who approves

| Amount | Approved by |
|---|---|
| up to 500 | team lead |
| 500 to 2,000 | head of department |
| over 2,000 | finance director |

## Limits

| What | Limit |
|---|---|
| Hotel | up to 140 euros |
| Meals | 38 euros |
| Flights | on request |
"""
BANDS = """\
# Bands

| Level | Leipzig | Porto |
|---|---|---|
| first | €33,000 to €40,000 | €24,000 to €29,000 |
| second | €38,000 to €46,000 | €28,000 to €34,000 |
| third | €46,000 to €57,000 | €34,000 to €42,000 |
"""
SERVICE = """\
# Holidays

| Years of service | Holidays |
|---|---|
| fewer than 5 | 28 days |
| 5 to 9 | 30 days |
| 10 or more | 32 days |
"""


def rows(question: str, text: str, *, vectors: bool = False) -> list[str]:
    """Return the rows that are shown for a question."""
    offer = candidates(text, title="House")
    found = shown(extracted(question, offer, vectors=vectors), offer)
    return [said for role, said in found if role is Role.TABLE_ROW]


@both_ways
@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("I spent 1,200 euros: who approves?", ["head of department"]),
        ("Who approves 300 euros?", ["team lead"]),
        ("Who approves €20,000?", ["finance director"]),
        ("Which of them approves 1200?", ["head of department"]),
        ("Who approves 500 euros?", ["team lead", "head of department"]),
    ],
)
def test_the_row_that_holds_the_amount_is_shown(question: str, expected: list[str], *, vectors: bool) -> None:
    """Only the row whose range holds the amount; two where both say so."""
    assert [row.split(" | ")[1] for row in rows(question, APPROVALS, vectors=vectors)] == expected


@both_ways
def test_an_amount_in_a_range_is_said(*, vectors: bool) -> None:
    """A question is not refused because no document spells its amount."""
    found = weighed("Who approves 1,200 euros?", candidates(APPROVALS, title="House"), vectors=vectors)
    assert check(found) is Verdict.ANSWER
    without = APPROVALS.replace("500 to 2,000", "the rest")
    assert max(one.coverage for one in found.sentences) > max(
        one.coverage for one in weighed("Who approves 1,200 euros?", candidates(without, title="House")).sentences
    )


def test_a_row_that_spells_the_amount_but_does_not_hold_it_is_left_out() -> None:
    """What is for more than 500 is not for 500."""
    text = APPROVALS.replace("500 to 2,000", "more than 500, up to 2,000")
    assert rows("Who approves 500 euros?", text) == ["up to 500 | team lead"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Which level earns 45,000 in Leipzig?", "second"), ("Which level earns €35,000 in Porto?", "third")],
)
def test_of_several_columns_the_named_one_counts(question: str, expected: str) -> None:
    """A salary is looked up in the city that is asked for."""
    assert [row.split(" | ")[0] for row in rows(question, BANDS)] == [expected]


def test_a_header_may_name_the_unit() -> None:
    """Seven years lie between five and nine where the header says years; seven euros do not."""
    assert rows("How many holidays after 7 years of service?", SERVICE) == ["5 to 9 | 30 days"]
    assert len(rows("How many holidays for 7 euros?", SERVICE)) == 3


@pytest.mark.parametrize(
    "question", ["Who approves 90 offers?", "Who approves 300 years?", "What is the limit of 100 euros?"]
)
def test_what_is_not_comparable_changes_nothing(question: str) -> None:
    """Offers are no euros, and a column with one range among other things is no column of ranges."""
    found = weighed(question, candidates(APPROVALS, title="House"))
    assert all(one.says == frozenset(one.stems) for one in found.sentences if "140" in one.sentence.text)
    if "limit" not in question:
        assert all(one.says == frozenset(one.stems) for one in found.sentences)


def test_an_amount_that_no_row_holds_changes_nothing() -> None:
    """Where the ranges end below an amount, the table is shown as for any other question."""
    text = APPROVALS.replace("over 2,000", "2,001 to 3,000")
    found = weighed("Who approves 9,000 euros?", candidates(text, title="House"))
    assert all(one.says == frozenset(one.stems) for one in found.sentences)
