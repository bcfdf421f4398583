"""The deliveries of chat platforms: accepted once, leased, finished; taken over where a process died."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from pipelines.domain.deliveries import Delivery, Halt, KnownDelivery, LeasedDelivery


class DeliveryRecords(Protocol):
    """What was delivered, and what became of it."""

    def accept(self, deliveries: Sequence[Delivery]) -> tuple[bool, ...]:
        """
        Keep deliveries, all in one transaction.

        Returns:
            for each whether it is new; the others were accepted before, or stand twice in this list.

        """

    def take(self, platform: str, worker: str, seconds: float, most_of_one: int = 0) -> LeasedDelivery | None:
        """
        Take the oldest delivery of a platform that waits and before which none of its lane waits or is worked on.

        Whom this worker works least for comes first: who asks much holds nobody else up. One whose process is gone, or
        whose lease ran out, waits again.

        Args:
            platform: whose.
            worker: who takes it.
            seconds: for which it is held.
            most_of_one: deliveries of one asker that this worker works on at the same time; 0 for any number.

        Returns:
            None if there is none.

        """

    def renew(self, leases: Collection[LeasedDelivery], seconds: float) -> frozenset[int]:
        """Hold leases longer; return the numbers of those that are still held."""

    def halts(self, leases: Collection[LeasedDelivery]) -> Mapping[int, Halt]:
        """Return, by number, which of these are halted and why. Writes nothing and is quick."""

    def show(self, lease: LeasedDelivery, shown: Mapping[str, Any]) -> None:
        """
        Note which messages were posted, so that whoever takes over finds them.

        Raises:
            Busy: it was taken over.

        """

    def put_back(self, lease: LeasedDelivery, pause: float = 0.0, *, failed: bool = False) -> None:
        """
        Let a delivery wait again.

        Args:
            lease: its lease.
            pause: seconds before it may be taken again.
            failed: count this start.

        Raises:
            Busy: it was taken over.

        """

    def finish(self, lease: LeasedDelivery, answer: int | None = None) -> None:
        """
        End a delivery, with the number of the answer that was recorded; what it held is forgotten.

        Raises:
            Busy: it was taken over.

        """

    def halt(self, key: str, why: Halt) -> bool:
        """Halt a delivery that waits or is worked on; False if there is none. The first reason stays."""

    def halt_lane(self, lane: str, why: Halt, below: str = "", before: int | None = None) -> int:
        """
        Halt what waits or is worked on in a lane and in the lanes below it, whose names begin with its and a colon.

        Args:
            lane: its name; an empty one has no deliveries.
            why: the reason; an earlier one stays.
            below: a key; it and those that stand after it in the order of keys go on. Empty for all.
            before: number of a delivery; what was accepted after it goes on. None for all.

        Returns:
            how many deliveries.

        """

    def find(self, key: str) -> KnownDelivery | None:
        """Return what is known of a delivery; None if it was not accepted, or long ago."""

    def in_lane(self, lane: str) -> tuple[KnownDelivery, ...]:
        """
        Return what is known of the deliveries of a lane and of the lanes below it, in the order of their acceptance.

        Args:
            lane: its name; an empty one has no deliveries.

        """

    def holds(self, lane: str, after: str = "") -> bool:
        """
        Say whether a delivery of a lane was ever accepted and is known.

        Args:
            lane: its name.
            after: a key; only those count that stand after it in the order of keys, which is that of their characters.

        """

    def forget(self, before: float, most: int) -> int:
        """
        Forget deliveries that ended and were received before a Unix time; return how many.

        At most `most`, the oldest: while it is done, SQLite accepts none.
        """
