"""What each process of a worker holds: its own installation, opened after the fork and closed at its end."""

import logging
import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

from celery import signals

from pipelines import work
from pipelines.errors import FootnoteError
from pipelines.operation import chores, working
from pipelines.operation.logs import log_to_stderr
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from workers.stopping import StopFlag


if TYPE_CHECKING:
    from celery.apps.worker import Worker as WorkController

    from pipelines.operation.calling import ModelCaller
    from pipelines.operation.working import Worker

_LOADED_ONCE = (work, working, chores)
"""Before the fork, so that a process that takes the place of a dead one works at once; importing opens nothing."""

_PREFORK = "celery.concurrency.prefork"

_log = logging.getLogger(__name__)


def _open() -> Footnote:
    return open_footnote(Settings.load())


def _worker(footnote: Footnote, stopping: Callable[[], bool]) -> "Worker":
    return footnote.jobs.worker(stopping)


def _look(footnote: Footnote) -> None:
    for warning in footnote.check_before_work():
        # Celery asks for its log later than this.
        log_to_stderr()
        _log.warning(warning)


class Pool:
    """
    The processes of one worker as the tasks see them.

    Nothing is opened before the fork: connections, files and locks cannot be shared by processes.
    """

    def __init__(
        self,
        open_installation: Callable[[], Footnote] = _open,
        make_worker: Callable[[Footnote, Callable[[], bool]], "Worker"] = _worker,
    ) -> None:
        """
        Take how a process begins; nothing is opened yet.

        Args:
            open_installation: opens the installation.
            make_worker: returns what takes jobs, and ends when its second argument says so.

        """
        self._open = open_installation
        self._make_worker = make_worker
        self._stop = StopFlag()
        self._installation: tuple[int, Footnote] | None = None
        self._first: int | None = None

    @property
    def footnote(self) -> Footnote:
        """The installation as this process opened it."""
        if self._installation is None or self._installation[0] != os.getpid():
            self._installation = (os.getpid(), self._open())
        return self._installation[1]

    def worker(self) -> "Worker":
        """Return what takes jobs in this process."""
        return self._make_worker(self.footnote, self._stop.is_set)

    def caller(self) -> "ModelCaller":
        """Return what makes calls of models in this process."""
        return self.footnote.jobs.caller(self._stop.is_set)

    def end(self) -> None:
        """Take no more jobs in any process of the worker, and ask its first process to end."""
        self._stop.set()
        if self._first is not None and self._first == os.getppid():
            os.kill(self._first, signal.SIGTERM)

    def connect(self) -> None:
        """Follow the life of the worker whose command this process runs."""
        kept = {"weak": False}
        signals.setup_logging.connect(self._log, **kept)
        signals.worker_init.connect(self._check, **kept)
        signals.worker_shutting_down.connect(self._end, **kept)
        signals.worker_process_shutdown.connect(self._close, **kept)

    def _log(self, **_: object) -> None:
        log_to_stderr()

    def _check(self, sender: "WorkController", **_: object) -> None:
        """
        Refuse what no job could be done with: a broker, index or folder that is another's, a wrong clock or pool.

        What is away for now is told, and comes back by itself.
        """
        self._first = os.getpid()
        if sender.pool_cls.__module__ != _PREFORK:
            raise SystemExit("this pool has no processes, so no time limit would hold: leave out --pool")
        try:
            with self._open() as footnote:
                footnote.check_broker_server(claim=True)
                _look(footnote)
        except FootnoteError as fault:
            # Celery logs whatever else a listener raises, and goes on.
            raise SystemExit(str(fault)) from None

    def _end(self, **_: object) -> None:
        self._stop.set()

    def _close(self, **_: object) -> None:
        own, self._installation = self._installation, None
        if own is not None and own[0] == os.getpid():
            own[1].close()
