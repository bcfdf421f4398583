"""An installation with real records; its answers, syncs and index are what a test says they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.domain.conversation import Answer, Outcome, Principal, Question
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import KnowledgeBase, Rejection, SyncResult
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import FootnoteError
from pipelines.ports.records import Records
from pipelines.settings import Settings
from tests.fakes.hash_embedder import HashEmbedder


LEASE_SECONDS = 60.0


class EmptyIndex:
    """An index without rows."""

    def count(self, _kb: int) -> int:
        """Return the rows of a base."""
        return 0


@dataclass
class FakeInstallation:
    """
    `pipelines.wiring.Footnote` without its engines.

    Attributes:
        settings: as given.
        records: real ones.
        answers: what the next questions come to; a refusal when none is left.
        sync_outcomes: what the next syncs come to; "nothing changed" when none is left.
        asked: the questions so far.
        index: without rows, unless a test gives another.
        blobs: none, unless a test gives some.
        cache_server: what is found of the cache's server: a warning, a fault, or nothing.
        broker_server: the fault of the broker's server, if any.
        closed: how often it was closed.

    """

    settings: Settings
    records: Records
    answers: list[Answer | Exception] = field(default_factory=list)
    sync_outcomes: list[SyncResult | Exception] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    index: object = field(default_factory=EmptyIndex)
    blobs: object = None
    embedder: object = field(default_factory=HashEmbedder)
    cache_server: str | Exception | None = None
    broker_server: Exception | None = None
    closed: int = 0

    def ask(self, question: Question) -> Answer:
        """Return or raise the next scripted outcome."""
        self.asked.append(question)
        outcome = self.answers.pop(0) if self.answers else Answer(Outcome.REFUSAL, "Not in the knowledge bases.")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def add_base(
        self, name: str, source: Path | str, principal: Principal, options: SourceOptions = NO_OPTIONS
    ) -> KnowledgeBase:
        """Add a base over a folder, whatever the source is."""
        return self.records.bases.add(name, "folder", str(Path(source).absolute()), principal, options)

    def upload(self, _name: str, files: Sequence[Path], _principal: Principal) -> tuple[str, ...]:
        """Say that the files were kept."""
        return tuple(file.name for file in files)

    def sync(
        self, name: str, *, dry_run: bool = False, progress: Callable[[SyncProgress], None] = lambda _: None
    ) -> SyncResult:
        """Return or raise the next scripted outcome, without any effect on the records."""
        base = self.records.bases.get(name)
        progress(SyncProgress(1, 1, "a.md"))
        outcome = self.sync_outcomes.pop(0) if self.sync_outcomes else SyncResult(base.active)
        if isinstance(outcome, Exception):
            raise outcome
        return replace(outcome, chunks_added=0, promoted=False) if dry_run else outcome

    def remove_base(self, name: str, _principal: Principal) -> None:
        """Remove a base."""
        self.records.bases.hide(self.records.bases.get(name).id)

    def check_cache_server(self) -> str | None:
        """Return or raise what a test says of the cache's server."""
        return _told(self.cache_server)

    def check_broker_server(self) -> None:
        """Raise what a test says of the broker's server."""
        _told(self.broker_server)

    def close(self) -> None:
        """Count the call; the records belong to the test."""
        self.closed += 1

    def publish(self, name: str, *, rejected: tuple[Rejection, ...] = (), promote: bool = True) -> int:
        """Record a sync of an empty folder that made a version, and return its number."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        version = self.records.ledger.begin(lease)
        self.records.ledger.reject(lease, rejected)
        result = SyncResult(version, rejected=rejected)
        self.records.ledger.finish(lease, version, result, promote=promote)
        self.records.jobs.finish(lease)
        return version

    def end_without_version(self, name: str, *, rejected: tuple[Rejection, ...] = ()) -> None:
        """Record a sync that found no document to take and so made no version."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        self.records.ledger.reject(lease, rejected)
        self.records.ledger.finish_unchanged(lease, SyncResult(base.active, rejected=rejected))
        self.records.jobs.finish(lease)

    def break_sync(self, name: str, error: FootnoteError) -> None:
        """Record a sync that failed."""
        base = self.records.bases.get(name)
        lease = self.records.jobs.lease(self.records.jobs.submit("sync", base.id, {}).id, "a test", LEASE_SECONDS)
        self.records.ledger.fail(lease, str(error))
        self.records.jobs.finish(lease, str(error))


def _told(found: str | Exception | None) -> str | None:
    if isinstance(found, Exception):
        raise found
    return found
