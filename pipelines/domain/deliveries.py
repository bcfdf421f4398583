"""Events of chat platforms, from the moment they are accepted until something visible became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.domain.values import Value


MOST_STARTS = 3
"""A delivery whose work was begun this often and never ended is answered with an apology: it may kill its process."""

LANE_LENGTH = 10
"""So many deliveries wait in a lane; a further one is told so at once."""


class DeliveryKind(StrEnum):
    """What happened on the platform. One message can meet each of these, some of them often."""

    NEW = "new"
    EDIT = "edit"
    DELETE = "delete"
    REACTION = "reaction"
    ACTION = "action"
    COMMAND = "command"
    EVENT = "event"
    """Anything without a message: a home tab opened, a stop button pressed, a person changed."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.WAITING: frozenset({DeliveryState.RUNNING}),
    DeliveryState.RUNNING: frozenset({DeliveryState.WAITING, DeliveryState.DONE}),
    DeliveryState.DONE: frozenset(),
}
"""State -> the states that may follow it."""


class Halt(StrEnum):
    """Why a delivery is not to be answered any more, or not as it is."""

    STOPPED = "stopped"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Delivery(Value):
    """
    One event of a platform whose sender is verified.

    Attributes:
        key: at most 250 characters; what all deliveries of this event have in common, and those of no other.
        platform: `slack` or `teams`.
        kind: what happened.
        lane: deliveries of one lane are worked on one after another, as they came; empty: this one waits for none.
        body: the event as it was received, for the platform's own reader.
        asker: at most 250 characters; who makes us work, by any name that nobody else has; empty for nobody.

    """

    key: str
    platform: str
    kind: DeliveryKind
    lane: str
    body: str
    asker: str = ""


@dataclass(frozen=True, slots=True)
class LeasedDelivery(Value):
    """
    A delivery that one process works on.

    Attributes:
        id: its number.
        token: of this lease, from 1; a later one has a greater.
        delivery: it.
        received_at: Unix time of its acceptance.
        attempts: how often its work was begun, this time included.
        crowded: so many waited in its lane already that it is not to be worked on, but told.
        halt: why it is not to be worked on any more; None if it is.
        shown: what an earlier lease noted of the messages that it posted.

    """

    id: int
    token: int
    delivery: Delivery
    received_at: float
    attempts: int
    crowded: bool
    halt: Halt | None
    shown: Mapping[str, Any]

    @property
    def was_taken_before(self) -> bool:
        """Whether an earlier lease may have posted something: an orderly end takes back an attempt, and no token."""
        return self.token > 1


@dataclass(frozen=True, slots=True)
class KnownDelivery(Value):
    """
    What the records know of a delivery that was accepted once.

    Attributes:
        state: where it stands.
        halt: why it was halted, if it was.
        shown: what was noted of the messages that were posted for it.
        answer: number of the recorded answer; None if none was made.
        delivery: it; its body is empty once it is done.

    """

    state: DeliveryState
    halt: Halt | None
    shown: Mapping[str, Any]
    answer: int | None
    delivery: Delivery
