"""
The embedded index against the fake, over any order of writes, as one process and as another sees it.

Scores of words are each index's own; what is found, in which versions and by whom, is not.
"""

import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.ports.chunk_index import IndexRow
from tests.contracts.chunk_index_rows import DIMENSIONS, chunk, numbers, question, row, words
from tests.examples import examples
from tests.fakes.memory_index import MemoryIndex


IDENTITY = IndexIdentity("here", "1", "machine", DIMENSIONS)
BASES = (1, 2)
RULES = {1: (10, 11), 2: (20, 21)}
EVERY_RULE = {kb: set(own) for kb, own in RULES.items()}
WORDS = ("leave", "toner", "desk")
MOST = 7
"""Chunks of each base, and versions."""

versions = st.integers(1, MOST)
kbs = st.sampled_from(BASES)


@st.composite
def chunks_of(draw: st.DrawFn) -> tuple[int, list[str]]:
    """Return a base and some of its chunks; one of another base may be among them."""
    kb = draw(kbs)
    drawn = draw(st.lists(st.integers(0, MOST), min_size=1, max_size=4))
    return kb, [name(kb, number) if number else name(3 - kb, 1) for number in drawn]


@st.composite
def rows(draw: st.DrawFn) -> IndexRow:
    """Return a row of any base, version, rule, words and vector."""
    kb = draw(kbs)
    text = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
    at = draw(st.none() | st.sampled_from([(1,), (0, 1), (0.6, 0.8), (-1,)]))
    governed = draw(st.sampled_from(RULES[kb]))
    number = int(name(kb, draw(st.integers(1, MOST))), 16)
    return row(number, text, kb=kb, rule=governed, added_in=draw(versions), at=at)


def name(kb: int, number: int) -> str:
    """Return the id of a base's chunk; ids name their base."""
    return chunk(100 * kb + number)


def first_row(kb: int, number: int) -> IndexRow:
    """Return one of the rows with which a base begins."""
    begun, governed = 1 + number % 2, RULES[kb][number % 2]
    return row(100 * kb + number, WORDS[number % 3], kb=kb, rule=governed, added_in=begun, at=(0.6, 0.8))


class IndexMachine(RuleBasedStateMachine):
    """Every write goes to the fake and to one connection; both connections must answer as the fake does."""

    @initialize()
    def make(self) -> None:
        """Begin with a file that two connections have open, and some rows in two versions of each base."""
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "index.db"
        self.fake = MemoryIndex(DIMENSIONS)
        self.here = SqliteIndex(self.path, IDENTITY)
        self.elsewhere = SqliteIndex(self.path, IDENTITY)
        self.both("stage", [first_row(kb, number) for kb in BASES for number in range(1, MOST + 1)])
        self.compare(self.elsewhere, dict.fromkeys(BASES, 1), EVERY_RULE)

    def teardown(self) -> None:
        """Look at every version once more, and at the file itself."""
        if not hasattr(self, "folder"):
            return
        for version in range(MOST + 2):
            self.compare(self.elsewhere, dict.fromkeys(BASES, version), EVERY_RULE)
        self.here.check()
        self.here.close()
        self.elsewhere.close()
        self.folder.cleanup()

    @rule(some=st.lists(rows(), min_size=1, max_size=6))
    def stage(self, some: list[IndexRow]) -> None:
        """Write rows."""
        self.both("stage", some)

    @rule(some=chunks_of(), version=versions)
    def retire(self, some: tuple[int, list[str]], version: int) -> None:
        """End rows."""
        self.both("retire", *some, version)

    @rule(some=chunks_of(), at=st.integers(0, 1))
    def assign_rule(self, some: tuple[int, list[str]], at: int) -> None:
        """Change who may read."""
        kb, ids = some
        self.both("assign_rule", kb, ids, RULES[kb][at])

    @rule(some=chunks_of(), version=versions, revive=st.booleans())
    def by_key(self, some: tuple[int, list[str]], version: int, *, revive: bool) -> None:
        """Delete or revive single lives."""
        kb, ids = some
        self.both("revive" if revive else "delete", kb, [(one, version) for one in ids])

    @rule(kb=kbs, version=versions, method=st.sampled_from(["sweep", "sweep", "vacuum", "drop"]))
    def whole_base(self, kb: int, version: int, method: str) -> None:
        """Undo a version, delete what ended, or delete a base."""
        self.both(method, kb, *([] if method == "drop" else [version]))

    @rule()
    def reopen(self) -> None:
        """End the writing process and start another."""
        self.here.close()
        self.here = SqliteIndex(self.path, IDENTITY)

    @rule()
    def forget_changes(self) -> None:
        """Cut the table of changes, as happens when a process has not looked for very many of them."""
        connection = sqlite3.connect(self.path)
        connection.execute("DELETE FROM changes WHERE seq < (SELECT max(seq) FROM changes)")
        connection.commit()
        connection.close()

    @rule(
        asked=st.dictionaries(kbs, versions, min_size=1),
        held=st.fixed_dictionaries({kb: st.sets(st.sampled_from(own), min_size=1) for kb, own in RULES.items()}),
        here=st.booleans(),
    )
    def look(self, asked: Mapping[int, int], held: Mapping[int, set[int]], *, here: bool) -> None:
        """Search and count as either process; the other may not have looked for long."""
        self.compare(self.here if here else self.elsewhere, asked, held)

    def both(self, method: str, *arguments: object) -> None:
        """Write to the fake and to the file."""
        assert getattr(self.here, method)(*arguments) == getattr(self.fake, method)(*arguments)
        self.compare(self.here, dict.fromkeys(BASES, MOST - 1), EVERY_RULE)

    def compare(self, index: SqliteIndex, asked: Mapping[int, int], held: Mapping[int, set[int]]) -> None:
        """Hold an index against the fake: lists, rows of a version, counts."""
        for at, text in (((1.0,), "leave"), ((0.6, 0.8), " ".join(WORDS))):
            wanted = question(text, at=at, rules=held, versions=asked)
            found, expected = index.search(wanted), self.fake.search(wanted)
            assert words(found) == words(expected)
            assert found.vectors == pytest.approx(expected.vectors)
            assert numbers(found.vectors) == numbers(expected.vectors)
        for kb, version in asked.items():
            assert index.count(kb) == self.fake.count(kb)
            assert set(index.visible(kb, version)) == set(self.fake.visible(kb, version))


def test_the_embedded_index_is_the_fake() -> None:
    """No order of writes, of any process, lets one of two processes see anything else than the fake does."""
    run_state_machine_as_test(
        IndexMachine,
        settings=settings(
            max_examples=examples(40), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
