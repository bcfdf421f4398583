"""How Celery's workers are set up. What that means for real ones is told in tests/engines."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from celery.bootsteps import StartStopStep

from pipelines.adapters.celery_queue import LOOK_EXPIRES_S, VISIBILITY_S
from pipelines.domain.job_kinds import QUEUES
from workers.application import make_app
from workers.configuration import HARD_LIMIT_S, LOOK_S, SOFT_LIMIT_S, worker_settings
from workers.replacing import LOOK_AFTER_S, Replacing
from workers.stopping import StopFlag


def test_limits_leave_room_for_each_other() -> None:
    """A look ends before it is told to, that before it is killed, and that before its message goes to another."""
    assert LOOK_S < SOFT_LIMIT_S < HARD_LIMIT_S < VISIBILITY_S


def test_the_visibility_timeout_is_the_same_in_all_places() -> None:
    """Of all of them the shortest counts."""
    settings = worker_settings("redis://localhost/0", tick_s=30)
    places = (settings, settings["broker_transport_options"], settings["result_backend_transport_options"])
    assert {one["visibility_timeout"] for one in places} == {VISIBILITY_S}


def test_every_task_expires_and_stores_nothing() -> None:
    """A word that nobody took in time is worth nothing."""
    settings = worker_settings("redis://localhost/0", tick_s=30)
    app = make_app(configuration=lambda: settings)
    tasks = {name: task for name, task in app.tasks.items() if name.startswith("footnote.")}
    assert {name: task.expires for name, task in tasks.items()} == {
        "footnote.look": LOOK_EXPIRES_S,
        "footnote.tick": LOOK_EXPIRES_S,
    }
    assert all(entry["options"]["expires"] <= 30 for entry in settings["beat_schedule"].values())
    assert (settings["task_ignore_result"], settings["accept_content"]) == (True, ["json"])
    assert set(settings["task_queues"]) == set(QUEUES)


def test_the_wish_to_end_is_seen_by_forked_processes() -> None:
    """A pool's processes were forked before it came."""
    code = (
        "import os\nfrom workers.stopping import StopFlag\nflag = StopFlag()\nread, write = os.pipe()\n"
        "if os.fork() == 0:\n    os.read(read, 1)\n    os._exit(0 if flag.is_set() else 1)\n"
        "assert not flag.is_set()\nflag.set()\nos.write(write, b'x')\nassert os.wait()[1] == 0\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert not StopFlag().is_set()


def test_a_dead_process_is_looked_for_often() -> None:
    """The step is one that Celery tells of its event loop, and has the pool look after its processes."""
    app = make_app(configuration=lambda: worker_settings("redis://localhost/0", tick_s=30))
    assert Replacing in app.steps["worker"]
    assert issubclass(Replacing, StartStopStep)
    asked: list[str] = []
    calls: list[tuple[float, Any]] = []
    worker = SimpleNamespace(pool=SimpleNamespace(maintain_pool=lambda: asked.append("maintain")))
    hub = SimpleNamespace(call_repeatedly=lambda seconds, call: calls.append((seconds, call)))
    Replacing(worker).register_with_event_loop(worker, hub)
    ((seconds, call),) = calls
    call()
    assert (seconds, asked) == (LOOK_AFTER_S, ["maintain"])


@pytest.mark.parametrize("module", ["workers.app", "pipelines.adapters.celery_queue"])
def test_importing_opens_nothing_and_reads_no_setting(module: str) -> None:
    """Neither a broken setting nor a missing server is noticed before a worker starts."""
    code = (
        "import socket, sys\n"
        "def refuse(*_, **__): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        f"import {module}\n"
    )
    environ = {"FOOTNOTE_BROKER_URL": "nonsense", "FOOTNOTE_DATA_DIR": "", "PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environ).returncode == 0


def test_celery_is_loaded_by_workers_and_the_queue_alone() -> None:
    """A terminal without a broker never pays for it."""
    code = "import sys, bot.cli.terminal, pipelines.job_wiring, pipelines.wiring\nassert 'celery' not in sys.modules"
    environ = {"PYTHONPATH": ":".join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=environ).returncode == 0
