"""An earlier answer goes on to a model, and decides what is searched, only where it may be read to this day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.earlier import as_readable_now
from pipelines.answering.pipeline import Answering
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Outcome, Principal, Question, Turn
from tests.small_base import SmallBase, open_parts


ANNA = principal_as(["user:anna"])
BEN = principal_as(["user:ben"])
HERE = "slack:T1:C1:1.1"
ASKED = "Where is the scanner?"


@pytest.fixture
def base(tmp_path: Path) -> Iterator[SmallBase]:
    """Yield a base that everyone reads, of whose documents Anna was told."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "scanner.md").write_text("# Scanner\n\nThe scanner is in room 7.\n", encoding="utf-8")
    with open_parts(tmp_path, words_only=True) as parts:
        made = SmallBase(parts, folder)
        made.records.access.set_readers(made.kb, [EVERYONE], OPERATOR)
        made.sync()
        graph = Answering(parts.records, parts.index, None, parts.blobs, SystemClock(), question_chars=2000)
        assert graph.ask(Question(ASKED, ANNA, conversation=HERE)).outcome is Outcome.ANSWER
        yield made


def told(base: SmallBase, asker: Principal = ANNA) -> list[bool]:
    """Return whether the words of each earlier answer are there for somebody who asks on."""
    turns = base.records.answers.turns(HERE, 5)
    read = as_readable_now(Question("And the printer?", asker, turns=turns), base.records)
    assert [one.question for one in read.turns] == [one.question for one in turns]
    return ["room 7" in one.answer for one in read.turns]


def test_an_answer_is_told_to_whoever_reads_what_it_was_made_of(base: SmallBase) -> None:
    """To who asked, and to everybody else in the thread who may read it."""
    assert told(base) == told(base, BEN) == [True]


def test_an_answer_falls_with_the_right_to_read_it(base: SmallBase) -> None:
    """A rule is narrowed: with the next question nothing of the answer is left for who is shut out; then it is back."""
    base.records.access.set_readers(base.kb, ["user:ben"], OPERATOR)
    assert (told(base), told(base, BEN)) == ([False], [True])
    base.records.access.set_readers(base.kb, [EVERYONE], OPERATOR)
    assert told(base) == [True]


def test_an_answer_falls_with_its_documents(base: SmallBase) -> None:
    """What was made of a passage that is no more is no part of the conversation; nor is that of a base that is gone."""
    (base.folder / "scanner.md").write_text("# Scanner\n\nThe scanner was sold.\n", encoding="utf-8")
    base.sync()
    assert told(base) == [False]
    base.erase()
    assert told(base, OPERATOR) == [False]


def test_what_nobody_knows_the_passages_of_stays(base: SmallBase) -> None:
    """The turns of a terminal's talk, and answers that were made of nothing, are as they were."""
    question = Question("And?", BEN, turns=(Turn("How long?", "Twelve weeks."),))
    assert as_readable_now(question, base.records) == question
