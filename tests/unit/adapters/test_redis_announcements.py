"""What comes over a channel that others may write to: our news, or nothing."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.redis_announcements import _news
from pipelines.ports.announcements import Announcement


NUMBERS = st.integers(-(2**63), 2**63)
NEWS = st.builds(Announcement, st.text(max_size=20), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["kind", "id", "kb", "done", "total"]


@given(NEWS)
def test_what_is_told_is_heard(news: Announcement) -> None:
    """Every announcement comes out as it went in."""
    assert _news(json.dumps(asdict(news)).encode()) == news


@given(st.binary(max_size=100) | JSON.map(lambda value: json.dumps(value).encode()))
def test_foreign_bytes_are_no_news(data: bytes) -> None:
    """Whatever somebody else publishes is left out."""
    assert _news(data) is None


@given(st.sampled_from(FIELDS), JSON)
def test_a_part_of_another_kind_is_no_news(field: str, value: object) -> None:
    """All five parts must be what they are meant to be."""
    values = asdict(Announcement("job", 1, 2, 3, 4))
    fits = isinstance(value, str) if field == "kind" else type(value) is int
    assert (_news(json.dumps(values | {field: value}).encode()) is not None) == fits


@pytest.mark.parametrize("data", [None, 1, b"[" * 100_000, b"\xff"])
def test_odd_data_are_no_news(data: object) -> None:
    """A number of the server, nesting without end, no text."""
    assert _news(data) is None
