"""Remembered answers in Redis."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from redis import Redis

from pipelines.adapters.redis_link import RedisLink


_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
_Result = TypeVar("_Result")


class RedisAnswerCache:
    """
    `ports.answer_cache.AnswerCache` over a Redis that may lose anything at any time.

    Every key has a time to live, so that a server may evict by its own policy.
    """

    def __init__(self, link: RedisLink, *, installation: str) -> None:
        """
        Take the link; the wiring closes it.

        Args:
            link: the Redis.
            installation: id that the names of all keys begin with.

        """
        self._link = link
        self._prefix = f"footnote:{installation}:answer:"

    def slot(self, key: str) -> "RedisAnswerSlot":
        """Return a slot."""
        return RedisAnswerSlot(self._link, self._prefix, key)

    def close(self) -> None:
        """Do nothing: the link is closed by who made it."""


class RedisAnswerSlot:
    """`ports.answer_cache.AnswerSlot` over one key of Redis, and beside it the key of who computes it."""

    def __init__(self, link: RedisLink, prefix: str, key: str) -> None:
        self._link = link
        self._key = key
        self._name = prefix + key
        self._right = f"{prefix}{key}:taken"
        self._token = secrets.token_hex(8)
        self._faulty = False

    @property
    def key(self) -> str:
        """Its key."""
        return self._key

    def get(self) -> bytes | None:
        """Return what is remembered."""
        found = self._call(lambda client: client.get(self._name), otherwise=None)
        return found if isinstance(found, bytes) else None

    def put(self, data: bytes, seconds: float) -> None:
        """Remember the bytes for some seconds."""
        self._call(lambda client: client.set(self._name, data, px=_milliseconds(seconds)), otherwise=None)

    def take(self, seconds: float) -> bool:
        """Take the right to compute the answer."""
        lasting = _milliseconds(seconds)

        def take(client: Redis) -> bool:
            return client.set(self._right, self._token, px=lasting, nx=True) is not None

        return self._call(take, otherwise=True)

    def taken(self) -> bool:
        """Say whether some slot holds that right."""
        return bool(self._call(lambda client: client.exists(self._right), otherwise=0))

    def release(self) -> None:
        """Give the right back, if this slot still holds it."""
        self._call(lambda client: client.eval(_RELEASE, 1, self._right, self._token), otherwise=None)

    def _call(self, do: Callable[[Redis], _Result], *, otherwise: _Result) -> _Result:
        """Return what a call returns; `otherwise` on a fault, and after the first one at once."""
        if self._faulty:
            return otherwise
        done = False

        def noted(client: Redis) -> _Result:
            nonlocal done
            result = do(client)
            done = True
            return result

        result = self._link.call(noted, otherwise)
        self._faulty = not done
        return result


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
