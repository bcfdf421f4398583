"""One question in the fake Slack, and an outbox that shows its outcome there."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.deliveries import Work
from bot.slack.blocks.showing import Showing
from bot.slack.outbox import Screen, SlackOutbox
from bot.slack.places import Place
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackWeb
from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.conversation import Answer
from pipelines.domain.deliveries import Delivery, DeliveryKind, LeasedDelivery
from pipelines.ports.rate_budget import Rate, RateBudgets
from tests.fakes.answers import answer, citation
from tests.fakes.slack_blocks import texts_in
from tests.fakes.slack_state import Json, Message
from tests.unit.fakes.slack_scene import Scene, scene


SENTENCES = ("Every parent gets 24 weeks. [1]", " The leave may be parted in two. [2]")
LEAVE = replace(answer("".join(SENTENCES), citation(1), citation(2)), id=7)
STREAM = ("chat.startStream", "chat.appendStream", "chat.stopStream")
HERE = "one-host:1:1"


class NoBudget:
    """A bucket that is empty. It is a `ports.rate_budget.RateBudgets`."""

    def take(self, _name: str, _rate: Rate, _tokens: int = 1) -> float:
        """Give nothing."""
        return 60.0


@dataclass
class Stage:
    """
    The fake Slack with one question of Ann's in it.

    Attributes:
        town: the fake Slack.
        asked: the message.
        records: where deliveries are.

    """

    town: Scene
    asked: Message
    records: SqlRecords
    threads: ThreadPoolExecutor
    clock: SystemClock = field(default_factory=SystemClock)
    budgets: RateBudgets | None = None
    question: str = "How long?"
    language: str = "en"
    unasked: bool = False
    of_files: bool = False
    _held: LeasedDelivery | None = None

    def lease(self) -> LeasedDelivery:
        """Take the question's delivery, once more where it was taken before."""
        self.records.deliveries.accept([Delivery("key", "slack", DeliveryKind.NEW, "lane", "{}")])
        taken = self.records.deliveries.take("slack", HERE, 60.0)
        assert taken is not None
        self._held = taken
        return taken

    def lease_again(self) -> LeasedDelivery:
        """Take it once more, after a failure."""
        failed = self._held
        assert failed is not None
        self.records.deliveries.put_back(failed, failed=True)
        return self.lease()

    def show(self, act: Callable[[SlackOutbox], Awaitable[Any]], lease: LeasedDelivery | None = None) -> Any:
        """Let something be shown by an outbox of its own, as a process of its own would."""
        held = lease or self.lease()

        async def shown() -> Any:
            async with SlackWeb(self.town.bot.bot_token, self.town.slack.api_url) as web:
                budgets = self.budgets or MemoryRateBudgets(self.clock)
                budget = StreamBudget(self.town.team.id, budgets, self.threads, self.clock)
                screen = Screen(web, budget, self.town.bot.bot_user, _showing)
                work = Work(held, self.records.deliveries, self.threads)
                outbox = SlackOutbox(
                    screen, self.place(), work, self.question, unasked=self.unasked, of_files=self.of_files
                )
                return await act(outbox)

        return asyncio.run(shown())

    def place(self) -> Place:
        """Return where it is answered."""
        asked, ann, team = self.asked, self.town.ann, self.town.team.id
        return Place(
            team,
            asked.channel,
            asked.thread_ts or asked.ts,
            asked.ts,
            ann.id,
            team,
            private=False,
            language=self.language,
        )

    @property
    def shown(self) -> list[Message]:
        """Return the bot's messages in the thread."""
        return [one for one in self.town.slack.thread(self.asked) if one.user == self.town.bot.bot_user]

    @property
    def texts(self) -> str:
        """Return all that the bot's messages say."""
        return "\n".join(text for one in self.shown for text in texts_in(self.town.slack.blocks(one)))

    @property
    def metadata(self) -> list[Json]:
        """Return by what our messages are recognised."""
        return [one.metadata["event_payload"] for one in self.shown if one.metadata]


@contextmanager
def stage(folder: Path, **settings: Any) -> Iterator[Stage]:
    """Open a stage; settings are those of FakeSlack."""
    with scene(**settings) as town, ThreadPoolExecutor(2) as threads:
        records = SqlRecords(Database(f"sqlite:///{folder / 'records.db'}"), SystemClock())
        asked = town.ann.mentions(town.bot, town.general, "How long?")
        yield Stage(town, asked, records, threads)
        records.close()


async def _showing(answer: Answer, _place: Place) -> Showing:
    return Showing(bases=tuple(one.kb for one in answer.citations))


async def tell(outbox: SlackOutbox, told: Answer = LEAVE, sentences: tuple[str, ...] = SENTENCES) -> None:
    """Show an answer as a model writes it."""
    await outbox.begin()
    for one in sentences:
        await outbox.say(one)
        await asyncio.sleep(0.05)
    await outbox.answer(told)


def check_whole(here: Stage) -> None:
    """The thread shows the answer, once; no stream is open, no status is left, and it is recognised as whole."""
    assert here.texts.count("Every parent gets 24 weeks.") == 1
    assert here.texts.count("The leave may be parted in two.") == 1
    assert "Sources" in here.texts
    assert all(one.stream is None or one.stream.state == "completed" for one in here.shown)
    assert any(one["part"] == one["parts"] for one in here.metadata)
    assert here.town.slack.status(here.asked) == ""
    session = here.town.slack.session(here.town.app, here.asked)
    assert session is not None
    assert session.status == "active"
