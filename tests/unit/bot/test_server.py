"""The HTTP application says whether it lives and can answer, and fails in one word."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.server import MOST_READ, SMALL_BYTES, Check, Route, application, body_of, runner
from bot.serving import allow_files
from pipelines.errors import TransientError


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


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


async def echoes(request: web.Request) -> web.StreamResponse:
    """Say how long a body is."""
    return web.Response(text=str(len(await body_of(request))))


@asynccontextmanager
async def listening(handler: Handler = echoes, *, head_s: float = 10.0) -> AsyncIterator[int]:
    """Serve as `footnote serve` does; yield the port."""
    serving = runner(application([Route("POST", "/", handler)], {}), head_s=head_s)
    await serving.setup()
    try:
        await web.TCPSite(serving, "127.0.0.1", 0).start()
        yield serving.addresses[0][1]
    finally:
        await serving.cleanup()


async def sent(port: int, raw: bytes) -> str:
    """Send bytes; return all that is answered until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    async with asyncio.timeout(5):
        told = await reader.read()
    writer.close()
    return told.decode()


POST = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (POST + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nsecret", 415),
        (POST + b"Content-Encoding: deflate\r\nContent-Length: 6\r\n\r\nsecret", 415),
        (POST + b"Content-Encoding: br\r\nContent-Length: 6\r\n\r\nsecret", 415),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nsecret\r\n", 400),
        (POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + b"Secret: " + b"secret" * 4000 + b"\r\n\r\n", 400),
        (b"GET /\0secret HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"secret\r\n\r\n", 400),
    ],
)
def test_what_is_broken_is_the_senders_fault(raw: bytes, status: int, caplog: pytest.LogCaptureFixture) -> None:
    """One short answer that repeats nothing and names no software, and no trace in the log."""

    async def scene() -> str:
        async with listening() as port:
            return await sent(port, raw)

    told = asyncio.run(scene())
    assert told.startswith(f"HTTP/1.{told[7]} {status} ")
    assert "Server: footnote\r\n" in told
    assert "aiohttp" not in told.lower()
    assert len(told) < 400
    assert "secret" not in told + caplog.text
    assert "Traceback" not in caplog.text


def test_a_body_that_breaks_off_is_no_fault_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    """Its connection is gone, and nothing is told of it."""

    async def scene() -> None:
        ended = asyncio.Event()

        async def reads(request: web.Request) -> web.StreamResponse:
            try:
                return await echoes(request)
            finally:
                ended.set()

        async with listening(reads) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(POST + b"Content-Length: 500\r\n\r\nhalf")
            await writer.drain()
            writer.close()
            async with asyncio.timeout(5):
                await ended.wait()

    asyncio.run(scene())
    assert "failed" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("raw", [b"", b"POST / HTTP/1.1\r\nHost: x\r\n"])
def test_a_connection_that_asks_for_nothing_is_closed(raw: bytes) -> None:
    """Each one is an open file, and whoever asks in time may take longer for the body."""

    async def scene() -> tuple[str, bytes]:
        async with listening(head_s=0.2) as port:
            silent = await sent(port, raw)
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(POST + b"Content-Length: 2\r\n\r\n")
            await asyncio.sleep(0.5)
            writer.write(b"ab")
            async with asyncio.timeout(5):
                slow = await reader.read()
            writer.close()
            return silent, slow

    silent, slow = asyncio.run(scene())
    assert silent == ""
    assert slow.endswith(b"\r\n\r\n2")


def test_some_large_bodies_are_read_at_a_time() -> None:
    """Others wait until one of them has come; a small one waits for none."""
    head, body = POST + b"Content-Length: %d\r\n\r\n" % (SMALL_BYTES + 1), b"a" * (SMALL_BYTES + 1)

    async def scene() -> tuple[str, bool, str]:
        async with listening() as port:
            begun = [await asyncio.open_connection("127.0.0.1", port) for _ in range(MOST_READ)]
            for _, writer in begun:
                writer.write(head)
            await asyncio.sleep(0.3)
            waits = asyncio.create_task(sent(port, head + body))
            small = await sent(port, POST + b"Content-Length: 2\r\n\r\nab")
            await asyncio.sleep(0.3)
            has_waited = not waits.done()
            begun[0][1].write(body)
            large = await waits
            for _, writer in begun:
                writer.close()
            return small, has_waited, large

    small, has_waited, large = asyncio.run(scene())
    assert small.endswith("\r\n\r\n2")
    assert has_waited
    assert large.endswith(f"\r\n\r\n{SMALL_BYTES + 1}")


def test_as_many_files_may_be_open_as_the_system_lets() -> None:
    """A supervisor often gives 1024 of many more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
        allow_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
