"""
One server's two interfaces, each call with a deadline of its own, behind a breaker.

The client class of `weaviate-client` is not used: it repeats a call for half a minute
and cannot be told not to, and asks the package index for its newest version when it
connects. Its generated messages are the protocol.
"""

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from threading import Lock
from typing import Any

import grpc
import httpx
from weaviate.proto.v1 import (
    aggregate_pb2,
    base_pb2,
    batch_delete_pb2,
    batch_pb2,
    search_get_pb2,
    weaviate_pb2_grpc,
)

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.weaviate_index.faults import (
    Unreachable,
    not_weaviate,
    rest_fault,
    resting,
    rpc_fault,
    status_fault,
)
from pipelines.adapters.weaviate_index.server import WeaviateServer
from pipelines.errors import FootnoteError


PATCHES_AT_ONCE = 16
_MESSAGE_BYTES = 100 * 1024 * 1024
_RECONNECT_MS = 250
_CONNECT_MS = 3000
"""How long one attempt to connect may take; one that is refused does not wait for it."""
_OPTIONS = (
    ("grpc.max_send_message_length", _MESSAGE_BYTES),
    ("grpc.max_receive_message_length", _MESSAGE_BYTES),
    # Otherwise a server that is back is not looked for until two minutes have passed.
    ("grpc.initial_reconnect_backoff_ms", _RECONNECT_MS),
    ("grpc.min_reconnect_backoff_ms", _CONNECT_MS),
    ("grpc.max_reconnect_backoff_ms", 4 * _RECONNECT_MS),
    ("grpc.enable_http_proxy", 0),
)
_LEVELS = {
    "one": base_pb2.CONSISTENCY_LEVEL_ONE,
    "quorum": base_pb2.CONSISTENCY_LEVEL_QUORUM,
    "all": base_pb2.CONSISTENCY_LEVEL_ALL,
}


class Connection:
    """
    Calls to one collection's server. Safe between threads; each interface is opened by its first call.

    Every call raises errors of ours alone, after its deadline at the latest. A process
    that forks may have called `rest` and closed before, nothing else: gRPC's threads do
    not follow it.
    """

    def __init__(self, server: WeaviateServer, collection: str, monotonic: Callable[[], float]) -> None:
        self.server = server
        self.collection = collection
        self.level = _LEVELS[server.consistency]
        self._breaker = Breaker(monotonic)
        self._metadata = (("authorization", f"Bearer {server.key}"),) if server.key else None
        self._lock = Lock()
        self._channel: grpc.Channel | None = None
        self._stub: Any = None
        self._client: httpx.Client | None = None

    def new_search(self, *names: str, level: "base_pb2.ConsistencyLevel | None" = None) -> search_get_pb2.SearchRequest:
        """Return a search of the collection that brings these properties back and nothing else."""
        return search_get_pb2.SearchRequest(
            collection=self.collection,
            properties=search_get_pb2.PropertiesRequest(non_ref_properties=names),
            consistency_level=level or self.level,
            uses_123_api=True,
            uses_125_api=True,
            uses_127_api=True,
        )

    def search(
        self, requests: Sequence[search_get_pb2.SearchRequest], seconds: float
    ) -> list[search_get_pb2.SearchReply]:
        """Return the answers to searches that are made side by side, with so many seconds left of their time."""
        with self._answered(self.server.query_s):
            stub = self._rpc()
            *others, own = requests
            calls = [stub.Search.future(one, timeout=seconds, metadata=self._metadata) for one in others]
            try:
                # In this thread: cheaper than a second one that is waited for.
                reply = stub.Search(own, timeout=seconds, metadata=self._metadata)
                return [*(one.result() for one in calls), reply]
            finally:
                for one in calls:
                    one.cancel()

    def read(self, request: search_get_pb2.SearchRequest) -> search_get_pb2.SearchReply:
        """Return what a filter finds, for work that may take longer than a question."""
        reply: search_get_pb2.SearchReply = self._call("Search", request)
        return reply

    def aggregate(self, request: aggregate_pb2.AggregateRequest) -> aggregate_pb2.AggregateReply:
        """Return a count, or several."""
        reply: aggregate_pb2.AggregateReply = self._call("Aggregate", request)
        return reply

    def put(self, request: batch_pb2.BatchObjectsRequest) -> batch_pb2.BatchObjectsReply:
        """Write objects; the answer names those that were not written."""
        reply: batch_pb2.BatchObjectsReply = self._call("BatchObjects", request)
        return reply

    def delete(self, request: batch_delete_pb2.BatchDeleteRequest) -> batch_delete_pb2.BatchDeleteReply:
        """Delete objects; the answer says how many were found, and how many deleted."""
        reply: batch_delete_pb2.BatchDeleteReply = self._call("BatchDelete", request)
        return reply

    def rest(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        seconds: float,
        expected: Sequence[int] = (HTTPStatus.OK,),
    ) -> tuple[int, Any]:
        """Return status and JSON of a REST call; None for an answer without a body, or "not found"."""
        with self._answered(seconds):
            answer = self._http().request(method, path, json=body, timeout=seconds)
            if answer.status_code not in expected:
                raise status_fault(answer, self.server)
            if not answer.content or answer.status_code == HTTPStatus.NOT_FOUND:
                return answer.status_code, None
            try:
                return answer.status_code, answer.json()
            except ValueError:
                raise not_weaviate(self.server) from None

    def close(self) -> None:
        """Close what was opened. Closing again does nothing."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            if self._channel is not None:
                self._channel.close()
            self._client = self._channel = self._stub = None

    def _call(self, name: str, request: object) -> Any:  # noqa: ANN401 - each caller names its reply
        """Return the reply to one gRPC call that is not a question's."""
        seconds = self.server.write_s
        with self._answered(seconds):
            return getattr(self._rpc(), name)(request, timeout=seconds, metadata=self._metadata)

    @contextmanager
    def _answered(self, seconds: float) -> Iterator[None]:
        """Translate what goes wrong with a call, and let the breaker know."""
        if not self._breaker.admits():
            raise resting(self.server, self._breaker.probe_s)
        try:
            with self._translated(seconds):
                yield
        except Unreachable:
            self._breaker.failed()
            raise
        except FootnoteError:
            self._breaker.succeeded()
            raise
        self._breaker.succeeded()

    @contextmanager
    def _translated(self, seconds: float) -> Iterator[None]:
        try:
            yield
        except grpc.RpcError as error:
            raise rpc_fault(error, self.server, self.collection, seconds) from error
        except httpx.HTTPError as error:
            raise rest_fault(error, self.server, seconds) from error

    def _rpc(self) -> Any:  # noqa: ANN401 - generated code without types
        with self._lock:
            if self._stub is None:
                self._channel = self._new_channel()
                self._stub = weaviate_pb2_grpc.WeaviateStub(self._channel)  # type: ignore[no-untyped-call]  # generated
            return self._stub

    def _http(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                self._client = self._new_client()
            return self._client

    def _new_channel(self) -> grpc.Channel:
        target = self.server.grpc_target
        if not self.server.encrypts_grpc:
            return grpc.insecure_channel(target, options=_OPTIONS)
        signers = self.server.ca_file.read_bytes() if self.server.ca_file else None
        return grpc.secure_channel(target, grpc.ssl_channel_credentials(signers), options=_OPTIONS)

    def _new_client(self) -> httpx.Client:
        ca_file = self.server.ca_file
        return httpx.Client(
            base_url=self.server.rest_address,
            headers=dict(self._metadata or ()),
            limits=httpx.Limits(max_connections=PATCHES_AT_ONCE, max_keepalive_connections=PATCHES_AT_ONCE),
            verify=ssl.create_default_context(cafile=str(ca_file)) if ca_file else True,
            trust_env=False,
        )
