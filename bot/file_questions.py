"""
Questions about files that come with them: fetched from the platform, read, answered from, and forgotten.

A few at once, since reading files takes a core for seconds; who waits too long behind others is told so.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Protocol, TypeVar

from pipelines.answering.telling import Watcher
from pipelines.domain.conversation import Answer, Question
from pipelines.domain.handed_files import HandedFile, NoFileRead, UnreadFile
from pipelines.domain.values import Value
from pipelines.errors import TransientError
from pipelines.ports.model import CallCancelled


AT_ONCE = 2
"""Questions whose files are read at the same time."""

MOST_WAITING = 4
"""Questions that wait for that; a fifth one is told to come again."""

_LOOK_S = 0.1
"""Between two looks whether an answer is still wanted, seconds."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Fetched(Value):
    """What a platform handed out: the files, and those that cannot be had."""

    files: tuple[HandedFile, ...]
    unread: tuple[UnreadFile, ...] = ()


class Files(Protocol):
    """The files of one message, which are with the platform."""

    async def fetch(self) -> Fetched:
        """Return them; one that cannot be had is told, whatever the reason."""


class AskingAbout(Protocol):
    """Answers questions about files. It is `bot.facade.Footnote.ask_about`."""

    def __call__(self, question: Question, files: Sequence[HandedFile], watcher: Watcher | None = None) -> Answer:
        """
        Return the one outcome of a question, which is not recorded.

        Raises:
            BadInput: the question cannot be used.
            NoFileRead: of the files none could be read.
            CallCancelled: the watcher wants it no longer.

        """


class TooManyFiles(TransientError):
    """Too many questions wait for their files to be read."""


class FileQuestions:
    """Answers questions about files, for all platforms. Of one event loop."""

    def __init__(self, ask: AskingAbout, threads: Executor) -> None:
        """
        Take what it works with.

        Args:
            ask: answers.
            threads: in which files are read and questions answered.

        """
        self._ask = ask
        self._threads = threads
        self._waiting = 0
        self._seats = BoundedSemaphore(AT_ONCE)

    async def answer(self, question: Question, files: Files, watcher: Watcher) -> Answer:
        """
        Return the outcome of a question about files, with those that could not be read.

        Raises:
            TooManyFiles: too many wait.
            BadInput: the question cannot be used.
            NoFileRead: of the files none could be had and read.
            CallCancelled: the watcher wants it no longer; a file that is being read is read to its end.

        """
        await self._take_seat(watcher)
        try:
            fetched = await _unless_stopped(files.fetch(), watcher)
        except BaseException:
            self._seats.release()
            raise
        reading = self._threads.submit(self._answered, question, fetched, watcher)
        # Not before its thread has ended, whoever stopped waiting for it.
        reading.add_done_callback(lambda _: self._seats.release())
        return await _unless_stopped(asyncio.wrap_future(reading), watcher)

    async def _take_seat(self, watcher: Watcher) -> None:
        if self._seats.acquire(blocking=False):
            return
        if self._waiting >= MOST_WAITING:
            raise TooManyFiles("too many questions wait for their files to be read")
        self._waiting += 1
        try:
            while not self._seats.acquire(blocking=False):
                _check_wanted(watcher)
                await asyncio.sleep(_LOOK_S)
        finally:
            self._waiting -= 1

    def _answered(self, question: Question, fetched: Fetched, watcher: Watcher) -> Answer:
        """Return the answer; in a thread of its own."""
        if not fetched.files:
            raise NoFileRead(fetched.unread)
        try:
            answer = self._ask(question, fetched.files, watcher)
        except NoFileRead as fault:
            raise NoFileRead((*fetched.unread, *fault.unread)) from None
        return answer.with_unread(fetched.unread)


async def _unless_stopped(wanted: Awaitable[_Result], watcher: Watcher) -> _Result:
    """Return a result; where nobody wants it any more, do not wait for it."""
    task = asyncio.ensure_future(wanted)
    try:
        while not (await asyncio.wait([task], timeout=_LOOK_S))[0]:
            _check_wanted(watcher)
        return task.result()
    finally:
        task.cancel()


def _check_wanted(watcher: Watcher) -> None:
    if watcher.stopped():
        raise CallCancelled("nobody waits for the answer any longer")
