"""
What a person finds when they open us: their questions and bases, and prompts about documents that they may read.

Nothing here is of others: rights are those of this one person, and numbers of documents are not told.
"""

import logging
import math
from collections import OrderedDict
from collections.abc import Awaitable, Iterator
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot import slack_reply_texts
from bot.base_words import BaseWords
from bot.commands.kb import status
from bot.commands.line import Caller
from bot.commands.readable import readable
from bot.facade import Footnote
from bot.slack import limits
from bot.slack.actions import Action
from bot.slack.blocks.home import HomeFacts, MyBase, MyQuestion, home_view
from bot.slack.blocks.notices import notice_messages
from bot.slack.blocks.shapes import Json
from bot.slack.blocks.still import still_line
from bot.slack.bolt import WORK
from bot.slack.checks import check_prompts, check_view
from bot.slack.counter import Counter
from bot.slack.fields import text_of
from bot.slack.listening import action_pattern
from bot.slack.people import Standing
from bot.slack.posting import patiently, post
from bot.slack.presses import Press
from pipelines.domain.conversation import Principal
from pipelines.errors import NotAllowed, NotFound, PermanentError, TransientError


_QUESTIONS = 30
_STATES = 60
_DAY = len("2026-11-22")
_LOOKED_AT = 20
"""Documents whose titles are looked at, so that prompts with different titles are found."""

_REMEMBERED = 10_000
"""Conversations of which it is known what is suggested there: people who look around are told the same all day."""

_SAME_S = 60.0
"""For which the same prompts are not suggested again; another process may have suggested others since."""

_TITLE = 55
"""Characters of a title in a prompt; with the words around it that is `limits.PROMPT_TITLE`."""


_log = logging.getLogger(__name__)


class Home:
    """Shows the Home tab and suggests prompts."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._suggested: OrderedDict[str, tuple[list[Json], float]] = OrderedDict()

    def register(self, app: AsyncApp) -> None:
        """Listen to what is opened, and to the buttons of the Home tab."""
        app.event("app_home_opened")(self._on_opened)
        app.event("app_context_changed")(self._on_context)
        app.action(action_pattern(Action.FORGET))(self._counter.on_press(self._forgotten))
        app.action(action_pattern(Action.FORGET_ALL))(self._counter.on_press(self._all_forgotten))

    async def publish(self, user: str) -> None:
        """
        Show a person's Home tab as it is now.

        Raises:
            TransientError: Slack or the records do not answer now.
            SlackRefusal: Slack does not show it.

        """
        desk = self._counter.desk
        reading = await desk.people.alone(self._counter.team, user)
        facts = await desk.asked(home_facts, desk.footnote, reading.principal, reading.somebody.language)
        view = home_view(facts, reading.somebody.language)
        check_view(view)
        await patiently(lambda: desk.web.write("views.publish", user_id=user, view=view))

    async def suggest(self, user: str, channel: str, *, changes_alone: bool = False) -> None:
        """
        Suggest prompts to a person in their direct conversation with us.

        Whoever may read nothing (any more) is suggested to ask what we are for, in the place of earlier prompts.

        Args:
            user: id of the person.
            channel: id of the conversation.
            changes_alone: tell Slack nothing if this process suggested the same a moment ago.

        Raises:
            TransientError: Slack or the records do not answer now.
            SlackRefusal: Slack does not show them.

        """
        desk = self._counter.desk
        reading = await desk.people.alone(self._counter.team, user)
        titles = await desk.asked(_titles, desk.footnote, reading.principal)
        prompts = list(_prompts(titles, reading.somebody.language))
        now = desk.clock.monotonic()
        before, told_at = self._suggested.get(channel, ([], -math.inf))
        if changes_alone and before == prompts and now - told_at <= _SAME_S:
            return
        check_prompts(prompts)
        await patiently(
            lambda: desk.web.write("assistant.threads.setSuggestedPrompts", channel_id=channel, prompts=prompts)
        )
        self._suggested[channel] = (prompts, now)
        if len(self._suggested) > _REMEMBERED:
            self._suggested.popitem(last=False)

    async def welcome(self, user: str, channel: str) -> None:
        """
        Say what we are for, where nothing was said yet in a person's direct conversation with us.

        Raises:
            TransientError: Slack does not answer now.
            SlackRefusal: Slack does not let us look or write there.

        """
        web = self._counter.desk.web
        said = await patiently(lambda: web.read("conversations.history", channel=channel, limit=1))
        found = await self._counter.desk.people.somebody(self._counter.team, user)
        if not said.get("messages") and found.standing is not Standing.NOBODY:
            await post(web, channel, notice_messages((slack_reply_texts.welcome(found.language),))[0])

    async def _on_opened(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        hopeless = context[WORK].is_hopeless
        user, channel = text_of(event, "user"), text_of(event, "channel")
        match text_of(event, "tab"):
            case "home" if user:
                await _unless_refused(self.publish(user), hopeless=hopeless)
            case "messages" if user and channel:
                await _unless_refused(self.welcome(user, channel), hopeless=hopeless)
                await _unless_refused(self.suggest(user, channel), hopeless=hopeless)

    async def _on_context(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        user, channel = text_of(event, "user"), text_of(event, "channel")
        if user and channel:
            suggesting = self.suggest(user, channel, changes_alone=True)
            await _unless_refused(suggesting, hopeless=context[WORK].is_hopeless)

    async def _forgotten(self, press: Press) -> None:
        answers = self._counter.desk.footnote.records.answers
        await self._counter.desk.asked(answers.forget, press.about.answer, press.spot.name)
        self._counter.errands.begin(self.publish(press.spot.user), "show a Home tab")

    async def _all_forgotten(self, press: Press) -> None:
        answers = self._counter.desk.footnote.records.answers
        await self._counter.desk.asked(answers.forget_all, press.spot.name)
        self._counter.errands.begin(self.publish(press.spot.user), "show a Home tab")


async def _unless_refused(showing: Awaitable[None], *, hopeless: bool) -> None:
    """
    Show something; what no further attempt would bring is logged: whoever misses it opens us again.

    Args:
        showing: it.
        hopeless: this is the last attempt.

    Raises:
        TransientError: it is to be tried again.

    """
    try:
        await showing
    except (PermanentError, NotAllowed, TransientError) as fault:
        if isinstance(fault, TransientError) and not hopeless:
            raise
        _log.error("what somebody finds who opens us cannot be shown: %s", fault)


def home_facts(footnote: Footnote, principal: Principal, language: str) -> HomeFacts:
    """Return what the Home tab of a person shows."""
    asked = footnote.records.answers.of(principal.name, _QUESTIONS)
    bases = readable(footnote, principal).bases
    return HomeFacts(
        questions=tuple(MyQuestion(one.number, one.question, one.asked_at[:_DAY]) for one in asked),
        bases=tuple(MyBase(one.kb, one.as_of[:_DAY]) for one in bases),
        states=tuple(_states(footnote, principal, language)) if principal.admin else (),
    )


def _states(footnote: Footnote, principal: Principal, language: str) -> Iterator[str]:
    """Yield how each base is, on a line; as the words of the terminal say it."""
    words = BaseWords(Caller(principal, language=language).command)
    for base in footnote.records.bases.all()[:_STATES]:
        try:
            shown = words.status(status(footnote, principal, base.name))
        except NotFound:
            # It was removed a moment ago.
            continue
        yield " · ".join(one.text for one in shown)


def _titles(footnote: Footnote, principal: Principal) -> tuple[str, ...]:
    """Return titles of documents that a person may read, each once, newest reading first."""
    records = footnote.records
    found = records.evidence.titles(principal, records.access.scope(principal), _LOOKED_AT)
    return tuple(dict.fromkeys(found))


def _prompts(titles: tuple[str, ...], language: str) -> Iterator[Json]:
    if not titles:
        whole = slack_reply_texts.suggestion_of_all(language)
        yield {"title": whole, "message": whole}
    for title in titles[: limits.PROMPTS]:
        short = slack_reply_texts.suggestion(language, still_line(title, _TITLE))
        whole = slack_reply_texts.suggestion(language, still_line(title, limits.PROMPT // 2))
        yield {"title": short, "message": whole}
