"""Blobs as objects of an S3-compatible store, each named after its hash. The only file that knows obstore."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from pipelines.adapters.folder_mark import MARK
from pipelines.errors import NotFound, StorageDamaged, TransientError


if TYPE_CHECKING:
    from obstore.store import S3Credential


_CONNECT_S = 5
_NAME = re.compile(r"[0-9a-f]{64}")
_REFUSED = "it refuses the key (FOOTNOTE_S3__ACCESS_KEY, FOOTNOTE_S3__SECRET_KEY)"
_ANSWERED = ("401", "403", "404")
"""What a listing is answered with where other calls have an exception of their own."""

_NOT_IMPLEMENTED = "501"
_PAUSE_S = 0.1
"""Before a store that failed for a moment is asked once more."""

_STATUS = re.compile(r"status code: (\d{3})")
_T = TypeVar("_T")


class S3Blobs:
    """
    `ports.blobs.BlobStore` in a bucket, the same for every machine that knows it.

    Each blob is one object, written by one request, so it is there whole or not at all. A
    request that ends with a fault of the server (5xx) or of the connection within half of
    its time is made once more, in the other half; a claim is not. Safe between threads; its
    clients must be made after a fork, not before.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str,
        region: str,
        access_key: str,
        secret_key: str,
        seconds: int,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Take the place; nothing is connected yet.

        Args:
            bucket: name of the bucket; it exists.
            prefix: what stands before each name, without `/` at either end; may be empty.
            endpoint: `http(s)://HOST:PORT` of the store.
            region: what requests are signed for.
            access_key: name of the key.
            secret_key: the key; it is never part of a message.
            seconds: longest time of one request, with its repetition.
            monotonic: seconds of a clock that never goes back.
            pause: waits for so many seconds before a request is made once more.

        """
        self._monotonic = monotonic
        self._pause = pause
        self._seconds = seconds
        self._host = urlsplit(endpoint).netloc
        self._place = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket = bucket

        def key() -> "S3Credential":
            return {"access_key_id": access_key, "secret_access_key": secret_key, "token": None, "expires_at": None}

        # The key as a provider, and the endpoint always named: the client would take what is missing from
        # variables of the environment that are not ours.
        def client(longest: float) -> S3Store:
            return S3Store(
                bucket,
                prefix=prefix or None,
                endpoint=endpoint,
                region=region,
                virtual_hosted_style_request=False,
                client_options={
                    "allow_http": endpoint.startswith("http://"),
                    # One that is excluded for this host: only so are the proxies of the environment left alone.
                    "proxy_url": "http://none.invalid",
                    "proxy_excludes": urlsplit(endpoint).hostname or "",
                    "connect_timeout": timedelta(seconds=min(_CONNECT_S, longest)),
                    "timeout": timedelta(seconds=longest),
                },
                retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=longest)},
                credential_provider=key,
            )

        self._store = client(seconds)
        # The client takes a time for all its requests, so the second ones have a client of their own.
        self._again = client(seconds / 2)

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their name; storing them again changes nothing."""
        name = hashlib.sha256(data).hexdigest()
        if not self.has(name):
            with self._faults(name, "written"):
                # One request: in parts, a killed writer would leave some behind that cost and nobody lists.
                self._twice(lambda store: obstore.put(store, _path(name), data, use_multipart=False))
        return name

    def get(self, name: str) -> bytes:
        """Return the bytes."""
        data = self._read(name)
        if data is None:
            raise NotFound(f"the stored file {self._shown(name)} is missing: sync the base again")
        if hashlib.sha256(data).hexdigest() != name:
            raise StorageDamaged(f"the stored file {self._shown(name)} is damaged: delete it and sync the base again")
        return data

    def has(self, name: str) -> bool:
        """Say whether a blob is there; its bytes are not looked at."""
        with self._faults(name, "looked for"):
            try:
                self._twice(lambda store: obstore.head(store, _path(name)))
            except FileNotFoundError:
                # Without a body, the answer does not tell a missing object from a missing bucket or key.
                return self._read(name) is not None
        return True

    def delete(self, name: str) -> None:
        """Remove a blob; one that is missing is no fault."""
        with self._faults(name, "deleted"):
            try:
                self._twice(lambda store: obstore.delete(store, _path(name)))
            except FileNotFoundError as fault:
                _require_no_object(fault)

    def names(self) -> Iterator[str]:
        """Yield the name of every blob, in any order; what else lies there is left out."""
        with self._faults("", "listed"):
            for path in self._paths():
                name = path.rpartition("/")[2]
                # Another installation may keep its blobs below a longer prefix.
                if _NAME.fullmatch(name) and path == _path(name):
                    yield name

    def remove_leftovers(self, before: float) -> None:
        """Do nothing: an object is there whole or not at all."""

    def owner(self) -> str | None:
        """Return the id of the installation that the place belongs to; None if none claimed it."""
        found = self._read(MARK)
        return None if found is None else found.decode(errors="replace").strip()

    def claim(self, installation: str) -> None:
        """Write the id, unless one is there."""
        with self._faults(MARK, "written"):
            try:
                obstore.put(self._store, MARK, installation.encode(), mode="create", use_multipart=False)
            except AlreadyExistsError:
                return
            except BaseError as fault:
                if _status(str(fault)) != _NOT_IMPLEMENTED:
                    raise
                # Without conditional writes the later of two claims at once stays. Whoever lost it is refused
                # before it tidies up, when all compare again.
                obstore.put(self._store, MARK, installation.encode(), use_multipart=False)

    def _shown(self, name: str) -> str:
        return f"{self._place}/{_path(name)}" if name else self._place

    def _read(self, name: str) -> bytes | None:
        """Return the bytes as they are stored; None if there is no such object."""
        with self._faults(name, "read"):
            try:
                return self._twice(lambda store: bytes(obstore.get(store, _path(name)).bytes()))
            except FileNotFoundError as fault:
                _require_no_object(fault)
                return None

    def _paths(self) -> Iterator[str]:
        """Yield the path of every object, in the order of their names."""
        last: str | None = None
        pages = obstore.list(self._store)

        def following(store: S3Store) -> list[str]:
            nonlocal pages
            if store is self._again:
                pages = obstore.list(store, offset=last)
            return [str(one["path"]) for one in next(pages, ())]

        while some := self._twice(following):
            last = some[-1]
            yield from some

    def _twice(self, ask: Callable[[S3Store], _T]) -> _T:
        """Return what is asked for, also where that fails once for a moment."""
        began = self._monotonic()
        try:
            return ask(self._store)
        except BaseError as fault:
            if not _passes(str(fault)) or self._monotonic() - began > self._seconds / 2 - _PAUSE_S:
                raise
        self._pause(_PAUSE_S)
        return ask(self._again)

    @contextmanager
    def _faults(self, name: str, done: str) -> Iterator[None]:
        """Turn the client's faults into ours; none of its words is passed on, for they may hold the key's name."""
        try:
            yield
        except FileNotFoundError:
            self._raise(name, done, self._unknown())
        except (PermissionDeniedError, UnauthenticatedError):
            self._raise(name, done, _REFUSED)
        except BaseError as fault:
            self._raise(name, done, self._reason(str(fault)))

    def _raise(self, name: str, done: str, reason: str) -> NoReturn:
        raise TransientError(f"{self._shown(name)} could not be {done} at {self._host}: {reason}") from None

    def _unknown(self) -> str:
        return f"it knows no bucket {self._bucket!r}, or not the key (FOOTNOTE_BLOBS, FOOTNOTE_S3__ACCESS_KEY)"

    def _reason(self, told: str) -> str:
        """Return in our words why a request failed."""
        if "TimedOut" in told:
            return f"no answer within {self._seconds} s (FOOTNOTE_S3__SECONDS)"
        if "Connect" in told:
            return "it cannot be reached (FOOTNOTE_S3__ENDPOINT)"
        if "redirect" in told:
            return "it sends us elsewhere, as a wrong region does (FOOTNOTE_S3__REGION, FOOTNOTE_S3__ENDPOINT)"
        status = _status(told)
        if status in _ANSWERED:
            return _REFUSED if status != "404" else self._unknown()
        answered = f"it answered with status {status}" if status else "its answer cannot be understood"
        return f"{answered} (FOOTNOTE_S3__ENDPOINT)"


def _require_no_object(fault: FileNotFoundError) -> None:
    """Raise again what says that more is missing than the object."""
    if "<Code>NoSuchKey</Code>" not in str(fault):
        raise fault


def _passes(told: str) -> bool:
    """Say whether a fault may be gone in a moment; a silence is waited for once."""
    status = _status(told)
    if status:
        return status.startswith("5") and status != _NOT_IMPLEMENTED
    return "HTTP error" in told and "TimedOut" not in told


def _status(told: str) -> str:
    """Return the HTTP status in the client's words; "" if there is none."""
    found = _STATUS.search(told)
    return found[1] if found else ""


def _path(name: str) -> str:
    """Return the object's name below the prefix, as in a folder: of a blob two digits, then all."""
    return name if name == MARK else f"{name[:2]}/{name}"
