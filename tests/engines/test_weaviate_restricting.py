"""A large base in Weaviate is restricted: the next question obeys, and no object of the index is written."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipelines.adapters.folder_blobs import FolderBlobs
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.system_clock import SystemClock
from pipelines.adapters.weaviate_index import WeaviateIndex, WeaviateServer
from pipelines.answering.pipeline import Answering
from tests.bench.corpus import DIMENSIONS
from tests.bench.filling import fill, open_records
from tests.engines.weaviate_scene import identity, remove, server_at
from tests.soak.restricting import check_restricting
from tests.soak.sizes import CHUNKS


pytestmark = [pytest.mark.engines, pytest.mark.soak, pytest.mark.timeout(4 * 3600)]

_PAGE = 1000


@dataclass(frozen=True)
class Large:
    """A base of many chunks, and what answers questions over it."""

    server: WeaviateServer
    records: SqlRecords
    index: WeaviateIndex
    answering: Answering

    @property
    def kb(self) -> int:
        """Number of the base."""
        return self.records.bases.get("bench").id

    def written(self) -> dict[str, tuple[int, int, dict[str, Any]]]:
        """
        Return object id -> when it was made, when it was last written, what it holds.

        Weaviate keeps both times in milliseconds. A write of what is there already is a
        write: it sets the second one.
        """
        found: dict[str, tuple[int, int, dict[str, Any]]] = {}
        with httpx.Client(base_url=self.server.rest_address, trust_env=False, timeout=60) as client:
            asked = {"class": self.index.collection, "limit": str(_PAGE)}
            while page := client.get("/v1/objects", params=asked).raise_for_status().json()["objects"]:
                for one in page:
                    found[one["id"]] = (one["creationTimeUnix"], one["lastUpdateTimeUnix"], one["properties"])
                asked["after"] = page[-1]["id"]
        return found


@pytest.fixture
def large(tmp_path: Path, weaviate_url: str) -> Iterator[Large]:
    """Return a base that everybody may read, under twenty rules."""
    server = server_at(weaviate_url)

    def open_index(_: Path, installation: str) -> WeaviateIndex:
        return WeaviateIndex(server, identity(installation=installation, embedder="bench", dimensions=DIMENSIONS))

    fill(tmp_path, CHUNKS, open_index)
    with closing(open_records(tmp_path)) as records, closing(open_index(tmp_path, records.installation)) as index:
        blobs, clock = FolderBlobs(tmp_path / "blobs"), SystemClock()
        answering = Answering(records, index, None, blobs, clock, question_chars=2000)
        yield Large(server, records, index, answering)
        remove(server, index.collection)


def test_a_restriction_writes_no_object_of_weaviate(large: Large) -> None:
    """Who was shut out finds nothing from the next question on; who is let in finds as before; nothing was written."""
    before = large.written()
    assert len(before) == CHUNKS
    check_restricting(large.records, large.answering, large.kb, large.written, of="objects")
    assert large.written() == before
    assert _seen_to_be_written(large, before)


def _seen_to_be_written(large: Large, before: dict[str, Any]) -> bool:
    """Say whether one write of what a row holds already is seen, as the one change that there is."""
    row = next(large.index.lives(large.kb))
    large.index.restore(large.index.whole(large.kb, [(row.chunk_id, row.added_in)]))
    after = large.written()
    return after.keys() == before.keys() and sum(after[one] != before[one] for one in before) == 1
