"""Remembered answers as bytes: what went in comes out, and whatever else comes in is a miss."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.remembered import CODEC, MOST_BYTES, Remembered, UsedPassage, decode, encode
from pipelines.domain.conversation import Answer, Outcome, Writing
from tests.fakes.answers import ANSWERS, TEXTS, answer


PASSAGES = st.builds(
    UsedPassage,
    chunk=TEXTS,
    document_version=st.integers(1, 2**31),
    ordinal=st.integers(0, 10_000),
    score=st.floats(0, 10).map(lambda score: round(score, 4)),
)
ENTRIES = st.builds(
    Remembered, ANSWERS, st.lists(PASSAGES, max_size=8).map(tuple), st.datetimes(timezones=st.just(UTC))
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MADE = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
WRITTEN = replace(answer(), writing=Writing("small", 1, 2))
WHOLE = Remembered(WRITTEN, (UsedPassage("c" * 32, 17, 2, 0.5),), MADE)


def written(entry: Remembered) -> Any:
    """Return the JSON of an entry."""
    return json.loads(encode(entry) or b"null")


@given(ENTRIES)
def test_what_is_written_is_read_again(entry: Remembered) -> None:
    """Every answer comes back equal; one that holds half a character is not written at all."""
    data = encode(entry)
    if data is None:
        assert "\\ud800" in repr(entry)
    else:
        assert decode(data) == entry


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_miss(data: bytes) -> None:
    """Bytes that we never wrote are no answer, and no fault."""
    assert decode(data) is None


@given(st.data())
def test_one_wrong_value_is_a_miss(data: st.DataObject) -> None:
    """Where any part of an entry is of another kind, nothing of it is believed."""
    values = written(WHOLE)
    places = [values, values["citations"][0], values["citations"][0]["place"], values["writing"]]
    place = data.draw(st.sampled_from(places))
    name = data.draw(st.sampled_from(sorted(place)))
    before = place[name]
    place[name] = data.draw(JSON.filter(lambda value: not _fits(value, before)))
    assert decode(json.dumps(values).encode()) is None


@given(st.data())
def test_a_part_that_is_missing_is_a_miss(data: st.DataObject) -> None:
    """An entry without one of its parts is unreadable."""
    values = written(WHOLE)
    places = [values, values["citations"][0], values["citations"][0]["place"], values["writing"]]
    place = data.draw(st.sampled_from(places))
    del place[data.draw(st.sampled_from(sorted(place)))]
    assert decode(json.dumps(values).encode()) is None


def test_another_version_is_a_miss() -> None:
    """What another release wrote is not read."""
    values = written(WHOLE)
    assert decode(json.dumps(values).encode()) == WHOLE
    assert decode(json.dumps(values | {"codec": CODEC + 1}).encode()) is None


@pytest.mark.parametrize("data", [b"[" * 100_000, b"", b"null", b'{"codec":1}', b"\xff\xfe"])
def test_odd_bytes_are_a_miss(data: bytes) -> None:
    """Nesting without end, nothing, and no text at all."""
    assert decode(data) is None


def test_a_huge_answer_is_not_remembered() -> None:
    """There is a bound to what one answer may take from all others."""
    assert encode(Remembered(Answer(Outcome.ANSWER, "x" * MOST_BYTES), (), MADE)) is None


def _fits(value: object, before: object) -> bool:
    """Say whether a value might be true in the place of another, or changes nothing that is read."""
    return type(value) is type(before) or value is None or before is None or value in ([], {}, "")
