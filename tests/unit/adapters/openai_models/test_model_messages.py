"""What a model's faults say: the thing, the place and the setting; never the key, never a word of the prompt."""

import json
import logging
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from haystack import Pipeline
from haystack.dataclasses import ChatMessage
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.openai_models.call import CallOver, ModelCall, Why
from pipelines.adapters.openai_models.model import OpenAIModel, chat_generator
from pipelines.adapters.openai_models.server import ModelSettings, OpenAIServer
from pipelines.errors import FootnoteError
from pipelines.ports.model import Message, ModelAway, ModelBusy, PromptTooLong, Role
from tests.fakes import model_behaviour as how
from tests.fakes.model_behaviour import ANSWER, Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.scripted_model import ScriptedModel


PRIVATE = "salary-of-the-chair"
ASKED = (Message(Role.SYSTEM, f"Rules {PRIVATE}"), Message(Role.USER, f"What is the {PRIVATE}?"))
SETTINGS = ModelSettings(url="OTHER_URL", key="OTHER_KEY", model="OTHER_MODEL", stall="OTHER_STALL")
FAULTY = {
    "cut": how.cuts(0),
    "cut in the middle": how.cuts(2),
    "half": how.ends_early(2),
    "json": how.breaks_json(2),
    "midway": how.errs_midway(1),
    "page": how.wrong_type(),
    "500": how.fails(500, message=f"boom {KEY} {PRIVATE}", code=PRIVATE),
    "400": how.fails(400, message=f"your prompt {PRIVATE} with {KEY} is bad", code=PRIVATE),
    "401": how.fails(401, message=f"Incorrect API key provided: {KEY}"),
    "404": how.fails(404, message=f"no such model {PRIVATE}"),
    "429": how.too_many("2"),
    "long": how.fails(400, message=f"{PRIVATE}: maximum context length is 512 tokens", code=how.CONTEXT_CODE),
    "stall": how.stalls(0),
    "redirect": how.redirects(f"http://127.0.0.1:9/{PRIVATE}"),
}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a server that plays a model."""
    with ModelServer() as one:
        yield one


@pytest.fixture
def model(server: ModelServer) -> Iterator[OpenAIModel]:
    """Return its model, whose settings have other names than the usual ones."""
    with closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY, stall_s=2.0, settings=SETTINGS))) as one:
        yield one


@pytest.mark.parametrize("behaviour", [how.wrong_type(), how.answers_whole()])
def test_what_is_no_stream_is_told_as_that(server: ModelServer, model: OpenAIModel, behaviour: Behaviour) -> None:
    """A page for people, or an answer in one piece, is not taken for a stream that broke off."""
    server.script(behaviour)
    with pytest.raises(ModelAway, match=r"something else than a stream of events.*OTHER_URL"):
        model.write(ASKED, seconds=30)


@pytest.mark.parametrize("behaviour", FAULTY.values(), ids=FAULTY)
def test_a_fault_names_what_to_look_at_and_no_secret(
    server: ModelServer, model: OpenAIModel, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    """One sentence with model, place and setting; no key and no prompt in it, in what hangs on it, or in a log."""
    server.script(behaviour)
    with caplog.at_level(logging.DEBUG), pytest.raises(FootnoteError) as caught:
        model.write(ASKED, seconds=30)
    message = str(caught.value)
    assert MODEL in message
    assert f"127.0.0.1:{server.port}" in message
    assert "OTHER_" in message
    assert "\n" not in message
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    for text in (message, caplog.text):
        assert PRIVATE not in text
        assert KEY not in text


def test_a_reply_leaves_no_line_in_a_log(
    server: ModelServer, model: OpenAIModel, caplog: pytest.LogCaptureFixture
) -> None:
    """However much is to be logged, neither the question nor the answer is."""
    with caplog.at_level(logging.DEBUG):
        model.write(ASKED, seconds=30)
    assert len(server.chats) == 1
    assert caplog.text == ""


def test_a_server_shows_neither_key_nor_path() -> None:
    """Printed, a server is a model at a host: addresses may hold a password."""
    server = OpenAIServer("https://name:hunter2@models.example.com:8443/secret/v1", MODEL, KEY)
    for text in (repr(server), str(server), server.place):
        assert not any(word in text for word in ("hunter2", KEY, "/secret"))
    assert server.place == "models.example.com:8443"
    assert OpenAIServer("https://[2001:db8::1]/v1", MODEL).place == "[2001:db8::1]"


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", 4096),
        ("the request exceeds the available context size (512 tokens). try increasing the context size", 512),
        ("Requested tokens (700) exceed context window of 512", 512),
        ("Input validation error: `inputs` must have less than 1024 tokens. Given: 2000", 1024),
        ("request (600 tokens) exceeds the available context size, try increasing it", None),
    ],
)
def test_the_limit_is_read_as_servers_tell_it(
    server: ModelServer, model: OpenAIModel, message: str, limit: int | None
) -> None:
    """OpenAI, vLLM, llama.cpp and others say in their own words that a prompt is too long."""
    server.script(how.fails(400, message=message))
    with pytest.raises(PromptTooLong) as caught:
        model.write(ASKED, seconds=30)
    assert caught.value.limit == limit


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2.0), ("0.5", 0.5), ("0", 0.0), ("-1", None), ("nan", None), ("inf", None), ("1e9", None), ("soon", None)],
)
def test_a_senseless_wait_is_none(server: ModelServer, model: OpenAIModel, header: str, seconds: float | None) -> None:
    """Only a wait that ends within a day is one; a date or a joke is not."""
    server.script(how.too_many(header))
    with pytest.raises(ModelBusy) as caught:
        model.write(ASKED, seconds=30)
    assert caught.value.retry_after_s == seconds


def test_options_go_along_and_none_takes_one_away(server: ModelServer) -> None:
    """A server's own fields are sent as they are set; None leaves out what some servers refuse."""
    options = {"temperature": 0, "max_tokens": 20, "stream_options": None}
    with closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY, options=options))) as model:
        reply = model.write(ASKED, seconds=30)
    body = server.chats[0].body
    assert (body["temperature"], body["max_tokens"], body["stream"]) == (0, 20, True)
    assert "stream_options" not in body
    assert reply.usage is None


def test_the_generator_stands_in_a_graph(server: ModelServer) -> None:
    """It is Haystack's own component: in a pipeline it is connected, streams and answers like any other."""
    generator = chat_generator(OpenAIServer(server.url, MODEL, KEY))
    graph = Pipeline()
    graph.add_component("model", generator)
    heard: list[str] = []
    data = {"messages": [ChatMessage.from_user("hi")], "streaming_callback": lambda chunk: heard.append(chunk.content)}
    result = graph.run({"model": data})
    assert result["model"]["replies"][0].text == ANSWER == "".join(heard)
    assert graph.run({"model": {"messages": [ChatMessage.from_user("hi")]}})["model"]["replies"][0].text == ANSWER
    generator.close()


@pytest.mark.parametrize(
    "junk",
    [
        {"choices": None},
        {"choices": [None]},
        {"choices": [{"delta": {"content": 5}, "finish_reason": None}]},
        {"choices": [{"delta": {"content": ["a"]}}]},
        {"choices": {"0": 1}},
        {"choices": [{"delta": {}}, {"delta": {}}]},
        [1, 2],
        "text",
        None,
        5,
    ],
    ids=str,
)
def test_events_that_are_no_chunks_are_a_fault_of_ours(server: ModelServer, model: OpenAIModel, junk: object) -> None:
    """Whatever JSON a server sends in place of chunks, the caller meets our error and no other."""
    body = f"data: {json.dumps(junk)}\n\ndata: [DONE]\n\n".encode()
    server.script(Behaviour(body=body, content_type="text/event-stream"))
    with pytest.raises(FootnoteError):
        model.write(ASKED, seconds=30)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "delta", "content", "finish_reason", "usage", "error", "model", "tool_calls"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_at_all_is_a_reply_or_a_fault_of_ours(junk: object) -> None:
    """Random trees of the protocol's own words raise nothing that a caller does not expect."""
    body = f"data: {json.dumps(junk)}\n\ndata: [DONE]\n\n".encode()
    _RANDOM.server.script(Behaviour(body=body, content_type="text/event-stream"))
    with suppress(FootnoteError):
        _RANDOM.model.write(ASKED, seconds=30)


class _Shared:
    """One server for all examples of one test."""

    server: ModelServer
    model: OpenAIModel


_RANDOM = _Shared()


@pytest.fixture(scope="module", autouse=True)
def _shared() -> Iterator[None]:
    with ModelServer() as server, closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY))) as model:
        _RANDOM.server, _RANDOM.model = server, model
        yield


@given(
    st.floats(0.1, 60),
    st.floats(0.1, 60),
    st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=12),
)
def test_a_call_waits_no_longer_than_it_may(seconds: float, stall_s: float, steps: list[tuple[float, bool]]) -> None:
    """At any moment the wait is positive and reaches no end of the call; past one, the call is over."""
    now = [0.0]
    call = ModelCall(seconds=seconds, stall_s=stall_s, cancelled=lambda: False, monotonic=lambda: now[0])
    heard_at = 0.0
    for pause, heard in steps:
        now[0] += pause
        if heard:
            call.heard()
            heard_at = now[0]
        ends = min(seconds, heard_at + stall_s)
        if now[0] >= ends:
            with pytest.raises(CallOver) as over:
                call.look()
            assert over.value.why is (Why.TIME if now[0] >= seconds else Why.STALLED)
            return
        wait = call.look()
        assert 0 < wait <= 0.25 + 1e-9
        assert now[0] + wait <= ends + 1e-9


def test_the_scripted_fake_knows_the_same_limit() -> None:
    """The fake in process tells the same limit as the one over HTTP."""
    with pytest.raises(PromptTooLong) as caught:
        ScriptedModel(how.context_error(77)).write(ASKED, seconds=1)
    assert caught.value.limit == 77
