"""Answers with their evidence, and the audit, in SQL."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.stamps import stamp
from pipelines.domain.conversation import Answer, Outcome, Principal, Turn
from pipelines.domain.recorded_answer import RecordedAnswer
from pipelines.errors import NotFound
from pipelines.ports.clock import Clock


_INSERT = t.answers.insert()
_LARGEST = 2**31 - 1
"""Number that every database takes for one of its own."""


class SqlAnswers:
    """`ports.records.AnswerRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def add(
        self,
        question: str,
        principal: Principal,
        answer: Answer,
        evidence: Mapping[str, Any],
        conversation: str = "",
    ) -> int:
        """Record an answer with passages, scores and versions; return its number."""
        values = {
            "asked_at": stamp(self._clock),
            "principal": principal.name,
            "question": question,
            "outcome": str(answer.outcome),
            "answer": answer.as_json(),
            "evidence": dict(evidence),
            "conversation": conversation or None,
        }
        with self._db.write() as c:
            # As parameters: a statement that is made of values is made anew for each answer.
            key = c.execute(_INSERT, values).inserted_primary_key
            return int(key[0]) if key else 0

    def get(self, number: int | None = None) -> RecordedAnswer:
        """Return an answer by its number, or the newest."""
        found = t.answers.select().order_by(t.answers.c.id.desc()).limit(1)
        row = None
        if number is None or 0 < number <= _LARGEST:
            with self._db.look() as c:
                row = c.execute(found if number is None else found.where(t.answers.c.id == number)).mappings().first()
        if row is None:
            raise NotFound("no question was asked yet" if number is None else f"there is no answer {number}")
        return RecordedAnswer(
            row["id"], row["asked_at"], row["principal"], row["question"], row["answer"], row["evidence"]
        )

    def turns(self, conversation: str, limit: int) -> tuple[Turn, ...]:
        """Return the last exchanges of a conversation, oldest first."""
        of_it = (t.answers.c.conversation == conversation) & (t.answers.c.outcome != Outcome.ERROR)
        wanted = sa.select(t.answers.c.question, t.answers.c.answer).where(of_it)
        with self._db.look() as c:
            rows = c.execute(wanted.order_by(t.answers.c.id.desc()).limit(limit)).all()
        return tuple(Turn(row.question, row.answer["text"]) for row in reversed(rows))

    def withdraw(self, number: int) -> bool:
        """Delete an answer and its question."""
        with self._db.write() as c:
            return c.execute(t.answers.delete().where(t.answers.c.id == number)).rowcount > 0

    def audit(self, principal: Principal, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """Record what an admin did."""
        values = {"principal": principal.name, "action": action, "subject": subject, "details": dict(details)}
        with self._db.write() as c:
            c.execute(t.audit.insert().values(values | {"at": stamp(self._clock)}))
