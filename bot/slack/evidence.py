"""The button that shows the quotes of an answer: those that may be read now, where the answer stands."""

from slack_bolt.app.async_app import AsyncApp

from bot.commands.recorded import evidence
from bot.rendering import page
from bot.slack.actions import Action
from bot.slack.blocks.modals import evidence_modal
from bot.slack.blocks.shapes import Json
from bot.slack.blocks.showing import Showing
from bot.slack.counter import Counter
from bot.slack.listening import action_pattern
from bot.slack.presses import Press


class ShownEvidence:
    """Opens the dialogue of quotes."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to the button."""
        app.action(action_pattern(Action.SHOW_EVIDENCE))(self._counter.on_press(self._pressed))

    async def _pressed(self, press: Press) -> None:
        await self._counter.open(press.spot, self._made(press))

    async def _made(self, press: Press) -> Json:
        """
        Return the dialogue.

        Raises:
            NotFound: the answer is not kept any more.
            NotAllowed: it is somebody else's alone.
            TransientError: Slack does not tell who reads there.

        """
        spot, desk = press.spot, self._counter.desk
        if spot.private:
            reading = await desk.people.alone(spot.team, spot.user)
        else:
            reading = await desk.people.in_channel(spot.team, spot.channel, spot.user)
        found = await desk.asked(evidence, desk.footnote, press.about.answer, reading.principal, place=spot.place)
        bases = tuple(one.kb for one in found.answer.citations)
        showing = Showing(reading.somebody.language, press.about.answer, press.about.delivery, bases=bases)
        return evidence_modal(page(found.answer, showing.language), showing, found.hidden)
