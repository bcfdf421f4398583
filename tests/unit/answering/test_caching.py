"""Remembered answers: when one is shown, when it is not, and that every asking is recorded."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.answering.caching import REFUSAL_SECONDS
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome, Turn
from pipelines.errors import StorageDamaged
from tests.fakes.manual_clock import ManualClock
from tests.remembering import ANNA, BEN, ROOMS, Remembering, rooms, told, where_is, write_room
from tests.small_base import SmallBase


RULES = 'audience: [{pattern: "hr/**", readers: [%s]}]'
UNKNOWN = "Which volcano erupted in Iceland?"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """A synced base of one document for each room, open to everyone."""
    with rooms(tmp_path, {name: number for number, name in enumerate(ROOMS, start=12)}) as made:
        yield made


@pytest.fixture
def clock() -> ManualClock:
    """The clock of the process that answers."""
    return ManualClock()


@pytest.fixture
def remembering(base: SmallBase, clock: ManualClock) -> Remembering:
    """A process that remembers."""
    return Remembering(base, MemoryAnswerCache(clock, max_bytes=10**6), clock)


def recorded(base: SmallBase) -> list[dict[str, Any]]:
    """Return the rows of all recorded answers, oldest first."""
    database = sqlite3.connect(base.folder.parent / "records.db")
    database.row_factory = sqlite3.Row
    rows = [dict(row) for row in database.execute("SELECT * FROM answers ORDER BY id")]
    database.close()
    return [row | {name: json.loads(row[name]) for name in ("answer", "evidence")} for row in rows]


def change_behind(base: SmallBase, statement: str) -> None:
    """Change the records as no command does, so that no counter grows."""
    database = sqlite3.connect(base.folder.parent / "records.db")
    database.execute(statement)
    database.commit()
    database.close()


def test_the_same_question_is_answered_from_memory(remembering: Remembering) -> None:
    """The second asking shows the same answer without a search, and says how long it took."""
    first, second = remembering.ask(where_is("scanner")), remembering.ask(where_is("scanner"))
    assert told(first) == told(second) == told(remembering.anew(where_is("scanner")))
    assert first.outcome is Outcome.ANSWER
    assert len(remembering.runs) == 1
    assert set(second.timings_ms) == {"cache", "record"}


def test_every_asking_is_recorded(base: SmallBase, remembering: Remembering) -> None:
    """Each has a row and a number of its own, with who asked and the same evidence; a remembered one says so."""
    answers = [remembering.ask(where_is("scanner"), who) for who in (BEN, ANNA, BEN)]
    rows = recorded(base)
    assert [row["id"] for row in rows] == [one.id for one in answers]
    assert [row["principal"] for row in rows] == [BEN.name, ANNA.name, BEN.name]
    assert [row["evidence"].pop("remembered", False) for row in rows] == [False, True, True]
    assert rows[1]["evidence"]["rights"] == sorted(ANNA.readers)
    assert rows[0]["evidence"] == rows[2]["evidence"]
    assert rows[0]["answer"]["citations"] == rows[2]["answer"]["citations"] != []


def test_readers_with_the_same_rights_share(remembering: Remembering) -> None:
    """Whose rights come to the same rules is answered from the same memory, whatever their names."""
    for who in (BEN, ANNA, principal_as(["user:carla"]), OPERATOR):
        assert remembering.ask(where_is("printer"), who).outcome is Outcome.ANSWER
    assert len(remembering.runs) == 1


def test_readers_with_other_rights_do_not_share(base: SmallBase, remembering: Remembering) -> None:
    """A document for some is neither quoted nor named to others, whoever asked first."""
    write_room(base, "vault", 99, within="hr")
    (base.folder / ".footnote.yaml").write_text(RULES % '"group:hr"', encoding="utf-8")
    base.sync()
    assert remembering.ask(where_is("vault"), ANNA).citations[0].quote == "The vault is in room 99."
    others = remembering.ask(where_is("vault"), BEN)
    assert "vault" not in repr((others.text, others.citations, others.closest))
    assert remembering.ask(where_is("vault"), ANNA).citations
    assert len(remembering.runs) == 2


def test_a_spelling_that_nobody_sees_is_the_same_question(remembering: Remembering) -> None:
    """White space and the composition of letters make no other question; letters and case do."""
    remembering.ask("Where is the scanner in caf\u00e9?")
    remembering.ask("  Where is\tthe  scanner\nin cafe\u0301? ")
    assert len(remembering.runs) == 1
    remembering.ask("where is the scanner in caf\u00e9?")
    remembering.ask("Where is the scanners in caf\u00e9?")
    assert len(remembering.runs) == 3


def test_what_decides_an_answer_makes_another_question(remembering: Remembering) -> None:
    """Another limit, and a conversation that gives the words another sense, are answered anew."""
    remembering.ask("And the printer?")
    remembering.ask("And the printer?", limit=2)
    remembering.ask("And the printer?", turns=(Turn(where_is("scanner"), "In room 12."),))
    assert len(remembering.runs) == 3


def test_a_new_version_is_seen_at_once(base: SmallBase, remembering: Remembering) -> None:
    """After a sync the new text is quoted; after a roll-back the old one, both from memory if they can be."""
    quotes = [remembering.ask(where_is("scanner")).citations[0].quote]
    write_room(base, "scanner", 88)
    base.sync()
    quotes.append(remembering.ask(where_is("scanner")).citations[0].quote)
    base.records.bases.roll_back(base.kb, 1)
    quotes.append(remembering.ask(where_is("scanner")).citations[0].quote)
    assert quotes == [f"The scanner is in room {number}." for number in (12, 88, 12)]


def test_narrowed_readers_count_with_the_next_question(base: SmallBase, remembering: Remembering) -> None:
    """Who may no longer read the base is answered as if it were not there."""
    remembering.ask(where_is("scanner"), BEN)
    base.records.access.set_readers(base.kb, ["group:hr"], OPERATOR)
    assert remembering.ask(where_is("scanner"), BEN).outcome is Outcome.REFUSAL
    assert remembering.ask(where_is("scanner"), ANNA).outcome is Outcome.ANSWER


def test_an_unchanged_sync_that_mends_is_seen(base: SmallBase, remembering: Remembering) -> None:
    """A refusal over a damaged index does not outlive the sync that mends it."""
    rows = [(one.chunk_id, one.added_in) for one in base.parts.index.visible(base.kb, 1)]
    base.parts.index.delete(base.kb, rows[1:])
    lost = [name for name in ROOMS if remembering.ask(where_is(name)).outcome is Outcome.REFUSAL]
    assert lost
    base.sync()
    assert all(remembering.ask(where_is(name)).outcome is Outcome.ANSWER for name in lost)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents SET rule = 999",
        "UPDATE document_versions SET rule = 999",
        "UPDATE document_versions SET removed_in = 1",
        "UPDATE versions SET state = 'swept'",
        "DELETE FROM passages",
        "UPDATE passages SET ordinal = ordinal + 7",
    ],
)
def test_nothing_is_shown_that_is_not_confirmed(base: SmallBase, remembering: Remembering, statement: str) -> None:
    """Whatever changed, and were the key still the same: what cannot be confirmed now is not shown."""
    assert remembering.ask(where_is("scanner")).citations
    change_behind(base, statement)
    again = remembering.ask(where_is("scanner"))
    assert len(remembering.runs) == 2
    assert told(again) == told(remembering.anew(where_is("scanner")))


def test_a_document_that_is_named_without_a_quote_is_confirmed_too(base: SmallBase, remembering: Remembering) -> None:
    """A refusal names what came closest: it too is shown to those alone who may read that now."""
    question = "Which scanner vendor sells spare drum units?"
    assert remembering.ask(question).closest
    change_behind(base, "UPDATE documents SET rule = 999")
    assert remembering.ask(question).closest == ()


def test_a_refusal_is_remembered_for_a_minute(remembering: Remembering, clock: ManualClock) -> None:
    """What was not found may be found soon."""
    assert remembering.ask(UNKNOWN).outcome is Outcome.REFUSAL
    clock.advance(REFUSAL_SECONDS - 1)
    assert remembering.ask(UNKNOWN).outcome is Outcome.REFUSAL
    assert len(remembering.runs) == 1
    clock.advance(2)
    assert remembering.ask(UNKNOWN).outcome is Outcome.REFUSAL
    assert len(remembering.runs) == 2


def test_an_answer_is_remembered_as_long_as_the_setting_says(remembering: Remembering, clock: ManualClock) -> None:
    """After its time it is made anew."""
    remembering.ask(where_is("scanner"))
    clock.advance(3599)
    remembering.ask(where_is("scanner"))
    assert len(remembering.runs) == 1
    clock.advance(2)
    remembering.ask(where_is("scanner"))
    assert len(remembering.runs) == 2


def test_a_fault_is_never_remembered(base: SmallBase, remembering: Remembering) -> None:
    """Each asking tries again, and the first that can be answered is."""
    base.parts.index.drop(base.kb)
    for _ in range(2):
        with pytest.raises(StorageDamaged):
            remembering.ask(where_is("scanner"))
    base.sync()
    assert remembering.ask(where_is("scanner")).outcome is Outcome.ANSWER


def test_two_hundred_equal_questions_are_one_search(base: SmallBase, remembering: Remembering) -> None:
    """All are answered alike, each with a record of its own."""
    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda _: remembering.ask(where_is("garden")), range(200)))
    assert len(remembering.runs) == 1
    assert len({repr(told(one)) for one in answers}) == 1
    assert len({one.id for one in answers}) == len(recorded(base)) == 200


def versions_with_and_without(base: SmallBase) -> tuple[int, int]:
    """Return the version that holds a document of the vault, and the one before, which is active again."""
    write_room(base, "vault", 99)
    held = base.sync().version
    base.records.bases.roll_back(base.kb, 1)
    return held, 1


def test_a_refusal_over_one_version_is_not_shown_for_another(base: SmallBase, remembering: Remembering) -> None:
    """All that the refusal names is alive in the other version too, which holds the answer besides."""
    held, _ = versions_with_and_without(base)
    assert remembering.ask(where_is("vault")).outcome is Outcome.REFUSAL
    base.records.bases.promote(base.kb, held)
    assert remembering.ask(where_is("vault")).outcome is Outcome.ANSWER


def test_an_answer_is_kept_for_the_version_that_was_really_searched(base: SmallBase, remembering: Remembering) -> None:
    """Were another version activated between key and search, what was found counts for that one alone."""
    held, without = versions_with_and_without(base)
    base.records.bases.promote(base.kb, held)
    remembering.before_run = lambda: base.records.bases.roll_back(base.kb, without)
    assert remembering.ask(where_is("vault")).outcome is Outcome.REFUSAL
    remembering.before_run = lambda: None
    base.records.bases.promote(base.kb, held)
    assert remembering.ask(where_is("vault")).outcome is Outcome.ANSWER


def ask_while(remembering: Remembering, change: Callable[[], object]) -> list[Answer]:
    """Return the answers of two who ask the same, one of whom waits; meanwhile something changes."""

    def after_run() -> None:
        remembering.after_run = lambda: None
        flight = next(iter(remembering.memory._flights._flying.values()))
        while not flight._condition._waiters:  # type: ignore[attr-defined]
            time.sleep(0.005)
        change()

    remembering.after_run = after_run
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(remembering.ask, where_is("scanner"), BEN) for _ in range(2)]
        return [one.result() for one in asked]


def test_who_waited_is_not_shown_what_may_no_longer_be_read(base: SmallBase, remembering: Remembering) -> None:
    """An answer that was worked on while the rights were narrowed is not shown to whoever waited for it."""
    answers = ask_while(remembering, lambda: base.records.access.set_readers(base.kb, ["group:hr"], OPERATOR))
    assert sorted(one.outcome for one in answers) == [Outcome.ANSWER, Outcome.REFUSAL]


def test_who_waited_is_shown_what_is_active_after_waiting(base: SmallBase, remembering: Remembering) -> None:
    """An answer that was worked on while a version was promoted is not shown to whoever waited for it."""

    def promoted() -> None:
        write_room(base, "printer", 88)
        base.sync()

    answers = ask_while(remembering, promoted)
    assert sorted(one.citations[0].version for one in answers) == [1, 2]


def test_a_key_tells_nothing(base: SmallBase, clock: ManualClock) -> None:
    """No word of a question stands in a key, and keys are of one length."""
    cache = MemoryAnswerCache(clock, max_bytes=10**6)
    asking = Remembering(base, cache, clock)
    for question in (where_is("scanner"), UNKNOWN):
        asking.ask(question)
    assert [len(key) for key in cache._entries] == [64, 64]
    assert all(set(key) <= set("0123456789abcdef") for key in cache._entries)
