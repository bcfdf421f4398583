"""What tests of a change of embedder share: a server with two models, installations that want one of them."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.model_server import KEY, ModelServer
from tests.three_versions import BASE, LEAVE


OLD, NEW = "old-embed", "new-embed"
MODELS = {OLD: HashEmbedder(16), NEW: HashEmbedder(24)}

Held = Mapping[tuple[str, int], tuple[object, ...]]


def embedding_server() -> ModelServer:
    """Return a server with both models."""
    return ModelServer(models=dict.fromkeys(MODELS, 8192), embed=MODELS)


def wanting(url: str, model: str, **more: str) -> dict[str, str]:
    """Return the settings that want a model of a server."""
    return {
        "FOOTNOTE_EMBEDDER": "openai",
        "FOOTNOTE_EMBEDDING__MODEL": model,
        "FOOTNOTE_EMBEDDING__DIMENSIONS": str(MODELS[model].dimensions),
        "FOOTNOTE_EMBEDDING__BATCH": "4",
        "OPENAI_BASE_URL": url,
        "OPENAI_API_KEY": KEY,
        **more,
    }


@contextmanager
def installation(data: Path, environ: Mapping[str, str]) -> Iterator[Footnote]:
    """Open an installation that remembers no answer."""
    own = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_CACHE__ENABLED": "0"}
    with open_footnote(Settings.load(own | dict(environ), env_file=None)) as opened:
        yield opened


def held(footnote: Footnote, generation: int | None = None) -> Held:
    """Return all that a generation holds of the base, by key; of its vectors the length."""
    kb, place = footnote.records.bases.get(BASE).id, footnote.indexes.place()
    with closing(footnote.indexes.open(place.engine, generation)) as index:
        keys = [(one.chunk_id, one.added_in) for one in index.lives(kb)]
        rows = [row for at in range(0, len(keys), 500) for row in index.whole(kb, keys[at : at + 500])]
    return {
        (one.row.chunk_id, one.row.added_in): (
            one.row.rule,
            one.removed_in,
            one.row.terms,
            None if one.row.vector is None else len(one.row.vector),
        )
        for one in rows
    }


def with_length(rows: Held, length: int | None) -> Held:
    """Return rows as they are with vectors of another length."""
    return {key: (*row[:-1], length) for key, row in rows.items()}


def questions_to(server: ModelServer) -> list[str]:
    """Return the models that were asked for the vector of the question, in order."""
    return [one.body["model"] for one in list(server.embeddings) if one.body.get("input") == [LEAVE.text]]


def rebuild_and_die(data: Path, environ: dict[str, str], steps: int, there: Connection) -> None:
    """
    Rebuild the index in a process of its own, which ends at once after so many steps.

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
        footnote.generations.rebuild(checkpoint=at)
    there.send("done")


def steps_said(here: Connection) -> list[str]:
    """Return the steps that a process tells until it ends."""
    said = []
    while True:
        try:
            said.append(here.recv())
        except EOFError:
            return said
