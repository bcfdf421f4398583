"""A large base is restricted: the next question obeys, and nothing of the index is written."""

import hashlib
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
from tests.bench.filling import fill, open_index, open_records
from tests.soak.restricting import check_restricting
from tests.soak.sizes import CHUNKS


pytestmark = [pytest.mark.soak, pytest.mark.timeout(4 * 3600)]


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
    check_restricting(large.records, large.answering, large.kb, large.written, of="rows")
    assert large.index.count(large.kb) == CHUNKS
