"""Requests to Slack's door, good and odd, and what anybody's door makes of them: over real HTTP, byte for byte."""

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from urllib.parse import quote, urlencode, urlsplit


SIGNING = "8f742231b10e8888abcd99abcdef85a5"
PATH = "/slack/events"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MENTION = {"type": "app_mention", "user": "U2", "ts": "100.1", "channel": "C1", "text": "<@U1> how long?"}
_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request; its signature is made when it is sent.

    Attributes:
        name: what is odd about it.
        body: its bytes.
        content_type: the header; empty for none.
        method: of HTTP.
        path: where it goes.
        key: that it is signed with.
        age_s: seconds between the signing and now; negative for tomorrow's.
        change: puts other headers in the place of the right ones, as pairs; a name may stand twice.
        more: further headers.
        signed: what is signed, if it is not the body.
        chunked: it is sent without its length, in pieces.
        times: it is sent so often; the last answer counts.

    """

    name: str
    body: bytes = b""
    content_type: str = JSON
    method: str = "POST"
    path: str = PATH
    key: str = SIGNING
    age_s: float = 0.0
    change: Callable[[str, str], list[tuple[str, str]]] = field(
        default=lambda at, signature: [("X-Slack-Request-Timestamp", at), ("X-Slack-Signature", signature)]
    )
    more: tuple[tuple[str, str], ...] = ()
    signed: bytes | None = None
    chunked: bool = False
    times: int = 1

    def sent(self, url: str) -> int:
        """Return HTTP's number of the answer; 0 for none."""
        told = 0
        for _ in range(self.times):
            told = _answer(url, self._bytes(url))
        return told

    def _bytes(self, url: str) -> bytes:
        at = str(int(time.time() - self.age_s))
        signature = signed(self.key, at, self.body if self.signed is None else self.signed)
        headers = [("Host", urlsplit(url).netloc), ("Connection", "close"), *self.change(at, signature), *self.more]
        headers += [("Content-Type", self.content_type)] if self.content_type else []
        length = ("Transfer-Encoding", "chunked") if self.chunked else ("Content-Length", str(len(self.body)))
        headers += [length] if self.method == "POST" else []
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers), "", ""]
        return "\r\n".join(lines).encode("latin-1") + (_pieces(self.body) if self.chunked else self.body)


def signed(key: str, at: str, body: bytes) -> str:
    """Return Slack's signature."""
    return "v0=" + hmac.new(key.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()


def _pieces(body: bytes) -> bytes:
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


def _answer(url: str, request: bytes) -> int:
    where = urlsplit(url)
    try:
        with socket.create_connection((where.hostname or "", where.port or 80), timeout=_SECONDS) as connection:
            # Whoever refuses a large body may answer before it has come; the answer is there all the same.
            with suppress(OSError):
                connection.sendall(request)
            response = HTTPResponse(connection)
            response.begin()
            response.close()
            return response.status
    except (OSError, HTTPException):
        return 0


# --- which ----------------------------------------------------------------------


def event(**fields: object) -> bytes:
    """Return the body of an event's request; fields are those of the event."""
    return _json(_enveloped(MENTION | fields))


def _enveloped(inside: object, **more: object) -> dict[str, object]:
    own = {"team_id": "T1", "user_id": "U1", "is_bot": True, "enterprise_id": None, "is_enterprise_install": False}
    told: dict[str, object] = {"token": "x", "team_id": "T1", "api_app_id": "A1", "type": "event_callback"}
    return told | {"event_id": "Ev1", "event_time": 100, "authorizations": [own], "event": inside} | more


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _command(**fields: str) -> bytes:
    told = {"token": "x", "team_id": "T1", "channel_id": "C1", "user_id": "U2", "command": "/kb", "text": "help"}
    return urlencode(told | {"response_url": "http://127.0.0.1:9/r", "trigger_id": "1.1"} | fields).encode()


def _payload(value: str) -> bytes:
    return b"payload=" + quote(value).encode()


def _click() -> str:
    told: Mapping[str, object] = {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "t"},
        "user": {"id": "U2", "team_id": "T1"},
        "api_app_id": "A1",
        "trigger_id": "1.1",
        "container": {"type": "message", "message_ts": "100.1", "channel_id": "C1"},
        "channel": {"id": "C1", "name": "general"},
        "actions": [{"type": "button", "action_id": "nobody's", "block_id": "b", "value": "x", "action_ts": "1.1"}],
    }
    return json.dumps(told)


def good() -> Iterator[Request]:
    """Yield what Slack sends."""
    yield Request("a mention", event())
    yield Request("a mention with a charset", event(), "application/json; charset=utf-8")
    yield Request("the same event five times", event(ts="100.2"), times=5)
    yield Request("an event for the third time", event(ts="100.7"), more=(("X-Slack-Retry-Num", "2"),))
    yield Request("an event in pieces", event(ts="100.3"), chunked=True)
    yield Request("an event in many scripts", event(ts="100.4", text="<@U1> Größe 👩‍👩‍👧 حجم"))
    yield Request("an event unescaped", json.dumps(_enveloped(MENTION), ensure_ascii=False).encode())
    yield Request("an event of a type that nobody knows", event(type="moon_landed"))
    yield Request("a message of a subtype that nobody knows", event(type="message", subtype="moon_landed"))
    yield Request("an event with fields that nobody knows", _json(_enveloped(MENTION, moon={"landed": [1]})))
    yield Request("an event of four minutes ago", event(ts="100.5"), age_s=240)
    yield Request("an event of in four minutes", event(ts="100.6"), age_s=-240)
    yield Request("is this address yours", _json({"type": "url_verification", "token": "x", "challenge": "abc"}))
    yield Request("is your certificate good", b"ssl_check=1&token=x", FORM)
    yield Request("a command", _command(), FORM)
    yield Request("a command of another name", _command(command="/moon"), FORM)
    yield Request("a click that nobody waits for", _payload(_click()), FORM)


def unproven() -> Iterator[Request]:
    """Yield what nobody signed, or not so that it proves anything."""
    body = event()
    yield Request("another secret", body, key="another")
    yield Request("another body", body, signed=body + b" ")
    yield Request("no headers", body, change=lambda _at, _signature: [])
    yield Request("no signature", body, change=lambda at, _: [_at(at)])
    yield Request("no time", body, change=lambda _, signature: [_by(signature)])
    yield Request("an empty signature", body, change=lambda at, _: [_at(at), _by("")])
    yield Request("a signature of another version", body, change=lambda at, by: [_at(at), _by("v1" + by[2:])])
    yield Request("a signature without its version", body, change=lambda at, by: [_at(at), _by(by[3:])])
    yield Request("a signature in capitals", body, change=lambda at, by: [_at(at), _by("v0=" + by[3:].upper())])
    yield Request("a signature outside of ASCII", body, change=lambda at, _: [_at(at), _by("v0=" + "\xfc" * 64)])
    yield Request("a time that is none", body, change=lambda _, by: [_at("soon"), _by(by)])
    yield Request(
        "a signed time that is none", body, change=lambda *_: [_at("soon"), _by(signed(SIGNING, "soon", body))]
    )
    yield Request("a time of 400 digits", body, change=lambda _, by: [_at("9" * 400), _by(by)])
    yield Request("six minutes old", body, age_s=360)
    yield Request("of in six minutes", body, age_s=-360)
    yield Request("two times", body, change=lambda at, by: [_at(at), _at(at), _by(by)])
    yield Request("two signatures, the first good", body, change=lambda at, by: [_at(at), _by(by), _by("v0=0")])
    yield Request("two signatures, the last good", body, change=lambda at, by: [_at(at), _by("v0=0"), _by(by)])
    yield Request("JSON that is none, by nobody", b"{", key="another")
    yield Request("deeply nested, by nobody", b"[" * 200_000, key="another")
    yield Request("no UTF-8, by nobody", b"\xff\xfe", key="another")
    yield Request("a form that is none, by nobody", b"payload=%7B", FORM, key="another")
    yield Request("is this address yours, by nobody", b'{"type":"url_verification","challenge":"x"}', key="another")
    yield Request("is your certificate good, by nobody", b"ssl_check=1&token=x", FORM, key="another")


def junk() -> Iterator[Request]:
    """Yield what is signed well and makes no sense."""
    yield Request("nothing")
    yield Request("nothing as a form", content_type=FORM)
    yield Request("JSON that is none", b"{")
    yield Request("JSON that is a list", b"[]")
    yield Request("JSON that is a text", b'"text"')
    yield Request("JSON that is null", b"null")
    yield Request("JSON without anything", b"{}")
    yield Request("deeply nested", b"[" * 200_000)
    yield Request("an event nested in two thousand lists", event(text=None, deep=0).replace(b"0}", _deep(2000) + b"}"))
    yield Request("no UTF-8", b'{"type": "event_callback", "text": "\xff"}')
    yield Request("an event that is a text", _json(_enveloped("text")))
    yield Request("an event without a type", _json(_enveloped({"user": "U2"})))
    yield Request("an event with a number for a channel", event(channel=5))
    yield Request("a request of a type that nobody knows", _json({"type": "moon_landed"}))
    yield Request("JSON as a form", event(), FORM)
    yield Request("JSON as text", event(), "text/plain")
    yield Request("JSON without a content type", event(), "")
    yield Request("a form as JSON", _command(), JSON)
    yield Request("a form of nobody", b"moon=landed", FORM)
    yield Request("a form in no UTF-8", b"%ff=%fe&\xff", FORM)
    yield Request("a payload that is none", _payload("{"), FORM)
    yield Request("a payload that is a list", _payload("[]"), FORM)
    yield Request("a payload that is null", _payload("null"), FORM)
    yield Request("a payload without anything", _payload("{}"), FORM)
    yield Request("a payload deeply nested", _payload('{"a":' * 5000 + "1" + "}" * 5000), FORM)
    yield Request("a body of two megabytes", event(text="x" * 2_000_000))
    yield Request("a GET", method="GET", content_type="")
    yield Request("is your certificate good, by GET", path=f"{PATH}?ssl_check=1&token=x", method="GET", content_type="")
    yield Request("a PUT", event(), method="PUT")
    yield Request("another path", event(), path="/slack/else")


def _deep(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def _at(value: str) -> tuple[str, str]:
    return "X-Slack-Request-Timestamp", value


def _by(value: str) -> tuple[str, str]:
    return "X-Slack-Signature", value
