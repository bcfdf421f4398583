"""
What everything works with that is answered at once: a button, a dialogue, a shortcut, a command.

Slack waits three seconds. What may take longer goes on as an errand, or is asked as a request (`bot.slack.requests`).
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot import slack_reply_texts
from bot.slack.actions import Field
from bot.slack.blocks.modals import notice_modal
from bot.slack.blocks.notices import notice_messages
from bot.slack.blocks.shapes import Json, Message
from bot.slack.checks import check_message, check_view
from bot.slack.desk import Desk
from bot.slack.errands import Errands
from bot.slack.posting import patiently
from bot.slack.presses import Press, Spot, Submission, press_of, submission_of
from bot.slack.web import SlackRefusal
from pipelines.domain.deliveries import Delivery
from pipelines.errors import FootnoteError, NotAllowed, NotFound, TransientError


PROMPT_S = 1.5
"""That something may take before Slack is answered without it."""

_REMEMBERED = 10_000
"""Triggers that are known again: of far longer than a request may be repeated."""

Accept = Callable[[Delivery], Awaitable[bool]]
"""Keeps a delivery; it is `bot.deliveries.Inbox.accept`."""

Listener = Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]
Reply = Mapping[str, Any]
"""What the acknowledgement of a dialogue says; nothing closes it."""

_log = logging.getLogger(__name__)


class Counter:
    """
    A desk, with what can be done at once from there.

    Attributes:
        desk: what listeners work with.
        errands: what goes on afterwards.

    """

    def __init__(self, desk: Desk, accept: Accept, errands: Errands) -> None:
        """
        Take what it works with.

        Args:
            desk: what listeners work with.
            accept: keeps requests.
            errands: runs what may take longer.

        """
        self.desk = desk
        self.errands = errands
        self.accept = accept
        self._triggers: OrderedDict[str, None] = OrderedDict()

    @property
    def team(self) -> str:
        """Id of the app's workspace."""
        return self.desk.identity.team

    def on_press(self, handle: Callable[[Press], Awaitable[None]]) -> Listener:
        """Return the listener that hands a pressed button to a handler, once, and tells who pressed what failed."""

        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            await ack()
            press = press_of(body, self.team)
            if press is None or not self.is_new(press.spot):
                return
            try:
                await handle(press)
            except FootnoteError as fault:
                _log.warning("a button did not do what it should: %s", fault)
                self.whisper(press.spot, words_of_fault(fault))

        return listener

    def on_submission(self, handle: Callable[[Submission], Awaitable[Reply]]) -> Listener:
        """Return the listener that hands a sent dialogue to a handler, once, and acknowledges with its reply."""

        async def listener(ack: AsyncAck, body: dict[str, Any]) -> None:
            submission = submission_of(body, self.team)
            if submission is None or not self.is_new(submission.spot):
                await ack()
                return
            try:
                reply = await handle(submission)
            except FootnoteError as fault:
                _log.warning("a dialogue did not do what it should: %s", fault)
                reply = await self.said(submission, words_of_fault(fault))
            await ack(**reply)

        return listener

    def is_new(self, spot: Spot) -> bool:
        """
        Say whether this process is told for the first time of what somebody did.

        What must not be done twice by several processes is kept as a request, whose key says so.
        """
        if spot.trigger in self._triggers:
            return False
        self._triggers[spot.trigger] = None
        if len(self._triggers) > _REMEMBERED:
            self._triggers.popitem(last=False)
        return True

    async def language(self, user: str) -> str:
        """Return a person's language; empty where Slack does not tell it soon."""
        try:
            async with asyncio.timeout(PROMPT_S):
                return (await self.desk.people.somebody(self.team, user)).language
        except (TimeoutError, TransientError):
            return ""

    async def said(self, submission: Submission, words: Callable[[str], str]) -> dict[str, Any]:
        """Return the reply that shows a sentence in the place of the dialogue that was sent."""
        language = await self.language(submission.spot.user)
        view = notice_modal(words(language), language)
        check_view(view)
        return {"response_action": "update", "view": view}

    async def wordless(self, submission: Submission) -> Reply:
        """Return the reply to a dialogue without a question: it stays open, and says so below the field."""
        language = await self.language(submission.spot.user)
        return wrong(Field.QUESTION, slack_reply_texts.no_words(language))

    async def open(self, spot: Spot, making: Coroutine[Any, Any, Json]) -> None:
        """Open a dialogue for somebody; where it takes too long to make, one that waits, and fill it then."""
        task = asyncio.create_task(self._made(spot, making))
        await asyncio.wait([task], timeout=PROMPT_S)
        if task.done():
            await self._opened(spot, task.result())
            return
        view_id = await self._opened(spot, _waiting())
        if view_id:
            self.errands.begin(self._filled(view_id, task), "fill a dialogue")
        else:
            task.cancel()

    def whisper(self, spot: Spot, words: Callable[[str], str]) -> None:
        """Tell a sentence to the one who did something, where they did it; nothing waits for that."""
        self.errands.begin(self._whispered(spot, words), "tell somebody something")

    async def respond(self, spot: Spot, message: Message) -> None:
        """
        Show a message to the one who did something, where they did it.

        Raises:
            InvalidMessage: Slack would not take it.
            SlackRefusal: it takes none there any more.
            SlackAway: it did not answer.

        """
        check_message(message)
        place = {"thread_ts": spot.thread} if spot.thread else {}
        body = {"response_type": "ephemeral", "replace_original": False, **place}
        await self.desk.web.respond(spot.answer_at, {**body, "text": message.text, "blocks": list(message.blocks)})

    async def _whispered(self, spot: Spot, words: Callable[[str], str]) -> None:
        if spot.answer_at:
            await self.respond(spot, notice_messages((words(await self.language(spot.user)),))[0])

    async def _made(self, spot: Spot, making: Coroutine[Any, Any, Json]) -> Json:
        """Return a dialogue; one that cannot be made says why not."""
        try:
            view = await making
            check_view(view)
        except FootnoteError as fault:
            _log.warning("a dialogue cannot be opened: %s", fault)
            language = await self.language(spot.user)
            return notice_modal(words_of_fault(fault)(language), language)
        return view

    async def _opened(self, spot: Spot, view: Json) -> str:
        """Open a dialogue; return its id, empty where it is too late for it, as for a request that is repeated."""
        try:
            told = await self.desk.web.write("views.open", trigger_id=spot.trigger, view=view)
        except SlackRefusal as refusal:
            _log.warning("a dialogue is not opened: %s", refusal)
            return ""
        shown = told.get("view")
        return str(shown.get("id", "")) if isinstance(shown, dict) else ""

    async def _filled(self, view_id: str, task: asyncio.Task[Json]) -> None:
        view = await task
        await patiently(lambda: self.desk.web.write("views.update", view_id=view_id, view=view))


def wrong(field: Field, sentence: str) -> Reply:
    """Return the reply that keeps a dialogue open, with a sentence below a field."""
    return {"response_action": "errors", "errors": {str(field): sentence}}


def words_of_fault(fault: FootnoteError) -> Callable[[str], str]:
    """Return how a fault is told to the person whom it meets."""
    if isinstance(fault, NotAllowed):
        return slack_reply_texts.not_yours
    if isinstance(fault, NotFound):
        return slack_reply_texts.answer_gone
    return slack_reply_texts.did_not_work


def _waiting() -> Json:
    """Return the dialogue that is shown until another is made; its words are those of all languages."""
    return notice_modal(slack_reply_texts.one_moment(""), "")
