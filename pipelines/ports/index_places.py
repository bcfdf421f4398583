"""The record of where the index is, and of a move under way. The index itself is `ports.chunk_index`."""

from typing import Protocol

from pipelines.domain.index_places import Engine, IndexPlace, MoveLease


class PlaceRecords(Protocol):
    """
    One row of an installation, the same for all of its processes.

    While writes are held, no sync, no part of a sync and no vacuum begins. Writes are held
    until the move ends, or until its process is gone or silent; then the move is refused.
    """

    def get(self) -> IndexPlace | None:
        """Return where the index is; None where that was never said."""

    def settle(self, engine: Engine) -> IndexPlace:
        """Say where the index is unless that was said before; return what holds."""

    def begin(self, target: Engine, worker: str, seconds: float) -> MoveLease:
        """
        Take the right to move the index to an engine.

        Raises:
            BadInput: it is there already, nobody said yet where it is, or another generation is kept or made.
            Busy: a living process moves it.

        """

    def begin_generation(self, number: int, worker: str, seconds: float) -> MoveLease:
        """
        Take the right to let another generation be the index, in the engine in use.

        Raises:
            BadInput: it is the index already, nobody said yet where that is, the other engine holds
                something, or a third generation is kept or made.
            Busy: a living process moves it.

        """

    def renew(self, lease: MoveLease, seconds: float) -> None:
        """
        Hold a lease longer.

        Raises:
            Busy: it was lost.

        """

    def hold_writes(self, lease: MoveLease) -> int:
        """
        Let nobody begin to write into the index; return how many write still.

        Raises:
            Busy: the lease was lost.

        """

    def switch(self, lease: MoveLease) -> None:
        """
        Let the target be the index from now on, end the lease, and keep what was the index.

        Raises:
            Busy: the lease was lost, or writes are not held.

        """

    def leave(self, lease: MoveLease) -> None:
        """End a lease that did not switch, if it is still held; what was copied stays."""

    def forget_copy(self, lease: MoveLease) -> None:
        """
        Note that nothing of ours is any more where the lease would move the index to, and end the lease.

        Raises:
            Busy: the lease was lost.

        """
