"""What people say of answers, in SQL."""

import sqlalchemy as sa

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.answers import numbered
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.stamps import stamp
from pipelines.domain.feedback import Feedback, GivenFeedback, checked
from pipelines.errors import NotFound
from pipelines.ports.clock import Clock


class SqlFeedback:
    """`ports.feedback.FeedbackRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def add(self, feedback: Feedback) -> None:
        """Keep what a person says of an answer."""
        given = checked(feedback)
        columns = t.feedback.c
        values = {
            "answer": given.answer,
            "person": given.by,
            "good": given.good,
            "reason": given.reason,
            "detail": given.detail,
            "given_at": stamp(self._clock),
        }
        with self._db.write() as c:
            # Whoever says something of the same answer at once, or deletes it, waits here.
            if not c.execute(_answer(given.answer).with_for_update()).first():
                raise NotFound(f"there is no answer {given.answer}")
            c.execute(t.feedback.delete().where(columns.answer == given.answer, columns.person == given.by))
            c.execute(t.feedback.insert(), values)

    def of(self, answer: int) -> tuple[Feedback, ...]:
        """Return what is said of an answer, by the names of those who say it."""
        columns = t.feedback.c
        wanted = sa.select(t.feedback).where(numbered(columns.answer, answer)).order_by(columns.person)
        with self._db.look() as c:
            rows = c.execute(wanted).all()
        return tuple(Feedback(row.answer, row.person, row.good, row.reason, row.detail) for row in rows)

    def newest(self, limit: int) -> tuple[GivenFeedback, ...]:
        """Return what was said last."""
        columns = t.feedback.c
        both = t.feedback.join(t.answers, t.answers.c.id == columns.answer)
        wanted = sa.select(t.feedback, t.answers.c.question).select_from(both)
        newest = wanted.order_by(columns.given_at.desc(), columns.answer.desc(), columns.person).limit(limit)
        with self._db.look() as c:
            rows = c.execute(newest).all()
        return tuple(
            GivenFeedback(
                Feedback(row.answer, row.person, row.good, row.reason, row.detail), row.question, row.given_at
            )
            for row in rows
        )


def _answer(number: int) -> sa.Select[tuple[int]]:
    return sa.select(t.answers.c.id).where(numbered(t.answers.c.id, number))
