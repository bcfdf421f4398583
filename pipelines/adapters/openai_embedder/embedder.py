"""`ports.embedder.Embedder` by an OpenAI-compatible server: batches, time, one retry, a breaker."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import numpy as np

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.openai_embedder.calling import EmbeddingCalls
from pipelines.adapters.openai_embedder.reply import BadReply, OtherLength, read_vectors
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.adapters.safe_http.resolving import Resolver, system_resolver
from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.domain.values import Value
from pipelines.errors import BadSettings, PermanentError, TransientError
from pipelines.ports.model import ModelAway, ModelBusy, ModelResting, ModelTooSlow


if TYPE_CHECKING:
    from numpy.typing import NDArray

DIMENSIONS = "FOOTNOTE_EMBEDDING__DIMENSIONS"
QUERY_SECONDS = "FOOTNOTE_EMBEDDING__QUERY_SECONDS"
BATCH_SECONDS = "FOOTNOTE_EMBEDDING__BATCH_SECONDS"
LONGEST_WAIT_S = 15.0
"""That a server may ask for before the one retry; a worker that waits longer is of no use to anybody."""
WHOLE_S = 100.0
"""For all batches of one call: less than a worker may be silent before its job is taken over."""
_PAUSE_S = (0.1, 0.4)
_EMPTY = " "
"""In place of a text without a character, which servers refuse."""


@dataclass(frozen=True, slots=True)
class Pace(Value):
    """
    How a server is asked.

    Attributes:
        batch: texts of one request, at most.
        at_once: requests of one process at the same time, at most; questions do not wait for them.
        query_s: seconds for the vector of a question, or of the sentences of its answer.
        batch_s: seconds for a batch of passages.

    """

    batch: int = 32
    at_once: int = 2
    query_s: float = 3.0
    batch_s: float = 30.0


class OpenAIEmbedder:
    """
    One embedding model. Safe between threads; connects when it is first used.

    Passages are asked for in batches, a batch that failed once more; a question once, in its
    own short time. A server that did not answer some times is left alone for a while.
    """

    def __init__(
        self,
        model: EmbeddingModel,
        server: OpenAIServer,
        pace: Pace = Pace(),
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
        resolver: Resolver = system_resolver,
    ) -> None:
        """
        Take the model; nothing is connected yet.

        Args:
            model: what decides the vectors.
            server: where it is asked.
            pace: how.
            monotonic: seconds of a clock that never goes back.
            wait: lets so many seconds pass.
            chance: spreads retries.
            resolver: finds the addresses of the server's name.

        """
        self._model = model
        self._server = server
        self._pace = pace
        self._monotonic = monotonic
        self._calls = EmbeddingCalls(model, server, monotonic, resolver)
        self._breaker = Breaker(monotonic)
        self._budget = RetryBudget(monotonic)
        self._turns = BoundedSemaphore(pace.at_once)
        self._wait = wait
        self._chance = chance or random.Random()  # noqa: S311 - spreads load

    @property
    def name(self) -> str:
        """Name of model, length, prefixes and cut-off."""
        return self._model.name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._model.dimensions

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """
        Return one unit vector per passage, shape (len(texts), dimensions), in order.

        Raises:
            TransientError: the server does not answer, fails, is full or too slow.
            BadSettings: the key, the name of the model, the address or the dimensions are wrong.
            PermanentError: what it sends are no vectors of these texts, or it refuses them.

        """
        prepared = [self._prepared(one, self._model.passage_prefix) for one in texts]
        batches = list(_batches(prepared, self._pace.batch))
        work = partial(self._batch, ends=self._monotonic() + WHOLE_S)
        if len(batches) > 1 and self._pace.at_once > 1:
            with ThreadPoolExecutor(min(len(batches), self._pace.at_once), "embedding") as pool:
                found = list(pool.map(work, batches))
        else:
            found = [work(one) for one in batches]
        return np.concatenate(found) if found else np.empty((0, self.dimensions), np.float32)

    def embed_question(self, text: str) -> "NDArray[np.float32]":
        """
        Return the unit vector of a question, shape (dimensions,), or fail in the time of a question.

        Raises:
            FootnoteError: as `embed`.

        """
        prepared = [self._prepared(text, self._model.query_prefix)]
        vector: NDArray[np.float32] = self._asked(prepared, self._pace.query_s, QUERY_SECONDS)[0]
        return vector

    def embed_soon(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return what `embed` returns, each request once, all together in the time of a question."""
        prepared = [self._prepared(one, self._model.passage_prefix) for one in texts]
        ends = self._monotonic() + self._pace.query_s
        found = [
            self._asked(one, max(0.01, ends - self._monotonic()), QUERY_SECONDS)
            for one in _batches(prepared, self._pace.batch)
        ]
        return np.concatenate(found) if found else np.empty((0, self.dimensions), np.float32)

    def close(self) -> None:
        """Release the connections."""
        self._calls.close()

    def _prepared(self, text: str, prefix: str) -> str:
        # A lone surrogate is no character, and no JSON.
        whole = prefix + text[: self._model.characters].encode("utf-8", "replace").decode()
        return whole or _EMPTY

    def _batch(self, texts: Sequence[str], *, ends: float) -> "NDArray[np.float32]":
        """Return the vectors of a batch of passages, after one retry if need be."""
        with self._turns:
            self._budget.called()
            try:
                return self._asked(texts, self._left_s(ends), BATCH_SECONDS)
            except (ModelAway, ModelBusy) as fault:
                pause = self._pause_s(fault)
                if pause is None or not self._budget.takes():
                    raise
            self._wait(pause)
            return self._asked(texts, self._left_s(ends), BATCH_SECONDS)

    def _left_s(self, ends: float) -> float:
        """Return the seconds that a batch has."""
        left = min(self._pace.batch_s, ends - self._monotonic())
        if left <= 0:
            raise ModelTooSlow(
                f"{self._server} sent too few vectors within {WHOLE_S:.0f} seconds: check its load, or set"
                " FOOTNOTE_EMBEDDING__AT_ONCE higher",
                stalled=False,
            )
        return left

    def _pause_s(self, fault: TransientError) -> float | None:
        """Return the seconds after which the same call may succeed; None if it will not."""
        if isinstance(fault, ModelBusy):
            told = fault.retry_after_s
            return told if told is not None and told <= LONGEST_WAIT_S else None
        return None if isinstance(fault, ModelResting) else self._chance.uniform(*_PAUSE_S)

    def _asked(self, texts: Sequence[str], seconds: float, setting: str) -> "NDArray[np.float32]":
        """Make one call, unless the breaker is open."""
        if not self._breaker.admits():
            raise ModelResting(
                f"{self._server} did not answer its last calls; it is asked again every"
                f" {self._breaker.probe_s:.0f} seconds"
            )
        try:
            body, kind = self._calls.send(texts, seconds=seconds, setting=setting)
        except TransientError:
            self._breaker.failed()
            raise
        except PermanentError:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()
        return self._read(body, kind, len(texts))

    def _read(self, body: bytes, kind: str, count: int) -> "NDArray[np.float32]":
        wrong: PermanentError
        try:
            return read_vectors(body, kind, count=count, dimensions=self.dimensions)
        except OtherLength as fault:
            wrong = BadSettings(f"{self._server} {fault}, and {DIMENSIONS} is {self.dimensions}: set what it sends")
        except BadReply as fault:
            wrong = PermanentError(f"{self._server} {fault}: check {self._server.settings.url}, and its log")
        raise wrong


def _batches(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for at in range(0, len(texts), size):
        yield texts[at : at + size]
