"""
A question comes in, exactly one visible outcome goes out; the same for every platform.

A platform says who asks what and where (`Asked`) and shows what comes of it (`Outbox`). Here is
decided what is shown: sentences while they are verified, then the answer, or one honest sentence.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from bot.commands.bounds import DEFAULT_CITATIONS, KEPT_TURNS
from bot.deliveries import Work, asked_in
from bot.file_questions import FileQuestions, Files, TooManyFiles
from bot.talk import is_greeting, is_thanks, may_mean_us
from pipelines.answering.telling import Watcher
from pipelines.domain.conversation import Answer, ClosestDocument, Principal, Question, Turn
from pipelines.domain.deliveries import Halt
from pipelines.domain.handed_files import NoFileRead
from pipelines.domain.values import Value
from pipelines.errors import BadInput, FootnoteError, QuestionTooLong, TransientError
from pipelines.ports.answers import AnswerRecords
from pipelines.ports.clock import Clock
from pipelines.ports.model import CallCancelled


PATIENCE_S = 55.0
"""After which a question that no process could answer gets an apology, seconds since it was received."""

_TAKEN_BACK = frozenset({Halt.EDITED, Halt.DELETED})
_Step = Callable[["Outbox"], Awaitable[None]] | None

_log = logging.getLogger(__name__)


class Notice(StrEnum):
    """What is told in place of an answer. The platform has the words, in the asker's language."""

    CROWDED = "crowded"
    """Too many questions wait in this conversation."""
    STOPPED = "stopped"
    """The person pressed stop."""
    FAILED = "failed"
    """Something went wrong here; ask again."""
    TOO_LATE = "too_late"
    """Nobody came to answer it in time; ask again."""
    EMPTY = "empty"
    """There are no words to answer."""
    TOO_LONG = "too_long"
    """The question has more words than are taken."""
    UNUSABLE = "unusable"
    """The question cannot be used; the sentence that comes with it says why."""
    UNREADABLE = "unreadable"
    """None of the files that came with it could be read; a line for each comes with it."""
    MANY_FILES = "many_files"
    """Too many files are being read; ask again."""
    GREETED = "greeted"
    """Somebody greeted us, or wants to know what we are for."""
    THANKED = "thanked"
    """Somebody thanked us."""


@dataclass(frozen=True, slots=True)
class Asked(Value):
    """
    A question as a platform understood it.

    Attributes:
        text: its words.
        principal: who asks, with the rights that count where the answer is read.
        conversation: what all questions of this conversation have in common, and no other has.
        channel: id of the channel in which the answer is read; empty where one person reads it.
        bases: names of the bases to search; empty for all that are readable.
        files: what the question is about, and is answered from alone; None for the bases.

    """

    text: str
    principal: Principal
    conversation: str
    channel: str = ""
    bases: tuple[str, ...] = ()
    files: Files | None = None


class Outbox(Protocol):
    """
    The place where one question's outcome is shown, message by message.

    Each method returns when the platform has it, and raises TransientError if it does not
    take it; then the question is tried again, here or in another process. What was posted is
    noted in the delivery before anything else is, so that whoever takes over goes on with it.
    """

    async def begin(self) -> None:
        """Show that the question is worked on, and how to stop that."""

    async def reads(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show what is read now; the asker may read all of it. Documents are none where they belong to no base."""

    async def say(self, text: str) -> None:
        """Show the next sentence, with its marks and what parts it from the one before."""

    async def start_over(self) -> None:
        """Take back what was said; the answer is another one."""

    async def answer(self, answer: Answer) -> None:
        """Show the answer in its final form, in place of what was said."""

    async def tell(self, notice: Notice, sentence: str = "") -> None:
        """Show a notice in place of an answer; what was said before a stop stays, marked as stopped."""

    async def withdraw(self) -> None:
        """Take away all that was shown."""

    async def give_way(self) -> None:
        """Add nothing more, and note what is shown: the answer to an edit takes its place."""


class Asking(Protocol):
    """Answers questions. It is `bot.facade.Footnote.ask`."""

    def __call__(self, question: Question, watcher: Watcher | None = None) -> Answer:
        """
        Return the one outcome of a question, recorded.

        Raises:
            BadInput: the question cannot be used.
            CallCancelled: the watcher wants it no longer.

        """


class Conversation:
    """Answers the questions of all platforms. Safe to share between deliveries."""

    def __init__(
        self, ask: Asking, records: AnswerRecords, threads: Executor, clock: Clock, about: FileQuestions
    ) -> None:
        """
        Take what it works with.

        Args:
            ask: answers.
            records: what was asked before.
            threads: in which questions are answered; as many at once as it has threads.
            clock: the time.
            about: answers questions about files.

        """
        self._ask = ask
        self._about = about
        self._records = records
        self._threads = threads
        self._clock = clock

    async def answer(self, work: Work, asked: Asked, outbox: Outbox) -> int | None:
        """
        Let one visible outcome become of a question.

        Returns:
            the number of the recorded answer; None if none was made.

        Raises:
            FootnoteError: the platform did not take it, or the records did not answer: to be tried again.

        """
        if work.halt is not None:
            await self._halted(work.halt, outbox)
            return None
        notice = self._hindered(work) or await self._pleasantry(asked)
        if notice is not None:
            await outbox.tell(notice)
            return None
        await outbox.begin()
        return await self._answered(work, asked, outbox)

    def _hindered(self, work: Work) -> Notice | None:
        """Return why a question is not even begun; None if it is."""
        if work.lease.crowded:
            return Notice.CROWDED
        if self._clock.now().timestamp() - work.lease.received_at > PATIENCE_S:
            return Notice.TOO_LATE
        return Notice.FAILED if work.is_hopeless else None

    async def _pleasantry(self, asked: Asked) -> Notice | None:
        """Return what is told of words that ask for no document; None if they do."""
        if asked.files is not None:
            return None
        if is_thanks(asked.text):
            return Notice.THANKED
        if is_greeting(asked.text):
            return Notice.GREETED
        if not may_mean_us(asked.text):
            return None
        # Behind an answer it may be meant of what that is about, and agreement may answer a question of ours.
        turns = partial(self._records.turns, asked.conversation, 1)
        return None if await asked_in(self._threads, turns) else Notice.GREETED

    async def _answered(self, work: Work, asked: Asked, outbox: Outbox) -> int | None:
        loop = asyncio.get_running_loop()
        told = _Told(loop, work)
        showing = asyncio.create_task(told.show(outbox))
        try:
            answer = await self._outcome(work, asked, told)
        finally:
            await told.ended(showing)
        if work.halt in _TAKEN_BACK and isinstance(answer, Answer) and answer.id:
            # It was faster than whoever takes it back.
            await loop.run_in_executor(self._threads, self._records.withdraw, answer.id)
        if answer is None or work.halt in _TAKEN_BACK:
            await self._halted(work.halt or Halt.STOPPED, outbox)
            return None
        if isinstance(answer, tuple):
            await outbox.tell(*answer)
            return None
        await outbox.answer(answer)
        return answer.id or None

    async def _outcome(self, work: Work, asked: Asked, told: "_Told") -> Answer | tuple[Notice, str] | None:
        """Return the answer, or a notice with its sentence; None if it was halted."""
        try:
            return await self._answer_to(asked, told)
        except CallCancelled:
            return None
        except TooManyFiles:
            return Notice.MANY_FILES, ""
        except BadInput as fault:
            return _unusable(fault, asked)
        except FootnoteError as fault:
            _log.warning("a question could not be answered: %s", fault, extra={"delivery": work.lease.id})
            return Notice.FAILED, ""

    async def _answer_to(self, asked: Asked, told: "_Told") -> Answer:
        if asked.files is not None:
            return await self._about.answer(_question(asked), asked.files, told)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._made, asked, told)

    def _made(self, asked: Asked, told: "_Told") -> Answer:
        """Return the answer; in a thread of its own."""
        turns = self._records.turns(asked.conversation, KEPT_TURNS)
        return self._ask(_question(asked, turns), told)

    async def _halted(self, why: Halt, outbox: Outbox) -> None:
        """Show that a question is not answered any more; an edited one is answered by its edit."""
        match why:
            case Halt.STOPPED:
                await outbox.tell(Notice.STOPPED)
            case Halt.DELETED:
                await outbox.withdraw()
            case Halt.EDITED:
                await outbox.give_way()


def _unusable(fault: BadInput, asked: Asked) -> tuple[Notice, str]:
    """Return what is told of a question that cannot be answered as it came."""
    if isinstance(fault, QuestionTooLong):
        return Notice.TOO_LONG, ""
    if isinstance(fault, NoFileRead):
        return Notice.UNREADABLE, "\n".join(f"{one.name}: {one.reason}" for one in fault.unread)
    return (Notice.UNUSABLE, str(fault)) if asked.text.strip() else (Notice.EMPTY, "")


def _question(asked: Asked, turns: tuple[Turn, ...] = ()) -> Question:
    return Question(
        asked.text.strip(),
        asked.principal,
        asked.bases,
        turns,
        DEFAULT_CITATIONS,
        channel=asked.channel,
        conversation=asked.conversation,
    )


class _Told:
    """
    Hands what a thread says to the event loop, in order. It is an `answering.telling.Watcher`.

    A sentence that the platform did not take ends the showing, not the answering: in the end the answer is shown whole.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Work) -> None:
        self._loop = loop
        self._work = work
        self._queue: asyncio.Queue[_Step] = asyncio.Queue()

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show what is read now."""
        self._hand(lambda outbox: outbox.reads(passages, documents))

    def said(self, text: str) -> None:
        """Show the next sentence."""
        self._hand(lambda outbox: outbox.say(text))

    def started_over(self) -> None:
        """Take back all that was said."""
        self._hand(lambda outbox: outbox.start_over())

    def stopped(self) -> bool:
        """Say whether the person wants it no longer."""
        return self._work.halted.is_set()

    async def show(self, outbox: Outbox) -> None:
        """Show what is said until `ended`."""
        while (step := await self._queue.get()) is not None:
            try:
                await step(outbox)
            except TransientError as fault:
                _log.warning("a sentence could not be shown: %s", fault, extra={"delivery": self._work.lease.id})
                return

    async def ended(self, showing: asyncio.Task[None]) -> None:
        """Wait until all that was said is shown."""
        self._queue.put_nowait(None)
        await showing

    def _hand(self, step: "_Step") -> None:
        self._loop.call_soon_threadsafe(self._queue.put_nowait, step)
