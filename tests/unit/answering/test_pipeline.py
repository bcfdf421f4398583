"""Promises of the answering graph as a whole: its bounds, its errors, threads, and silence towards the network."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.outcomes import CLOSEST
from pipelines.answering.pipeline import MAX_LIMIT, Answering
from pipelines.answering.refusing import NO_CONTENT, NOT_FOUND, NOT_SAID, NOTHING_SYNCED
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome, Question
from pipelines.errors import BadInput, FootnoteError, StorageDamaged
from tests.small_base import SmallBase, open_parts


ROOT = Path(__file__).parents[3]
ANNA = principal_as(["user:anna"])
ROOMS = {name: number for number, name in enumerate(["scanner", "printer", "canteen", "garden", "library"], start=12)}


@pytest.fixture(params=[True, False], ids=["words", "vectors"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallBase]:
    """A base of one document for each room, not yet synced, open to everyone."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, number in ROOMS.items():
        (folder / f"{name}.md").write_text(f"# The {name}\n\nThe {name} is in room {number}.\n", encoding="utf-8")
    with open_parts(tmp_path, words_only=request.param) as parts:
        made = SmallBase(parts, folder)
        parts.records.access.set_readers(made.kb, ["everyone"], OPERATOR)
        yield made


def answering(base: SmallBase) -> Answering:
    """Return a graph over the parts of a base."""
    parts = base.parts
    return Answering(parts.records, parts.index, parts.embedder, parts.blobs, SystemClock(), question_chars=100)


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_an_empty_question_is_one_sentence(base: SmallBase, text: str) -> None:
    """White space asks nothing."""
    with pytest.raises(BadInput, match=r"^the question is empty: ask something$"):
        answering(base).ask(Question(text, OPERATOR))


def test_a_long_question_names_the_limit_and_its_setting(base: SmallBase) -> None:
    """A question at the limit is taken, white space around it apart; one character more is not."""
    graph = answering(base)
    assert graph.ask(Question(f"  {'x' * 100}  ", ANNA)).outcome is Outcome.REFUSAL
    wanted = r"^the question has 101 characters, the limit is 100 \(FOOTNOTE_LIMITS__QUESTION_CHARS\)$"
    with pytest.raises(BadInput, match=wanted):
        graph.ask(Question("x" * 101, ANNA))


@pytest.mark.parametrize("limit", [-1, 0, MAX_LIMIT + 1])
def test_a_limit_out_of_range_is_one_sentence(base: SmallBase, limit: int) -> None:
    """The sentence names the value and the range."""
    with pytest.raises(BadInput, match=rf"^a limit of {limit} citations is not possible: choose 1 to {MAX_LIMIT}$"):
        answering(base).ask(Question("Where is the scanner?", ANNA, limit=limit))


def test_half_a_character_is_one_sentence(base: SmallBase) -> None:
    """A lone surrogate can neither be searched for nor recorded."""
    with pytest.raises(BadInput, match=r"^the question holds half a character"):
        answering(base).ask(Question("Where is the \ud83d scanner?", ANNA))


def test_any_text_may_be_asked(base: SmallBase) -> None:
    """What means something to a database or a search engine is a word like any other."""
    base.sync()
    graph = answering(base)
    for text in ("a\0b", "AND OR NOT NEAR(", '"', "*", "^scanner", "scanner:", "-scanner", "💥", "日本語の休暇"):
        assert graph.ask(Question(text, ANNA)).outcome in (Outcome.ANSWER, Outcome.REFUSAL)


def test_only_an_admin_is_told_that_nothing_is_synced(base: SmallBase) -> None:
    """For anybody else, no document and no right look the same."""
    question = Question("Where is the scanner?", OPERATOR)
    assert answering(base).ask(question).text == NOTHING_SYNCED
    assert answering(base).ask(replace(question, principal=ANNA)).text == NOT_FOUND


def test_the_outcomes_of_a_synced_base(base: SmallBase) -> None:
    """An answer cites; a refusal says why, and names what came closest."""
    base.sync()
    graph = answering(base)
    found = graph.ask(Question("Where is the scanner?", ANNA))
    assert (found.outcome, [one.quote for one in found.citations]) == (Outcome.ANSWER, ["The scanner is in room 12."])
    assert graph.ask(Question("What is it?", ANNA)).text == NO_CONTENT
    nothing = graph.ask(Question("Which volcano erupted in Iceland?", ANNA))
    assert nothing.outcome is Outcome.REFUSAL
    assert nothing.text == (NOT_SAID if nothing.closest else NOT_FOUND)
    close = graph.ask(Question("Which scanner vendor sells spare drum units?", ANNA))
    assert (close.outcome, close.text) == (Outcome.REFUSAL, NOT_SAID)
    assert 1 <= len(close.closest) <= CLOSEST


def test_a_lost_index_is_no_refusal(base: SmallBase) -> None:
    """Where the index holds nothing of a base that has passages, that is told, with the way out."""
    base.sync()
    base.parts.index.drop(base.kb)
    with pytest.raises(StorageDamaged, match="holds nothing of handbook: sync it"):
        answering(base).ask(Question("Where is the scanner?", ANNA))


def test_each_thread_gets_its_own_answer(base: SmallBase) -> None:
    """Questions asked at once over one graph are answered as if each were asked alone."""
    base.sync()
    graph = answering(base)
    questions = [Question(f"Where is the {name}?", ANNA) for name in ROOMS] * 6
    with ThreadPoolExecutor(6) as pool:
        answers: list[Answer] = list(pool.map(graph.ask, questions))
    for question, answer in zip(questions, answers, strict=True):
        name = question.text.split()[-1].rstrip("?")
        assert answer.citations[0].quote == f"The {name} is in room {ROOMS[name]}."
    assert len({answer.id for answer in answers}) == len(questions)


def test_a_fault_is_ours_alone(base: SmallBase, caplog: pytest.LogCaptureFixture) -> None:
    """A lost text is one sentence of ours; Haystack's error, on which all documents hang, is not told."""
    base.sync()
    for life in base.records.ledger.documents(base.kb, base.base.active):
        base.parts.blobs.delete(life.text_hash)
    with pytest.raises(FootnoteError) as caught:
        answering(base).ask(Question("Where is the scanner?", ANNA))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "room 12" not in str(caught.value)
    assert caplog.messages == []


def test_the_network_is_left_alone(tmp_path: Path) -> None:
    """Importing the graph asks no name and no host, sends no telemetry and leaves the home folder as it was."""
    program = """
import os, sys
seen = []
# urllib3 binds to a port of its own at import, to learn whether the machine has IPv6.
own = ("socket.__new__", "socket.bind")
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") and event not in own else None)
import pipelines.answering.pipeline
import haystack.telemetry._telemetry as telemetry
print(os.environ["HAYSTACK_TELEMETRY_ENABLED"], telemetry.telemetry, sorted(set(seen)), os.listdir(os.environ["HOME"]))
"""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "HAYSTACK_TELEMETRY_ENABLED": "True",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "False None [] []\n", done.stderr
