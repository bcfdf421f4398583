"""Counts and names what a sync did with each document, and remembers what it could not take. Writes nothing."""

from collections.abc import Iterator

from pipelines.domain.knowledge import PATHS_TOLD, DocumentVersion, Rejection, SyncResult
from pipelines.domain.reading import Rejected
from pipelines.ingestion.planning import Change, Plan, PlannedFile
from pipelines.ingestion.staging import NewLife


class Tally:
    """The documents of one sync by what happened to them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._taken: dict[Change, list[PlannedFile]] = {change: [] for change in Change}
        self._rejected = list(plan.rejected)
        self._kept: list[tuple[str, DocumentVersion]] = []
        self._added: list[DocumentVersion] = []

    def note(self, planned: PlannedFile, found: NewLife | Rejected) -> None:
        """Count a file; the last good life of one that is rejected stays."""
        if not isinstance(found, Rejected):
            self.take(planned, found.life)
            return
        self._rejected.append(Rejection(planned.path, found.reason))
        if planned.previous:
            self._kept.append((planned.path, planned.previous))

    def take(self, planned: PlannedFile, life: DocumentVersion) -> None:
        """Count a file that was staged."""
        self._taken[planned.change].append(planned)
        if planned.change is Change.ADDED:
            self._added.append(life)

    def confirmed(self) -> Iterator[DocumentVersion]:
        """Yield the lives whose files were seen to be as they were."""
        rejected = {one.path for one in self._plan.rejected}
        return (life for life in self._plan.unchanged if life.path not in rejected)

    def added(self) -> Iterator[DocumentVersion]:
        """Yield the lives of documents that are new."""
        return iter(self._added)

    def removed(self) -> Iterator[DocumentVersion]:
        """Yield the lives whose files are gone."""
        return iter(self._plan.removed)

    def kept(self) -> Iterator[tuple[str, DocumentVersion]]:
        """Yield (path now, life) of files that could not be taken: what they say today is not known."""
        rejected = {one.path for one in self._plan.rejected}
        yield from ((life.path, life) for life in self._plan.unchanged if life.path in rejected)
        yield from self._kept

    def result(self, version: int) -> SyncResult:
        """Return the counts, with the rejected and the first of each change by path."""
        # The plan's files, and so what was noted of them, are in the order of their paths.
        added, changed, renamed = (self._taken[change][:PATHS_TOLD] for change in Change)
        return SyncResult(
            version,
            added=len(self._taken[Change.ADDED]),
            changed=len(self._taken[Change.CHANGED]),
            renamed=len(self._taken[Change.RENAMED]),
            removed=len(self._plan.removed),
            unchanged=len(self._plan.unchanged) + len(self._kept),
            rejected=tuple(sorted(self._rejected, key=lambda one: one.path)),
            added_paths=tuple(one.path for one in added),
            changed_paths=tuple(one.path for one in changed),
            renamed_paths=tuple((one.previous.path, one.path) for one in renamed if one.previous),
            removed_paths=tuple(sorted(life.path for life in self._plan.removed)[:PATHS_TOLD]),
        )
