"""
The memory: bases, rights, the sync ledger, jobs, answers, audit. What cannot be computed again.

Every method is one transaction: it happens whole or not at all, and is durable when
it returns. Faults of the database come as errors of `pipelines.errors`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.domain.conversation import Principal
from pipelines.domain.evidence import PlacedHit, Scope, StoredPassage
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import (
    ChunkLife,
    DocumentVersion,
    KnowledgeBase,
    Passage,
    Rejection,
    Source,
    SyncResult,
    Version,
)
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.domain.values import Value
from pipelines.ports.account_changes import AccountChangeRecords
from pipelines.ports.answering_rules import AnsweringRuleRecords
from pipelines.ports.answers import AnswerRecords
from pipelines.ports.channels import ChannelRecords
from pipelines.ports.deliveries import DeliveryRecords
from pipelines.ports.feedback import FeedbackRecords
from pipelines.ports.folders import FolderRecords
from pipelines.ports.index_generations import GenerationRecords
from pipelines.ports.index_places import PlaceRecords
from pipelines.ports.job_records import JobRecords
from pipelines.ports.model_calls import ModelCallRecords
from pipelines.ports.model_routes import RouteRecords
from pipelines.ports.model_usage import ModelUsageRecords
from pipelines.ports.retention import RetentionRecords
from pipelines.ports.schedules import ScheduleRecords
from pipelines.ports.sync_parts import PartRecords
from pipelines.ports.uploads import UploadRecords


if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class BaseRecords(Protocol):
    """Knowledge bases, their sources and versions."""

    def add(
        self,
        name: str,
        source_kind: str,
        location: str,
        principal: Principal,
        options: SourceOptions = NO_OPTIONS,
    ) -> KnowledgeBase:
        """
        Create a base that its creator and admins may read.

        Raises:
            BadInput: the name is taken (compared without case), empty, longer than 64
                characters, or holds control characters.

        """

    def find(self, kb: int) -> KnowledgeBase | None:
        """Return a base by its id; None if there is none, or it was removed."""

    def get(self, name: str) -> KnowledgeBase:
        """
        Return a base by its name, compared without case.

        Raises:
            NotFound: there is none.

        """

    def all(self) -> tuple[KnowledgeBase, ...]:
        """Return every base, by name."""

    def source(self, kb: int) -> Source:
        """Return the source of a base."""

    def hide(self, kb: int) -> None:
        """Take a base from everybody at once; its rows are erased later."""

    def hidden(self) -> tuple[int, ...]:
        """Return the bases that are hidden and not erased."""

    def own_blobs(self, kb: int) -> tuple[str, ...]:
        """Return the names of the stored files and texts that this base, or what was handed in to it, has alone."""

    def erase(self, kb: int) -> None:
        """Delete everything of a hidden base."""

    def versions(self, kb: int) -> tuple[Version, ...]:
        """Return all versions, newest first."""

    def roll_back(self, kb: int, version: int) -> None:
        """
        Let readers see an older promoted version, and pin the base.

        Raises:
            NotFound: no promoted version of that number is kept.

        """

    def promote(self, kb: int, version: int) -> None:
        """
        Let readers see a version that is ready or was promoted, and lift the pin.

        Raises:
            NotFound: no such version.

        """

    def unpin(self, kb: int) -> None:
        """Let the next sync promote again."""


class AccessRecords(Protocol):
    """Audience rules and who satisfies them."""

    def readers(self, kb: int) -> tuple[str, ...]:
        """Return the readers of the base's default rule, sorted."""

    def set_readers(self, kb: int, readers: Collection[str], principal: Principal) -> None:
        """Replace the readers of the base's default rule; counts with the next question."""

    def rule(self, kb: int, readers: Collection[str]) -> int:
        """Return the rule of the base with exactly these readers, made if need be."""

    def known_rule(self, kb: int, readers: Collection[str]) -> int | None:
        """Return the rule of the base with exactly these readers; None if there is none yet."""

    def rule_readers(self, rule: int) -> tuple[str, ...]:
        """Return the readers of a rule, sorted."""

    def scope(self, principal: Principal, bases: Sequence[str] = ()) -> Scope:
        """Return what this person may search now; of `bases` only, if any are named."""


@dataclass(frozen=True, slots=True)
class StagedDocument(Value):
    """
    A document's new life in a staged version.

    Attributes:
        document: id of the document; None for a new one.
        previous: id of the life that ends in this version; None if there is none.
        life: the new life (its `id` and `document` are given by the ledger).
        passages: its passages in order.
        new_chunks: index rows that begin with this version.
        ended_chunks: ids of chunks whose living row ends with this version.

    """

    document: int | None
    previous: int | None
    life: DocumentVersion
    passages: tuple[Passage, ...]
    new_chunks: tuple[ChunkLife, ...]
    ended_chunks: tuple[str, ...]


class LedgerRecords(Protocol):
    """
    What a sync did and is doing.

    Every write carries the lease and is refused with `Busy` if it was lost.
    """

    def begin(self, lease: Lease) -> int:
        """Stage a new version of the job's base and return its number, never given before."""

    def staged(self, kb: int) -> tuple[int, ...]:
        """Return the versions that are staged or ready."""

    def documents(self, kb: int, version: int) -> Iterator[DocumentVersion]:
        """Yield the lives that version shows, by path."""

    def lives(self, ids: Collection[int]) -> Mapping[int, DocumentVersion]:
        """Return the lives of these numbers; those that exist."""

    def ended(self, kb: int) -> Iterator[DocumentVersion]:
        """Yield the last life of each document whose lives have all ended, oldest first."""

    def gone(self, kb: int) -> Mapping[str, tuple[int, str]]:
        """Return last path -> (document, key) of documents whose lives have all ended, each document once."""

    def living_chunks(self, document: int, version: int) -> tuple[ChunkLife, ...]:
        """Return the index rows of a document that version shows."""

    def chunks(self, kb: int, version: int) -> Iterator[ChunkLife]:
        """Yield the index rows that version shows."""

    def passages(self, lives: Collection[int]) -> Mapping[int, tuple[Passage, ...]]:
        """Return the passages of lives by their numbers, in order; lives without one are left out."""

    def endings(self, kb: int, chunk_ids: Collection[str]) -> Mapping[tuple[str, int], int]:
        """Return (chunk id, added_in) -> removed_in of every index row of these chunks, of any version."""

    def stage(self, lease: Lease, version: int, documents: Sequence[StagedDocument]) -> None:
        """Write new lives; what they replace ends in `version`; today's rules count at once."""

    def stage_removal(self, lease: Lease, version: int, lives: Sequence[int]) -> None:
        """Let lives, and the index rows of their documents, end in `version`."""

    def set_rules_today(self, lease: Lease, rules: Mapping[int, int]) -> None:
        """Set document -> rule as the source says today; counts with the next question."""

    def sweep(self, lease: Lease, version: int) -> bool:
        """
        Undo a version that is staged or ready, in the ledger; nobody can promote it afterwards.

        Returns:
            whether it was undone; False if readers were let see it in the meantime.

        """

    def finish(self, lease: Lease, version: int, result: SyncResult, *, promote: bool) -> bool:
        """
        Record the run and, unless the base is pinned or `promote` is False, promote.

        Returns:
            whether readers see the version now.

        """

    def finish_unchanged(self, lease: Lease, result: SyncResult) -> bool:
        """
        Record a run that found nothing to change; the newest version is shown unless the base is pinned.

        Returns:
            whether readers see the newest version now.

        """

    def fail(self, lease: Lease, error: str) -> None:
        """Record a run that ended with an error."""

    def reject(self, lease: Lease, rejections: Sequence[Rejection]) -> None:
        """Replace the base's rejections by these, each path once."""

    def rejections(self, kb: int) -> tuple[Rejection, ...]:
        """Return the files that the newest sync could not take, by path."""

    def last_run(self, kb: int) -> Mapping[str, Any] | None:
        """Return the newest finished or failed run, as documented for `kb status --json`."""

    def run_of(self, job: int) -> Mapping[str, Any] | None:
        """Return how a job's run ended, in the form of `last_run`; None if none was recorded."""


class EvidenceRecords(Protocol):
    """Confirmation and placing of hits, by today's rights."""

    def confirm(self, principal: Principal, scope: Scope, chunk_ids: Collection[str]) -> tuple[PlacedHit, ...]:
        """
        Return the hits that are alive in the scope's versions and readable now.

        One statement: the version promoted, the life alive in it, the base's default rule,
        the life's rule and today's rule of the document satisfied. In any order.
        """

    def passages(self, scope: Scope, wanted: Collection[tuple[int, int]]) -> tuple[StoredPassage, ...]:
        """Return the passages by (document version, ordinal); those that exist."""

    def titles(self, principal: Principal, scope: Scope, limit: int) -> tuple[str, ...]:
        """Return titles of documents that the scope's versions show and that may be read now, newest reading first."""


class VectorRecords(Protocol):
    """The embedding cache: what was embedded once is not embedded again."""

    def get(self, embedder: str, hashes: Collection[str]) -> "Mapping[str, NDArray[np.float32]]":
        """Return hash of text -> vector, of those that are known."""

    def put(self, embedder: str, vectors: "Mapping[str, NDArray[np.float32]]") -> None:
        """Remember vectors."""


class Records(Protocol):
    """All records of an installation."""

    @property
    def installation(self) -> str:
        """The installation's id, the same in every engine."""

    @property
    def bases(self) -> BaseRecords:
        """Knowledge bases."""

    @property
    def access(self) -> AccessRecords:
        """Rights."""

    @property
    def ledger(self) -> LedgerRecords:
        """Syncs."""

    @property
    def evidence(self) -> EvidenceRecords:
        """Hits."""

    @property
    def jobs(self) -> JobRecords:
        """Jobs."""

    @property
    def parts(self) -> PartRecords:
        """Parts of large syncs."""

    @property
    def schedules(self) -> ScheduleRecords:
        """What is due by itself."""

    @property
    def retention(self) -> RetentionRecords:
        """What may be deleted."""

    @property
    def places(self) -> PlaceRecords:
        """Where the index is."""

    @property
    def generations(self) -> GenerationRecords:
        """What the index was made with."""

    @property
    def folders(self) -> FolderRecords:
        """Which folders hold what."""

    @property
    def uploads(self) -> UploadRecords:
        """Files that were handed in."""

    @property
    def answering_rules(self) -> AnsweringRuleRecords:
        """What admins say about answers."""

    @property
    def model_usage(self) -> ModelUsageRecords:
        """What language models are used for."""

    @property
    def routes(self) -> RouteRecords:
        """Which tuned model answers whom."""

    @property
    def model_calls(self) -> ModelCallRecords:
        """Calls of models that another process makes."""

    @property
    def answers(self) -> AnswerRecords:
        """Answers and audit."""

    @property
    def feedback(self) -> FeedbackRecords:
        """What people say of answers."""

    @property
    def channels(self) -> ChannelRecords:
        """What admins say about channels."""

    @property
    def account_changes(self) -> AccountChangeRecords:
        """What chat platforms told of accounts lately."""

    @property
    def deliveries(self) -> DeliveryRecords:
        """What chat platforms delivered."""

    @property
    def vectors(self) -> VectorRecords:
        """Embedding cache."""

    def described(self) -> str:
        """Return in what the records are kept: kind, version, place and schema, in words."""

    def require_same_time(self) -> None:
        """
        Refuse to work where leases would be misjudged.

        Raises:
            BadSettings: the clocks of this machine and of the database's are more than a minute apart.

        """

    def close(self) -> None:
        """Release connections."""
