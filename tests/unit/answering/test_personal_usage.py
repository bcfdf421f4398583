"""Where no base bears what a model is used for, a person's number of answers counts all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.answering.personal_usage import PersonalUsage
from pipelines.domain.model_budget import NOTHING, Charge, Limit, Refused, Reservation, Spent
from tests.fakes.manual_clock import ManualClock


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    """Records of an installation."""
    made = SqlRecords(Database(f"sqlite:///{tmp_path / 'records.db'}"), ManualClock())
    yield made
    made.close()


def test_a_person_has_one_number_of_answers(records: SqlRecords) -> None:
    """Answers from bases and others count together; one that was not given is given back."""
    usage = PersonalUsage(records.model_usage)
    records.model_usage.reserve({1: Charge(calls=1)}, {}, "user:anna", 2)
    taken = usage.reserve({1: Charge(calls=1)}, {1: Limit(tokens=0)}, "user:anna", 2)
    assert isinstance(taken, Reservation)
    assert usage.reserve({}, {}, "user:anna", 2) == Refused(Spent.ANSWERS)
    usage.settle(taken, {1: Charge(5, 5, 5, 1)}, answered=False)
    assert usage.answers_today("user:anna") == records.model_usage.answers_today("user:anna") == 1


def test_no_base_bears_it(records: SqlRecords) -> None:
    """A base of the same number is another one."""
    usage = PersonalUsage(records.model_usage)
    taken = usage.reserve({1: Charge(9, 9, 9, 1)}, {}, "user:anna", 0)
    assert isinstance(taken, Reservation)
    usage.settle(taken, {1: Charge(9, 9, 9, 1)})
    assert records.model_usage.today(1) == usage.today(1) == NOTHING
