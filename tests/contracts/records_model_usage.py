"""What records promise of budgets for language models."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pipelines.domain.job_kinds import TIDY, WHOLE
from pipelines.domain.model_budget import (
    NOTHING,
    Charge,
    Limit,
    Refused,
    Reservation,
    Spent,
    day_of,
)
from pipelines.ports.records import Records
from tests.contracts.ledger_scene import ELSEWHERE, Scene
from tests.fakes.manual_clock import ManualClock


DAY = 86_400
CALL = Charge(tokens_in=60, tokens_out=40, money=5, calls=1)
LARGE = Charge(10**12, 10**12, 10**15, 1)
ANNA = "user:anna"


def reserved(records: Records, *bases: int, charge: Charge = CALL, person: str = ANNA, most: int = 0) -> Reservation:
    """Set something aside where there is no limit."""
    found = records.model_usage.reserve(dict.fromkeys(bases, charge), {}, person, most)
    assert isinstance(found, Reservation)
    return found


class ModelUsageRecordsContract:
    """The promises of `pipelines.ports.model_usage.ModelUsageRecords`."""

    def test_what_is_set_aside_counts_as_used(self, records: Records, clock: ManualClock) -> None:
        """Of each base its own charge, until it is settled; then what was used does."""
        held = records.model_usage.reserve({1: CALL, 2: LARGE}, {}, ANNA, 0)
        assert held == Reservation(day_of(clock.now()), {1: CALL, 2: LARGE})
        assert [records.model_usage.today(kb) for kb in (1, 2, 3)] == [CALL, LARGE, NOTHING]
        records.model_usage.settle(held, {1: Charge(50, 10, 3, 2)})
        assert [records.model_usage.today(kb) for kb in (1, 2)] == [Charge(50, 10, 3, 2), NOTHING]

    def test_more_than_was_set_aside_counts_too(self, records: Records) -> None:
        """A model that wrote more than it was asked to is counted as it is; the budget is then spent."""
        held = reserved(records, 1)
        records.model_usage.settle(held, {1: CALL + CALL})
        assert records.model_usage.today(1) == CALL + CALL
        refused = records.model_usage.reserve({1: Charge(1)}, {1: Limit(tokens=150)}, ANNA, 0)
        assert refused == Refused(Spent.TOKENS, 1)

    def test_a_budget_is_used_to_the_last_token_and_no_further(self, records: Records) -> None:
        """What does not fit is refused whole: neither base counts anything, nor does the person."""
        limits = {1: Limit(tokens=200), 2: Limit(money=9)}
        assert isinstance(records.model_usage.reserve({1: CALL, 2: CALL}, limits, ANNA, 5), Reservation)
        assert records.model_usage.reserve({1: CALL, 2: CALL}, limits, ANNA, 5) == Refused(Spent.MONEY, 2)
        assert [records.model_usage.today(kb) for kb in (1, 2)] == [CALL, CALL]
        assert records.model_usage.answers_today(ANNA) == 1
        assert isinstance(records.model_usage.reserve({1: CALL}, limits, ANNA, 5), Reservation)
        assert records.model_usage.reserve({1: Charge(1)}, limits, ANNA, 5) == Refused(Spent.TOKENS, 1)

    def test_what_is_given_back_may_be_used_again(self, records: Records) -> None:
        """A call that took less, or none, leaves room for the next one."""
        limits = {1: Limit(tokens=100)}
        held = reserved(records, 1)
        assert records.model_usage.reserve({1: CALL}, limits, ANNA, 0) == Refused(Spent.TOKENS, 1)
        records.model_usage.settle(held, {})
        assert isinstance(records.model_usage.reserve({1: CALL}, limits, ANNA, 0), Reservation)

    def test_a_person_has_so_many_answers(self, records: Records) -> None:
        """Over all bases together; another person has as many; one that was not written is given back."""
        first = reserved(records, 1, most=2)
        reserved(records, 2, most=2)
        assert records.model_usage.reserve({3: CALL}, {}, ANNA, 2) == Refused(Spent.ANSWERS)
        assert records.model_usage.today(3) == NOTHING
        reserved(records, 1, person="user:ben", most=2)
        records.model_usage.settle(first, {1: CALL}, answered=False)
        assert records.model_usage.answers_today(ANNA) == 1
        records.model_usage.settle(reserved(records, 3, most=2), {3: CALL})
        assert records.model_usage.answers_today(ANNA) == 2

    def test_without_a_quota_nobody_is_counted(self, records: Records) -> None:
        """Nothing is written of who asked, and nothing is given back that was not counted."""
        held = reserved(records, 1)
        assert records.model_usage.answers_today(ANNA) == 0
        reserved(records, 1, most=9)
        records.model_usage.settle(held, {}, answered=False)
        assert records.model_usage.answers_today(ANNA) == 1

    @pytest.mark.parametrize("person", ["x" * 5000, "half \ud83d", "a\x00b", "\U0001f469\u200d\U0001f4bb"])
    def test_any_name_is_a_persons(self, records: Records, person: str) -> None:
        """However long, and whatever characters it has."""
        reserved(records, 1, person=person, most=1)
        assert records.model_usage.answers_today(person) == 1
        assert records.model_usage.answers_today(person[:-1]) == 0

    def test_the_day_begins_anew_at_midnight(self, records: Records, clock: ManualClock) -> None:
        """In UTC. What is settled afterwards changes the day on which it was set aside."""
        held = reserved(records, 1, most=1)
        clock.advance(15 * 3600)
        assert records.model_usage.today(1) == NOTHING
        assert records.model_usage.answers_today(ANNA) == 0
        reserved(records, 1, most=1)
        records.model_usage.settle(held, {}, answered=False)
        assert (records.model_usage.today(1), records.model_usage.answers_today(ANNA)) == (CALL, 1)
        assert held.day == day_of(clock.now()) - timedelta(days=1)

    def test_a_stranger_to_a_reservation_is_a_mistake(self, records: Records) -> None:
        """A base for which nothing was set aside is refused, and nothing is counted."""
        held = reserved(records, 1)
        with pytest.raises(ValueError, match="nothing was set aside for the base 2"):
            records.model_usage.settle(held, {1: NOTHING, 2: CALL})
        assert records.model_usage.today(1) == CALL

    def test_nothing_is_left_of_an_erased_base(self, records: Records) -> None:
        """Its counts of all days go; a call that was under way is settled all the same."""
        kb = Scene(records).kb
        held = reserved(records, kb, kb + 1)
        records.bases.hide(kb)
        records.bases.erase(kb)
        assert records.model_usage.today(kb) == NOTHING
        records.model_usage.settle(held, {kb: CALL, kb + 1: NOTHING})
        assert [records.model_usage.today(one) for one in (kb, kb + 1)] == [NOTHING, NOTHING]

    def test_old_counts_go(self, records: Records, clock: ManualClock) -> None:
        """Those of bases after the retention, those of persons with the end of the next day."""
        held = reserved(records, 1, most=5)
        for days, kept in ((1, (True, True)), (29, (True, False)), (1, (False, False))):
            clock.advance(days * DAY)
            lease = records.jobs.lease(records.jobs.submit(TIDY, WHOLE, {}).id, ELSEWHERE, 600)
            records.retention.forget_runs(lease, 30)
            records.jobs.finish(lease)
            assert self.rows_are_left(records, clock, held) == kept

    def rows_are_left(self, records: Records, clock: ManualClock, held: Reservation) -> tuple[bool, bool]:
        """Say whether the first day's counts of the base, and of the person, are still there."""
        back = (day_of(clock.now()) - held.day).days * DAY
        clock.advance(-back)
        found = (records.model_usage.today(1) == CALL, records.model_usage.answers_today(ANNA) == 1)
        clock.advance(back)
        return found

    def test_a_budget_is_never_overshot_by_many_at_once(self, records: Records) -> None:
        """Of forty who reserve as much as fits eight times, over bases in any order, eight get it."""
        limits = {1: Limit(tokens=800), 2: Limit(money=40)}

        def reserve(number: int) -> bool:
            wanted = {1: CALL, 2: CALL} if number % 2 else {2: CALL, 1: CALL}
            return isinstance(records.model_usage.reserve(wanted, limits, f"user:{number % 3}", 20), Reservation)

        with ThreadPoolExecutor(5) as pool:
            taken = sum(pool.map(reserve, range(40)))
        assert taken == 8
        assert [records.model_usage.today(kb).calls for kb in (1, 2)] == [8, 8]
        assert sum(records.model_usage.answers_today(f"user:{number}") for number in range(3)) == 8

    def test_a_quota_is_never_overshot_by_many_at_once(self, records: Records) -> None:
        """Of twenty answers that one person asks for at once, three are written."""

        def reserve(kb: int) -> bool:
            return isinstance(records.model_usage.reserve({kb: CALL}, {}, ANNA, 3), Reservation)

        with ThreadPoolExecutor(5) as pool:
            assert sum(pool.map(reserve, range(1, 21))) == 3
        assert records.model_usage.answers_today(ANNA) == 3
