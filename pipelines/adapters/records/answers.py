"""Answers with their evidence, and the audit, in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.columns import is_storable
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.stamps import stamp
from pipelines.domain.conversation import Answer, Outcome, Principal, Turn
from pipelines.domain.recorded_answer import RecordedAnswer, RecordedQuestion
from pipelines.errors import NotFound
from pipelines.ports.clock import Clock


_INSERT = t.answers.insert()
_LARGEST = 2**31 - 1
"""Number that every database takes for one of its own."""

_AT_ONCE = 500


class SqlAnswers:
    """`ports.answers.AnswerRecords` over SQLAlchemy."""

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
        if number is not None:
            found = found.where(numbered(t.answers.c.id, number))
        with self._db.look() as c:
            row = c.execute(found).mappings().first()
        if row is None:
            raise NotFound("no question was asked yet" if number is None else f"there is no answer {number}")
        return RecordedAnswer(
            number=row["id"],
            asked_at=row["asked_at"],
            principal=row["principal"],
            question=row["question"],
            answer=row["answer"],
            evidence=row["evidence"],
            conversation=row["conversation"] or "",
        )

    def turns(self, conversation: str, limit: int) -> tuple[Turn, ...]:
        """Return the last exchanges of a conversation, oldest first."""
        of_it = (t.answers.c.conversation == conversation) & (t.answers.c.outcome != Outcome.ERROR)
        wanted = sa.select(t.answers.c.question, t.answers.c.answer, t.answers.c.evidence).where(of_it)
        with self._db.look() as c:
            rows = c.execute(wanted.order_by(t.answers.c.id.desc()).limit(limit)).all()
        return tuple(Turn(row.question, row.answer["text"], _made_of(row.evidence)) for row in reversed(rows))

    def withdraw(self, number: int) -> bool:
        """Delete an answer with its question, evidence and feedback."""
        return self._delete(numbered(t.answers.c.id, number)) > 0

    def of(self, name: str, limit: int) -> tuple[RecordedQuestion, ...]:
        """Return the newest questions of the principal of this name, newest first."""
        wanted = sa.select(t.answers.c.id, t.answers.c.question, t.answers.c.asked_at).where(_asked_by(name))
        with self._db.look() as c:
            rows = c.execute(wanted.order_by(t.answers.c.id.desc()).limit(limit))
            return tuple(RecordedQuestion(row.id, row.question, row.asked_at) for row in rows)

    def forget(self, number: int, name: str) -> bool:
        """Delete an answer, if the principal of this name asked for it."""
        return self._delete(numbered(t.answers.c.id, number) & _asked_by(name)) > 0

    def forget_all(self, name: str) -> int:
        """Delete all answers of the principal of this name."""
        return self._delete(_asked_by(name))

    def audit(self, principal: Principal, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """Record what an admin did."""
        values = {"principal": principal.name, "action": action, "subject": subject, "details": dict(details)}
        with self._db.write() as c:
            c.execute(t.audit.insert().values(values | {"at": stamp(self._clock)}))

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        """Delete answers and all that was said of them; return how many."""
        with self._db.write() as c:
            # The answers first: whoever gives feedback locks its answer, and comes before this or finds it gone.
            numbers = c.scalars(t.answers.delete().where(which).returning(t.answers.c.id)).all()
            _delete_feedback(c, numbers)
        return len(numbers)


def numbered(column: sa.Column[int], answer: int) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds an answer's number; one that no database has is none."""
    return column == answer if 0 < answer <= _LARGEST else sa.false()


def _asked_by(name: str) -> sa.ColumnElement[bool]:
    # What was replaced in one name when it was stored must not make it another's.
    return t.answers.c.principal == name if is_storable(name) else sa.false()


def _delete_feedback(c: Connection, numbers: Sequence[int]) -> None:
    for at in range(0, len(numbers), _AT_ONCE):
        c.execute(t.feedback.delete().where(t.feedback.c.answer.in_(numbers[at : at + _AT_ONCE])))


def _made_of(evidence: Mapping[str, Any]) -> frozenset[tuple[str, int, int]]:
    """Return the passages that an answer was made of."""
    return frozenset((one["chunk"], one["document_version"], one["ordinal"]) for one in evidence.get("passages", ()))
