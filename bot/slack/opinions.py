"""Thumbs below an answer: kept at once; whoever presses the one down is asked what is wrong."""

from slack_bolt.app.async_app import AsyncApp

from bot import slack_reply_texts, slack_texts
from bot.commands.recorded import judge
from bot.printable import lines
from bot.slack.actions import THUMB_DOWN, THUMB_UP, Action, Dialogue, Field
from bot.slack.blocks.modals import feedback_modal
from bot.slack.blocks.shapes import Json
from bot.slack.blocks.showing import Showing
from bot.slack.counter import Counter, Reply
from bot.slack.listening import action_pattern
from bot.slack.presses import Press, Spot, Submission, place_of
from pipelines.domain.feedback import MOST_DETAIL_CHARS, Feedback


class Opinions:
    """Keeps what people say of answers."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    def register(self, app: AsyncApp) -> None:
        """Listen to thumbs and to the dialogue."""
        app.action(action_pattern(Action.FEEDBACK))(self._counter.on_press(self._pressed))
        app.view(str(Dialogue.FEEDBACK))(self._counter.on_submission(self._sent))

    async def _pressed(self, press: Press) -> None:
        if press.about.detail not in (THUMB_UP, THUMB_DOWN):
            return
        is_good = press.about.detail == THUMB_UP
        await self._keep(press.spot, press.about.answer, place=press.spot.place, good=is_good)
        if is_good:
            self._counter.whisper(press.spot, slack_reply_texts.thanks)
        else:
            await self._counter.open(press.spot, self._dialogue(press))

    async def _dialogue(self, press: Press) -> Json:
        language = await self._counter.language(press.spot.user)
        return feedback_modal(Showing(language, press.about.answer, press.about.delivery), press.spot.channel)

    async def _sent(self, submission: Submission) -> Reply:
        known = {name for name, _ in slack_texts.feedback_reasons("")}
        reason = submission.values.get(Field.REASON, "")
        await self._keep(
            submission.spot,
            submission.about.answer,
            place=place_of(submission.spot.team, submission.about.detail),
            good=False,
            reason=reason if reason in known else "",
            detail="\n".join(lines(submission.values.get(Field.DETAIL, ""))).strip()[:MOST_DETAIL_CHARS],
        )
        return await self._counter.said(submission, slack_reply_texts.thanks_for_fault)

    async def _keep(
        self, spot: Spot, answer: int, *, place: str, good: bool, reason: str = "", detail: str = ""
    ) -> None:
        """
        Keep what somebody says of an answer.

        Raises:
            NotFound: the answer is not kept any more.
            NotAllowed: it was given to somebody else, alone or in another place.

        """
        desk = self._counter.desk
        given = Feedback(answer, spot.name, good, reason, detail)
        await desk.asked(judge, desk.footnote, given, place=place)
