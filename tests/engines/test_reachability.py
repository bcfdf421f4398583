"""`footnote doctor` beside a real server."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.machine import Machine


pytestmark = pytest.mark.engines
SERVER = shutil.which("redis-server")
START_SECONDS = 20


@pytest.fixture
def redis_port(tmp_path: Path) -> Iterator[int]:
    """Port of a Redis of its own on the loopback address."""
    if SERVER is None:
        pytest.skip("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path), "--save", "", "--appendonly", "no"]
    with subprocess.Popen([SERVER, *options], stdout=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + START_SECONDS
        while not _accepts(port):
            assert server.poll() is None, "redis-server ended"
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.05)
        yield port
        server.terminate()


def _accepts(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _told(machine: Machine, address: str) -> str:
    (machine.home / ".env").write_text(f"REDIS_URL={address}\n", encoding="utf-8")
    checks = machine.json("doctor")["checks"]
    return next(str(one["message"]) for one in checks if one["name"] == "REDIS_URL")


def test_doctor_tells_whether_a_server_answers(tmp_path: Path, redis_port: int) -> None:
    """An address that accepts connections is told from one that does not, without its password."""
    machine = Machine(tmp_path)
    running = _told(machine, f"redis://:secret@127.0.0.1:{redis_port}/0")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        silent = _told(machine, f"redis://:secret@127.0.0.1:{taken.getsockname()[1]}/0")
    assert "does not answer" not in running
    assert "does not answer" in silent
    assert "secret" not in running + silent
