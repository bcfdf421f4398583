"""What Slack's listeners work with. Data alone, and the two ways to ask what is not of this event loop."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bot.conversation import Conversation
from bot.deliveries import asked_in
from bot.facade import Footnote
from bot.slack.identity import Identity
from bot.slack.people import People
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackWeb
from pipelines.ports.clock import Clock


_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Desk:
    """
    All that a listener needs.

    Attributes:
        footnote: the installation.
        web: Slack's Web API with the bot's token.
        identity: who we are.
        people: who asks and who reads along.
        conversation: answers questions.
        budget: of streams.
        threads: for the database and whatever else waits.
        clock: the time.

    """

    footnote: Footnote
    web: SlackWeb
    identity: Identity
    people: People
    conversation: Conversation
    budget: StreamBudget
    threads: Executor
    clock: Clock

    async def asked(self, function: Callable[..., _Result], *arguments: object, **named: object) -> _Result:
        """Return what a function says that waits, such as one of the records."""
        return await asked_in(self.threads, partial(function, *arguments, **named))
