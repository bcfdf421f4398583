"""The adapter on a real open server, llama.cpp's: the protocol is not only our own idea of it."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import pytest

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.errors import BadSettings
from pipelines.ports.model import (
    CallCancelled,
    Finish,
    Message,
    ModelAway,
    ModelTooSlow,
    PromptTooLong,
    Role,
)
from tests.contracts.chat_model import Pieces
from tests.engines.tiny_gguf import write_tiny_model
from tests.fakes.model_server import ModelServer
from tests.llama_server import HOW_TO_GET_IT, KEY, is_installed, llama_server
from tests.servers import Server


pytestmark = pytest.mark.engines
NAME, CONTEXT = "tiny-real", 512
ASKED = (Message(Role.SYSTEM, "Answer briefly."), Message(Role.USER, "How long is parental leave?"))
PLENTY_S = 60.0
SHORT_S = 7.0
"""Too short for a second call after a fault of the server."""


def tiny_server(folder: Path) -> Server:
    """Return llama.cpp's server with a model that is made now."""
    if not is_installed():
        pytest.skip(HOW_TO_GET_IT)
    model = folder / "tiny.gguf"
    write_tiny_model(model)
    return llama_server(model, name=NAME, context=CONTEXT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return the server, started once for all tests."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        started = tiny_server(Path(folder))
        started.start()
        yield started
        started.stop()


def model_of(server: Server, *, key: str = KEY, name: str = NAME, **options: Any) -> OpenAIModel:
    """Return its model."""
    fields = {"temperature": 0, **options}
    return OpenAIModel(OpenAIServer(server.url, name, key, stall_s=20.0, options=fields))


def test_a_reply_streams_and_is_counted(server: Server) -> None:
    """Pieces come one by one, the reply is cut at the limit that was set, and the tokens are told."""
    with closing(model_of(server, max_tokens=20)) as model:
        pieces = Pieces()
        reply = model.write(ASKED, seconds=PLENTY_S, listener=pieces)
    assert len(pieces.heard) > 5
    assert "".join(pieces.heard) == reply.text
    assert (reply.finish, reply.model, reply.served_by) == (Finish.LENGTH, NAME, NAME)
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 20


def test_a_wrong_key_is_told(server: Server) -> None:
    """The server refuses another key, and the message points to the setting."""
    with closing(model_of(server, key="another")) as model, pytest.raises(BadSettings, match="OPENAI_API_KEY"):
        model.write(ASKED, seconds=PLENTY_S)


def test_a_long_prompt_learns_the_limit(server: Server) -> None:
    """More than the context holds is a fault that names the limit."""
    long = (Message(Role.USER, "word " * 400),)
    with closing(model_of(server)) as model, pytest.raises(PromptTooLong) as caught:
        model.write(long, seconds=PLENTY_S)
    assert caught.value.limit in (None, CONTEXT)


def test_a_name_that_the_server_does_not_know_is_seen(server: Server) -> None:
    """It answers for any name; the reply shows under which one, so that a slip of the pen is noticed."""
    with closing(model_of(server, name="no-such-model", max_tokens=3)) as model:
        try:
            reply = model.write(ASKED, seconds=PLENTY_S)
        except BadSettings:
            return
    assert reply.served_by == NAME


def test_calls_follow_each_other_at_once(server: Server) -> None:
    """It closes each connection behind a streamed reply, whatever it promised: no call is lost to that."""
    breaker = Breaker(time.monotonic)
    with closing(model_of(server, max_tokens=2)) as one:
        model = ResilientModel(GuardedModel(one, breaker), RetryBudget(time.monotonic))
        for _ in range(30):
            assert model.write(ASKED, seconds=SHORT_S).finish is Finish.LENGTH
    assert not breaker.is_open


def test_a_call_that_is_taken_back_frees_the_server(server: Server) -> None:
    """The only place of the server is free again for the next question as soon as its client left."""
    asked = iter([False, False, True])
    with closing(model_of(server, max_tokens=100_000)) as endless, closing(model_of(server, max_tokens=3)) as short:
        pieces = Pieces()

        def taken_back() -> bool:
            return bool(pieces.heard) and next(asked, True)

        with pytest.raises((CallCancelled, ModelTooSlow)):
            endless.write(ASKED, seconds=1.5, listener=_slowly(pieces), cancelled=taken_back)
        assert short.write(ASKED, seconds=PLENTY_S).text


def test_a_server_that_dies_is_a_fault_of_ours() -> None:
    """Killed while it writes, the call ends with an error; so does the next one, at once."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        own = tiny_server(Path(folder))
        own.start()
        pieces = Pieces()

        class Killing(Pieces):
            def hear(self, piece: str) -> None:
                pieces.hear(piece)
                if len(pieces.heard) == 2:
                    own.kill()

        with closing(model_of(own, max_tokens=400)) as model:
            for listener in (Killing(), Pieces()):
                with pytest.raises(ModelAway):
                    model.write(ASKED, seconds=PLENTY_S, listener=listener)
        assert len(pieces.heard) >= 2


def test_the_fake_sends_what_the_real_one_sends(server: Server) -> None:
    """Event by event, whatever field the fake's chunks have, the real server's have too, but for OpenAI's own."""
    with ModelServer(key=KEY, models={NAME: CONTEXT}) as fake:
        ours, theirs = _chunks(fake.url), _chunks(server.url)
    only_openai = {"logprobs", "refusal"}
    assert ours[0]["choices"][0]["delta"].keys() - only_openai <= theirs[0]["choices"][0]["delta"].keys()
    for one, other in ((ours[0], theirs[0]), (_first_piece(ours), _first_piece(theirs)), (ours[-1], theirs[-1])):
        assert one.keys() <= other.keys()
        for choice, real in zip(one["choices"], other["choices"], strict=True):
            assert choice.keys() - only_openai <= real.keys()
    assert ours[-1]["usage"].keys() <= theirs[-1]["usage"].keys()


class _Slow(Pieces):
    def __init__(self, pieces: Pieces) -> None:
        super().__init__()
        self._pieces = pieces

    def hear(self, piece: str) -> None:
        self._pieces.hear(piece)
        time.sleep(0.05)


def _slowly(pieces: Pieces) -> Pieces:
    """Return a listener that takes its time, so that the server is far from its end."""
    return _Slow(pieces)


def _first_piece(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    return next(one for one in chunks if one["choices"][0]["delta"].get("content"))


def _chunks(url: str) -> list[dict[str, Any]]:
    """Return the events of one streamed chat."""
    body = {"model": NAME, "messages": [{"role": "user", "content": "hi"}], "stream": True, "max_tokens": 20}
    body |= {"stream_options": {"include_usage": True}, "temperature": 0}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}
    request = Request(f"{url}/chat/completions", json.dumps(body).encode(), headers)  # noqa: S310 - an address of ours
    with urlopen(request, timeout=PLENTY_S) as answer:  # noqa: S310 - as above
        events = answer.read().decode().strip().split("\n\n")
    assert events.pop() == "data: [DONE]"
    return [json.loads(one.removeprefix("data: ")) for one in events]
