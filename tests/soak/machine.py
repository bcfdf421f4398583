"""Any order of edits, kills, parts, roll-backs, deletions and repairs: readers see what a plain model says."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.access import OPERATOR
from pipelines.domain.job_kinds import SYNC, TIDY, VACUUM, WHOLE
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import SyncResult, VersionState
from pipelines.errors import Busy, NotFound, SourceUnreadable, TransientError
from pipelines.ingestion.equipment import Cut
from pipelines.ingestion.heartbeat import LEASE_S
from pipelines.ingestion.part_work import PartWork
from pipelines.ingestion.sync import Sync
from pipelines.operation.chores import LEASE_S as CHORE_S
from pipelines.operation.chores import Chores
from pipelines.ports.chunk_index import IndexRow, TermFields
from pipelines.work import help_with_syncs, work_on_sync
from tests.small_base import Died, SmallBase
from tests.soak.content import EDITS, EVERYONE, HR, Content, Edit, Folder, Readers
from tests.soak.fate import Fate
from tests.soak.places import Places
from tests.soak.truth import RETENTION, Truth


WORKER, HELPER = "another-host:1:1", "another-host:2:1"
"""Of a host whose processes cannot be looked at: it is gone when it was silent for long."""

WHOLE_SYNC, PARTS_OF_TWO, PARTS_OF_ONE = Cut(), Cut(inline=1, files=2), Cut(inline=0, files=1)
CUTS = st.sampled_from([WHOLE_SYNC, PARTS_OF_TWO, PARTS_OF_ONE])
AT = st.integers(0, 45)
LONG = 30
"""Hours after which a version that is not kept otherwise may be deleted."""

HOURS = st.sampled_from([1, 23, LONG])
MAYBE = st.none() | st.integers(0, 12)
MOST_DEATHS = 2
"""Of workers of one plan: a file that was at hand when a third one died is set aside, as another test shows."""

BUDGET_S, PAUSE_S = 40.0, 50.0


class SyncMachine(RuleBasedStateMachine):
    """One base whose folder, versions and index are changed in any order."""

    places: ClassVar[Places]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        self.place = self.opened.enter_context(self.places())
        documents = self.place.folder / "documents"
        self.base = SmallBase(self.place.parts, documents)
        self.fate = Fate(self.place.records)
        self.folder = Folder(documents)
        self.truth = Truth(self.place, self.base, self.folder)
        self.unchecked = True
        self.deaths = 0
        self.overtaken = False
        self.restrict(EVERYONE)
        self.folder.write("b.md", Content("Guide to all", "2026-01-01", None, ("About pay.",)))

    def teardown(self) -> None:
        """Take the installation away."""
        self.opened.close()

    # What people do.

    @rule(edits=EDITS)
    def change(self, edits: list[Edit]) -> None:
        """Change the folder."""
        self.folder.change(edits)

    @rule(readers=st.sampled_from([EVERYONE, HR]))
    def restrict(self, readers: Readers) -> None:
        """Change who may read the base."""
        self.base.records.access.set_readers(self.base.kb, readers, OPERATOR)
        self.truth.readers, self.unchecked = readers, True

    @precondition(lambda self: self.truth.newest)
    @rule(which=st.integers(0, 9), dies=st.booleans())
    def roll_back(self, which: int, *, dies: bool) -> None:
        """Show any version that was shown before, and pin it."""
        version = self._known(which)
        if self._done(lambda: self.base.records.bases.roll_back(self.base.kb, version), dies=dies):
            self.truth.active, self.truth.pinned = version, True

    @precondition(lambda self: self.truth.newest)
    @rule(which=st.integers(0, 9), dies=st.booleans())
    def promote(self, which: int, *, dies: bool) -> None:
        """Show any version that was shown before, and lift the pin."""
        version = self._known(which)
        if self._done(lambda: self.base.records.bases.promote(self.base.kb, version), dies=dies):
            self.truth.promoted(version)

    @precondition(lambda self: self.truth.waiting)
    @rule(dies=st.booleans())
    def promote_waiting(self, *, dies: bool) -> None:
        """Show the version that waits."""
        assert self.truth.waiting
        version = self.truth.waiting[0]
        if self._done(lambda: self.base.records.bases.promote(self.base.kb, version), dies=dies):
            self.truth.promoted(version)

    @rule(dies=st.booleans())
    def unpin(self, *, dies: bool) -> None:
        """Let the next sync promote."""
        if self._done(lambda: self.base.records.bases.unpin(self.base.kb), dies=dies):
            self.truth.pinned = False

    # What workers do.

    @rule(edits=EDITS, cut=CUTS, helped=st.booleans())
    def sync(self, edits: list[Edit], cut: Cut, *, helped: bool) -> None:
        """Sync; a preview said before what it would do."""
        self.folder.change(edits)
        self._use(cut)
        said = None if self.truth.planned or self._would_lose_all() else self.base.preview()
        done = self._sync(self._helping() if helped else self.fate.checkpoint)
        if done is None or said is None:
            return
        expected = replace(said, version=done.version, duration_ms=0, promoted=done.promoted)
        assert replace(done, duration_ms=0, chunks_embedded=said.chunks_embedded) == expected
        assert done.chunks_embedded <= done.chunks_added

    @rule(edits=EDITS, cut=CUTS, at=AT, helped=st.booleans())
    def die(self, edits: list[Edit], cut: Cut, at: int, *, helped: bool) -> None:
        """Die at a step of a sync, or end before it comes."""
        self.folder.change(edits)
        self._use(cut)
        if self.deaths < MOST_DEATHS:
            self.fate.die(at)
        self._sync(self._helping() if helped else self.fate.checkpoint)

    @precondition(lambda self: self.base.records.ledger.staged(self.base.kb))
    @rule(edits=EDITS, cut=CUTS, step=st.sampled_from(["ledger.sweep", "index.sweep"]))
    def die_undoing(self, edits: list[Edit], cut: Cut, step: str) -> None:
        """Die in a sync that undoes what another one left."""
        self.folder.change(edits)
        self._use(cut)
        if self.deaths < MOST_DEATHS:
            self.fate.die_after(step)
        self._sync(self.fate.checkpoint)

    @rule(edits=EDITS, cut=CUTS, at=AT)
    def pause(self, edits: list[Edit], cut: Cut, at: int) -> None:
        """Ask for a sync, and do as much of it as time allows."""
        self.folder.change(edits)
        self._use(cut)
        self.base.records.jobs.submit(SYNC, self.base.kb, {})
        self._go_on(at)

    @rule(at=AT)
    def go_on(self, at: int) -> None:
        """Go on with what another left, without a new wish."""
        self._go_on(at)

    @rule(edits=EDITS, cut=CUTS, at=AT, later=EDITS)
    def freeze(self, edits: list[Edit], cut: Cut, at: int, later: list[Edit]) -> None:
        """Fall silent at a step of a sync, wake up after another one was done, and be refused; the next repairs."""
        self.folder.change(edits)
        self._use(cut)
        if self.deaths < MOST_DEATHS and not self._would_lose_all():
            self.fate.do(at, lambda: self._be_overtaken(later))
        self._sync(self.fate.checkpoint)
        self.overtaken = False
        self._sync(self.fate.checkpoint)

    @rule(at=MAYBE)
    def help(self, at: int | None) -> None:
        """Work on parts that wait, and die at a step."""
        if at is not None and self.deaths < MOST_DEATHS:
            self.fate.die(at)
        try:
            help_with_syncs(self.base.parts, worker=HELPER, checkpoint=self.fate.checkpoint)
        except Died:
            self._fall_silent()
        self.fate.spare()
        self.truth.interrupted()
        self.unchecked = True

    @precondition(lambda self: not self.truth.planned)
    @rule(edits=EDITS)
    def haunt(self, edits: list[Edit]) -> None:
        """Let dead workers write late, and rows get lost; the next sync makes it good."""
        index, kb, records = self.base.parts.index, self.base.kb, self.base.records
        lease = self._lease()
        records.ledger.sweep(lease, records.ledger.begin(lease))
        records.jobs.finish(lease)
        dead = [one.number for one in records.bases.versions(kb) if one.state is VersionState.SWEPT]
        rows = sorted(index.visible(kb, self.truth.newest), key=repr)
        if rows:
            late = (IndexRow("e" * 32, kb, rows[0].rule, version, TermFields(("late",)), None) for version in dead)
            index.stage(list(late))
            index.retire(kb, [rows[0].chunk_id], dead[0])
            index.delete(kb, [(rows[-1].chunk_id, rows[-1].added_in)])
        self.folder.change(edits)
        self._sync(self.fate.checkpoint)

    @rule()
    def look(self) -> None:
        """Take a sync that waits or was abandoned, and put it back at once: a worker that is asked to stop."""
        lease = self.base.records.jobs.take([SYNC], WORKER, LEASE_S)
        if lease is not None:
            self.base.records.jobs.put_back(lease)

    # What is done once a day.

    @rule(hours=HOURS)
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.place.clock.advance(hours * 3600)

    @rule(at=MAYBE, hours=HOURS)
    def vacuum(self, at: int | None, hours: int) -> None:
        """Delete what no kept version shows, and die at a step; not while a sync is under way."""
        self.wait(hours)
        jobs = self.base.records.jobs
        lease = jobs.lease(jobs.submit(VACUUM, self.base.kb, {}).id, WORKER, LEASE_S)
        if at is not None:
            self.fate.die(at)
        try:
            self._chores().vacuum(lease)
            jobs.finish(lease)
        except Busy:
            self.fate.spare()
            jobs.finish(lease, "a sync is under way")
            return
        except Died:
            self.place.clock.advance(CHORE_S + 1)
            if self._promoted() != self.truth.versions.keys() - {0}:
                self.truth.vacuumed()
        else:
            self.fate.spare()
            self.truth.vacuumed()
            assert not {row for row in self.place.index(self.base.kb) if row[2] <= self.truth.oldest}
        self.unchecked = True

    @precondition(lambda self: self.truth.newest)
    @rule(which=st.integers(1, 9))
    def vacuum_beneath(self, which: int) -> None:
        """Pin an older version, and look a day later for what may be deleted."""
        self.roll_back(which, dies=False)
        self.vacuum(None, LONG)

    @rule(dies=st.booleans(), hours=HOURS)
    def tidy(self, hours: int, *, dies: bool) -> None:
        """Delete stored files that nothing refers to for a day."""
        self.wait(hours)
        jobs = self.base.records.jobs
        lease = jobs.lease(jobs.submit(TIDY, WHOLE, {}).id, WORKER, LEASE_S)
        if dies:
            self.fate.die(3)
        try:
            self._chores().tidy(lease)
            jobs.finish(lease)
        except Died:
            self.place.clock.advance(CHORE_S + 1)
        self.fate.spare()
        self.unchecked = True

    @invariant()
    def readers_see_what_they_must(self) -> None:
        """Look at the base where something happened to it since the last look."""
        if self.unchecked:
            self.unchecked = False
            self.truth.every_version_shows_what_it_must()
            self.truth.nobody_finds_what_they_may_not()

    def _known(self, which: int) -> int:
        known = sorted(self.truth.versions)[1:]
        return known[which % len(known)]

    def _done(self, step: Callable[[], None], *, dies: bool) -> bool:
        """Say whether an admin's step was done by a process that dies, or not, before it is."""
        if dies:
            self.fate.die(0)
        try:
            step()
        except Died:
            return False
        self.fate.spare()
        self.unchecked = True
        return True

    def _use(self, cut: Cut) -> None:
        self.base.parts = replace(self.base.parts, cut=cut)

    def _would_lose_all(self) -> bool:
        return not self.folder.files

    def _lease(self) -> Lease:
        jobs = self.base.records.jobs
        return jobs.lease(jobs.submit(SYNC, self.base.kb, {}).id, WORKER, LEASE_S)

    def _source(self) -> FolderSource:
        return FolderSource(self.folder.place, max_file_mb=1)

    def _sync(self, checkpoint: Callable[[str], None]) -> SyncResult | None:
        """Wish for a sync and do it; None if it did not end well."""
        self.unchecked = True
        try:
            lease = self._lease()
            sync = Sync(self.base.parts, self.base.base, self._source(), worker=WORKER, checkpoint=checkpoint)
            done = sync.run(lease)
            self._finish(lease)
        except Died:
            self._fall_silent()
        except TransientError:
            # Refused, or the audience file changed while it was silent.
            assert self.overtaken
            self._fall_silent()
        except SourceUnreadable:
            assert self._would_lose_all()
            self.fate.spare()
            self.base.records.jobs.finish(lease, "the folder is empty")
            self.truth.interrupted()
        else:
            self.fate.spare()
            self.deaths = 0
            self.truth.ended(done.version)
            return done
        return None

    def _finish(self, lease: Lease) -> None:
        """End the job of a sync that ended well; its process may die even here."""
        try:
            self.base.records.jobs.finish(lease)
        except Died:
            self.place.clock.advance(LEASE_S + 1)

    def _go_on(self, at: int) -> None:
        lease = self.base.records.jobs.take([SYNC], WORKER, LEASE_S)
        if lease is None:
            return
        self.unchecked = True
        plan = self.base.records.parts.plan(lease)
        held = plan is not None and plan.rules == self._source().audience_rules()
        self.fate.do(at, lambda: self.place.clock.advance(PAUSE_S))
        try:
            done = work_on_sync(
                self.base.parts,
                lease,
                lambda _: self._source(),
                worker=WORKER,
                checkpoint=self.fate.checkpoint,
                budget_s=BUDGET_S,
            )
        except SourceUnreadable:
            assert self._would_lose_all()
            done = None
        self.fate.spare()
        if done is None:
            self.truth.interrupted()
        else:
            self.deaths = 0
            self.truth.ended(done.version, looked=plan is None or plan.inherited or not held)

    def _fall_silent(self) -> None:
        """Let whoever died be taken for dead."""
        self.fate.spare()
        self.place.clock.advance(LEASE_S + 1)
        self.truth.interrupted()
        self.deaths = self.deaths + 1 if self.truth.planned else 0

    def _be_overtaken(self, later: list[Edit]) -> None:
        """Be silent for so long that another worker takes over, and ends the sync of a folder that changed again."""
        self.place.clock.advance(LEASE_S + 1)
        self.truth.interrupted()
        self.folder.change(later)
        self._sync(self.fate.checkpoint)
        self.overtaken = True

    def _helping(self) -> Callable[[str], None]:
        """Return a checkpoint at which one of two helpers does a part, if it is free and one waits."""
        free = [f"another-host:{number}:1" for number in (3, 4)]

        def checkpoint(name: str) -> None:
            self.fate.checkpoint(name)
            if not free or not name.startswith(("parts.", "index.", "life.")):
                return
            helper, parts = free.pop(), self.base.parts
            lease = parts.records.parts.take(parts.generation, helper, LEASE_S)
            if lease is not None:
                until = parts.clock.monotonic() + LEASE_S
                work = PartWork(parts, lease, beat=_nothing, told=lambda _: None, checkpoint=checkpoint)
                with suppress(NotFound):
                    work.run(until)
            free.append(helper)

        return checkpoint

    def _chores(self) -> Chores:
        parts = self.base.parts
        return Chores(
            self.place.records,
            lambda: parts.index,
            lambda: parts.blobs,
            clock=self.place.clock,
            retention=RETENTION,
            erase_removed=_nothing,
        )

    def _promoted(self) -> set[int]:
        versions = self.base.records.bases.versions(self.base.kb)
        return {one.number for one in versions if one.state is VersionState.PROMOTED}


def _nothing() -> None:
    """Hold no job; erase nothing."""
