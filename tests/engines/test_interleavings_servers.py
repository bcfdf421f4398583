"""Questions among syncs, promotions, roll-backs and changes of rights, in threads, with PostgreSQL and Weaviate."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.ingestion.equipment import SyncParts
from tests.engines.sync_places import server_places
from tests.soak.questions import Told, at_once
from tests.soak.sizes import SERVER_CASES


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(600)]


@pytest.fixture
def parts(tmp_path: Path, postgres_url: str, weaviate_url: str) -> Iterator[SyncParts]:
    """Return the parts of an installation with servers."""
    with server_places(tmp_path, postgres_url, weaviate_url) as places, places() as place:
        yield place.parts


def test_an_answer_with_servers_is_of_one_version_and_readable(tmp_path: Path, parts: SyncParts) -> None:
    """Citations are of one version a base that was active while it was asked, and of what its reader might read."""
    told = Told()
    for number in range(2):
        told += at_once(parts, tmp_path / "documents", number)
    assert told.cited > 0
    assert told.changed > 0


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_no_moment_lets_an_answer_cite_what_it_must_not(tmp_path: Path, parts: SyncParts) -> None:
    """The same, for long."""
    told = Told()
    for number in range(SERVER_CASES // 2):
        told += at_once(parts, tmp_path / "documents", number)
    assert told.changed > 0
