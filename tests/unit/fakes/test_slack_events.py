"""What the fake Slack sends an app over HTTP: who is told of what, signed, complete, and again when need be."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_courier import Pace
from tests.fakes.slack_events import TOMBSTONE
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_signing import signed_headers
from tests.unit.fakes.slack_scene import HASTY, Inbox, Received, Scene, scene


@pytest.fixture
def town() -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene() as made:
        yield made


def events_of(town: Scene) -> list[dict[str, Any]]:
    """Return the events that the app was sent so far, in the order in which they happened."""
    town.slack.settle()
    return [one.event for one in town.slack.deliveries]


def test_a_mention_comes_twice_under_two_event_ids(town: Scene) -> None:
    """A mention in a channel is a message and a mention, with one timestamp and two ids; both are complete."""
    asked = town.ann.mentions(town.bot, town.general, "how many <b>days</b>?")
    town.slack.settle()
    bodies = [one.json for one in town.box.received]
    assert {one["event"]["type"] for one in bodies} == {"message", "app_mention"}
    assert len({one["event_id"] for one in bodies}) == 2
    for body in bodies:
        event = body["event"]
        assert (event["ts"], event["user"], event["channel"]) == (asked.ts, town.ann.id, town.general.id)
        assert event["text"] == f"<@{town.bot.bot_user}> how many &lt;b&gt;days&lt;/b&gt;?"
        assert [one["type"] for one in event["blocks"][0]["elements"][0]["elements"]] == ["user", "text"]
        assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", town.team.id, town.app.id)
        assert body["authorizations"][0]["user_id"] == town.bot.bot_user
        assert body["token"] == town.app.verification_token
        assert (body["context_team_id"], body["is_ext_shared_channel"]) == (town.team.id, False)
        assert abs(body["event_time"] - float(asked.ts)) < 2
    assert {one["event"].get("channel_type") for one in bodies} == {"channel", None}


def test_everything_is_signed(town: Scene) -> None:
    """Slack's own verifier accepts each request's bytes, and no others."""
    town.ann.mentions(town.bot, town.general, "hello")
    town.ann.commands(town.bot, "/kb", "help me & <all>", town.general)
    town.ann.shortcuts(town.bot, "ask")
    town.slack.settle()
    verifier = SignatureVerifier(town.app.signing_secret)
    assert len(town.box.received) == 4
    for one in town.box.received:
        assert verifier.is_valid_request(one.body, one.headers)
        assert not verifier.is_valid_request(one.body + b" ", one.headers)
        assert not SignatureVerifier("another").is_valid_request(one.body, one.headers)


class At(Clock):
    """A time of day for Slack's verifier."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def now(self) -> float:
        """Return it."""
        return self._seconds


@given(st.text(min_size=1).filter(str.strip), st.text().map(str.encode), st.integers(0, 2**33))
def test_any_body_is_signed_as_slack_signs(secret: str, body: bytes, at: int) -> None:
    """Whatever the secret, the body and the time: Slack's verifier accepts the headers then."""
    headers = signed_headers(secret, body, at)
    assert SignatureVerifier(secret, At(at)).is_valid_request(body, headers)
    assert not SignatureVerifier(secret, At(at + 301)).is_valid_request(body, headers)


def test_a_direct_message_is_no_mention(town: Scene) -> None:
    """In the direct conversation even the bot's name makes one event alone."""
    town.ann.tells(town.bot, f"<@{town.bot.bot_user}> hello")
    [event] = events_of(town)
    assert (event["type"], event["channel_type"]) == ("message", "im")


def test_who_is_not_there_hears_nothing(town: Scene) -> None:
    """An app hears of channels that its bot is in, and of what it is subscribed to."""
    town.ann.writes(town.secret, f"<@{town.bot.bot_user}> psst")
    assert events_of(town) == []
    town.app.events = frozenset(["app_mention"])
    town.ann.mentions(town.bot, town.general, "hello")
    assert [one["type"] for one in events_of(town)] == ["app_mention"]


def test_an_app_hears_itself(town: Scene) -> None:
    """Its own posts, updates and deletions come back as events, with its bot id."""
    posted = town.call("chat.postMessage", channel=town.general.id, text="one")
    where = {"channel": town.general.id, "ts": posted["ts"]}
    town.call("chat.update", **where, text="two")
    town.call("chat.delete", **where)
    said, changed, deleted = events_of(town)
    assert (said["bot_id"], said["user"], said["text"]) == (town.bot.bot_id, town.bot.bot_user, "one")
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "two")
    assert (changed["previous_message"]["text"], changed["message"]["edited"]["user"]) == ("one", town.bot.bot_user)
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", posted["ts"])


def test_an_edit_tells_both_texts(town: Scene) -> None:
    """A change holds the message before and after; a name that is new in it is a mention too, an old one is not."""
    written = town.ann.writes(town.general, "how many days?")
    town.ann.edits(written, f"<@{town.bot.bot_user}> how many days?")
    town.ann.edits(written, f"<@{town.bot.bot_user}> how many hours?")
    _, first, mention, second = events_of(town)
    assert (first["hidden"], first["message"]["ts"]) == (True, written.ts)
    assert (first["previous_message"]["text"], first["ts"] > written.ts) == ("how many days?", True)
    assert (mention["type"], mention["ts"], "edited" in mention) == ("app_mention", written.ts, True)
    assert second["message"]["text"].endswith("hours?")
    assert written.versions[0] == "how many days?"


def test_a_preview_is_a_change_that_changes_no_word(town: Scene) -> None:
    """Slack tells of a preview of a link as of an edit, though nobody edited."""
    written = town.ann.writes(town.general, "see https://kb.example")
    town.slack.unfurl(written)
    changed = events_of(town)[-1]
    assert changed["message"]["text"] == changed["previous_message"]["text"]
    assert "edited" not in changed["message"]


def test_a_deleted_question_with_an_answer_becomes_a_tombstone(town: Scene) -> None:
    """A root with replies is changed, not deleted, in the eyes of an app; a reply and a lone message are deleted."""
    asked = town.ann.writes(town.general, "how many days?")
    reply = town.bob.writes(town.general, "25", thread=asked)
    town.ann.deletes(asked)
    tombstone = events_of(town)[-1]
    assert (tombstone["subtype"], tombstone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert (tombstone["message"]["text"], tombstone["message"]["ts"]) == (TOMBSTONE, asked.ts)
    assert tombstone["previous_message"]["text"] == "how many days?"
    town.bob.deletes(reply)
    assert (events_of(town)[-1]["subtype"], events_of(town)[-1]["deleted_ts"]) == ("message_deleted", reply.ts)


def test_replies_and_files_are_told(town: Scene) -> None:
    """A reply names its thread and whose it is; a broadcast holds its root; a file is told with its address."""
    asked = town.ann.writes(town.general, "how many days?")
    town.bob.writes(town.general, "25", thread=asked)
    town.bob.writes(town.general, "25!", thread=asked, broadcast=True)
    town.ann.tells(town.bot, "hi")
    file = town.ann.uploads("leave.txt", b"25 days")
    town.ann.writes(town.general, "and this?", files=[file])
    _, reply, broadcast, _, share = events_of(town)
    assert (reply["thread_ts"], reply["parent_user_id"]) == (asked.ts, town.ann.id)
    assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", asked.ts)
    assert (share["subtype"], share["files"][0]["id"]) == ("file_share", file.id)


def test_strangers_are_told_by_their_team(town: Scene) -> None:
    """In a shared channel the event says so, and of which company its author is; the app's own team is the context."""
    other = town.slack.workspace("Other")
    eve = town.slack.person(other, "eve", "guest")
    shared = town.slack.channel(town.team, "shared", [town.ann, eve, town.bot], shared_with=[other])
    eve.mentions(town.bot, shared, "hello")
    town.slack.settle()
    body = next(one.json for one in town.box.received if one.json["event"]["type"] == "app_mention")
    assert (body["is_ext_shared_channel"], body["team_id"]) == (True, other.id)
    assert body["authorizations"][0]["team_id"] == body["context_team_id"] == town.team.id
    event = body["event"]
    assert (event["user_team"], event["user_profile"]["is_restricted"]) == (other.id, True)


def test_a_grid_is_told_by_its_enterprise(town: Scene) -> None:
    """In an Enterprise Grid a body names the enterprise too."""
    grid = town.slack.workspace("North", enterprise_id="E01")
    bot = town.slack.install(town.app, grid)
    town.slack.person(grid, "eve").tells(bot, "hello")
    town.slack.settle()
    body = town.box.received[-1].json
    assert (body["enterprise_id"], body["authorizations"][0]["enterprise_id"]) == ("E01", "E01")
    assert body["event"]["user"].startswith("W")


def test_what_people_do_besides_is_told(town: Scene) -> None:
    """Reactions, comings and goings, the home tab and what is looked at: each has its event."""
    written = town.ann.writes(town.general, "x")
    town.bob.reacts(written, "thumbsup")
    town.bob.unreacts(written, "thumbsup")
    town.bob.leaves(town.general)
    town.bob.joins(town.general)
    town.ann.opens_home(town.bot)
    context = town.ann.looks_at(town.general, town.bot)
    town.ann.opens_messages(town.bot, context=context)
    told = events_of(town)[1:]
    assert [one["type"] for one in told] == [
        "reaction_added",
        "reaction_removed",
        "message",
        "member_left_channel",
        "message",
        "member_joined_channel",
        "app_home_opened",
        "app_context_changed",
        "app_home_opened",
    ]
    assert (told[0]["item"]["ts"], told[0]["item_user"]) == (written.ts, town.ann.id)
    assert [told[2]["subtype"], told[4]["subtype"]] == ["channel_leave", "channel_join"]
    assert [told[6]["tab"], told[8]["tab"]] == ["home", "messages"]
    assert told[8]["context"]["entities"][0]["value"] == town.general.id


def test_changes_of_the_directory_are_told(town: Scene) -> None:
    """Accounts, groups, shared and archived channels, the end of an installation: each has its event."""
    group = town.slack.group(town.team, "hr", [town.ann])
    town.slack.set_members(group, [town.bob])
    town.slack.switch(group, enabled=False)
    town.slack.change(town.ann, role="guest")
    town.slack.rename(town.general, "lobby")
    other = town.slack.workspace("Other")
    town.slack.share(town.general, other)
    town.slack.unshare(town.general, other)
    town.slack.archive(town.general, town.bob)
    town.bob.invites(town.bot, town.secret)
    town.bob.removes(town.bot, town.secret)
    town.slack.uninstall(town.bot)
    told = events_of(town)
    assert [one["type"] for one in told] == [
        "subteam_members_changed",
        "subteam_updated",
        "user_change",
        "channel_rename",
        "channel_shared",
        "channel_unshared",
        "channel_archive",
        "message",
        "member_joined_channel",
        "member_left_channel",
        "app_uninstalled",
        "tokens_revoked",
    ]
    assert (told[0]["added_users"], told[0]["removed_users"]) == ([town.bob.id], [town.ann.id])
    assert (told[1]["subteam"]["users"], told[3]["channel"]["name"]) == ([town.bob.id], "lobby")
    assert (told[2]["user"]["is_restricted"], told[8]["inviter"]) == (True, town.bob.id)


def retries(box: Inbox) -> list[tuple[str, str]]:
    """Return number and reason of each request that came."""
    found = [
        (one.headers.get("x-slack-retry-num", ""), one.headers.get("x-slack-retry-reason", "")) for one in box.received
    ]
    return sorted(found)


def test_a_failure_is_repeated_three_times(town: Scene) -> None:
    """An event that is answered 500 comes again under the same id with number and reason, then no more."""
    town.box.replies.extend([(500, b"", {})] * 4)
    town.ann.tells(town.bot, "hello")
    town.slack.settle()
    assert retries(town.box) == [("", ""), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({one.json["event_id"] for one in town.box.received}) == 1
    assert town.slack.deliveries[0].state == "gave_up"
    assert [one.status for one in town.slack.deliveries[0].attempts] == [500] * 4


def test_silence_is_repeated() -> None:
    """Who does not acknowledge in time gets the event again; who then does, no more."""
    with scene(pace=HASTY) as town:
        town.box.replies.append(None)
        town.ann.tells(town.bot, "hello")
        town.slack.settle()
        assert retries(town.box)[:2] == [("", ""), ("1", "http_timeout")]
        assert town.slack.deliveries[0].state == "acknowledged"


def test_an_app_may_refuse_repetitions(town: Scene) -> None:
    """`X-Slack-No-Retry: 1` on a failure ends it; so it does nothing on an acknowledgement."""
    town.box.replies.append((500, b"", {"X-Slack-No-Retry": "1"}))
    town.ann.tells(town.bot, "hello")
    town.slack.settle()
    assert (retries(town.box), town.slack.deliveries[0].state) == ([("", "")], "gave_up")


def test_nobody_listening_is_a_failed_connection() -> None:
    """An address where nobody listens is tried four times; an app without an address never."""
    with scene(pace=Pace(ack_s=1.0, retry_after_s=(0.0, 0.0, 0.0))) as town:
        town.app.request_url = "http://127.0.0.1:9/slack/events"
        town.ann.tells(town.bot, "hello")
        town.slack.settle()
        town.app.request_url = ""
        town.ann.tells(town.bot, "hello")
        town.slack.settle()
        first, second = town.slack.deliveries
        assert [one.error for one in first.attempts] == ["connection_failed"] * 4
        assert (second.attempts, second.state) == ([], "gave_up")


def test_a_body_may_be_delivered_again(town: Scene) -> None:
    """Slack may deliver an acknowledged event once more, byte for byte."""
    town.ann.tells(town.bot, "hello")
    town.slack.settle()
    town.slack.repeat(town.slack.deliveries[0]).wait()
    first, again = town.box.received
    assert first.body == again.body


def test_an_address_is_verified(town: Scene) -> None:
    """Slack asks a new address to repeat a challenge."""
    town.box.replies.append((200, b'{"challenge": "abc"}', {}))
    delivery = town.slack.verify_url(town.app, "abc").wait()
    received: Received = town.box.received[0]
    assert received.json == {"token": town.app.verification_token, "challenge": "abc", "type": "url_verification"}
    assert (delivery.attempts[0].body, delivery.state) == (b'{"challenge": "abc"}', "acknowledged")


def test_the_pace_of_slack_is_the_default() -> None:
    """Three seconds to acknowledge; again at once, after a minute and after five."""
    assert Pace() == Pace(ack_s=3.0, retry_after_s=(0.0, 60.0, 300.0))


def test_time_is_the_tests_own() -> None:
    """Timestamps and signatures go by the clock that was handed in, and no two messages share a timestamp."""
    with scene(clock=ManualClock()) as town:
        written = [town.ann.tells(town.bot, "hello").ts for _ in range(3)]
        town.slack.settle()
        assert written == ["1772442000.000000", "1772442000.000001", "1772442000.000002"]
        assert {one.headers["x-slack-request-timestamp"] for one in town.box.received} == {"1772442000"}


def test_waiting_ends() -> None:
    """Who waits for a delivery that does not come is told so."""
    with scene() as town:
        waiting = Delivery("event", town.app, town.team.id, {"type": "event_callback"})
        with pytest.raises(TimeoutError, match="neither acknowledged nor given up"):
            waiting.wait(0.01)
        town.slack.deliveries.append(waiting)
        with pytest.raises(TimeoutError, match="not acknowledged within"):
            town.slack.settle(0.01)


def test_people_do_what_they_may_alone(town: Scene) -> None:
    """Nobody writes where they are not, or once deactivated; nobody changes another's message."""
    with pytest.raises(ValueError, match="cannot write"):
        town.bob.writes(town.secret, "x")
    written = town.ann.writes(town.general, "x")
    with pytest.raises(ValueError, match="cannot change"):
        town.bob.edits(written, "y")
    town.slack.change(town.ann, deleted=True)
    with pytest.raises(ValueError, match="cannot write"):
        town.ann.writes(town.general, "x")
