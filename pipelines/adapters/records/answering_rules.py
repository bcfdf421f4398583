"""What admins say about the answers of bases, in SQL."""

from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.domain.answering_rules import NO_RULES, AnsweringRules, checked
from pipelines.errors import NotFound


_OF_BASES = sa.select(t.answering_rules).where(t.answering_rules.c.kb.in_(sa.bindparam("bases", expanding=True)))


class SqlAnsweringRules:
    """`ports.answering_rules.AnsweringRuleRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, bases: Collection[int]) -> Mapping[int, AnsweringRules]:
        """Return base -> its rules, for each of these bases, in their order."""
        with self._db.look() as c:
            known = _stored(c, bases)
        return {kb: known.get(kb, NO_RULES) for kb in bases}

    def change(self, kb: int, how: Callable[[AnsweringRules], AnsweringRules]) -> tuple[AnsweringRules, AnsweringRules]:
        """Change the rules of a base; its remembered answers count no longer."""
        base, rules = t.bases.c, t.answering_rules
        with self._db.write() as c:
            # Whoever changes them at once waits here, and sees what this one leaves.
            living = sa.select(base.id).where(base.id == kb, base.hidden_at.is_(None))
            if c.execute(living.with_for_update()).first() is None:
                raise NotFound("the knowledge base of these rules was removed")
            before = _stored(c, [kb]).get(kb, NO_RULES)
            after = checked(how(before))
            if after != before:
                c.execute(rules.delete().where(rules.c.kb == kb))
                c.execute(rules.insert().values(kb=kb, **_row(after)))
                c.execute(t.bases.update().where(base.id == kb).values(rights_counter=base.rights_counter + 1))
        return before, after


def _stored(c: Connection, bases: Collection[int]) -> dict[int, AnsweringRules]:
    rows = c.execute(_OF_BASES, {"bases": list(bases)}).mappings()
    return {row["kb"]: _rules(row) for row in rows}


def _row(rules: AnsweringRules) -> dict[str, object]:
    return {
        "style": rules.style,
        "glossary": [list(entry) for entry in rules.glossary],
        "strict": rules.strict,
        "tokens_per_day": rules.tokens_per_day,
        "money_per_day": rules.money_per_day,
    }


def _rules(row: RowMapping) -> AnsweringRules:
    glossary = tuple((word, meaning) for word, meaning in row["glossary"])
    return AnsweringRules(row["style"], glossary, bool(row["strict"]), row["tokens_per_day"], row["money_per_day"])
