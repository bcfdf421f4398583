"""Calls of models that another process makes, in SQL. What a reply or a fault looks like there is `call_outcomes`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.call_outcomes import outcome_of, stored_outcome
from pipelines.adapters.records.database import APART_S, Database
from pipelines.adapters.records.stamps import unix
from pipelines.adapters.records.workers import process_gone
from pipelines.errors import FootnoteError
from pipelines.ports.clock import Clock
from pipelines.ports.model import Message, ModelAway, ModelReply, Role
from pipelines.ports.model_calls import CallProgress, CallState, LeasedCall


_GONE = CallProgress(CallState.OVER, ModelAway("the worker that made the call is gone"))


class SqlModelCalls:
    """
    `ports.model_calls.ModelCallRecords` over SQLAlchemy.

    Clocks of two machines may differ by as much as `require_same_time` allows: a deadline
    only tells what was left behind by a caller that died, and how long a call may take is told in seconds.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def ask(self, model: str, messages: Sequence[Message], seconds: float) -> int:
        """Ask for a call."""
        row = {
            "model": model,
            "request": [[str(one.role), one.text] for one in messages],
            "seconds": seconds,
            "deadline": unix(self._clock) + seconds,
            "cancelled": False,
            "state": CallState.WAITING,
            "token": 0,
        }
        with self._db.write() as c:
            key = c.execute(t.model_calls.insert().values(row)).inserted_primary_key
        return int(key[0]) if key else 0

    def take(self, worker: str) -> LeasedCall | None:
        """Take the oldest call that waits, and whose caller does."""
        oldest = self._oldest()
        # Whoever looks again and again must not lock a database in which nothing waits.
        with self._db.look() as c:
            if c.execute(oldest).first() is None:
                return None
        with self._db.write() as c:
            number = c.execute(oldest.with_for_update(skip_locked=True)).scalar()
            if number is None:
                return None
            leased = {"state": CallState.RUNNING, "token": t.model_calls.c.token + 1, "worker": worker}
            c.execute(t.model_calls.update().where(t.model_calls.c.id == number).values(leased))
            row = c.execute(sa.select(t.model_calls).where(t.model_calls.c.id == number)).mappings().one()
        messages = tuple(Message(Role(role), text) for role, text in row["request"])
        return LeasedCall(row["id"], row["token"], row["model"], messages, row["seconds"])

    def is_wanted(self, call: LeasedCall) -> bool:
        """Say whether the caller still waits."""
        with self._db.look() as c:
            return c.execute(sa.select(t.model_calls.c.id).where(_held(call))).first() is not None

    def finish(self, call: LeasedCall, outcome: ModelReply | FootnoteError) -> bool:
        """Hand the outcome to the caller; False if it has left, and then nothing is kept."""
        own = t.model_calls.c.id == call.id
        over = {"state": CallState.OVER, "result": stored_outcome(outcome)}
        with self._db.write() as c:
            if c.execute(t.model_calls.update().where(_held(call)).values(over)).rowcount:
                return True
            c.execute(t.model_calls.delete().where(own, t.model_calls.c.cancelled))
        return False

    def look(self, number: int) -> CallProgress:
        """Return how far a call is."""
        wanted = sa.select(t.model_calls.c.state, t.model_calls.c.worker, t.model_calls.c.result)
        with self._db.look() as c:
            row = c.execute(wanted.where(t.model_calls.c.id == number)).first()
        if row is None:
            return _GONE
        if row.state == CallState.RUNNING and process_gone(row.worker or ""):
            return _GONE
        return CallProgress(CallState(row.state), None if row.result is None else outcome_of(row.result))

    def leave(self, number: int) -> None:
        """Wait no longer for a call."""
        own = t.model_calls.c.id == number
        with self._db.write() as c:
            state = c.execute(sa.select(t.model_calls.c.state).where(own).with_for_update()).scalar()
            if state == CallState.RUNNING:
                c.execute(t.model_calls.update().where(own).values(cancelled=True, request=[]))
            elif state is not None:
                c.execute(t.model_calls.delete().where(own))

    def _oldest(self) -> sa.Select[Any]:
        calls = t.model_calls.c
        waits = (calls.state == CallState.WAITING) & ~calls.cancelled & (calls.deadline > unix(self._clock) - APART_S)
        return sa.select(calls.id).where(waits).order_by(calls.id).limit(1)


def forget_calls(c: Connection, before: float) -> None:
    """Delete what callers that died left behind: calls whose deadline was before that Unix time."""
    c.execute(t.model_calls.delete().where(t.model_calls.c.deadline < before))


def _held(call: LeasedCall) -> sa.ColumnElement[bool]:
    calls = t.model_calls.c
    running = (calls.state == CallState.RUNNING) & ~calls.cancelled
    return (calls.id == call.id) & (calls.token == call.token) & running
