"""
Real servers for tests: found by their address or started here, on free loopback ports in private folders.

A server is ended by its own pid; nothing else on the machine is touched.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest


START_SECONDS = 60
STOP_SECONDS = 20
INSTALL = "deploy/install-engines.sh installs it"
_POSTGRES_USER = "postgres"
_POSTGRES_FOLDERS = "/usr/lib/postgresql"


@dataclass(slots=True)
class Server:
    """
    A server that a test may kill, freeze and start again, always with the same folder and port.

    Attributes:
        url: its address.
        command: how it is started.
        ready: says whether it answers.
        environment: its environment.
        user: the account that it runs as; None for the caller's own.

    """

    url: str
    command: Sequence[str]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            user=self.user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            assert self._process.poll() is None, f"{self.command[0]} ended with {self._process.returncode}"
            assert time.monotonic() < deadline, f"{self.command[0]} does not answer"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once, as a loss of power would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Let it be silent: it holds its connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _signal(self, what: signal.Signals) -> None:
        assert self._process is not None, f"{self.command[0]} was not started"
        os.killpg(self._process.pid, what)


def redis_server(folder: Path, *options: str) -> Server:
    """Return a Redis with nothing in it, on disk only as the options say."""
    port = free_ports(1)[0]
    command = [_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no", *options]
    return Server(f"redis://127.0.0.1:{port}/0", command, lambda: _accepts(port), _clean_environment())


def postgres_server(folder: Path) -> Server:
    """
    Return a PostgreSQL with an empty database `footnote`; its superuser is `postgres`, without a password.

    It refuses to run as root, so root starts it as the account that its package made; that one
    must be able to reach the folder, whose path is short enough for a socket.
    """
    port = free_ports(1)[0]
    user = _POSTGRES_USER if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, environment = folder / "data", _clean_environment() | {"LC_ALL": "C.UTF-8"}
    init = [_postgres("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run(init, check=True, user=user, env=environment, cwd="/", stdout=subprocess.DEVNULL)
    command = [_postgres("postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
    command += ["-c", "listen_addresses=127.0.0.1"]
    psql = [_postgres("psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-qc"]

    def ready() -> bool:
        known = "SELECT 1 / count(*) FROM pg_database WHERE datname = 'footnote'"
        if _succeeds([*psql, known, "postgres"], environment):
            return True
        return _succeeds([*psql, "CREATE DATABASE footnote", "postgres"], environment)

    url = f"postgresql://postgres@127.0.0.1:{port}/footnote"
    return Server(url, command, ready, environment, user)


def weaviate_server(folder: Path, **variables: str) -> Server:
    """Return a Weaviate of one node without modules; its gRPC port stands in its address's query as `grpc`."""
    rest, grpc, gossip, data, raft, rpc = free_ports(6)
    environment = _clean_environment() | {
        "PERSISTENCE_DATA_PATH": str(folder),
        "ENABLE_MODULES": "",
        "AUTOSCHEMA_ENABLED": "false",
        "DISABLE_TELEMETRY": "true",
        "API_BASED_MODULES_DISABLED": "true",
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "true",
        "QUERY_BATCHED_CONTAINS_ENABLED": "true",
        "CLUSTER_HOSTNAME": "node1",
        "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
        "CLUSTER_GOSSIP_BIND_PORT": str(gossip),
        "CLUSTER_DATA_BIND_PORT": str(data),
        "RAFT_PORT": str(raft),
        "RAFT_INTERNAL_RPC_PORT": str(rpc),
        "GRPC_PORT": str(grpc),
        "GO_PROFILING_DISABLE": "true",
        "GOMEMLIMIT": "4GiB",
        "LOG_LEVEL": "error",
        **variables,
    }
    command = [_weaviate(), "--host", "127.0.0.1", "--port", str(rest), "--scheme", "http"]
    ready = f"http://127.0.0.1:{rest}/v1/.well-known/ready"
    return Server(f"http://127.0.0.1:{rest}?grpc={grpc}", command, lambda: _answers(ready), environment)


S3_KEY = ("footnote-tests", "key-of-the-tests")
"""Name and secret of the only key that the store of `s3_server` knows."""


def s3_server(folder: Path) -> Server:
    """Return an S3-compatible store with an empty bucket `footnote`, whose objects lie in the folder."""
    (folder / "objects" / "footnote").mkdir(parents=True)
    (folder / "attributes").mkdir()
    port = free_ports(1)[0]
    environment = _clean_environment() | {"ROOT_ACCESS_KEY": S3_KEY[0], "ROOT_SECRET_KEY": S3_KEY[1]}
    command = [_go_program("versitygw"), "--port", f"127.0.0.1:{port}", "--quiet", "posix"]
    # Attributes beside the files: not every file system of a test machine has room for them.
    command += ["--sidecar", str(folder / "attributes"), str(folder / "objects")]
    return Server(f"http://127.0.0.1:{port}", command, lambda: _accepts(port), environment)


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address that nobody uses now."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def missing(name: str) -> None:
    """Skip a test whose server is not installed, and say how to get it; with CI=true that is a failure."""
    message = f"{name} is not installed: {INSTALL}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def _program(name: str, *folders: str) -> str:
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        missing(name)
    return str(found)


def _postgres(name: str) -> str:
    versions = sorted(Path(_POSTGRES_FOLDERS).glob("*/bin"), key=lambda one: -float(one.parent.name))
    return _program(name, *(str(one) for one in versions))


def _weaviate() -> str:
    return _go_program("weaviate-server")


def _go_program(name: str) -> str:
    folders = [os.environ.get("GOBIN", ""), os.path.join(os.environ.get("GOPATH") or Path.home() / "go", "bin")]  # noqa: PTH118 - either may be text
    return _program(name, *(one for one in folders if one))


def _clean_environment() -> dict[str, str]:
    """Return the environment without what would steer a server."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    return subprocess.run(command, check=False, env=environment, capture_output=True).returncode == 0


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
