"""
What a search in Weaviate costs: our index beside the same two calls by Weaviate's own client, and Haystack's hybrid.

    python -m pip install --target /tmp/bench-peers weaviate-haystack
    BENCH_PEERS=/tmp/bench-peers python tests/bench/weaviate_search.py [--chunks 100000] [--questions 100] [--no-peer]

Three bases, each at a version of its own, under twenty rules, of which the reader
satisfies twelve. All answer the same questions over one server, ten in turn, another one
first each time, in one process, so that other work on the machine weighs on them alike. Analysis and embedding
are in no time. Haystack's retriever runs where it is installed; it
knows no versions and searches the text itself, without a filter. `TEST_WEAVIATE_URL`
names a server that runs; without it one is started.
"""

import argparse
import asyncio
import importlib.util
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from weaviate.proto.v1 import batch_pb2

from pipelines.adapters.weaviate_index import WeaviateIndex, WeaviateServer
from pipelines.adapters.weaviate_index.filters import scope_of
from pipelines.adapters.weaviate_index.index import WORD_WEIGHTS
from pipelines.adapters.weaviate_index.tokens import question_text
from pipelines.domain.access import AccessFilter
from pipelines.domain.index_identity import IndexIdentity
from pipelines.ports.chunk_index import IndexRow, SearchRequest
from pipelines.retrieval.terms import document_terms, question_terms
from tests.bench.corpus import DIMENSIONS, RULES, BenchChunk, chunks, questions
from tests.bench.processes import cpu_seconds, folder_mb, peak_mb
from tests.servers import weaviate_server


VERSIONS = {1: 3, 2: 5, 3: 7}
READABLE = 12
BAR = 1.15
OURS, THEIRS = "footnote", "Weaviate's client"
IN_TURN = 10
_BATCH = 1000
_PEER_COLLECTION = "Peer"


@dataclass(slots=True)
class Times:
    """Milliseconds and bytes of each call; of the server's CPU the sum."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    server: float = 0.0
    traffic: int = 0

    def cpu_of_both(self) -> float:
        """Return the CPU milliseconds of a question, ours and the server's."""
        return statistics.fmean(self.cpu) + self.server / len(self.wall)

    def take(self, call: Callable[[], object]) -> None:
        """Call, and note the time."""
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.wall.append((time.perf_counter() - wall) * 1000)

    def __str__(self) -> str:
        """Return p50 and p95 of both, and bytes a question."""
        parts = [
            f"{name} p50 {statistics.median(some):7.2f} p95 {sorted(some)[int(len(some) * 0.95)]:7.2f}"
            for name, some in (("wall", self.wall), ("CPU", self.cpu))
        ]
        return f"{', '.join(parts)} ms, {self.traffic / len(self.wall) / 1000:6.1f} kB"


class Counted:
    """A gRPC method that adds up the bytes of its requests and replies."""

    def __init__(self, method: Any, times: Times) -> None:
        self._method = method
        self._times = times

    def __call__(self, request: Any, **options: Any) -> Any:
        """Call it; the reply's bytes are counted when there is one."""
        self._times.traffic += request.ByteSize()
        reply = self._method(request, **options)
        if hasattr(reply, "ByteSize"):
            self._times.traffic += reply.ByteSize()
            return reply
        return self._later(reply)

    def future(self, request: Any, **options: Any) -> Any:
        """Begin a call; both its messages are counted at the end."""
        self._times.traffic += request.ByteSize()
        call = self._method.future(request, **options)
        call.add_done_callback(lambda done: self._add(done.result().ByteSize()))
        return call

    async def _later(self, reply: Any) -> Any:
        answer = await reply
        self._add(answer.ByteSize())
        return answer

    def _add(self, size: int) -> None:
        self._times.traffic += size


def rows(base: Sequence[BenchChunk]) -> Iterator[IndexRow]:
    """Yield the rows of a sync: a third in each base, some of later versions than a reader sees."""
    chance = random.Random(1)
    for number, one in enumerate(base):
        kb = number % len(VERSIONS) + 1
        added = chance.randint(1, VERSIONS[kb] + 1)
        yield IndexRow(one.chunk_id, kb, rule_of(kb, one.rule), added, document_terms(one.title, one.text), one.vector)


def rule_of(kb: int, number: int) -> int:
    """Return the id of a rule, unique across bases."""
    return RULES * kb + number


def fill(index: WeaviateIndex, base: Sequence[BenchChunk]) -> None:
    """Write the rows, and print what the work of a sync costs."""
    writing = 0.0
    some: list[IndexRow] = []
    for one in rows(base):
        some.append(one)
        if len(some) == _BATCH:
            writing += timed(lambda: index.stage(some))  # noqa: B023 - called at once
            some = []
    writing += timed(lambda: index.stage(some))
    print(f"writing   {len(base) / writing:.0f} chunks/s without analysis")


def work(index: WeaviateIndex, base: Sequence[BenchChunk]) -> None:
    """Print what the other calls of a sync cost."""
    ended = [one.chunk_id for one in base[: 3 * _BATCH : 3]]
    census: list[int] = []
    steps: dict[str, Callable[[], object]] = {
        f"retire {len(ended)} rows": lambda: index.retire(1, ended, 9),
        "sweep the same": lambda: index.sweep(1, 9),
        f"move {len(ended)} rows to a rule": lambda: index.assign_rule(1, ended, 999),
        "census of one base": lambda: census.append(sum(1 for _ in index.visible(1, 9))),
        "count": lambda: index.count(1),
        "bases": index.bases,
    }
    for name, step in steps.items():
        print(f"{name:30} {timed(step) * 1000:8.1f} ms")
    print(f"{'':30} {census[0]} rows in the census")


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def ours(index: WeaviateIndex, times: Times) -> Callable[[SearchRequest], object]:
    """Return our search."""
    stub = index._connection._rpc()
    stub.Search = Counted(stub.Search, times)
    return index.search


def raw(server: WeaviateServer, collection: str, times: Times, closing: ExitStack) -> Callable[[SearchRequest], object]:
    """Return the same two calls by Weaviate's own client, side by side on one loop."""
    import weaviate  # noqa: PLC0415 - loaded where it is measured
    from weaviate.classes.init import AdditionalConfig, Timeout  # noqa: PLC0415 - as above
    from weaviate.classes.query import Filter, MetadataQuery  # noqa: PLC0415 - as above

    loop, parts = asyncio.new_event_loop(), urlsplit(server.url)
    client = weaviate.use_async_with_custom(
        parts.hostname, parts.port, False, parts.hostname, server.grpc_port, False,  # noqa: FBT003 - their signature
        skip_init_checks=True, additional_config=AdditionalConfig(timeout=Timeout(query=3)),
    )  # fmt: skip
    loop.run_until_complete(client.connect())
    closing.callback(lambda: loop.run_until_complete(client.close()))
    stub = client._connection._grpc_stub
    stub.Search = Counted(stub.Search, times)
    query = client.collections.use(collection).query

    def visible(request: SearchRequest) -> Any:
        clauses = [
            Filter.by_property("scope").contains_any([scope_of(kb, rule) for rule in sorted(request.access.rules[kb])])
            & Filter.by_property("added_in").less_or_equal(version)
            & Filter.by_property("removed_in").greater_than(version)
            for kb, version in request.versions.items()
        ]
        return Filter.any_of(clauses)

    async def both(request: SearchRequest) -> object:
        shared: dict[str, Any] = {"filters": visible(request), "limit": 120, "return_properties": ["chunk"]}
        text = question_text(request.terms, WORD_WEIGHTS.times)
        return await asyncio.gather(
            query.bm25(text, query_properties=["terms"], return_metadata=MetadataQuery(score=True), **shared),
            query.near_vector(request.vector, return_metadata=MetadataQuery(distance=True), **shared),
        )

    return lambda request: loop.run_until_complete(both(request))


def haystack(
    server: WeaviateServer,
    index: WeaviateIndex,
    base: Sequence[BenchChunk],
    texts: dict[int, str],
    *,
    times: Times,
    closing: ExitStack,
) -> Callable[[SearchRequest], object]:
    """Return Haystack's hybrid search over the same texts and vectors in a collection of its own form."""
    from haystack_integrations.components.retrievers.weaviate import (  # noqa: PLC0415 - where it is installed
        WeaviateHybridRetriever,
    )
    from haystack_integrations.document_stores.weaviate import WeaviateDocumentStore  # noqa: PLC0415 - as above

    settings = {"class": _PEER_COLLECTION, "vectorizer": "none"}
    store = WeaviateDocumentStore(url=server.url, grpc_port=server.grpc_port, collection_settings=settings)
    retriever = WeaviateHybridRetriever(document_store=store, top_k=100)
    store.count_documents()
    closing.callback(store.client.close)
    for at in range(0, len(base), _BATCH):
        index._connection.put(batch_pb2.BatchObjectsRequest(objects=map(_peer_object, base[at : at + _BATCH])))
    stub = store.client._connection._grpc_stub
    stub.Search, stub.Aggregate = Counted(stub.Search, times), Counted(stub.Aggregate, times)
    return lambda request: retriever.run(query=texts[id(request)], query_embedding=request.vector.tolist())


def _peer_object(one: BenchChunk) -> batch_pb2.BatchObject:
    found = batch_pb2.BatchObject(uuid=str(UUID(one.chunk_id)), collection=_PEER_COLLECTION)
    for name, value in {"_original_id": one.chunk_id, "content": one.text}.items():
        found.properties.non_ref_properties.fields[name].string_value = value
    found.vector_bytes = one.vector.tobytes()
    return found


def compare(
    searches: dict[str, tuple[Callable[[SearchRequest], object], Times]],
    asked: list[SearchRequest],
    server_cpu: Callable[[], float],
) -> None:
    """Ask every engine every question, in turn, and print times, ratio and bar; `server_cpu` in seconds."""
    for search, times in searches.values():
        for one in asked[:20]:
            search(one)
        times.traffic = 0
    for turn, start in enumerate(range(0, len(asked), IN_TURN)):
        first = turn % len(searches)
        for search, times in islice(cycle(searches.values()), first, first + len(searches)):
            before = server_cpu()
            for one in asked[start : start + IN_TURN]:
                times.take(lambda: search(one))  # noqa: B023 - called at once
            times.server += (server_cpu() - before) * 1000
    for name, (_, times) in searches.items():
        print(f"  {name:22} {times}, with the server's CPU {times.cpu_of_both():.1f} ms")
    mine, theirs = searches[OURS][1], searches[THEIRS][1]
    ratio = statistics.median(mine.wall) / statistics.median(theirs.wall)
    pairs = statistics.median(one / other for one, other in zip(mine.wall, theirs.wall, strict=True))
    both = mine.cpu_of_both() / theirs.cpu_of_both()
    print(f"ours is {ratio:.2f} of Weaviate's client by p50, {pairs:.2f} question by question, ", end="")
    print(f"{both:.2f} by CPU with the server's; the bar is {BAR}")


@dataclass(frozen=True, slots=True)
class Own:
    """A server that we started: its processes, none for somebody else's, and its folder."""

    processes: list[int]
    folder: Path

    def cpu(self) -> float:
        """Return the CPU seconds so far."""
        return cpu_seconds(self.processes)

    def __str__(self) -> str:
        """Return CPU time, memory and disk so far."""
        memory = f"at most {peak_mb(self.processes):.0f} MB of memory"
        return f"{self.cpu():.0f} CPU s, {memory}, {folder_mb(self.folder):.0f} MB of disk"


@contextmanager
def running() -> Iterator[tuple[WeaviateServer, Own]]:
    """Find or start a server; yield it and what can be said of one of our own."""
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        found = os.environ.get("TEST_WEAVIATE_URL")
        own = None if found else weaviate_server(Path(folder))
        if own:
            own.start()
        parts = urlsplit(own.url if own else str(found))
        try:
            port = int(parse_qs(parts.query)["grpc"][0])
            server = WeaviateServer(f"{parts.scheme}://{parts.netloc}", grpc_port=port)
            yield server, Own([own._process.pid] if own and own._process else [], Path(folder))
        finally:
            if own:
                own.kill()


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What a search in Weaviate costs.")
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--no-peer", action="store_true", help="without Haystack's retriever")
    options = parser.parse_args()
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    if installed := os.environ.get("BENCH_PEERS"):
        # Last: what we use ourselves, the peer uses in our versions.
        sys.path.append(installed)
    print("machine load", *(f"{one:.2f}" for one in os.getloadavg()))
    base = list(chunks(options.chunks))
    rights = AccessFilter({kb: frozenset(rule_of(kb, one) for one in range(READABLE)) for kb in VERSIONS})
    picked = questions(options.questions)
    asked = [SearchRequest(question_terms(one.text), one.vector, rights, VERSIONS) for one in picked]
    with running() as (server, own), ExitStack() as closing:
        index = WeaviateIndex(server, IndexIdentity(f"bench {os.getpid()}", "1", "bench", DIMENSIONS))
        closing.callback(index.close)
        empty = str(own)
        fill(index, base)
        print(f"server    {empty}; filled {own}", flush=True)
        mine, theirs, peers = Times(), Times(), Times()
        engines = {
            OURS: (ours(index, mine), mine),
            THEIRS: (raw(server, index.collection, theirs, closing), theirs),
        }
        if not options.no_peer and importlib.util.find_spec("haystack_integrations"):
            texts = {id(one): known.text for one, known in zip(asked, picked, strict=True)}
            engines["Haystack's hybrid"] = (haystack(server, index, base, texts, times=peers, closing=closing), peers)
        compare(engines, asked, own.cpu)
        work(index, base)
        print(f"{'drop a base':30} {timed(lambda: index.drop(2)) * 1000:8.1f} ms")
    print("machine load", *(f"{one:.2f}" for one in os.getloadavg()))


if __name__ == "__main__":
    main()
