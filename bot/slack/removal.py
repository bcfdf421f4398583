"""The icon that takes an answer away: all its messages, and its record. For those to whom it is shown, and admins."""

from slack_bolt.app.async_app import AsyncApp

from bot import texts
from bot.slack.actions import Action
from bot.slack.counter import Counter, words_of_fault
from bot.slack.listening import action_pattern
from bot.slack.posting import OwnMessage, Thread
from bot.slack.presses import Press
from pipelines.errors import FootnoteError, NotAllowed, NotFound


class Removal:
    """Takes answers away."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to the icon."""
        app.action(action_pattern(Action.REMOVE))(self._counter.on_press(self._pressed))

    async def _pressed(self, press: Press) -> None:
        self._counter.errands.begin(self._removed(press), "take an answer away")

    async def _removed(self, press: Press) -> None:
        try:
            await self._remove(press)
        except FootnoteError as fault:
            self._counter.whisper(press.spot, words_of_fault(fault))
            raise

    async def _remove(self, press: Press) -> None:
        """
        Forget an answer, then take its messages away.

        Raises:
            NotAllowed: it is for others to say.

        """
        desk = self._counter.desk
        if not await self._may(press):
            raise NotAllowed(texts.given_to_somebody_else())
        if press.about.answer:
            await desk.asked(desk.footnote.records.answers.withdraw, press.about.answer)
        spot, begun = press.spot, press.question or press.spot.thread
        thread = Thread(desk.web, spot.channel, spot.thread, begun)
        own = [one.ts for one in await thread.own(desk.identity.user) if _is_of(one, press)]
        for ts in dict.fromkeys([*own, press.message]):
            await thread.delete(ts)

    async def _may(self, press: Press) -> bool:
        """Say whether somebody may take an answer away: they asked, see the icon, or are an admin."""
        spot, desk = press.spot, self._counter.desk
        if spot.user in press.shown_to or await self._asked_it(press):
            return True
        return (await desk.people.somebody(spot.team, spot.user)).admin

    async def _asked_it(self, press: Press) -> bool:
        desk = self._counter.desk
        try:
            recorded = await desk.asked(desk.footnote.records.answers.get, press.about.answer)
        except NotFound:
            return False
        return recorded.principal == press.spot.name


def _is_of(message: OwnMessage, press: Press) -> bool:
    """Say whether a message is one of those of an answer."""
    about = press.about
    if about.delivery and message.delivery == about.delivery:
        return True
    return bool(about.answer) and message.answer == about.answer
