"""llama.cpp's own server, with whatever model a file holds. An open server that is not of our making."""

import importlib.util
import os
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.servers import Server, free_ports


KEY = "key-of-llama"
HOW_TO_GET_IT = "llama.cpp's server is not installed: pip install xllamacpp (100 MB, for tests alone)"
_CHILD = Path(__file__).parent / "engines" / "llama_child.py"


def is_installed() -> bool:
    """Say whether there is a server to start."""
    return importlib.util.find_spec("xllamacpp") is not None


def llama_server(model: Path, *, name: str, context: int, threads: int = 1) -> Server:
    """
    Return the server with one place for calls; its key is `KEY`.

    Args:
        model: a GGUF file.
        name: under which it is asked for.
        context: tokens of prompt and reply together.
        threads: of the machine, at most.

    """
    (port,) = free_ports(1)
    command = [sys.executable, str(_CHILD), str(model), str(port), name, KEY, str(context), str(threads)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    return Server(f"http://127.0.0.1:{port}/v1", command, lambda: _is_ready(port), environment)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
