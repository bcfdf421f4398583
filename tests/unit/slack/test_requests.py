"""What is asked by buttons and commands survives as the body of a delivery, and is known again."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.events import received_event
from bot.slack.requests import Request, RequestKind, is_request, request_of
from pipelines.domain.deliveries import DeliveryKind
from pipelines.errors import BadInput


NAMES = st.text()
REQUESTS = st.builds(
    Request,
    kind=st.sampled_from(RequestKind),
    team=NAMES,
    channel=NAMES,
    thread=NAMES,
    question_ts=NAMES,
    user=NAMES,
    text=st.text(st.characters(codec=None)),
    private=st.booleans(),
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CHOICE = Request(RequestKind.CHOICE, "T1", "C1", "100.1", "100.2", "U1", "For France?", private=False)


@given(REQUESTS)
def test_a_request_is_read_back_as_it_was_written(request: Request) -> None:
    """Whatever it holds, halves of characters included."""
    told = json.loads(request.as_json())
    assert is_request(told)
    assert request_of(told) == request


@given(st.dictionaries(st.sampled_from(["type", "kind", "team", "private"]) | st.text(max_size=5), JSONS))
def test_no_other_body_breaks_the_reader(told: dict[str, object]) -> None:
    """Any object is a request or is refused."""
    try:
        found = request_of(told)
    except BadInput:
        return
    assert is_request(told)
    assert isinstance(found, Request)


@given(REQUESTS)
def test_a_request_is_no_event_of_slacks(request: Request) -> None:
    """Whoever sends such a body through the door asks for nothing."""
    assert type(received_event(request.as_json())).__name__ == "Ignored"


def test_the_same_request_has_the_same_key() -> None:
    """It waits in the lane of its thread; another trigger is another request."""
    one = CHOICE.delivery("100.2", "1.trigger")
    assert one.key == "slack:T1:C1:100.2:1.trigger:action"
    assert (one.kind, one.lane) == (DeliveryKind.ACTION, "slack:T1:C1:100.1")
    assert CHOICE.delivery("100.2", "2.trigger").key != one.key


def test_a_request_without_a_place_waits_for_none() -> None:
    """Until its thread is begun; then it waits there."""
    unplaced = Request(RequestKind.PRIVATE, "T1", "", "", "", "U1", "Why?", private=True)
    assert unplaced.delivery("1.trigger").lane == ""
    assert unplaced.delivery("1.trigger").key == "slack:T1:U1:1.trigger:action"
    placed = unplaced.placed("D1", "300.1")
    assert placed == replace(unplaced, channel="D1", thread="300.1", question_ts="300.1")
    assert placed.delivery("300.1").lane == "slack:T1:D1:300.1"


def test_a_name_that_is_none_of_slacks_is_refused() -> None:
    """A key is what a database keeps."""
    with pytest.raises(BadInput):
        CHOICE.delivery("x" * 300)
