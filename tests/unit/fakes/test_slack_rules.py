"""The fake Slack's door: tokens, scopes, forms of requests, rate limits, scripted faults, the journal."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_faults import (
    Fault,
    error,
    fails,
    loses_answer,
    resets,
    silent,
    slow,
    too_long,
    too_many,
    wrong_json,
)
from tests.fakes.slack_http import METHODS
from tests.fakes.slack_methods import read_arguments
from tests.fakes.slack_tiers import WINDOW_S, RateLimits
from tests.fakes.slack_town import SCOPES
from tests.unit.fakes.slack_scene import Scene, scene


FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture
def town() -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene() as made:
        yield made


def send(town: Scene, method: str, body: bytes, content_type: str, *, token: str | None = None) -> Any:
    """Return the JSON of a raw request."""
    headers = {"Content-Type": content_type}
    if token != "":
        headers["Authorization"] = f"Bearer {token or town.bot.bot_token}"
    request = urllib.request.Request(town.slack.api_url + method, body, headers)  # noqa: S310 - an address of ours
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
            return json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return {"_status": refused.code, **json.loads(refused.read())}


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-no", "invalid_auth")])
def test_a_wrong_token_opens_nothing(town: Scene, token: str, error: str) -> None:
    """Each method asks for the token of an installation."""
    for method in ("auth.test", "chat.postMessage", "users.info"):
        assert send(town, method, b"{}", JSON, token=token)["error"] == error
    assert send(town, "chat.postMessage", b"{}", JSON, token=town.app.app_token)["error"] == "not_allowed_token_type"


def test_a_token_ends_with_its_installation(town: Scene) -> None:
    """After an app is taken out of the workspace its token is worth nothing."""
    town.slack.uninstall(town.bot)
    assert town.call("auth.test")["error"] == "account_inactive"


def test_a_method_needs_its_scope(town: Scene) -> None:
    """Without it the answer says which one is missing, and which there are."""
    poor = town.slack.install(town.app, town.slack.workspace("Other"), scopes=["chat:write"])
    answer = town.call("users.info", token=poor.bot_token, user=town.ann.id)
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "users:read", "chat:write")


def test_no_method_wants_a_scope_that_nobody_has() -> None:
    """The scopes of a full installation open every method."""
    assert all(not one.scopes or set(one.scopes) & SCOPES for one in METHODS.values())


def test_an_unknown_method_is_unknown(town: Scene) -> None:
    """It is refused as such, whatever is sent."""
    assert send(town, "chat.sing", b"{}", JSON)["error"] == "unknown_method"


def test_forms_and_json_say_the_same(town: Scene) -> None:
    """A form, with its lists in JSON, and a JSON body leave the same arguments in the journal."""
    blocks = [{"type": "divider"}]
    given = {"channel": town.general.id, "text": "ä & b", "unfurl_links": False, "blocks": blocks}
    send(town, "chat.postMessage", json.dumps(given).encode(), f"{JSON}; charset=utf-8")
    form = urlencode({**given, "blocks": json.dumps(blocks), "unfurl_links": "false", "token": town.bot.bot_token})
    send(town, "chat.postMessage", form.encode(), FORM, token="")
    one, other = town.slack.calls_of("chat.postMessage")
    assert one.arguments == other.arguments == given
    assert [one.content_type, other.content_type] == [JSON, FORM]
    assert (one.status, one.ok, one.app_id, one.http) == (200, True, town.app.id, "POST")


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"{", JSON, "invalid_json"),
        (b"[]", JSON, "json_not_object"),
        (b"{}", "text/plain", "invalid_post_type"),
        (b"{}", JSON, "invalid_arguments"),
        (b'{"channel": ["C1", 2]}', JSON, "invalid_arguments"),
        (b'{"channel": true}', JSON, "invalid_arguments"),
        (b'{"channel": "C1", "unfurl_links": "perhaps"}', JSON, "invalid_arguments"),
        (b'{"channel": "C1", "metadata": []}', JSON, "invalid_metadata_format"),
        (b"channel=C1&blocks=%7B", FORM, "invalid_blocks_format"),
    ],
    ids=str,
)
def test_odd_bodies_are_refused(town: Scene, body: bytes, content_type: str, code: str) -> None:
    """What is no request is refused with Slack's code, and never breaks the fake."""
    assert send(town, "chat.postMessage", body, content_type)["error"] == code


def test_what_bolt_sends_with_every_call_is_taken(town: Scene) -> None:
    """A client that names its team with each call is served, and the journal holds the method's own arguments."""
    assert town.use(lambda client: client.api_call("auth.test", json={"team_id": town.team.id}))["ok"]
    assert town.slack.calls[0].arguments == {}


def test_methods_that_read_take_no_json(town: Scene) -> None:
    """Their arguments are read of forms and addresses; those of a JSON body are not seen."""
    body = json.dumps({"user": town.ann.id}).encode()
    assert send(town, "users.info", body, JSON)["error"] == "invalid_arguments"
    assert send(town, "users.info", urlencode({"user": town.ann.id}).encode(), FORM)["ok"]


@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from(["channel", "ts", "text", "blocks", "limit", "users", "view"]), st.text()),
)
def test_any_arguments_are_read_or_refused(method: str, given_arguments: dict[str, Any]) -> None:
    """Reading arguments ends in arguments of that method, or in a refusal of Slack's."""
    try:
        read = read_arguments(METHODS[method], given_arguments)
    except ApiError:
        return
    assert set(read) <= {*METHODS[method].required, *METHODS[method].optional}


def test_tiers_are_enforced_where_they_are_switched_on() -> None:
    """The 21st start of a stream within a minute is answered 429 with the seconds to wait; then it goes on."""
    clock = ManualClock()
    with scene(rate_limits=True, clock=clock) as town:
        asked = town.ann.tells(town.bot, "how many days?")
        start = {"channel": asked.channel, "thread_ts": asked.ts}
        answers = [town.call("chat.startStream", **start) for _ in range(21)]
        assert [one["ok"] for one in answers] == [True] * 20 + [False]
        assert (answers[-1]["_status"], answers[-1]["error"]) == (429, "ratelimited")
        wait_s = int(answers[-1]["_headers"]["Retry-After"])
        assert 0 < wait_s <= 61
        clock.advance(wait_s)
        assert town.call("chat.startStream", **start)["ok"]


def test_posts_are_limited_by_channel() -> None:
    """About one message a second fits into a channel; another channel is not touched by it."""
    limits = RateLimits()
    post = ("chat.postMessage", "A1", "T1")
    assert [limits.wait_s(*post, "C1", 0.0) for _ in range(60)] == [0] * 60
    assert limits.wait_s(*post, "C1", 1.0) > 0
    assert limits.wait_s(*post, "C2", 1.0) == 0


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_minute_holds_more_than_the_tier(pauses: list[float], most: int) -> None:
    """Whenever calls come, any 60 seconds hold no more than allowed, and who waits as told gets through."""
    limits = RateLimits()
    limits.limits["users.info"] = most
    now, taken = 0.0, []
    for pause in pauses:
        now += pause
        wait_s = limits.wait_s("users.info", "A1", "T1", "", now)
        if wait_s:
            now += wait_s
            assert limits.wait_s("users.info", "A1", "T1", "", now) == 0
        taken.append(now)
    for end in taken:
        assert sum(end - WINDOW_S < one <= end for one in taken) <= most


def test_refusals_can_be_scripted(town: Scene) -> None:
    """Faults strike in their order, are counted, and then all goes well; a call in between may go well too."""
    town.slack.script("users.info", too_many(7), None, fails(503), too_long(), error("fatal_error"))
    answers = [town.call("users.info", user=town.ann.id) for _ in range(6)]
    assert [one["_status"] for one in answers] == [429, 200, 503, 200, 200, 200]
    assert answers[0]["_headers"]["Retry-After"] == "7"
    assert [one.get("error") for one in answers[3:]] == ["msg_too_long", "fatal_error", None]
    assert sum(town.slack.faults.struck.values()) == 4
    assert [one.fault for one in town.slack.calls] == ["status", "", "status", "error", "error", ""]


def test_a_fault_may_last(town: Scene) -> None:
    """It strikes every call, of one method or of any, until it is forgotten."""
    town.slack.faults.always("*", fails())
    assert [town.call("auth.test")["_status"] for _ in range(2)] == [500, 500]
    town.slack.faults.forget()
    assert town.call("auth.test")["ok"]


@pytest.mark.parametrize(
    ("fault", "patience_s", "happened"), [(resets(), 5.0, False), (silent(), 0.3, False), (loses_answer(), 5.0, True)]
)
def test_no_answer_may_come(town: Scene, fault: Fault, patience_s: float, *, happened: bool) -> None:
    """A reset and a silence leave no trace; an answer that is lost leaves the message of which nobody was told."""
    town.slack.script("chat.postMessage", fault)
    with pytest.raises((OSError, TimeoutError)):
        asyncio.run(_post(town, patience_s))
    assert bool(town.slack.messages(town.general)) == happened
    [call] = town.slack.calls
    assert town.slack.wait_for(lambda: call.ended)
    assert call.status == 0


async def _post(town: Scene, seconds: float) -> None:
    """Post with a client that gives up early."""
    body = json.dumps({"channel": town.general.id, "text": "x"}).encode()
    address = town.slack.url.removeprefix("http://").split(":")
    async with asyncio.timeout(seconds):
        reader, writer = await asyncio.open_connection(address[0], int(address[1]))
        try:
            head = f"POST /api/chat.postMessage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {town.bot.bot_token}\r\n"
            writer.write(f"{head}Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            if not await reader.read():
                raise ConnectionResetError("the server closed the connection")
        finally:
            writer.transport.abort()


def test_wrong_json_and_slowness(town: Scene) -> None:
    """A body may be no JSON; a slow answer is right nevertheless."""
    town.slack.script("auth.test", wrong_json(b"<html>"), slow(0.01))
    request = urllib.request.Request(town.slack.api_url + "auth.test", b"")  # noqa: S310 - an address of ours
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
        assert answer.read() == b"<html>"
    assert town.call("auth.test")["user_id"] == town.bot.bot_user
