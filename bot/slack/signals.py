"""What happens beside messages: a stop, a reaction, people and groups that change, the bot in a new channel."""

import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from bot import slack_texts
from bot.slack.blocks.notices import notice_messages
from bot.slack.bolt import WORK
from bot.slack.desk import Desk
from bot.slack.events import lane_of
from bot.slack.fields import Json, object_of, team_of, text_of
from bot.slack.identity import identity_of
from bot.slack.posting import answer_of, post
from bot.slack.web import SlackLockedOut, SlackRefusal
from pipelines.domain.deliveries import Halt
from pipelines.domain.feedback import Feedback


_GOOD = frozenset({"+1", "thumbsup", "white_check_mark", "heavy_check_mark", "tada", "heart", "100"})
_BAD = frozenset({"-1", "thumbsdown", "x", "heavy_multiplication_x"})

_log = logging.getLogger(__name__)


class Signals:
    """Heeds events that ask nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("agent_session_stopped")(self._on_stop)
        app.event("reaction_added")(self._on_reaction)
        app.event("user_change")(self._on_person)
        app.event("subteam_members_changed")(self._on_group)
        app.event("subteam_updated")(self._on_group)
        app.event("member_joined_channel")(self._on_member)
        app.event("member_left_channel")(self._on_member)
        app.event("channel_shared")(self._on_channel)
        app.event("channel_unshared")(self._on_channel)
        app.event("app_uninstalled")(self._on_loss)
        app.event("tokens_revoked")(self._on_loss)

    async def _on_stop(self, body: Json, context: AsyncBoltContext) -> None:
        """Halt what was asked in a thread before, once more: the process that let the event in may be gone."""
        event = object_of(body, "event")
        lane = lane_of(team_of(body), text_of(event, "channel"), text_of(event, "thread_ts"))
        halt = self._desk.footnote.records.deliveries.halt_lane
        await self._desk.asked(halt, lane, Halt.STOPPED, before=context[WORK].lease.id)

    async def _on_reaction(self, body: Json) -> None:
        """Take a thumb on an answer as feedback."""
        event = object_of(body, "event")
        name = text_of(event, "reaction").partition("::")[0]
        item = object_of(event, "item")
        if name not in _GOOD | _BAD:
            return
        bot = self._desk.identity.user
        number = await answer_of(self._desk.web, text_of(item, "channel"), text_of(item, "ts"), bot)
        if not number:
            return
        reading = await self._desk.people.alone(team_of(body), text_of(event, "user"))
        feedback = Feedback(number, reading.principal.name, name in _GOOD)
        await self._desk.asked(self._desk.footnote.records.feedback.add, feedback)

    async def _on_person(self, body: Json) -> None:
        """Take an account over as it is told: statuses change all day, and to forget would be to ask again."""
        await self._desk.people.heard_of(team_of(body), object_of(object_of(body, "event"), "user"))

    async def _on_group(self, body: Json) -> None:
        self._desk.people.forget_groups(team_of(body))

    async def _on_channel(self, body: Json) -> None:
        self._desk.people.forget_channel(text_of(object_of(body, "event"), "channel"))

    async def _on_member(self, body: Json) -> None:
        """Forget who is in a channel; greet one that we came into."""
        event = object_of(body, "event")
        channel = text_of(event, "channel")
        self._desk.people.forget_channel(channel)
        if text_of(event, "user") == self._desk.identity.user and text_of(event, "type") == "member_joined_channel":
            await self._greet(channel, team_of(body), text_of(event, "inviter"))

    async def _on_loss(self) -> None:
        """Try our token, so that `/readyz` tells at once if it is taken no more."""
        try:
            await identity_of(self._desk.web)
        except SlackLockedOut as fault:
            _log.error("no question is answered until the app is installed again, or SLACK_BOT_TOKEN set: %s", fault)

    async def _greet(self, channel: str, team: str, inviter: str) -> None:
        """Say who we are, in the language of whoever let us in; where we may not write, nothing."""
        language = (await self._desk.people.somebody(team, inviter)).language if inviter else ""
        try:
            await post(self._desk.web, channel, notice_messages((slack_texts.greeting(language),))[0])
        except SlackRefusal as refusal:
            _log.warning("a channel cannot be greeted: %s", refusal)
