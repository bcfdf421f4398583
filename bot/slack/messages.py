"""
Messages of people: asked, asked otherwise, taken back. Each ends in one visible outcome, or in none where none is due.

Which of them concern us was decided at the door (`bot.slack.admission`).
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot.conversation import Asked
from bot.deliveries import Work
from bot.file_questions import Files
from bot.slack.addressed import is_addressed, is_deleted
from bot.slack.bolt import OUTCOME, WORK
from bot.slack.desk import Desk
from bot.slack.events import key_of, lane_of, lane_of_edits
from bot.slack.fields import Json, object_of, team_of, text_of
from bot.slack.message_files import MessageFiles
from bot.slack.outbox import Screen, SlackOutbox
from bot.slack.people import Reading, Standing
from bot.slack.places import Place
from bot.slack.posting import Thread
from bot.slack.requests import Request
from bot.slack.said import PlaceKind, Said, said
from bot.slack.showings import Showings
from bot.talk import is_question
from pipelines.domain.access import EVERYONE
from pipelines.domain.deliveries import DeliveryKind, DeliveryState, Halt, KnownDelivery
from pipelines.errors import TransientError


_LOOK_S = 0.1
_PATIENCE_S = 20.0
"""For the end of an answer that an edit or a deletion has halted, seconds."""

_log = logging.getLogger(__name__)


class Messages:
    """Answers what people write."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._screen = Screen(desk.web, desk.budget, desk.identity.user, Showings(desk).of)

    def register(self, app: AsyncApp) -> None:
        """Listen to messages and mentions, which are one thing to us."""
        app.event("message")(self._on_message)
        app.event("app_mention")(self._on_message)

    async def _on_message(self, body: Json, context: AsyncBoltContext) -> None:
        work: Work = context[WORK]
        match work.lease.delivery.kind:
            case DeliveryKind.EDIT:
                context[OUTCOME] = await self._on_edit(work, body)
            case DeliveryKind.DELETE:
                await self._on_deletion(body)
            case _:
                context[OUTCOME] = await self._on_new(work, said(body))

    async def answer(
        self,
        work: Work,
        place: Place,
        reading: Reading,
        question: str,
        there: Sequence[str] = (),
        *,
        unasked: bool = False,
        files: Files | None = None,
    ) -> int | None:
        """
        Let one visible outcome become of a question.

        Args:
            work: the delivery.
            place: where it is answered.
            reading: who asks, and the rights that count there.
            question: as it was asked.
            there: times of our messages whose place the outcome takes.
            unasked: nobody asked us; we say something only if we have an answer.
            files: what it is about; None for the bases.

        Returns:
            the number of the recorded answer; None if none was made or recorded.

        """
        outbox = SlackOutbox(self._screen, place, work, question, there, unasked=unasked, of_files=files is not None)
        finished = await outbox.finished_before()
        if finished is not None:
            return finished or None
        if reading.somebody.standing is Standing.NOBODY:
            await outbox.refuse()
            return None
        conversation = lane_of(place.team, place.channel, place.thread)
        asked = Asked(question, reading.principal, conversation, reading.channel, files=files)
        number = await self._desk.conversation.answer(work, asked, outbox)
        if number and outbox.was_silent:
            # What nobody saw is no part of the conversation.
            await self._desk.asked(self._desk.footnote.records.answers.withdraw, number)
            return None
        return number

    async def requested(self, work: Work, request: Request) -> int | None:
        """Answer what was asked by a button, a dialogue, a shortcut or a command, in the thread that it has."""
        people = self._desk.people
        if request.private:
            reading = await people.alone(request.team, request.user)
        else:
            reading = await people.in_channel(request.team, request.channel, request.user)
        place = _place(reading, request.channel, request.thread, request.question_ts, request.team)
        return await self.answer(work, place, reading, request.text)

    async def _asked(self, work: Work, message: Said, there: Sequence[str] = ()) -> int | None:
        reading = await self._desk.people.reading(message)
        place = _place(reading, message.channel, message.thread, message.ts, message.user_team)
        unasked = not there and await self._is_unasked(message)
        if unasked and not is_question(message.text):
            # In the thread of a question that we had nothing to say to, people talk to each other.
            return None
        files = None if unasked else self._files(message, place)
        return await self.answer(work, place, reading, message.text, there, unasked=unasked, files=files)

    def _files(self, message: Said, place: Place) -> MessageFiles | None:
        """Return the files that come with a question for us; None for none."""
        if not message.files:
            return None
        desk = self._desk
        return MessageFiles(desk.web, message.files, desk.footnote.settings.limits.max_file_mb, place.language)

    async def _is_unasked(self, message: Said) -> bool:
        """Say whether nobody asked us: in a channel that we answer in by ourselves, before we ever said something."""
        if message.mentions or message.place is PlaceKind.DIRECT:
            return False
        records, desk = self._desk.footnote.records, self._desk
        return not await desk.asked(is_addressed, records, message.team, message.channel, message.thread)

    async def _on_new(self, work: Work, message: Said) -> int | None:
        """Answer a question, unless it was asked otherwise or taken back before we heard of it."""
        return None if await self._is_overtaken(work, message) else await self._asked(work, message)

    async def _is_overtaken(self, work: Work, message: Said) -> bool:
        """Say whether a later wording of a message, or its deletion, was told first: Slack repeats what failed."""
        if work.lease.shown:
            # What is shown already is ended by a halt, and replaced by what came later.
            return False
        records = self._desk.footnote.records
        if await self._desk.asked(is_deleted, records, message.team, message.channel, message.ts):
            return True
        delivery = work.lease.delivery
        after = delivery.key if delivery.kind is DeliveryKind.EDIT else ""
        edits = lane_of_edits(message.team, message.channel, message.thread, message.ts)
        return await self._desk.asked(records.deliveries.holds, edits, after)

    async def _on_edit(self, work: Work, body: Json) -> int | None:
        """Answer a question anew in the place of its older answer; one that was not asked of us is a new one."""
        message = said(body)
        if await self._is_overtaken(work, message):
            return None
        known = await self._ended(_asked_first(body, message.ts), Halt.EDITED)
        if known is not None and known.halt is Halt.DELETED:
            return None
        # Where it was not known, an earlier edit may have made a question of it.
        there = await self._withdrawn(body, message.ts, message.thread, known)
        asks = message.mentions or message.place is PlaceKind.DIRECT
        return await self._asked(work, message, there) if known or there or asks else None

    async def _on_deletion(self, body: Json) -> None:
        """Take the answer of a deleted question along."""
        event = object_of(body, "event")
        gone = text_of(event, "deleted_ts") or text_of(object_of(event, "message"), "ts")
        before = object_of(event, "previous_message")
        known = await self._ended(_asked_first(body, gone), Halt.DELETED)
        thread = text_of(before, "thread_ts") or gone
        messages = self._thread(body, gone, thread)
        for ts in await self._withdrawn(body, gone, thread, known):
            await messages.delete(ts)

    async def _withdrawn(self, body: Json, question: str, thread: str, known: KnownDelivery | None) -> tuple[str, ...]:
        """Forget the answers that were recorded for a question; return the times of the messages that show them."""
        told = await self._thread(body, question, thread).own(self._desk.identity.user)
        # A stream that is open and was not noted is that of another question of this thread.
        own = [one for one in told if one.is_named]
        recorded = (known.answer or 0) if known else 0
        for number in {recorded, *(one.answer for one in own)} - {0}:
            await self._desk.asked(self._desk.footnote.records.answers.withdraw, number)
        return tuple(dict.fromkeys([*(_shown(known) if known else ()), *(one.ts for one in own)]))

    async def _ended(self, key: str, why: Halt) -> KnownDelivery | None:
        """
        Return what became of a question that is answered no more as it was; None if it was not asked of us.

        Raises:
            TransientError: whoever answers it has not stopped in time.

        """
        deliveries = self._desk.footnote.records.deliveries
        await self._desk.asked(deliveries.halt, key, why)
        ends = self._desk.clock.monotonic() + _PATIENCE_S
        while True:
            known = await self._desk.asked(deliveries.find, key)
            # What still waits is not begun any more, and may wait for long: behind others in its thread.
            if known is None or known.state is not DeliveryState.RUNNING:
                return known
            if self._desk.clock.monotonic() >= ends:
                message = "an answer that is not wanted any more has not ended yet"
                raise TransientError(message)
            await asyncio.sleep(_LOOK_S)

    def _thread(self, body: Json, question: str, thread: str) -> Thread:
        channel = text_of(object_of(body, "event"), "channel")
        return Thread(self._desk.web, channel, thread, question)


def _place(reading: Reading, channel: str, thread: str, question: str, user_team: str) -> Place:
    """Return where somebody's question is answered, to those who read along there."""
    somebody = reading.somebody
    return Place(
        team=somebody.team,
        channel=channel,
        thread=thread,
        question=question,
        user=somebody.user,
        user_team=user_team,
        private=reading.private,
        inside=EVERYONE in reading.principal.readers,
        by_member=somebody.standing is Standing.MEMBER,
        language=somebody.language,
    )


def _asked_first(body: Json, ts: str) -> str:
    """Return the key of a message as it was asked first."""
    return key_of(DeliveryKind.NEW, team_of(body), text_of(object_of(body, "event"), "channel"), ts)


def _shown(known: KnownDelivery) -> Iterable[str]:
    listed = known.shown.get("messages", ())
    return [str(one) for one in listed] if isinstance(listed, list | tuple) else []
