"""
S5: a thousand requests that Slack did not send us, or not now, or not for our workspace, do nothing.

Each is made of something that Slack did send: an event, a command, a button, a dialogue.
"""

import hashlib
import hmac
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from pipelines.domain.access import OPERATOR
from tests.fakes.slack_courier import encoded
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_signing import signed_headers
from tests.scenarios.slack_office import Office, office


TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
MOST_AGE_S = 300
REQUESTS = 1000
SHOWING = ("chat.", "views.", "assistant.", "agents.", "conversations.open", "response_url")
LEAVE = "How many weeks of parental leave does a parent get?"


@dataclass(frozen=True)
class Genuine:
    """What Slack sent: its content type and its body."""

    content_type: str
    body: bytes


@dataclass(frozen=True)
class Sent:
    """What is sent in its place."""

    headers: dict[str, str]
    body: bytes


Forger = Callable[[Genuine, str, random.Random], Sent]


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Open one office."""
    with office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest.fixture(scope="module")
def genuine(acme: Office) -> list[Genuine]:
    """Return what Slack sent in a moment of ordinary work: an admin's command changed something, too."""
    asked = acme.bob.mentions(acme.bot, acme.project, LEAVE)
    acme.answered(asked)
    acme.boss.joins(acme.project)
    acme.commanded(acme.boss, "bind board", acme.project)
    acme.ann.clicks(acme.final(asked)[-1], "show_evidence").wait()
    acme.ann.clicks(acme.final(asked)[-1], "ask_person").wait()
    assert acme.slack.wait_for(lambda: bool(acme.ann.modals))
    acme.ann.submits(acme.ann.modals[-1], {"question": {"question": {"value": "Who knows?"}}}).wait()
    rests(acme)
    return [Genuine(*encoded(one)) for one in acme.slack.deliveries if is_ours(one, acme)]


def is_ours(one: Delivery, acme: Office) -> bool:
    """Say whether a delivery asks for something."""
    return one.kind != "event" or one.event.get("user") not in (acme.bot.bot_user, None)


def test_forged_requests_are_refused(acme: Office, genuine: list[Genuine]) -> None:
    """In a word, unread: nothing is kept, called or changed."""
    secret, chance = acme.app.signing_secret, random.Random(5)
    chosen = [(chance.choice(FORGERS), chance.choice(genuine)) for _ in range(REQUESTS)]
    before = state(acme)
    refused = send(
        acme, [partial(forge, one, secret, random.Random(number)) for number, (forge, one) in enumerate(chosen)]
    )
    assert {status for status, _ in refused} <= {401, 413}
    assert {text for _, text in refused} == {"refused"}
    assert state(acme) == before


def test_what_is_sent_again_is_done_once(acme: Office, genuine: list[Genuine]) -> None:
    """The same bytes under the same or a new signature of Slack's are acknowledged, and are not done again."""
    with acme.installation() as footnote:
        board = footnote.records.bases.get("board")
        footnote.records.access.set_readers(board.id, [f"user:{acme.bob.user.email}"], OPERATOR)
    before = state(acme)
    now = int(time.time())
    again = [
        partial(Sent, _headers(one, signed_headers(acme.app.signing_secret, one.body, now - at)), one.body)
        for one in genuine
        for at in (0, 1, MOST_AGE_S - 60)
    ]
    assert {status for status, _ in send(acme, again)} == {200}
    rests(acme)
    assert state(acme) == before


def test_what_happens_in_another_workspace_is_left_aside(acme: Office, genuine: list[Genuine]) -> None:
    """An app that is in several workspaces is told of all of them under one secret; we answer in ours alone."""
    ours, theirs = acme.team.id.encode(), b"T0000000099"
    before = state(acme, rows=False)
    moved = [
        Genuine(one.content_type, one.body.replace(ours, theirs)) for one in genuine if b"event_callback" in one.body
    ]
    assert moved
    signed = [
        partial(Sent, _headers(one, signed_headers(acme.app.signing_secret, one.body, int(time.time()))), one.body)
        for one in moved
    ]
    assert {status for status, _ in send(acme, signed)} == {200}
    rests(acme)
    assert state(acme, rows=False) == before


# --- how requests are forged --------------------------------------------------------


def unsigned(one: Genuine, _secret: str, chance: random.Random) -> Sent:
    """Leave a header out, or both."""
    headers = signed_headers("x", one.body, int(time.time()))
    for name in chance.choice([(TIMESTAMP,), (SIGNATURE,), (TIMESTAMP, SIGNATURE)]):
        del headers[name]
    return Sent(_headers(one, headers), one.body)


def signed_by_another(one: Genuine, secret: str, chance: random.Random) -> Sent:
    """Sign with another secret: a guess, an empty one, the right one's beginning, in other letters."""
    other = chance.choice([str(chance.random()), "", secret[:-1], secret.upper(), f"{secret} "])
    return Sent(_headers(one, signed_headers(other, one.body, int(time.time()))), one.body)


def altered(one: Genuine, secret: str, chance: random.Random) -> Sent:
    """Change a byte of what was signed, cut it, or add to it."""
    headers, at = signed_headers(secret, one.body, int(time.time())), chance.randrange(len(one.body))
    changed = one.body[:at] + bytes([one.body[at] ^ 1]) + one.body[at + 1 :]
    return Sent(_headers(one, headers), chance.choice([changed, one.body[:at], one.body + b" ", one.body * 2]))


def swapped(one: Genuine, secret: str, chance: random.Random) -> Sent:
    """Take the signature of another body of the same second."""
    other = bytes(chance.randrange(32, 127) for _ in range(len(one.body)))
    return Sent(_headers(one, signed_headers(secret, other, int(time.time()))), one.body)


def old(one: Genuine, secret: str, chance: random.Random) -> Sent:
    """Send what was signed too long ago, or is signed for a time to come."""
    # On a busy machine a request may arrive seconds after it was made.
    away = chance.choice(
        [-MOST_AGE_S - 2, *(sign * (MOST_AGE_S + one) for one in (30, 3600, 10**6) for sign in (-1, 1))]
    )
    return Sent(_headers(one, signed_headers(secret, one.body, int(time.time()) + away)), one.body)


def brought_up_to_date(one: Genuine, secret: str, _chance: random.Random) -> Sent:
    """Put today's time beside the signature of an old request."""
    headers = signed_headers(secret, one.body, int(time.time()) - 3600)
    return Sent(_headers(one, headers | {TIMESTAMP: str(int(time.time()))}), one.body)


def otherwise(one: Genuine, secret: str, chance: random.Random) -> Sent:
    """Sign by another rule: another version, hash, order, spelling."""
    now = int(time.time())
    good, key = signed_headers(secret, one.body, now), secret.encode()
    bare = hmac.new(key, one.body, hashlib.sha256).hexdigest()
    odd = chance.choice(
        [
            {SIGNATURE: good[SIGNATURE].replace("v0", "v1")},
            {SIGNATURE: good[SIGNATURE].upper()},
            {SIGNATURE: good[SIGNATURE][:-1]},
            {SIGNATURE: f"v0={bare}"},
            {SIGNATURE: f"v0={hmac.new(key, b'v0:%d:%s' % (now, one.body), hashlib.sha1).hexdigest()}"},
            {TIMESTAMP: f"+{now}"},
            {TIMESTAMP: f"{now}.0"},
            {TIMESTAMP: f"{now + 1}"},
        ]
    )
    return Sent(_headers(one, good | odd), one.body)


FORGERS: tuple[Forger, ...] = (unsigned, signed_by_another, altered, swapped, old, brought_up_to_date, otherwise)


def _headers(one: Genuine, signature: dict[str, str]) -> dict[str, str]:
    return {"Content-Type": one.content_type, **signature}


# --- what comes of them -------------------------------------------------------------


def send(acme: Office, requests: Sequence[Callable[[], Sent]]) -> list[tuple[int, str]]:
    """Make and send requests, four at a time; return status and text of each answer."""
    url = urlsplit(acme.app.request_url)

    def one(make: Callable[[], Sent]) -> tuple[int, str]:
        request = make()
        with closing(HTTPConnection(url.hostname or "", url.port, timeout=20)) as connection:
            connection.request("POST", url.path, request.body, request.headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(one, requests))


def rests(acme: Office) -> None:
    """Wait until nothing is worked on."""
    acme.slack.settle()
    assert acme.slack.wait_for(acme.is_idle, 20), acme.served.log[-3000:]
    # What was pressed is answered by errands, which no record tells of.
    calls = -1
    while calls != len(acme.slack.calls):
        calls = len(acme.slack.calls)
        acme.slack.wait_for(lambda: False, 0.3)


def state(acme: Office, *, rows: bool = True) -> list[object]:
    """Return all that a request could have changed: calls that show something, records, readers."""
    with closing(sqlite3.connect(acme.served.home / "data" / "records.db")) as database:
        tables = ["answers", "feedback", "rule_readers", "bases", "audit", *(["deliveries"] if rows else [])]
        counted = [database.execute(f"SELECT count(*) FROM {one}").fetchone() for one in tables]  # noqa: S608 - ours
        readers = database.execute("SELECT rule, reader FROM rule_readers ORDER BY 1, 2").fetchall()
    shown = [one for one in acme.slack.calls if one.method.startswith(SHOWING)]
    return [counted, readers, len(shown)]
