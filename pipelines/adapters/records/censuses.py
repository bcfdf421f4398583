"""When a base's index is compared with the records again; in the caller's transaction. Not the comparison itself."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipelines.adapters.records import schema as t
from pipelines.domain.job_kinds import CENSUS
from pipelines.domain.schedules import SETTLED_S


def compare_again(c: Connection, kb: int, now: float) -> None:
    """
    Let the census of a base be due once whoever lost a lease before now can write no longer.

    Put off where it was due before: what is written from now on counts too. A base
    without chores, of an installation in which nothing ticks yet, stays without.
    """
    own = (t.schedules.c.kind == CENSUS) & (t.schedules.c.kb == kb)
    c.execute(sa.update(t.schedules).where(own).values(next_at=now + SETTLED_S))
