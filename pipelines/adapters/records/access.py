"""Audience rules in SQL: a rule is one row, its readers are a few more."""

import functools
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.bases import name_key
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import as_list, listed
from pipelines.domain.access import access_filter, normalise_readers, rule_hash
from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import Scope


class SqlAccess:
    """`ports.records.AccessRecords` over SQLAlchemy."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def readers(self, kb: int) -> tuple[str, ...]:
        """Return the readers of the base's default rule, sorted."""
        default = sa.select(t.bases.c.default_rule).where(t.bases.c.id == kb).scalar_subquery()
        wanted = sa.select(t.rule_readers.c.reader).where(t.rule_readers.c.rule == default)
        with self._db.read() as c:
            return tuple(sorted(c.scalars(wanted)))

    def set_readers(self, kb: int, readers: Collection[str], principal: Principal) -> None:  # noqa: ARG002 - the port's
        """Replace the readers of the base's default rule; counts with the next question."""
        wanted = normalise_readers(readers)
        with self._db.write() as c:
            # Two lists that are set at once must not become one.
            base = sa.select(t.bases.c.default_rule).where(t.bases.c.id == kb)
            rule = c.execute(base.with_for_update()).scalar_one()
            c.execute(t.rule_readers.delete().where(t.rule_readers.c.rule == rule))
            _add_readers(c, rule, wanted)
            counter = t.bases.c.rights_counter + 1
            c.execute(t.bases.update().where(t.bases.c.id == kb).values(rights_counter=counter))

    def rule(self, kb: int, readers: Collection[str]) -> int:
        """Return the rule of the base with exactly these readers, made if need be."""
        wanted = normalise_readers(readers)
        with self._db.write() as c:
            c.execute(sa.select(t.bases.c.id).where(t.bases.c.id == kb).with_for_update()).all()
            found = _known_rule(c, kb, wanted)
            if found is not None:
                return found
            key = c.execute(t.rules.insert().values(kb=kb, hash=rule_hash(wanted))).inserted_primary_key
            rule = int(key[0]) if key else 0
            _add_readers(c, rule, wanted)
            return rule

    def known_rule(self, kb: int, readers: Collection[str]) -> int | None:
        """Return the rule of the base with exactly these readers; None if there is none yet."""
        with self._db.read() as c:
            return _known_rule(c, kb, normalise_readers(readers))

    def rule_readers(self, rule: int) -> tuple[str, ...]:
        """Return the readers of a rule, sorted."""
        with self._db.read() as c:
            return tuple(sorted(c.scalars(sa.select(t.rule_readers.c.reader).where(t.rule_readers.c.rule == rule))))

    def scope(self, principal: Principal, bases: Sequence[str] = ()) -> Scope:
        """Return what this person may search now; of `bases` only, if any are named."""
        values = {"names": as_list(name_key(one) for one in bases), "readers": as_list(principal.readers)}
        with self._db.look() as c:
            rows = c.execute(_searched(named=bool(bases), admin=principal.admin), values).all()
        found, satisfied = {row.id: row for row in rows}, defaultdict(set)
        for row in rows:
            satisfied[row.id].add(row.rule)
        # One that satisfies no rule of a base has a row of it without a rule.
        rules = {kb: frozenset(some - {None}) for kb, some in satisfied.items()}
        access = access_filter(rules, {kb: row.default_rule for kb, row in found.items()})
        readable = [found[kb] for kb in access.rules]
        versions, names = {row.id: row.active for row in readable}, {row.id: row.name for row in readable}
        return Scope(access, versions, names, {row.id: row.rights_counter for row in readable})


def satisfied_rules() -> sa.Select[tuple[int]]:
    """Return the statement of the rules that name any of the list `readers`."""
    return sa.select(t.rule_readers.c.rule).where(t.rule_readers.c.reader.in_(listed("readers")))


@functools.lru_cache(maxsize=4)
def _searched(*, named: bool, admin: bool) -> sa.Select[Any]:
    """
    Return the statement of the bases that can be searched, a row for each rule of one that is satisfied.

    One statement, so that all of it is of one moment. Of the bases in the list `names`, if any are named.
    """
    b, rules = t.bases.c, t.rules.c
    satisfied = rules.kb == b.id
    if not admin:
        satisfied &= rules.id.in_(satisfied_rules())
    wanted = sa.select(b.id, b.name, b.active, b.default_rule, b.rights_counter, rules.id.label("rule"))
    wanted = wanted.select_from(t.bases.outerjoin(t.rules, satisfied))
    wanted = wanted.where(b.hidden_at.is_(None), b.active > 0)
    return wanted.where(b.name_key.in_(listed("names"))) if named else wanted


def _known_rule(c: Connection, kb: int, readers: Sequence[str]) -> int | None:
    wanted = sa.select(t.rules.c.id).where(t.rules.c.kb == kb, t.rules.c.hash == rule_hash(readers))
    found = c.execute(wanted).scalar()
    return None if found is None else int(found)


def _add_readers(c: Connection, rule: int, readers: Sequence[str]) -> None:
    if readers:
        c.execute(t.rule_readers.insert(), [{"rule": rule, "reader": one} for one in readers])
