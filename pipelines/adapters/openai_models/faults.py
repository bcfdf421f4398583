"""
The faults of a model's server to ours.

No message holds the key, a word of the prompt, or more of an address than host and port:
of a server's own words only codes that are known here are read.
"""

import math
import re
from http import HTTPStatus

import httpcore2 as httpcore
from openai import APIConnectionError, APIError, APIStatusError

from pipelines.adapters.openai_models.call import CallOver, Why
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.openai_models.transport import BadAnswer
from pipelines.errors import BadSettings, FootnoteError
from pipelines.ports.model import (
    CallCancelled,
    ConnectionLost,
    ModelAway,
    ModelBusy,
    ModelRefused,
    ModelTooSlow,
    PromptTooLong,
)


FAULTS = (
    APIError,
    BadAnswer,
    CallOver,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    # A server that sends what is no chat at all: Haystack and the client read it without looking.
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
)
"""What a call may raise for a server's fault; anything else is one of the code."""

_TOO_LONG = ("context_length_exceeded", "exceed_context_size_error", "context_window_exceeded")
_SAYS_TOO_LONG = re.compile(
    r"(?:maximum |available )?context (?:length|size|window)[^0-9]{0,40}(\d{2,8})?"
    r"|must have less than (\d{2,8}) tokens",
    re.IGNORECASE | re.ASCII,
)
_LOST = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
_NO_MONEY = "insufficient_quota"
_LONGEST_WAIT_S = 24 * 3600.0


def fault_of(raised: BaseException, server: OpenAIServer, *, seconds: float) -> FootnoteError:
    """Return our error for what a call raised that had so many seconds."""
    match raised := _cause(raised):
        case CallOver():
            fault = _over(raised.why, server, seconds)
        case BadAnswer():
            fault = ModelAway(f"{server} {raised}: check the address ({server.settings.url})")
        case APIStatusError():
            fault = _refusal(raised, server)
        case APIError():
            fault = _midway(raised, server)
        case httpcore.ConnectError():
            place = server.settings.url
            fault = ModelAway(f"{server} cannot be reached ({_reason(raised)}): check that it runs, and {place}")
        case httpcore.NetworkError() | httpcore.ProtocolError() | httpcore.TimeoutException():
            fault = cut_off(server)
        case _:
            fault = ModelAway(f"{server} sent what is no reply of a model ({type(raised).__name__}): check its log")
    return fault


def lost_connection(raised: BaseException, server: OpenAIServer) -> ConnectionLost | None:
    """Return the error for a kept connection that was closed before a call on it was answered; None for others."""
    if not isinstance(_cause(raised), _LOST):
        return None
    return ConnectionLost(f"{server} closed a kept connection without a word: check that it runs, and its log")


def _cause(raised: BaseException) -> BaseException:
    """Return what the client wrapped; what it did not wrap as it is."""
    wrapped = raised.__cause__ if isinstance(raised, APIConnectionError) else None
    return raised if wrapped is None else wrapped


def cut_off(server: OpenAIServer) -> ModelAway:
    """Return the error for a reply whose end is missing."""
    return ModelAway(f"{server} broke off before its reply was whole: check that it runs, and its log")


def _over(why: Why, server: OpenAIServer, seconds: float) -> FootnoteError:
    if why is Why.CANCELLED:
        return CallCancelled(f"the call of {server} was taken back")
    if why is Why.STALLED:
        return ModelTooSlow(
            f"{server} sent nothing for {server.stall_s:.3g} seconds ({server.settings.stall}): check its load",
            stalled=True,
        )
    return ModelTooSlow(f"{server} had no whole reply within the {seconds:.3g} seconds that were left", stalled=False)


def _refusal(raised: APIStatusError, server: OpenAIServer) -> FootnoteError:
    """Return the error for an answer with another status than 200."""
    status = raised.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _busy(raised, server)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelAway(f"{server} failed (HTTP {status}): check its log")
    if (wrong := _wrong_setting(status, server)) is not None:
        return BadSettings(f"{server} {wrong}")
    refused = f"refuses the request (HTTP {status}{_known_code(raised)})"
    return _too_long(raised, server) or ModelRefused(f"{server} {refused}: check its log, and {server.settings.model}")


def _wrong_setting(status: int, server: OpenAIServer) -> str | None:
    """Return what is wrong with the settings, as the end of a sentence; None if nothing is."""
    place = server.settings
    if status < HTTPStatus.BAD_REQUEST:
        return f"leads elsewhere (HTTP {status}): name the last address itself in {place.url}"
    if status == HTTPStatus.NOT_FOUND:
        return f"is not there (HTTP {status}): check {place.model} and {place.url}"
    if status != HTTPStatus.UNAUTHORIZED:
        return None
    return f"asks for a key: set {place.key}" if server.key is None else f"refuses the key: check {place.key}"


def _busy(raised: APIStatusError, server: OpenAIServer) -> ModelBusy:
    if raised.code == _NO_MONEY:
        return ModelBusy(f"{server} answers nothing more: the provider's quota is spent ({server.settings.key})")
    wait = _retry_after(raised.response.headers.get("retry-after", ""))
    when = "" if wait is None else f", again in {wait:.3g} seconds"
    return ModelBusy(f"{server} takes no more calls now (HTTP 429{when}): check its limits", wait)


def _midway(raised: APIError, server: OpenAIServer) -> FootnoteError:
    """Return the error for one that is told within the stream."""
    return _too_long(raised, server) or ModelAway(f"{server} failed while it wrote{_known_code(raised)}: check its log")


def _too_long(raised: APIError, server: OpenAIServer) -> PromptTooLong | None:
    """Return the error for a prompt that is too long; None if that is not what was said."""
    said = _SAYS_TOO_LONG.search(raised.message)
    coded = raised.code in _TOO_LONG or raised.type in _TOO_LONG
    if not coded and said is None:
        return None
    number = next((one for one in said.groups() if one), None) if said else None
    limit = int(number) if number else None
    shown = "" if limit is None else f", the limit is {limit} tokens"
    return PromptTooLong(f"the prompt is too long for {server}{shown}: give it fewer or shorter passages", limit)


def _known_code(raised: APIError) -> str:
    """Return the code of an error if it is one that OpenAI documents, else nothing: it could hold anything."""
    known = ("content_policy_violation", "content_filter", "unsupported_parameter", "unsupported_value", "server_error")
    return f", {raised.code}" if raised.code in known else ""


def _retry_after(text: str) -> float | None:
    """Return the seconds of a header; None for none, for a date, and for what makes no sense."""
    try:
        seconds = float(text)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= _LONGEST_WAIT_S else None


def _reason(raised: Exception) -> str:
    return str(raised)[:200] or type(raised).__name__
