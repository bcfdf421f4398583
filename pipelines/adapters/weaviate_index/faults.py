"""Weaviate's faults to ours. No message holds the key, or more of an address than host and port."""

from http import HTTPStatus

import grpc
import httpx

from pipelines.adapters.weaviate_index.server import WeaviateServer
from pipelines.errors import BadSettings, FootnoteError, PermanentError, StorageDamaged, TransientError


REBUILD = "delete it there and sync each base again, which builds it anew from the stored files"
"""The way out of every collection that cannot be used: it holds nothing that is nowhere else."""

_REASON_CHARACTERS = 200
_NO_COLLECTION = ("could not find class", "class not found", "no such class", "could not find collection")


class Unreachable(TransientError):
    """The server did not answer at all, or not in time."""


def damaged(server: WeaviateServer, collection: str, reason: str) -> StorageDamaged:
    """Return the error for a collection that is not what it must be, with the way out."""
    return StorageDamaged(
        f"the collection {collection} of Weaviate at {server.place} (WEAVIATE_URL) is no index that can be used"
        f" ({one_line(reason)}): {REBUILD}"
    )


def rpc_fault(error: grpc.RpcError, server: WeaviateServer, collection: str, seconds: float) -> FootnoteError:
    """Return the error for a gRPC call that failed; `seconds` is the time that it had."""
    code, details = error.code(), str(error.details() or "")
    if code == grpc.StatusCode.DEADLINE_EXCEEDED:
        return _too_slow(server, seconds)
    if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
        return Unreachable(
            f"Weaviate cannot be reached by gRPC at {server.grpc_target} ({one_line(details)}): check that it runs,"
            " WEAVIATE_URL and FOOTNOTE_WEAVIATE__GRPC_PORT"
        )
    if code == grpc.StatusCode.UNAUTHENTICATED:
        return refused_key(server)
    if code == grpc.StatusCode.PERMISSION_DENIED:
        return _forbidden(server)
    if any(words in details.lower() for words in _NO_COLLECTION):
        return damaged(server, collection, "it is gone")
    return _refused(server, details)


def rest_fault(error: httpx.HTTPError, server: WeaviateServer, seconds: float) -> FootnoteError:
    """Return the error for a REST call that got no answer."""
    if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
        return _too_slow(server, seconds)
    return Unreachable(
        f"Weaviate cannot be reached at {server.place} ({one_line(str(error)) or type(error).__name__}): check that it"
        " runs, and WEAVIATE_URL"
    )


def status_fault(answer: httpx.Response, server: WeaviateServer) -> FootnoteError:
    """Return the error for a REST answer that was not expected."""
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        return refused_key(server)
    if answer.status_code == HTTPStatus.FORBIDDEN:
        return _forbidden(server)
    if answer.status_code in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT):
        return Unreachable(
            f"Weaviate at {server.place} is not ready (HTTP {answer.status_code}): check that it runs, and WEAVIATE_URL"
        )
    return _refused(server, f"HTTP {answer.status_code}: {answer.text}")


def not_weaviate(server: WeaviateServer) -> BadSettings:
    """Return the error for an address where something else answers."""
    return BadSettings(f"what answers at {server.place} is no Weaviate: check WEAVIATE_URL")


def refused_key(server: WeaviateServer) -> BadSettings:
    """Return the error for a key that is wrong or missing."""
    if server.key is None:
        return BadSettings(f"Weaviate at {server.place} (WEAVIATE_URL) asks for a key: set WEAVIATE_API_KEY")
    return BadSettings(f"Weaviate at {server.place} (WEAVIATE_URL) refuses the key: check WEAVIATE_API_KEY")


def resting(server: WeaviateServer, probe_s: float) -> Unreachable:
    """Return the error for a call that is not made, since the last ones had no answer."""
    return Unreachable(
        f"Weaviate at {server.place} did not answer the last calls: check that it runs, and WEAVIATE_URL;"
        f" it is asked again every {probe_s:.0f} seconds"
    )


def one_line(reason: str) -> str:
    """Return a server's words on one line, cut to what a sentence can hold."""
    line = " ".join("".join(char if char.isprintable() else " " for char in reason).split())
    return line if len(line) <= _REASON_CHARACTERS else line[:_REASON_CHARACTERS] + "…"


def _too_slow(server: WeaviateServer, seconds: float) -> Unreachable:
    return Unreachable(
        f"Weaviate at {server.place} (WEAVIATE_URL) did not answer within {seconds:.3g} seconds: check that it runs and"
        " is not overloaded (FOOTNOTE_WEAVIATE__QUERY_SECONDS, FOOTNOTE_WEAVIATE__WRITE_SECONDS)"
    )


def _forbidden(server: WeaviateServer) -> PermanentError:
    return PermanentError(
        f"Weaviate at {server.place} (WEAVIATE_URL) does not let this key do that: give its user the right to make,"
        " read and write collections named Chunks_* (WEAVIATE_API_KEY)"
    )


def _refused(server: WeaviateServer, details: str) -> TransientError:
    return TransientError(f"Weaviate at {server.place} (WEAVIATE_URL) refused a call ({one_line(details)})")
