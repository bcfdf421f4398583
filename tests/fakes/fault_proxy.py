"""A way to a server that can be made slow, silent, short or broken while it is used."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar


_CHUNK = 65_536
_Result = TypeVar("_Result")
_RESET = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Faults:
    """
    What the way does to what passes.

    Attributes:
        latency_s: delay of every piece, each way.
        slice_bytes: longest piece; 0 for as they come.
        silent: nothing passes, and nothing is refused.
        reset: every connection is broken off, new ones at once.
        cut_after: bytes from the server after which a connection is broken off; None for never.

    """

    latency_s: float = 0.0
    slice_bytes: int = 0
    silent: bool = False
    reset: bool = False
    cut_after: int | None = None


class FaultProxy:
    """
    A TCP proxy on the loopback address in a thread of its own.

    Attributes:
        port: where it listens.
        faults: what it does now.
        connections: how many were made so far.

    """

    def __init__(self, host: str, port: int) -> None:
        """Take the server's address."""
        self.faults = Faults()
        self.connections = 0
        self.port = 0
        self._target = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])

    def set(self, faults: Faults) -> None:
        """Do this from now on; with `reset`, what is connected is broken off at once."""
        self.faults = faults
        self._do(self._begin(faults))

    def stop(self) -> None:
        """Listen no longer and break everything off."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.faults.reset:
            _break(writer)
            return
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            _break(writer)
            return
        self._open |= {writer, back}
        ways = [self._pass(reader, back, counted=False), self._pass(there, writer, counted=True)]
        tasks = [asyncio.ensure_future(one) for one in ways]
        self._tasks.update(tasks)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in tasks:
            one.cancel()
        self._tasks.difference_update(tasks)
        for one in (writer, back):
            self._open.discard(one)
            _break(one)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while data := await reader.read(self.faults.slice_bytes or _CHUNK):
                await self._passing.wait()
                if self.faults.latency_s:
                    await asyncio.sleep(self.faults.latency_s)
                limit = self.faults.cut_after
                if counted and limit is not None and passed + len(data) > limit:
                    writer.write(data[: limit - passed])
                    await writer.drain()
                    return
                passed += len(data)
                writer.write(data)
                await writer.drain()

    async def _begin(self, faults: Faults) -> None:
        if faults.silent:
            self._passing.clear()
        else:
            self._passing.set()
        if faults.reset:
            await self._break_all()

    async def _break_all(self) -> None:
        for one in list(self._open):
            _break(one)

    async def _end(self) -> None:
        self._server.close()
        for one in self._tasks:
            one.cancel()
        await self._break_all()
        await asyncio.sleep(0)


@contextlib.contextmanager
def fault_proxy(host: str, port: int) -> Iterator[FaultProxy]:
    """Yield a way to a server that does no harm yet."""
    proxy = FaultProxy(host, port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def _break(writer: asyncio.StreamWriter) -> None:
    """Break a connection off without a farewell."""
    connected = writer.get_extra_info("socket")
    if connected is not None and connected.fileno() >= 0:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
