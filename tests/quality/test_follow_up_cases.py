"""The conversations by which follow-ups are measured: whole, dealt fairly, answered where they say. Measures none."""

import os
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from pipelines.domain.reading import ParseLimits, Read
from pipelines.evaluation.running import SETS
from pipelines.ingestion.reading.formats import READERS, format_of
from tests.quality.follow_ups.conversations import HALVES, HANDBOOKS, Conversation, conversations, folder_of


CASES = tuple(conversations())


@cache
def words_of(file: Path) -> str:
    """Return the text of a document as its reader reads it, with single spaces."""
    format_ = format_of(file.name)
    assert format_ is not None
    result = import_module(READERS[format_]).read(file.read_bytes(), limits=ParseLimits())
    assert isinstance(result, Read), result
    return " ".join(result.text.split())


def test_a_hundred_conversations_in_two_halves() -> None:
    """A hundred with names of their own, forty of the demonstration; in each half fifty, a third of them changes."""
    assert len({one.id for one in CASES}) == 100
    assert Counter(one.base for one in CASES) == {"demo": 40, **dict.fromkeys(HANDBOOKS, 30)}
    assert Counter(one.half for one in CASES) == dict.fromkeys(HALVES, 50)
    changes = Counter(one.half for one in CASES if one.topic_change)
    assert all(14 <= changes[half] <= 16 for half in HALVES)


def test_no_second_question_is_asked_twice() -> None:
    """What was tuned on is not what is tested: both halves ask other things."""
    assert len({(one.base, one.first, one.second) for one in CASES}) == 100
    tuned, tested = ({one.stand_alone for one in CASES if one.half == half} for half in HALVES)
    assert not tuned & tested


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.id)
def test_a_quote_stands_in_one_of_its_documents(one: Conversation) -> None:
    """All documents exist, and the words that answer stand once in one of them."""
    folder = folder_of(one.base, Path(os.environ.get("FOOTNOTE_EVALDATA", SETS)))
    if not folder.is_dir():
        pytest.skip(f"no evaluation set {one.base} in {folder.parents[1]}: set FOOTNOTE_EVALDATA")
    counts = [words_of(folder / document).count(" ".join(one.quote.split())) for document in one.documents]
    assert max(counts) == 1
