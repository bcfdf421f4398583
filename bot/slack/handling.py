"""A delivery under work: Slack's own goes to Bolt's listeners, what was asked by a button to whoever answers it."""

from bot.deliveries import Work
from bot.slack.bolt import Bolt
from bot.slack.events import parsed
from bot.slack.messages import Messages
from bot.slack.openings import Openings
from bot.slack.people_asked import PeopleAsked
from bot.slack.requests import RequestKind, is_request, request_of


class Handling:
    """Works on deliveries of Slack."""

    def __init__(self, bolt: Bolt, messages: Messages, openings: Openings, people: PeopleAsked) -> None:
        self._bolt = bolt
        self._messages = messages
        self._openings = openings
        self._people = people

    async def work(self, work: Work) -> int | None:
        """
        Work on one delivery; it is a `bot.deliveries.Handler`.

        Raises:
            FootnoteError: it is to be tried again.

        """
        told = parsed(work.lease.delivery.body)
        if not is_request(told):
            return await self._bolt.work(work)
        request = request_of(told)
        if request.kind is RequestKind.PERSON:
            await self._people.pass_on(work, request)
            return None
        if not request.is_placed:
            await self._openings.open(work, request)
            return None
        return await self._messages.requested(work, request)
