"""
The beginning of a thread for a question that nobody wrote as a message: typed behind a command, or in a dialogue.

The question is shown, and then asked in the thread below it, as a request that has its place now.
"""

import logging

from bot.deliveries import Work
from bot.slack.blocks.openings import asked_question, not_asked, own_question
from bot.slack.counter import Accept
from bot.slack.desk import Desk
from bot.slack.direct import direct_channel
from bot.slack.posting import post_once
from bot.slack.requests import Request
from bot.slack.web import SlackRefusal


_NOTED = "opening"
_NOT_ASKED = "not asked"

_log = logging.getLogger(__name__)


class Openings:
    """Begins threads."""

    def __init__(self, desk: Desk, accept: Accept) -> None:
        """
        Take what it works with.

        Args:
            desk: what listeners work with.
            accept: keeps requests.

        """
        self._desk = desk
        self._accept = accept

    async def open(self, work: Work, request: Request) -> None:
        """
        Show the question of a request without a place, and let it be asked below; who asks is told if that cannot be.

        Raises:
            TransientError: Slack does not take it now: to be tried again; it shows no question twice then.

        """
        language = (await self._desk.people.somebody(request.team, request.user)).language
        if work.is_hopeless:
            await self._tell_not_asked(work, request, language)
            return
        try:
            channel, ts = await self._opened(work, request, language)
        except SlackRefusal as refusal:
            _log.warning("a question cannot be asked where it was to be: %s", refusal)
            await self._tell_not_asked(work, request, language)
            return
        await self._accept(request.placed(channel, ts).delivery(ts))

    async def _opened(self, work: Work, request: Request, language: str) -> tuple[str, str]:
        """Return channel and time of the message with the question, posted now or by an earlier attempt."""
        noted = work.lease.shown.get(_NOTED)
        if isinstance(noted, list):
            return str(noted[0]), str(noted[1])
        if request.private:
            channel = request.channel or await direct_channel(self._desk.web, request.user)
            message = own_question(request.text, language)
        else:
            channel, message = request.channel, asked_question(request.text, request.user, language)
        web, bot = self._desk.web, self._desk.identity.user
        ts = await post_once(web, bot, work.lease, channel, message, says=_NOTED, mentions=(request.user,))
        await work.show({_NOTED: [channel, ts]})
        return channel, ts

    async def _tell_not_asked(self, work: Work, request: Request, language: str) -> None:
        web, bot, message = self._desk.web, self._desk.identity.user, not_asked(request.text, language)
        try:
            channel = await direct_channel(web, request.user)
            await post_once(web, bot, work.lease, channel, message, says=_NOT_ASKED)
        except SlackRefusal as refusal:
            _log.error("nobody can be told that a question was not asked: %s", refusal)
