"""A chat model without a server: it behaves as its script says, in a test's own time."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Self

from pipelines.errors import BadSettings, FootnoteError
from pipelines.ports.model import (
    UNHEARD,
    CallCancelled,
    Finish,
    Message,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelReply,
    ModelTooSlow,
    PieceListener,
    PromptTooLong,
    Usage,
    never,
)
from tests.fakes.model_behaviour import CONTEXT_CODE, SOUND, Behaviour
from tests.fakes.model_requests import error_body
from tests.fakes.model_stream import pieces_of
from tests.fakes.model_writers import prompt_of


_FINISHES = {"stop": Finish.STOP, "length": Finish.LENGTH, "content_filter": Finish.FILTERED}
_STEP_S = 0.05


class ScriptedModel:
    """
    `ports.model.ChatModel` for tests.

    Attributes:
        calls: the messages of every call so far.

    """

    def __init__(
        self,
        *script: Behaviour,
        name: str = "scripted",
        default: Behaviour = SOUND,
        stall_s: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take how the calls behave, in their order, and the time that they pass in."""
        self.calls: list[tuple[Message, ...]] = []
        self._name = name
        self._script = deque(script)
        self._default = default
        self._stall_s = stall_s
        self._monotonic = monotonic
        self._wait = wait
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._name

    def script(self, *behaviours: Behaviour) -> Self:
        """Let the next calls behave so."""
        self._script.extend(behaviours)
        return self

    def write(
        self,
        messages: Sequence[Message],
        *,
        seconds: float,
        listener: PieceListener = UNHEARD,
        cancelled: Callable[[], bool] = never,
    ) -> ModelReply:
        """Return the reply, as the port promises."""
        with self._lock:
            self.calls.append(tuple(messages))
            how = self._script.popleft() if self._script else self._default
        ends = self._monotonic() + seconds
        self._pass(0.0, ends, cancelled)
        if (fault := _fault(how)) is not None:
            raise fault
        prompt = prompt_of([{"role": one.role.value, "content": one.text} for one in messages])
        text = "" if how.refusal is not None or how.no_choices else how.write(prompt)
        pieces = pieces_of(text, how.piece_chars)
        for place, piece in enumerate(pieces or [""]):
            self._break_off(how, place, ends, cancelled)
            self._pass(how.pause_s, ends, cancelled)
            if piece:
                listener.hear(piece)
        finish = _FINISHES.get(how.finish or "")
        if finish is None or how.no_choices:
            raise ModelAway(f"{self.name} broke off")
        usage = Usage(sum(len(one.text) for one in messages), len(pieces)) if how.usage else None
        finish = Finish.NOTHING if not text and finish is Finish.STOP else finish
        return ModelReply(text, finish, self.name, how.said_model or self.name, usage)

    def _break_off(self, how: Behaviour, place: int, ends: float, cancelled: Callable[[], bool]) -> None:
        if place == how.stall_at:
            self._pass(min(self._stall_s, ends - self._monotonic()), ends, cancelled)
            raise ModelTooSlow(f"{self.name} sent nothing", stalled=True)
        if place in (how.cut_at, how.end_at, how.broken_at, how.error_at):
            raise ModelAway(f"{self.name} broke off")

    def _pass(self, seconds: float, ends: float, cancelled: Callable[[], bool]) -> None:
        """Let time pass, as long as the call may go on."""
        until = self._monotonic() + seconds
        while True:
            if cancelled():
                raise CallCancelled(f"{self.name} is asked no longer")
            now = self._monotonic()
            if now >= ends:
                raise ModelTooSlow(f"{self.name} had too little time", stalled=False)
            if now >= until:
                return
            self._wait(min(until, ends, now + _STEP_S) - now)


def _fault(how: Behaviour) -> FootnoteError | None:
    """Return the fault that an answer's head is; None if it is none."""
    headers = dict(how.headers)
    error = (how.error or error_body(""))["error"] if how.status >= 400 else error_body("")["error"]
    if how.body is not None:
        return ModelAway("no stream")
    if how.status == 429:
        told = headers.get("retry-after", "")
        return ModelBusy("full", float(told) if told.replace(".", "").isdigit() else None)
    if how.status >= 500:
        return ModelAway("failed")
    if how.status in (401, 404) or 300 <= how.status < 400:
        return BadSettings("settings")
    if error["code"] == CONTEXT_CODE:
        return PromptTooLong("too long", next(int(one) for one in error["message"].split() if one.isdigit()))
    return ModelRefused("refused") if how.status >= 400 else None
