"""Tells an index that lost its rows from documents that do not answer. Looks at no index: that is the caller's."""

from collections.abc import Callable

from pipelines.domain.evidence import Scope
from pipelines.errors import StorageDamaged
from pipelines.ports.records import Records


def require_rows(records: Records, scope: Scope, rows: Callable[[int], int]) -> None:
    """
    Refuse an index without a row of a base that has passages to be searched.

    Args:
        records: they know the passages.
        scope: the bases, each in its active version.
        rows: base id -> its rows in the index; asked only of bases with passages.

    Raises:
        StorageDamaged: a base has passages and no row.

    """
    for kb, version in scope.versions.items():
        passages = next((one.chunks for one in records.bases.versions(kb) if one.number == version), 0)
        if passages and not rows(kb):
            raise StorageDamaged(
                f"the index holds nothing of {scope.names[kb]}: sync it, which writes it anew from stored files"
            )
