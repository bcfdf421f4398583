"""
The button that asks a person: the question goes to the admins whom Slack knows, and who asks is told to whom.

Nothing goes along but the question, as who asks it sent it, and the name of who asks.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable
from functools import partial

from slack_bolt.app.async_app import AsyncApp

from bot import slack_reply_texts
from bot.commands.recorded import recorded_for
from bot.deliveries import Work
from bot.slack.actions import Action, Dialogue, Field
from bot.slack.blocks.modals import ask_modal
from bot.slack.blocks.openings import passed_question, went_to
from bot.slack.blocks.shapes import Json
from bot.slack.blocks.showing import Showing
from bot.slack.counter import PROMPT_S, Counter, Reply
from bot.slack.desk import Desk
from bot.slack.direct import direct_channel
from bot.slack.events import PLATFORM
from bot.slack.listening import action_pattern
from bot.slack.people import Somebody, Standing
from bot.slack.posting import post_once
from bot.slack.presses import Press, Spot, Submission, is_direct
from bot.slack.requests import Request, RequestKind
from bot.slack.web import SlackRefusal
from pipelines.errors import TransientError
from pipelines.ports.rate_budget import Rate


_USER = "user:"
_TOLD = "told"
_PASSED = "passed on"
_WENT_TO = "went to"
_MOST = 10
"""People who get one question, at most."""

PASSED_ON = Rate(5 / 3600, 5)
"""Questions that one person passes on: each of them comes as a message to every admin."""

_log = logging.getLogger(__name__)


class AskingPeople:
    """Takes questions for people, and keeps them as requests."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to the button and to the dialogue."""
        app.action(action_pattern(Action.ASK_PERSON))(self._counter.on_press(self._pressed))
        app.view(str(Dialogue.ASK_PERSON))(self._counter.on_submission(self._sent))

    async def _pressed(self, press: Press) -> None:
        desk, spot = self._counter.desk, press.spot
        if await self._is_no_member(spot):
            self._counter.whisper(spot, slack_reply_texts.people_for_members)
            return
        recorded = await desk.asked(recorded_for, desk.footnote, press.about.answer, spot.name, place=spot.place)
        await self._counter.open(spot, self._dialogue(press, recorded.whole_question))

    async def _dialogue(self, press: Press, question: str) -> Json:
        language = await self._counter.language(press.spot.user)
        showing = Showing(language, press.about.answer, press.about.delivery)
        return ask_modal(question, showing, f"{press.spot.channel}:{press.spot.thread}")

    async def _sent(self, submission: Submission) -> Reply:
        spot, text = submission.spot, submission.values.get(Field.QUESTION, "").strip()
        if not text:
            return await self._counter.wordless(submission)
        if await self._is_no_member(spot):
            return await self._counter.said(submission, slack_reply_texts.people_for_members)
        if not await self._may_pass_on(spot):
            later = partial(slack_reply_texts.people_asked_often, number=PASSED_ON.burst)
            return await self._counter.said(submission, later)
        channel, _, thread = submission.about.detail.partition(":")
        private = is_direct(channel)
        request = Request(RequestKind.PERSON, spot.team, channel, thread, thread, spot.user, text, private=private)
        await self._counter.accept(request.delivery(spot.trigger))
        return await self._counter.said(submission, slack_reply_texts.passed_on)

    async def _is_no_member(self, spot: Spot) -> bool:
        """Say whether Slack tells soon that somebody is no member; `PeopleAsked` waits for what it says."""
        try:
            async with asyncio.timeout(PROMPT_S / 2):
                somebody = await self._counter.desk.people.somebody(spot.team, spot.user)
        except (TimeoutError, TransientError):
            return False
        return somebody.standing is not Standing.MEMBER

    async def _may_pass_on(self, spot: Spot) -> bool:
        """Count one more question that somebody passes on; False if these are too many."""
        desk = self._counter.desk
        return await desk.asked(desk.footnote.comforts.budgets.take, f"{spot.name}:passed on", PASSED_ON) == 0


class PeopleAsked:
    """Passes kept questions on."""

    def __init__(self, desk: Desk, admins: Collection[str]) -> None:
        """
        Take what it works with.

        Args:
            desk: what listeners work with.
            admins: `user:slack:TEAM:USER` and `user:MAIL`; whom others name is asked nothing here.

        """
        self._desk = desk
        self._admins = tuple(sorted(admins))

    async def pass_on(self, work: Work, request: Request) -> None:
        """
        Send a member's question to every admin who is found, each once, and tell who asks whom it went to.

        Raises:
            TransientError: Slack does not take it now: to be tried again.

        """
        standing = (await self._desk.people.somebody(request.team, request.user)).standing
        if standing is not Standing.MEMBER:
            _log.warning("a question is not passed on: who asks is no member")
            if standing is not Standing.NOBODY:
                await self._tell(work, request, [])
            return
        noted = work.lease.shown.get(_TOLD)
        told = {str(user): str(name) for user, name in noted.items()} if isinstance(noted, dict) else {}
        if not work.is_hopeless:
            for one in await self._found(request):
                if one.user not in told and len(told) < _MOST and await self._passed(work, request, one):
                    told[one.user] = one.name
                    await work.show({_TOLD: told})
        await self._tell(work, request, list(told.values()))

    async def _found(self, request: Request) -> list[Somebody]:
        """Return the admins who can be asked: members today, whose right to be asked Slack confirms, not who asks."""
        found: dict[str, Somebody] = {}
        for user in [await self._user_of(one, request.team) for one in _users(self._admins)]:
            if user and user != request.user and user not in found:
                found[user] = await self._desk.people.somebody(request.team, user)
        return [one for one in found.values() if one.admin]

    async def _user_of(self, admin: str, team: str) -> str:
        """Return the id in Slack of an admin; empty if Slack knows none."""
        known = f"{PLATFORM}:{team}:"
        if admin.startswith(known):
            return admin.removeprefix(known)
        if "@" not in admin:
            return ""
        try:
            told = await self._desk.web.read("users.lookupByEmail", email=admin)
        except SlackRefusal as refusal:
            _log.warning("an admin is not found in Slack: %s", refusal)
            return ""
        user = told.get("user")
        return str(user.get("id", "")) if isinstance(user, dict) else ""

    async def _passed(self, work: Work, request: Request, one: Somebody) -> bool:
        """Send the question to one person; False if Slack refuses to."""
        web, bot = self._desk.web, self._desk.identity.user
        message = passed_question(request.text, request.user, one.language)
        try:
            channel = await direct_channel(web, one.user)
            await post_once(web, bot, work.lease, channel, message, says=_PASSED, mentions=(request.user,))
        except SlackRefusal as refusal:
            _log.warning("a question cannot be passed on to an admin: %s", refusal)
            return False
        return True

    async def _tell(self, work: Work, request: Request, names: list[str]) -> None:
        """Tell who asks; in their direct conversation with us, where nobody else reads it."""
        web, bot = self._desk.web, self._desk.identity.user
        language = (await self._desk.people.somebody(request.team, request.user)).language
        message, thread = went_to(request.text, names, language), request.thread if request.private else ""
        try:
            channel = request.channel if request.private else await direct_channel(web, request.user)
            await post_once(web, bot, work.lease, channel, message, says=_WENT_TO, thread=thread)
        except SlackRefusal as refusal:
            _log.error("who asked cannot be told whom the question went to: %s", refusal)


def _users(admins: Iterable[str]) -> list[str]:
    """Return what admins are named by who are named as persons."""
    return [one.removeprefix(_USER) for one in admins if one.startswith(_USER)]
