"""Promises of whole tables: who asks for all of what a table holds gets the table, not a sentence that mentions it."""

import pytest

from pipelines.answering.extracting import Role
from pipelines.answering.extracting.whole_tables import whole_table
from tests.markdown_passages import candidates
from tests.unit.answering.asking import both_ways, extracted, shown, weighed


EXPENSES = """\
# Expenses

## Limits for hotels and meals

Amounts depend on the city.

| City | Hotel, per night | Meals, per day |
|---|---|---|
| Berlin | 140 euros | 38 euros |
| Lisbon | 120 euros | 34 euros |
| Paris | 170 euros | 45 euros |

Only receipts of hotels are needed.

## Trade fairs

Hotel limits do not apply in the week of a trade fair. The hotel limits are 40% higher then.

## Taxis

| Time | Taxi |
|---|---|
| day | no |
| night | yes |
"""
CITIES = ["Berlin", "Lisbon", "Paris"]


def rows(question: str, text: str = EXPENSES, *, vectors: bool = False) -> list[str]:
    """Return the first cell of each row that is shown for a question."""
    offer = candidates(text, title="Expenses")
    found = shown(extracted(question, offer, vectors=vectors), offer)
    return [said.split(" | ")[0] for role, said in found if role is Role.TABLE_ROW]


@both_ways
@pytest.mark.parametrize(
    "question",
    [
        "What are the hotel limits?",
        "Which hotel limits are there?",
        "List the limits for meals",
        "all hotel limits please",
    ],
)
def test_a_table_under_the_heading_that_is_asked_for_is_shown(question: str, *, vectors: bool) -> None:
    """The whole table, though sentences elsewhere say the very words."""
    assert rows(question, vectors=vectors) == CITIES


@both_ways
def test_what_limits_the_table_comes_with_it(*, vectors: bool) -> None:
    """The exception after a table is shown below it."""
    offer = candidates(EXPENSES, title="Expenses")
    found = shown(extracted("What are the hotel limits?", offer, vectors=vectors), offer)
    assert found[-1] == (Role.SENTENCE, "Only receipts of hotels are needed.")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the hotel limit in Paris?", ["Paris"]),
        ("What are the hotel limits in Paris?", ["Paris"]),
        ("What are the rules of trade fairs?", []),
        ("Do hotel limits apply in a trade fair?", []),
    ],
)
def test_a_question_for_less_gets_less(question: str, expected: list[str]) -> None:
    """One row where one is named, a sentence where another section is asked for."""
    assert rows(question) == expected


def test_the_section_may_say_what_the_heading_leaves_out() -> None:
    """Half of what is asked must stand in heading and header; the sentences of their section may say the rest."""
    text = EXPENSES.replace("## Limits for hotels and meals", "## Hotels and meals")
    assert rows("What are the amounts for hotels and meals?", text) == CITIES
    assert whole_table(weighed("What are the amounts of receipts?", candidates(text, title="Expenses"))) == ()


def test_of_two_tables_the_heading_that_says_more_wins() -> None:
    """The table of taxis is not that of hotels."""
    text = EXPENSES.replace("## Taxis", "## Limits for taxis")
    assert rows("What are the limits for taxis?", text) == ["day", "night"]
    assert rows("What are the limits for hotels?", text) == CITIES


def test_a_long_table_is_cut() -> None:
    """Eight rows at most."""
    many = "".join(f"| City {number} | {number} euros | 1 euro |\n" for number in range(20))
    text = EXPENSES.replace("| Berlin | 140 euros | 38 euros |\n", many)
    assert rows("What are the hotel limits?", text) == [f"City {number}" for number in range(8)]


def test_no_table_no_rows() -> None:
    """Without a table, and beside a table that was not found, there is none to show."""
    assert whole_table(weighed("What are the limits?", candidates("# Limits\n\nNone.\n", title="A"))) == ()
    text = (
        "# Travel\n\n## Fairs\n\nSee below.\n\n## Limits\n\n| City | Limit |\n|---|---|\n| Rome | 1 |\n| Paris | 2 |\n"
    )
    offer = candidates(text, title="Travel")
    assert whole_table(weighed("What are the limits?", offer)) != ()
    assert whole_table(weighed("What are the limits?", offer[:1])) == ()
