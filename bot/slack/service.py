"""Slack as one part of the server: its route, its WebSocket, its consumer; what all of it is made of."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from bot.conversation import Conversation
from bot.deliveries import Consumer, Inbox, Work
from bot.facade import Footnote
from bot.file_questions import FileQuestions
from bot.server import Route
from bot.slack.account_news import AccountNews
from bot.slack.admission import Admission
from bot.slack.bolt import Bolt, bolt_app
from bot.slack.counter import Counter
from bot.slack.desk import Desk
from bot.slack.door import Door, Reply
from bot.slack.errands import Errands
from bot.slack.events import PLATFORM
from bot.slack.guard import Guard
from bot.slack.handling import Handling
from bot.slack.identity import Identity, identity_of, unfit
from bot.slack.interactions import register_interactions
from bot.slack.messages import Messages
from bot.slack.openings import Openings
from bot.slack.people import People
from bot.slack.people_asked import PeopleAsked
from bot.slack.routes import routes
from bot.slack.signals import Signals
from bot.slack.socket_mode import connected
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackAway, SlackBusy, SlackLockedOut, SlackRefusal, SlackWeb
from pipelines.errors import BadSettings, TransientError
from pipelines.ports.clock import Clock
from pipelines.setting_slack import SlackApp


_ERRANDS_S = 5.0
"""That what goes on after a button was answered has to end with the process, seconds."""

_AGAIN_S = 5.0
"""Between two attempts to reach Slack at the start, or to be taken for who we are, seconds."""

_SILENT_S = 30.0
"""After which Slack is asked whether it still takes our token, where nothing else was asked, seconds."""

_PROMPT_S = 1.0
"""That whoever asks whether we are ready waits for that, seconds."""

_UNKNOWN = "Slack did not say yet who we are there"

_log = logging.getLogger(__name__)


class SlackService:
    """Slack, for one server process."""

    def __init__(
        self, footnote: Footnote, settings: SlackApp, threads: Executor, answering: Executor, clock: Clock
    ) -> None:
        """
        Take what it works with; nothing is connected yet.

        Args:
            footnote: the installation.
            settings: of Slack.
            threads: for the database.
            answering: threads in which questions are answered.
            clock: the time.

        """
        self._footnote = footnote
        self._settings = settings
        self._threads = threads
        self._answering = answering
        self._clock = clock
        self._web: SlackWeb | None = None
        self._tried_at = -math.inf
        self._bolt: Bolt | None = None
        self._handling: Handling | None = None
        self._is_connected: Callable[[], Awaitable[bool]] | None = None
        deliveries = footnote.records.deliveries
        self._inbox = Inbox(deliveries, threads, self._wake)
        self._consumer = Consumer(PLATFORM, footnote.worker, deliveries, threads, self._work)
        admission = Admission(footnote.records, threads, clock)
        secret = settings.signing_secret
        self._door = Door(Guard(secret, clock) if secret else None, self._inbox, admission, self._answer)

    @property
    def routes(self) -> list[Route]:
        """Return what is answered over HTTP; nothing where everything comes over the WebSocket."""
        return routes(self._door) if self._settings.signing_secret else []

    async def check(self) -> None:
        """
        Return if questions from Slack can be answered.

        Raises:
            TransientError: Slack did not say yet who we are there, does not take the token any more, or there is
                no WebSocket to it.

        """
        if self._bolt is None or self._web is None:
            raise TransientError(_UNKNOWN)
        await self._try_token(self._web)
        if self._is_connected is not None and not await self._is_connected():
            message = "there is no connection to Slack by Socket Mode"
            raise TransientError(message)

    async def _try_token(self, web: SlackWeb) -> None:
        """
        Return if Slack takes our token, as far as it says so soon: only one process hears that it was revoked.

        Raises:
            TransientError: it does not.

        """
        now = asyncio.get_running_loop().time()
        # Anybody may ask whether we are ready, and as often as they like.
        if now - web.judged_at > _SILENT_S or (web.is_locked_out and now - self._tried_at > _AGAIN_S):
            self._tried_at = now
            with suppress(TimeoutError, SlackAway, SlackBusy):
                async with asyncio.timeout(_PROMPT_S):
                    await identity_of(web)
        if web.is_locked_out:
            raise TransientError("Slack does not take SLACK_BOT_TOKEN")

    def stop(self) -> None:
        """Begin nothing more; `run` returns once what was begun has ended."""
        self._consumer.stop()

    async def run(self) -> None:
        """
        Answer until `stop`.

        Raises:
            BadSettings: Slack refuses a token.

        """
        async with self._opened() as (self._bolt, self._handling):
            await self._consumer.run()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[Bolt, Handling]]:
        async with AsyncExitStack() as stack:
            web = await stack.enter_async_context(SlackWeb(self._settings.bot_token, self._settings.api_url))
            self._web = web
            identity = await self._identity(web)
            desk = self._made(web, identity)
            app = bolt_app(web, identity, self._settings.bot_token)
            messages, errands = Messages(desk), Errands()
            stack.push_async_callback(errands.drain, _ERRANDS_S)
            messages.register(app)
            Signals(desk).register(app)
            register_interactions(app, Counter(desk, self._inbox.accept, errands))
            bolt = Bolt(app)
            openings = Openings(desk, self._inbox.accept)
            people = PeopleAsked(desk, self._footnote.settings.admin_readers)
            if self._settings.app_token:
                socket = connected(self._door, self._settings.app_token, self._settings.api_url)
                self._is_connected = await stack.enter_async_context(socket)
            yield bolt, Handling(bolt, messages, openings, people)

    async def _identity(self, web: SlackWeb) -> Identity:
        """
        Return who we are, as soon as Slack says it.

        Raises:
            BadSettings: nobody, a person, or the bot of many workspaces.

        """
        while True:
            try:
                return _fit(await identity_of(web))
            except (SlackLockedOut, SlackRefusal) as refusal:
                raise BadSettings(f"Slack refuses SLACK_BOT_TOKEN: {refusal.code}") from None
            except TransientError as fault:
                _log.warning("Slack is asked again in %g s who we are: %s", _AGAIN_S, fault)
            await asyncio.sleep(_AGAIN_S)

    def _made(self, web: SlackWeb, identity: Identity) -> Desk:
        footnote, clock = self._footnote, self._clock
        news = AccountNews(footnote.records.account_changes, self._threads, clock)
        return Desk(
            footnote=footnote,
            web=web,
            identity=identity,
            people=People(web, clock, footnote.settings.admin_readers, news, identity.enterprise),
            conversation=Conversation(
                footnote.ask,
                footnote.records.answers,
                self._answering,
                clock,
                FileQuestions(footnote.ask_about, self._answering),
            ),
            budget=StreamBudget(identity.team, footnote.comforts.budgets, self._threads, clock),
            threads=self._threads,
            clock=clock,
        )

    def _wake(self) -> None:
        self._consumer.wake()

    async def _work(self, work: Work) -> int | None:
        if self._handling is None:
            raise TransientError(_UNKNOWN)
        return await self._handling.work(work)

    async def _answer(self, body: str) -> Reply:
        if self._bolt is None:
            return Reply(503, "not ready")
        return await self._bolt.answer(body)


def _fit(identity: Identity) -> Identity:
    """
    Return the bot of one workspace.

    Raises:
        BadSettings: the token is a person's, or of a whole Enterprise Grid.

    """
    hindrance = unfit(identity)
    if hindrance is not None:
        raise BadSettings(". ".join(hindrance))
    return identity
