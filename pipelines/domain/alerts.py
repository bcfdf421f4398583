"""When the syncs of a base need a person: they fail again and again, or none came. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


FAILED_IN_A_ROW = 2
OVERDUE_INTERVALS = 2


class Alert(StrEnum):
    """Why a base needs a person."""

    FAILING = "failing"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class SyncHealth(Value):
    """
    How the syncs of a base went.

    Attributes:
        failed: how many of the newest ones failed in a row; counted up to two.
        every: interval of its schedule in seconds; None if it has none.
        expected_from: Unix time from which on a sync is waited for: the end of the last
            one that went well, or the beginning of the schedule, whichever is later.

    """

    failed: int
    every: int | None
    expected_from: float


def alert_of(health: SyncHealth, now: float) -> Alert | None:
    """Return why a base needs a person; None if it does not. Failing is told before overdue."""
    if health.failed >= FAILED_IN_A_ROW:
        return Alert.FAILING
    if health.every is not None and now - health.expected_from >= OVERDUE_INTERVALS * health.every:
        return Alert.OVERDUE
    return None
