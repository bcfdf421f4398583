"""Slack's JSON is read as what it says, under keys that are the same for the same event, whatever shape it has."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.events import (
    Challenge,
    Event,
    Ignored,
    Interaction,
    Needed,
    received,
    received_event,
)
from bot.slack.said import PlaceKind, Said, names_people, plain, said
from pipelines.domain.deliveries import DeliveryKind, Halt
from pipelines.errors import BadInput


JSON, FORM = "application/json", "application/x-www-form-urlencoded"
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
MESSAGE = {
    "type": "message",
    "channel": "C1",
    "channel_type": "channel",
    "user": "U1",
    "ts": "100.1",
    "text": "<@UBOT> how long?",
    "event_ts": "100.1",
}


def body(event: dict[str, Any], **more: object) -> str:
    """Return an event's body."""
    told = {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "user_id": "UBOT"}],
        "event": event,
    }
    return json.dumps(told | more)


def event_of(event: dict[str, Any], **more: object) -> Event:
    """Return what a body says, which concerns us."""
    found = received_event(body(event, **more))
    assert isinstance(found, Event)
    return found


def test_a_message_and_its_mention_are_one() -> None:
    """Slack delivers both, under two ids of their own: the key is the message's."""
    message = event_of(MESSAGE)
    mention = event_of({**MESSAGE, "type": "app_mention"}, event_id="Ev2")
    assert message.delivery.key == mention.delivery.key == "slack:T1:C1:100.1:new"
    assert message.delivery.lane == mention.delivery.lane == "slack:T1:C1:100.1"
    assert message.needed is mention.needed is Needed.ALWAYS
    assert message.delivery.kind is DeliveryKind.NEW
    assert message.delivery.body == body(MESSAGE)


@pytest.mark.parametrize(
    ("change", "needed"),
    [
        ({}, Needed.ALWAYS),
        ({"text": "how long?"}, Needed.AUTO_ANSWER),
        ({"text": "how long?", "thread_ts": "90.1"}, Needed.HELD_THREAD),
        ({"text": "how long?", "channel_type": "im"}, Needed.ALWAYS),
        ({"text": "how long?", "channel_type": "mpim", "thread_ts": "90.1"}, Needed.HELD_THREAD),
        ({"text": "how long?", "type": "app_mention"}, Needed.ALWAYS),
    ],
)
def test_what_concerns_us_is_told(change: dict[str, Any], needed: Needed) -> None:
    """A direct message or a mention does; else it depends on the thread, or on the channel."""
    assert event_of(MESSAGE | change).needed is needed


@pytest.mark.parametrize(
    "change",
    [
        {"text": "<@UBOTTLE> how long?"},
        {"text": "<!here> how long?", "thread_ts": "90.1"},
        {"text": "the coffee is ready"},
        {"text": "Thanks a lot! :tada:", "thread_ts": "90.1"},
        {"text": "how long?", "channel_type": "mpim"},
    ],
)
def test_what_people_say_to_each_other_is_ignored(change: dict[str, Any]) -> None:
    """Whom they name it is for; a channel's statements and thanks in a thread ask nothing."""
    assert isinstance(received_event(body(MESSAGE | change)), Ignored)


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": None},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "a new one"},
    ],
)
def test_what_programs_write_is_ignored(change: dict[str, Any]) -> None:
    """Ours and other bots' messages, and those about a channel."""
    assert isinstance(received_event(body(MESSAGE | change)), Ignored)


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_words_in_another_form_are_words(subtype: str) -> None:
    """A message with a file is a message."""
    assert event_of({**MESSAGE, "subtype": subtype}).delivery.kind is DeliveryKind.NEW


def edit(new: str, old: str, **more: object) -> dict[str, Any]:
    """Return an event of a message that changed."""
    message = MESSAGE | {"text": new, "edited": {"user": "U1", "ts": "200.1"}} | more
    changed = {"type": "message", "subtype": "message_changed", "channel": "C1", "channel_type": "channel"}
    return changed | {
        "ts": "200.2",
        "event_ts": "200.2",
        "message": message,
        "previous_message": MESSAGE | {"text": old},
    }


def test_an_edit_has_a_key_of_its_own() -> None:
    """It waits for other edits of its message alone, so that it reaches an answer under way; two edits are two."""
    first = event_of(edit("new", "old"))
    assert first.delivery.key == "slack:T1:C1:100.1:200.1:edit"
    assert first.delivery.lane == first.lane == "slack:T1:C1:100.1:100.1"
    assert (first.about, first.halts, first.needed) == (
        "slack:T1:C1:100.1:new",
        Halt.EDITED,
        Needed.KNOWN_QUESTION,
    )
    assert event_of(edit("<@UBOT> new", "old")).needed is Needed.ALWAYS
    assert event_of(edit("new", "<@UBOT> old")).needed is Needed.ALWAYS
    second = event_of(edit("newer", "new", edited={"ts": "201.1"}))
    assert second.delivery.key > first.delivery.key


def test_a_mention_that_an_edit_brought_is_that_edit() -> None:
    """Slack tells of it twice, as a change and as a mention: one of the two is answered."""
    now = {**MESSAGE, "edited": {"user": "U1", "ts": "200.1"}}
    change = {**MESSAGE, "subtype": "message_changed", "message": now, "previous_message": MESSAGE | {"text": "oh"}}
    as_change, as_mention = event_of(change), event_of({**now, "type": "app_mention"}, event_id="Ev2")
    assert as_change.delivery.key == as_mention.delivery.key == "slack:T1:C1:100.1:200.1:edit"
    assert as_change.lane == as_mention.lane
    assert as_change.needed is as_mention.needed is Needed.ALWAYS
    assert as_mention.about == "slack:T1:C1:100.1:new"


def test_an_edit_that_changes_no_word_is_ignored() -> None:
    """A preview was added, or the bot's own message was updated."""
    assert isinstance(received_event(body(edit("same", "same"))), Ignored)
    assert isinstance(received_event(body(edit("new", "old", user="UBOT"))), Ignored)
    assert isinstance(received_event(body(edit("new", "old", bot_id="B1"))), Ignored)


def test_a_deletion_is_told_in_two_ways() -> None:
    """A message with replies becomes a tombstone: the same deletion."""
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "100.1"}
    one = event_of(deleted | {"previous_message": MESSAGE})
    two = event_of(edit("This message was deleted.", "old", subtype="tombstone"))
    assert one.delivery.key == two.delivery.key == "slack:T1:C1:100.1:delete"
    assert one.delivery.lane == ""
    ours = deleted | {"previous_message": MESSAGE | {"user": "UBOT"}}
    assert isinstance(received_event(body(ours)), Ignored)


@pytest.mark.parametrize(
    ("before", "needed"),
    [
        ({}, Needed.ALWAYS),
        ({"text": "how long?"}, Needed.AUTO_ANSWER),
        ({"text": "how long?", "thread_ts": "90.1"}, Needed.HELD_THREAD),
        ({"text": "<@U2> how long?", "thread_ts": "90.1"}, Needed.KNOWN_QUESTION),
        ({"text": "lunch"}, Needed.KNOWN_QUESTION),
    ],
)
def test_a_deletion_concerns_us_as_its_message_did(before: dict[str, Any], needed: Needed) -> None:
    """Whether or not we heard of that one yet."""
    deleted = {"type": "message", "subtype": "message_deleted", "channel": "C1", "channel_type": "channel"}
    event = event_of(deleted | {"deleted_ts": "100.1", "previous_message": MESSAGE | before})
    assert event.needed is needed
    assert event.thread == f"slack:T1:C1:{before.get('thread_ts', '100.1')}"
    assert event.lane == f"{event.thread}:100.1"


def test_a_reaction_to_our_message_is_told() -> None:
    """Each person's each; one to somebody else's message is ignored."""
    event = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "+1",
        "item_user": "UBOT",
        "item": {"type": "message", "channel": "C1", "ts": "100.1"},
        "event_ts": "300.1",
    }
    assert event_of(event).delivery.key == "slack:T1:C1:100.1:U1:+1:300.1:reaction"
    assert isinstance(received_event(body(event | {"item_user": "U2"})), Ignored)


def test_other_events_have_their_own_id() -> None:
    """A home tab that is opened again is another event."""
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}
    assert event_of(event).delivery.key == "slack:T1:Ev1:event"
    assert event_of(event).channel == "D1"


def test_the_workspace_is_that_of_the_app() -> None:
    """In a shared channel the message's own workspace is another."""
    found = event_of(MESSAGE, team_id="T2", authorizations=[{"team_id": "T1", "user_id": "UBOT"}])
    assert found.delivery.key.startswith("slack:T1:")


def test_a_challenge_is_read() -> None:
    """And what is no event is ignored."""
    assert received_event('{"type": "url_verification", "challenge": "abc"}') == Challenge("abc")
    limited = received_event('{"type": "app_rate_limited"}')
    assert isinstance(limited, Ignored)
    assert limited.is_loss


def test_forms_are_read() -> None:
    """Commands, buttons and Slack's look at our certificate."""
    payload = "payload=%7B%22type%22%3A%22block_actions%22%2C%22team%22%3A%7B%22id%22%3A%22T1%22%7D%7D"
    assert received(payload.encode(), FORM) == Interaction()
    assert received(b"command=%2Fkb&text=help&team_id=T1", FORM) == Interaction()
    assert isinstance(received(b"ssl_check=1&token=x", FORM), Ignored)


@pytest.mark.parametrize("text", ["", "{", "[]", '"x"', "[" * 100_000, '{"type": "event_callback"}', "null"])
def test_junk_is_refused_in_one_sentence(text: str) -> None:
    """It ends in a fault of whoever sent it, and repeats nothing."""
    with pytest.raises(BadInput, match=r"request|event"):
        received(text.encode(), JSON)
    with pytest.raises(BadInput, match="request"):
        received(text.encode(), FORM)


@given(event=st.dictionaries(st.sampled_from([*MESSAGE, "subtype", "item", "message", "previous_message"]), ANY_JSON))
def test_any_shape_is_read_or_refused(event: dict[str, Any]) -> None:
    """A field of another type is as good as absent; nothing else is raised."""
    for kind in ("message", "reaction_added", "app_home_opened"):
        for subtype in ("", "message_changed", "message_deleted"):
            text = body({**event, "type": kind} | ({"subtype": subtype} if subtype else {}))
            try:
                found = received_event(text)
            except BadInput:
                continue
            if isinstance(found, Event):
                assert len(found.delivery.key) <= 250
                assert found.delivery.key.isascii()
            try:
                said(json.loads(text))
            except BadInput:
                continue


@given(told=ANY_JSON)
def test_any_json_is_read_or_refused(told: Any) -> None:
    """Whatever is signed."""
    with suppress(BadInput):
        received_event(json.dumps(told))


# --- what was said ------------------------------------------------------------------


def test_a_message_is_read_whole() -> None:
    """Who, where, in which thread, and the words without the mention."""
    event = MESSAGE | {"thread_ts": "90.1", "user_team": "T2", "files": [{"id": "F1"}, {}, 3]}
    assert said(json.loads(body(event, is_ext_shared_channel=True))) == Said(
        team="T1",
        user="U1",
        user_team="T2",
        channel="C1",
        place=PlaceKind.PUBLIC,
        ts="100.1",
        thread="90.1",
        text="how long?",
        mentions=True,
        external=True,
        files=("F1",),
    )


def test_an_edited_message_is_read_as_it_is_now() -> None:
    """In the thread that it was in."""
    found = said(json.loads(body(edit("<@UBOT> and in Spain?", "old", thread_ts="90.1"))))
    assert (found.text, found.ts, found.thread, found.channel) == ("and in Spain?", "100.1", "90.1", "C1")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<@UBOT> how long?", "how long?"),
        ("hey <@UBOT|footnote>, how long?", "hey , how long?"),
        ("ask <@U2> or <@U3|mia>", "ask @U2 or @mia"),
        ("in <#C2|hr-news> and <#C3>", "in #hr-news and #C3"),
        ("<!here> <!subteam^S1|@hr> <!date^1^{date}|today>", "@here @hr today"),
        ("see <https://a.example/x|the page> or <https://b.example>", "see the page or https://b.example"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("*bold* _it_ `code`", "*bold* _it_ `code`"),
        ("&lt;@UBOT&gt;", "<@UBOT>"),
        ("<unclosed", "<unclosed"),
        ("is &copy; or &#60; a sign?", "is &copy; or &#60; a sign?"),
        (f"&#{'9' * 5000}; and &amp;#{'9' * 5000};", f"&#{'9' * 5000}; and &#{'9' * 5000};"),
    ],
)
def test_slacks_marks_are_read_as_words(text: str, read: str) -> None:
    """As a person reads them; what a person typed between angle brackets stays."""
    assert plain(text, "UBOT") == read


@given(text=st.text())
def test_what_a_person_typed_comes_back(text: str) -> None:
    """Slack escapes three characters; whatever was typed is read as it was."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(escaped, "UBOT") == text.strip()


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel": "C1", "channel_type": "im", "user": "U1", "ts": "1.1", "text": "how long?"},
        {"type": "app_mention", "channel": "C1", "user": "U1", "ts": "1.1", "text": "<@UBOT> how long?"},
        {
            "type": "message", "subtype": "message_changed", "channel": "C1", "channel_type": "im", "event_ts": "2.1",
            "message": {"user": "U1", "ts": "1.1", "text": "why?"}, "previous_message": {"user": "U1", "text": "how?"},
        },
        {
            "type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": "1.1",
            "previous_message": {"user": "U1", "ts": "1.1"},
        },
        {
            "type": "reaction_added", "user": "U1", "reaction": "+1", "item_user": "UBOT", "event_ts": "3.1",
            "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        },
        {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"},
        {"type": "app_context_changed", "user": "U1", "channel": "D1"},
    ],
    ids=lambda one: f"{one['type']} {one.get('subtype', '')}",
)  # fmt: skip
def test_who_makes_us_work_is_named(event: dict[str, Any]) -> None:
    """So that nobody takes all places, whatever they do again and again."""
    told = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    told["authorizations"] = [{"team_id": "T1", "user_id": "UBOT"}]
    found = received_event(json.dumps(told))
    assert isinstance(found, Event)
    assert found.delivery.asker == "slack:U1"


def test_a_tab_that_is_opened_again_and_again_is_worked_on_in_order() -> None:
    """Nobody is welcomed twice, and no thread is called like that."""
    told = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1"}
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"}
    found = received_event(json.dumps(told | {"event": event}))
    assert isinstance(found, Event)
    assert found.delivery.lane == "slack:T1:D1:opened"


@pytest.mark.parametrize(
    ("text", "named"),
    [("<@U1> how long?", True), ("<!here> hi", True), ("<!subteam^S1|@hr> hi", True), ("see <#C1|general>", False)],
)
def test_who_is_named(text: str, *, named: bool) -> None:
    """People, groups, everybody; not channels."""
    assert names_people(text) is named
