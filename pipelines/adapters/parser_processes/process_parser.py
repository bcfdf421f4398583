"""The document parser: a small pool of warm children per format. Holds no rule of any format."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.adapters.parser_processes.child_process import CHILD_MODULE, ChildFailed, ChildProcess
from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.bounds import too_large
from pipelines.ingestion.reading.formats import format_of, unknown_format


_FILES_PER_CHILD = 200


class ProcessParser:
    """
    Reads files in child processes, one or more per format, kept alive between files.

    Safe for threads: each waits for a free child of its format. Not to be used after
    a fork. A child is replaced after so many files, when it has grown, or when it
    failed; children end with this process, even where it is killed.
    """

    def __init__(
        self,
        limits: ParseLimits,
        *,
        children_per_format: int = 1,
        files_per_child: int = _FILES_PER_CHILD,
        module: str = CHILD_MODULE,
    ) -> None:
        """
        Take the limits; no process is started before the first file.

        Args:
            limits: for every file.
            children_per_format: files of one format that are read at the same time.
            files_per_child: after which a child is replaced.
            module: what a child runs; another one rehearses hangs and crashes.

        """
        self._limits = limits
        self._children_per_format = children_per_format
        self._files_per_child = files_per_child
        self._module = module
        self._lock = threading.Lock()
        self._seats: dict[str, threading.BoundedSemaphore] = {}
        self._idle: dict[str, list[ChildProcess]] = {}

    def parse(self, name: str, data: bytes) -> Read | Rejected:
        """Read a file; the format follows from the name's ending. Nothing is raised for what the bytes are."""
        form = format_of(name)
        if form is None:
            return unknown_format(name)
        if beyond := too_large(len(data), self._limits):
            return beyond
        with self._seat(form):
            try:
                return self._parse(form, data)
            except ChildFailed as failure:
                return failure.rejected

    def idle_pids(self) -> tuple[int, ...]:
        """Return the process ids of the children that wait for a file."""
        with self._lock:
            return tuple(child.pid for children in self._idle.values() for child in children)

    def close(self) -> None:
        """End the children that are idle; those that are busy end after their file."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for children in idle.values():
            for child in children:
                child.close()

    def _parse(self, form: str, data: bytes) -> Read | Rejected:
        """Read in a warm child; where that fails by chance, once more in a fresh one."""
        child = self._take(form)
        warm = child.served > 0
        try:
            result = child.read(data)
        except ChildFailed as failure:
            if not (warm and failure.may_be_chance):
                raise
        else:
            if not (warm and child.spent and isinstance(result, Rejected)):
                self._give_back(form, child)
                return result
            # What earlier files left in its memory may be what failed this one.
            child.close()
        child = self._fresh(form)
        result = child.read(data)
        self._give_back(form, child)
        return result

    @contextmanager
    def _seat(self, form: str) -> Iterator[None]:
        """Wait for the right to use a child of this format."""
        with self._lock:
            seat = self._seats.setdefault(form, threading.BoundedSemaphore(self._children_per_format))
        with seat:
            yield

    def _take(self, form: str) -> ChildProcess:
        """Return an idle child that is alive, or a fresh one."""
        while True:
            with self._lock:
                idle = self._idle.get(form)
                child = idle.pop() if idle else None
            if child is None:
                return self._fresh(form)
            if child.alive:
                return child
            child.kill()

    def _fresh(self, form: str) -> ChildProcess:
        return ChildProcess(form, self._limits, self._module)

    def _give_back(self, form: str, child: ChildProcess) -> None:
        """Keep a child for the next file, unless its time has come."""
        if child.spent or child.served >= self._files_per_child:
            child.close()
            return
        with self._lock:
            self._idle.setdefault(form, []).append(child)
