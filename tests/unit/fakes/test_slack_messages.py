"""The fake Slack's whole messages: what it takes, what it refuses, what a test can read of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes.slack_rich_text import escape, rich_text, unescape, wire_text
from tests.unit.fakes.slack_scene import Scene, scene


pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")


def section(text: str) -> dict[str, Any]:
    """Return a section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.fixture
def town() -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene() as made:
        yield made


def test_a_post_is_there_as_it_was_sent(town: Scene) -> None:
    """A message shows its text, blocks, metadata and thread, and is the app's."""
    asked = town.ann.mentions(town.bot, town.general, "how many days?")
    metadata = {"event_type": "answer", "event_payload": {"id": "1"}}
    answer = town.call(
        "chat.postMessage",
        channel=town.general.id,
        thread_ts=asked.ts,
        text="25 days",
        blocks=[section("25 days")],
        metadata=metadata,
        unfurl_links=False,
    )
    [message] = town.slack.thread(asked)
    assert (message.ts, message.text, message.metadata) == (answer["ts"], "25 days", metadata)
    assert (message.user, message.app_id, message.unfurl_links) == (town.bot.bot_user, town.app.id, False)
    assert message.blocks[0]["text"]["text"] == "25 days"
    assert message.blocks[0]["block_id"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": "x", "channel": "C404"}, "channel_not_found"),
        ({"text": ""}, "no_text"),
        ({"text": "   "}, "no_text"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"blocks": [section("x")], "markdown_text": "y"}, "markdown_text_conflict"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"blocks": [section("x" * 3001)], "text": "x"}, "invalid_blocks"),
        ({"blocks": [section("x")] * 51, "text": "x"}, "invalid_blocks"),
        ({"blocks": [section("x" * 2800)] * 5, "text": "x"}, "msg_blocks_too_long"),
        ({"blocks": "[{", "text": "x"}, "invalid_blocks_format"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"text": "x", "colour": "red"}, "invalid_arguments"),
    ],
    ids=str,
)
def test_a_bad_post_is_refused_and_posts_nothing(town: Scene, arguments: dict[str, Any], error: str) -> None:
    """Each mistake has Slack's own code, and leaves no message behind."""
    assert town.call("chat.postMessage", **{"channel": town.general.id, **arguments})["error"] == error
    assert town.slack.messages(town.general) == []


def test_a_bot_posts_only_where_it_is(town: Scene) -> None:
    """A public channel without the bot says so; a private one is not there at all; an archived one is closed."""
    other = town.slack.channel(town.team, "other", [town.ann])
    assert town.call("chat.postMessage", channel=other.id, text="x")["error"] == "not_in_channel"
    assert town.call("chat.postMessage", channel=town.secret.id, text="x")["error"] == "channel_not_found"
    town.slack.archive(town.general, town.ann)
    assert town.call("chat.postMessage", channel=town.general.id, text="x")["error"] == "is_archived"


def test_a_post_to_a_person_goes_into_the_direct_conversation(town: Scene) -> None:
    """A user's id in place of a channel is the direct conversation with that user."""
    town.call("chat.postMessage", channel=town.ann.id, text="hello")
    assert [one.text for one in town.slack.messages(town.ann.direct(town.bot))] == ["hello"]


def test_a_long_text_is_cut_when_posted_and_refused_when_updated(town: Scene) -> None:
    """`text` beyond 40,000 characters is cut off; an update takes 4,000 of it and no more."""
    posted = town.call("chat.postMessage", channel=town.general.id, text="x" * 40_001)
    assert len(town.slack.messages(town.general)[0].text) == 40_000
    change = {"channel": town.general.id, "ts": posted["ts"]}
    assert town.call("chat.update", **change, text="x" * 4_001)["error"] == "msg_too_long"
    assert town.call("chat.update", **change, text="x" * 4_000)["ok"]


def test_an_app_changes_and_deletes_its_own_messages_alone(town: Scene) -> None:
    """An update keeps the earlier text for the test; a deleted message is gone; a person's is not touched."""
    posted = town.call("chat.postMessage", channel=town.general.id, text="one")
    where = {"channel": town.general.id, "ts": posted["ts"]}
    town.call("chat.update", **where, text="two")
    [message] = town.slack.messages(town.general)
    assert (message.text, message.versions, message.edited_by) == ("two", ["one"], town.bot.bot_user)
    assert town.call("chat.delete", **where)["ok"]
    assert town.slack.messages(town.general) == []
    assert town.call("chat.delete", **where)["error"] == "message_not_found"
    written = town.ann.writes(town.general, "mine")
    where["ts"] = written.ts
    assert town.call("chat.update", **where, text="x")["error"] == "cant_update_message"
    assert town.call("chat.delete", **where)["error"] == "cant_delete_message"


def test_an_update_keeps_what_it_does_not_name(town: Scene) -> None:
    """Metadata stays until emptied; blocks go where only a text comes; changed blocks are not marked as edited."""
    metadata = {"event_type": "answer", "event_payload": {"id": "1"}}
    posted = town.call(
        "chat.postMessage", channel=town.general.id, text="one", blocks=[section("one")], metadata=metadata
    )
    where = {"channel": town.general.id, "ts": posted["ts"]}
    [message] = town.slack.messages(town.general)
    town.call("chat.update", **where, text="two", blocks=[section("two")])
    assert (message.metadata, message.edited_ts, len(message.blocks)) == (metadata, "", 1)
    town.call("chat.update", **where, text="three", metadata={})
    assert (message.metadata, bool(message.edited_ts), message.blocks) == (None, True, [])


def test_an_ephemeral_message_is_seen_by_one_person(town: Scene) -> None:
    """It is in nobody's channel, cannot be updated, and needs a reader who is in the channel."""
    channel = {"channel": town.general.id, "text": "psst"}
    answer = town.call("chat.postEphemeral", **channel, user=town.ann.id)
    assert [one.text for one in town.ann.whispers(town.general)] == ["psst"]
    assert town.bob.whispers(town.general) == []
    assert town.slack.messages(town.general) == []
    change = {"channel": town.general.id, "ts": answer["message_ts"], "text": "x"}
    assert town.call("chat.update", **change)["error"] == "message_not_found"
    stranger = town.slack.person(town.team, "eve")
    assert town.call("chat.postEphemeral", **channel, user=stranger.id)["error"] == "user_not_in_channel"


def test_a_permalink_names_channel_and_thread(town: Scene) -> None:
    """The address of a reply says in which thread it is."""
    root = town.ann.writes(town.general, "root")
    posted = town.call("chat.postMessage", channel=town.general.id, text="reply", thread_ts=root.ts)
    link = town.call("chat.getPermalink", channel=town.general.id, message_ts=posted["ts"])["permalink"]
    assert link.startswith(f"https://acme.slack.com/archives/{town.general.id}/p")
    assert f"thread_ts={root.ts}" in link


def test_history_and_replies_show_what_is_there(town: Scene) -> None:
    """Roots are in the history, newest first; a thread is its root and its replies; deleted ones are in neither."""
    first, second = town.ann.writes(town.general, "first"), town.ann.writes(town.general, "second")
    town.call("chat.postMessage", channel=town.general.id, text="reply", thread_ts=first.ts)
    town.ann.deletes(town.ann.writes(town.general, "gone"))
    history = town.call("conversations.history", channel=town.general.id)["messages"]
    assert [one["text"] for one in history] == ["second", "first"]
    assert (history[1]["reply_count"], history[0]["ts"]) == (1, second.ts)
    replies = town.call("conversations.replies", channel=town.general.id, ts=first.ts)["messages"]
    assert [one["text"] for one in replies] == ["first", "reply"]
    assert replies[1]["parent_user_id"] == town.ann.id
    assert town.call("conversations.replies", channel=town.general.id, ts="1.000001")["error"] == "thread_not_found"


@pytest.mark.parametrize("many", [4, 5])
def test_pages_end(town: Scene, many: int) -> None:
    """A history longer than its page comes in pages, without a gap, none twice."""
    written = [town.ann.writes(town.general, str(number)).ts for number in range(many)]
    seen, cursor = [], ""
    while True:
        told = town.call("conversations.history", channel=town.general.id, limit=2, cursor=cursor)
        seen += [one["ts"] for one in told["messages"]]
        cursor = told.get("response_metadata", {}).get("next_cursor", "")
        assert told["has_more"] == bool(cursor)
        assert told["messages"]
        if not cursor:
            break
    assert seen == written[::-1]


def test_reactions_are_kept(town: Scene) -> None:
    """An app reacts once with one emoji, only with the name of an emoji, only to what is there."""
    written = town.ann.writes(town.general, "x")
    where = {"channel": town.general.id, "timestamp": written.ts}
    assert town.call("reactions.add", **where, name="thumbsup")["ok"]
    assert town.call("reactions.add", **where, name="thumbsup")["error"] == "already_reacted"
    assert town.call("reactions.add", **where, name="no such!")["error"] == "invalid_name"
    assert written.reactions == {"thumbsup": [town.bot.bot_user]}
    assert town.call("reactions.remove", **where, name="thumbsup")["ok"]
    assert written.reactions == {}


@given(st.text())
@example("&lt;")
def test_what_a_person_types_survives_the_wire(typed: str) -> None:
    """Text without mentions and addresses comes back whole once its three signs are unescaped."""
    assert unescape(escape(typed)) == typed
    if "<" not in typed and "http" not in typed:
        assert unescape(wire_text(typed)) == typed
        shown = [one["text"] for block in rich_text(typed, "b") for one in block["elements"][0]["elements"]]
        assert "".join(shown) == typed


def test_mentions_and_addresses_are_marked() -> None:
    """A mention stays one, an address becomes a link, everything else is escaped."""
    typed = "<@U01> see https://a.example/?x=1&y=2 & <b> <#C01|general> <!subteam^S01>"
    wire = "<@U01> see <https://a.example/?x=1&amp;y=2> &amp; &lt;b&gt; <#C01|general> <!subteam^S01>"
    assert wire_text(typed) == wire
    [block] = rich_text(typed, "b")
    kinds = [one["type"] for one in block["elements"][0]["elements"]]
    assert kinds == ["user", "text", "link", "text", "channel", "text", "usergroup"]
