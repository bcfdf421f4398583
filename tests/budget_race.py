"""Processes that spend one budget at the same moment, on any database."""

from multiprocessing.connection import Connection
from random import Random

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.domain.model_budget import Charge, Limit, Refused, Reservation
from tests.fakes.manual_clock import ManualClock


BASES = (1, 2, 3, 4)
LIMITS = {1: Limit(tokens=4_000), 2: Limit(tokens=3_000, money=400), 3: Limit(money=500), 4: Limit()}
MOST_ANSWERS = 30
QUESTIONS = 40
DAYS, DAY_S = 100, 86_400
DIES, WRITTEN = 0.1, 0.8
"""How many of a process's calls end so; the rest come to nothing, and the answer is given back."""

Spending = tuple[dict[int, Charge], int]
"""What one process really used, or left set aside, by base; and how many answers it has."""


def spend(url: str, seed: int, there: Connection) -> None:
    """Ask many questions over bases in any order, settle most of them, die in some; tell what was spent."""
    random, records = Random(seed), SqlRecords(Database(url), ManualClock())
    there.send("ready")
    there.recv()
    spent, answers = dict.fromkeys(BASES, Charge()), 0
    for _ in range(QUESTIONS):
        wanted = {kb: _charge(random) for kb in random.sample(BASES, random.randint(1, 3))}
        # Without a quota nobody waits for the person's row: bases alone must suffice.
        held = records.model_usage.reserve(wanted, LIMITS, "user:anna", random.choice((0, MOST_ANSWERS)))
        if isinstance(held, Refused):
            continue
        used, answered = _ended(records, held, random)
        answers += answered and bool(held.person)
        spent = {kb: spent[kb] + used.get(kb, Charge()) for kb in BASES}
    there.send((spent, answers))
    there.recv()
    records.close()


def begin_days(url: str, seed: int, there: Connection) -> None:
    """Be the first of many days to spend, over all bases in any order; tell on how many days that went well."""
    random, clock = Random(seed), ManualClock()
    records = SqlRecords(Database(url), clock)
    there.send("ready")
    there.recv()
    well = 0
    for _ in range(DAYS):
        wanted = dict.fromkeys(random.sample(BASES, len(BASES)), Charge(1))
        well += isinstance(records.model_usage.reserve(wanted, {}, "", 0), Reservation)
        clock.advance(DAY_S)
    there.send(well)
    there.recv()
    records.close()


def require_within_limits(records: SqlRecords, said: list[Spending]) -> None:
    """Compare what is counted with what all processes together spent, and with the limits."""
    for kb in BASES:
        used = sum((spent[kb] for spent, _ in said), Charge())
        assert records.model_usage.today(kb) == used
        assert LIMITS[kb].tokens is None or used.tokens <= (LIMITS[kb].tokens or 0)
        assert LIMITS[kb].money is None or used.money <= (LIMITS[kb].money or 0)
    answers = sum(count for _, count in said)
    assert records.model_usage.answers_today("user:anna") == answers <= MOST_ANSWERS
    # So much was wanted that something was spent to within one call of its end.
    assert answers == MOST_ANSWERS or records.model_usage.today(1).tokens > LIMITS[1].tokens - 150  # type: ignore[operator]


def _ended(records: SqlRecords, held: Reservation, random: Random) -> tuple[dict[int, Charge], bool]:
    """Settle a call, or leave it as a process does that dies; return what counts, and whether as an answer."""
    fate = random.random()
    if fate < DIES:
        return dict(held.charges), True
    used = {
        kb: Charge(one.tokens_in, random.randint(0, one.tokens_out), one.money, 1) for kb, one in held.charges.items()
    }
    answered = fate < DIES + WRITTEN
    records.model_usage.settle(held, used, answered=answered)
    return used, answered


def _charge(random: Random) -> Charge:
    return Charge(random.randint(20, 100), random.randint(0, 50), random.randint(0, 15), 1)
