"""The door lets in what Slack signed within five minutes, whatever else stands in the headers and the body."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.server import MOST_BYTES
from bot.slack.guard import Guard
from tests.fakes.manual_clock import ManualClock


SIGNING = "what only Slack and we know"
BODY = '{"type": "event_callback", "text": "Größe 👩‍👩‍👧"}'.encode()


def sign(body: bytes, timestamp: str, secret: str = SIGNING) -> str:
    """Return the signature of a request, by Slack's rule."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


@pytest.fixture
def clock() -> ManualClock:
    """Return the time."""
    return ManualClock()


def now(clock: ManualClock, later: int = 0) -> str:
    """Return a timestamp."""
    return str(int(clock.now().timestamp()) + later)


def refused(clock: ManualClock, timestamp: str, signature: str, body: bytes = BODY) -> int | None:
    """Return the status of a refusal; None if the request is let in."""
    refusal = Guard(SIGNING, clock).refusal(timestamp, signature, body)
    return None if refusal is None else refusal.status


@pytest.mark.parametrize("later", [-299, 0, 299])
def test_what_slack_signed_is_let_in(clock: ManualClock, later: int) -> None:
    """Clocks may differ by up to five minutes, both ways."""
    assert refused(clock, now(clock, later), sign(BODY, now(clock, later))) is None


@pytest.mark.parametrize("later", [-301, 301, 10**10])
def test_what_is_old_or_of_tomorrow_is_refused(clock: ManualClock, later: int) -> None:
    """A request that was recorded is worth nothing later, nor is one that was signed ahead."""
    assert refused(clock, now(clock, later), sign(BODY, now(clock, later))) == 401


def test_another_secret_body_or_time_is_refused(clock: ManualClock) -> None:
    """The signature holds for these bytes and this time alone."""
    timestamp = now(clock)
    assert refused(clock, timestamp, sign(BODY, timestamp, "another secret")) == 401
    assert refused(clock, timestamp, sign(BODY, timestamp), BODY + b" ") == 401
    assert refused(clock, now(clock, 1), sign(BODY, timestamp)) == 401


@pytest.mark.parametrize("timestamp", ["", "x", "-5", "1e9", "9" * 400, "1.5", " 12", "١٢٣", "12\n"])
def test_a_malformed_time_is_refused(clock: ManualClock, timestamp: str) -> None:
    """Nothing is computed with it."""
    assert refused(clock, timestamp, sign(BODY, timestamp)) == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v1=" + "0" * 64, "v0=" + "G" * 64, "v0=ü", "v0=" + "0" * 64 + "\n"])
def test_a_malformed_signature_is_refused(clock: ManualClock, signature: str) -> None:
    """Nothing is compared with it."""
    assert refused(clock, now(clock), signature) == 401


def test_a_body_that_is_too_large_is_refused(clock: ManualClock) -> None:
    """Before anything is computed of it, and one byte less is let in."""
    most = b" " * MOST_BYTES
    assert refused(clock, now(clock), sign(most, now(clock)), most) is None
    assert refused(clock, now(clock), sign(most + b" ", now(clock)), most + b" ") == 413


def test_what_is_not_utf_8_is_refused(clock: ManualClock) -> None:
    """Even with a good signature."""
    assert refused(clock, now(clock), sign(b"\xff", now(clock)), b"\xff") == 401


@given(timestamp=st.text(max_size=20), signature=st.text(max_size=80), body=st.binary(max_size=80))
def test_nothing_unsigned_is_let_in_or_crashes(timestamp: str, signature: str, body: bytes) -> None:
    """Whatever is sent, the answer is a refusal that repeats nothing of it."""
    refusal = Guard(SIGNING, ManualClock()).refusal(timestamp, signature, body)
    assert refusal is not None
    assert refusal.status == 401
