"""Any order of reservations, settlements, deaths and midnights: no budget and no quota is ever passed."""

import shutil
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.domain.model_budget import NOTHING, Charge, Limit, Refused, Reservation, Spent, day_of
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock


LIMITS = {1: Limit(tokens=100), 2: Limit(tokens=100, money=30), 3: Limit()}
MOST_ANSWERS = 3
PERSONS = st.sampled_from(["user:anna", "user:ben"])
CHARGES = st.builds(Charge, st.integers(0, 60), st.integers(0, 30), st.integers(0, 15), st.just(1))
WANTED = st.dictionaries(st.sampled_from(sorted(LIMITS)), CHARGES, min_size=1)
HALF_A_DAY = 43_200


class BudgetMachine(RuleBasedStateMachine):
    """Two persons, three bases with and without limits, and the time. What is true is counted here once more."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{Path(self.folder) / 'records.db'}"), self.clock)
        self.open: list[Reservation] = []
        self.counted: dict[tuple[date, int], Charge] = {}
        self.answers = Counter[tuple[date, str]]()

    @rule(wanted=WANTED, person=PERSONS, quota=st.booleans())
    def reserve(self, wanted: dict[int, Charge], person: str, quota: bool) -> None:  # noqa: FBT001 - drawn by name
        """Ask for an answer: it is refused only where it would not fit."""
        found = self.records.model_usage.reserve(wanted, LIMITS, person, MOST_ANSWERS if quota else 0)
        if isinstance(found, Refused):
            assert self.would_pass(found, wanted, person)
            return
        self.open.append(found)
        self.answers[self.today, person] += quota
        for kb, charge in wanted.items():
            self.counted[self.today, kb] = self.used(kb) + charge

    @rule(which=st.integers(0, 5), part=st.integers(0, 4), answered=st.booleans())
    def settle(self, which: int, part: int, answered: bool) -> None:  # noqa: FBT001 - drawn by name
        """End a call that took all that was set aside, or less; on its own day, whichever it is now."""
        if which >= len(self.open):
            return
        held = self.open.pop(which)
        used = {kb: Charge(one.tokens_in * part // 4, one.tokens_out, one.money) for kb, one in held.charges.items()}
        self.records.model_usage.settle(held, used, answered=answered)
        if held.person and not answered:
            self.answers[held.day, held.person] -= 1
        for kb, charge in held.charges.items():
            self.counted[held.day, kb] = self.counted[held.day, kb] - charge + used[kb]

    @rule(which=st.integers(0, 5))
    def die(self, which: int) -> None:
        """Let a process die in a call: what it set aside stays counted."""
        if which < len(self.open):
            del self.open[which]

    @rule()
    def wait(self) -> None:
        """Let half a day pass."""
        self.clock.advance(HALF_A_DAY)

    @invariant()
    def what_is_told_is_true(self) -> None:
        """Each base and each person has used what was settled, and what nobody settled yet."""
        for kb in LIMITS:
            assert self.records.model_usage.today(kb) == self.used(kb)
        for person in ("user:anna", "user:ben"):
            assert self.records.model_usage.answers_today(person) == self.answers[self.today, person]

    @invariant()
    def nothing_is_passed(self) -> None:
        """No day of any base, or person, has more than its limit."""
        for (_, kb), used in self.counted.items():
            assert LIMITS[kb].tokens is None or used.tokens <= (LIMITS[kb].tokens or 0)
            assert LIMITS[kb].money is None or used.money <= (LIMITS[kb].money or 0)
        assert all(0 <= answers <= MOST_ANSWERS for answers in self.answers.values())

    @property
    def today(self) -> date:
        """The day of the clock."""
        return day_of(self.clock.now())

    def used(self, kb: int) -> Charge:
        """Return what was counted for a base today."""
        return self.counted.get((self.today, kb), NOTHING)

    def would_pass(self, refused: Refused, wanted: dict[int, Charge], person: str) -> bool:
        """Say whether what is said to be spent is."""
        if refused.spent is Spent.ANSWERS:
            return self.answers[self.today, person] == MOST_ANSWERS
        after, limit = self.used(refused.kb) + wanted[refused.kb], LIMITS[refused.kb]
        if refused.spent is Spent.TOKENS:
            return limit.tokens is not None and after.tokens > limit.tokens
        return limit.money is not None and after.money > limit.money

    def teardown(self) -> None:
        """Remove the records."""
        self.records.close()
        shutil.rmtree(self.folder)


TestBudgetMachine = BudgetMachine.TestCase
TestBudgetMachine.settings = settings(max_examples=examples(25), stateful_step_count=30, deadline=None)
