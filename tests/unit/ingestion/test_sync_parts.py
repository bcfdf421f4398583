"""A sync in parts ends as one that is not cut: by one worker, by several side by side, and after interruptions."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adapters.records.jobs import worker_name
from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.knowledge import SyncResult, VersionState
from pipelines.domain.reading import Read, Rejected
from pipelines.errors import Busy, NotFound, SourceUnreadable, TransientError
from pipelines.ingestion.equipment import Cut
from pipelines.ingestion.part_work import PartWork
from pipelines.ports.document_parser import DocumentParser
from pipelines.ports.source_reader import SourceReader
from pipelines.work import help_with_syncs, run_sync, work_on_sync
from tests.fakes.in_process_parser import InProcessParser
from tests.fakes.ticking_clock import TickingClock
from tests.small_base import Seen, SmallBase, open_parts


PARTED = Cut(inline=1, files=2)
SLICE = 16.0
"""Looks at the clock after which a task ends: planning, and a file or two."""

WORDS = ("leave", "pay", "travel", "notice", "parents")
HR = 'audience: [{pattern: "hr/**", readers: [group:hr]}]'


def document(number: int, *more: str) -> str:
    """Return a document of three chunks."""
    parts = "\n".join(
        f"## Part {part}\n\nPart {part} of document {number} is about {WORDS[number % len(WORDS)]}.\n"
        for part in range(3)
    )
    return f"---\ntitle: Guide {number}\n---\n{parts}{''.join(more)}"


def first(folder: Path) -> None:
    """Let the folder hold eleven documents, one of which cannot be read."""
    for number in range(11):
        write(folder, f"{'hr/' if number % 3 == 0 else ''}d{number:02}.md", document(number))
    write(folder, "empty.md", "")


def second(folder: Path) -> None:
    """Edit, move, delete, add, spoil, and let a folder have an audience."""
    write(folder, "d01.md", document(1, "\n## Part 9\n\nMore of it.\n"))
    write(folder, "d02.md", "")
    (folder / "d04.md").rename(folder / "moved.md")
    (folder / "hr/d03.md").rename(folder / "hr/there.md")
    (folder / "d05.md").unlink()
    for number in range(20, 26):
        write(folder, f"new{number}.md", document(number))
    write(folder, ".footnote.yaml", HR)


def third(folder: Path) -> None:
    """Let a text return, and a document that was spoilt."""
    write(folder, "d05.md", document(5))
    write(folder, "d02.md", document(2))
    (folder / "new20.md").unlink()
    write(folder, "d07.md", document(7).replace("about", "of"))
    (folder / ".footnote.yaml").unlink()


STATES: tuple[Callable[[Path], None], ...] = (first, second, third)


def write(folder: Path, path: str, text: str) -> None:
    """Let a file have this text."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


@contextmanager
def opened(data: Path, cut: Cut = PARTED, parser: DocumentParser | None = None) -> Iterator[SmallBase]:
    """Open a base whose syncs are cut."""
    (data / "documents").mkdir(parents=True, exist_ok=True)
    with open_parts(data, parser=parser) as parts:
        yield SmallBase(replace(parts, cut=cut), data / "documents")


def compared(result: SyncResult) -> SyncResult:
    """Return what must not depend on how a sync was done."""
    return replace(result, duration_ms=0)


Way = Callable[[SmallBase], SyncResult]


def told(data: Path, cut: Cut, way: Way) -> list[tuple[SyncResult, list[Seen], list[str]]]:
    """Return, after a sync of each state of the folder, result, all versions' content, and rules of today."""
    found = []
    with opened(data, cut) as base:
        for state in STATES:
            state(base.folder)
            result = compared(way(base))
            versions = [one.number for one in base.records.bases.versions(base.kb) if one.number <= base.base.newest]
            shown = [base.seen(one) for one in versions]
            lives = base.records.ledger.documents(base.kb, base.base.newest)
            rules = [f"{one.path} {base.readers(one.rule)} {base.readers(one.rule_today)}" for one in lives]
            assert base.index_differs() == set()
            found.append((result, shown, rules))
    return found


def alone(base: SmallBase) -> SyncResult:
    """Sync with one worker."""
    return base.sync()


def with_two_helpers(base: SmallBase) -> SyncResult:
    """Sync with three workers whose steps alternate: at each of them, a worker that is free does a part."""
    free = [f"another-host:{number}:1" for number in range(2)]
    helped = 0

    def checkpoint(now: str) -> None:
        nonlocal helped
        if not free or not now.startswith(("parts.", "index.", "life.")):
            return
        name = free.pop()
        lease = base.records.parts.take(base.parts.generation, name, 60)
        if lease is not None:
            work = PartWork(base.parts, lease, beat=nothing, told=lambda _: None, checkpoint=checkpoint)
            helped += work.run(math.inf)
        free.append(name)

    result = base.sync(checkpoint)
    assert helped > 0
    return result


def nothing() -> None:
    """Hold no job."""


def in_slices(base: SmallBase) -> SyncResult:
    """Sync in tasks of little time: each does a file or two, and the next goes on."""
    parts, slices = replace(base.parts, clock=TickingClock()), 0
    base.records.jobs.submit("sync", base.kb, {})
    while True:
        slices += 1
        lease = base.records.jobs.take(["sync"], worker_name(), 60)
        assert lease is not None
        result = work_on_sync(parts, lease, source(base), worker=worker_name(), budget_s=SLICE)
        if result is not None:
            assert slices > 3
            return result


def source(base: SmallBase) -> Callable[[int], SourceReader]:
    """Return what opens the base's folder."""
    return lambda _kb: FolderSource(base.folder, max_file_mb=1)


@pytest.mark.parametrize("way", [alone, with_two_helpers, in_slices])
def test_a_sync_in_parts_ends_as_one_that_is_not_cut(tmp_path: Path, way: Way) -> None:
    """Results, texts, places, rows, rules and today's rules are equal, version by version."""
    whole = told(tmp_path / "whole", Cut(), alone)
    assert [one[0].added for one in whole] == [11, 6, 1]
    assert told(tmp_path / "parted", PARTED, way) == whole


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """Return a base with eleven documents to be synced in parts."""
    with opened(tmp_path) as base:
        first(base.folder)
        yield base


def held(base: SmallBase) -> Lease:
    """Return the lease of a sync job of the base."""
    base.records.jobs.submit("sync", base.kb, {})
    lease = base.records.jobs.take(["sync"], worker_name(), 60)
    assert lease is not None
    return lease


def begun(base: SmallBase, budget_s: float = 0.0) -> Lease:
    """Plan a sync, do as much of it as time allows, and return the lease that was put back."""
    lease = held(base)
    assert work_on_sync(base.parts, lease, source(base), worker=worker_name(), budget_s=budget_s) is None
    return lease


def test_helpers_need_no_source(base: SmallBase) -> None:
    """What was planned is read as it was, though the folder is gone; who holds the job has only to finish."""
    begun(base)
    assert base.records.parts.waiting() == 6
    kept = base.folder.rename(base.folder.with_name("away"))
    assert help_with_syncs(base.parts, worker=worker_name()) == 12
    assert (base.records.parts.waiting(), base.base.newest) == (0, 0)
    kept.rename(base.folder)
    result = work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.added, len(result.rejected), result.promoted) == (11, 1, True)


def test_nothing_waits_for_a_helper_twice(base: SmallBase) -> None:
    """A helper who comes when all is done, or to an installation without syncs, does nothing."""
    assert help_with_syncs(base.parts, worker=worker_name()) == 0
    base.sync()
    assert help_with_syncs(base.parts, worker=worker_name()) == 0


def test_progress_is_exact_in_the_records(base: SmallBase) -> None:
    """Whoever asks is told how many files are done, whoever did them; nobody is told anything once it is over."""
    seen: list[SyncProgress] = []
    asked: list[SyncProgress | None] = []

    def progress(now: SyncProgress) -> None:
        seen.append(now)
        asked.append(base.records.parts.progress(base.kb))

    lease = held(base)
    work_on_sync(base.parts, lease, source(base), worker=worker_name(), progress=progress)
    assert [replace(one, path="") for one in seen] == asked
    assert [one.done for one in seen] == sorted(one.done for one in seen)
    assert (seen[-1].done, seen[-1].total) == (12, 12)
    assert base.records.parts.progress(base.kb) is None


def test_what_was_asked_for_meanwhile_is_done_afterwards(base: SmallBase) -> None:
    """A wish during a sync inherits it when that is put back: it ends it, and looks at the source again."""
    begun(base)
    lease = held(base)
    write(base.folder, "late.md", document(40))
    wish = base.records.jobs.submit("sync", base.kb, {})
    assert work_on_sync(base.parts, lease, source(base), worker=worker_name(), budget_s=0) is None
    last = base.records.jobs.take(["sync"], worker_name(), 60)
    assert last is not None
    assert last.job.id == wish.id
    result = work_on_sync(base.parts, last, source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.added, result.added_paths) == (2, 1, ("late.md",))
    assert (len(base.seen(1).documents), len(base.seen(2).documents)) == (11, 12)


def test_what_was_asked_for_between_two_tasks_is_done_too(base: SmallBase) -> None:
    """A wish for a sync that waits half done is the same job: it ends that, and looks at the source again."""
    lease = begun(base)
    write(base.folder, "late.md", document(40))
    assert base.records.jobs.submit("sync", base.kb, {}).id == lease.job.id
    result = work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.added_paths, base.base.newest) == (2, ("late.md",), 2)


def test_an_inherited_sync_that_left_nothing_to_do_is_told_as_its_own(base: SmallBase) -> None:
    """Whoever waits for it reads what was done in its name."""
    lease = begun(base)
    taken = held(base)
    assert taken.job.id == lease.job.id
    base.records.jobs.submit("sync", base.kb, {})
    base.records.jobs.put_back(taken)
    result = work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.added) == (1, 11)


def test_other_rules_begin_a_sync_anew(base: SmallBase) -> None:
    """What was planned under an audience file that says something else now is swept, not promoted."""
    begun(base)
    write(base.folder, ".footnote.yaml", HR)
    result = work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.added) == (2, 11)
    assert {one.readers for path, one in base.seen().documents.items() if path.startswith("hr/")} == {("group:hr",)}
    assert base.index_differs() == set()


def test_rules_that_change_at_the_end_are_never_promoted(base: SmallBase) -> None:
    """The sync says so and waits; begun again, it follows the new rules."""

    def checkpoint(now: str) -> None:
        if now == "ledger.reject":
            write(base.folder, ".footnote.yaml", HR)

    lease = held(base)
    with pytest.raises(TransientError, match="changed while it was synced"):
        work_on_sync(base.parts, lease, source(base), worker=worker_name(), checkpoint=checkpoint)
    assert base.base.newest == 0
    assert work_on_sync(base.parts, held(base), source(base), worker=worker_name()) is not None
    assert {one.readers for path, one in base.seen().documents.items() if path.startswith("hr/")} == {("group:hr",)}


def test_another_embedder_begins_a_sync_anew(base: SmallBase) -> None:
    """A version is never made of two generations: an older one's parts are left to older processes, or swept."""
    begun(base)
    words = replace(base.parts, embedder=None)
    assert help_with_syncs(words, worker=worker_name()) == 0
    assert help_with_syncs(base.parts, worker=worker_name()) == 12
    result = work_on_sync(words, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.chunks_embedded) == (2, 0)
    assert {one.reading for one in base.records.ledger.documents(base.kb, 2)} == {words.generation}


def test_a_sync_whose_files_all_fail_makes_no_version(base: SmallBase) -> None:
    """As one that is not cut: nothing to show, and every file with its reason."""
    for file in base.folder.rglob("*.md"):
        file.write_text("", encoding="utf-8")
    result = base.sync()
    assert (result.version, result.added, len(result.rejected)) == (0, 0, 12)
    assert [one.state for one in base.records.bases.versions(base.kb)] == [VersionState.SWEPT]
    assert len(base.records.ledger.rejections(base.kb)) == 12
    assert base.index_differs() == set()


def test_a_file_that_goes_after_the_listing_is_told(base: SmallBase) -> None:
    """It is not taken, with the source's own reason; the others are."""

    class Fleeting(FolderSource):
        def __init__(self) -> None:
            super().__init__(base.folder, max_file_mb=1)
            self.fetched: list[str] = []

        def fetch(self, path: str) -> bytes | Rejected:
            self.fetched.append(path)
            again = self.fetched.count(path) > 1
            return Rejected("it is not there any more") if again and path == "d01.md" else super().fetch(path)

    result = work_on_sync(base.parts, held(base), lambda _: Fleeting(), worker=worker_name())
    assert result is not None
    assert result.added == 10
    assert {one.path: one.reason for one in result.rejected}["d01.md"] == "it is not there any more"


class Poison(InProcessParser):
    """A parser that one file breaks in a way that nobody foresaw."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.starts = 0

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read any other file."""
        if name == self.path:
            self.starts += 1
            raise ZeroDivisionError(name)
        return super().parse(name, data)


def test_a_file_that_breaks_us_is_set_aside(tmp_path: Path) -> None:
    """After three starts of its own it is rejected with the fault; every other document is there."""
    poison = Poison("d04.md")
    with opened(tmp_path, parser=poison) as base:
        first(base.folder)
        result = base.sync()
        assert (result.added, result.promoted) == (10, True)
        reasons = {one.path: one.reason for one in result.rejected}
        assert reasons["d04.md"].startswith("reading it ended its worker three times (unexpected fault: ZeroDivision")
        assert (poison.starts, set(reasons)) == (5, {"d04.md", "empty.md"})
        assert "d04.md" not in base.seen().documents
        assert base.index_differs() == set()


def test_a_file_that_breaks_us_keeps_its_last_good_life(tmp_path: Path) -> None:
    """Readers go on seeing what was read when it could be."""
    with opened(tmp_path) as base:
        first(base.folder)
        base.sync()
        before = base.seen().documents
    with opened(tmp_path, parser=Poison("d04.md")) as base:
        for number in range(1, 9):
            write(base.folder, f"d{number:02}.md", document(number, "\nMore.\n"))
        result = base.sync()
        assert result.promoted
        assert base.seen().documents["d04.md"] == before["d04.md"]
        assert base.index_differs() == set()


def test_a_fault_of_the_storage_is_nobodys_document(base: SmallBase) -> None:
    """An index that is away rejects no file: the sync waits and goes on where it was, and no run has failed."""
    away = [4]

    def checkpoint(now: str) -> None:
        if now == "index.stage" and away:
            away.pop()
            raise TransientError("the index is away")

    with pytest.raises(TransientError, match="is away"):
        work_on_sync(base.parts, held(base), source(base), worker=worker_name(), checkpoint=checkpoint)
    assert base.records.ledger.last_run(base.kb) is None
    result = work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert result is not None
    assert (result.version, result.added, len(result.rejected)) == (1, 11, 1)


def test_a_fault_that_stays_ends_the_sync(base: SmallBase) -> None:
    """After the third start without getting further the job has failed, and the next sync begins anew."""

    def checkpoint(now: str) -> None:
        if now == "parts.take":
            raise TransientError("the index is away")

    for _ in range(3):
        with pytest.raises(TransientError, match="is away"):
            work_on_sync(base.parts, held(base), source(base), worker=worker_name(), checkpoint=checkpoint)
    assert base.records.jobs.take(["sync"], worker_name(), 60) is None
    told = base.records.ledger.last_run(base.kb)
    assert told is not None
    assert (told["state"], told["error"]) == ("failed", "the index is away")
    assert base.sync().version == 2


def test_a_fault_that_nobody_foresaw_is_told_by_its_kind(base: SmallBase) -> None:
    """What it says may be a document's own text, which is for its readers."""

    def checkpoint(now: str) -> None:
        if now == "parts.take":
            raise ZeroDivisionError("text of a document")

    with pytest.raises(ZeroDivisionError):
        work_on_sync(base.parts, held(base), source(base), worker=worker_name(), checkpoint=checkpoint)
    told = base.records.ledger.last_run(base.kb)
    assert told is not None
    assert told["error"] == "unexpected fault: ZeroDivisionError"


def test_a_missing_stored_file_ends_the_sync(base: SmallBase) -> None:
    """It cannot be had from anywhere but the source: the job fails, and the next sync puts it back."""
    begun(base)
    for file in (base.folder.parent / "blobs").rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(NotFound):
        work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    assert base.base.newest == 0
    assert base.sync().added == 11


def test_a_removed_base_leaves_nothing(base: SmallBase) -> None:
    """Taken away while helpers work on it, it has no rows afterwards, and no plan."""
    begun(base)

    def checkpoint(now: str) -> None:
        if now == "index.stage" and base.name in [one.name for one in base.records.bases.all()]:
            base.erase()

    kb = base.kb
    assert help_with_syncs(base.parts, worker=worker_name(), checkpoint=checkpoint) == 0
    assert (base.parts.index.count(kb), base.records.parts.waiting()) == (0, 0)


def test_a_terminal_does_all_parts_itself(base: SmallBase) -> None:
    """Without any helper a sync ends all the same, and its job with it."""
    job = base.records.jobs.submit("sync", base.kb, {})
    assert run_sync(base.parts, job, source(base), worker=worker_name()).added == 11
    assert base.records.jobs.running(base.kb) is None
    with pytest.raises(Busy):
        base.records.jobs.put_back(Lease(job, 1))


def test_an_unreadable_source_does_not_touch_what_was_begun(base: SmallBase) -> None:
    """A drive that goes away while parts are left fails the sync and shows nothing."""
    begun(base)
    write(base.folder, ".footnote.yaml", "audience: [")
    with pytest.raises(SourceUnreadable):
        work_on_sync(base.parts, held(base), source(base), worker=worker_name())
    (base.folder / ".footnote.yaml").unlink()
    assert base.base.newest == 0
    assert base.sync().added == 11


def test_cuts_are_made_by_number_and_size(tmp_path: Path) -> None:
    """A part has so many files at most and so many bytes; a larger file is alone."""
    with opened(tmp_path, Cut(inline=0, files=3, size=100)) as base:
        for number, size in enumerate((10, 10, 10, 10, 90, 20, 300, 5)):
            write(base.folder, f"{number}.md", "x" * size)
        begun(base)
        taken = iter(lambda: base.records.parts.take(base.parts.generation, worker_name(), 60), None)
        assert ["".join(one.path[0] for one in each.part.files) for each in taken] == ["012", "34", "5", "6", "7"]


def test_a_small_sync_makes_no_parts(tmp_path: Path) -> None:
    """Up to the limit nothing is written but what a sync needs."""
    names: list[str] = []
    with opened(tmp_path, Cut(inline=12)) as base:
        first(base.folder)
        base.sync(names.append)
    assert "parts.put" not in names
    assert "ledger.stage" in names
