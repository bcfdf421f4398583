"""
What workers write into their log: one line for each event, with the job at hand, and no text of a document.

Only fields of the list are written. Of a fault that nobody foresaw the kind and the place in
the code are told, never its message, which may hold what was being read.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

from pipelines.domain.job_kinds import SYNC
from pipelines.domain.jobs import Job
from pipelines.domain.sync_parts import PartLease


FIELDS = ("job", "kind", "kb", "queue", "attempts", "seconds", "state", "alert", "count")
"""Fields that may be written, in their order; all are numbers, or words of ours."""

_TALKATIVE = ("celery.worker.strategy", "celery.app.trace", "celery.beat", "haystack")
"""They tell of each message or step; what it led to is told by us."""

_NO_JOB: dict[str, object] = {}
_at_hand: ContextVar[dict[str, object]] = ContextVar("job_at_hand", default=_NO_JOB)


@contextmanager
def working_on(job: Job) -> Iterator[None]:
    """Name this job in every line that is written meanwhile, by whichever module."""
    token = _at_hand.set({"job": job.id, "kind": job.kind, "kb": job.kb})
    try:
        yield
    finally:
        _at_hand.reset(token)


@contextmanager
def helping() -> Iterator[None]:
    """Let lines name what `name_part` says meanwhile, and no job before that."""
    token = _at_hand.set(_NO_JOB)
    try:
        yield
    finally:
        _at_hand.reset(token)


def name_part(lease: PartLease | None) -> None:
    """Name the sync of this part, or no job any more, in every line until `helping` ends."""
    _at_hand.set({"job": lease.job, "kind": SYNC, "kb": lease.part.plan.kb} if lease else _NO_JOB)


class LogLines(logging.Formatter):
    """Lines of `time level logger field=value … message`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line, and behind it where a fault came from."""
        found = _at_hand.get() | {name: value for name, value in vars(record).items() if name in FIELDS}
        fields = "".join(f" {name}={found[name]}" for name in FIELDS if name in found)
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{fields} {record.getMessage()}"
        line = line.replace("\n", " ")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def formatException(  # noqa: N802 - the library's name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the kind of a fault and its place in the code, without its message."""
        kind, _, trace = ei
        places = (f"  {one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace))
        return "\n".join([*places, f"  {kind.__name__}" if kind else ""])


def log_to_stderr(level: int = logging.INFO) -> None:
    """Let every logger of this process write its lines to stderr, where a service manager collects them."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
