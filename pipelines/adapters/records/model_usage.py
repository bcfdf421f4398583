"""What language models were used for, by day, in SQL. Holds no rule of budgets: those are `domain.model_budget`."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.domain.model_budget import NOTHING, Charge, Limit, Refused, Reservation, Spent, day_of, refusal
from pipelines.ports.clock import Clock


_COUNTED = ("tokens_in", "tokens_out", "money", "calls")
_COLUMNS = tuple(t.model_usage.c[name] for name in _COUNTED)


class SqlModelUsage:
    """`ports.model_usage.ModelUsageRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def reserve(
        self, charges: Mapping[int, Charge], limits: Mapping[int, Limit], person: str, most_answers: int
    ) -> Reservation | Refused:
        """Set aside what the calls of one answer may take, whole or not at all."""
        day, who = self._day(), person if most_answers else ""
        with self._db.write() as c:
            # Persons before bases, bases by number: of transactions that lock the same rows none waits in a circle.
            if who and _locked_answers(c, day, who) >= most_answers:
                return Refused(Spent.ANSWERS)
            used = _locked(c, day, charges)
            refused = refusal(charges, used, limits)
            if refused is not None:
                return refused
            if who:
                _count_answers(c, day, who, 1)
            for kb in sorted(charges):
                _add(c, day, kb, charges[kb])
        return Reservation(day, dict(charges), who)

    def settle(self, reservation: Reservation, used: Mapping[int, Charge], *, answered: bool = True) -> None:
        """Count what was used instead of what was set aside, on the day of the reservation."""
        strangers = sorted(set(used) - set(reservation.charges))
        if strangers:
            raise ValueError(f"nothing was set aside for the base {strangers[0]}")
        with self._db.write() as c:
            if reservation.person and not answered:
                _count_answers(c, reservation.day, reservation.person, -1)
            for kb in sorted(reservation.charges):
                _add(c, reservation.day, kb, used.get(kb, NOTHING) - reservation.charges[kb])

    def today(self, kb: int) -> Charge:
        """Return what a base used or has set aside today."""
        with self._db.look() as c:
            row = c.execute(sa.select(*_COLUMNS).where(_is(self._day(), kb))).first()
        return NOTHING if row is None else Charge(*row)

    def answers_today(self, person: str) -> int:
        """Return how many answers of a person were counted today."""
        with self._db.look() as c:
            return c.execute(sa.select(t.model_quota.c.answers).where(_whose(self._day(), person))).scalar() or 0

    def _day(self) -> date:
        return day_of(self._clock.now())


def _locked(c: Connection, day: date, bases: Collection[int]) -> dict[int, Charge]:
    """Return what bases used, their rows made if need be, and locked until the transaction ends."""
    usage = t.model_usage
    for kb in sorted(bases):
        row = {"day": day.isoformat(), "kb": kb, **dict.fromkeys(_COUNTED, 0)}
        c.execute(insert_new(c, usage), row)
    rows = c.execute(_used(), {"on": day.isoformat(), "bases": list(bases)})
    return {kb: Charge(*counted) for kb, *counted in rows}


def _locked_answers(c: Connection, day: date, person: str) -> int:
    """Return how many answers a person had, the row made if need be, and locked until the transaction ends."""
    row = {"day": day.isoformat(), "person": _digest(person), "answers": 0}
    c.execute(insert_new(c, t.model_quota), row)
    wanted = sa.select(t.model_quota.c.answers).where(_whose(day, person))
    return int(c.execute(wanted.with_for_update()).scalar_one())


def _add(c: Connection, day: date, kb: int, more: Charge) -> None:
    if more != NOTHING:
        amounts = {_more(name): getattr(more, name) for name in _COUNTED}
        c.execute(_adding(), {"on": day.isoformat(), "base": kb, **amounts})


@cache
def _used() -> sa.Select[Any]:
    """
    Return the statement that reads and locks what bases used on a day.

    Kept, as the next one is, since to build it costs as much as to run it.
    """
    usage = t.model_usage.c
    of = usage.kb.in_(sa.bindparam("bases", expanding=True))
    wanted = sa.select(usage.kb, *_COLUMNS).where(usage.day == sa.bindparam("on"), of)
    return wanted.order_by(usage.kb).with_for_update()


@cache
def _adding() -> sa.Update:
    """Return the statement that adds to what a base used on a day."""
    usage = t.model_usage
    one = (usage.c.day == sa.bindparam("on")) & (usage.c.kb == sa.bindparam("base"))
    return usage.update().where(one).values({name: usage.c[name] + sa.bindparam(_more(name)) for name in _COUNTED})


def _more(name: str) -> str:
    return f"more_{name}"


def _count_answers(c: Connection, day: date, person: str, more: int) -> None:
    counted = t.model_quota.c.answers + more
    c.execute(t.model_quota.update().where(_whose(day, person)).values(answers=counted))


def _is(day: date, kb: int) -> sa.ColumnElement[bool]:
    return (t.model_usage.c.day == day.isoformat()) & (t.model_usage.c.kb == kb)


def _whose(day: date, person: str) -> sa.ColumnElement[bool]:
    return (t.model_quota.c.day == day.isoformat()) & (t.model_quota.c.person == _digest(person))


def _digest(person: str) -> str:
    """Return what is stored of a name: any name has one, and nobody reads there who asked how often."""
    return sha256(person.encode("utf-8", "surrogatepass")).hexdigest()
