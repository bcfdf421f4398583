"""A large base is restricted: the next question obeys, and nothing of the index is written."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.sqlite_index import SqliteIndex
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.pipeline import Answering
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Outcome, Question
from tests.bench.corpus import RULES, questions
from tests.bench.filling import fill, open_index, open_records, team
from tests.soak.sizes import CHUNKS


pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]

BEN = principal_as([team(number) for number in range(RULES)])
TEXT = questions(1)[0].text


@dataclass(frozen=True)
class Large:
    """A base of many chunks, and what answers questions over it."""

    folder: Path
    records: SqlRecords
    index: SqliteIndex
    answering: Answering

    @property
    def kb(self) -> int:
        """Number of the base."""
        return self.records.bases.get("bench").id

    def written(self) -> dict[str, str]:
        """Return the index's files by their bytes."""
        return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in self.folder.glob("index.db*")}


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Large]:
    """Return a base that everybody may read, under twenty rules."""
    fill(tmp_path, CHUNKS)
    with closing(open_records(tmp_path)) as records, closing(open_index(tmp_path, records.installation)) as index:
        blobs, clock = FolderBlobs(tmp_path / "blobs"), SystemClock()
        yield Large(tmp_path, records, index, Answering(records, index, None, blobs, clock, question_chars=2000))


def test_a_restriction_writes_no_row_of_the_index(large: Large) -> None:
    """Who was shut out finds nothing from the next question on; who is let in finds as before; no byte was written."""
    found = large.answering.retrieve(Question(TEXT, BEN))
    assert found.hits
    before, began = large.written(), time.perf_counter()
    large.records.access.set_readers(large.kb, ["user:anna"], OPERATOR)
    restricted = time.perf_counter()
    answer = large.answering.ask(Question(TEXT, BEN))
    asked = time.perf_counter()
    assert answer.outcome is not Outcome.ANSWER
    assert not answer.citations
    assert not large.answering.retrieve(Question(TEXT, BEN)).hits
    large.records.access.set_readers(large.kb, [EVERYONE], OPERATOR)
    assert large.answering.retrieve(Question(TEXT, BEN)).scores == found.scores
    assert large.written() == before
    assert large.index.count(large.kb) == CHUNKS
    took = (restricted - began) * 1000, (asked - restricted) * 1000
    print(f"{CHUNKS} chunks: restricted in {took[0]:.1f} ms, the next question in {took[1]:.1f} ms, rows written: 0")
