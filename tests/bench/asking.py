"""
What a question costs, from its text to its recorded answer with citations, and how much of that is embedding.

    python tests/bench/asking.py [--share 8] [--questions 60]

Real questions and sentences are asked of a synced part of an evaluation set, through the
whole graph with the real model, over SQLite; nothing is remembered from one to the next.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random


sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from numpy.typing import NDArray

from pipelines.adapters.onnx_embedder import OnnxEmbedder
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.bench.corpus import questions


SET = "handbook18f"


class CountingEmbedder(OnnxEmbedder):
    """The local model, with the CPU seconds and the texts that it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.cpu = 0.0
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return a vector for each text."""
        began = time.thread_time()
        made = super().embed(texts)
        self.cpu += time.thread_time() - began
        self.texts += len(texts)
        return made


class Asked(Footnote):
    """An installation with the counting embedder."""

    counting = CountingEmbedder()

    @property
    def embedder(self) -> CountingEmbedder:
        """The counting one."""
        return self.counting


def some_files(share: int, folder: Path) -> int:
    """Copy one file of so many; return their characters."""
    source = Path(os.environ.get("FOOTNOTE_EVALDATA", "../shared/evaldata")) / SET / "files"
    found = 0
    for number, file in enumerate(sorted(source.rglob("*.md"))[::share]):
        text = file.read_text(encoding="utf-8")
        found += len(text)
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    return found


def texts_to_ask(folder: Path, count: int) -> list[str]:
    """Return questions, half of them sentences that stand in the files."""
    lines = [line for file in folder.iterdir() for line in file.read_text(encoding="utf-8").splitlines()]
    sentences = [line for line in lines if 60 < len(line) < 160 and line.endswith(".") and line[0].isalpha()]
    return [*Random(7).sample(sentences, count // 2), *(one.text for one in questions(count - count // 2))]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description="What a question costs.")
    parser.add_argument("--share", type=int, default=8, help="take one file of so many")
    parser.add_argument("--questions", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        (home / "files").mkdir()
        if not some_files(options.share, home / "files"):
            print(f"no evaluation set {SET}: set FOOTNOTE_EVALDATA")
            return
        environ = {"FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_CACHE__ENABLED": "0"}
        with Asked(Settings.load(environ, env_file=None)) as footnote:
            footnote.add_base("bench", home / "files", OPERATOR)
            chunks = footnote.sync("bench").chunks_added
            texts = texts_to_ask(home / "files", options.questions)
            footnote.ask(Question(texts[0], OPERATOR))
            counting, wall, cpu, answered = footnote.counting, [], [], 0
            counting.cpu, counting.texts = 0.0, 0
            for text in texts:
                began, used = time.perf_counter(), time.process_time()
                answered += footnote.ask(Question(text, OPERATOR)).outcome is Outcome.ANSWER
                cpu.append((time.process_time() - used) * 1000)
                wall.append((time.perf_counter() - began) * 1000)
    print(f"{chunks} chunks, {len(texts)} questions, {answered} answered; machine load {os.getloadavg()[0]:.1f}")
    p95 = sorted(cpu)[int(len(cpu) * 0.95)]
    print(f"CPU ms a question: mean {statistics.fmean(cpu):.1f}, p50 {statistics.median(cpu):.1f}, p95 {p95:.1f}")
    share, mean = counting.cpu * 1000 / len(texts), counting.texts / len(texts)
    print(f"of which embedding {share:.1f} for {mean:.1f} texts; wall p50 {statistics.median(wall):.1f}")


if __name__ == "__main__":
    main()
