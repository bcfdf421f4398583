"""Bring a base up to date with its source, or see what that would change."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot.commands.kb import find
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.knowledge import SyncResult
from pipelines.domain.losses import needs_consent
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class SyncReport(Value):
    """What a sync did, or would do; `before` is the version that readers saw until then."""

    kb: str
    dry_run: bool
    result: SyncResult
    before: int

    @property
    def needs_consent(self) -> bool:
        """Whether the source lost so much that a sync is refused without `--accept-loss`."""
        result = self.result
        kept = result.changed + result.renamed + result.unchanged
        return needs_consent(before=kept + result.removed, lost=result.removed, stays=kept + result.added)

    @property
    def changes(self) -> bool:
        """Whether there was anything to change."""
        result = self.result
        documents = result.added + result.changed + result.renamed + result.removed
        return documents + result.chunks_added + result.chunks_removed > 0

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        result = self.result
        return {
            "version": result.version,
            "added": result.added,
            "changed": result.changed,
            "renamed": result.renamed,
            "removed": result.removed,
            "unchanged": result.unchanged,
            "rejected": [asdict(one) for one in result.rejected],
            "chunks_added": result.chunks_added,
            "chunks_removed": result.chunks_removed,
            "chunks_embedded": result.chunks_embedded,
            "duration_ms": result.duration_ms,
        }


@dataclass(frozen=True, slots=True)
class SyncQueued(Value):
    """A sync that was left to the workers: its base, and the number of its job."""

    kb: str
    job: int

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "job": self.job, "queued": True}


def sync(
    footnote: Footnote,
    principal: Principal,
    name: str,
    *,
    dry_run: bool,
    accept_loss: bool,
    progress: Callable[[SyncProgress], None],
) -> SyncReport:
    """Sync a base and wait until it is done; see `Footnote.sync` for what may fail."""
    base = find(footnote, principal, name)
    result = footnote.sync(base.name, dry_run=dry_run, accept_loss=accept_loss, progress=progress)
    return SyncReport(base.name, dry_run, result, base.active)


def submit(footnote: Footnote, principal: Principal, name: str, *, accept_loss: bool) -> SyncQueued:
    """Leave a sync to the workers, or to the job process."""
    base = find(footnote, principal, name)
    return SyncQueued(base.name, footnote.jobs.submit_sync(base.name, accept_loss=accept_loss).id)
