"""What tests of a move between real engines share: installations with both engines, and processes that move and die."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipelines.domain.index_places import Engine
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.engines.weaviate_scene import server_at
from tests.fakes.hash_embedder import HashEmbedder
from tests.three_versions import BASE


DIMENSIONS = 16


def weaviate_settings(url: str) -> dict[str, str]:
    """Return the settings that name a server."""
    server = server_at(url)
    return {"WEAVIATE_URL": server.url, "FOOTNOTE_WEAVIATE__GRPC_PORT": str(server.grpc_port)}


@contextmanager
def installation(data: Path, environ: Mapping[str, str], dimensions: int = DIMENSIONS) -> Iterator[Footnote]:
    """Open an installation whose vectors are made of hashes."""
    own = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_CACHE__ENABLED": "0"}
    with open_footnote(Settings.load(own | dict(environ), env_file=None)) as opened:
        opened.embedder = HashEmbedder(dimensions)
        yield opened


def held(footnote: Footnote, engine: Engine) -> dict[tuple[str, int], tuple[object, ...]]:
    """Return all that an engine holds of the base, by key; vectors as rounded numbers."""
    kb = footnote.records.bases.get(BASE).id
    index = footnote.indexes.open(engine)
    try:
        keys = [(one.chunk_id, one.added_in) for one in index.lives(kb)]
        rows = [row for at in range(0, len(keys), 500) for row in index.whole(kb, keys[at : at + 500])]
    finally:
        index.close()
    found = {}
    for one in rows:
        row = one.row
        assert row.vector is not None
        numbers = tuple(float(number) for number in row.vector.round(5) + 0.0)
        found[row.chunk_id, row.added_in] = (row.kb, row.rule, one.removed_in, row.terms, numbers)
    assert len(found) == len(rows) == len(keys)
    return found


def named(footnote: Footnote) -> set[tuple[str, int, int]]:
    """Return what the records say of the base's newest version: (chunk, added in, rule)."""
    base = footnote.records.bases.get(BASE)
    return {(one.chunk_id, one.added_in, one.rule) for one in footnote.records.ledger.chunks(base.id, base.newest)}


def shown(footnote: Footnote) -> set[tuple[str, int, int]]:
    """Return the same as the index in use has it."""
    base = footnote.records.bases.get(BASE)
    return {(one.chunk_id, one.added_in, one.rule) for one in footnote.index.visible(base.id, base.newest)}


def move_and_die(data: Path, environ: dict[str, str], to: str, steps: int, there: Connection) -> None:
    """
    Move the index in a process of its own, which ends at once after so many steps.

    It sends the name of each step, and "done" if it came to the end.
    """
    left = steps

    def at(step: str) -> None:
        nonlocal left
        there.send(step)
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with installation(data, environ) as footnote:
        footnote.indexes.move(Engine(to), checkpoint=at)
    there.send("done")


def said(here: Connection) -> Iterator[Any]:
    """Yield what a process sends until it ends."""
    while True:
        try:
            yield here.recv()
        except EOFError:
            return
