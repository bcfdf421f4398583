"""
What the terminal costs: CPU seconds of `--help`, of a cold question, of a warm one.

Run by `make bench`; prints a table and judges nothing.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
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


def cpu_of(*arguments: str, data: str) -> float:
    """Return the median CPU seconds, user and system, of a command of ours."""
    environment = os.environ | {"FOOTNOTE_DATA_DIR": data, "OMP_NUM_THREADS": "1"}
    taken = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments], cwd=ROOT, env=environment, capture_output=True, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


def warm_question(data: str) -> float:
    """Return the median CPU seconds of a question that was not asked before, in a running process."""
    taken = []
    with open_footnote(Settings.load({"FOOTNOTE_DATA_DIR": data})) as footnote:
        footnote.ask(Question("What does the handbook say about holidays?", OPERATOR))
        for text in QUESTIONS:
            before = time.process_time()
            footnote.ask(Question(text, OPERATOR))
            taken.append(time.process_time() - before)
    return statistics.median(taken)


def main() -> None:
    """Ingest the demonstration into a folder of its own and measure."""
    with tempfile.TemporaryDirectory() as data:
        with open_footnote(Settings.load({"FOOTNOTE_DATA_DIR": data})) as footnote:
            footnote.add_base("demo", ROOT / "demo" / "documents", OPERATOR)
            footnote.sync("demo")
        print(f"{'footnote --help':<24}{cpu_of('--help', data=data):8.2f} s CPU   bar 0.3")
        print(f"{'cold footnote ask':<24}{cpu_of('ask', QUESTIONS[0], data=data):8.2f} s CPU   bar 3")
        print(f"{'warm question':<24}{warm_question(data):8.3f} s CPU   bar 0.3")


if __name__ == "__main__":
    main()
