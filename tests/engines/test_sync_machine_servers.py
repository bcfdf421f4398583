"""The sync machine with PostgreSQL and Weaviate: a short run of what `make soak` runs for long."""

from pathlib import Path

import pytest

from tests.engines.sync_places import server_places
from tests.soak.running import run_machine
from tests.soak.sizes import SERVER_CASES, STEPS


pytestmark = [pytest.mark.engines, pytest.mark.losses, pytest.mark.timeout(600)]


def test_with_servers_every_version_is_whole(tmp_path: Path, postgres_url: str, weaviate_url: str) -> None:
    """Edits, rights, kills, late writers, roll-backs: with servers, too, each version shows exactly what it must."""
    with server_places(tmp_path, postgres_url, weaviate_url) as places:
        run_machine(places, cases=3, steps=20)


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_with_servers_no_order_makes_a_difference(tmp_path: Path, postgres_url: str, weaviate_url: str) -> None:
    """Whatever is done and whoever dies at any step, with servers too."""
    with server_places(tmp_path, postgres_url, weaviate_url) as places:
        run_machine(places, cases=SERVER_CASES, steps=STEPS, number=1)
