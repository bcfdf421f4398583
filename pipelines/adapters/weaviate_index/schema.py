"""The collection: its name, its form, and the check that a collection on the server is the one that is wanted."""

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.faults import damaged, not_weaviate
from pipelines.adapters.weaviate_index.server import WeaviateServer
from pipelines.domain.index_identity import IndexIdentity


SCHEMA_VERSION = 1
PARTS = 65_536
"""Values of `part`: each row has one, spread evenly, so that a base can be read in pieces."""

_PREFIX = "Chunks_"
_NAME_DIGITS = 24
_MARK = "footnote"
_BM25 = {"k1": 0.6, "b": 0.75}
"""A word counts soon as much as it ever does: what a double weight inside the saturation would do at k1 1.2."""

_READY = "/v1/.well-known/ready"
_NO_SUCH_PAGE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
_RQ_BITS = {"rq8": 8, "rq1": 1}


def collection_name(identity: IndexIdentity) -> str:
    """Return the name of a generation's collection: one for each installation, embedder and analyser."""
    joined = json.dumps(sorted(identity.as_rows().items()))
    return _PREFIX + hashlib.sha256(joined.encode()).hexdigest()[:_NAME_DIGITS]


def prepare(connection: Connection, identity: IndexIdentity) -> None:
    """
    Make the collection, or check that the one of this name is the one that is wanted.

    Raises:
        StorageDamaged: made by another program, another release or another installation, or changed since.

    """
    found = _found(connection)
    if found is None:
        body = collection_form(connection.collection, identity, connection.server)
        # Another process may be faster: then this is refused, and the other's is found.
        accepted = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY, *_NO_SUCH_PAGE)
        status, answer = connection.rest(
            "POST", "/v1/schema", body, seconds=connection.server.write_s, expected=accepted
        )
        if status in _NO_SUCH_PAGE:
            raise not_weaviate(connection.server)
        found = _found(connection)
        if found is None:
            raise damaged(connection.server, connection.collection, f"it could not be made: {_words(answer)}")
    _require_wanted(connection, found, identity)


def look(connection: Connection, identity: IndexIdentity) -> bool:
    """
    Look whether the server is ready, and the collection the one that is wanted; say if it is there. Nothing is made.

    Raises:
        StorageDamaged: as `prepare`.

    """
    accepted = (HTTPStatus.OK, *_NO_SUCH_PAGE)
    status, _ = connection.rest("GET", _READY, seconds=connection.server.query_s, expected=accepted)
    if status in _NO_SUCH_PAGE:
        raise not_weaviate(connection.server)
    found = _found(connection)
    if found is not None:
        _require_wanted(connection, found, identity)
    return found is not None


def generations(connection: Connection, installation: str) -> list[str]:
    """Return the names of all collections of this installation, whatever embedder or analyser made them."""
    _, answer = connection.rest("GET", "/v1/schema", seconds=connection.server.write_s)
    every = answer.get("classes") or [] if isinstance(answer, dict) else []
    return [one["class"] for one in every if _identity(one).get("installation") == installation]


def delete_collection(connection: Connection, name: str) -> None:
    """Delete a collection with its rows; one that is gone is no fault."""
    connection.rest("DELETE", f"/v1/schema/{name}", seconds=connection.server.write_s)


def collection_form(name: str, identity: IndexIdentity, server: WeaviateServer) -> dict[str, Any]:
    """Return the collection as it is made. Nothing is left to a default that rights or ranking depend on."""
    return {
        "class": name,
        "description": json.dumps({_MARK: SCHEMA_VERSION, **identity.as_rows()}),
        "vectorizer": "none",
        "vectorIndexType": "hnsw",
        "vectorIndexConfig": _vector_index(identity, server),
        "invertedIndexConfig": {"bm25": _BM25, "stopwords": {"preset": "none"}},
        "replicationConfig": {"factor": server.replicas},
        "properties": [{"name": name, **form} for name, form in _PROPERTIES.items()],
    }


def _vector_index(identity: IndexIdentity, server: WeaviateServer) -> dict[str, Any]:
    if identity.embedder is None:
        return {"distance": "cosine", "skip": True}
    bits = _RQ_BITS.get(server.quantisation)
    return {"distance": "cosine", **({"rq": {"enabled": True, "bits": bits}} if bits else {})}


def _text(tokenization: str, *, searched: bool) -> dict[str, Any]:
    return {
        "dataType": ["text"],
        "tokenization": tokenization,
        "indexFilterable": not searched,
        "indexSearchable": searched,
        "indexRangeFilters": False,
    }


def _number(*, ranges: bool = False) -> dict[str, Any]:
    return {
        "dataType": ["int"],
        "indexFilterable": not ranges,
        "indexSearchable": False,
        "indexRangeFilters": ranges,
    }


_PROPERTIES: Mapping[str, dict[str, Any]] = {
    "chunk": _text("field", searched=False),
    "kb": _number(),
    "scope": _text("field", searched=False),
    "added_in": _number(),
    "removed_in": _number(),
    "part": _number(ranges=True),
    "terms": _text("whitespace", searched=True),
}
"""Name -> form. `scope` is the base and its rule in one, so that a rule counts in its own base only."""


def _found(connection: Connection) -> dict[str, Any] | None:
    """Return the collection as the server describes it; None if there is none."""
    accepted = (HTTPStatus.OK, HTTPStatus.NOT_FOUND)
    path = f"/v1/schema/{connection.collection}"
    status, answer = connection.rest("GET", path, seconds=connection.server.query_s, expected=accepted)
    if status == HTTPStatus.NOT_FOUND:
        return None
    if not isinstance(answer, dict) or "class" not in answer:
        raise not_weaviate(connection.server)
    return answer


def _require_wanted(connection: Connection, found: Mapping[str, Any], identity: IndexIdentity) -> None:
    reason = _difference(found, identity, connection.server)
    if reason:
        raise damaged(connection.server, connection.collection, reason)


def _identity(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a collection says of itself; nothing if it is not one of ours."""
    try:
        told = json.loads(found.get("description") or "")
    except ValueError:
        return {}
    return told if isinstance(told, dict) and _MARK in told else {}


def _difference(found: Mapping[str, Any], identity: IndexIdentity, server: WeaviateServer) -> str:
    """Return why a collection is not the one that is wanted; nothing if it is."""
    told = _identity(found)
    if not told:
        return "it was not made by Footnote"
    if told[_MARK] != SCHEMA_VERSION:
        return f"its form has version {told[_MARK]}, which another release wrote; this one knows {SCHEMA_VERSION}"
    wanted = identity.as_rows()
    if told.get("installation") != wanted["installation"]:
        return "it belongs to another installation than the records"
    for name, value in wanted.items():
        if told.get(name) != value:
            return f"its {name} is {told.get(name)}, not {value}"
    return _changed_form(found, collection_form("", identity, server))


def _changed_form(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Return which part of the form somebody changed: rights and ranking depend on it."""
    forms = {one["name"]: one for one in found.get("properties") or []}
    for name, form in _PROPERTIES.items():
        for key, value in form.items():
            if forms.get(name, {}).get(key) != value:
                return f"its property {name} is not what was made: {key} is {forms.get(name, {}).get(key)}"
    bm25 = (found.get("invertedIndexConfig") or {}).get("bm25")
    if bm25 != _BM25:
        return f"its BM25 is {bm25}"
    distance = (found.get("vectorIndexConfig") or {}).get("distance")
    if distance != wanted["vectorIndexConfig"]["distance"]:
        return f"its distance is {distance}"
    return ""


def _words(answer: object) -> str:
    """Return the words of an error in Weaviate's form."""
    errors = answer.get("error") if isinstance(answer, dict) else None
    return "; ".join(str(one.get("message", "")) for one in errors or [] if isinstance(one, dict)) or "no reason given"
