"""A sync shows that it lives, often enough and no more, and ends when it was taken over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.domain.jobs import Lease
from pipelines.errors import Busy
from pipelines.ingestion.heartbeat import LEASE_S, Heartbeat
from pipelines.ports.records import Records
from tests.fakes.manual_clock import ManualClock
from tests.small_base import open_records


ELSEWHERE = "another-host:1:1"
"""A worker whose process cannot be looked at: it lives as long as its lease."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the clock of worker and records."""
    return ManualClock()


@pytest.fixture
def records(tmp_path: Path, clock: ManualClock) -> Iterator[Records]:
    """Return empty records."""
    records = open_records(tmp_path, clock)
    yield records
    records.close()


@pytest.fixture
def lease(records: Records) -> Lease:
    """Return a lease that begins now."""
    return records.jobs.lease(records.jobs.submit("sync", 1, {}).id, ELSEWHERE, LEASE_S)


def test_a_working_sync_keeps_its_lease(records: Records, lease: Lease, clock: ManualClock) -> None:
    """However long it takes, nobody takes over a sync that beats between its steps."""
    beat = Heartbeat(records.jobs, lease, clock)
    for _ in range(10):
        clock.advance(LEASE_S / 2)
        beat()
    assert records.jobs.running(1) is not None


def test_a_sync_that_is_silent_loses_its_lease(records: Records, lease: Lease, clock: ManualClock) -> None:
    """After the lease's time somebody else may take over, and the old worker's next beat ends it."""
    beat = Heartbeat(records.jobs, lease, clock)
    clock.advance(LEASE_S + 1)
    records.jobs.lease(records.jobs.submit("sync", 1, {}).id, ELSEWHERE, LEASE_S)
    with pytest.raises(Busy):
        beat()


def test_beats_in_quick_succession_write_once(records: Records, lease: Lease, clock: ManualClock) -> None:
    """Between two renewals lie at least ten seconds: a beat costs a commit only then."""
    beat = Heartbeat(records.jobs, lease, clock)
    clock.advance(9)
    beat()
    clock.advance(LEASE_S - 9 + 1)
    assert records.jobs.running(1) is None
    beat()
    assert records.jobs.running(1) is not None
