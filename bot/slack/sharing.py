"""
A question asked again: one of those that an answer offered, or, in a channel, one that was answered in private.

Nothing of the private answer leaves: what is asked in a channel is the question, as who asks it sent it, and it is
answered with the rights of that channel.
"""

import asyncio
import hashlib
from collections.abc import Callable

from slack_bolt.app.async_app import AsyncApp

from bot import slack_reply_texts
from bot.commands.recorded import recorded_for
from bot.slack.actions import Action, Dialogue, Field
from bot.slack.blocks.modals import share_modal
from bot.slack.blocks.shapes import Json
from bot.slack.blocks.showing import Showing
from bot.slack.counter import PROMPT_S, Counter, Reply, wrong
from bot.slack.listening import action_pattern
from bot.slack.membership import is_in, is_ours
from bot.slack.presses import Press, Submission, is_direct
from bot.slack.requests import Request, RequestKind
from bot.slack.web import SlackRefusal
from pipelines.domain.deliveries import DeliveryState
from pipelines.domain.recorded_answer import RecordedAnswer
from pipelines.errors import NotFound, TransientError


_MOST_ATTEMPTS = 10
"""At one choice of one person."""


class AskedAgain:
    """Takes choices and shares, and keeps them as requests."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to both buttons and to the dialogue."""
        app.action(action_pattern(Action.CHOICE))(self._counter.on_press(self._chosen))
        app.action(action_pattern(Action.SHARE))(self._counter.on_press(self._pressed))
        app.view(str(Dialogue.SHARE))(self._counter.on_submission(self._sent))

    async def _chosen(self, press: Press) -> None:
        spot, text = press.spot, press.about.detail.strip()
        if not text or not press.message or not await self._may_choose(press):
            return
        request = Request(
            kind=RequestKind.CHOICE,
            team=spot.team,
            channel=spot.channel,
            thread=spot.thread,
            question_ts=press.message,
            user=spot.user,
            text=text,
            private=spot.private,
        )
        which = hashlib.sha256(text.encode()).hexdigest()[:16]
        for number in range(_MOST_ATTEMPTS):
            delivery = request.delivery(press.message, spot.user, which, *([str(number)] if number else []))
            if await self._counter.accept(delivery) or not await self._came_to_nothing(delivery.key):
                return

    async def _came_to_nothing(self, key: str) -> bool:
        """Say whether a choice was stopped, or failed: then, and only then, a second click asks again."""
        desk = self._counter.desk
        known = await desk.asked(desk.footnote.records.deliveries.find, key)
        return known is not None and known.state is DeliveryState.DONE and known.answer is None

    async def _may_choose(self, press: Press) -> bool:
        """
        Say whether a choice is there to be made; that of a question which was taken back is not.

        One that was never recorded belongs to nobody: whoever picks it gets what they may read there.

        Raises:
            NotAllowed: it was offered to somebody else alone.

        """
        try:
            if press.about.answer:
                await self._recorded(press)
        except NotFound:
            self._counter.whisper(press.spot, slack_reply_texts.answer_gone)
            return False
        return True

    async def _pressed(self, press: Press) -> None:
        recorded = await self._recorded(press, own=True)
        await self._counter.open(press.spot, self._dialogue(press, recorded.whole_question))

    async def _dialogue(self, press: Press, question: str) -> Json:
        language = await self._counter.language(press.spot.user)
        return share_modal(question, Showing(language, press.about.answer, press.about.delivery))

    async def _sent(self, submission: Submission) -> Reply:
        spot = submission.spot
        channel, text = submission.values.get(Field.CHANNEL, ""), submission.values.get(Field.QUESTION, "").strip()
        if not text:
            return await self._counter.wordless(submission)
        hindrance = await self._hindrance(channel, spot.user)
        if hindrance is not None:
            return wrong(Field.CHANNEL, hindrance(await self._counter.language(spot.user)))
        request = Request(RequestKind.SHARE, spot.team, channel, "", "", spot.user, text, private=False)
        await self._counter.accept(request.delivery(spot.trigger))
        return await self._counter.said(submission, slack_reply_texts.shared)

    async def _hindrance(self, channel: str, user: str) -> Callable[[str], str] | None:
        """Return how it is told why somebody cannot ask in a channel; None if nothing is in the way."""
        if not channel or is_direct(channel):
            return slack_reply_texts.bot_not_there
        web = self._counter.desk.web
        try:
            async with asyncio.timeout(PROMPT_S):
                if not await is_ours(web, channel):
                    return slack_reply_texts.bot_not_there
                return None if await is_in(web, channel, user) else slack_reply_texts.you_not_there
        except (TimeoutError, TransientError):
            return slack_reply_texts.channel_unknown
        except SlackRefusal:
            return slack_reply_texts.bot_not_there

    async def _recorded(self, press: Press, *, own: bool = False) -> RecordedAnswer:
        """
        Return the answer that a button stands below.

        Raises:
            NotFound: it is not kept any more.
            NotAllowed: it is somebody else's alone; with `own`, anybody else's.

        """
        desk, spot = self._counter.desk, press.spot
        return await desk.asked(
            recorded_for, desk.footnote, press.about.answer, spot.name, place="" if own else spot.place
        )
