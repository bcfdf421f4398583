"""What is done whether anybody asked or not: census, once a day and after each promotion; vacuum; tidying up."""

import logging
from collections.abc import Callable, Iterator
from itertools import islice

from pipelines.domain.job_kinds import CENSUS, SYNC, VACUUM
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import KnowledgeBase
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import DAY, HOUR, MINUTE, SETTLED_S
from pipelines.errors import Busy, TransientError
from pipelines.ports.blobs import Blobs
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.ports.clock import Clock
from pipelines.ports.records import Records


LEASE_S = 30 * MINUTE
"""A chore is one long step; should its worker die on another host, it waits so long, and nobody waits for it."""

_AGAIN_S = 10 * MINUTE
_AT_ONCE = 1000
_ORPHANED_S = DAY - HOUR
"""Chores come once a day, not to the second."""

_log = logging.getLogger(__name__)


class Chores:
    """The chores. Each may be killed anywhere and done again; none changes what readers see."""

    def __init__(
        self,
        records: Records,
        index: Callable[[], ChunkIndex],
        blobs: Callable[[], Blobs],
        *,
        clock: Clock,
        retention: Retention,
        erase_removed: Callable[[], None],
    ) -> None:
        """
        Take what they work on.

        Args:
            records: the memory.
            index: opens the index, when it is needed.
            blobs: opens the stored files, when they are needed.
            clock: the time.
            retention: what is kept.
            erase_removed: erases what removed bases left.

        """
        self._records = records
        self._index = index
        self._blobs = blobs
        self._clock = clock
        self._retention = retention
        self._erase_removed = erase_removed

    def census(self, lease: Lease) -> None:
        """
        Compare what readers could find with the records; where they differ, a sync repairs it.

        Raises:
            TransientError: index or records cannot be asked now; it is tried again soon.

        """
        kb = lease.job.kb
        base = self._records.bases.find(kb)
        if base is None or base.active == 0:
            return
        # A sync compares and repairs what it finds; what is written after that is looked at once it has ended.
        if self._records.jobs.running(kb) is not None:
            self._records.schedules.postpone(CENSUS, kb, SETTLED_S)
            return
        self._records.jobs.renew(lease, LEASE_S)
        try:
            self._compare(base)
        except TransientError:
            self._records.schedules.postpone(CENSUS, kb, _AGAIN_S)
            raise

    def _compare(self, base: KnowledgeBase) -> None:
        kb = base.id
        known = {(one.chunk_id, one.added_in, one.rule) for one in self._records.ledger.chunks(kb, base.active)}
        seen = {(one.chunk_id, one.added_in, one.rule) for one in self._index().visible(kb, base.active)}
        if known != seen:
            _log.warning("the index differs from the records: a sync repairs it", extra={"count": len(known ^ seen)})
            self._records.jobs.submit(SYNC, kb, {})

    def vacuum(self, lease: Lease) -> None:
        """
        Delete what no kept version of the base shows: in the records first, then in the index.

        Raises:
            Busy: a sync of the base is under way; it is tried again soon.

        """
        kb = lease.job.kb
        self._records.jobs.renew(lease, LEASE_S)
        try:
            oldest = self._records.retention.forget_old(lease, self._retention)
        except Busy:
            self._records.schedules.postpone(VACUUM, kb, _AGAIN_S)
            raise
        deleted = self._index().vacuum(kb, oldest) if oldest else 0
        _log.info("rows of the index were deleted", extra={"count": deleted})

    def tidy(self, lease: Lease) -> None:
        """
        Delete what belongs to no base.

        Rows of removed ones, old runs, old deliveries, files that nothing refers to for a day.
        """
        self._records.jobs.renew(lease, LEASE_S)
        self._erase_removed()
        self._records.retention.forget_runs(lease, self._retention.days)
        self._forget_deliveries()
        blobs, count = self._blobs(), 0
        blobs.remove_leftovers(self._clock.now().timestamp() - DAY)
        for names in _batches(blobs.names()):
            # Seen without a base a day apart: what was stored for a sync that died, or is kept no longer.
            orphans = self._records.retention.orphans(lease, names, _ORPHANED_S)
            for name in orphans:
                self._records.uploads.delete_unused(name, blobs.delete)
            count += len(orphans)
        _log.info("stored files were deleted", extra={"count": count})

    def _forget_deliveries(self) -> None:
        before, count = self._clock.now().timestamp() - self._retention.delivery_days * DAY, 0
        while some := self._records.deliveries.forget(before, _AT_ONCE):
            count += some
        _log.info("deliveries were forgotten", extra={"count": count})


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, _AT_ONCE)):
        yield batch
