"""Which failures of the tests on real servers one more run may decide, and what `.ci/run` makes of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
SLOW = "@pytest.mark.engines\ndef test_slow(): assert False, 'too late'\n"
LOSS = "@pytest.mark.engines\n@pytest.mark.losses\ndef test_loss(): assert False, 'lost'\n"
FINE = "@pytest.mark.engines\ndef test_fine(): pass\n"
MANY = "@pytest.mark.engines\n@pytest.mark.parametrize('n', range(11))\ndef test_many(n): assert False\n"
BARE = "def test_bare(): assert False\n"
BROKEN = "@pytest.fixture\ndef server(): assert False\n@pytest.mark.engines\ndef test_broken(server): pass\n"
NO_FILE = "import nothing_of_this_name\n"


def written(folder: Path, tests: str, place: str = "tests/test_it.py", *options: str) -> tuple[list[str], str]:
    """Run tests in a folder; return what may be run again, and what was said."""
    file, failed = folder / place, folder / "failed"
    file.parent.mkdir(parents=True)
    file.write_text(f"import pytest\n{tests}")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  engines\n  losses\n")
    line = [
        sys.executable,
        "-m",
        "pytest",
        f"--basetemp={folder / 'basetemp'}",
        "-p",
        "no:cacheprovider",
        "-p",
        "tests.failed_tests",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*line, f"--failed-to={failed}", *options, place],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return failed.read_text().splitlines(), done.stdout + done.stderr


@pytest.mark.parametrize("options", [(), ("-n1",)])
def test_what_may_have_missed_a_deadline_is_run_again(tmp_path: Path, options: tuple[str, ...]) -> None:
    """By its id, also if its server did not start; what passed is not run again, and what failed first is told."""
    again, said = written(tmp_path, FINE + SLOW + BROKEN, "tests/test_it.py", *options)
    assert sorted(again) == ["tests/test_it.py::test_broken", "tests/test_it.py::test_slow"]
    assert "failed first, one more run decides" in said


@pytest.mark.parametrize(
    ("tests", "place"),
    [
        (SLOW + LOSS, "tests/test_it.py"),
        (SLOW, "tests/faults/test_it.py"),
        (SLOW + BARE, "tests/test_it.py"),
        (NO_FILE, "tests/test_it.py"),
        (MANY, "tests/test_it.py"),
    ],
)
def test_other_failures_count_at_once(tmp_path: Path, tests: str, place: str) -> None:
    """A loss, a test of faults, one without a server, a file that cannot be read, too many: nothing is run again."""
    again, said = written(tmp_path, tests, place)
    assert again == []
    assert "failed, and is not run again" in said


def program(path: Path, text: str) -> None:
    """Write a program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("first", "second", "status", "ran"),
    [
        ("", "exit 0", 0, False),
        ("exit 1", "exit 0", 1, False),
        ('echo "tests/a.py::test_b[x y]" > "${2##*=}"; exit 1', "exit 0", 0, True),
        ('echo "tests/a.py::test_b[x y]" > "${2##*=}"; exit 1', "exit 1", 1, True),
    ],
)
def test_the_clean_run_repeats_what_may_be_and_nothing_else(
    tmp_path: Path, first: str, second: str, status: int, *, ran: bool
) -> None:
    """It fails where the second run fails or none is allowed, and tells what passed only then."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    program(tmp_path / "bin" / "make", f"[ $1 = test-engines ] || exit 0\n{first}")
    program(tmp_path / "deploy" / "install-engines.sh", "")
    program(tmp_path / ".venv" / "bin" / "python", f'cat "${{4#@}}" > ran\n{second}')
    environment = os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    done = subprocess.run(
        [tmp_path / ".ci" / "run"], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == status, done.stderr
    assert (tmp_path / "ran").exists() == ran
    assert ("PASSED ONLY WHEN RUN AGAIN:\ntests/a.py::test_b[x y]" in done.stdout) == (ran and status == 0)
