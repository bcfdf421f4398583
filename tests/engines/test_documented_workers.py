"""The commands that the documentation shows for servers, run against real ones."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.engines.celery_scene import WorkerProcess, wait_until
from tests.servers import redis_server


pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[2]
BLOCKS = re.compile(r"^```console servers\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHOWN = "redis://localhost:6379/0"


def commands(page: str) -> list[str]:
    """Return the commands of a page's consoles that need servers."""
    lines = [line for block in BLOCKS.findall((ROOT / page).read_text(encoding="utf-8")) for line in block.splitlines()]
    assert all(line.startswith("$ ") for line in lines), "a console shows commands only"
    return [line.removeprefix("$ ") for line in lines]


def test_every_console_is_run() -> None:
    """A page with commands for servers is one that this test runs."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "demo").rglob("*.md")]
    assert [str(one.relative_to(ROOT)) for one in pages if BLOCKS.search(one.read_text(encoding="utf-8"))] == [
        "docs/operator.md"
    ]


def test_the_commands_of_the_operator_work_in_their_order(tmp_path: Path) -> None:
    """Workers started as the page says do the sync that is left to them, and end when they are asked to."""
    shutil.copytree(ROOT / "demo" / "documents", tmp_path / "my-documents")
    env = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "HOME": str(tmp_path), "OMP_NUM_THREADS": "1", "FOOTNOTE_EMBEDDER": "none",
        "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    started: list[WorkerProcess] = []
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = redis_server(Path(folder))
        server.start()
        try:
            _run(["footnote", "kb", "add", "handbook", "my-documents"], tmp_path, env)
            for command in commands("docs/operator.md"):
                words = shlex.split(command.replace(SHOWN, server.url))
                if words[0] == "export":
                    name, _, value = words[1].partition("=")
                    env[name] = value
                elif words[0] == "celery":
                    started.append(_start(words, tmp_path, env, tmp_path / f"{words[3]}.log"))
                else:
                    _run(words, tmp_path, env)
            status = ["footnote", "kb", "status", "handbook", "--json"]
            wait_until(lambda: json.loads(_run(status, tmp_path, env))["version"] == 1, started[0].told)
            assert json.loads(_run(status, tmp_path, env))["every"] == "6h"
            assert [one.stop() for one in started] == [0, 0]
        finally:
            for one in started:
                one.kill()
            server.stop()


def _run(words: list[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def _start(words: list[str], folder: Path, env: dict[str, str], log: Path) -> WorkerProcess:
    with log.open("wb") as out:
        process = subprocess.Popen(words, cwd=folder, env=env, stdout=out, stderr=out, start_new_session=True)
    return WorkerProcess(process, log)
