"""
Events of a chat's stream that came together, made one: each costs the client and Haystack 0.8 ms, whatever it says.

A server sends an event for each token. Of neighbours that differ in their text alone one is made with the text of
both. What is anything else goes on byte for byte, in its place: the first words, tool calls, reasons, usage, errors,
comments, events of several lines, and what is no JSON. It waits for nothing and knows no connection.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from pipelines.domain.values import Value


_DATA: Final = b"data:"
_END_OF_EVENT: Final = re.compile(rb"\n\r?\n")
_LONE_RETURN: Final = re.compile(rb"\r[^\n]")
_OVERLAP: Final = 3
"""Bytes of an unfinished event that are looked at again with the next ones: an end may begin in them."""

_PLAIN: Final = re.compile(rb"[ !#-\[\]-~]*")
"""Characters that JSON writes as they are, and only so."""

_WRITTEN: Final = re.compile(rb'"content"\s*:\s*"([ !#-\[\]-~]+)"')
_CONTENT: Final = "content"
_TEXTS: Final = (_CONTENT, "reasoning_content", "reasoning")
"""What a delta says, and what goes on where the one before ended."""

_PADDING: Final = "obfuscation"
"""Letters by lot that hide how long a token is; each event has its own."""


@dataclass(frozen=True, slots=True)
class _Piece(Value):
    """
    An event that says a piece of text and nothing else.

    Attributes:
        texts: field of its delta -> what it says there.
        delta: the other fields of its delta.
        choice: the other fields of its one choice.
        event: its other fields.

    """

    texts: dict[str, str]
    delta: dict[str, Any]
    choice: dict[str, Any]
    event: dict[str, Any]

    def goes_on_with(self, other: "_Piece") -> bool:
        """Say whether another one differs from this in its texts alone."""
        return (
            self.texts.keys() == other.texts.keys()
            and self.delta == other.delta
            and self.choice == other.choice
            and self.event == other.event
        )

    def written(self, texts: dict[str, str]) -> bytes:
        """Return the event as it is sent, with other texts."""
        choice = self.choice | {"delta": self.delta | texts}
        return b"data: %s\n\n" % json.dumps(self.event | {"choices": [choice]}).encode("ascii")


@dataclass(frozen=True, slots=True)
class _Form(Value):
    """
    How a server writes its pieces: what stands before a text and behind it, from event to event the same.

    Attributes:
        head: of an event, up to its text.
        tail: behind its text.
        piece: what such an event says.

    """

    head: bytes
    tail: bytes
    piece: _Piece

    def read(self, block: bytes) -> _Piece | None:
        """Return what an event of this form says, without parsing it; None where it has another, or needs to be."""
        if not (block.startswith(self.head) and block.endswith(self.tail)):
            return None
        text = block[len(self.head) : len(block) - len(self.tail)]
        if len(block) < len(self.head) + len(self.tail) or not _PLAIN.fullmatch(text):
            return None
        one = self.piece
        return _Piece({_CONTENT: text.decode("ascii")}, one.delta, one.choice, one.event)


class EventJoiner:
    """Takes a stream as it comes, and gives it out with fewer events. For one reply."""

    def __init__(self) -> None:
        """Begin a reply."""
        self._ready = bytearray()
        self._rest = bytearray()
        self._looked_at = 0
        self._held: list[tuple[bytes, _Piece]] = []
        self._form: _Form | None = None
        self._speaks = False
        self._as_it_is = False

    @property
    def speaks(self) -> bool:
        """Whether the first words came."""
        return self._speaks

    def feed(self, part: bytes) -> None:
        """Take the next bytes; the end of an event may come with later ones."""
        if self._as_it_is:
            self._ready += part
            return
        self._rest += part
        if _LONE_RETURN.search(self._rest, self._looked_at):
            # Lines that end so are allowed, and nobody sends them.
            self._as_it_is = True
            self._ready += self.end()
            return
        begin, at = 0, self._looked_at
        while (found := _END_OF_EVENT.search(self._rest, at)) is not None:
            self._take(bytes(self._rest[begin : found.end()]))
            begin = at = found.end()
        del self._rest[:begin]
        self._looked_at = max(0, len(self._rest) - _OVERLAP)

    def take(self) -> bytes:
        """Return all whole events that came since it was last asked."""
        self._release()
        ready = bytes(self._ready)
        self._ready.clear()
        return ready

    def end(self) -> bytes:
        """Return the same, and behind it what is no whole event."""
        ready = self.take() + self._rest
        self._rest.clear()
        return ready

    def _take(self, block: bytes) -> None:
        piece = self._read(block)
        if piece is None:
            self._release()
            self._ready += block
        elif not self._speaks and any(piece.texts.values()):
            self._speaks = True
            self._release()
            self._ready += block
        else:
            if self._held and not _joins(self._held[-1][1], piece):
                self._release()
            self._held.append((block, piece))

    def _read(self, block: bytes) -> _Piece | None:
        """Return what an event says; None if it is anything else than a piece of text."""
        if self._form is not None and (piece := self._form.read(block)) is not None:
            return piece
        piece = _piece_of(block)
        if piece is not None:
            self._form = _form_of(block, piece) or self._form
        return piece

    def _release(self) -> None:
        """Let those that wait go on, as one."""
        if len(self._held) == 1:
            self._ready += self._held[0][0]
        elif self._held:
            pieces = [piece for _, piece in self._held]
            self._ready += pieces[0].written(
                {name: "".join(piece.texts[name] for piece in pieces) for name in pieces[0].texts}
            )
        self._held.clear()


def _joins(one: _Piece, other: _Piece) -> bool:
    """Say whether two neighbours may become one: two halves of a character, written as such, would become whole."""
    return one.goes_on_with(other) and not any(
        "\ud800" <= text[-1:] <= "\udbff" and "\udc00" <= other.texts[name][:1] <= "\udfff"
        for name, text in one.texts.items()
    )


def _form_of(block: bytes, piece: _Piece) -> _Form | None:
    """Return the form of an event; None if its text does not stand there as it is, and once."""
    found = _WRITTEN.search(block)
    if found is None or block.count(b'"content"') > 1 or piece.texts != {_CONTENT: found[1].decode("ascii")}:
        return None
    head, tail = block[: found.start(1)], block[found.end(1) :]
    empty = _piece_of(head + tail)
    return (
        _Form(head, tail, piece)
        if empty is not None and empty.goes_on_with(piece) and not empty.texts[_CONTENT]
        else None
    )


def _piece_of(block: bytes) -> _Piece | None:
    """Return what an event says; None if it is anything else than a piece of text."""
    line = block[len(_DATA) :].rstrip(b"\r\n")
    if not block.startswith(_DATA) or b"\n" in line:
        return None
    try:
        event: Any = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    match event:
        case {"choices": [{"delta": dict()}]}:
            rest = {name: value for name, value in event.items() if name != _PADDING}
        case _:
            return None
    choice: dict[str, Any] = rest.pop("choices")[0]
    delta: dict[str, Any] = choice.pop("delta")
    told = (rest.get("usage"), choice.get("finish_reason"), choice.get("logprobs"))
    if rest.get("error") or any(one is not None for one in told):
        return None
    texts = {name: delta.pop(name) for name in _TEXTS if isinstance(delta.get(name), str)}
    if not texts or any(value is not None for name, value in delta.items() if name != "role"):
        return None
    return _Piece(texts, delta, choice, rest)
