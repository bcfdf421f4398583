"""The HTTP application says whether it lives and can answer, and fails in one word."""

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.server import Check, Route, application
from pipelines.errors import TransientError


async def works() -> None:
    """Say that a part works."""


async def is_away() -> None:
    """Say that a part is away."""
    raise TransientError("Weaviate at db.internal:8080 does not answer")


async def is_silent() -> None:
    """Say nothing."""
    await asyncio.sleep(3600)


async def breaks(_: web.Request) -> web.StreamResponse:
    """Meet a fault of ours."""
    raise KeyError("a name that nobody may read")


def get(path: str, checks: Mapping[str, Check]) -> tuple[int, str]:
    """Return status and text."""

    async def scene() -> tuple[int, str]:
        made = TestServer(application([Route("GET", "/broken", breaks)], checks, check_s=0.05))
        async with made as running, ClientSession() as client, client.get(running.make_url(path)) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            return answer.status, await answer.text()

    return asyncio.run(scene())


def test_it_lives() -> None:
    """Whatever its parts say."""
    assert get("/healthz", {"index": is_away}) == (200, '{"alive": true}')


def test_it_is_ready_if_all_parts_are() -> None:
    """200 for those who share out requests."""
    assert get("/readyz", {"records": works, "index": works}) == (200, '{"ready": true, "missing": []}')


@pytest.mark.parametrize("check", [is_away, is_silent])
def test_a_part_that_is_missing_is_named(check: Check) -> None:
    """503, and no word of where it is; a silent part is waited for shortly."""
    assert get("/readyz", {"records": works, "index": check}) == (503, '{"ready": false, "missing": ["index"]}')


def test_a_fault_is_one_word() -> None:
    """It repeats nothing of what went wrong."""
    assert get("/broken", {}) == (500, "failed")


def test_a_part_that_does_not_answer_is_asked_once() -> None:
    """A look that hangs may hold a thread: the next who asks waits for the same one."""
    asked: list[int] = []

    async def check() -> None:
        asked.append(1)
        await asyncio.sleep(3600)

    async def scene() -> list[int]:
        made = TestServer(application([], {"index": check}, check_s=0.02))
        async with made as running, ClientSession() as client:
            return [(await client.get(running.make_url("/readyz"))).status for _ in range(5)]

    assert asyncio.run(scene()) == [503] * 5
    assert len(asked) == 1


def test_however_many_ask_at_once_its_parts_are_asked_once() -> None:
    """Anybody may ask, and a flood of them must not take the threads that events need."""
    asked: list[int] = []

    async def check() -> None:
        asked.append(1)
        await asyncio.sleep(0.3)

    async def scene() -> list[int]:
        async with TestServer(application([], {"index": check})) as running, ClientSession() as client:

            async def ask() -> int:
                async with client.get(running.make_url("/readyz")) as answer:
                    return answer.status

            return await asyncio.gather(*(ask() for _ in range(50)))

    assert asyncio.run(scene()) == [200] * 50
    assert len(asked) == 1
