"""A running Slack, and a running desk of ours behind Slack's door: real HTTP, real records, real rights; no model."""

import asyncio
import threading
from collections.abc import Collection, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.conversation import Conversation
from bot.deliveries import Consumer, Inbox, Pace, Work
from bot.file_questions import FileQuestions
from bot.rendering import page
from bot.server import application
from bot.slack.account_news import AccountNews
from bot.slack.admission import Admission
from bot.slack.blocks.answers import answer_messages
from bot.slack.blocks.showing import Showing
from bot.slack.bolt import Bolt, bolt_app
from bot.slack.counter import Counter
from bot.slack.desk import Desk
from bot.slack.door import Door
from bot.slack.errands import Errands
from bot.slack.events import lane_of, parsed
from bot.slack.fields import object_of, text_of
from bot.slack.guard import Guard
from bot.slack.identity import identity_of
from bot.slack.interactions import register_interactions
from bot.slack.openings import Openings
from bot.slack.people import People
from bot.slack.people_asked import PeopleAsked
from bot.slack.places import Place
from bot.slack.requests import Request, RequestKind, is_request, request_of
from bot.slack.routes import PATH, routes
from bot.slack.showings import Showings
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackWeb
from pipelines.adapters.memory_rate_budgets import MemoryRateBudgets
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.conversation import Answer, Principal
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Channel, Message
from tests.small_base import open_records
from tests.unit.slack.reading_blocks import shown


_Result = TypeVar("_Result")
# What the manifest asks for: less than the fake Slack gives by default, and no `im:read`.
_SCOPES = [
    "app_mentions:read", "assistant:write", "channels:history", "channels:read", "chat:write", "commands", "files:read",
    "groups:history", "groups:read", "im:history", "im:write", "mpim:history", "mpim:read", "reactions:read",
    "usergroups:read", "users:read", "users:read.email",
]  # fmt: skip
_QUICK = Pace(look_s=0.02, halt_s=0.05, pause_s=0.02)


@contextmanager
def office_in(folder: Path, **more: Any) -> Iterator["Office"]:
    """Open an office whose installation is in an empty folder."""
    settings = Settings.load({"FOOTNOTE_DATA_DIR": str(folder)}, None)
    with closing(open_records(folder, SystemClock())) as records:
        office = Office(FakeInstallation(settings, records), **more)
        with office:
            yield office


class Office:
    """
    A workspace with us in it. Use it with `with`.

    Attributes:
        slack: Slack.
        footnote: the installation; its records are real.
        anna: a member and an admin of ours.
        ben: a member.
        gus: a guest.
        general: a channel with all of them and us.
        asked: the requests that reached whoever answers questions.
        outcome: number of the answer that these get; None for a notice alone.

    """

    def __init__(
        self, footnote: FakeInstallation, *, admins: Collection[str] = ("user:anna@acme.example",), **pace: float
    ) -> None:
        """
        Take what is in it.

        Args:
            footnote: the installation.
            admins: as `FOOTNOTE_ADMINS` names them.
            pace: how jobs are watched.

        """
        self.footnote = footnote
        self.slack = FakeSlack()
        self.asked: list[Request] = []
        self.outcome: int | None = 1
        self._admins = admins
        self._pace = pace
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="office", daemon=True)
        self._threads = ThreadPoolExecutor(4)
        self._open = asyncio.Event()

    def __enter__(self) -> Self:
        """Open."""
        self.slack.__enter__()
        self.acme = self.slack.workspace("Acme")
        self.anna = self.slack.person(self.acme, "anna")
        self.ben = self.slack.person(self.acme, "ben")
        self.gus = self.slack.person(self.acme, "gus", "guest")
        self.app = self.slack.app("Footnote")
        self.bot = self.slack.install(self.app, self.acme, scopes=_SCOPES)
        self.general = self.slack.channel(self.acme, "general", [self.anna, self.ben, self.bot])
        self._thread.start()
        ready = threading.Event()
        self._running = asyncio.run_coroutine_threadsafe(self._run(ready), self._loop)
        if not ready.wait(20):
            self._running.result(0)
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self._loop.call_soon_threadsafe(self._open.set)
        self._running.result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._threads.shutdown()
        self.slack.__exit__()

    def rights(self, person: Person, channel: Channel | None = None) -> Principal:
        """Return the rights of a person, alone or in a channel, as we know them."""
        if channel is None:
            return self._do(self.desk.people.alone(self.acme.id, person.id)).principal
        return self._do(self.desk.people.in_channel(self.acme.id, channel.id, person.id)).principal

    def shown_beside(self, answer: Answer, *, inside: bool) -> Showing:
        """Return what is shown beside an answer to Ben in the channel; `inside`: members alone read there."""
        place = Place(
            self.acme.id, self.general.id, "1.1", "1.1", self.ben.id, self.acme.id, private=False, inside=inside
        )
        return self._do(Showings(self.desk).of(answer, place))

    def answers(
        self,
        person: Person,
        answer: Answer,
        channel: Channel | None = None,
        question: str = "why?",
        stand_alone: str = "",
    ) -> Message:
        """Record and show an answer to a person: in a thread of a channel, or in their direct conversation."""
        rights = self.rights(person, channel)
        asked = person.writes(channel or person.direct(self.bot), question)
        evidence: dict[str, Any] = {"rights": ["admin"] if rights.admin else sorted(rights.readers)}
        evidence |= {"stand_alone": stand_alone} if stand_alone else {}
        conversation = lane_of(self.acme.id, asked.channel, asked.ts)
        number = self.footnote.records.answers.add(question, rights, answer, evidence, conversation)
        bases = tuple(one.kb for one in answer.citations)
        showing = Showing(
            answer=number,
            delivery=number + 1000,
            question=asked.ts,
            removers=(person.id,),
            private=channel is None,
            bases=bases,
        )
        for one in answer_messages(page(replace(answer, id=number)), showing):
            place = {"channel": asked.channel, "thread_ts": asked.ts}
            self._do(self.desk.web.write("chat.postMessage", **place, **one.post_arguments()))
        return self.slack.thread(asked)[-1]

    def number(self, message: Message) -> int:
        """Return the number of the answer that a message shows."""
        return int((message.metadata or {})["event_payload"]["answer"])

    def again(self, delivery: Delivery) -> None:
        """Deliver the same once more, and wait until it is acknowledged."""
        self.slack.repeat(delivery).wait()
        self.rests()

    def rests(self) -> None:
        """Wait until nothing goes on."""
        self.slack.settle()
        self._do(self.errands.drain(10))
        ended = "SELECT count(*) FROM deliveries WHERE state <> 'done'"
        self.slack.wait_for(lambda: self._count(ended) == 0)
        self._do(self.errands.drain(10))

    def whispered(self, person: Person, channel: Channel) -> list[str]:
        """Return what only this person was told in a channel."""
        return [shown(one.blocks) for one in person.whispers(channel)]

    def told(self, person: Person) -> list[str]:
        """Return what we wrote to a person directly."""
        own = [one for one in self.slack.messages(person.direct(self.bot)) if one.user == self.bot.bot_user]
        return [shown(self.slack.blocks(one)) for one in own]

    def dialogue(self, person: Person) -> str:
        """Return what the topmost dialogue says; empty for none."""
        return shown(person.modals[-1].content["blocks"]) if person.modals else ""

    def _count(self, statement: str) -> int:
        with self.footnote.records._db.look() as connection:  # type: ignore[attr-defined]
            return int(connection.exec_driver_sql(statement).scalar() or 0)

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _run(self, ready: threading.Event) -> None:
        records, clock = self.footnote.records, SystemClock()
        async with SlackWeb(self.bot.bot_token, self.slack.api_url) as slack:
            identity = await identity_of(slack)
            news = AccountNews(self.footnote.records.account_changes, self._threads, clock)
            people = People(slack, clock, self._admins, news)
            about = FileQuestions(self.footnote.ask_about, self._threads)  # type: ignore[arg-type]
            conversation = Conversation(self.footnote.ask, records.answers, self._threads, clock, about)  # type: ignore[arg-type]
            budget = StreamBudget(identity.team, MemoryRateBudgets(clock), self._threads, clock)
            self.desk = Desk(
                self.footnote,  # type: ignore[arg-type]
                slack, identity, people, conversation, budget, self._threads, clock,
            )  # fmt: skip
            self.errands = Errands()
            consumer = Consumer("slack", "a test", records.deliveries, self._threads, self._work, pace=_QUICK)
            inbox = Inbox(records.deliveries, self._threads, consumer.wake)
            self._openings = Openings(self.desk, inbox.accept)
            self._people_asked = PeopleAsked(self.desk, self._admins)
            app = bolt_app(slack, identity, self.bot.bot_token)
            register_interactions(app, Counter(self.desk, inbox.accept, self.errands), **self._pace)
            self._bolt = Bolt(app)
            door = Door(
                Guard(self.app.signing_secret, clock),
                inbox,
                Admission(records, self._threads, clock),
                self._bolt.answer,
            )
            runner = web.AppRunner(application(routes(door), {}), access_log=None)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            self.app.request_url = f"http://{host}:{port}{PATH}"
            working = asyncio.create_task(consumer.run(5))
            ready.set()
            await self._open.wait()
            consumer.stop()
            await working
            await self.errands.drain(5)
            await runner.cleanup()

    async def _work(self, work: Work) -> int | None:
        """Work on a delivery as the app does; questions are noted."""
        told = parsed(work.lease.delivery.body)
        if not is_request(told):
            return None if _is_message(told) else await self._bolt.work(work)
        request = request_of(told)
        if request.kind is RequestKind.PERSON:
            await self._people_asked.pass_on(work, request)
        elif not request.is_placed:
            await self._openings.open(work, request)
        else:
            self.asked.append(request)
            return self.outcome
        return None


def _is_message(told: Any) -> bool:
    return text_of(object_of(told, "event"), "type") in ("message", "app_mention")
