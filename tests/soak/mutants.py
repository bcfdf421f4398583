"""
Ten and more small faults, put one by one into a copy of the sync: the sync machine must find every one.

    python tests/soak/mutants.py [--cases 200] [--steps 40] [NAME…]

The working tree is not touched. Each fault is a line of the source and what it becomes;
one that is not there any more ends the run. Exit status 0: the untouched copy passes,
and each mutant was found.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


ROOT = Path(__file__).parents[2]
COPIED = ("bot", "pipelines", "workers", "tests", "pyproject.toml")
FAILED = "Failing test case"
"""What Hypothesis says of a case that broke a promise; a copy that does not run at all says something else."""

SCRIPT = """
import sys
from pathlib import Path
import pipelines
from tests.soak.running import run_machine
from tests.soak.places import in_files
assert Path(pipelines.__file__).is_relative_to(sys.argv[1]), pipelines.__file__
run_machine(in_files(Path(sys.argv[2])), cases=int(sys.argv[3]), steps=int(sys.argv[4]))
"""


@dataclass(frozen=True)
class Mutant:
    """
    A fault.

    Attributes:
        name: what it does.
        file: where, from the root of the repository.
        line: what stands there, once.
        becomes: what it is replaced by.

    """

    name: str
    file: str
    line: str
    becomes: str


SYNC, LEDGER = "pipelines/ingestion/sync.py", "pipelines/adapters/records/ledger.py"
MUTANTS = (
    Mutant(
        "no trace of a sync that began: what it left is not swept",
        SYNC,
        "        self._sweep(lease)\n",
        "",
    ),
    Mutant(
        "removed_in of a life that is replaced is not written",
        LEDGER,
        "c.execute(dv.update().where(dv.c.id == one.previous).values(removed_in=version))",
        "pass",
    ),
    Mutant(
        "a rule that changed is not written to rows whose text did not",
        "pipelines/ingestion/staging.py",
        "if (one.passage.chunk_id, rule, one.search_hash) not in living)",
        "if (one.passage.chunk_id, one.search_hash) not in {(each[0], each[2]) for each in living})",
    ),
    Mutant(
        "a version is promoted before its last part is done",
        "pipelines/ingestion/parted.py",
        "        while self._records.open(self._lease):\n",
        "        while self._records.open(self._lease) > 1:\n",
    ),
    Mutant(
        "the index is swept of another version",
        SYNC,
        "            self._parts.index.sweep(self._base.id, version)\n",
        "            self._parts.index.sweep(self._base.id, version - 1)\n",
    ),
    Mutant(
        "a base that is rolled back keeps showing newer rows",
        "pipelines/adapters/records/lives.py",
        "(table.c.kb == kb) & (table.c.added_in <= version) & (table.c.removed_in > version)",
        "(table.c.kb == kb) & (table.c.removed_in > version)",
    ),
    Mutant(
        "a change of metadata alone is not stored",
        "pipelines/ingestion/staging.py",
        "        self._waiting.append(new)\n",
        "        if new.previous and not new.new_chunks() and not new.ended_chunks():\n"
        "            return\n"
        "        self._waiting.append(new)\n",
    ),
    Mutant(
        "a document that was renamed keeps its old place",
        "pipelines/ingestion/lives.py",
        "            path=planned.path,\n",
        "            path=previous.path if previous else planned.path,\n",
    ),
    Mutant(
        "a vacuum deletes the version that is pinned",
        "pipelines/adapters/records/retention.py",
        "oldest_kept(promoted, active, ",
        "oldest_kept(promoted, 0, ",
    ),
    Mutant(
        "what a part did is counted twice",
        "pipelines/adapters/records/parts.py",
        "row[name] + getattr(step, name) for name in COUNTS",
        "row[name] + 2 * getattr(step, name) for name in COUNTS",
    ),
    Mutant(
        "rows of a document that was deleted do not end",
        LEDGER,
        "c.execute(chunks.update().where(of_document, chunks.c.added_in < version).values(removed_in=version))",
        "pass",
    ),
    Mutant(
        "parts that were planned under other rules are gone on with",
        SYNC,
        "        return plan if self._look.rules_hold() else None\n",
        "        return plan\n",
    ),
    Mutant(
        "a sync that is asked for between two parts is forgotten",
        "pipelines/adapters/records/plans.py",
        "    c.execute(t.sync_plans.update().where(t.sync_plans.c.job == job).values(inherited=True))\n",
        "",
    ),
)


def put(mutant: Mutant, tree: Path) -> str:
    """Put a fault into a copy; return the file as it was. A line that is not there once ends the run."""
    file = tree / mutant.file
    text = file.read_text(encoding="utf-8")
    if text.count(mutant.line) != 1:
        found = text.count(mutant.line)
        sys.exit(f"{mutant.file} has this line {found} times, not once; write the mutant anew:\n{mutant.line}")
    file.write_text(text.replace(mutant.line, mutant.becomes), encoding="utf-8")
    return text


def run(tree: Path, cases: int, steps: int) -> tuple[bool, str, float]:
    """Run the machine on a copy; return whether it found something, its last lines, and the seconds."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="footnote-") as data:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tree), data, str(cases), str(steps)],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    said = done.stdout + done.stderr
    if done.returncode != 0 and FAILED not in said:
        sys.exit(f"the copy does not run:\n{said}")
    return done.returncode != 0, _fault(said), time.monotonic() - began


def _fault(said: str) -> str:
    """Return the line that names the fault that was seen."""
    lines = [line for line in said.splitlines() if "Error" in line and not line.startswith(" ")]
    return lines[-1][:100] if lines else ""


def wanted(names: Sequence[str]) -> list[Mutant]:
    """Return the mutants whose name holds one of these words; all without any."""
    return [one for one in MUTANTS if not names or any(name in one.name for name in names)]


def main() -> None:
    """Try all, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="words of the names of those to try")
    parser.add_argument("--cases", type=int, default=200, help="cases of each run, at most")
    parser.add_argument("--steps", type=int, default=40, help="steps of each case, at most")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        tree = Path(folder)
        for name in COPIED:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tree / name)
        for mutant in MUTANTS:
            (tree / mutant.file).write_text(put(mutant, tree), encoding="utf-8")
        sys.exit(_try_all(tree, wanted(chosen.names), chosen.cases, chosen.steps))


def _try_all(tree: Path, mutants: Sequence[Mutant], cases: int, steps: int) -> int:
    found, said, seconds = run(tree, cases, steps)
    print(f"{'FAILS' if found else 'passes':9} {seconds:6.1f} s  the sync as it is {said}", flush=True)
    missed = 0
    for mutant in mutants:
        before = put(mutant, tree)
        seen, said, seconds = run(tree, cases, steps)
        (tree / mutant.file).write_text(before, encoding="utf-8")
        missed += not seen
        print(f"{'found' if seen else 'MISSED':9} {seconds:6.1f} s  {mutant.name}  ({said})", flush=True)
    print(f"{len(mutants) - missed} of {len(mutants)} mutants found")
    return int(found or missed > 0)


if __name__ == "__main__":
    main()
