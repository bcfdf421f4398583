"""
A server that plays an OpenAI-compatible model, over real HTTP on loopback; each test scripts how it behaves.

It is no kinder than the real one: what OpenAI does not document is refused, and so is a wrong key.
"""

import asyncio
import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.model_behaviour import CONTEXT_CODE, SOUND, Behaviour
from tests.fakes.model_embeddings import SOUND_VECTORS, EmbeddingBehaviour, listed
from tests.fakes.model_http import HttpRequest, Responder, client_left, read_request
from tests.fakes.model_requests import BadRequest, check_chat, check_embedding
from tests.fakes.model_stream import Stream
from tests.fakes.model_writers import Prompt, SourceReader, prompt_of, sources_of


if TYPE_CHECKING:
    import ssl

KEY = "key-of-the-fake"
MODEL = "tiny-chat"
CONTEXT = 8192
_TOKEN = re.compile(r"\w+|[^\w\s]")
_Result = TypeVar("_Result")


@dataclass(slots=True)
class Call:
    """
    One request as the server saw it.

    Attributes:
        path: where it went.
        body: its JSON; {} if it was none.
        prompt: what the model was asked; None where it was no chat.
        status: HTTP's number of the answer; 0 while there is none.
        pieces: pieces of text that were sent.
        prompt_tokens: of the prompt, by the fake's own count.
        completion_tokens: of what was sent.
        abandoned: the client left before the answer was whole.
        ended: the server is done with it.
        headers: as they came, names in lower case, without the key.
        came_at: when it came, in seconds of this machine's clock that never goes back, the same in all processes.
        sent_at: when each piece of text had been sent, by the same clock.

    """

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    prompt: Prompt | None = None
    status: int = 0
    pieces: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    abandoned: bool = False
    ended: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    came_at: float = field(default_factory=time.monotonic)
    sent_at: list[float] = field(default_factory=list)


class ModelServer:
    """
    `/v1/chat/completions`, `/v1/embeddings` and `/v1/models`. Use it with `with`.

    Attributes:
        url: base address, with `/v1`.
        calls: every request so far.
        peak: most calls at once.
        connections: connections that are open now.
        accepted: connections that were made so far.
        default: behaviour once the script is over.
        default_vectors: the same of requests for vectors.

    """

    def __init__(
        self,
        *,
        key: str | None = KEY,
        models: Mapping[str, int] | None = None,
        default: Behaviour = SOUND,
        embed: HashEmbedder | Mapping[str, HashEmbedder] | None = None,
        sources: SourceReader = sources_of,
        tls: "ssl.SSLContext | None" = None,
    ) -> None:
        """
        Take what it knows; it listens from `with` on.

        Args:
            key: that it asks for; None for none.
            models: name -> context size in tokens.
            default: how it behaves where no script says otherwise.
            embed: makes the vectors: of every model, or name -> of this one.
            sources: reads the numbered sources of a prompt, for the writers.
            tls: encrypts; `url` still says http, since the certificate's name is the test's own.

        """
        self.default = default
        self.calls: list[Call] = []
        self.peak = 0
        self.connections = 0
        self.accepted = 0
        self.active = 0
        self.url = ""
        self.port = 0
        self._key = key
        self._models = dict(models or {MODEL: CONTEXT})
        self._embed = embed or HashEmbedder()
        self.default_vectors = SOUND_VECTORS
        self._vector_script: deque[EmbeddingBehaviour] = deque()
        self._sources = sources
        self._tls = tls
        self._scripts: dict[str, deque[Behaviour]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-server", daemon=True)

    def script(self, *behaviours: Behaviour, model: str = "") -> Self:
        """Let the next chats behave so, in this order; of one model alone if it is named."""
        self._scripts.setdefault(model, deque()).extend(behaviours)
        return self

    def script_vectors(self, *behaviours: EmbeddingBehaviour) -> Self:
        """Let the next requests for vectors behave so, in this order."""
        self._vector_script.extend(behaviours)
        return self

    def forget_scripts(self) -> None:
        """Let the next chats behave as `default` says, and requests for vectors as `default_vectors` does."""
        self._scripts.clear()
        self._vector_script.clear()

    @property
    def chats(self) -> list[Call]:
        """Return the requests for a chat completion."""
        return [one for one in list(self.calls) if one.path.endswith("/chat/completions")]

    @property
    def embeddings(self) -> list[Call]:
        """Return the requests for vectors."""
        return [one for one in list(self.calls) if one.path.endswith("/embeddings")]

    @property
    def tokens(self) -> int:
        """Return the tokens of all calls, prompts and answers."""
        return sum(one.prompt_tokens + one.completion_tokens for one in list(self.calls))

    def wait_for(self, promise: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Say whether a promise came true within some seconds: the server sees a client that leaves a moment later."""
        ends = time.monotonic() + seconds
        while not promise() and time.monotonic() < ends:
            time.sleep(0.005)
        return promise()

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls))
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no longer and break everything off."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        for one in list(self._tasks):
            one.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.accepted += 1
        try:
            while (request := await read_request(reader)) is not None:
                await self._one(request, reader, Responder(writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self.connections -= 1
            self._tasks.discard(task)
            writer.transport.abort()

    async def _one(self, request: HttpRequest, reader: asyncio.StreamReader, responder: Responder) -> None:
        """Answer one request, as long as its client is there."""
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        call = Call(request.path, headers=headers)
        self.calls.append(call)
        self.active += 1
        self.peak = max(self.peak, self.active)
        work = asyncio.ensure_future(self._answer(request, call, responder))
        gone = asyncio.ensure_future(client_left(reader))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            # A write may find out first that the client left.
            call.abandoned = not work.done() or isinstance(work.exception(), OSError)
            if not call.abandoned:
                work.result()
        finally:
            self.active -= 1
            call.ended = True
            for one in (work, gone):
                one.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _answer(self, request: HttpRequest, call: Call, responder: Responder) -> None:
        try:
            await self._route(request, call, responder)
        except BadRequest as refused:
            call.status = refused.status
            await responder.whole(refused.status, refused.body)

    async def _route(self, request: HttpRequest, call: Call, responder: Responder) -> None:
        if self._key is not None and request.headers.get("authorization") != f"Bearer {self._key}":
            raise BadRequest("Incorrect API key provided", code="invalid_api_key", status=401)
        match request.method, request.path:
            case "GET", "/v1/models":
                await self._send(
                    call, responder, {"object": "list", "data": [self._model(one) for one in self._models]}
                )
            case "POST", "/v1/chat/completions":
                call.body = _json(request)
                await self._chat(call, responder)
            case "POST", "/v1/embeddings":
                call.body = _json(request)
                await self._embeddings(call, responder)
            case method, path:
                raise BadRequest(f"Invalid URL ({method} {path})", status=404)

    async def _send(self, call: Call, responder: Responder, content: Mapping[str, Any]) -> None:
        call.status = 200
        await responder.whole(200, content)

    def _model(self, name: str) -> dict[str, Any]:
        size = self._models[name]
        return {"id": name, "object": "model", "created": 1, "owned_by": "tests", "max_model_len": size}

    async def _chat(self, call: Call, responder: Responder) -> None:
        check_chat(call.body)
        self._check_model(call)
        call.prompt = prompt_of(call.body["messages"], self._sources)
        call.prompt_tokens = count_tokens(call.prompt.system) + count_tokens(call.prompt.user)
        size = self._models[call.body["model"]]
        if call.prompt_tokens > size:
            message = f"This model's maximum context length is {size} tokens."
            raise BadRequest(f"{message} However, you sent {call.prompt_tokens}.", param="messages", code=CONTEXT_CODE)
        behaviour = self._next(call.body["model"])
        if behaviour.status != 200:
            call.status = behaviour.status
            await responder.whole(behaviour.status, behaviour.error, dict(behaviour.headers))
            return
        call.status = 200
        await Stream(call, behaviour, responder, count_tokens).send()

    async def _embeddings(self, call: Call, responder: Responder) -> None:
        texts = check_embedding(call.body)
        self._check_model(call)
        behaviour = self._vector_script.popleft() if self._vector_script else self.default_vectors
        if behaviour.stall:
            await asyncio.Event().wait()
        await asyncio.sleep(behaviour.pause_s)
        call.status = behaviour.status
        if behaviour.status != 200:
            await responder.whole(behaviour.status, behaviour.error, dict(behaviour.headers))
            return
        headers = {"content-type": behaviour.content_type}
        await responder.whole(200, behaviour.body or self._vectors(call, texts, behaviour), headers)

    def _vectors(self, call: Call, texts: list[str], behaviour: EmbeddingBehaviour) -> dict[str, Any]:
        name = call.body["model"]
        embedder = self._embed if isinstance(self._embed, HashEmbedder) else self._embed[name]
        data = listed(embedder.embed(texts), call.body.get("encoding_format", "float"), behaviour)
        call.prompt_tokens = sum(map(count_tokens, texts))
        usage = {"prompt_tokens": call.prompt_tokens, "total_tokens": call.prompt_tokens}
        return {"object": "list", "data": data, "model": name, "usage": usage}

    def _check_model(self, call: Call) -> None:
        name = call.body["model"]
        if name not in self._models:
            raise BadRequest(f"The model `{name}` does not exist", param="model", code="model_not_found", status=404)

    def _next(self, model: str) -> Behaviour:
        for script in (self._scripts.get(model), self._scripts.get("")):
            if script:
                return script.popleft()
        return self.default


def count_tokens(text: str) -> int:
    """Return the tokens of a text, by the fake's own count: words and signs."""
    return len(_TOKEN.findall(text))


def _json(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON of a request."""
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadRequest("We expect application/json", status=400)
    try:
        body = json.loads(request.body)
    except ValueError:
        raise BadRequest("We could not parse the JSON body of your request") from None
    if not isinstance(body, dict):
        raise BadRequest("We expect a JSON object")
    return body
