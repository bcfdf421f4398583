"""
The door: is a request Slack's, and of today? Decided on the raw bytes, before anything of them is parsed.

Reads no body; what stands in one is `bot.slack.events`' to say.
"""

import re
from dataclasses import dataclass

from slack_sdk import signature as slack

from bot.server import MOST_BYTES
from pipelines.domain.values import Value
from pipelines.ports.clock import Clock


_MOST_AGE_S = 300
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Refusal(Value):
    """
    Why a request is not let in.

    Attributes:
        status: of the HTTP answer, 4xx.
        reason: for the log; it tells nothing of what was sent.

    """

    status: int
    reason: str


class Guard:
    """Knows the signing secret."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._now = _Now(clock)
        self._verifier = slack.SignatureVerifier(signing_secret, clock=self._now)

    def refusal_unread(self, timestamp: str, signature: str, length: int) -> Refusal | None:
        """
        Return why a request is refused whatever stands in its body; None if that must be read.

        Args:
            timestamp: the header `X-Slack-Request-Timestamp`; empty if there is none.
            signature: the header `X-Slack-Signature`; empty if there is none.
            length: of the body in bytes; 0 if it is not known.

        """
        if length > MOST_BYTES:
            return Refusal(413, f"its body has over {MOST_BYTES} bytes")
        # Slack's verifier takes both for well-formed.
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return Refusal(401, "its timestamp or signature is missing or malformed")
        if abs(self._now.now() - int(timestamp)) > _MOST_AGE_S:
            return Refusal(401, "it is too old or too new")
        return None

    def refusal(self, timestamp: str, signature: str, body: bytes) -> Refusal | None:
        """
        Return why a request is refused; None if it is Slack's and at most five minutes old.

        Args:
            timestamp: the header `X-Slack-Request-Timestamp`; empty if there is none.
            signature: the header `X-Slack-Signature`; empty if there is none.
            body: as it was received.

        """
        if refusal := self.refusal_unread(timestamp, signature, len(body)):
            return refusal
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return Refusal(401, "its body is not UTF-8, as all of Slack's are")
        if not self._verifier.is_valid(text, timestamp, signature):
            return Refusal(401, "it is not signed with SLACK_SIGNING_SECRET")
        return None


class _Now(slack.Clock):
    """Our clock, as Slack's package asks for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._clock.now().timestamp()
