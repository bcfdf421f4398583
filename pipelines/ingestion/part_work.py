"""Reads the files of parts and stages them. Needs no source: bytes are in the blobs, the rest in the records."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from pipelines.domain.job_kinds import CENSUS
from pipelines.domain.knowledge import KnowledgeBase, Rejection
from pipelines.domain.reading import Rejected
from pipelines.domain.sync_parts import PartFile, PartLease, PartStep
from pipelines.errors import Busy, FootnoteError, NotFound, reason_of
from pipelines.ingestion.equipment import SyncParts
from pipelines.ingestion.heartbeat import LEASE_S, Heartbeat
from pipelines.ingestion.lives import LifeReader
from pipelines.ingestion.planning import PlannedFile, planned_file
from pipelines.ingestion.staging import NewLife, Staging
from pipelines.ports.records import StagedDocument


def help_with(
    parts: SyncParts,
    *,
    worker: str,
    until: float,
    job: int | None = None,
    beat: Callable[[], None] = lambda: None,
    told: Callable[[str], None] = lambda _: None,
    checkpoint: Callable[[str], None] = lambda _: None,
    at_hand: Callable[[PartLease | None], None] = lambda _: None,
) -> int:
    """
    Work on free parts, oldest first, until none is left or time is over.

    Args:
        parts: what every sync works with.
        worker: name of this process.
        until: when to stop, on the monotonic clock; what is at hand then is staged, the rest put back.
        job: help with this job only.
        beat: called between two steps; what it raises ends the work.
        told: told the path of the last file after each commit.
        checkpoint: told after each commit and index write, by name.
        at_hand: told each part before the work on it, and None after it unless a fault ended it.

    Returns:
        how many files were done.

    Raises:
        FootnoteError: index, records or blobs do not do what they must; the part was put back.

    """
    done = 0
    while parts.clock.monotonic() < until:
        lease = parts.records.parts.take(parts.generation, worker, LEASE_S, job=job)
        if lease is None:
            break
        at_hand(lease)
        checkpoint("parts.take")
        done += PartWork(parts, lease, beat=beat, told=told, checkpoint=checkpoint).run(until)
        at_hand(None)
        beat()
    return done


class PartWork:
    """The work on one part, under its lease."""

    def __init__(
        self,
        parts: SyncParts,
        lease: PartLease,
        *,
        beat: Callable[[], None],
        told: Callable[[str], None],
        checkpoint: Callable[[str], None],
    ) -> None:
        """Take the part; nothing is read yet. The functions are those of `help_with`."""
        self._parts = parts
        self._lease = lease
        self._beat = beat
        self._told = told
        self._checkpoint = checkpoint
        self._renew_part = Heartbeat(parts.records.parts, lease, parts.clock)
        self._embedding = parts.embedding()
        self._analyser = parts.analysing()
        self._pending: list[PartFile] = []
        self._rejected: list[Rejection] = []
        self._staged = (0, 0, 0)
        self._done = 0

    def run(self, until: float) -> int:
        """
        Do as many files as time allows; return how many.

        A part that was taken over meanwhile, or whose sync ended, is left as it is. A file
        that breaks us in a way that nobody foresaw costs its part this start, and nothing else.
        """
        try:
            self._run(min(until, self._parts.clock.monotonic() + self._parts.cut.seconds))
        except Busy:
            self._drop_if_removed()
            # Ours still, if it was the job that was taken over.
            self._put_back()
            self._beat()
        except FootnoteError:
            self._drop_if_removed()
            self._put_back()
            raise
        except Exception as fault:  # noqa: BLE001 - the edge around one part: its file is set aside, the others go on
            with self._leaving():
                self._parts.records.parts.fail(self._lease, reason_of(fault))
                self._checkpoint("parts.fail")
        return self._done

    def _run(self, until: float) -> None:
        base, part = self._base(), self._lease.part
        planned = self._planned(part.files[part.done :])
        lives, staging = self._lives(), self._staging()
        for number, (file, one) in enumerate(zip(part.files[part.done :], planned, strict=True), start=1):
            found = Rejected(file.rejected) if file.rejected else lives.read(one, base, store=True)
            self._checkpoint("life.store")
            self._take(file, found, staging)
            self._renew()
            if number < len(planned) and self._parts.clock.monotonic() >= until:
                self._flush(staging)
                self._parts.records.parts.put_back(self._lease)
                self._checkpoint("parts.put_back")
                return
        self._flush(staging)

    @contextmanager
    def _leaving(self) -> Iterator[None]:
        """Let go of the part; one that was taken over may hold rows that were written since, and seen by nobody."""
        with suppress(FootnoteError):
            try:
                yield
            except Busy:
                self._parts.records.schedules.postpone(CENSUS, self._lease.part.plan.kb, 0)

    def _put_back(self) -> None:
        with self._leaving():
            self._parts.records.parts.put_back(self._lease)
            self._checkpoint("parts.put_back")

    def _take(self, file: PartFile, found: NewLife | Rejected, staging: Staging) -> None:
        self._pending.append(file)
        if isinstance(found, Rejected):
            self._rejected.append(Rejection(file.path, found.reason))
        else:
            staging.add(found)

    def _flush(self, staging: Staging) -> None:
        staging.flush()
        if self._pending:
            # Only files that were rejected are left: there is nothing to write but that.
            self._write(staging, ())

    def _write(self, staging: Staging, documents: Sequence[StagedDocument]) -> None:
        """Stage a batch, and note with it what was done up to here."""
        now = (staging.chunks_added, staging.chunks_removed, self._embedding.embedded if self._embedding else 0)
        counts = (after - before for after, before in zip(now, self._staged, strict=True))
        step = PartStep(len(self._pending), tuple(self._rejected), *counts)
        self._parts.records.parts.stage(self._lease, documents, step)
        self._checkpoint("parts.stage")
        path = self._pending[-1].path
        self._done += step.files
        self._staged, self._pending, self._rejected = now, [], []
        self._told(path)

    def _renew(self) -> None:
        self._beat()
        self._renew_part()

    def _base(self) -> KnowledgeBase:
        found = self._parts.records.bases.find(self._lease.part.plan.kb)
        if found is None:
            raise NotFound("the knowledge base was removed while it was synced")
        return found

    def _drop_if_removed(self) -> None:
        """Leave no rows of a base that is gone."""
        with suppress(FootnoteError):
            try:
                self._base()
            except NotFound:
                self._parts.index.drop(self._lease.part.plan.kb)
                self._checkpoint("index.drop")

    def _planned(self, files: Sequence[PartFile]) -> list[PlannedFile]:
        known = self._parts.records.ledger.lives([one.previous for one in files if one.previous is not None])
        return [planned_file(one, known) for one in files]

    def _lives(self) -> LifeReader:
        plan, blobs = self._lease.part.plan, self._parts.blobs
        hashes = {one.path: one.content_hash for one in self._lease.part.files}
        lives = LifeReader(
            self._parts.records,
            self._parts.parser,
            blobs,
            lambda path: blobs.get(hashes[path]),
            kb=plan.kb,
            generation=plan.generation,
        )
        lives.rule_by(plan.rules)
        return lives

    def _staging(self) -> Staging:
        plan = self._lease.part.plan

        def write(documents: Sequence[StagedDocument]) -> None:
            self._write(staging, documents)

        staging = Staging(
            self._parts.index,
            self._embedding,
            analyser=self._analyser,
            kb=plan.kb,
            version=plan.version,
            write=write,
            renew=self._renew,
            checkpoint=self._checkpoint,
            twin=self._parts.twin(),
        )
        return staging
