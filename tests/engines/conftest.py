"""One server of each kind for a whole run, found by its address or started. A test that kills one starts its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.servers import Server, postgres_server, redis_server, s3_server, weaviate_server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Return the address of a Redis (`TEST_REDIS_URL` names one that runs)."""
    yield from _found_or_started("TEST_REDIS_URL", redis_server)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Return the address of a PostgreSQL database (`TEST_DATABASE_URL` names one that runs)."""
    yield from _found_or_started("TEST_DATABASE_URL", postgres_server)


@pytest.fixture(scope="session")
def weaviate_url() -> Iterator[str]:
    """Return the address of a Weaviate (`TEST_WEAVIATE_URL` names one that runs)."""
    yield from _found_or_started("TEST_WEAVIATE_URL", weaviate_server)


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    """Return the address of an S3-compatible store with a bucket `footnote` that the tests' key opens."""
    yield from _found_or_started("TEST_S3_URL", s3_server)


@pytest.fixture
def postgres() -> Iterator[Server]:
    """Return a PostgreSQL of one test's own, which it may kill and start again."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        started = postgres_server(Path(folder))
        started.start()
        yield started
        started.stop()


def _found_or_started(variable: str, make: Callable[[Path], Server]) -> Iterator[str]:
    if address := os.environ.get(variable):
        yield address
        return
    # Not in pytest's own folder: only its owner may enter that one, and a socket's path is short.
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = make(Path(folder))
        server.start()
        yield server.url
        server.stop()
