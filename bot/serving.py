"""
`footnote serve`: one process with the HTTP application, the chat platforms that are switched on, and a job process.

It knows how things begin and end, and nothing of what they do.
"""

import asyncio
import gc
import logging
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.facade import Footnote
from bot.server import Check, Route, application, runner
from pipelines.domain.values import Value
from pipelines.errors import BadSettings, FootnoteError
from pipelines.ports.clock import Clock


DRAIN_S = 25.0
"""That what was begun has to end when the process is asked to; a supervisor should wait for longer."""

_DATABASE_THREADS = 6
_ANSWERS = 8
"""Questions that are answered at the same time."""

_RESTART_S = 5.0
"""Before a job process that ended by itself is started again, seconds."""

_MOST_FILES = 65_536

_log = logging.getLogger(__name__)


class Platform(Protocol):
    """A chat platform in this process."""

    @property
    def routes(self) -> list[Route]:
        """Return what it answers over HTTP."""

    async def check(self) -> None:
        """
        Return if questions from it can be answered.

        Raises:
            FootnoteError: they cannot.

        """

    async def run(self) -> None:
        """
        Answer until `stop`.

        Raises:
            BadSettings: the platform refuses what is set.

        """

    def stop(self) -> None:
        """Begin nothing more."""


Opener = Callable[[Footnote, ThreadPoolExecutor, ThreadPoolExecutor, Clock], Mapping[str, Platform]]
"""Returns the platforms that are switched on, by name: with threads for the database, and those that answer."""


@dataclass(frozen=True, slots=True)
class Address(Value):
    """Where requests are taken; port 0 is any that is free."""

    host: str
    port: int


async def serve(
    footnote: Footnote, address: Address, clock: Clock, platforms: Opener, listening: Callable[[str], None]
) -> None:
    """
    Serve until SIGTERM or SIGINT; then take no more, end what was begun, and return.

    Args:
        footnote: the installation.
        address: to listen on.
        clock: the time.
        platforms: opens the chat platforms.
        listening: told the address once requests are taken.

    Raises:
        BadSettings: the address cannot be listened on, or a platform refuses what is set.

    """
    ends = _ending()
    allow_files()
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(_DATABASE_THREADS, "database"))
        answering = stack.enter_context(ThreadPoolExecutor(_ANSWERS, "answer"))
        await _warm(footnote, threads)
        await _clean(footnote, threads)
        opened = platforms(footnote, threads, answering, clock)
        routes = [route for one in opened.values() for route in one.routes]
        checks = {**own_checks(footnote, threads), **{name: one.check for name, one in opened.items()}}
        app = application(routes, checks)
        _settle()
        if footnote.settings.broker_url is None:
            await stack.enter_async_context(_job_process())
        # In this order, so that in the end no request is taken any more while what was begun is ended.
        running = await stack.enter_async_context(_running(opened))
        listening(await stack.enter_async_context(_listening(app, address)))
        asked = asyncio.create_task(ends.wait())
        await asyncio.wait([asked, *running], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()


def allow_files() -> None:
    """Raise this process's limit of open files, for each connection is one; to what it may be at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        # Some systems allow less than they say.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


async def _warm(footnote: Footnote, threads: ThreadPoolExecutor) -> None:
    """Open what questions need; what is away now may be there later."""
    try:
        await asyncio.get_running_loop().run_in_executor(threads, footnote.warm_up)
    except BadSettings:
        raise
    except FootnoteError as fault:
        _log.warning("questions cannot be answered yet: %s", fault)


def _settle() -> None:
    """Take what is there by now out of the garbage collector's sight: each look at it holds all requests up 0.1 s."""
    gc.collect()
    gc.freeze()


async def _clean(footnote: Footnote, threads: ThreadPoolExecutor) -> None:
    """Delete what a killed process left of files that were asked about; what cannot be deleted now is later."""
    try:
        left = await asyncio.get_running_loop().run_in_executor(threads, footnote.drop_left_files)
    except FootnoteError as fault:
        _log.warning("files that a killed process left are not deleted yet: %s", fault)
    else:
        if left:
            _log.info("what a killed process left of %d questions about files was deleted", left)


def _ending() -> asyncio.Event:
    """Return what is set once this process is asked to end; a second signal ends it at once."""
    ends, loop = asyncio.Event(), asyncio.get_running_loop()

    def wish(number: signal.Signals) -> None:
        ends.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wish, number)
    return ends


def own_checks(footnote: Footnote, threads: ThreadPoolExecutor) -> dict[str, Check]:
    """Return whether each part can work that every installation has, by name."""

    def in_thread(look: Callable[[], object]) -> Check:
        async def check() -> None:
            await asyncio.get_running_loop().run_in_executor(threads, look)

        return check

    return {"records": in_thread(footnote.records.bases.all), "index": in_thread(footnote.check_index)}


@asynccontextmanager
async def _listening(app: web.Application, address: Address) -> AsyncIterator[str]:
    """Take requests; at the end take no more, and let those that came be answered."""
    serving = runner(app)
    await serving.setup()
    try:
        try:
            await web.TCPSite(serving, address.host, address.port, reuse_address=True).start()
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            place = f"{address.host}, port {address.port} (--host, --port)"
            raise BadSettings(f"Nothing can listen on {place}: {reason}.") from None
        found = serving.addresses[0]
        shown = f"[{found[0]}]" if ":" in found[0] else found[0]
        yield f"http://{shown}:{found[1]}"
    finally:
        await serving.cleanup()


@asynccontextmanager
async def _running(platforms: Mapping[str, Platform]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run the platforms; in the end let them end what they began."""
    running = [asyncio.create_task(one.run(), name=name) for name, one in platforms.items()]
    try:
        yield running
    finally:
        for one in platforms.values():
            one.stop()
        if running:
            await asyncio.wait(running, timeout=DRAIN_S)
        for task in running:
            task.cancel()
        for result in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


@asynccontextmanager
async def _job_process() -> AsyncIterator[None]:
    """Keep a job process beside this one: parsing and stemming would hold up whoever waits for an answer here."""
    keeper = asyncio.create_task(_kept())
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def _kept() -> None:
    while True:
        # Its standard input ends with this process, however that ends.
        command = (sys.executable, "-m", "bot.cli", "work", "--attended")
        process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            raise
        _log.error("the job process ended with %s, and is started again in %g s", code, _RESTART_S)
        await asyncio.sleep(_RESTART_S)
