"""A workspace in the fake Slack, and `People` who look at it over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.slack.account_news import AccountNews
from bot.slack.people import People
from bot.slack.said import PlaceKind, Said
from bot.slack.web import SlackWeb
from tests.fakes.manual_clock import ManualClock
from tests.fakes.memory_account_changes import MemoryAccountChanges
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Channel, Installation, Workspace


_T = TypeVar("_T")


@dataclass(slots=True)
class Town:
    """One workspace with the bot in it, the one time that all go by, and what processes tell each other."""

    slack: FakeSlack
    clock: ManualClock
    team: Workspace
    bot: Installation
    changes: MemoryAccountChanges

    def look(self, work: Callable[[People], Awaitable[_T]], *, admins: Sequence[str] = ()) -> _T:
        """Return what is found by whoever knows nobody yet."""

        async def opened() -> _T:
            async with self.process(admins) as people:
                return await work(people)

        return asyncio.run(opened())

    @asynccontextmanager
    async def process(self, admins: Sequence[str] = ()) -> AsyncIterator[People]:
        """Open a process of its own, which knows nobody yet."""
        with ThreadPoolExecutor(1) as threads:
            async with SlackWeb(self.bot.bot_token, self.slack.api_url) as web:
                news = AccountNews(self.changes, threads, self.clock)
                yield People(web, self.clock, admins, news, self.team.enterprise_id)

    def counted(self, *methods: str) -> int:
        """Return how often methods were called so far; any method, if none is named."""
        return len(self.slack.calls_of(*methods) if methods else self.slack.calls)

    def key(self, channel: Channel) -> str:
        """Return the reader of a channel."""
        return f"channel:slack:{self.team.id}:{channel.id}"

    def person(self, person: Person) -> str:
        """Return the reader of a person."""
        return f"user:slack:{self.team.id}:{person.id}"

    def said(self, person: Person, channel: Channel, place: PlaceKind | None = None, *, user_team: str = "") -> Said:
        """Return a message as an event tells of it."""
        return Said(
            team=self.team.id,
            user=person.id,
            user_team=user_team or person.user.team_id,
            channel=channel.id,
            place=place,
            ts="1.1",
            thread="1.1",
            text="how long?",
            mentions=True,
            external=bool(channel.shared_with),
            files=(),
        )


@contextmanager
def town(*, enterprise_id: str = "", rate_limits: bool = False) -> Iterator[Town]:
    """Make a workspace of its own."""
    clock = ManualClock()
    with FakeSlack(clock=clock, rate_limits=rate_limits) as slack:
        yield settle(slack, clock, enterprise_id=enterprise_id)


def settle(slack: FakeSlack, clock: ManualClock, *, enterprise_id: str = "") -> Town:
    """Add a workspace with the bot in it."""
    team = slack.workspace("Acme", enterprise_id=enterprise_id)
    bot = slack.install(slack.app("Footnote", events=()), team)
    return Town(slack, clock, team, bot, MemoryAccountChanges(clock))
