"""Counts what a sync did with each document, and remembers what it could not take. Writes nothing."""

from collections.abc import Iterator

from pipelines.domain.knowledge import DocumentVersion, Rejection, SyncResult
from pipelines.domain.reading import Rejected
from pipelines.ingestion.planning import Change, Plan, PlannedFile
from pipelines.ingestion.staging import NewLife


class Tally:
    """The documents of one sync by what happened to them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._counts = dict.fromkeys(Change, 0)
        self._rejected = list(plan.rejected)
        self._kept: list[tuple[str, DocumentVersion]] = []

    def note(self, planned: PlannedFile, found: NewLife | Rejected) -> None:
        """Count a file; the last good life of one that is rejected stays."""
        if not isinstance(found, Rejected):
            self._counts[planned.change] += 1
            return
        self._rejected.append(Rejection(planned.path, found.reason))
        if planned.previous:
            self._kept.append((planned.path, planned.previous))

    def confirmed(self) -> Iterator[DocumentVersion]:
        """Yield the lives whose files were seen to be as they were."""
        rejected = {one.path for one in self._plan.rejected}
        return (life for life in self._plan.unchanged if life.path not in rejected)

    def kept(self) -> Iterator[tuple[str, DocumentVersion]]:
        """Yield (path now, life) of files that could not be taken: what they say today is not known."""
        rejected = {one.path for one in self._plan.rejected}
        yield from ((life.path, life) for life in self._plan.unchanged if life.path in rejected)
        yield from self._kept

    def result(self, version: int) -> SyncResult:
        """Return the counts, with the rejected by path."""
        return SyncResult(
            version,
            added=self._counts[Change.ADDED],
            changed=self._counts[Change.CHANGED],
            renamed=self._counts[Change.RENAMED],
            removed=len(self._plan.removed),
            unchanged=len(self._plan.unchanged) + len(self._kept),
            rejected=tuple(sorted(self._rejected, key=lambda one: one.path)),
        )
