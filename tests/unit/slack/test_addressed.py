"""In which threads the bot is spoken to: by what is on record of its deliveries, whatever became of them."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.slack.addressed import is_addressed
from bot.slack.events import Event, received_event
from bot.slack.requests import Request, RequestKind
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.deliveries import Delivery
from pipelines.ports.records import Records
from tests.small_base import open_records


THREAD = "100.1"
FOLLOW = {"ts": "101.1", "thread_ts": THREAD}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """Open records without a recorded answer."""
    with closing(open_records(tmp_path, SystemClock())) as opened:
        yield opened


def told(**event: object) -> Delivery:
    """Return the delivery of an event in a channel."""
    of_all = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": THREAD}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": of_all | event}
    received = received_event(json.dumps(body | {"authorizations": [{"team_id": "T1", "user_id": "UBOT"}]}))
    assert isinstance(received, Event)
    return received.delivery


def edited(text: str, before: str) -> Delivery:
    """Return the delivery of an edit of the message that the thread begins with."""
    message = {"user": "U1", "ts": THREAD, "text": text, "edited": {"ts": "200.1"}}
    return told(subtype="message_changed", message=message, previous_message={"text": before}, ts="200.1")


def ended(records: Records, delivery: Delivery, *noted: str) -> None:
    """Accept a delivery and end it, with these messages noted, and no recorded answer."""
    records.deliveries.accept([delivery])
    lease = records.deliveries.take("slack", "host:1:1", 60)
    assert lease is not None
    if noted:
        records.deliveries.show(lease, {"messages": noted})
    records.deliveries.finish(lease)


def addressed(records: Records) -> bool:
    """Say whether the bot is spoken to in the thread."""
    return is_addressed(records, "T1", "C1", THREAD)


def test_a_thread_in_which_something_was_shown_is_ours(records: Records) -> None:
    """A stop, a greeting, a notice, an answer about a file: none of them is a recorded answer."""
    assert not addressed(records)
    ended(records, told(text="<@UBOT> hello"), "100.5")
    assert addressed(records)


def test_a_thread_in_which_the_bot_stayed_silent_is_not_ours(records: Records) -> None:
    """It looked at a question, and at what people said behind it, and had nothing to say; others ask it elsewhere."""
    ended(records, told(text="how long?"))
    ended(records, told(text="who knows?", **FOLLOW))
    ended(records, told(text="<@UBOT> hello", ts="100.12"), "100.13")
    records.deliveries.accept([told(text="what now?", **FOLLOW | {"ts": "102.1"})])
    assert not addressed(records)


def test_a_question_that_still_waits_makes_a_thread_ours(records: Records) -> None:
    """Somebody mentioned the bot there, with nothing shown yet."""
    ended(records, told(text="how long?"))
    records.deliveries.accept([told(text="<@UBOT> how long?", **FOLLOW)])
    assert addressed(records)


def test_an_edit_of_a_question_makes_a_thread_ours(records: Records) -> None:
    """While it is answered in the place of the first wording, which showed nothing, and when it was answered."""
    ended(records, told(text="<@UBOT> how long?"))
    assert not addressed(records)
    edit = edited("<@UBOT> how much?", "<@UBOT> how long?")
    records.deliveries.accept([edit])
    assert addressed(records)
    ended(records, edit, "100.5")
    assert addressed(records)


def test_an_edit_of_what_nobody_asked_us_makes_no_thread_ours(records: Records) -> None:
    """A question of a channel that is answered by itself is asked otherwise."""
    ended(records, told(text="how long?"))
    records.deliveries.accept([edited("how much?", "how long?")])
    assert not addressed(records)


def test_what_was_asked_by_a_button_makes_a_thread_ours(records: Records) -> None:
    """Whatever became of it."""
    request = Request(RequestKind.SHORTCUT, "T1", "C1", THREAD, THREAD, "U1", "how long?", private=False)
    ended(records, request.delivery("trigger"))
    assert addressed(records)


def test_a_thread_whose_question_was_deleted_is_not_ours(records: Records) -> None:
    """What was shown went with it; a second question keeps the thread."""
    ended(records, told(text="<@UBOT> hello"), "100.5")
    gone = {"subtype": "message_deleted", "deleted_ts": THREAD, "previous_message": {"user": "U1"}, "ts": "300.1"}
    records.deliveries.accept([told(**gone)])
    assert not addressed(records)
    records.deliveries.accept([told(text="<@UBOT> hello", **FOLLOW)])
    assert addressed(records)


def test_an_event_that_cannot_be_read_makes_no_thread_ours(records: Records) -> None:
    """It stands in the way of nothing."""
    bodies = {"101.1": "{", "102.1": '{"event": 1}'}
    records.deliveries.accept([replace(told(text="x", **FOLLOW | {"ts": ts}), body=bodies[ts]) for ts in bodies])
    assert not addressed(records)
