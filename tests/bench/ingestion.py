"""
What ingestion costs: source characters per CPU second, beside LangChain and LlamaIndex with our embedder.

    python -m pip install --target /tmp/bench-peers langchain-community langchain-text-splitters llama-index-core
    BENCH_PEERS=/tmp/bench-peers python tests/bench/ingestion.py [--set NAME] [--rounds 3] [--every 8] [--share 1]

A real sync into an installation of its own beside the peers' loaders, splitters and
stores in memory, over the same files, with the same model and the same 64 texts a call.
The peers cut into chunks that are on average as long as ours, without overlap. All
engines take turns of two seconds, so that other work weighs on them alike, and each
counts the CPU time of its process and children. The model is really run for one call of
`--every`, and the rest computed from that; `--every 1` runs it for all.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.turns import in_turn


ENGINES = ("footnote", "LangChain", "LlamaIndex")
OURS = ENGINES[0]
BAR = 0.9
_SIZED_BY = 40
"""Files by which the peers' chunk size is found."""

_QUIET = {"HF_HUB_OFFLINE": "1", "LANGCHAIN_TRACING_V2": "false", "DO_NOT_TRACK": "1", "ANONYMIZED_TELEMETRY": "false"}


def command(engine: str, what: str, size: float, every: int, folder: Path) -> list[str]:
    """Return the command of one engine."""
    script = str(Path(__file__).with_name("ingestion_engines.py"))
    return [sys.executable, script, engine, what, str(size), str(every), str(folder)]


def environment() -> dict[str, str]:
    """Return the environment of the engines: one thread, and nobody is told anything."""
    return {**os.environ, **_QUIET, "OMP_NUM_THREADS": "1", "PYTHONPATH": sys.path[0]}


def answered(line: Sequence[str]) -> Any:
    """Return what a command answers."""
    return json.loads(subprocess.run(line, env=environment(), check=True, capture_output=True).stdout)


def sizes(engines: Sequence[str], folder: Path) -> dict[str, float]:
    """Return each peer's size setting that makes its chunks as long as ours on average, and print it."""
    files = sorted(folder.rglob("*.md"))
    with tempfile.TemporaryDirectory() as made:
        for number, file in enumerate(files[:: max(1, len(files) // _SIZED_BY)]):
            shutil.copy(file, Path(made, f"{number}.md"))
        mean = answered(command(OURS, "mean", 0, 0, Path(made)))
        found = {one: float(answered(command(one, "size", mean, 0, Path(made)))) for one in engines if one != OURS}
    told = ", ".join(f"{name} set to {size:.0f}" for name, size in found.items())
    print(f"chunks of {mean:.0f} characters on average; {told}")
    return {OURS: 0.0, **found}


def rounds(found: Mapping[str, float], what: str, every: int, folder: Path, count: int) -> dict[str, list[Any]]:
    """Return what each engine answers, so many times, with another one first each time."""
    answers: dict[str, list[Any]] = {one: [] for one in found}
    for number in range(count):
        order = list(found)[number % len(found) :] + list(found)[: number % len(found)]
        commands = {one: command(one, what, found[one], every, folder) for one in order}
        for one, told in in_turn(commands, environment()).items():
            answers[one].append(json.loads(told.splitlines()[-1]))
    return answers


def compare(characters: int, answers: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
    """Print what each engine did, and ours beside the faster peer."""
    speeds: dict[str, list[float]] = {}
    for name, runs in answers.items():
        speeds[name] = [characters / (one["without"] + one["embedding"]) for one in runs]
        middle = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
        cost = f"embedding {middle['embedding']:.1f} s ({middle['computed']:.0f} texts computed)"
        parts = f"{middle['chunks']:.0f} chunks, {cost}, the rest {middle['without']:.2f} s"
        print(f"  {name:10} {statistics.median(speeds[name]):8.0f} characters per CPU second; {parts}")
    if len(speeds) > 1:
        ratios = [ours / max(peers) for ours, *peers in zip(*speeds.values(), strict=True)]
        spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
        print(f"ours is {statistics.median(ratios):.2f} of the faster peer ({spread}); the bar is {BAR}")


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What ingestion costs.")
    parser.add_argument("--set", default="handbook18f", help="an evaluation set with Markdown files")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--every", type=int, default=8, help="run the model for one call of so many")
    parser.add_argument("--share", type=int, default=1, help="take one file of so many")
    options = parser.parse_args()
    source = Path(os.environ.get("FOOTNOTE_EVALDATA", "../shared/evaldata")) / options.set / "files"
    if not source.is_dir():
        print(f"no evaluation set {options.set} in {source.parent}: set FOOTNOTE_EVALDATA")
        return
    engines = ENGINES if os.environ.get("BENCH_PEERS") else (OURS,)
    if len(engines) == 1:
        print("without peers: install them as the head of this script says, and set BENCH_PEERS to their folder")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made, "files")
        for file in sorted(source.rglob("*.md"))[:: options.share]:
            copy = folder / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
        texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*.md")]
        print(f"{options.set}: {len(texts)} files, {sum(map(len, texts))} characters; machine load", *os.getloadavg())
        found = sizes(engines, folder)
        compare(sum(map(len, texts)), rounds(found, "ingest", options.every, folder, options.rounds))
        print("reading and cutting alone, CPU seconds:")
        for name, runs in rounds(found, "split", 0, folder, options.rounds).items():
            print(f"  {name:10} {statistics.median(runs):.2f}")


if __name__ == "__main__":
    main()
