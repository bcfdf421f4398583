"""A large sync between its plan and its end: cut into parts, worked on by whoever helps, and put together again."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from pipelines.domain.jobs import Lease, SyncProgress
from pipelines.domain.reading import Rejected
from pipelines.domain.sync_parts import PartedPlan, PartFile, PartsOutcome
from pipelines.ingestion.equipment import Cut, SyncParts
from pipelines.ingestion.interruption import TimeIsOver
from pipelines.ingestion.part_work import help_with
from pipelines.ingestion.planning import Plan, PlannedFile, part_file, planned_file
from pipelines.ingestion.tally import Tally
from pipelines.ports.source_reader import SourceReader


Kept: TypeAlias = Iterable[tuple[PartFile, int]]
"""Files whose bytes are kept, each with their length."""

WAIT_S = 1.0
"""Between two looks at parts that others hold."""


class PartedSync:
    """One sync in parts, held by the worker that holds its job."""

    def __init__(
        self,
        parts: SyncParts,
        lease: Lease,
        *,
        worker: str,
        beat: Callable[[], None],
        wait: Callable[[float], None],
        progress: Callable[[SyncProgress], None],
        checkpoint: Callable[[str], None],
    ) -> None:
        """
        Take the job.

        Args:
            parts: what every sync works with.
            lease: of the job.
            worker: name of this process.
            beat: shows that this worker lives; raises Busy when the job was taken over.
            wait: lets seconds pass.
            progress: told after each commit, and while others work.
            checkpoint: told after each commit and index write, by name.

        """
        self._parts = parts
        self._lease = lease
        self._worker = worker
        self._beat = beat
        self._wait = wait
        self._progress = progress
        self._checkpoint = checkpoint
        self._records = parts.records.parts

    def keep(
        self, files: Sequence[PlannedFile], reader: SourceReader, listed: Mapping[str, tuple[str, int]], until: float
    ) -> list[tuple[PartFile, int]]:
        """
        Keep the bytes of the files to be read, so that nobody else needs the source; return each with its length.

        Args:
            files: the files.
            reader: their source.
            listed: path -> (SHA-256 of the bytes, their length), as the source was seen just now.
            until: when to stop, but not before what was not kept yet had the time of a part.

        Raises:
            TimeIsOver: not all are kept; those that are will not be fetched again.
            Busy: the job was taken over.

        """
        kept: list[tuple[PartFile, int]] = []
        ends: float | None = None
        for one in files:
            name, size = listed[one.path]
            # In the same order each time: after the first one that is not there, hardly any is.
            if ends is None and self._parts.blobs.has(name):
                kept.append((replace(part_file(one), content_hash=name), size))
                self._beat()
                continue
            if ends is not None and self._parts.clock.monotonic() >= ends:
                raise TimeIsOver
            kept.append(self._fetched(one, reader))
            self._checkpoint("blobs.put")
            # From here on: however many were kept before, this start gets further.
            if ends is None and kept[-1][0].rejected is None:
                ends = max(until, self._parts.clock.monotonic() + self._parts.cut.seconds)
        return kept

    def put(self, plan: PartedPlan, kept: Kept) -> None:
        """Queue the parts."""
        self._records.put(self._lease, plan, list(cut_files(kept, self._parts.cut)))
        self._checkpoint("parts.put")

    def work(self, until: float) -> PartsOutcome | None:
        """
        Work with all others until every part is done; None if time is over before.

        Raises:
            Busy: the job was taken over.

        """
        while self._records.open(self._lease):
            if self._parts.clock.monotonic() >= until:
                return None
            help_with(
                self._parts,
                worker=self._worker,
                until=until,
                job=self._lease.job.id,
                beat=self._beat,
                told=self._tell,
                checkpoint=self._checkpoint,
            )
            if self._records.open(self._lease) and self._parts.clock.monotonic() < until:
                self._wait(WAIT_S)
                self._beat()
                self._tell("")
        outcome = self._records.outcome(self._lease)
        self._tell(outcome.files[-1].path if outcome.files else "")
        return outcome

    def tally(self, plan: PartedPlan, outcome: PartsOutcome, newest: int) -> Tally:
        """Count all documents as a sync that is not cut does."""
        ledger = self._parts.records.ledger
        before = {one.id: one for one in ledger.documents(plan.kb, newest)}
        staged = {one.path: one for one in ledger.documents(plan.kb, plan.version)}
        files = [planned_file(one, before) for one in outcome.files]
        removed = tuple(before[one] for one in plan.removed)
        ended = {*plan.removed, *(one.previous.id for one in files if one.previous)}
        unchanged = tuple(one for one in before.values() if one.id not in ended)
        tally = Tally(Plan(tuple(files), removed, unchanged, plan.rejected))
        rejected = {one.path: Rejected(one.reason) for one in outcome.rejected}
        for one in files:
            if one.path in rejected:
                tally.note(one, rejected[one.path])
            else:
                tally.take(one, staged[one.path])
        return tally

    def _tell(self, path: str) -> None:
        """Tell how far all workers together are."""
        now = self._records.progress(self._lease.job.kb)
        if now is not None:
            self._progress(replace(now, path=path))

    def _fetched(self, one: PlannedFile, reader: SourceReader) -> tuple[PartFile, int]:
        """Return a file, its bytes kept, with their length."""
        data = reader.fetch(one.path)
        self._beat()
        if isinstance(data, Rejected):
            return replace(part_file(one), rejected=data.reason), 0
        return replace(part_file(one), content_hash=self._parts.blobs.put(data)), len(data)


def cut_files(files: Kept, cut: Cut) -> Iterator[list[PartFile]]:
    """
    Yield parts of neighbouring files, in order, none empty.

    Args:
        files: each file with its size, bytes.
        cut: how large a part may be.

    """
    part: list[PartFile] = []
    held = 0
    for file, size in files:
        if part and (len(part) >= cut.files or held + size > cut.size):
            yield part
            part, held = [], 0
        part.append(file)
        held += size
    if part:
        yield part
