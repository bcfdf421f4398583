"""One child as the parent sees it: started, asked, killed when its time is up. Knows no pool."""

import json
import signal
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import IO

import pipelines
from pipelines.adapters.parser_processes.wire import (
    BrokenWire,
    decode_answer,
    largest_answer,
    read_frame,
    write_frame,
)
from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.bounds import too_slow


CHILD_MODULE = "pipelines.adapters.parser_processes.child"
_READY = b"ready"
_START_S = 60.0
_END_S = 2.0


class ChildFailed(Exception):
    """
    The child gave no answer and is gone.

    Attributes:
        rejected: the reason for a person.
        may_be_chance: whether a fresh child could do better: it crashed, and not for want of time.

    """

    def __init__(self, rejected: Rejected, *, may_be_chance: bool) -> None:
        super().__init__(rejected.reason)
        self.rejected = rejected
        self.may_be_chance = may_be_chance


class ChildProcess:
    """
    One warm child. For one thread at a time.

    Attributes:
        served: files that it answered.
        spent: whether it should be replaced.

    """

    def __init__(self, form: str, limits: ParseLimits, module: str = CHILD_MODULE) -> None:
        """
        Start the child and wait until its reader is imported.

        Raises:
            ChildFailed: it did not start.

        """
        self.served = 0
        self.spent = False
        self._form = form
        self._limits = limits
        self._watch = threading.Lock()
        self._turn = 0
        self._expired = False
        self._process = _started(module, form, limits)
        if self._exchange(None, _START_S) != _READY:
            self.kill()
            raise ChildFailed(Rejected(f"the reader of {form} files could not be started"), may_be_chance=False)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def read(self, data: bytes) -> Read | Rejected:
        """
        Have a file read.

        Raises:
            ChildFailed: no answer came; the child is gone.

        """
        answer = self._exchange(data, self._limits.parse_seconds)
        if answer is None:
            raise self._failure()
        try:
            result, self.spent = decode_answer(answer)
        except BrokenWire as error:
            self.kill()
            raise ChildFailed(Rejected(_nonsense(self._form)), may_be_chance=True) from error
        self.served += 1
        return result

    def kill(self) -> None:
        """End the child at once."""
        self._process.kill()
        self._reap()

    def close(self) -> None:
        """Let the child end by itself; kill it where it does not within two seconds."""
        _pipe(self._process.stdin).close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def _exchange(self, data: bytes | None, seconds: float) -> bytes | None:
        """Send a file, if there is one, and return the next frame; None when the child is gone or was too slow."""
        with self._watch:
            self._turn += 1
            alarm = threading.Timer(seconds, self._expire, [self._turn])
        alarm.daemon = True
        alarm.start()
        try:
            if data is not None:
                write_frame(_pipe(self._process.stdin), data)
            return read_frame(_pipe(self._process.stdout), most=largest_answer(self._limits))
        except (OSError, BrokenWire):
            return None
        finally:
            alarm.cancel()
            with self._watch:
                self._turn += 1

    def _expire(self, turn: int) -> None:
        """Kill the child, if it is still busy with the same file."""
        with self._watch:
            if turn == self._turn:
                self._expired = True
                self._process.kill()

    def _failure(self) -> ChildFailed:
        """Return why there is no answer, and see to it that the child is gone."""
        # It may have closed its pipes and run on; a frame that is too long leaves it writing.
        ended = self._expired or self._has_ended(within=0.2)
        if not ended:
            self._process.kill()
        code = self._process.wait()
        self._reap()
        if self._expired or code == -signal.SIGXCPU:
            return ChildFailed(too_slow(self._limits), may_be_chance=False)
        reason = _ending(self._form, code, self._limits) if ended else _nonsense(self._form)
        return ChildFailed(Rejected(reason), may_be_chance=True)

    def _has_ended(self, *, within: float) -> bool:
        """Whether the process ends by itself within some seconds."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _reap(self) -> None:
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:
                # What was not sent cannot be flushed any more.
                continue


def _nonsense(form: str) -> str:
    return f"the reader of {form} files gave an answer that cannot be understood"


def _ending(form: str, code: int, limits: ParseLimits) -> str:
    if code == -signal.SIGKILL:
        return f"the reader of {form} files was killed by the system, most likely for want of memory"
    if code < 0:
        return (
            f"the reader of {form} files crashed on it ({signal.strsignal(-code) or -code}): it is damaged, or needs"
            f" more than {limits.parse_memory_mb} MB of memory (FOOTNOTE_LIMITS__PARSE_MEMORY_MB)"
        )
    return f"the reader of {form} files ended without an answer"


def _started(module: str, form: str, limits: ParseLimits) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, with an environment of our making."""
    root = str(Path(pipelines.__file__).resolve().parent.parent)
    # -P: a file named like a library, in the folder that the user stands in, is not imported.
    command = [sys.executable, "-P", "-m", module, form, json.dumps(asdict(limits))]
    return subprocess.Popen(  # noqa: S603 - our own module, by the interpreter that runs us
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": root, "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
        cwd=Path(sys.executable).anchor,
        start_new_session=True,
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("the pipe is closed")
    return pipe
