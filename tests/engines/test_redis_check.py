"""What is said of a Redis that cannot be used as it is: one sentence, the setting, the way out, no password."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
import redis

from pipelines.adapters.redis_check import check_broker, check_cache
from pipelines.errors import BadSettings, FootnoteError, TransientError
from tests.servers import free_ports, redis_server


pytestmark = pytest.mark.engines
OURS = "a" * 32


@contextmanager
def running(*options: str) -> Iterator[str]:
    """Yield the address of a server with these options."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = redis_server(Path(folder), *options)
        server.start()
        yield server.url
        server.stop()


def refused(url: str, kind: type[FootnoteError] = BadSettings) -> str:
    """Return the sentence with which a broker is refused."""
    with pytest.raises(kind) as caught:
        check_broker(url, OURS, claim=False)
    message = str(caught.value)
    assert message.startswith("FOOTNOTE_BROKER_URL: ")
    assert "hunter2" not in message
    assert caught.value.__cause__ is None
    return message


def test_a_plain_redis_holds_both(redis_url: str) -> None:
    """A server without a bound, as it is installed, may hold queues and answers in two databases."""
    broker = redis_url.removesuffix("0") + "1"
    check_broker(broker, OURS, claim=False)
    assert check_cache(redis_url, broker) is None


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-lru", "allkeys-random"])
def test_a_broker_that_evicts_is_refused(policy: str) -> None:
    """The policy, the setting of the server and both ways to change it are named."""
    with running("--maxmemory-policy", policy) as url:
        message = refused(url)
        assert f"maxmemory-policy is {policy}" in message
        assert "set it to noeviction in redis.conf, or run CONFIG SET maxmemory-policy noeviction" in message
        client = redis.Redis.from_url(url)
        client.config_set("maxmemory-policy", "noeviction")
        client.close()
        check_broker(url, OURS, claim=False)


def test_a_cache_without_bound_beside_its_broker_is_warned_of(redis_url: str) -> None:
    """A server for answers alone should have a bound and forget the oldest; with both there is nothing to say."""
    with running() as url:
        assert "set maxmemory 256mb and maxmemory-policy allkeys-lru" in (check_cache(url, redis_url) or "")
    with running("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru") as url:
        assert check_cache(url, redis_url) is None


def test_a_bound_that_both_share_is_warned_of() -> None:
    """Where queues and answers share a server with a bound, answers would one day stop the jobs."""
    with running("--maxmemory", "64mb") as url:
        warning = check_cache(url, url.removesuffix("0") + "1")
    assert warning is not None
    assert "give FOOTNOTE_BROKER_URL a server of its own" in warning


def test_a_wrong_password_is_told() -> None:
    """With none, a wrong one, and one where none is set."""
    with running("--requirepass", "right") as url:
        assert "refuses the user or password" in refused(url)
        assert "refuses the user or password" in refused(url.replace("//", "//:hunter2@"))
        check_broker(url.replace("//", "//:right@"), OURS, claim=False)
    with running() as url:
        assert "refuses the user or password" in refused(url.replace("//", "//:hunter2@"))


def test_a_user_without_rights_is_told() -> None:
    """A user who may log in and do nothing."""
    with running() as url:
        client = redis.Redis.from_url(url)
        client.acl_setuser("little", enabled=True, passwords=["+hunter2"], commands=["+ping"])
        client.close()
        assert "its user may not do what Footnote needs" in refused(url.replace("//", "//little:hunter2@"))


def test_a_database_that_is_not_there_is_told() -> None:
    """The number of the address is named."""
    with running("--databases", "4") as url:
        assert "has no database 7: choose a lower number" in refused(url.removesuffix("0") + "7")


def test_a_server_that_is_not_there_is_told() -> None:
    """It may come back: that is no fault of the settings."""
    (port,) = free_ports(1)
    message = refused(f"redis://:hunter2@127.0.0.1:{port}/0", TransientError)
    assert f"no Redis answers at 127.0.0.1:{port}" in message


def test_a_copy_is_refused(redis_url: str) -> None:
    """A replica takes no writes; its master is to be named."""
    with running("--replicaof", f"127.0.0.1 {urlsplit(redis_url).port}") as url:
        assert "is a copy that takes no writes: name its master" in refused(url)


def test_another_installations_queues_are_refused() -> None:
    """Two installations must not take each other's jobs; after a flush the first to claim has it."""
    with running() as url:
        check_broker(url, OURS, claim=True)
        check_broker(url, OURS, claim=True)
        for claim in (True, False):
            with pytest.raises(BadSettings, match="belongs to another installation of Footnote"):
                check_broker(url, "b" * 32, claim=claim)
        client = redis.Redis.from_url(url)
        client.flushall()
        client.close()
        check_broker(url, "b" * 32, claim=False)
        check_broker(url, OURS, claim=True)


def test_a_look_writes_nothing() -> None:
    """Without a claim the server is left as it was."""
    with running() as url:
        check_broker(url, OURS, claim=False)
        check_cache(url, url)
        client = redis.Redis.from_url(url)
        assert client.dbsize() == 0
        client.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate of its own making for the loopback address."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key"), "-out", str(folder / "cert")]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


def test_tls_is_used_and_its_faults_are_told(certificate: Path) -> None:
    """A certificate that we know is accepted; one that we do not know, and no TLS where there is some, are told."""
    (port,) = free_ports(1)
    cert, key = str(certificate / "cert"), str(certificate / "key")
    options = ["--tls-port", str(port), "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert]
    with running(*options, "--tls-auth-clients", "no"):
        check_broker(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={cert}", OURS, claim=False)
        assert "check its certificate (?ssl_ca_certs=FILE)" in refused(f"rediss://127.0.0.1:{port}/0")
        assert "write rediss://" in refused(f"redis://127.0.0.1:{port}/0", TransientError)


def test_a_server_without_tls_is_told(redis_url: str) -> None:
    """An address with TLS for a server without."""
    port = urlsplit(redis_url).port
    assert "write redis://" in refused(f"rediss://127.0.0.1:{port}/0", TransientError)
