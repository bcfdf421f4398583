"""A stream with joined events says what it said: the same words, end, usage, tool calls and faults, in fewer events."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import httpx
import pytest
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.utils import Secret
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.adapters.openai_models.call import ModelCall
from pipelines.adapters.openai_models.joining import EventJoiner


HIGH, LOW = "\ud83d", "\ude00"
DONE = b"data: [DONE]\n\n"


def event(delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a chunk of a reply; `more` goes into its choice."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": None} | more
    return {"id": "c-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def sent(content: object, end: str = "\n") -> bytes:
    """Return an event as a server sends it."""
    return f"data: {json.dumps(content)}{end}{end}".encode()


def joined(parts: Sequence[bytes], *, pauses: Sequence[int] = ()) -> list[bytes]:
    """Return what goes on of a stream that comes in parts, with a wait behind the parts of these numbers."""
    joiner, given_out = EventJoiner(), []
    for number, part in enumerate(parts):
        joiner.feed(part)
        if number in pauses:
            given_out.append(joiner.take())
    return [one for one in (*given_out, joiner.end()) if one]


class _Played(httpx.BaseTransport):
    """Answers every request with the same stream."""

    parts: Sequence[bytes] = ()

    def handle_request(self, _request: httpx.Request) -> httpx.Response:
        """Send the parts."""
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=_Parts(self.parts))


class _Parts(httpx.SyncByteStream):
    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)


class Reader:
    """Haystack's generator with the client `openai`, at the end of a stream that is played to it."""

    def __init__(self) -> None:
        self._played = _Played()
        self.generator = OpenAIChatGenerator(
            api_key=Secret.from_token("none"),
            api_base_url="http://127.0.0.1:9/v1",
            max_retries=0,
            http_client_kwargs={"transport": self._played, "trust_env": False},
        )

    def reads(self, parts: Sequence[bytes]) -> tuple[object, ...]:
        """Return what it heard and what it made of a stream, or the fault that it raised."""
        self._played.parts = parts
        heard: list[str] = []

        def hear(chunk: StreamingChunk) -> None:
            heard.append(chunk.content)

        try:
            result = self.generator.run([ChatMessage.from_user("?")], streaming_callback=hear)
        except Exception as raised:  # noqa: BLE001 - whatever it raises must be the same
            return "".join(heard), type(raised)
        message = result["replies"][0]
        told = {name: message.meta.get(name) for name in ("model", "finish_reason", "usage")}
        return "".join(heard), message.text, told, message.tool_calls


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """Return what reads streams."""
    one = Reader()
    with closing(one.generator):
        yield one


_words = st.text(max_size=6) | st.sampled_from(
    [HIGH, LOW, HIGH + LOW, "", "\n\n", "data: {}\r\n\r\n", "[DONE]", "\x00"]
)
_usage = st.none() | st.just({"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7})
_call = st.fixed_dictionaries(
    {
        "index": st.integers(0, 1),
        "id": st.none() | st.just("call-1"),
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": st.none() | st.just("f"), "arguments": st.sampled_from(["{", "}"])}),
    }
)
_deltas = st.one_of(
    st.builds(lambda text: {"content": text}, _words),
    st.builds(lambda text: {"content": text}, _words),
    st.builds(lambda text: {"role": "assistant", "content": text}, _words),
    st.builds(lambda text, why: {"content": text, "reasoning_content": why}, _words | st.none(), _words | st.none()),
    st.builds(lambda calls: {"tool_calls": calls}, st.lists(_call, min_size=1, max_size=2)),
    st.builds(lambda text: {"content": None, "refusal": text}, _words),
    st.just({}),
)
_chunks = st.builds(
    lambda delta, finish, logprobs, more: event(delta, finish_reason=finish, logprobs=logprobs) | more,
    _deltas,
    st.sampled_from([None] * 8 + ["stop", "length", "tool_calls"]),
    st.sampled_from([None] * 8 + [{"content": []}]),
    st.fixed_dictionaries(
        {},
        optional={
            "created": st.integers(1, 2),
            "model": st.sampled_from(["m", "n"]),
            "usage": _usage,
            "obfuscation": st.text("abc", max_size=3),
            "error": st.sampled_from([None, None, None, {"message": "overloaded"}]),
        },
    ),
)
_others = st.one_of(
    st.builds(lambda usage: event({}) | {"choices": [], "usage": usage}, _usage),
    st.builds(lambda one: one | {"choices": one["choices"] * 2}, _chunks),
    st.sampled_from([None, 5, "text", [1], {"choices": None}, {"choices": [None]}, {"error": {"message": "no"}}]),
)
_ends = st.sampled_from(["\n"] * 4 + ["\r\n"] * 3 + ["\r"])
_sent = st.one_of(
    *[st.builds(sent, _chunks, _ends)] * 8,
    st.builds(sent, _others, _ends),
    st.sampled_from(
        [b": ping\n\n", b"\n", b"event: x\n", b"id: 7\n\n", b'data: {"choices":\ndata: []}\n\n', b"data: {\n\n"]
    ),
    st.just(DONE),
)


@st.composite
def cut_streams(draw: st.DrawFn) -> tuple[list[bytes], list[int]]:
    """Return a stream in parts cut anywhere, within a character or a line end too, and where a reader waits."""
    whole = b"".join(draw(st.lists(_sent, max_size=14)))
    if draw(st.booleans()):
        whole = whole.decode("unicode_escape", "ignore").encode("utf-8", "ignore") if b"\\u" not in whole else whole
    places = sorted(draw(st.sets(st.integers(0, len(whole)), max_size=10)))
    parts = [whole[start:end] for start, end in zip([0, *places], [*places, len(whole)], strict=True)]
    return parts, draw(st.lists(st.integers(0, len(parts)), max_size=6))


@settings(deadline=None, max_examples=400)
@given(cut_streams())
@example(([sent(event({"content": "a"})), sent(event({"content": HIGH})), sent(event({"content": LOW})), DONE], []))
@example(([sent(event({"content": "a"}), "\r")[:-1], b"\r", sent(event({"content": "b"}), "\r"), DONE], [0]))
def test_a_joined_stream_is_read_as_it_was(reader: Reader, cut: tuple[list[bytes], list[int]]) -> None:
    """However it is cut, and whatever it holds: words, end, usage, tool calls, name of the model, or the same fault."""
    parts, pauses = cut
    assert reader.reads(joined(parts, pauses=pauses)) == reader.reads(parts)


@given(cut_streams())
def test_what_says_one_thing_each_goes_on_byte_for_byte(cut: tuple[list[bytes], list[int]]) -> None:
    """With a wait behind each byte nothing is joined, nothing altered and nothing kept back but half an event."""
    whole = b"".join(cut[0])
    parts = [whole[at : at + 1] for at in range(len(whole))]
    assert b"".join(joined(parts, pauses=range(len(parts)))) == whole


def test_a_sentence_becomes_two_events() -> None:
    """The first word goes on at once and by itself; those that came with it are one event with all their text."""
    words = ["Parental", " leave", " is", " twelve", " weeks", ".", " [1]", "\n\u2028Größe"]
    stream = b"".join(sent(event({"content": word}) | {"obfuscation": word[::-1]}) for word in words)
    (out,) = joined([stream + sent(event({}, finish_reason="stop")) + DONE])
    first, second, last, done = [one for one in out.split(b"\n\n") if one]
    assert first == sent(event({"content": "Parental"}) | {"obfuscation": "latneraP"}).strip()
    assert json.loads(second[6:])["choices"][0]["delta"] == {"content": "".join(words[1:])}
    assert (last, done) == (sent(event({}, finish_reason="stop")).strip(), DONE.strip())


def test_what_waits_is_given_out_when_nothing_more_is_there() -> None:
    """Nothing that is whole waits for what is not: before a pause all of it goes on."""
    words = [sent(event({"content": word})) for word in ("a", "b", "c", "d")]
    out = joined([words[0] + words[1] + words[2][:20], words[2][20:] + words[3]], pauses=[0])
    assert out[0] == words[0] + words[1]
    assert json.loads(out[1][6:])["choices"][0]["delta"] == {"content": "cd"}


def test_thinking_aloud_is_joined_too() -> None:
    """A thousand tokens of reasoning, which nobody is shown, are one event for each read."""
    thoughts = [sent(event({"content": None, "reasoning_content": word})) for word in ("Let", " me", " think")]
    (out,) = joined([b"".join(thoughts)])
    assert out.count(b"data:") == 2
    assert json.loads(out.split(b"\n\n")[1][6:])["choices"][0]["delta"]["reasoning_content"] == " me think"


@pytest.mark.parametrize(
    "other",
    [
        event({"content": "x"}, index=1),
        event({"content": "x", "tool_calls": [{"index": 0}]}),
        event({"content": "x"}, finish_reason="stop"),
        event({"content": "x"}, logprobs={"content": []}),
        event({"content": "x"}) | {"usage": {"prompt_tokens": 1}},
        event({"content": "x"}) | {"error": {"message": "no"}},
        event({"role": "assistant", "content": "x"}),
        event({"content": ["x"]}),
    ],
    ids=["index", "tools", "finish", "logprobs", "usage", "error", "role", "list"],
)
def test_what_says_more_than_words_stays_an_event(other: dict[str, Any]) -> None:
    """An event with anything beside its text goes on as it is, between the words before it and behind it."""
    word = sent(event({"content": "a"}))
    assert joined([word, word, sent(other), word]) == [word + word + sent(other) + word]


@pytest.mark.parametrize("rest", [b"", b"0\r\n\r\n", b"1", b"1f\r", b"1f\r\n"], ids=repr)
def test_the_last_part_of_a_read_is_known(rest: bytes) -> None:
    """Equal parts are told apart, and what HTTP writes around them is none: behind the last one a read may wait."""
    call = ModelCall(seconds=9, stall_s=9, cancelled=lambda: False, monotonic=lambda: 0.0)
    part = sent(event({"content": "again"}))
    chunk = b"%x\r\n%s\r\n" % (len(part), part)
    for head in (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"", b"\n"):
        call.came(head + 3 * chunk + rest, more=False)
        assert [call.follows(part) for _ in range(3)] == [True, True, False]
    call.came(chunk + b"1f\r\ndata: {", more=False)
    assert call.follows(part)
    assert not call.follows(b"data: {")
