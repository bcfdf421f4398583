"""The servers that tests start: they answer, they are silent, they end and come back with what was written."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis

from tests.servers import redis_server


pytestmark = pytest.mark.engines
ROOT = Path(__file__).parents[2]


def test_a_server_ends_and_comes_back() -> None:
    """A killed server with a disk has what it acknowledged, at the same address."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = redis_server(Path(folder), "--appendonly", "yes", "--appendfsync", "always")
        server.start()
        client = redis.Redis.from_url(server.url)
        client.set("kept", "yes")
        server.kill()
        with pytest.raises(redis.ConnectionError):
            client.get("kept")
        server.start()
        assert client.get("kept") == b"yes"
        client.close()
        server.stop()


def test_a_frozen_server_is_silent() -> None:
    """A frozen server accepts a connection and answers nothing until it is thawed."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = redis_server(Path(folder))
        server.start()
        server.freeze()
        client = redis.Redis.from_url(server.url, socket_timeout=0.2, retry=None)
        with pytest.raises(redis.TimeoutError):
            client.ping()
        server.thaw()
        assert client.ping()
        client.close()
        server.stop()


def test_each_kind_answers(redis_url: str, postgres_url: str, weaviate_url: str) -> None:
    """All three are found or started."""
    assert redis_url.startswith("redis://")
    assert postgres_url.startswith("postgresql")
    assert weaviate_url.startswith("http")


@pytest.mark.parametrize(("variables", "status"), [({"CI": "true"}, 1), ({}, 0)])
def test_a_missing_program_is_a_failure_of_a_clean_run(tmp_path: Path, variables: dict[str, str], status: int) -> None:
    """Who develops without `ip` skips the count of packets, and reads why; with CI=true no proof is left out so."""
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path), **variables}
    line = [sys.executable, "-m", "pytest", "-rs", "tests/security/test_no_packets.py::test_the_counter_counts"]
    done = subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100)
    assert "is not installed: deploy/install-engines.sh installs it" in done.stdout
    assert done.returncode == status
