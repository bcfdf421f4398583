"""
One engine ingests one folder in this process, and tells what that cost; called by `ingestion.py`.

Imports, the model's load and one small file are outside the figures. The peers keep
their index in memory; ours is on disk, with records, versions and stored texts.
"""

import importlib
import json
import logging
import os
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.adapters.parser_processes import ProcessParser
from pipelines.domain.access import OPERATOR
from pipelines.domain.reading import ParseLimits, Rejected
from pipelines.ingestion.chunking import chunk_document
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.bench.turns import cpu_seconds


BATCH = 64
"""Texts that the embedder gets at once, from every engine."""

Vectors = NDArray[np.float32]
Ingest = Callable[[Path], int]
"""Ingests a folder and returns the number of chunks."""


class MeasuredEmbedder:
    """
    Our local model in one call of some, and one vector for all texts in the others; never where `every` is 0.

    Attributes:
        texts: how many it got.
        computed: of how many it computed the vector.
        cpu: seconds that those took.

    """

    name = "bench"
    dimensions = 384

    def __init__(self, every: int) -> None:
        self._every = every
        self._calls = 0
        self._model = OnnxEmbedder()
        if every:
            self._model.embed(["warm"])
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.texts = self.computed = self._calls = 0
        self.cpu = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a unit vector for each text."""
        self.texts += len(texts)
        self._calls += 1
        if not self._every or self._calls % self._every != self._every // 2:
            return np.full((len(texts), self.dimensions), self.dimensions**-0.5, np.float32)
        began = time.thread_time()
        made = self._model.embed(texts)
        self.cpu += time.thread_time() - began
        self.computed += len(texts)
        return made

    def lists(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the vectors as the peers want them, computed in our batches."""
        parts = [self.embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return [vector.tolist() for part in parts for vector in part]

    def cpu_of_all(self) -> float:
        """Return the seconds that all texts would have taken."""
        return self.cpu * self.texts / self.computed if self.computed else 0.0


class BenchFootnote(Footnote):
    """An installation with the measured embedder."""

    def __init__(self, settings: Settings, measured: MeasuredEmbedder) -> None:
        super().__init__(settings)
        self._measured = measured

    @cached_property
    def embedder(self) -> MeasuredEmbedder:
        """The measured one."""
        return self._measured


def footnote(embedder: MeasuredEmbedder, _: int) -> Ingest:
    """Return our sync of a folder, to the promoted version and the end of the parser processes."""

    def ingest(folder: Path) -> int:
        with tempfile.TemporaryDirectory() as data:
            settings = Settings.load({"FOOTNOTE_DATA_DIR": data}, env_file=None)
            with BenchFootnote(settings, embedder) as installation:
                installation.add_base("bench", folder, OPERATOR)
                return installation.sync("bench").chunks_added

    return ingest


def langchain(embedder: MeasuredEmbedder, size: int) -> Ingest:
    """Return LangChain's: loaders, recursive splitter, store in memory."""
    embeddings = importlib.import_module("langchain_core.embeddings").Embeddings
    store = importlib.import_module("langchain_core.vectorstores").InMemoryVectorStore
    split = langchain_splits(size)

    class Ours(embeddings):  # type: ignore[misc, valid-type]  # a class of the peer's
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return embedder.lists(texts)

        def embed_query(self, text: str) -> list[float]:
            return embedder.lists([text])[0]

    def ingest(folder: Path) -> int:
        return len(store(Ours()).add_documents(split(folder)))

    return ingest


def langchain_splits(size: int) -> Callable[[Path], Sequence[Any]]:
    """Return the part before the embedding."""
    loaders = importlib.import_module("langchain_community.document_loaders")
    splitters = importlib.import_module("langchain_text_splitters")
    splitter = splitters.RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=0)
    options: dict[str, Any] = {"glob": "**/*.md", "load_hidden": True, "loader_cls": loaders.TextLoader}

    def split(folder: Path) -> Sequence[Any]:
        loader = loaders.DirectoryLoader(str(folder), loader_kwargs={"encoding": "utf-8"}, **options)
        found: Sequence[Any] = splitter.split_documents(loader.load())
        return found

    return split


def llama_index(embedder: MeasuredEmbedder, size: int) -> Ingest:
    """Return LlamaIndex's: directory reader, sentence splitter, its index in memory."""
    core = importlib.import_module("llama_index.core")
    base = importlib.import_module("llama_index.core.embeddings").BaseEmbedding
    split = llama_index_splits(size)

    class Ours(base):  # type: ignore[misc, valid-type]  # a class of the peer's
        def _get_text_embedding(self, text: str) -> list[float]:
            return embedder.lists([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return embedder.lists(texts)

        def _get_query_embedding(self, query: str) -> list[float]:
            return embedder.lists([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return embedder.lists([query])[0]

    model = Ours(embed_batch_size=BATCH)

    def ingest(folder: Path) -> int:
        nodes = split(folder)
        core.VectorStoreIndex(nodes, embed_model=model)
        return len(nodes)

    return ingest


def llama_index_splits(size: int) -> Callable[[Path], Sequence[Any]]:
    """Return the part before the embedding; a token is a character, so that sizes compare."""
    core = importlib.import_module("llama_index.core")
    splitter = importlib.import_module("llama_index.core.node_parser").SentenceSplitter
    cutting = splitter(chunk_size=size, chunk_overlap=0, tokenizer=list, include_metadata=False)
    options: dict[str, Any] = {"recursive": True, "exclude_hidden": False, "required_exts": [".md"]}

    def split(folder: Path) -> Sequence[Any]:
        found: Sequence[Any] = cutting.get_nodes_from_documents(
            core.SimpleDirectoryReader(folder, **options).load_data()
        )
        return found

    return split


def footnote_splits(_: int) -> Callable[[Path], Sequence[Any]]:
    """Return our part before the embedding: parser processes and chunker."""

    def split(folder: Path) -> Sequence[Any]:
        parser = ProcessParser(ParseLimits())
        chunks: list[Any] = []
        try:
            for file in sorted(folder.rglob("*.md")):
                read = parser.parse(file.name, file.read_bytes())
                chunks.extend([] if isinstance(read, Rejected) else chunk_document(read))
        finally:
            parser.close()
        return chunks

    return split


ENGINES = {"footnote": footnote, "LangChain": langchain, "LlamaIndex": llama_index}
SPLITS = {"footnote": footnote_splits, "LangChain": langchain_splits, "LlamaIndex": llama_index_splits}
_TEXT_OF: dict[str, Callable[[Any], str]] = {
    "footnote": lambda one: one.text,
    "LangChain": lambda one: one.page_content,
    "LlamaIndex": lambda one: one.text,
}


def mean_characters(engine: str, size: int, folder: Path) -> float:
    """Return the mean length in characters of an engine's chunks."""
    return fmean(len(_TEXT_OF[engine](one)) for one in SPLITS[engine](size)(folder))


def size_for(engine: str, mean: float, folder: Path) -> int:
    """Return the size setting, in steps of ten, with which a peer's chunks have this mean length."""
    sizes = range(200, 2000, 10)
    return sizes[bisect_left(sizes, mean, key=lambda size: mean_characters(engine, size, folder))]


def measured(engine: str, size: int, every: int, folder: Path) -> dict[str, float]:
    """Return chunks and CPU seconds of one ingestion; the embedding's is computed from one call of `every`."""
    embedder = MeasuredEmbedder(every)
    ingest = ENGINES[engine](embedder, size)
    with tempfile.TemporaryDirectory() as small:
        Path(small, "warm.md").write_text("# Leave\n\nParents take 24 weeks.\n", encoding="utf-8")
        ingest(Path(small))
    embedder.reset()
    before = cpu_seconds()
    chunks = ingest(folder)
    return {
        "chunks": chunks,
        "without": cpu_seconds() - before - embedder.cpu,
        "embedding": embedder.cpu_of_all(),
        "computed": embedder.computed,
    }


def split(engine: str, size: int, folder: Path) -> float:
    """Return the CPU seconds of reading and cutting a folder."""
    cut = SPLITS[engine](size)
    with tempfile.TemporaryDirectory() as small:
        Path(small, "warm.md").write_text("# Leave\n\nParents take 24 weeks.\n", encoding="utf-8")
        cut(Path(small))
    before = cpu_seconds()
    cut(folder)
    return cpu_seconds() - before


def main() -> None:
    """Print a line of JSON: what WHAT (mean, size, split, ingest) of ENGINE with SIZE and EVERY gives for FOLDER."""
    engine, what, size, every, folder = (
        sys.argv[1],
        sys.argv[2],
        float(sys.argv[3]),
        int(sys.argv[4]),
        Path(sys.argv[5]),
    )
    logging.disable(logging.WARNING)
    if peers := os.environ.get("BENCH_PEERS"):
        # Last: what we use ourselves, all engines use in our versions.
        sys.path.append(peers)
    found: dict[str, Callable[[], object]] = {
        "mean": lambda: mean_characters(engine, int(size), folder),
        "size": lambda: size_for(engine, size, folder),
        "split": lambda: split(engine, int(size), folder),
        "ingest": lambda: measured(engine, int(size), every, folder),
    }
    print(json.dumps(found[what]()))


if __name__ == "__main__":
    main()
