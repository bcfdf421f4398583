"""
The slash command: the words of `bot.commands.line`, answered to the one who typed, and to nobody else.

A question is answered in the direct conversation, since an answer that only one person sees in a channel can
neither be written before their eyes nor be found again.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import slack_reply_texts, slack_texts
from bot.commands.line import Caller, Reply, question_of, run
from bot.slack.blocks.notices import notice_messages
from bot.slack.blocks.shapes import Json, Message
from bot.slack.checks import check_message
from bot.slack.counter import PROMPT_S, Counter
from bot.slack.events import PLATFORM
from bot.slack.people import Reading, Standing
from bot.slack.presses import Command, Spot, command_of
from bot.slack.requests import Request, RequestKind
from pipelines.domain.jobs import JobState
from pipelines.errors import FootnoteError, NotFound


COMMAND = "/kb"

_MOST_MESSAGES = 4
"""Of a reply; one of the five answers that Slack takes later is left for the end of a job."""

LOOK_S = 2.0
"""Between two looks at a job, seconds."""

WATCHED_S = 25 * 60.0
"""For which a job is watched: Slack takes answers for half an hour."""

_ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.QUARANTINED})

_log = logging.getLogger(__name__)


class Commands:
    """Answers the command."""

    def __init__(self, counter: Counter, *, look_s: float = LOOK_S, watched_s: float = WATCHED_S) -> None:
        """
        Take what it works with.

        Args:
            counter: what works at once.
            look_s: between two looks at a job, seconds.
            watched_s: for which a job is watched, seconds.

        """
        self._counter = counter
        self._look_s = look_s
        self._watched_s = watched_s

    def register(self, app: AsyncApp) -> None:
        """Listen to the command."""
        app.command(COMMAND)(self._on_command)

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        command = command_of(body, self._counter.team)
        if command is None or not self._counter.is_new(command.spot):
            await ack()
            return
        question = question_of(command.line)
        if question:
            # Before anything that may take long: what is acknowledged is answered.
            await self._asked(command.spot, question)
        task = asyncio.create_task(self._told_asked(command) if question else self._replied(command))
        await asyncio.wait([task], timeout=PROMPT_S)
        if not task.done():
            await ack()
            self._counter.errands.begin(self._later(command.spot, task), "answer a command")
            return
        first, *rest = task.result()
        await ack(_shown(first))
        if rest:
            self._counter.errands.begin(self._respond(command.spot, rest), "answer a command")

    async def _replied(self, command: Command) -> Sequence[Message]:
        """Do what was typed; return what is answered, at least one message."""
        try:
            reading = await self._counter.desk.people.alone(command.spot.team, command.spot.user)
            return await self._done(command, reading)
        except FootnoteError as fault:
            _log.warning("a command did not do what it should: %s", fault)
            language = await self._counter.language(command.spot.user)
            return notice_messages((slack_reply_texts.did_not_work(language),))

    async def _done(self, command: Command, reading: Reading) -> Sequence[Message]:
        spot, language = command.spot, reading.somebody.language
        if reading.somebody.standing is Standing.NOBODY:
            return notice_messages((slack_texts.unknown_person(language),))
        place = "" if spot.private else f"channel:{PLATFORM}:{spot.team}:{spot.channel}"
        caller = Caller(reading.principal, place, language, COMMAND)
        reply = await self._counter.desk.asked(run, self._counter.desk.footnote, caller, command.line)
        if reply.job is not None:
            self._counter.errands.begin(self._watched(spot, reply.job, language), "tell how a job ended")
        return _limited(reply, language)

    async def _told_asked(self, command: Command) -> Sequence[Message]:
        """Return where a question is answered."""
        language = await self._counter.language(command.spot.user)
        return notice_messages((slack_reply_texts.answered_privately(language),))

    async def _asked(self, spot: Spot, question: str) -> None:
        """Keep a question, to be answered in the direct conversation."""
        request = Request(RequestKind.PRIVATE, spot.team, "", "", "", spot.user, question, private=True)
        await self._counter.accept(request.delivery(spot.trigger))

    async def _later(self, spot: Spot, task: "asyncio.Task[Sequence[Message]]") -> None:
        await self._respond(spot, await task)

    async def _respond(self, spot: Spot, messages: Sequence[Message]) -> None:
        for one in messages:
            await self._counter.respond(spot, one)

    async def _watched(self, spot: Spot, job: int, language: str) -> None:
        """Tell how a job ended, once it has."""
        desk = self._counter.desk
        ends = desk.clock.monotonic() + self._watched_s
        while True:
            await asyncio.sleep(self._look_s)
            try:
                state, error = await desk.asked(desk.footnote.records.jobs.state, job)
            except NotFound:
                return
            if state in _ENDED:
                break
            if desk.clock.monotonic() >= ends:
                await self._respond(spot, notice_messages((slack_reply_texts.job_goes_on(language, job),)))
                return
        if state is JobState.DONE:
            ran = await desk.asked(desk.footnote.records.ledger.run_of, job)
            told = slack_reply_texts.job_done(language, job, ran)
        else:
            told = slack_reply_texts.job_failed(language, job, error or str(state))
        await self._respond(spot, notice_messages((told,)))


def _limited(reply: Reply, language: str) -> Sequence[Message]:
    """Return what a command says, as many messages as may be shown."""
    messages = notice_messages(reply.lines, columns=reply.columns)
    if len(messages) <= _MOST_MESSAGES:
        return messages
    return (*messages[: _MOST_MESSAGES - 1], *notice_messages((slack_reply_texts.more_than_fits(language),)))


def _shown(message: Message) -> Json:
    """Return a message as the acknowledgement of a command."""
    check_message(message)
    return {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)}
