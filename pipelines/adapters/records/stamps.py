"""Times as they stand in the records."""

from datetime import UTC, datetime

from pipelines.ports.clock import Clock


def stamp(clock: Clock) -> str:
    """Return the time of day as ISO 8601 in UTC, to the second."""
    return clock.now().astimezone(UTC).isoformat(timespec="seconds")


def unix(clock: Clock) -> float:
    """Return seconds since 1970."""
    return (clock.now() - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
