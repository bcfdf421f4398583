"""How workers learn that there is a job. A comfort: jobs stand in the records, and who looks there finds them."""

from typing import Protocol


class JobQueue(Protocol):
    """Tells workers to look. Any word may be lost or come twice; a fault is logged, never raised."""

    def announce(self, queue: str) -> None:
        """Tell one worker of a queue (`domain.job_kinds`) to look for jobs."""

    def close(self) -> None:
        """Release connections."""
