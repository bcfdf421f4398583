"""A chat's answer as a fake model server sends it: streamed or whole, sound or damaged as its behaviour says."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_http import Responder
from tests.fakes.model_requests import error_body
from tests.fakes.model_writers import Prompt


_ID = "chatcmpl-fake"
_FOREVER_S = 3600.0
_WORDS = re.compile(r"\s*\S+|\s+\Z")


class ChatCall(Protocol):
    """What a stream reads of a call, and what it notes there."""

    body: dict[str, Any]
    prompt: Prompt | None
    pieces: int
    prompt_tokens: int
    completion_tokens: int
    sent_at: list[float]


class Stream:
    """The answer to one chat."""

    def __init__(self, call: ChatCall, behaviour: Behaviour, responder: Responder, count: Callable[[str], int]) -> None:
        assert call.prompt is not None
        self._call = call
        self._how = behaviour
        self._responder = responder
        self._count = count
        self._text = "" if behaviour.refusal is not None else behaviour.write(call.prompt)

    async def send(self) -> None:
        """Send the whole answer, or what its behaviour leaves of it."""
        if self._how.body is not None:
            await self._send_body(self._how.body)
        elif not self._call.body.get("stream"):
            await self._send_whole()
        elif not await self._is_broken_off(0):
            await self._responder.begin(self._how.content_type or "text/event-stream; charset=utf-8")
            await self._send_stream()

    async def _send_body(self, body: bytes) -> None:
        await self._responder.whole(200, body, {"content-type": self._how.content_type or "application/json"})

    async def _send_whole(self) -> None:
        if await self._is_broken_off(0):
            return
        self._call.completion_tokens = self._count(self._text)
        message = {"role": "assistant", "content": self._text or None, "refusal": self._how.refusal}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._how.finish}
        choices = [] if self._how.no_choices else [choice]
        content = self._shell("chat.completion", choices) | {"usage": self._usage()}
        await self._responder.whole(200, content)

    async def _send_stream(self) -> None:
        await self._delta({"role": "assistant", "content": "", "refusal": None})
        if self._how.refusal is not None:
            await self._delta({"refusal": self._how.refusal})
        for place, piece in enumerate(pieces_of(self._text, self._how.piece_chars)):
            if place and await self._is_broken_off(place):
                return
            if place == self._how.end_at:
                await self._responder.end()
                return
            await self._piece(place, piece)
        await self._delta({}, self._how.finish)
        options = self._call.body.get("stream_options") or {}
        if self._how.usage and options.get("include_usage"):
            await self._event(self._shell("chat.completion.chunk", []) | {"usage": self._usage()})
        if self._how.done:
            await self._responder.piece(b"data: [DONE]\n\n")
        await self._responder.end()

    async def _piece(self, place: int, piece: str) -> None:
        await asyncio.sleep(self._how.pause_s)
        if place == self._how.broken_at:
            await self._responder.piece(b'data: {"id": "chatcmpl-fake", "choices": [{"del\n\n')
        if place == self._how.error_at:
            await self._event(error_body("The model is overloaded", kind="server_error"))
        self._call.pieces += 1
        self._call.completion_tokens += self._count(piece)
        await self._delta({"content": piece})
        self._call.sent_at.append(time.monotonic())

    async def _is_broken_off(self, place: int) -> bool:
        """Do what the behaviour does at this place; say whether nothing may follow."""
        if place == self._how.cut_at:
            await self._responder.reset()
            return True
        if place == self._how.stall_at:
            await self._stall()
            return True
        return False

    async def _stall(self) -> None:
        if not self._how.ping_s:
            await asyncio.sleep(_FOREVER_S)
            return
        if not self._responder.began:
            await self._responder.begin("text/event-stream; charset=utf-8")
        while True:
            await self._responder.piece(b": still here\n\n")
            await asyncio.sleep(self._how.ping_s)

    async def _delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        await self._event(self._shell("chat.completion.chunk", [] if self._how.no_choices else [choice]))

    async def _event(self, content: dict[str, Any]) -> None:
        await self._responder.piece(b"data: %s\n\n" % json.dumps(content).encode())

    def _shell(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        model = self._how.said_model or self._call.body["model"]
        return {"id": _ID, "object": kind, "created": 1, "model": model, "choices": choices}

    def _usage(self) -> dict[str, int] | None:
        if not self._how.usage:
            return None
        spent, made = self._call.prompt_tokens, self._call.completion_tokens
        return {"prompt_tokens": spent, "completion_tokens": made, "total_tokens": spent + made}


def pieces_of(text: str, chars: int) -> Sequence[str]:
    """Return the pieces of a text: so many characters each, or with 0 one word each."""
    return [text[at : at + chars] for at in range(0, len(text), chars)] if chars else _WORDS.findall(text)
