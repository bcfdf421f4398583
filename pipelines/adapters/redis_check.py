"""
Whether a Redis is fit for what it is set for: reachable, ours, and with the right policy of eviction.

One clear sentence each, which names the setting and never holds a password. Nothing is tried twice.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from pipelines.adapters.redis_link import redis_client
from pipelines.errors import BadSettings, TransientError


CACHE = "REDIS_URL"
BROKER = "FOOTNOTE_BROKER_URL"
_TIMEOUT_S = 2.0
_KEEPS_ALL = "noeviction"
_EVICTS = ("allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl")


def check_broker(url: str, installation: str, *, claim: bool) -> None:
    """
    Make sure that jobs may be sent through this Redis.

    Args:
        url: its address.
        installation: id of this installation.
        claim: write the id where there is none yet; a look that changes nothing leaves that.

    Raises:
        BadSettings: wrong password, database or protocol; another installation's; it may
            evict what is queued.
        TransientError: it does not answer.

    """
    with _server(BROKER, url) as client:
        memory = _info(client, "memory")
        _require_ours(client, BROKER, installation, claim=claim)
    policy = str(memory["maxmemory_policy"])
    if policy != _KEEPS_ALL:
        raise BadSettings(
            f"{BROKER}: the server at {_place(url)} may drop queued jobs (maxmemory-policy is {policy}):"
            f" set it to {_KEEPS_ALL} in redis.conf, or run CONFIG SET maxmemory-policy {_KEEPS_ALL}"
        )


def check_cache(url: str, broker_url: str) -> str | None:
    """
    Look at the Redis of remembered answers.

    Args:
        url: its address.
        broker_url: where jobs are sent; it may be another database of the same server.

    Returns:
        a warning for the operator; None if all is well.

    Raises:
        BadSettings: wrong password, database or protocol.
        TransientError: it does not answer.

    """
    with _server(CACHE, url) as client:
        memory, own = _info(client, "memory"), _info(client, "server")["run_id"]
    limit, policy = int(memory["maxmemory"]), str(memory["maxmemory_policy"])
    if own == _run_id(broker_url):
        # One server has one policy, and that of the queues counts; only a bound makes the cache their enemy.
        return (
            f"{CACHE}: the server at {_place(url)} holds the queues of jobs too, and once its maxmemory is reached"
            f" it takes no job: give {BROKER} a server of its own"
            if limit
            else None
        )
    if limit and policy in _EVICTS:
        return None
    return (
        f"{CACHE}: the server at {_place(url)} would grow without end (maxmemory is {limit}, maxmemory-policy"
        f" {policy}): set maxmemory 256mb and maxmemory-policy allkeys-lru"
    )


def _run_id(url: str) -> str:
    """Return the id of a running server; empty where it cannot be asked, which is told elsewhere."""
    try:
        with _server(BROKER, url) as client:
            return str(_info(client, "server")["run_id"])
    except (BadSettings, TransientError):
        return ""


def _require_ours(client: Redis, setting: str, installation: str, *, claim: bool) -> None:
    """Compare the id that is stored beside the queues; a flushed server has none and is given it again."""
    name = "footnote:installation"
    if claim:
        client.set(name, installation, nx=True)
    found = client.get(name)
    if isinstance(found, bytes) and found != installation.encode():
        raise BadSettings(
            f"{setting}: this database belongs to another installation of Footnote: choose another database number"
        )


@contextmanager
def _server(setting: str, url: str) -> Iterator[Redis]:
    """Yield a client of a server that answers; a fault becomes a sentence."""
    client = redis_client(url, timeout_s=_TIMEOUT_S)
    try:
        client.ping()
        if _info(client, "replication")["role"] != "master":
            raise BadSettings(f"{setting}: the server at {_place(url)} is a copy that takes no writes: name its master")
        yield client
    except (RedisError, OSError) as fault:
        raise _sentence(setting, url, fault) from None
    finally:
        client.connection_pool.disconnect()


def _sentence(setting: str, url: str, fault: Exception) -> BadSettings | TransientError:
    """Return what a person can do about a fault; its own text may hold what was sent."""
    place, secure, text = _place(url), urlsplit(url).scheme == "rediss", str(fault)
    if isinstance(fault, NoPermissionError):
        return BadSettings(f"{setting}: its user may not do what Footnote needs at {place}: allow it +@all ~* &*")
    if isinstance(fault, AuthenticationError):
        return BadSettings(f"{setting}: the server at {place} refuses the user or password of this address")
    if isinstance(fault, ResponseError) and ("DB index" in text or "SELECT" in text):
        number = urlsplit(url).path.removeprefix("/") or "0"
        return BadSettings(f"{setting}: the server at {place} has no database {number}: choose a lower number")
    if isinstance(fault, ssl.SSLError) or "SSL" in text or "certificate" in text:
        return BadSettings(
            f"{setting}: no TLS with {place}: check its certificate (?ssl_ca_certs=FILE), or write redis:// without TLS"
        )
    if isinstance(fault, ResponseError):
        return TransientError(f"{setting}: the server at {place} refuses what it is asked ({text.partition(' ')[0]})")
    other = "speaks no TLS, write redis://" if secure else "speaks TLS, write rediss://"
    return TransientError(f"{setting}: no Redis answers at {place}: start it, or correct the address; if it {other}")


def _info(client: Redis, section: Literal["memory", "replication", "server"]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = client.info(section)
    return found


def _place(url: str) -> str:
    """Return host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 6379}"
