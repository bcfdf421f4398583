"""An installation of one document, and what /readyz says of it."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.server import application
from bot.serving import own_checks
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote


LEAVE = Question("How many weeks of parental leave are there?", OPERATOR)
READY, AWAY = {"ready": True, "missing": []}, {"ready": False, "missing": ["index"]}

TOLD_S = 4.0
"""Longest time of one check, with the time of a part (2 s) and a slow machine."""


@contextmanager
def installation(home: Path, more: Mapping[str, str]) -> Iterator[Footnote]:
    """Open an installation without a base, by words only."""
    own = {"FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_EMBEDDER": "none", "FOOTNOTE_CACHE__ENABLED": "0"}
    with open_footnote(Settings.load({**own, **more}, env_file=None)) as opened:
        yield opened


def fill(footnote: Footnote, home: Path) -> None:
    """Sync a base of one document, and ask about it."""
    folder = home / "documents"
    folder.mkdir()
    (folder / "leave.md").write_text("# Parental leave\n\nParental leave is twelve weeks for every parent.\n")
    footnote.add_base("handbook", folder, OPERATOR)
    footnote.sync("handbook")
    assert footnote.ask(LEAVE).outcome is Outcome.ANSWER


def told(footnote: Footnote, *, until: Mapping[str, object] | None = None, seconds: float = 0.0) -> dict[str, object]:
    """Return what /readyz says, in time; again and again until it says what is wanted, if anything is."""

    async def scene() -> dict[str, object]:
        with ThreadPoolExecutor(2) as threads:
            app = application([], own_checks(footnote, threads))
            async with TestServer(app) as running, ClientSession() as client:
                ends = time.monotonic() + seconds
                while True:
                    began = time.monotonic()
                    async with client.get(running.make_url("/readyz")) as answer:
                        said: dict[str, object] = await answer.json()
                    assert time.monotonic() - began < TOLD_S
                    assert answer.status == (200 if said["ready"] else 503)
                    if until is None or said == until or time.monotonic() > ends:
                        return said
                    await asyncio.sleep(0.2)

    return asyncio.run(scene())
