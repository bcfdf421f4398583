"""llama.cpp's own server in a process of its own: `llama_child.py MODEL PORT NAME KEY CONTEXT THREADS`."""

import signal
import sys
from collections.abc import Sequence
from importlib import import_module


def main(arguments: Sequence[str]) -> None:
    """Serve until a signal comes."""
    model, port, name, key, context, threads = arguments
    llama = import_module("xllamacpp")
    wanted = llama.CommonParams()
    wanted.model.path = model
    wanted.model_alias = {name}
    wanted.hostnames = ["127.0.0.1"]
    wanted.port = int(port)
    wanted.api_keys = [key]
    wanted.n_ctx = int(context)
    wanted.n_parallel = 1
    wanted.cpuparams.n_threads = int(threads)
    wanted.n_threads_http = 4
    wanted.warmup = False
    wanted.ui = False
    serving = llama.Server(wanted)
    signal.pause()
    del serving


if __name__ == "__main__":
    main(sys.argv[1:])
