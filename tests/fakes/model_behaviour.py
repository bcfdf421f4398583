"""How a fake model server behaves at one call: what is written, and what goes wrong with it."""

from dataclasses import dataclass, replace
from typing import Any

from tests.fakes.model_requests import error_body
from tests.fakes.model_writers import Writer, fixed


CONTEXT_CODE = "context_length_exceeded"
ANSWER = "Parental leave is twelve weeks, fully paid. [1]"
_WRITE_ANSWER = fixed(ANSWER)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """
    One call's behaviour. Places are counted in pieces of text; 0 is before the first byte of the answer.

    Attributes:
        write: makes the text of the prompt.
        piece_chars: characters of a piece; 0 for one word each.
        pause_s: before each piece.
        stall_at: place at which nothing comes any more, until the client leaves.
        ping_s: seconds between two comments while it stalls; 0 for silence.
        cut_at: place at which the connection is reset.
        end_at: place at which the answer ends as if it were whole, without `finish_reason` and `[DONE]`.
        broken_at: place of an event that is no JSON.
        error_at: place of an error within the stream.
        status: HTTP's number; another than 200 is answered with `error` at once.
        error: body of that answer.
        headers: sent with that answer.
        content_type: of a stream; None for the right one.
        body: the whole answer, in place of the stream; None for the stream.
        usage: whether the last chunk tells it to those who ask for it.
        finish: why the text ends.
        refusal: what the model says in place of an answer.
        no_choices: chunks hold none.
        done: whether `[DONE]` is sent.
        said_model: the name under which it answers; "" for the one that was asked for.

    """

    write: Writer = _WRITE_ANSWER
    piece_chars: int = 0
    pause_s: float = 0.0
    stall_at: int | None = None
    ping_s: float = 0.0
    cut_at: int | None = None
    end_at: int | None = None
    broken_at: int | None = None
    error_at: int | None = None
    status: int = 200
    error: Any = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    body: bytes | None = None
    usage: bool = True
    finish: str | None = "stop"
    refusal: str | None = None
    no_choices: bool = False
    done: bool = True
    said_model: str = ""


def says(text: str) -> Behaviour:
    """Write this text."""
    return Behaviour(write=fixed(text))


def trickles(pause_s: float, text: str = ANSWER) -> Behaviour:
    """Write one character after another, with a pause before each."""
    return Behaviour(write=fixed(text), piece_chars=1, pause_s=pause_s)


def stalls(at: int = 0, *, ping_s: float = 0.0) -> Behaviour:
    """Send nothing more from this piece on, or comments alone."""
    return Behaviour(stall_at=at, ping_s=ping_s)


def cuts(at: int = 0) -> Behaviour:
    """Reset the connection at this piece."""
    return Behaviour(cut_at=at)


def ends_early(at: int) -> Behaviour:
    """End the stream at this piece as if it were whole."""
    return Behaviour(end_at=at)


def breaks_json(at: int) -> Behaviour:
    """Send half a JSON at this piece."""
    return Behaviour(broken_at=at)


def errs_midway(at: int) -> Behaviour:
    """Tell of an error within the stream at this piece."""
    return Behaviour(error_at=at)


def too_many(retry_after: str | None = "1") -> Behaviour:
    """Answer 429, with or without a Retry-After."""
    error = error_body("Rate limit reached", kind="requests", code="rate_limit_exceeded")
    headers = (("retry-after", retry_after),) if retry_after is not None else ()
    return Behaviour(status=429, error=error, headers=headers)


def fails(status: int = 500, *, message: str = "The server had an error", code: str | None = None) -> Behaviour:
    """Answer with an error of HTTP, in OpenAI's form."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return Behaviour(status=status, error=error_body(message, kind=kind, code=code))


def redirects(to: str) -> Behaviour:
    """Lead to another address."""
    return Behaviour(status=307, error={}, headers=(("location", to),))


def context_error(limit: int = 8192, asked: int = 9000) -> Behaviour:
    """Answer as OpenAI does to a prompt that is too long."""
    message = (
        f"This model's maximum context length is {limit} tokens. However, your messages resulted in {asked} tokens."
    )
    return fails(400, message=message, code=CONTEXT_CODE)


def wrong_type() -> Behaviour:
    """Answer with a page for people."""
    return Behaviour(content_type="text/html; charset=utf-8", body=b"<html><body>Sign in to go on</body></html>")


def answers_whole() -> Behaviour:
    """Answer with one JSON although a stream was asked for."""
    return Behaviour(content_type="application/json", body=b'{"object": "chat.completion", "choices": []}')


def refuses(text: str = "I cannot help with that.") -> Behaviour:
    """Refuse in the field that OpenAI has for it."""
    return Behaviour(refusal=text)


def ends_with(finish: str, text: str = ANSWER) -> Behaviour:
    """Write a text and name another reason for its end: `length`, `content_filter`."""
    return replace(says(text), finish=finish)


def no_choices() -> Behaviour:
    """Send chunks without choices."""
    return Behaviour(no_choices=True)


SOUND = Behaviour()
"""Writes the answer, one word after another."""
