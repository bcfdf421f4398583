"""Files are read for a few questions at once; who waits may stop, and nobody waits behind too many."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bot.file_questions import AT_ONCE, MOST_WAITING, Fetched, FileQuestions, TooManyFiles
from pipelines.answering.telling import Nobody, Watcher
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, Outcome, Question
from pipelines.domain.handed_files import HandedFile, UnreadFile
from pipelines.errors import TransientError
from pipelines.ports.model import CallCancelled


QUESTION = Question("How long?", OPERATOR)
PLAN = HandedFile("plan.md", b"# Plan")
GONE = UnreadFile("gone.pdf", "it is gone")
BROKEN = UnreadFile("broken.pdf", "it is broken")


@dataclass
class Reader:
    """Answers once it is let; it is a `bot.file_questions.AskingAbout`."""

    go: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _: Question, files: Sequence[HandedFile], watcher: Watcher | None = None) -> Answer:
        """Wait."""
        assert files
        assert watcher is not None
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        assert self.go.wait(10)
        with self.lock:
            self.at_once -= 1
        return Answer(Outcome.ANSWER, "A week. [1]", unread=(BROKEN,))


@dataclass
class Files:
    """Files that a platform hands out; it is a `bot.file_questions.Files`."""

    fault: Exception | None = None
    seconds: float = 0.0

    async def fetch(self) -> Fetched:
        """Return them."""
        await asyncio.sleep(self.seconds)
        if self.fault is not None:
            raise self.fault
        return Fetched((PLAN,), (GONE,))


class Stopped(Nobody):
    """Wants it no longer."""

    def stopped(self) -> bool:
        """Say so."""
        return True


def test_what_was_not_fetched_is_told_with_what_was_not_read() -> None:
    """In this order."""
    reader = Reader()
    reader.go.set()
    with ThreadPoolExecutor(2) as threads:
        answer = asyncio.run(FileQuestions(reader, threads).answer(QUESTION, Files(), Nobody()))
    assert answer.unread == (GONE, BROKEN)


def test_a_few_are_read_at_once_and_a_few_wait() -> None:
    """Whoever comes behind these is told at once; afterwards there is room again."""
    reader = Reader()

    async def scene(threads: ThreadPoolExecutor) -> None:
        questions = FileQuestions(reader, threads)
        asked = [
            asyncio.create_task(questions.answer(QUESTION, Files(), Nobody())) for _ in range(AT_ONCE + MOST_WAITING)
        ]
        await asyncio.sleep(0.3)
        with pytest.raises(TooManyFiles):
            await questions.answer(QUESTION, Files(), Nobody())
        reader.go.set()
        assert len(await asyncio.gather(*asked)) == AT_ONCE + MOST_WAITING
        assert await questions.answer(QUESTION, Files(), Nobody())

    with ThreadPoolExecutor(8) as threads:
        asyncio.run(scene(threads))
    assert reader.most == AT_ONCE


def test_a_stop_is_heeded_while_files_are_fetched_read_or_waited_for() -> None:
    """At once, though a file is read to its end; its seat is free only then."""
    reader = Reader()

    async def stopped(questions: FileQuestions, files: Files) -> None:
        async with asyncio.timeout(1.0):
            with pytest.raises(CallCancelled):
                await questions.answer(QUESTION, files, Stopped())

    async def scene(threads: ThreadPoolExecutor) -> None:
        questions = FileQuestions(reader, threads)
        await stopped(questions, Files(seconds=30))
        for _ in range(AT_ONCE):
            await stopped(questions, Files())
        await stopped(questions, Files())
        waits = asyncio.create_task(questions.answer(QUESTION, Files(), Nobody()))
        await asyncio.sleep(0.3)
        assert not waits.done()
        reader.go.set()
        assert await waits

    with ThreadPoolExecutor(8) as threads:
        asyncio.run(scene(threads))
    assert reader.most == AT_ONCE


def test_a_fault_of_the_platform_takes_no_seat() -> None:
    """As often as it fails, the next one is read."""
    reader = Reader()
    reader.go.set()

    async def scene(threads: ThreadPoolExecutor) -> None:
        questions = FileQuestions(reader, threads)
        for _ in range(AT_ONCE + 1):
            with pytest.raises(TransientError):
                await questions.answer(QUESTION, Files(TransientError("Slack is away")), Nobody())
        assert await questions.answer(QUESTION, Files(), Nobody())

    with ThreadPoolExecutor(2) as threads:
        asyncio.run(scene(threads))
