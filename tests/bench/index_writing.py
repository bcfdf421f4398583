"""
What writing the index costs: our rows on disk beside Haystack's in-memory store, written and saved.

    python tests/bench/index_writing.py [--chunks 10000] [--rounds 3]

Both get the same chunks with ready vectors and must be able to answer by words and by
vectors afterwards, in a process that was just started. Ours is counted without and with
the analysis of the words, which the peer does while it writes. CPU time of this process;
the engines take turns.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.ports.chunk_index import IndexRow
from pipelines.retrieval.terms import document_terms
from tests.bench.corpus import BenchChunk, chunks
from tests.bench.filling import open_index


BAR = 5
_BATCH = 64


def cpu(call: Callable[[], object]) -> float:
    """Return the CPU seconds of a call."""
    began = time.process_time()
    call()
    return time.process_time() - began


def footnote(base: Sequence[BenchChunk]) -> tuple[float, float]:
    """Return the seconds of (analysis, writing), as a sync writes: 64 rows at once, each batch on disk."""
    rows: list[IndexRow] = []
    analysis = cpu(lambda: rows.extend(_rows(base)))
    with tempfile.TemporaryDirectory() as made:
        index = open_index(Path(made), "bench")

        def write() -> None:
            for at in range(0, len(rows), _BATCH):
                index.stage(rows[at : at + _BATCH])
            index.close()

        return analysis, cpu(write)


def haystack(base: Sequence[BenchChunk]) -> float:
    """Return the seconds of writing and of saving."""
    from haystack import Document  # noqa: PLC0415 - after it was told to send nothing
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415 - as above

    vectors = [one.vector.tolist() for one in base]
    documents = [
        Document(id=one.chunk_id, content=one.text, embedding=vector, meta={"rule": one.rule})
        for one, vector in zip(base, vectors, strict=True)
    ]
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    with tempfile.TemporaryDirectory() as made:

        def write() -> None:
            store.write_documents(documents)
            store.save_to_disk(str(Path(made, "store.json")))

        return cpu(write)


def _rows(base: Sequence[BenchChunk]) -> Iterator[IndexRow]:
    for one in base:
        yield IndexRow(one.chunk_id, 1, one.rule + 1, 1, document_terms(one.title, one.text), one.vector)


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What writing the index costs.")
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    base = list(chunks(options.chunks))
    analyses, ours, theirs = [], [], []
    for number in range(options.rounds):
        if number % 2:
            theirs.append(haystack(base))
        analysis, writing = footnote(base)
        if not number % 2:
            theirs.append(haystack(base))
        analyses.append(analysis)
        ours.append(writing)
    print(f"{options.chunks} chunks, CPU seconds, median of {options.rounds}; machine load", *os.getloadavg())
    print(f"  footnote  writing {statistics.median(ours):.2f}, analysis {statistics.median(analyses):.2f}")
    print(f"  haystack  writing and saving {statistics.median(theirs):.2f}")
    alone = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
    both = statistics.median(
        their / (our + analysis) for their, our, analysis in zip(theirs, ours, analyses, strict=True)
    )
    print(f"ours is {alone:.1f} times as fast, with analysis {both:.1f} times; the bar is {BAR} without")


if __name__ == "__main__":
    main()
