"""The addresses that come with buttons and commands are answered at Slack, and nowhere else."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.slack.web import SlackAway, SlackRefusal, SlackWeb
from tests.fakes.slack_server import FakeSlack


BODY = {"text": "done", "response_type": "ephemeral"}


def within(url: str, act: Callable[[SlackWeb], Awaitable[None]]) -> None:
    """Do something with a client of an API."""

    async def run() -> None:
        async with SlackWeb("xoxb-1", url) as web:
            await act(web)

    asyncio.run(run())


ELSEWHERE = (
    "https://evil.example/response/1",
    "http://hooks.slack.com/response/1",
    "http://files.slack.com/files-pri/T1-F1/download/a.txt",
    "https://slack.com.evil.example/x",
    "https://evilslack.com/x",
    "https://files.slack.com@evil.example/x",
    "https://evil.example/?x=.slack.com",
    "https://evil.example#.slack.com",
    "https://[evil.slack.com/x",
    "file:///etc/passwd",
    "",
)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_other_host_is_answered(url: str) -> None:
    """What stands in a request is no reason to call somebody else."""

    async def act(web: SlackWeb) -> None:
        with pytest.raises(SlackRefusal, match="not_at_slack"):
            await web.respond(url, BODY)

    within("https://slack.com/api/", act)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_file_is_fetched_elsewhere_or_in_the_open(url: str) -> None:
    """The token goes along: to Slack alone, and nowhere unencrypted."""

    async def act(web: SlackWeb) -> None:
        with pytest.raises(SlackRefusal, match="not_at_slack"):
            await web.download(url, 1000)

    within("https://slack.com/api/", act)


def test_a_large_file_is_put_together_at_once() -> None:
    """All that goes on in this process waits meanwhile: what came is not copied again with each piece."""

    async def fetched() -> float:
        async def sends(_: web.Request) -> web.Response:
            return web.Response(body=b"x" * 50 * 2**20)

        app = web.Application()
        app.router.add_get("/file", sends)
        async with TestServer(app) as server, SlackWeb("xoxb-1", str(server.make_url("/api/"))) as slack:
            began = time.perf_counter()
            found = await slack.download(str(server.make_url("/file")), 60 * 2**20)
            assert found is not None
            assert len(found) == 50 * 2**20
            return time.perf_counter() - began

    assert asyncio.run(fetched()) < 1.5


def test_an_address_that_takes_nothing_more_says_so() -> None:
    """After five answers Slack refuses a sixth, and that is no reason to try again."""
    with FakeSlack() as slack:
        team = slack.workspace("Acme")
        ben, app = slack.person(team, "ben"), slack.app("Footnote")
        bot = slack.install(app, team)
        channel = slack.channel(team, "general", [ben, bot])
        url = ben.commands(bot, "/kb", "help", channel).payload["response_url"]

        async def act(web: SlackWeb) -> None:
            for _ in range(5):
                await web.respond(url, BODY)
            with pytest.raises(SlackRefusal, match="used_url"):
                await web.respond(url, BODY)

        within(slack.api_url, act)
        assert len(ben.whispers(channel)) == 5


def test_a_slack_that_is_away_is_told_from_one_that_refuses() -> None:
    """Nobody listens there: the same may succeed in a minute."""

    async def act(web: SlackWeb) -> None:
        with pytest.raises(SlackAway):
            await web.respond("http://127.0.0.1:9/response/1", BODY)

    within("http://127.0.0.1:9/api/", act)
