"""Processes that bring an older index up to date together, or die while they do."""

import random
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from time import sleep

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from tests.aged_index import age, held, unmarked
from tests.child import start_child
from tests.contracts.chunk_index_rows import row


IDENTITY = IndexIdentity("here", "1")
ROWS = 1500


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a closed index of today's tables that takes some tenths of a second to write."""
    made = tmp_path / "index.db"
    index = SqliteIndex(made, IDENTITY)
    index.stage([row(n, f"leave word{n} " + "and more " * 40) for n in range(ROWS)])
    index.close()
    return made


def open_when_told(path: Path, there: Connection) -> None:
    """Open the index in the shortest transactions there are; tell each look at the clock, and when it is open."""
    there.send("ready")
    there.recv()
    seconds = count()

    def monotonic() -> float:
        there.send("look")
        return next(seconds)

    index = SqliteIndex(path, IDENTITY, monotonic=monotonic)
    there.send("open")
    there.recv()
    index.close()


def test_a_killed_upgrade_goes_on(path: Path) -> None:
    """After `kill -9` at any moment the file is sound, and the next process does what is left."""
    new, chance, between = held(path), random.Random(1), 0
    for _ in range(4):
        age(path)
        for _ in range(2):
            child, here = start_child(open_when_told, path)
            assert here.recv() == "ready"
            here.send("go")
            for _ in range(chance.randint(4, 60)):
                assert here.recv() == "look"
            sleep(chance.random() / 100)
            child.kill()
            child.join()
            here.close()
            between += 0 < unmarked(path)[1] < ROWS
        index = SqliteIndex(path, IDENTITY)
        index.check()
        index.close()
        assert held(path) == new
    assert between


def test_processes_that_open_at_once_share_the_work(path: Path) -> None:
    """None fails or waits for the whole; every row is written once."""
    new = held(path)
    age(path)
    children = [start_child(open_when_told, path) for _ in range(3)]
    try:
        assert [here.recv() for _, here in children] == ["ready"] * 3
        for _, here in children:
            here.send("go")
        for _, here in children:
            while here.recv() != "open":
                pass
        for _, here in children:
            here.send("end")
    finally:
        for child, here in children:
            here.close()
            child.join()
    assert held(path) == new
