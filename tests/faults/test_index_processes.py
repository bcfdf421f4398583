"""Processes that write the index together, or die while they do."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import sleep

import pytest

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.errors import Busy
from pipelines.ports.chunk_index import IndexRow, SearchRequest, TermFields
from tests.contracts.chunk_index_rows import DIMENSIONS, KB, numbers, question, row, words


IDENTITY = IndexIdentity("here", "1", "faults", DIMENSIONS)
BATCH = 64
ENOUGH = 1000

Work = Callable[[Path, int, Connection], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the index shall be."""
    return tmp_path / "index.db"


@contextmanager
def process(work: Work, file: Path, number: int = 0) -> Iterator[tuple[BaseProcess, Connection]]:
    """Start a process and yield it with the pipe to it; it is dead afterwards."""
    context = get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=work, args=(file, number, there))
    child.start()
    there.close()
    try:
        yield child, here
    finally:
        child.kill()
        child.join()
        child.close()
        here.close()


def batch(number: int) -> list[IndexRow]:
    """Return the rows of a batch: long enough that a process can die in the middle of them."""
    return [row(number * BATCH + n, f"leave word{n} " + "and more " * 40, at=[1]) for n in range(BATCH)]


def stage_for_ever(file: Path, first: int, parent: Connection) -> None:
    """Write batch after batch, and tell each that is written."""
    index = SqliteIndex(file, IDENTITY)
    for number in range(first, ENOUGH):
        index.stage(batch(number))
        parent.send(number)


def stage_twenty(file: Path, first: int, parent: Connection) -> None:
    """Write twenty batches when told to."""
    index = SqliteIndex(file, IDENTITY)
    parent.send("ready")
    parent.recv()
    for number in range(first, first + 20):
        index.stage(batch(number))
    index.close()
    parent.send("done")


def follow_orders(file: Path, _number: int, parent: Connection) -> None:
    """Do to the index what the parent says, and say when it is done."""
    index = SqliteIndex(file, IDENTITY)
    while True:
        method, arguments = parent.recv()
        parent.send(getattr(index, method)(*arguments))


def hold_the_lock(file: Path, _number: int, parent: Connection) -> None:
    """Begin to write and never end."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    parent.send("held")
    parent.recv()


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_writer_leaves_a_sound_file(file: Path, seed: int) -> None:
    """After `kill -9` at any moment every acknowledged row is found, no row is half there, and writing goes on."""
    chance = random.Random(seed)
    acknowledged = -1
    for _ in range(2):
        with process(stage_for_ever, file, acknowledged + 1) as (child, pipe):
            acknowledged = max(acknowledged, pipe.recv())
            sleep(chance.random() / 10)
            child.kill()
            child.join()
            while pipe.poll():
                try:
                    acknowledged = max(acknowledged, pipe.recv())
                except EOFError:
                    break
        assert_sound(file, acknowledged)
    index = SqliteIndex(file, IDENTITY)
    index.stage(batch(acknowledged + 1))
    index.close()
    assert_sound(file, acknowledged + 1)


def assert_sound(file: Path, acknowledged: int) -> None:
    """Check that the file is sound, complete to the last acknowledged batch, and that each row is whole."""
    index = SqliteIndex(file, IDENTITY)
    index.check()
    there = {int(one.chunk_id, 16) for one in index.visible(KB, 1)}
    assert set(range((acknowledged + 1) * BATCH)) <= there
    for number in range(max(there) // BATCH + 1):
        expected = {one for one in there if one // BATCH == number}
        assert found_in_batch(index, number) == expected
    index.close()
    connection = sqlite3.connect(file)
    for table in ("vectors", "words"):
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a constant
        assert rows == len(there)
    connection.close()


def found_in_batch(index: SqliteIndex, number: int) -> set[int]:
    """Return the rows of a batch that both lists find."""
    found = set()
    for n in range(BATCH):
        asked = question(f"word{n}", at=[1])
        hits = index.search(SearchRequest(TermFields((f"word{n}",)), None, asked.access, asked.versions))
        found |= {one for one in words(hits) if one // BATCH == number}
    return found


def test_two_processes_write_at_once(file: Path) -> None:
    """Both wait for each other's transactions and lose nothing; a third reads what they wrote."""
    index = SqliteIndex(file, IDENTITY)
    with process(stage_twenty, file, 0) as (_, one), process(stage_twenty, file, 20) as (_, other):
        for pipe in (one, other):
            assert pipe.recv() == "ready"
        for pipe in (one, other):
            pipe.send("go")
        for pipe in (one, other):
            assert pipe.recv() == "done"
    assert index.count(KB) == len(list(index.visible(KB, 1))) == 40 * BATCH
    assert len(index.search(question("leave", at=[1])).words) == 100
    index.check()
    index.close()


def test_a_process_that_never_ends_its_write_is_busy(file: Path) -> None:
    """Whoever waits in vain is told so in one sentence; once the other is dead, the write happens."""
    index = SqliteIndex(file, IDENTITY, wait_s=0.1)
    with process(hold_the_lock, file) as (_, pipe):
        assert pipe.recv() == "held"
        with pytest.raises(Busy, match=f"^{file} is in use by another process: try again when that one has ended$"):
            index.stage(batch(0))
    index.stage(batch(0))
    assert index.count(KB) == BATCH
    index.close()


def test_another_process_sees_every_write_at_once(file: Path) -> None:
    """With the next question it finds what came, and no longer finds what went, moved or ended."""
    index = SqliteIndex(file, IDENTITY)
    assert index.search(question("leave", at=[1])).words == {}
    with process(follow_orders, file) as (_, pipe):

        def seen_after(method: str, *arguments: object, version: int = 1) -> list[int]:
            pipe.send((method, arguments))
            pipe.recv()
            found = index.search(question("leave", at=[1], versions={KB: version}))
            assert numbers(found.words) == numbers(found.vectors)
            return numbers(found.words)

        ids = [row(n).chunk_id for n in range(4)]
        assert seen_after("stage", [row(n, "leave", at=[1]) for n in range(4)]) == [0, 1, 2, 3]
        assert seen_after("retire", KB, ids[:1], 2, version=2) == [1, 2, 3]
        assert seen_after("revive", KB, [(ids[0], 1)], version=2) == [0, 1, 2, 3]
        assert seen_after("assign_rule", KB, ids[1:2], 11) == [0, 2, 3]
        assert seen_after("delete", KB, [(ids[2], 1)]) == [0, 3]
        assert seen_after("stage", [row(9, "leave", added_in=2, at=[1])], version=2) == [0, 3, 9]
        assert seen_after("sweep", KB, 2, version=2) == [0, 3]
        assert seen_after("drop", KB) == []
    index.close()
