"""The states of a stream, whatever an app, a person and the time do in whatever order."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.examples import examples
from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_api_chat import METHODS as CHAT
from tests.fakes.slack_api_sessions import METHODS as SESSIONS
from tests.fakes.slack_api_streams import METHODS as STREAMS
from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_methods import Asked, read_arguments
from tests.fakes.slack_shapes import length
from tests.fakes.slack_state import Message
from tests.fakes.slack_town import Town
from tests.fakes.slack_world import Rules, World


METHODS = {**CHAT, **SESSIONS, **STREAMS}
SMALL = Rules(stream_bytes=100, markdown_chars=40, stream_life_s=10.0)


class Streams(RuleBasedStateMachine):
    """One stream, and what is known of it from outside."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = ManualClock()
        self.town = Town(World(self.clock, SMALL))
        team = self.town.workspace("Acme")
        self.bot = self.town.install(self.town.app("Helper"), team)
        self.ann = self.town.person(team, "ann")
        self.asked = self.ann.tells(self.bot, "how many days?")
        self.ts = str(self.call("chat.startStream", channel=self.asked.channel, thread_ts=self.asked.ts)["ts"])
        self.began_s = self.clock.monotonic()
        self.state, self.text = "running", ""

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Return the answer of a method."""
        method = METHODS[name]
        try:
            return method.run(Asked(self.town.world, self.bot, read_arguments(method, arguments)))
        except ApiError as refusal:
            return refusal.body

    @property
    def where(self) -> dict[str, str]:
        """Return how a call names the stream."""
        return {"channel": self.asked.channel, "ts": self.ts}

    @property
    def message(self) -> Message:
        """Return the stream's message, deleted or not."""
        return self.town.world.messages[self.asked.channel][self.ts]

    @rule(seconds=st.floats(0.1, 6))
    def time_passes(self, seconds: float) -> None:
        """Let time pass; a running stream may expire by it."""
        self.clock.advance(seconds)
        if self.state == "running" and self.clock.monotonic() - self.began_s >= SMALL.stream_life_s:
            self.state = "expired"

    @rule(text=st.text(min_size=1, max_size=50))
    def append(self, text: str) -> None:
        """Append; only a running stream takes it, and only what fits."""
        error = self.call("chat.appendStream", **self.where, markdown_text=text).get("error")
        refusals = {
            "stopped": "stopped_by_user",
            "expired": "message_not_in_streaming_state",
            "ended": "message_not_in_streaming_state",
            "replaced": "message_not_in_streaming_state",
            "deleted": "message_not_found",
        }
        if self.state != "running":
            assert error == refusals[self.state]
        elif length(text) > SMALL.markdown_chars or len((self.text + text).encode()) > SMALL.stream_bytes:
            assert error == "msg_too_long"
        else:
            assert error is None
            self.text += text

    @rule()
    def end(self) -> None:
        """End it; a running or a stopped one that holds anything ends once."""
        error = self.call("chat.stopStream", **self.where).get("error")
        if self.state in ("running", "stopped"):
            assert error == (None if self.text else "no_text")
            self.state = "ended" if self.text else self.state
        else:
            assert error == ("message_not_found" if self.state == "deleted" else "message_not_in_streaming_state")

    @precondition(lambda self: self.state == "running")
    @rule()
    def press_stop(self) -> None:
        """Press the stop button while the session is processing."""
        thread = {"channel_id": self.asked.channel, "thread_ts": self.asked.ts}
        self.call("agents.sessions.setStatus", **thread, status="processing")
        assert self.ann.stops(self.bot, self.asked) == [self.ts]
        self.state = "stopped"

    @rule(text=st.text(min_size=1, max_size=20).filter(str.strip))
    def update(self, text: str) -> None:
        """Put a whole text in its place; all but a running stream take it."""
        error = self.call("chat.update", **self.where, markdown_text=text).get("error")
        if self.state == "running":
            assert error == "streaming_state_conflict"
        elif self.state == "deleted":
            assert error == "message_not_found"
        else:
            assert error is None
            self.state, self.text = "replaced", text

    @rule()
    def delete(self) -> None:
        """Delete it, once."""
        error = self.call("chat.delete", **self.where).get("error")
        assert error == ("message_not_found" if self.state == "deleted" else None)
        self.state = "deleted"

    @invariant()
    def text_is_what_was_taken(self) -> None:
        """The message shows what was taken, no more, no less."""
        assert self.message.text == self.text
        assert self.message.deleted == (self.state == "deleted")


TestStreams = Streams.TestCase
TestStreams.settings = settings(max_examples=examples(120), stateful_step_count=25, deadline=None)
