"""Whether this worker was asked to end, known in all processes of its pool. Knows no Celery."""

import mmap


class StopFlag:
    """One byte that the processes forked from this one share."""

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)

    def set(self) -> None:
        """Ask all to end."""
        self._byte[0] = 1

    def is_set(self) -> bool:
        """Say whether they were asked to."""
        return self._byte[0] == 1
