"""Over real HTTP: what Slack signed is kept before it is acknowledged, and everything else ends in a short 4xx."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict

from bot.deliveries import Inbox
from bot.server import MOST_BYTES, application
from bot.slack.admission import Admission
from bot.slack.door import Door, Reply
from bot.slack.guard import Guard
from bot.slack.routes import PATH, routes
from pipelines.adapters.records import SqlRecords
from pipelines.adapters.records.database import Database
from pipelines.domain.deliveries import Delivery, DeliveryKind, DeliveryState, Halt
from pipelines.ports.clock import Clock
from tests.fakes.manual_clock import ManualClock


SIGNING = "what only Slack and we know"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
HELD = "slack:T1:C1:90.1"


def message(text: str = "<@UBOT> how long?", **more: object) -> bytes:
    """Return an event's body."""
    event = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "ts": "100.1", "text": text}
    told = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event | more}
    return json.dumps(told | {"authorizations": [{"team_id": "T1", "user_id": "UBOT"}]}).encode()


KEY = "slack:T1:C1:100.1:new"


class House:
    """A door with everything behind it."""

    def __init__(self, folder: Path, threads: ThreadPoolExecutor) -> None:
        self.clock = ManualClock()
        self.records = SqlRecords(Database(f"sqlite:///{folder / 'records.db'}"), self.clock)
        self.answered: list[str] = []
        inbox = Inbox(self.records.deliveries, threads, lambda: None)
        self.records.deliveries.accept([Delivery("earlier", "slack", DeliveryKind.NEW, HELD, "")])
        earlier = self.records.deliveries.take("slack", "host:1:1", 60)
        assert earlier is not None
        self.records.deliveries.finish(earlier)
        admission = Admission(self.records, threads, self.clock)
        self.door = Door(Guard(SIGNING, self.clock), inbox, admission, self.answer)

    async def answer(self, body: str) -> Reply:
        """Answer a command."""
        self.answered.append(body)
        return Reply(200, json.dumps({"text": "done"}), JSON)

    def signed(self, body: bytes, *, clock: Clock | None = None) -> dict[str, str]:
        """Return Slack's headers for a body."""
        timestamp = str(int((clock or self.clock).now().timestamp()))
        basis = b"v0:" + timestamp.encode() + b":" + body
        signature = "v0=" + hmac.new(SIGNING.encode(), basis, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}

    def is_kept(self, key: str = KEY) -> bool:
        """Say whether a delivery is in the records."""
        known = self.records.deliveries.find(key)
        return known is not None and known.state is DeliveryState.WAITING


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Return a door."""
    with ThreadPoolExecutor(2) as threads:
        made = House(tmp_path, threads)
        yield made
        made.records.close()


@asynccontextmanager
async def served(house: House) -> AsyncIterator[tuple[ClientSession, str]]:
    """Serve a door on loopback."""
    async with TestServer(application(routes(house.door), {})) as server, ClientSession() as client:
        yield client, str(server.make_url(PATH))


def post(house: House, body: bytes, content_type: str = JSON, **headers: str) -> tuple[int, str]:
    """Send one signed request; return status and text."""
    status, text, _ = answered(house, body, content_type, **headers)
    return status, text


def answered(house: House, body: bytes, content_type: str = JSON, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    """Send one signed request; return status, text and headers."""

    async def scene() -> tuple[int, str, Mapping[str, str]]:
        async with served(house) as (client, url):
            told = house.signed(body) | {"Content-Type": content_type} | headers
            async with client.post(url, data=BytesIO(body), headers=told) as answer:
                return answer.status, await answer.text(), answer.headers

    return asyncio.run(scene())


def test_what_can_never_be_read_is_not_wanted_again(house: House, tmp_path: Path) -> None:
    """Slack need not repeat it; what could not be kept it is to repeat."""
    assert answered(house, b"{")[2].get("X-Slack-No-Retry") == "1"
    assert "X-Slack-No-Retry" not in answered(house, message())[2]
    house.records.close()
    for one in tmp_path.glob("records.db*"):
        one.unlink()
    (tmp_path / "records.db").mkdir()
    assert "X-Slack-No-Retry" not in answered(house, message(ts="100.2"))[2]


def test_an_event_is_kept_before_it_is_acknowledged(house: House) -> None:
    """200 means that it is in the records; the same event again, under another id, is acknowledged and no second."""
    assert post(house, message()) == (200, "")
    assert house.is_kept()
    assert post(house, message().replace(b"Ev1", b"Ev2"), **{"X-Slack-Retry-Num": "1"}) == (200, "")
    assert house.records.deliveries.take("slack", "host:1:1", 60) is not None
    assert house.records.deliveries.take("slack", "host:1:1", 60) is None


@pytest.mark.parametrize(
    ("change", "kept"), [({"thread_ts": "90.1"}, True), ({"thread_ts": "80.1"}, False), ({}, False)]
)
def test_what_concerns_nobody_is_not_kept(house: House, change: dict[str, Any], *, kept: bool) -> None:
    """Other people's messages are acknowledged and left; in a thread that we answer in they are kept."""
    assert post(house, message("not for the bot", **change)) == (200, "")
    assert house.is_kept() is kept


def test_a_channel_is_answered_by_itself_where_that_is_switched_on(house: House) -> None:
    """Its questions are kept; a switch is seen after a few seconds by whoever looked before."""
    assert post(house, message("how long is the leave?")) == (200, "")
    assert not house.is_kept()
    house.records.channels.set_auto_answer("slack:T1:C1", on=True)
    house.clock.advance(6)
    assert post(house, message("how long is the leave?")) == (200, "")
    assert house.is_kept()


def test_an_edit_halts_what_it_changes(house: House) -> None:
    """At once, whoever works on it; an edit of what nobody asked us is left."""
    changed = {
        "subtype": "message_changed",
        "message": {"user": "U1", "ts": "100.1", "text": "how many?", "edited": {"ts": "200.1"}},
        "previous_message": {"user": "U1", "ts": "100.1", "text": "how long?"},
    }
    assert post(house, message(**changed)) == (200, "")
    assert house.records.deliveries.find("slack:T1:C1:100.1:200.1:edit") is None
    assert post(house, message()) == (200, "")
    assert post(house, message(**changed)) == (200, "")
    asked = house.records.deliveries.find(KEY)
    edit = house.records.deliveries.find("slack:T1:C1:100.1:200.1:edit")
    assert asked is not None
    assert edit is not None
    assert (asked.halt, edit.halt) == (Halt.EDITED, None)
    assert post(house, message(**changed), **{"X-Slack-Retry-Num": "1"}) == (200, "")
    again = house.records.deliveries.find("slack:T1:C1:100.1:200.1:edit")
    assert again is not None
    assert again.halt is None


def test_an_edit_that_is_told_late_halts_no_later_one(house: House) -> None:
    """Slack repeats what it could not tell after minutes, in which the message was edited again."""

    def edit(at: str) -> bytes:
        now = {"user": "U1", "ts": "100.1", "text": f"<@UBOT> how many at {at}?", "edited": {"ts": at}}
        changed = {"message": now, "previous_message": {"user": "U1", "ts": "100.1"}}
        return message("", subtype="message_changed", **changed)

    def halt_of(at: str) -> Halt | None:
        known = house.records.deliveries.find(f"slack:T1:C1:100.1:{at}:edit")
        assert known is not None
        return known.halt

    for at in ("202.1", "201.1"):
        assert post(house, edit(at)) == (200, "")
    assert (halt_of("201.1"), halt_of("202.1")) == (None, None)
    assert post(house, edit("203.1")) == (200, "")
    assert [halt_of(at) for at in ("201.1", "202.1", "203.1")] == [Halt.EDITED, Halt.EDITED, None]


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ({"text": "<@UBOT> how long?"}, True),
        ({"text": "how long?", "thread_ts": "90.1"}, True),
        ({"text": "how long?", "thread_ts": "80.1"}, False),
        ({"text": "how long?"}, False),
    ],
)
def test_a_deletion_may_come_before_its_question(house: House, before: dict[str, Any], *, kept: bool) -> None:
    """It is kept if the question would be, so that one that Slack repeats late is known to be gone."""
    gone = {"deleted_ts": "100.1", "previous_message": {"user": "U1", "ts": "100.1"} | before}
    assert post(house, message("", subtype="message_deleted", **gone)) == (200, "")
    assert house.is_kept("slack:T1:C1:100.1:delete") is kept


def test_a_stop_halts_its_thread(house: House) -> None:
    """All that waits or is answered there."""
    post(house, message())
    event = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": "100.1", "user": "U1"}
    told = {"type": "event_callback", "team_id": "T1", "event_id": "Ev9", "event": event}
    assert post(house, json.dumps(told).encode()) == (200, "")
    asked = house.records.deliveries.find(KEY)
    assert asked is not None
    assert asked.halt is Halt.STOPPED


def test_a_challenge_is_sent_back(house: House) -> None:
    """As Slack asks when the address is typed in."""
    assert post(house, b'{"type": "url_verification", "challenge": "abc"}') == (200, "abc")


def test_a_command_is_answered_at_once(house: House) -> None:
    """Its answer is the HTTP answer."""
    body = b"command=%2Fkb&text=help&team_id=T1"
    assert post(house, body, FORM) == (200, '{"text": "done"}')
    assert house.answered == [body.decode()]


def test_what_cannot_be_kept_is_not_acknowledged(house: House, tmp_path: Path) -> None:
    """Slack is told to come again: 503."""
    house.records.close()
    (tmp_path / "records.db").unlink()
    (tmp_path / "records.db").mkdir()
    assert post(house, message()) == (503, "not kept")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b"", JSON),
        (b"{}", JSON),
        (b"[" * 200_000, JSON),
        (b'{"type": "event_callback", "event": "text"}', JSON),
        (b'{"type": "event_callback", "team_id": "T1", "event": {"type": "app_home_opened"}}', JSON),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=%7B%7D", FORM),
        (b"nothing=known", FORM),
        (b"", FORM),
        (b"%ff=%fe", FORM),
        (message(), FORM),
        (message(), ""),
    ],
)
def test_signed_junk_is_refused(house: House, body: bytes, content_type: str) -> None:
    """With a word, and without a trace."""
    assert post(house, body, content_type) == (400, "unreadable")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "ü"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "9" * 300},
    ],
)
def test_what_is_not_signed_is_refused(house: House, headers: dict[str, str]) -> None:
    """Nothing of it is read or kept."""
    assert post(house, message(), **headers) == (401, "refused")
    assert not house.is_kept()


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_a_proof_that_is_told_twice_is_none(house: House, name: str) -> None:
    """Whoever stands between Slack and us may have looked at the other one, though the first is good."""

    async def scene() -> int:
        async with served(house) as (client, url):
            headers = CIMultiDict(house.signed(message()) | {"Content-Type": JSON})
            headers.add(name, headers[name])
            async with client.post(url, data=message(), headers=headers) as answer:
                return answer.status

    assert asyncio.run(scene()) == 401
    assert not house.is_kept()


def test_a_signature_of_yesterday_is_refused(house: House) -> None:
    """A request that was recorded is worth nothing later."""
    old = house.signed(message())
    house.clock.advance(301)
    assert post(house, message(), **old) == (401, "refused")


@pytest.mark.parametrize(
    ("headers", "length", "status"),
    [
        ({}, MOST_BYTES + 1, 413),
        ({"X-Slack-Signature": ""}, 500, 401),
        ({"X-Slack-Signature": "v0=0"}, 500, 401),
        ({"X-Slack-Request-Timestamp": ""}, 500, 401),
        ({"X-Slack-Request-Timestamp": "soon"}, 500, 401),
        ({"X-Slack-Request-Timestamp": "1000"}, 500, 401),
    ],
)
def test_what_cannot_be_slacks_is_refused_unread(
    house: House, headers: dict[str, str], length: int, status: int
) -> None:
    """Its body is not waited for."""

    async def scene() -> bytes:
        async with served(house) as (_, url):
            host, port = url.split("/")[2].split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            told = {"Host": "x", "Content-Length": str(length)} | house.signed(b"") | headers
            lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
            writer.write(f"POST {PATH} HTTP/1.1\r\n{lines}\r\n".encode())
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(len("refused"))
            writer.close()
            return head

    answer = asyncio.run(scene())
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.endswith(b"\r\n\r\nrefused")


def test_a_packed_body_is_refused(house: House) -> None:
    """Slack packs none, and nothing of it is unpacked."""
    assert post(house, message(), **{"Content-Encoding": "gzip"}) == (415, "Unsupported Media Type")


def test_a_large_body_is_refused(house: House) -> None:
    """Before anything is computed of it."""
    status, _ = post(house, b" " * (MOST_BYTES + 1))
    assert status == 413


def test_a_body_that_ends_early_is_no_fault_of_ours(house: House) -> None:
    """A connection that breaks leaves the next request alone."""

    async def scene() -> int:
        async with served(house) as (client, url):
            host, port = url.split("/")[2].split(":")
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nhalf".encode())
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            body = message()
            async with client.post(url, data=body, headers=house.signed(body) | {"Content-Type": JSON}) as answer:
                return answer.status

    assert asyncio.run(scene()) == 200


def test_other_methods_and_paths_are_refused(house: House) -> None:
    """In a word, and with what is allowed."""

    async def scene() -> list[tuple[int, str]]:
        async with served(house) as (client, url):
            found = []
            for method, path in (("GET", url), ("PUT", url), ("POST", url + "/x")):
                async with client.request(method, path) as answer:
                    found.append((answer.status, answer.headers.get("Allow", "")))
                    assert answer.headers["Server"] == "footnote"
            return found

    assert asyncio.run(scene()) == [(405, "POST"), (405, "POST"), (404, "")]
