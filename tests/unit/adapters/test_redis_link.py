"""The link to a Redis that is not there: it costs little, tells no secret, and a fork begins anew."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from pipelines.adapters.breaker import FAULTS
from pipelines.adapters.redis_link import MAX_CONNECTIONS, RedisLink, redis_client
from tests.fakes.manual_clock import ManualClock
from tests.servers import free_ports


ROOT = Path(__file__).parents[3]


def link_to_nobody(clock: ManualClock | None = None) -> RedisLink:
    """Return a link to a port where nobody listens."""
    (port,) = free_ports(1)
    url = f"redis://:hunter2@127.0.0.1:{port}/0"
    return RedisLink(url, clock or ManualClock(), timeout_s=0.25, probe_s=2)


def ping(client: Redis) -> str:
    """Return what a server says."""
    return str(client.ping())


def test_a_fault_is_the_other_value() -> None:
    """A call that comes to nothing raises nothing, and is counted."""
    link = link_to_nobody()
    assert [link.call(ping, "away") for _ in range(3)] == ["away"] * 3
    assert link.faults == 3
    link.close()


def test_after_some_faults_nobody_waits(caplog: pytest.LogCaptureFixture) -> None:
    """The breaker opens, that is told once and without the password, and no call is made any longer."""
    link, calls = link_to_nobody(), 0

    def counted(client: Redis) -> str:
        nonlocal calls
        calls += 1
        return ping(client)

    with caplog.at_level(logging.DEBUG):
        assert [link.call(counted, "away") for _ in range(50)] == ["away"] * 50
    assert calls == FAULTS
    assert link.away
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert told == ["Redis does not answer (ConnectionError): going on without it"]
    assert "hunter2" not in caplog.text
    link.close()


def test_a_mistake_of_ours_is_not_hidden() -> None:
    """Only faults of the server and of the way to it are misses."""
    link = link_to_nobody()
    with pytest.raises(ZeroDivisionError):
        link.call(lambda _: str(1 // 0), "away")
    assert link.faults == 0
    link.close()


def test_the_client_repeats_nothing_and_waits_briefly() -> None:
    """The library's own time-outs, repetitions and greetings are all replaced."""
    client = redis_client("redis://127.0.0.1:1/3", timeout_s=0.25)
    pool = client.connection_pool
    made = pool.make_connection()
    assert (made.socket_timeout, made.socket_connect_timeout) == (0.25, 0.25)
    assert made.retry.get_retries() == 0
    assert (made.health_check_interval, made.protocol, made.driver_info, made.db) == (0, 2, None, 3)
    assert pool.max_connections == MAX_CONNECTIONS
    client.close()


def test_a_forked_process_judges_for_itself() -> None:
    """A breaker that is open in the parent, and a probe that runs there, are not the child's."""
    program = """
import os, sys
from pipelines.adapters.redis_link import RedisLink
from pipelines.adapters.system_clock import SystemClock

link = RedisLink("redis://127.0.0.1:" + sys.argv[1], SystemClock(), timeout_s=0.25, probe_s=60)
for _ in range(5):
    link.call(lambda client: client.ping(), None)
assert link.away
child = os.fork()
if child == 0:
    os._exit(int(link.away))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, str(free_ports(1)[0])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
