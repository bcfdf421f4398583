"""One base from one index to another: what differs is written, what is there already is not. May be killed anywhere."""

from collections.abc import Callable, Iterator
from itertools import islice

from pipelines.ports.chunk_index import ChunkIndex


AT_ONCE = 500
"""Rows that are read and written at once: a megabyte or two."""

Key = tuple[str, int]
State = tuple[int, int]
"""What of a row may change once it is written: the version that ends it, and its rule."""


def copy_base(
    source: ChunkIndex, target: ChunkIndex, kb: int, *, looked_at: Callable[[int], None], step: Callable[[str], None]
) -> int:
    """
    Let the target hold what the source holds of a base; return how many rows were written.

    Of each row that the target holds its key is kept in memory, of the others a few hundred at once.

    Args:
        source: is only read; what is written into it meanwhile may be missing in the target.
        target: holds some of the rows already, or none.
        kb: the base.
        looked_at: told now and then how many rows of the source were looked at since the last time.
        step: told after each write, by name.

    """
    there = _states(target, kb)
    lacking, written = _lacking(source, kb, there, looked_at), 0
    while keys := list(islice(lacking, AT_ONCE)):
        rows = source.whole(kb, keys)
        target.restore(rows)
        step("target.restore")
        written += len(rows)
    if there:
        target.delete(kb, list(there))
        step("target.delete")
    return written


def differing(source: ChunkIndex, target: ChunkIndex, kb: int, *, looked_at: Callable[[int], None]) -> int:
    """Return how many rows of a base only one of two indexes holds, or both in different states."""
    there = _states(target, kb)
    lacking = sum(1 for _ in _lacking(source, kb, there, looked_at))
    return lacking + len(there)


def _states(index: ChunkIndex, kb: int) -> dict[Key, State]:
    return {(one.chunk_id, one.added_in): (one.removed_in, one.rule) for one in index.lives(kb)}


def _lacking(source: ChunkIndex, kb: int, there: dict[Key, State], looked_at: Callable[[int], None]) -> Iterator[Key]:
    """Yield the keys that are not there in the same state; those that are, in whatever state, are taken out."""
    new = 0
    for one in source.lives(kb):
        key = (one.chunk_id, one.added_in)
        if there.pop(key, None) != (one.removed_in, one.rule):
            yield key
        new += 1
        if new == AT_ONCE:
            looked_at(new)
            new = 0
    looked_at(new)
