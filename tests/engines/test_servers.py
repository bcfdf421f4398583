"""The servers that tests start: they answer, they are silent, they end and come back with what was written."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis

from tests.servers import redis_server


pytestmark = pytest.mark.engines


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
