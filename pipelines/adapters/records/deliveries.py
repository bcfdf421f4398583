"""Deliveries of chat platforms in SQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from pipelines.adapters.records import schema as t
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.dialects import insert_new
from pipelines.adapters.records.stamps import unix
from pipelines.adapters.records.workers import abandoned
from pipelines.domain.deliveries import (
    LANE_LENGTH,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Halt,
    KnownDelivery,
    LeasedDelivery,
)
from pipelines.errors import Busy
from pipelines.ports.clock import Clock


_COLUMNS = t.deliveries.c
_OPEN = _COLUMNS.state != DeliveryState.DONE


class SqlDeliveries:
    """
    `ports.deliveries.DeliveryRecords` over SQLAlchemy.

    That at most one delivery of a lane is worked on is kept by a unique index, whatever
    two processes do at the same moment.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def accept(self, deliveries: Sequence[Delivery]) -> tuple[bool, ...]:
        """Keep deliveries, all in one transaction."""
        now = unix(self._clock)
        with self._db.write() as c:
            return tuple(self._accept(c, one, now) for one in deliveries)

    def take(self, platform: str, worker: str, seconds: float, most_of_one: int = 0) -> LeasedDelivery | None:
        """Take the oldest delivery that nothing in its lane stands before, and whose asker has a place left."""
        self._free_abandoned(platform)
        oldest = _oldest(platform, worker, unix(self._clock))
        if most_of_one:
            oldest = oldest.where(_COLUMNS.asker.is_(None) | (_begun(worker) < most_of_one))
        # Whoever looks again and again must not lock a database in which nothing waits.
        with self._db.look() as c:
            if c.execute(oldest).first() is None:
                return None
        with self._db.write() as c:
            number = c.execute(oldest.with_for_update(skip_locked=True, of=t.deliveries)).scalar()
            if number is None:
                return None
            values = {
                "state": DeliveryState.RUNNING,
                "token": _COLUMNS.token + 1,
                "attempts": _COLUMNS.attempts + 1,
                "worker": worker,
                "leased_until": unix(self._clock) + seconds,
            }
            own = _COLUMNS.id == number
            try:
                with c.begin_nested():
                    c.execute(t.deliveries.update().where(own).values(values))
            except sa.exc.IntegrityError:
                # Another process began at this moment with one of the same lane that this one could not see.
                return None
            return _leased(c.execute(sa.select(t.deliveries).where(own)).mappings().one())

    def renew(self, leases: Collection[LeasedDelivery], seconds: float) -> frozenset[int]:
        """Hold leases longer."""
        until = unix(self._clock) + seconds
        with self._db.write() as c:
            kept = [one.id for one in leases if self._set(c, one, leased_until=until)]
        return frozenset(kept)

    def halts(self, leases: Collection[LeasedDelivery]) -> Mapping[int, Halt]:
        """Return which of these are halted."""
        numbers = [one.id for one in leases]
        wanted = sa.select(_COLUMNS.id, _COLUMNS.halt).where(_COLUMNS.id.in_(numbers), _COLUMNS.halt.is_not(None))
        with self._db.look() as c:
            return {row.id: Halt(row.halt) for row in c.execute(wanted)}

    def show(self, lease: LeasedDelivery, shown: Mapping[str, Any]) -> None:
        """Note which messages were posted."""
        self._change(lease, shown=dict(shown))

    def put_back(self, lease: LeasedDelivery, pause: float = 0.0, *, failed: bool = False) -> None:
        """Let a delivery wait again."""
        begins = unix(self._clock) + pause if pause else 0.0
        attempts = _COLUMNS.attempts - (0 if failed else 1)
        self._change(lease, state=DeliveryState.WAITING, attempts=attempts, leased_until=begins, worker=None)

    def finish(self, lease: LeasedDelivery, answer: int | None = None) -> None:
        """End a delivery."""
        self._change(lease, state=DeliveryState.DONE, answer=answer, body="", leased_until=0.0)

    def halt(self, key: str, why: Halt) -> bool:
        """Halt a delivery that is open."""
        return self._halt(_COLUMNS.key == key, why) > 0

    def halt_lane(self, lane: str, why: Halt, below: str = "", before: int | None = None) -> int:
        """Halt all open deliveries of a lane and of those below it."""
        if not lane:
            return 0
        older = sa.true() if before is None else _COLUMNS.id < before
        under = _COLUMNS.key < below if below else sa.true()
        return self._halt(_inside(lane) & under & older, why)

    def find(self, key: str) -> KnownDelivery | None:
        """Return what is known of a delivery."""
        with self._db.look() as c:
            row = c.execute(sa.select(t.deliveries).where(_COLUMNS.key == key)).mappings().first()
        return None if row is None else _known(row)

    def in_lane(self, lane: str) -> tuple[KnownDelivery, ...]:
        """Return what is known of a lane and of those below it."""
        if not lane:
            return ()
        wanted = sa.select(t.deliveries).where(_inside(lane)).order_by(_COLUMNS.id)
        with self._db.look() as c:
            return tuple(_known(row) for row in c.execute(wanted).mappings())

    def holds(self, lane: str, after: str = "") -> bool:
        """Say whether a lane is known."""
        wanted = sa.select(_COLUMNS.id).where(_COLUMNS.lane == lane, _COLUMNS.key > after).limit(1)
        with self._db.look() as c:
            return c.execute(wanted).first() is not None

    def forget(self, before: float, most: int) -> int:
        """Forget old deliveries that ended."""
        old = sa.select(_COLUMNS.id).where(~_OPEN, _COLUMNS.received_at < before)
        oldest = old.order_by(_COLUMNS.received_at).limit(most)
        with self._db.write() as c:
            return c.execute(t.deliveries.delete().where(_COLUMNS.id.in_(oldest))).rowcount

    def _accept(self, c: Connection, delivery: Delivery, now: float) -> bool:
        waiting = sa.select(sa.func.count()).where(
            _COLUMNS.lane == delivery.lane, _COLUMNS.state == DeliveryState.WAITING
        )
        crowded = bool(delivery.lane) and c.execute(waiting).scalar_one() >= LANE_LENGTH
        values: dict[str, Any] = {
            "key": delivery.key,
            "platform": delivery.platform,
            "kind": delivery.kind,
            # One that is only told that there are too many waits for none of them.
            "lane": "" if crowded else delivery.lane,
            "body": delivery.body,
            "asker": delivery.asker or None,
            "crowded": crowded,
            "received_at": now,
            "state": DeliveryState.WAITING,
            "token": 0,
            "attempts": 0,
            "leased_until": 0.0,
            "shown": {},
        }
        # As parameters: a statement that is made of values is made anew for each delivery.
        return c.execute(insert_new(c, t.deliveries).returning(_COLUMNS.id), values).first() is not None

    def _free_abandoned(self, platform: str) -> None:
        """Let those wait again whose process is gone, or silent."""
        running = (_COLUMNS.platform == platform) & (_COLUMNS.state == DeliveryState.RUNNING)
        wanted = sa.select(_COLUMNS.id, _COLUMNS.token, _COLUMNS.worker, _COLUMNS.leased_until).where(running)
        now = unix(self._clock)
        with self._db.look() as c:
            left = [row for row in c.execute(wanted).mappings() if abandoned(row, now)]
        if not left:
            return
        free = {"state": DeliveryState.WAITING, "token": _COLUMNS.token + 1, "leased_until": 0.0}
        with self._db.write() as c:
            for row in left:
                # A lease may have been renewed since.
                same = [_COLUMNS[name] == row[name] for name in ("id", "token", "leased_until")]
                c.execute(t.deliveries.update().where(running, *same).values(free))

    def _halt(self, which: sa.ColumnElement[bool], why: Halt) -> int:
        with self._db.write() as c:
            return c.execute(
                t.deliveries.update().where(which, _OPEN).values(halt=sa.func.coalesce(_COLUMNS.halt, str(why)))
            ).rowcount

    def _change(self, lease: LeasedDelivery, **values: Any) -> None:  # noqa: ANN401 - a row's values
        with self._db.write() as c:
            if not self._set(c, lease, **values):
                raise Busy(f"delivery {lease.id} was taken over by another process")

    def _set(self, c: Connection, lease: LeasedDelivery, **values: Any) -> bool:  # noqa: ANN401 - a row's values
        held = (_COLUMNS.id == lease.id) & (_COLUMNS.token == lease.token) & (_COLUMNS.state == DeliveryState.RUNNING)
        return c.execute(t.deliveries.update().where(held).values(values)).rowcount > 0


def _oldest(platform: str, worker: str, now: float) -> sa.Select[Any]:
    """Return the selection of the oldest delivery that may be begun, of whom a worker works least for."""
    other = t.deliveries.alias()
    # The numbers of two processes are given in one order and may be seen in another.
    earlier = (other.c.id < _COLUMNS.id) | (other.c.state == DeliveryState.RUNNING)
    same_lane = (other.c.lane == _COLUMNS.lane) & (other.c.lane != "")
    before = sa.exists().where(same_lane, other.c.state != DeliveryState.DONE, earlier)
    waits = (_COLUMNS.platform == platform) & (_COLUMNS.state == DeliveryState.WAITING)
    free = sa.select(_COLUMNS.id).where(waits, _COLUMNS.leased_until <= now, ~before)
    return free.order_by(_begun(worker), _COLUMNS.id).limit(1)


def _begun(worker: str) -> sa.ScalarSelect[int]:
    """Return the selection of how many deliveries of the same asker a worker works on."""
    other = t.deliveries.alias()
    of_one = (other.c.asker == _COLUMNS.asker) & (other.c.worker == worker)
    return sa.select(sa.func.count()).where(of_one, other.c.state == DeliveryState.RUNNING).scalar_subquery()


def _inside(lane: str) -> sa.ColumnElement[bool]:
    """Return the condition that a delivery is of a lane or of one below it; as a range, which the index finds."""
    below = (_COLUMNS.lane >= f"{lane}:") & (_COLUMNS.lane < f"{lane}{chr(ord(':') + 1)}")
    return (_COLUMNS.lane == lane) | below


def _leased(row: RowMapping) -> LeasedDelivery:
    known, number, token = _known(row), row["id"], row["token"]
    received, attempts, crowded = row["received_at"], row["attempts"], row["crowded"]
    return LeasedDelivery(number, token, known.delivery, received, attempts, crowded, known.halt, known.shown)


def _known(row: RowMapping) -> KnownDelivery:
    kind, asker = DeliveryKind(row["kind"]), row["asker"] or ""
    delivery = Delivery(row["key"], row["platform"], kind, row["lane"], row["body"], asker)
    halt = None if row["halt"] is None else Halt(row["halt"])
    return KnownDelivery(DeliveryState(row["state"]), halt, row["shown"], row["answer"], delivery)
