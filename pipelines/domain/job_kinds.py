"""The kinds of jobs, and the queue whose workers do each. Not what they do."""

from collections.abc import Mapping


SYNC = "sync"
"""Brings a base up to its source."""

CENSUS = "census"
"""Compares what the index shows of a base with the records."""

VACUUM = "vacuum"
"""Deletes what no kept version of a base shows."""

TIDY = "tidy"
"""Deletes what belongs to no base: stored files, and what a removed base left."""

WHOLE = 0
"""Stands for the base of a job that belongs to the whole installation."""

ACCEPT_LOSS = "accept_loss"
"""Name in the payload of a sync: a person said that what its source lost is to go."""

CHORES = (CENSUS, VACUUM)
"""What is done for each base once a day, whether a person asked or not."""

INGEST, ANSWER, TUNE, EVAL = "ingest", "answer", "tune", "eval"

QUEUES: Mapping[str, tuple[str, ...]] = {
    INGEST: (SYNC, CENSUS, VACUUM, TIDY),
    ANSWER: (),
    TUNE: (),
    EVAL: (),
}
"""Queue -> the kinds that its workers take."""


def queue_of(kind: str) -> str:
    """Return the queue of a kind; that of syncs for one that is not known here, such as a newer release's."""
    return next((queue for queue, kinds in QUEUES.items() if kind in kinds), INGEST)
