"""What goes wrong with a call of the Web API, scripted per method."""

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal


FaultKind = Literal["status", "silence", "reset", "lost_answer", "body", "error", "slow", "expiry"]
ANY = "*"


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One call's misfortune.

    Attributes:
        kind: `lost_answer` lets the call take effect and breaks the connection off in place of the answer; `expiry`
            lets the stream that the call is about expire first; `slow` answers late, and rightly.
        status: HTTP's number of a `status`.
        retry_after: seconds, sent as a header; "" for none.
        body: of a `body`, sent as JSON with 200.
        error: Slack's code of an `error`.
        seconds: that a `slow` waits.

    """

    kind: FaultKind
    status: int = 200
    retry_after: str = ""
    body: bytes = b""
    error: str = ""
    seconds: float = 0.0


def too_many(retry_after: int | None = 1) -> Fault:
    """Answer 429, with or without a Retry-After."""
    return Fault("status", 429, "" if retry_after is None else str(retry_after), error="ratelimited")


def fails(status: int = 500) -> Fault:
    """Answer with an error of HTTP."""
    return Fault("status", status, error="internal_error")


def silent() -> Fault:
    """Never answer."""
    return Fault("silence")


def resets() -> Fault:
    """Break the connection off; the call takes no effect."""
    return Fault("reset")


def loses_answer() -> Fault:
    """Let the call take effect and break the connection off."""
    return Fault("lost_answer")


def wrong_json(body: bytes = b'{"ok": tru') -> Fault:
    """Answer with something that is no JSON."""
    return Fault("body", body=body)


def error(code: str) -> Fault:
    """Refuse with one of Slack's codes, whatever was asked."""
    return Fault("error", error=code)


def too_long() -> Fault:
    """Refuse as too long."""
    return error("msg_too_long")


def slow(seconds: float) -> Fault:
    """Answer rightly, later."""
    return Fault("slow", seconds=seconds)


def expires() -> Fault:
    """Let the stream that is written to expire before the call is looked at."""
    return Fault("expiry")


class FaultScript:
    """
    Which calls go wrong.

    Attributes:
        struck: how often each kind of fault struck each method.

    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scripts: dict[str, deque[Fault | None]] = {}
        self._always: dict[str, Fault] = {}
        self.struck: Counter[tuple[str, str]] = Counter()

    def script(self, method: str, *faults: Fault | None) -> None:
        """Let the next calls of a method (`*` for any) go so, in this order; None for a call that goes well."""
        with self._lock:
            self._scripts.setdefault(method, deque()).extend(faults)

    def always(self, method: str, fault: Fault | None) -> None:
        """Let every call of a method (`*` for any) go so once its script is over; None for no longer."""
        with self._lock:
            self._always.pop(method, None)
            if fault is not None:
                self._always[method] = fault

    def forget(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._scripts.clear()
            self._always.clear()

    def next(self, method: str) -> Fault | None:
        """Return the fault of the call that came now, and count it."""
        with self._lock:
            fault = self._take(method)
            if fault is not None:
                self.struck[method, fault.kind] += 1
            return fault

    def _take(self, method: str) -> Fault | None:
        for name in (method, ANY):
            script = self._scripts.get(name)
            if script:
                return script.popleft()
        return self._always.get(method) or self._always.get(ANY)
