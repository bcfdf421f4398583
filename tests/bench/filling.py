"""The bench's chunks as a sync leaves them: rows in the index, lives and passages in the records."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import EVERYONE, OPERATOR
from pipelines.domain.citations import Place
from pipelines.domain.jobs import Lease
from pipelines.domain.knowledge import ChunkLife, DocumentVersion, Passage, SyncResult
from pipelines.domain.reading import Block, BlockKind
from pipelines.ports.chunk_index import ChunkIndex, IndexRow
from pipelines.ports.records import StagedDocument
from pipelines.retrieval.terms import document_terms
from tests.bench.corpus import DIMENSIONS, RULES, BenchChunk, chunks


_BATCH = 64
_CHUNKS_PER_UNIT = 2
_SENTENCE = 120


def open_records(folder: Path) -> SqlRecords:
    """Open the records of the bench."""
    return SqlRecords(Database(f"sqlite:///{folder / 'records.db'}"), SystemClock())


def open_index(folder: Path, installation: str) -> SqliteIndex:
    """Open the index of the bench."""
    return SqliteIndex(folder / "index.db", IndexIdentity(installation, "1", "bench", DIMENSIONS))


def team(number: int) -> str:
    """Return the reader who satisfies a rule of the corpus."""
    return f"group:team {number}"


def fill(folder: Path, count: int, open_with: Callable[[Path, str], ChunkIndex] = open_index) -> None:
    """Write a base of so many chunks into the index that is opened, and print what that costs."""
    base = list(chunks(count))
    print(f"{count} chunks of {sum(len(one.text) for one in base) / count:.0f} characters")
    records = open_records(folder)
    kb = records.bases.add("bench", "folder", str(folder), OPERATOR).id
    records.access.set_readers(kb, [EVERYONE], OPERATOR)
    rules = [records.access.rule(kb, [team(number)]) for number in range(RULES)]
    lease = records.jobs.lease(records.jobs.submit("sync", kb, {}).id, "bench", 3600)
    version = records.ledger.begin(lease)
    index = open_with(folder, records.installation)
    _fill_index(index, base, kb, rules)
    index.vacuum(kb, 0)
    index.close()
    _fill_ledger(records, lease, version, base, rules)
    records.ledger.finish(lease, version, SyncResult(version), promote=True)
    records.close()
    files = [one for one in (folder / "index.db", folder / "records.db") if one.exists()]
    sizes = ", ".join(f"{one.name} {one.stat().st_size / 1e6:.1f} MB" for one in files)
    print(f"disk      {sizes}")


def _fill_index(index: ChunkIndex, base: Sequence[BenchChunk], kb: int, rules: Sequence[int]) -> None:
    analysis = writing = longest = 0.0
    for at in range(0, len(base), _BATCH):
        began = time.perf_counter()
        rows = [
            IndexRow(one.chunk_id, kb, rules[one.rule], 1, document_terms(one.title, one.text), one.vector)
            for one in base[at : at + _BATCH]
        ]
        analysed = time.perf_counter()
        index.stage(rows)
        taken = time.perf_counter() - analysed
        analysis, writing, longest = analysis + analysed - began, writing + taken, max(longest, taken)
    print(f"analysis  {analysis * 1000 / len(base):.2f} ms a chunk")
    print(f"writing   {len(base) / writing:.0f} chunks/s, longest call for {_BATCH} chunks {longest * 1000:.0f} ms")


def _fill_ledger(
    records: SqlRecords, lease: Lease, version: int, base: Sequence[BenchChunk], rules: Sequence[int]
) -> None:
    documents = [list(some) for _, some in groupby(base, key=lambda one: one.document)]
    for at in range(0, len(documents), _BATCH):
        staged = [_staged(some, version, rules[some[0].rule]) for some in documents[at : at + _BATCH]]
        records.ledger.stage(lease, version, staged)


def _staged(some: Sequence[BenchChunk], version: int, rule: int) -> StagedDocument:
    number, title = some[0].document, some[0].title
    path = f"{number}.md"
    life = DocumentVersion(0, 0, str(number), path, title, None, None, "c" * 64, "t" * 64, rule, rule, "1")
    paged = number % 2 == 0
    return StagedDocument(
        document=None,
        previous=None,
        life=life,
        passages=tuple(_passage(one, ordinal, paged=paged) for ordinal, one in enumerate(some)),
        new_chunks=tuple(ChunkLife(one.chunk_id, version, rule, "s" * 64) for one in some),
        ended_chunks=(),
    )


def _passage(one: BenchChunk, ordinal: int, *, paged: bool) -> Passage:
    unit = ordinal // _CHUNKS_PER_UNIT
    place = Place(page=unit) if paged else Place(heading=f"Part {unit}", anchor=f"part-{unit}")
    start = 2000 * ordinal
    blocks = tuple(_blocks(start, start + len(one.text)))
    return Passage(ordinal, one.chunk_id, unit, start, start + len(one.text), place, (f"Part {unit}",), blocks)


def _blocks(start: int, end: int) -> Iterator[Block]:
    for at in range(start, end, 4 * _SENTENCE):
        yield Block(BlockKind.PARAGRAPH, at, min(end, at + 4 * _SENTENCE))
