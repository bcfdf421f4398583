"""The index held against the ledger before readers see a version."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from pipelines.domain.knowledge import ALIVE, ChunkLife
from pipelines.errors import StorageDamaged
from pipelines.ports.chunk_index import ChunkIndex, VisibleRow
from pipelines.ports.records import LedgerRecords


Key = tuple[str, int]

_ROWS_BETWEEN_BEATS = 1000


class Census:
    """
    Makes the index show at a version exactly the rows that the ledger names.

    Differences come from processes that died and wrote late, or from an index that was
    lost. Late additions go, late removals come back, lost rows are built again.
    """

    def __init__(
        self,
        index: ChunkIndex,
        ledger: LedgerRecords,
        rebuild: Callable[[int, Collection[Key]], None],
        *,
        renew: Callable[[], None],
        checkpoint: Callable[[str], None],
    ) -> None:
        """
        Take both sides.

        Args:
            index: the index.
            ledger: the ledger.
            rebuild: writes lost rows (version, keys) again from the stored files.
            renew: shows that this worker lives.
            checkpoint: told after each index write, by name.

        """
        self._index = index
        self._ledger = ledger
        self._rebuild = rebuild
        self._renew = renew
        self._checkpoint = checkpoint

    def repair(self, kb: int, version: int) -> int:
        """
        Compare and repair; return how many rows differed.

        Raises:
            StorageDamaged: the index still differs afterwards.

        """
        missing, extra, moved = self._differences(kb, version)
        if not (missing or extra or moved):
            return 0
        self._remove(kb, extra)
        self._put_under(kb, moved)
        if missing:
            self._bring_back(kb, version, missing)
        left = self._differences(kb, version)
        if any(left):
            rows = sum(map(len, left))
            raise StorageDamaged(
                f"the index differs from the records in {rows} rows that could not be repaired: sync again"
            )
        return len(missing) + len(extra) + len(moved)

    def _differences(self, kb: int, version: int) -> tuple[set[Key], set[Key], dict[Key, int]]:
        """Return rows that are missing, rows that are too many, and rows under another rule (key -> right rule)."""
        known = self._rules(self._ledger.chunks(kb, version))
        seen = self._rules(self._index.visible(kb, version))
        moved = {key: rule for key, rule in known.items() if key in seen and seen[key] != rule}
        return known.keys() - seen.keys(), seen.keys() - known.keys(), moved

    def _rules(self, rows: Iterable[ChunkLife | VisibleRow]) -> dict[Key, int]:
        """Return the rule of each row; a large base takes minutes to be read."""
        rules: dict[Key, int] = {}
        for number, one in enumerate(rows):
            rules[one.chunk_id, one.added_in] = one.rule
            if number % _ROWS_BETWEEN_BEATS == 0:
                self._renew()
        return rules

    def _bring_back(self, kb: int, version: int, missing: Collection[Key]) -> None:
        """Let rows be seen at a version again, and end where the ledger ended them."""
        self._index.revive(kb, missing)
        self._checkpoint("index.revive")
        lost = self._differences(kb, version)[0]
        if lost:
            self._rebuild(version, lost)
        self._end(kb, missing, self._ledger.endings(kb, {chunk for chunk, _ in missing}))

    def _remove(self, kb: int, extra: Collection[Key]) -> None:
        """End rows that the ledger ended, delete those it never knew."""
        endings = self._ledger.endings(kb, {chunk for chunk, _ in extra})
        unknown = [key for key in extra if key not in endings]
        if unknown:
            self._index.delete(kb, unknown)
            self._checkpoint("index.delete")
        self._end(kb, [key for key in extra if key in endings], endings)

    def _put_under(self, kb: int, rules: Mapping[Key, int]) -> None:
        """Put rows under their rules."""
        by_rule: dict[int, list[str]] = defaultdict(list)
        for (chunk, _), rule in rules.items():
            by_rule[rule].append(chunk)
        for rule, chunk_ids in sorted(by_rule.items()):
            self._renew()
            self._index.assign_rule(kb, chunk_ids, rule)
            self._checkpoint("index.assign_rule")

    def _end(self, kb: int, keys: Collection[Key], endings: Mapping[Key, int]) -> None:
        """Let living rows end in the version in which the ledger ended them."""
        by_version: dict[int, list[str]] = defaultdict(list)
        for key in keys:
            if endings[key] != ALIVE:
                by_version[endings[key]].append(key[0])
        for version, chunk_ids in sorted(by_version.items()):
            self._index.retire(kb, chunk_ids, version)
            self._checkpoint("index.retire")
