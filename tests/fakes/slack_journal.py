"""What went over the wire: each call that an app made, and each event, click and command that it was sent."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tests.fakes.slack_state import App, Json


Kind = Literal["event", "command", "interaction", "verification"]
State = Literal["waiting", "acknowledged", "gave_up"]


@dataclass(slots=True)
class Call:
    """
    One call of the Web API, or one use of a response_url, as the fake saw it.

    Attributes:
        method: its name, such as `chat.postMessage`; `response_url` for those.
        arguments: with their types, out of a form or JSON alike, without the token and the team_id that Bolt sends with
            every call; those of a refused call too, as they came.
        at_s: monotonic seconds at which it came.
        when: the time of day.
        app_id: whose token it was; "" where nobody's.
        http: `GET` or `POST`.
        content_type: of the request, without its parameters.
        status: HTTP's number of the answer; 0 while there is none, and where none was sent.
        answer: its JSON; {} where none was sent.
        fault: the scripted fault that struck; "" for none.
        ended: the fake is done with it.

    """

    method: str
    arguments: Json = field(default_factory=dict)
    at_s: float = 0.0
    when: datetime | None = None
    app_id: str = ""
    team_id: str = ""
    http: str = ""
    content_type: str = ""
    status: int = 0
    answer: Json = field(default_factory=dict)
    fault: str = ""
    ended: bool = False

    @property
    def ok(self) -> bool:
        """Say whether the call took effect."""
        return bool(self.answer.get("ok", False))

    @property
    def error(self) -> str:
        """Return Slack's code of a refusal; "" for none."""
        return str(self.answer.get("error", ""))


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One time that something was sent.

    Attributes:
        number: 0 for the first, 1 to 3 for the repetitions.
        reason: why it was repeated.
        seconds: until the answer came, or was no longer waited for.
        status: HTTP's number; 200 for an acknowledged envelope; 0 for no answer.
        headers: of the answer, names in lower case.
        error: why there was no answer.
        sent_s: monotonic seconds at which it was sent.

    """

    number: int
    reason: str
    seconds: float
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    sent_s: float = 0.0


@dataclass(slots=True)
class Delivery:
    """
    Something that an app is sent, with its repetitions.

    Attributes:
        payload: the JSON of an event or an interaction, the fields of a command.
        then: what Slack does with the body of the acknowledgement.
        state: `gave_up` once no repetition is left.
        wrong: why Slack could do nothing with the body of the acknowledgement; "" where it could.

    """

    kind: Kind
    app: App
    team_id: str
    payload: Json
    then: Callable[[Json], Any] | None = None
    attempts: list[Attempt] = field(default_factory=list)
    state: State = "waiting"
    wrong: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def event(self) -> Json:
        """Return the event inside; {} where it is none."""
        inside: Json = self.payload.get("event", {})
        return inside

    def wait(self, seconds: float = 10.0) -> "Delivery":
        """
        Return this once it is acknowledged or given up. Blocks.

        Raises:
            TimeoutError: it took longer.

        """
        if not self.done.wait(seconds):
            raise TimeoutError(f"a {self.kind} was neither acknowledged nor given up within {seconds} s")
        return self
