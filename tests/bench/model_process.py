"""
A fake model server in a process of its own, so that its CPU is not counted, and when it sent what.

Its model answers with whole sentences of the sources, each behind its mark.
"""

import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from pipelines.answering.prompts import NOTHING_FOUND
from pipelines.retrieval.sentences import split_sentences
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import Call, ModelServer
from tests.fakes.model_stream import pieces_of
from tests.fakes.model_writers import Prompt


CONTEXT = 32_768
"""Tokens: what a base's eight passages need, by the fake's own count."""

SENTENCES = 3
"""Of an answer."""

_WORD = re.compile(r"\w{3,}")
_WHOLE = re.compile(r"[A-Z][^\n\[\]]{30,300}[.]")
_QUESTION = re.compile(r"<question>\n(.*)\n</question>", re.DOTALL)
_FIRST_SENTENCE = re.compile(r".*?\[\d+\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SentReply:
    """
    One reply as the server sent it; times are seconds of the machine's clock that never goes back.

    Attributes:
        question: what was asked.
        came_at: when the request was there.
        first_sentence_at: when the mark of its first sentence had been sent; None if there is no mark.
        ended_at: when its last word had been sent.
        pieces: pieces of text.

    """

    question: str
    came_at: float
    first_sentence_at: float | None
    ended_at: float
    pieces: int


def quoting(prompt: Prompt) -> str:
    """Answer with the whole sentences of the sources that share most words with the question, each with its mark."""
    asked = set(_WORD.findall(_question_of(prompt).casefold()))
    whole = [
        (number, text[start:end])
        for number, text in prompt.sources.items()
        for start, end in split_sentences(text, 0, len(text))
        if _WHOLE.fullmatch(text[start:end])
    ]
    whole.sort(key=lambda one: -len(asked.intersection(_WORD.findall(one[1].casefold()))))
    return " ".join(f"{text} [{number}]" for number, text in whole[:SENTENCES]) or NOTHING_FOUND


class ModelProcess:
    """The server as seen from the process that calls it."""

    def __init__(self, url: str, pipe: Connection) -> None:
        self.url = url
        self._pipe = pipe

    def replies(self) -> list[SentReply]:
        """Return the replies that were sent whole so far, in the order in which they were asked for."""
        self._pipe.send("replies")
        found: list[SentReply] = self._pipe.recv()
        return found


@contextmanager
def model_process(model: str, key: str, behaviour: Behaviour) -> Iterator[ModelProcess]:
    """Start a server that always behaves so, and end it."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(there, model, key, behaviour), daemon=True
    )
    child.start()
    # With this end closed a child that dies ends the wait for it.
    there.close()
    try:
        yield ModelProcess(here.recv(), here)
    finally:
        here.close()
        child.join()


def _serve(to_parent: Connection, model: str, key: str, behaviour: Behaviour) -> None:
    with ModelServer(key=key, models={model: CONTEXT}, default=behaviour) as server:
        to_parent.send(server.url)
        with suppress(EOFError):
            while to_parent.recv():
                to_parent.send([_sent(one, behaviour) for one in server.chats if one.ended and one.sent_at])


def _sent(call: Call, behaviour: Behaviour) -> SentReply:
    assert call.prompt is not None
    text = behaviour.write(call.prompt)
    first = _FIRST_SENTENCE.match(text)
    at = None if first is None else call.sent_at[len(pieces_of(first[0], behaviour.piece_chars)) - 1]
    return SentReply(_question_of(call.prompt), call.came_at, at, call.sent_at[-1], call.pieces)


def _question_of(prompt: Prompt) -> str:
    found = _QUESTION.search(prompt.user)
    return found[1] if found else ""
