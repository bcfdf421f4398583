"""
A real Chromium without a window, driven over its debugging protocol. Found on this machine, never fetched.

It is ended by its own pid; its profile is a folder of its own.
"""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse


PATIENCE_S = 30.0
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PAUSE_S = 0.05


def chromium() -> str | None:
    """Return the program; None where there is none."""
    return next((found for found in map(shutil.which, _NAMES) if found), None)


class Tab:
    """One page in the browser; it belongs to one event loop."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.faults: list[str] = []
        self._socket = socket
        self._number = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return what a method of the protocol answers."""
        self._number += 1
        answer = self._waiting[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        told = await asyncio.wait_for(answer, PATIENCE_S)
        assert "error" not in told, told
        return dict(told["result"])

    async def says(self, code: str) -> Any:
        """Return the value of an expression, or of the promise that it is."""
        told = await self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, code: str) -> None:
        """Wait until an expression is true."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self.says(f"Boolean({code})"):  # noqa: ASYNC110 - the browser tells of nothing by itself
                await asyncio.sleep(_PAUSE_S)

    async def types(self, text: str) -> None:
        """Type into what has the focus, and press Enter."""
        await self.call("Input.insertText", text=text)
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **key)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    async def read(self) -> None:
        """Take what the browser tells, until it ends."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._waiting.pop(told["id"]).set_result(told)
            elif told["method"] == "Runtime.exceptionThrown" or _is_error(told):
                self.faults.append(json.dumps(told["params"]))


def _is_error(told: dict[str, Any]) -> bool:
    return bool(told["method"] == "Log.entryAdded" and told["params"]["entry"]["level"] == "error")


@asynccontextmanager
async def tab(program: str, profile: Path, url: str) -> AsyncIterator[Tab]:
    """Open a page in a new browser."""
    words = ["--headless=new", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
    # Chromium's own sandbox does not run as root.
    words += ["--no-sandbox"] if os.geteuid() == 0 else []
    words += [f"--user-data-dir={profile}", "about:blank"]
    none = asyncio.subprocess.DEVNULL
    browser = await asyncio.create_subprocess_exec(
        program, *words, stdin=none, stdout=none, stderr=none, start_new_session=True
    )
    try:
        address = await _address(profile, browser)
        async with ClientSession() as session:
            async with session.get(f"{address}/json") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                opened = Tab(socket)
                reading = asyncio.create_task(opened.read())
                for domain in ("Page", "Runtime", "Log"):
                    await opened.call(f"{domain}.enable")
                await opened.call("Page.navigate", url=url)
                yield opened
                reading.cancel()
    finally:
        await _end(browser)


async def _address(profile: Path, browser: asyncio.subprocess.Process) -> str:
    """Return where the browser is to be spoken to, which it writes into its profile."""
    told = profile / "DevToolsActivePort"
    async with asyncio.timeout(PATIENCE_S):
        while not (told.exists() and told.read_text().count("\n")):
            assert browser.returncode is None, f"the browser ended with {browser.returncode}"
            await asyncio.sleep(_PAUSE_S)
    return f"http://127.0.0.1:{told.read_text().splitlines()[0]}"


async def _end(browser: asyncio.subprocess.Process) -> None:
    """End the browser and the processes of its session."""
    with suppress(ProcessLookupError):
        os.killpg(browser.pid, signal.SIGTERM)
    try:
        await asyncio.wait_for(browser.wait(), 10)
    except TimeoutError:
        os.killpg(browser.pid, signal.SIGKILL)
        await browser.wait()
