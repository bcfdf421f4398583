"""A worker that freezes in the midst of a write into the index, and ends that write after another one promoted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import CENSUS, SYNC
from pipelines.domain.retention import Retention
from pipelines.domain.schedules import MINUTE, SETTLED_S
from pipelines.errors import Busy, TransientError
from pipelines.ingestion.equipment import Cut, SyncParts
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.operation.chores import Chores
from pipelines.ports.chunk_index import ChunkIndex
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from pipelines.work import help_with_syncs, work_on_sync
from tests.fakes.manual_clock import ManualClock
from tests.small_base import Died, Seen, SmallBase


FROZEN = "another-host:1:1"
NAMES = ("a.md", "b.md", "c.md")
FROZEN_S, FRESH = 10 * MINUTE, "fresh"
OTHER_RULES = 'audience: [{pattern: "hr/**", readers: [group:hr]}]'


class HeldUp:
    """An index in which the first end of rows arrives only after something else has happened."""

    def __init__(self, index: ChunkIndex, meanwhile: Callable[[], None]) -> None:
        self._index = index
        self._meanwhile: Callable[[], None] | None = meanwhile

    def __getattr__(self, name: str) -> object:
        """Return whatever else an index does."""
        return getattr(self._index, name)

    def retire(self, kb: int, chunk_ids: Sequence[str], version: int) -> None:
        """Let rows end, late the first time."""
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            meanwhile()
        self._index.retire(kb, chunk_ids, version)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three documents."""
    (tmp_path / "docs").mkdir()
    for name in NAMES:
        write(tmp_path / "docs", name, "leave")
    return tmp_path / "docs"


def write(folder: Path, name: str, about: str) -> None:
    """Let a document be of one paragraph."""
    (folder / name).write_text(f"The paragraph of {name} is about {about}.\n", encoding="utf-8")


def opened(data: Path, folder: Path, clock: ManualClock) -> Footnote:
    """Open an installation by words only with a base over the folder."""
    environ = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "none"}
    footnote = Footnote(Settings.load(environ, env_file=None), clock)
    footnote.add_base("handbook", folder, OPERATOR)
    return footnote


@pytest.fixture
def footnote(tmp_path: Path, folder: Path, clock: ManualClock) -> Iterator[Footnote]:
    """An installation whose base shows the folder, and whose chores are due tomorrow."""
    with opened(tmp_path / "data", folder, clock) as made:
        made.sync("handbook")
        tick_and_work(made)
        yield made


def tick_and_work(footnote: Footnote) -> None:
    """Do what is due, and what comes of it."""
    footnote.jobs.ticker().tick()
    footnote.jobs.worker(lambda: False).work(60)


def frozen(footnote: Footnote, meanwhile: Callable[[], None], cut: Cut) -> SyncParts:
    """Return what a worker works with that freezes when it lets rows end."""
    parts = footnote.sync_parts
    return replace(parts, index=HeldUp(parts.index, meanwhile), cut=cut)  # type: ignore[arg-type]  # by __getattr__


def seen(footnote: Footnote) -> Seen:
    """Return all that readers see of the base."""
    return SmallBase(footnote.sync_parts, Path()).seen()


def from_scratch(folder: Path, clock: ManualClock) -> Seen:
    """Return what they would see had the base been built anew."""
    with opened(folder.parent / FRESH, folder, clock) as made:
        made.sync("handbook")
        return seen(made)


def take(footnote: Footnote, cut: Cut) -> Callable[[SyncParts, Callable[[str], None]], object]:
    """Return the work of one who takes the sync."""
    lease = footnote.records.jobs.take([SYNC], FROZEN, LEASE_S)
    assert lease is not None
    return lambda parts, told: work_on_sync(
        replace(parts, cut=cut), lease, footnote.source_reader, worker=FROZEN, checkpoint=told
    )


def help_out(footnote: Footnote, cut: Cut) -> Callable[[SyncParts, Callable[[str], None]], object]:
    """Return the work of one who helps with a sync that another one put into parts."""
    lease = footnote.records.jobs.take([SYNC], "another-host:2:1", 10 * LEASE_S)
    assert lease is not None

    def end_early(name: str) -> None:
        if name == "parts.put":
            raise Died

    with suppress(Died):
        parts = replace(footnote.sync_parts, cut=cut)
        work_on_sync(parts, lease, footnote.source_reader, worker="another-host:2:1", checkpoint=end_early)
    return lambda parts, told: help_with_syncs(replace(parts, cut=cut), worker=FROZEN, checkpoint=told)


@pytest.mark.parametrize("begin", [take, help_out])
@pytest.mark.parametrize("dies", [False, True])
def test_rows_that_a_frozen_worker_ended_late_are_back_within_minutes(
    footnote: Footnote,
    folder: Path,
    clock: ManualClock,
    begin: Callable[[Footnote, Cut], Callable[[SyncParts, Callable[[str], None]], object]],
    *,
    dies: bool,
) -> None:
    """Soon after it wakes up; or, if it dies of it without a word, soon after the version was promoted."""
    silent = LEASE_S + 1 if dies else FROZEN_S

    def another_promotes() -> None:
        write(folder, "a.md", "leave")
        write(folder, "b.md", "travel")
        # Under other rules nobody goes on with a plan: its version is swept.
        (folder / ".footnote.yaml").write_text(OTHER_RULES, encoding="utf-8")
        clock.advance(10 * LEASE_S)
        footnote.sync("handbook")
        if not dies:
            # The census after the promotion finds nothing yet.
            clock.advance(SETTLED_S)
            tick_and_work(footnote)
        clock.advance(silent)

    def told(name: str) -> None:
        if dies and name == "index.retire":
            raise Died

    write(folder, "a.md", "pay")
    footnote.records.jobs.submit(SYNC, footnote.records.bases.get("handbook").id, {})
    cut = Cut(inline=32 if begin is take else 0, files=1)
    work = begin(footnote, cut)
    with suppress(Died, Busy):
        work(frozen(footnote, another_promotes, cut), told)
    damaged, whole = seen(footnote), from_scratch(folder, clock)
    assert damaged.rows != whole.rows
    clock.advance(SETTLED_S if dies else 0)
    tick_and_work(footnote)
    assert seen(footnote) == whole


def test_a_census_waits_for_a_sync_that_is_under_way(footnote: Footnote, clock: ManualClock) -> None:
    """What is written while it works is looked at minutes after it ended, not the day after."""
    kb = footnote.records.bases.get("handbook").id
    footnote.records.jobs.lease(footnote.records.jobs.submit(SYNC, kb, {}).id, FROZEN, FROZEN_S)
    footnote.records.schedules.postpone(CENSUS, kb, 0)
    for _ in range(2):
        assert [one.kind for one in footnote.records.schedules.submit_due()] == [CENSUS]
        footnote.jobs.worker(lambda: False).work(60)
        clock.advance(SETTLED_S)


def test_a_census_that_finds_no_index_is_tried_again_soon(footnote: Footnote, clock: ManualClock) -> None:
    """An engine that is away for minutes does not put it off for a day."""
    kb = footnote.records.bases.get("handbook").id
    chores = footnote.records.schedules
    chores.postpone(CENSUS, kb, 0)
    (due,) = chores.submit_due()
    lease = footnote.records.jobs.lease(due.id, FROZEN, FROZEN_S)
    with pytest.raises(TransientError):
        Chores(
            footnote.records,
            away,
            lambda: footnote.blobs,
            clock=clock,
            retention=Retention(30, 3),
            erase_removed=footnote.erase_removed,
        ).census(lease)
    footnote.records.jobs.finish(lease, "away")
    clock.advance(FROZEN_S)
    assert [one.kind for one in chores.submit_due()] == [CENSUS]


def away() -> ChunkIndex:
    """Be an index that cannot be opened now."""
    raise TransientError("the index is away")
