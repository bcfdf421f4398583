"""MaxScore against one query that scores every row found: the same rows with the same scores, whatever was written."""

import random
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from pipelines.adapters.sqlite_index import IndexIdentity, SqliteIndex
from pipelines.adapters.sqlite_index.connection import connect, reading
from pipelines.adapters.sqlite_index.max_score import MaxScore, RankedRows, column_weights, largest_part
from pipelines.adapters.sqlite_index.mirror import Mirror
from pipelines.adapters.sqlite_index.tokens import any_of, question_tokens
from pipelines.ports.chunk_index import IndexRow
from pipelines.retrieval.terms import FIELD_WEIGHTS
from tests.contracts.chunk_index_rows import KB, chunk, question, row, terms
from tests.examples import examples


IDENTITY = IndexIdentity("here", "1")
VOCABULARY = [f"w{number}" for number in range(14)]
RULES = (10, 11)
EVERY_RULE = {KB: set(RULES)}
_SCORED = "SELECT rowid, -bm25(words, {}) AS score FROM words WHERE words MATCH ?"
PLAIN = _SCORED.format(column_weights(FIELD_WEIGHTS))
seeds = st.integers(0, 2**32)
numbers = st.lists(st.integers(1, 120), min_size=1, max_size=60)


def some_rows(seed: int, count: int) -> list[IndexRow]:
    """Return rows whose words are as unequal in number as those of a language, some often repeated."""
    chance = random.Random(seed)
    common = [1 / (at + 1) for at in range(len(VOCABULARY))]
    found = []
    for _ in range(count):
        words = chance.choices(VOCABULARY, common, k=chance.randint(1, 3)) * chance.choice((1, 1, 4, 60))
        others = [f"p{chance.randint(0, 99)}" for _ in range(chance.choice((0, 0, 60, 200)))]
        number, governed = chance.randint(1, 120), chance.choice(RULES)
        found.append(row(number, " ".join([*words, *others]), title=chance.choice(words), rule=governed))
    return found


class Asked:
    """MaxScore on its own connection to a file that others write, and the statements that it executes."""

    def __init__(self, path: Path, *, whole: int, share: float, drift: float = 0.125) -> None:
        self.connection = connect(path, wait_s=1, full_durability=False)
        self.mirror = Mirror(0)
        self.max_score = MaxScore(self.connection, self.mirror, FIELD_WEIGHTS, whole=whole, share=share, drift=drift)
        self.ranked: list[str] = []
        self.connection.set_trace_callback(lambda sql: self.ranked.append(sql) if "bm25" in sql else None)

    def best(self, text: str, count: int) -> RankedRows:
        """Ask for the best rows, compare them with those of one query, and return them."""
        tokens = question_tokens(terms(text, title=text), FIELD_WEIGHTS)
        with reading(self.connection):
            self.mirror.refresh(self.connection)
            plain: dict[int, float] = dict(self.connection.execute(PLAIN, (any_of(tokens),)))
            self.ranked.clear()
            found = self.max_score.best(tokens, count)
            assert self.mirror.rows == self.connection.execute("SELECT count(*) FROM words").fetchone()[0]
        assert_best(found, plain, count)
        return found


def assert_best(found: Sequence[tuple[int, float]], plain: Mapping[int, float], count: int) -> None:
    """Check that these are the best of all rows; where more tie than fit, any of them."""
    scores = [score for _, score in found]
    assert dict(found) == pytest.approx({one: plain[one] for one, _ in found}, rel=1e-9)
    assert scores == pytest.approx(sorted(plain.values(), reverse=True)[:count], rel=1e-9)
    assert scores == sorted(scores, reverse=True)


class MaxScoreMachine(RuleBasedStateMachine):
    """One connection writes; three others keep counts for none, some and most of their changes."""

    @initialize(seed=seeds, share=st.sampled_from([0.02, 0.1, 0.3]))
    def make(self, seed: int, share: float) -> None:
        """Begin with some rows."""
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "index.db"
        self.index = SqliteIndex(self.path, IDENTITY)
        self.asked = [Asked(self.path, whole=0, share=share, drift=drift) for drift in (0, 0.125, 0.9)]
        self.stage(seed, 60)

    def teardown(self) -> None:
        """Close all."""
        if hasattr(self, "folder"):
            for one in self.asked:
                one.connection.close()
            self.index.close()
            self.folder.cleanup()

    @rule(seed=seeds, count=st.integers(1, 40))
    def stage(self, seed: int, count: int) -> None:
        """Write rows, some in place of others."""
        self.index.stage(some_rows(seed, count))

    @rule(some=numbers, version=st.integers(2, 4), vacuum=st.booleans())
    def retire(self, some: list[int], version: int, *, vacuum: bool) -> None:
        """End rows, and delete those that ended."""
        self.index.retire(KB, [chunk(number) for number in some], version)
        if vacuum:
            self.index.vacuum(KB, version)

    @rule(some=numbers, governed=st.sampled_from(RULES))
    def assign_rule(self, some: list[int], governed: int) -> None:
        """Change who may read."""
        self.index.assign_rule(KB, [chunk(number) for number in some], governed)

    @rule(word=st.sampled_from(VOCABULARY), most=st.integers(1, 40))
    def delete_holders(self, word: str, most: int) -> None:
        """Delete rows that hold a word, which makes it rarer than it was counted."""
        found = self.index.search(question(word, rules=EVERY_RULE)).words
        self.index.delete(KB, [(one, 1) for one in islice(found, most)])

    @rule()
    def forget_changes(self) -> None:
        """Cut the table of changes, as happens when a process has not looked for very many of them."""
        connection = sqlite3.connect(self.path)
        connection.execute("DELETE FROM changes WHERE seq < (SELECT max(seq) FROM changes)")
        connection.commit()
        connection.close()

    @rule(words=st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=5), count=st.integers(1, 12))
    def ask(self, words: list[str], count: int) -> None:
        """Ask everybody."""
        for one in self.asked:
            one.best(" ".join(words), count)


def test_no_row_of_the_best_is_missed() -> None:
    """After any writes the best rows are those of one query, with counts that are kept for long and for short."""
    run_state_machine_as_test(
        MaxScoreMachine,
        settings=settings(
            max_examples=examples(60), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the index is."""
    return tmp_path / "index.db"


@pytest.fixture
def index(path: Path) -> Iterator[SqliteIndex]:
    """Return an empty index."""
    opened = SqliteIndex(path, IDENTITY)
    yield opened
    opened.close()


@pytest.fixture
def asked(path: Path) -> Iterator[Asked]:
    """Return a MaxScore for the file of `index` that asks in parts and keeps its counts for long."""
    made = Asked(path, whole=0, share=0.02, drift=0.9)
    yield made
    made.connection.close()


def stage_texts(index: SqliteIndex, texts: Sequence[str]) -> None:
    """Write a row for each text."""
    index.stage([row(number, text) for number, text in enumerate(texts, 1)])


def test_rows_with_common_words_only_are_not_scored(index: SqliteIndex, asked: Asked) -> None:
    """Where the common word cannot lift a row above those with the rare one, no query asks for it alone."""
    stage_texts(index, ["common"] * 90 + ["other"] * 100 + ["rare rare common"] * 5)
    assert len(asked.best("rare common", 3)) == 3
    assert asked.ranked
    assert not any('"scommon"' in one.split(" AND ")[0] for one in asked.ranked)


def test_a_common_word_often_repeated_is_not_missed(index: SqliteIndex, asked: Asked) -> None:
    """A row without the rare word is among the best where its part of the score comes near the largest possible."""
    padding = " ".join(f"p{number}" for number in range(60))
    stage_texts(index, [f"rare {padding}"] * 10 + ["common " * 12] * 20 + [f"common {padding}"] * 10 + ["other"] * 100)
    best = asked.best("rare common", 3)
    assert {one for one, _ in best} < set(range(11, 31))
    assert len(asked.ranked) == 2


@pytest.mark.parametrize("holders", [1, 3, 20, 49])
def test_no_row_scores_above_the_largest_part(index: SqliteIndex, asked: Asked, holders: int) -> None:
    """A word two hundred times in a row comes within a tenth of what it is said to add at most, and not above."""
    padding = " ".join(f"p{number}" for number in range(150))
    stage_texts(index, ["common " * 200] * holders + [padding] * (100 - holders))
    (best,) = asked.connection.execute(f"{PLAIN} ORDER BY score DESC LIMIT 1", ('"scommon"',)).fetchall()
    assert best[1] <= largest_part(100, holders) <= 1.1 * best[1]


def test_a_word_of_most_rows_is_bounded_too(index: SqliteIndex, asked: Asked) -> None:
    """FTS5 gives it hardly any weight, and so does the bound."""
    stage_texts(index, ["common " * 200] * 60 + ["other " * 150] * 40)
    (best,) = asked.connection.execute(f"{PLAIN} ORDER BY score DESC LIMIT 1", ('"scommon"',)).fetchall()
    assert 0 < best[1] <= largest_part(100, 60) <= 1.2 * best[1]


def test_a_word_that_became_rare_counts_as_rare(index: SqliteIndex, asked: Asked) -> None:
    """Rows that went since the word was counted are taken off; rows with it score higher than before."""
    stage_texts(index, ["rare " * 3] * 8 + ["common " * 12] * 90 + ["other"] * 100)
    assert {one for one, _ in asked.best("rare common", 3)} < set(range(1, 9))
    index.delete(KB, [(chunk(number), 1) for number in range(12, 90)])
    index.stage([row(number, "rare other") for number in range(200, 220)])
    asked.best("rare common", 30)
    asked.best("rare common", 3)


def test_without_a_floor_every_row_is_asked_for(index: SqliteIndex, asked: Asked) -> None:
    """Where too few rows hold the rare words, the rest is asked for without leaving any word out."""
    stage_texts(index, ["rare"] * 2 + ["common"] * 100 + ["other"] * 100)
    assert len(asked.best("rare common", 5)) == 5
    assert len(asked.best("rare common", 500)) == 102


def test_a_small_base_is_asked_once(index: SqliteIndex, path: Path) -> None:
    """With as many rows as the threshold nothing is counted: one query asks for all."""
    stage_texts(index, ["rare"] * 5 + ["common"] * 45)
    plain = Asked(path, whole=50, share=0.02)
    plain.best("rare common", 3)
    (ranked,) = plain.ranked
    assert "AND (" not in ranked
    plain.connection.close()


def test_a_search_of_a_large_base_lists_what_one_query_would(index: SqliteIndex, path: Path) -> None:
    """Through the whole index, too, readers of most rows get the best of all that they see."""
    padding = [" ".join(f"p{number % prime}" for prime in (7, 31, 101)) for number in range(5500)]
    index.stage(
        [
            row(number, f"common {words} {'rare' if number % 37 == 0 else ''}", rule=RULES[number % 9 == 0])
            for number, words in enumerate(padding, 1)
        ]
    )
    tokens = question_tokens(question("rare common p5").terms, FIELD_WEIGHTS)
    connection = sqlite3.connect(path)
    names = dict(connection.execute("SELECT id, chunk_id FROM rows"))
    governed = dict(connection.execute("SELECT chunk_id, rule FROM rows"))
    plain = {names[one]: score for one, score in connection.execute(PLAIN, (any_of(tokens),))}
    connection.close()
    for rules in ({RULES[0]}, set(RULES)):
        found = index.search(question("rare common p5", rules={KB: rules})).words
        seen = {one: score for one, score in plain.items() if governed[one] in rules}
        assert found == pytest.approx({one: plain[one] for one in found}, rel=1e-9)
        assert list(found) == sorted(seen, key=lambda one: (-round(seen[one], 9), one))[:100]
