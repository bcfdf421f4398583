"""Where the index is, in SQL, and the right to move it. What holds it up is asked by those who queue work."""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.adapters.records.stamps import stamp, unix
from pipelines.adapters.records.workers import abandoned
from pipelines.domain.index_places import Copy, Engine, IndexPlace, MoveLease
from pipelines.domain.job_kinds import SYNC, VACUUM
from pipelines.domain.jobs import JobState
from pipelines.domain.sync_parts import PartState
from pipelines.errors import BadInput, Busy
from pipelines.ports.clock import Clock


MOVING = "the index is being moved: syncs go on when that is done"

_ONLY = 1
"""Number of the one row."""

_WRITERS = (SYNC, VACUUM)

_WHERE = sa.select(t.index_place)
"""Asked several times for each question: who makes its vector, who its terms, and where it is searched."""


class SqlPlaces:
    """`ports.index_places.PlaceRecords` over SQLAlchemy."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def get(self) -> IndexPlace | None:
        """Return where the index is; None where that was never said."""
        with self._db.look() as c:
            row = c.execute(_WHERE).mappings().first()
        return None if row is None else _place(row)

    def settle(self, engine: Engine) -> IndexPlace:
        """Say where the index is unless that was said before; return what holds."""
        row = {"id": _ONLY, "engine": engine, "since": stamp(self._clock)}
        free = {"token": 0, "leased_until": 0.0, "holds_writes": False}
        with self._db.write() as c:
            c.execute(insert_new(c, t.index_place).values(row | free))
            return _place(_locked(c))

    def begin(self, target: Engine, worker: str, seconds: float) -> MoveLease:
        """Take the right to move the index to an engine."""
        with self._db.write() as c:
            row = _row(c)
            if row is None or row["engine"] == target:
                raise BadInput(f"the index is in {target} already")
            if row["copy"] and row["copy_generation"] != row["generation"]:
                raise BadInput(
                    "the index was rebuilt, or is being rebuilt, and its other generation is still there: end that"
                    " first (footnote index confirm deletes the other generation)"
                )
            return self._begun(c, row, MoveLease(target, 0, row["generation"]), worker, seconds)

    def begin_generation(self, number: int, worker: str, seconds: float) -> MoveLease:
        """Take the right to let another generation be the index, in the engine in use."""
        with self._db.write() as c:
            row = _row(c)
            if row is None or row["generation"] == number:
                raise BadInput("this generation of the index is in use already")
            if row["copy"] and row["copy_generation"] == row["generation"]:
                other = Engine(row["engine"]).other
                raise BadInput(
                    f"{other} still holds what a move of the index left or began: end that first"
                    " (footnote move index --confirm deletes it)"
                )
            if row["copy"] and row["copy_generation"] != number:
                raise BadInput("a third generation of the index is still there: footnote index confirm deletes it")
            return self._begun(c, row, MoveLease(Engine(row["engine"]), 0, number), worker, seconds)

    def _begun(self, c: Connection, row: RowMapping, wanted: MoveLease, worker: str, seconds: float) -> MoveLease:
        """Lease the row for whoever moves the index, unless somebody alive does; return the lease with its token."""
        self._require_free(row)
        since = row["since"] if row["copy"] == Copy.MOVING else stamp(self._clock)
        copy = {"copy": Copy.MOVING, "since": since, "copy_generation": wanted.generation}
        held = {"worker": worker, "leased_until": unix(self._clock) + seconds, "holds_writes": False}
        return replace(wanted, token=_changed(c, row["token"], **copy, **held))

    def renew(self, lease: MoveLease, seconds: float) -> None:
        """Hold a lease longer."""
        with self._db.write() as c:
            _hold(c, lease)
            c.execute(t.index_place.update().values(leased_until=unix(self._clock) + seconds))

    def hold_writes(self, lease: MoveLease) -> int:
        """Let nobody begin to write into the index; return how many write still."""
        with self._db.write() as c:
            _hold(c, lease)
            c.execute(t.index_place.update().values(holds_writes=True))
            # Whoever took work before this row was locked has committed, and is seen by these statements.
            now = unix(self._clock)
            return sum(not abandoned(row, now) for row in _writing(c))

    def switch(self, lease: MoveLease) -> None:
        """Let the target be the index from now on."""
        with self._db.write() as c:
            row = _hold(c, lease)
            if not row["holds_writes"]:
                raise Busy("writes into the index are not held: it cannot be switched")
            moved = {"engine": lease.target, "copy": Copy.KEPT, "since": stamp(self._clock)}
            numbers = {"generation": lease.generation, "copy_generation": row["generation"]}
            _changed(c, lease.token, leased_until=0.0, holds_writes=False, **moved, **numbers)

    def leave(self, lease: MoveLease) -> None:
        """End a lease that did not switch, if it is still held; what was copied stays."""
        with self._db.write() as c:
            if _locked(c)["token"] == lease.token:
                _changed(c, lease.token, leased_until=0.0, holds_writes=False)

    def forget_copy(self, lease: MoveLease) -> None:
        """Note that the lease's engine holds nothing of ours any more, and end the lease."""
        with self._db.write() as c:
            free = {"leased_until": 0.0, "holds_writes": False, "copy_generation": _hold(c, lease)["generation"]}
            _changed(c, lease.token, copy=None, since=stamp(self._clock), **free)

    def _require_free(self, row: RowMapping) -> None:
        if row["leased_until"] and not abandoned(row, unix(self._clock)):
            raise Busy(f"the index is being moved by another process ({row['worker']}): wait for it to end")


def free_abandoned(database: Database, now: float) -> None:
    """Hold writes no longer for a move whose process is gone or silent, and refuse it should it wake up."""
    with database.look() as c:
        row = c.execute(sa.select(t.index_place)).mappings().first()
    if row is None or not row["holds_writes"] or not abandoned(row, now):
        return
    with database.write() as c:
        if _locked(c)["token"] == row["token"] and abandoned(_locked(c), now):
            _changed(c, row["token"], leased_until=0.0, holds_writes=False)


def writes_held(c: Connection) -> bool:
    """Say whether a move holds writes; until the caller's transaction ends none can begin to."""
    # Shared: those who take work do not wait for each other.
    wanted = sa.select(t.index_place.c.holds_writes).with_for_update(read=True)
    return bool(c.execute(wanted).scalar())


def _writing(c: Connection) -> list[RowMapping]:
    """Return the leases under which somebody may write into the index."""
    jobs = sa.select(t.jobs.c.worker, t.jobs.c.leased_until)
    jobs = jobs.where(t.jobs.c.state == JobState.RUNNING, t.jobs.c.kind.in_(_WRITERS))
    parts = sa.select(t.sync_parts.c.worker, t.sync_parts.c.leased_until)
    parts = parts.where(t.sync_parts.c.state == PartState.RUNNING)
    return [*c.execute(jobs).mappings(), *c.execute(parts).mappings()]


def _row(c: Connection) -> RowMapping | None:
    return c.execute(sa.select(t.index_place).with_for_update()).mappings().first()


def _locked(c: Connection) -> RowMapping:
    return c.execute(sa.select(t.index_place).with_for_update()).mappings().one()


def _hold(c: Connection, lease: MoveLease) -> RowMapping:
    """Return the row, locked, or refuse the caller's transaction if the lease was lost (fencing)."""
    row = _locked(c)
    if row["token"] != lease.token:
        raise Busy("the move of the index was taken over or given up by another process: begin it again")
    return row


def _changed(c: Connection, token: int, **values: object) -> int:
    """Change the row under a new token, so that whoever holds the old one is refused; return the new one."""
    c.execute(t.index_place.update().values(token=token + 1, **values))
    return token + 1


def _place(row: RowMapping) -> IndexPlace:
    copy = Copy(row["copy"]) if row["copy"] else None
    return IndexPlace(Engine(row["engine"]), copy, row["since"], row["generation"], row["copy_generation"])
