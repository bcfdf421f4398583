"""
What the terminal costs: CPU seconds of `--help`, of a cold question, of a warm one, beside Python and Haystack.

    python tests/bench/terminal.py

The base is the demonstration's. Each figure is the median of several processes or, for
the warm question, of several questions in one process. It prints and judges nothing.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.settings import Settings
from pipelines.wiring import open_footnote


ROOT = Path(__file__).parents[2]
QUESTIONS = (
    "How many days of parental leave do I get?",
    "Who approves a purchase of 8,000 euros?",
    "What is the hotel limit in London?",
    "How do I report a lost laptop?",
    "How many days can I carry over?",
)
RUNS = 5
KEPT = ("PATH", "LANG", "SYSTEMROOT", "TMPDIR")


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a machine without settings, on one thread."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    ours = {"HOME": str(home), "FOOTNOTE_DATA_DIR": str(home / "data"), "PYTHONPATH": str(ROOT)}
    return kept | ours | {"OMP_NUM_THREADS": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}


def cpu_of(*arguments: str, home: Path) -> float:
    """Return the median CPU seconds, user and system, of a Python process that must succeed."""
    taken = []
    for _ in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=home, env=environment(home), stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    # The first one may have compiled modules.
    return statistics.median(taken[1:])


def warm_question(settings: Settings) -> float:
    """Return the median CPU seconds of a question that was not asked before, in a running process."""
    taken = []
    with open_footnote(settings) as footnote:
        footnote.ask(Question("What does the handbook say about holidays?", OPERATOR))
        for text in QUESTIONS:
            before = time.process_time()
            footnote.ask(Question(text, OPERATOR))
            taken.append(time.process_time() - before)
    return statistics.median(taken)


def show(figures: Mapping[str, float], bars: Mapping[str, float]) -> None:
    """Print each figure, its bar, and how often Python's own start goes into it."""
    start = figures["python -c pass"]
    for name, seconds in figures.items():
        bar = f"bar {bars[name]:g}" if name in bars else "peer"
        print(f"{name:<26}{seconds:7.3f} s CPU, {seconds / start:5.1f} times python -c pass, {bar}")


def main() -> None:
    """Ingest the demonstration into a folder of its own and measure."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        settings = Settings.load(environment(home), env_file=None)
        with open_footnote(settings) as footnote:
            footnote.add_base("demo", ROOT / "demo" / "documents", OPERATOR)
            footnote.sync("demo")
        print("machine load " + " ".join(f"{one:.2f}" for one in os.getloadavg()))
        figures = {
            "python -c pass": cpu_of("-c", "pass", home=home),
            "python -c import haystack": cpu_of("-c", "import haystack", home=home),
            "footnote --help": cpu_of("-m", "bot.cli", "--help", home=home),
            "cold footnote ask": cpu_of("-m", "bot.cli", "ask", QUESTIONS[0], home=home),
            "warm question": warm_question(settings),
        }
        show(figures, {"footnote --help": 0.3, "cold footnote ask": 3, "warm question": 0.3})


if __name__ == "__main__":
    main()
