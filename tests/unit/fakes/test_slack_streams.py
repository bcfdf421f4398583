"""The fake Slack's streams: their states, their size, their life, and what a test can read of them."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import UrlSourceElement
from slack_sdk.models.messages.chunk import MarkdownTextChunk, PlanUpdateChunk, TaskUpdateChunk
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_blocks import check_blocks
from tests.fakes.slack_faults import expires
from tests.fakes.slack_state import Message, Stream
from tests.fakes.slack_stream import add_chunk, check_chunks, chunk_size, stream_blocks, stream_text
from tests.fakes.slack_world import Rules
from tests.unit.fakes.slack_scene import Scene, scene


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that a test moves."""
    return ManualClock()


@pytest.fixture
def town(clock: ManualClock) -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene(clock=clock) as made:
        yield made


@dataclasses.dataclass(frozen=True, slots=True)
class Streaming:
    """A stream that a scene has begun."""

    town: Scene
    asked: Message
    ts: str

    def append(self, **more: Any) -> dict[str, Any]:
        """Append to it."""
        return self.town.call("chat.appendStream", channel=self.asked.channel, ts=self.ts, **more)

    def stop(self, **more: Any) -> dict[str, Any]:
        """End it."""
        return self.town.call("chat.stopStream", channel=self.asked.channel, ts=self.ts, **more)

    @property
    def message(self) -> Message:
        """Return it as it is shown now."""
        [found] = self.town.slack.thread(self.asked)
        return found


def begin(town: Scene, **more: Any) -> Streaming:
    """Let a person ask and the app begin to answer."""
    asked = town.ann.mentions(town.bot, town.general, "how many days?")
    told = town.call("chat.startStream", **_start(town, asked), **more)
    assert told["ok"], told
    return Streaming(town, asked, told["ts"])


def _start(town: Scene, asked: Message) -> dict[str, Any]:
    to = {"recipient_user_id": town.ann.id, "recipient_team_id": town.team.id}
    return {"channel": asked.channel, "thread_ts": asked.ts, **to}


def test_a_stream_is_one_message_of_all_its_parts(town: Scene) -> None:
    """The text is joined; the blocks of the end come last; metadata is there; then it takes nothing more."""
    stream = begin(town, markdown_text="25 ")
    stream.append(markdown_text="**days**")
    assert (stream.message.text, stream.message.stream and stream.message.stream.state) == (
        "25 **days**",
        "in_progress",
    )
    metadata = {"event_type": "answer", "event_payload": {}}
    stream.stop(markdown_text=" a year", blocks=[{"type": "divider"}], metadata=metadata)
    assert (stream.message.text, stream.message.metadata) == ("25 **days** a year", metadata)
    assert [one["type"] for one in town.slack.blocks(stream.message)] == ["markdown", "divider"]
    assert stream.append(markdown_text="x")["error"] == "message_not_in_streaming_state"
    assert stream.stop()["error"] == "message_not_in_streaming_state"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"recipient_user_id": None}, "missing_recipient_user_id"),
        ({"recipient_team_id": None}, "missing_recipient_team_id"),
        ({"recipient_team_id": "T404"}, "team_not_found"),
        ({"recipient_user_id": "U404"}, "user_not_found"),
        ({"thread_ts": None}, "invalid_arguments"),
        ({"thread_ts": "1.000001"}, "thread_not_found"),
        ({"task_display_mode": "table"}, "invalid_arguments"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"markdown_text": "ä" * 5_501}, "msg_too_long"),
        ({"chunks": [{"type": "song"}]}, "invalid_chunks"),
        ({"unfurl_links": False}, "invalid_arguments"),
        ({"channel": "C404"}, "channel_not_found"),
    ],
    ids=str,
)
def test_a_bad_start_begins_nothing(town: Scene, change: dict[str, Any], error: str) -> None:
    """Each mistake has its code, and leaves no message."""
    asked = town.ann.mentions(town.bot, town.general, "how many days?")
    assert town.call("chat.startStream", **{**_start(town, asked), **change})["error"] == error
    assert town.slack.thread(asked) == []


def test_a_direct_conversation_needs_no_recipient(town: Scene) -> None:
    """Where only one person reads, nobody has to be named."""
    asked = town.ann.tells(town.bot, "how many days?")
    assert town.call("chat.startStream", channel=asked.channel, thread_ts=asked.ts)["ok"]


def test_a_recipient_belongs_to_the_team_that_is_named(town: Scene) -> None:
    """Somebody of another company is not found in the app's own workspace."""
    other = town.slack.workspace("Other")
    eve = town.slack.person(other, "eve")
    shared = town.slack.channel(town.team, "shared", [town.ann, eve, town.bot], shared_with=[other])
    asked = eve.mentions(town.bot, shared, "hello")
    start = {"channel": shared.id, "thread_ts": asked.ts, "recipient_user_id": eve.id}
    assert town.call("chat.startStream", **start, recipient_team_id=town.team.id)["error"] == "user_not_found"
    assert town.call("chat.startStream", **start, recipient_team_id=other.id)["ok"]


def test_a_stream_has_a_size(town: Scene) -> None:
    """11,000 bytes in all fit, one more is refused and leaves the message as it was; details count twice."""
    stream = begin(town, markdown_text="x" * 10_000)
    assert stream.append(markdown_text="x" * 1_001)["error"] == "msg_too_long"
    task = {"type": "task_update", "id": "1", "title": "", "status": "complete", "details": "y" * 501}
    assert stream.append(chunks=[task | {"title": "t"}])["error"] == "msg_too_long"
    assert stream.append(markdown_text="x" * 1_000)["ok"]
    assert len(stream.message.text) == 11_000
    assert stream.append(markdown_text="x")["error"] == "msg_too_long"
    assert stream.stop()["ok"]


def test_a_stream_lives_five_minutes_however_busy(town: Scene, clock: ManualClock) -> None:
    """After its life it takes neither more nor an end; an update still replaces it."""
    stream = begin(town, markdown_text="first")
    clock.advance(299)
    assert stream.append(markdown_text=" second")["ok"]
    clock.advance(1)
    assert stream.append(markdown_text=" third")["error"] == "message_not_in_streaming_state"
    assert stream.stop()["error"] == "message_not_in_streaming_state"
    where = {"channel": town.general.id, "ts": stream.ts}
    assert town.call("chat.update", **where, markdown_text="all of it")["ok"]
    assert (stream.message.text, stream.message.versions) == ("all of it", ["first second"])


def test_an_expiry_can_be_scripted(town: Scene) -> None:
    """A stream may expire at a call that a test chooses, and stays expired."""
    stream = begin(town, markdown_text="first")
    town.slack.script("chat.appendStream", expires())
    assert stream.append(markdown_text="x")["error"] == "message_not_in_streaming_state"
    assert stream.stop()["error"] == "message_not_in_streaming_state"
    assert town.slack.faults.struck == {("chat.appendStream", "expiry"): 1}


def test_a_running_stream_cannot_be_updated(town: Scene) -> None:
    """`chat.update` waits for the end of a stream; deleting it is possible at any time."""
    stream = begin(town, markdown_text="first")
    where = {"channel": town.general.id, "ts": stream.ts}
    assert town.call("chat.update", **where, text="x")["error"] == "streaming_state_conflict"
    assert town.call("chat.delete", **where)["ok"]
    assert stream.append(markdown_text="x")["error"] == "message_not_found"


def test_only_its_own_messages_are_streamed(town: Scene) -> None:
    """A whole message is no stream; a person's message is not the app's."""
    posted = town.call("chat.postMessage", channel=town.general.id, text="x")
    written = town.ann.writes(town.general, "mine")
    where = {"channel": town.general.id, "markdown_text": "x"}
    assert town.call("chat.appendStream", **where, ts=posted["ts"])["error"] == "message_not_in_streaming_state"
    assert town.call("chat.appendStream", **where, ts=written.ts)["error"] == "message_not_owned_by_app"
    assert town.call("chat.appendStream", **where, ts="1.000001")["error"] == "message_not_found"


def test_the_stop_button_ends_what_is_written(town: Scene) -> None:
    """It shows while the session is processing; then appending is refused and the app is told; the session stays."""
    stream = begin(town, markdown_text="first")
    with pytest.raises(ValueError, match="shows no stop button"):
        town.ann.stops(town.bot, stream.asked)
    thread = {"channel_id": town.general.id, "thread_ts": stream.asked.ts}
    assert town.call("agents.sessions.setStatus", **thread, status="processing", title="Days")["ok"]
    assert town.ann.stops(town.bot, stream.asked) == [stream.ts]
    assert stream.append(markdown_text="x")["error"] == "stopped_by_user"
    assert stream.stop(session_status="active")["ok"]
    session = town.slack.session(town.app, stream.asked)
    assert session is not None
    assert (session.history, session.title) == (["processing", "active"], "Days")
    told = town.slack.deliveries[-2].event
    assert (told["type"], told["streaming_message_ts"]) == ("agent_session_stopped", [stream.ts])


def test_a_stopped_stream_may_be_closed_for_good() -> None:
    """A rule lets Slack refuse the end of a stopped stream, for apps that must live with that too."""
    with scene(rules=Rules(stop_stopped_stream=False)) as town:
        stream = begin(town, markdown_text="first")
        thread = {"channel_id": town.general.id, "thread_ts": stream.asked.ts}
        town.call("agents.sessions.setStatus", **thread, status="processing")
        town.ann.stops(town.bot, stream.asked)
        assert stream.stop()["error"] == "stopped_by_user"
        assert town.call("chat.update", channel=town.general.id, ts=stream.ts, text="Stopped.")["ok"]


def test_slacks_own_helper_streams_into_it(town: Scene) -> None:
    """`chat_stream` of slack_sdk, with a plan, tasks and sources, makes one valid message."""
    asked = town.ann.mentions(town.bot, town.general, "how many days?")

    async def work(client: AsyncWebClient) -> Any:
        stream = await client.chat_stream(**_start(town, asked), task_display_mode="plan", buffer_size=20)
        begun = TaskUpdateChunk(id="1", title="Search", status="in_progress")
        await stream.append(chunks=[PlanUpdateChunk(title="Looking it up"), begun])
        await stream.append(markdown_text="Full-time staff get 25 days.")
        source = UrlSourceElement(url="https://kb.example/leave", text="Leave")
        await stream.append(chunks=[TaskUpdateChunk(id="1", title="Search", status="complete", sources=[source])])
        return await stream.stop(chunks=[MarkdownTextChunk(text=" [1]")], session_status="active")

    assert town.use(work)["ok"]
    [message] = town.slack.thread(asked)
    assert message.text == "Full-time staff get 25 days. [1]"
    plan, body = town.slack.blocks(message)
    assert (plan["title"], plan["tasks"][0]["status"]) == ("Looking it up", "complete")
    assert plan["tasks"][0]["sources"] == [{"type": "url", "url": "https://kb.example/leave", "text": "Leave"}]
    assert check_blocks([plan, body]) == []


def test_too_many_blocks_are_refused(town: Scene) -> None:
    """Chunks bring 50 blocks at most, and the end 50 of its own."""
    stream = begin(town, markdown_text="x")
    fifty = {"type": "blocks", "blocks": [{"type": "divider"}] * 50}
    assert stream.append(chunks=[fifty])["ok"]
    assert stream.append(chunks=[fifty | {"blocks": [{"type": "divider"}]}])["error"] == "msg_blocks_too_many"
    assert stream.stop(blocks=[{"type": "divider"}] * 51)["error"] == "invalid_blocks"
    assert stream.stop(blocks=[{"type": "divider"}] * 50)["ok"]
    assert len(town.slack.blocks(stream.message)) == 101


CHUNKS = st.one_of(
    st.builds(lambda text: {"type": "markdown_text", "text": text}, st.text(max_size=20)),
    st.builds(lambda title: {"type": "plan_update", "title": title}, st.text(min_size=1, max_size=9)),
    st.builds(
        lambda number, status, details: {
            "type": "task_update",
            "id": number,
            "title": f"Task {number}",
            "status": status,
            "details": details,
        },
        st.sampled_from("123"),
        st.sampled_from(["pending", "in_progress", "complete", "error"]),
        st.text(max_size=9),
    ),
    st.just({"type": "blocks", "blocks": [{"type": "divider"}]}),
)


@settings(deadline=None)
@given(st.lists(CHUNKS, min_size=1), st.sampled_from(["timeline", "plan"]))
def test_any_stream_is_a_valid_message(chunks: list[dict[str, Any]], mode: str) -> None:
    """No text is lost, each task is there once in its last state, and the blocks that are shown are valid."""
    stream = Stream(0.0, task_display_mode=mode)
    assert check_chunks(chunks) == []
    for chunk in chunks:
        add_chunk(stream, chunk)
    written = [one["text"] for one in chunks if one["type"] == "markdown_text"]
    assert stream_text(stream) == "".join(written)
    assert stream.size == sum(map(chunk_size, chunks))
    shown = stream_blocks(stream)
    assert check_blocks(shown, most=200) == []
    assert "".join(one["text"] for one in shown if one["type"] == "markdown") == "".join(written)
    cards = [task for one in shown for task in one.get("tasks", [one])]
    states = {one["task_id"]: one["status"] for one in cards if one["type"] == "task_card"}
    assert states == {one["id"]: one["status"] for one in chunks if one["type"] == "task_update"}
