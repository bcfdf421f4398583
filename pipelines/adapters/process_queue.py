"""The queue of an installation without Celery: the job process looks by itself."""


class ProcessQueue:
    """`ports.job_queue.JobQueue` with nothing to send."""

    def announce(self, queue: str) -> None:
        """Do nothing: `footnote work` looks into the records every second."""

    def close(self) -> None:
        """Do nothing."""
