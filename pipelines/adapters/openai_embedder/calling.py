"""One call of `/embeddings` in its time, by the client `openai`. It repeats nothing and judges no vector."""

from collections.abc import Callable, Sequence
from threading import Lock

import httpx
from openai import OpenAI, omit

from pipelines.adapters.openai_models.call import CallOver, ModelCall, Why
from pipelines.adapters.openai_models.faults import FAULTS, fault_of
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.openai_models.transport import NO_KEY, ModelTransport, quieten
from pipelines.adapters.safe_http.resolving import Resolver
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.errors import BadInput, FootnoteError
from pipelines.ports.model import ModelTooSlow, PromptTooLong, never


CHARACTERS = "FOOTNOTE_EMBEDDING__CHARACTERS"


class EmbeddingCalls:
    """Calls of one model. Safe between threads; connects when it is first used."""

    def __init__(
        self, model: EmbeddingModel, server: OpenAIServer, monotonic: Callable[[], float], resolver: Resolver
    ) -> None:
        self._model = model
        self._server = server
        self._monotonic = monotonic
        self._resolver = resolver
        self._lock = Lock()
        self._client: OpenAI | None = None

    def send(self, texts: Sequence[str], *, seconds: float, setting: str) -> tuple[bytes, str]:
        """
        Return the reply's body and content type.

        Args:
            texts: at least one, none of them empty.
            seconds: that the call may take, all of its steps together.
            setting: names the seconds in a message.

        Raises:
            TransientError: nobody answers, or not in time, or the server fails or is full.
            PermanentError: the server refuses the request, the key or the name of the model.

        """
        # Nothing comes before the vectors do: silence is judged by the time of the whole call.
        call = ModelCall(seconds=seconds, stall_s=seconds + 1, cancelled=never, monotonic=self._monotonic)
        call.streams = False
        with call.under_way():
            try:
                raw = self._opened().embeddings.with_raw_response.create(
                    model=self._model.model,
                    input=list(texts),
                    encoding_format="base64",
                    dimensions=self._model.dimensions if self._model.shortened else omit,
                )
                return raw.http_response.content, raw.http_response.headers.get("content-type", "")
            except FAULTS as raised:
                fault = self._fault(raised, texts, seconds, setting)
        # Not where it was caught: on what was raised hangs the request, with the key and the texts.
        raise fault

    def close(self) -> None:
        """Release the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _fault(self, raised: BaseException, texts: Sequence[str], seconds: float, setting: str) -> FootnoteError:
        cause = raised if isinstance(raised, CallOver) else raised.__cause__
        if isinstance(cause, CallOver) and cause.why is Why.TIME:
            late = f"{self._server} sent no vectors within {seconds:.3g} seconds ({setting})"
            return ModelTooSlow(late, stalled=True)
        fault = fault_of(raised, self._server, seconds=seconds)
        if isinstance(fault, PromptTooLong):
            limit = "" if fault.limit is None else f", its limit is {fault.limit} tokens"
            longest = max(map(len, texts))
            return BadInput(f"a text of {longest} characters is too long for {self._server}{limit}: lower {CHARACTERS}")
        return fault

    def _opened(self) -> OpenAI:
        with self._lock:
            if self._client is None:
                quieten()
                way = ModelTransport(self._server, self._resolver)
                self._client = OpenAI(
                    api_key=self._server.key or NO_KEY,
                    base_url=self._server.url,
                    max_retries=0,
                    # As Haystack does: the client takes both libraries' clients, its types know one.
                    http_client=httpx.Client(transport=way, trust_env=False, follow_redirects=False),  # type: ignore[arg-type]
                )
            return self._client
