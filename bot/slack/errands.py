"""What goes on after Slack was answered: short tasks of this process, ended with it. Nothing that must not be lost."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from pipelines.errors import FootnoteError


_log = logging.getLogger(__name__)


class Errands:
    """Runs tasks, and keeps them until they end. Belongs to one event loop."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, errand: Coroutine[Any, Any, object], about: str) -> None:
        """
        Run something by itself; a fault of it is logged.

        Args:
            errand: it.
            about: names it in the log, behind "could not".

        """
        task = asyncio.create_task(_run(errand, about))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, seconds: float) -> None:
        """Wait for what runs, so many seconds at most; then break it off."""
        left = set(self._tasks)
        if left:
            _, left = await asyncio.wait(left, timeout=seconds)
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _run(errand: Coroutine[Any, Any, object], about: str) -> None:
    try:
        await errand
    except FootnoteError as fault:
        _log.warning("could not %s: %s", about, fault)
    except Exception:  # noqa: BLE001 - the outermost edge of one interaction's work
        _log.exception("could not %s", about)
