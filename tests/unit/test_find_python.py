"""deploy/find-python.sh and the rule of the Makefile that uses it, on a PATH of their own."""

import shutil
import subprocess
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
FIND = "deploy/find-python.sh"
SENTENCE = (
    "Footnote needs Python 3.11, 3.12 or 3.13, and {}: install one, or name it: make PYTHON=/path/to/python3.12\n"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def put(path: Path, name: str, answer: str) -> str:
    """Put an interpreter there that gives this answer to every question."""
    file = path / name
    file.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def find(path: Path, *candidate: str) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run(
        ["/bin/sh", FIND, *candidate], cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def is_refused(done: subprocess.CompletedProcess[str], why: str) -> bool:
    """Say whether the script ended with 2 and this one sentence."""
    return (done.returncode, done.stdout, done.stderr) == (2, "", SENTENCE.format(why))


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("candidate", [[], [""], ["python3"]])
def test_a_python_that_fits_is_printed(path: Path, version: str, candidate: list[str]) -> None:
    """Named or found on the PATH, the interpreter's path is all that is said; an empty name is none."""
    python = put(path, "python3", f"echo {version}")
    done = find(path, *candidate)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{python}\n", "")


def test_one_that_does_not_fit_is_passed_over(path: Path) -> None:
    """A newer `python3` does not hide the `python3.12` beside it."""
    put(path, "python3", "echo 3.14")
    python = put(path, "python3.12", "echo 3.12")
    assert find(path).stdout == f"{python}\n"


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.14"])
def test_where_none_fits_one_sentence_says_what_was_seen(path: Path, version: str) -> None:
    """The sentence names each interpreter of the PATH with its version."""
    put(path, "python3", f"echo {version}")
    put(path, "python", "exit 1")
    seen = f"python3 is {version}, python is no Python that runs"
    assert is_refused(find(path), f"the PATH has none of them ({seen})")


def test_an_empty_path_is_told_too(path: Path) -> None:
    """Without any interpreter the same sentence stands alone."""
    assert is_refused(find(path), "the PATH has none of them")


def test_a_named_python_that_does_not_fit_is_refused(path: Path) -> None:
    """Who names an interpreter gets that one or the sentence, never another one from the PATH."""
    put(path, "python3", "echo 3.12")
    old = put(path, "old python", "echo 3.10")
    assert is_refused(find(path, old), f"{old} is 3.10")
    assert is_refused(find(path, "python9"), "python9 is not there")


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")
@pytest.mark.parametrize("named", ["argument", "environment", "not at all"])
def test_make_says_it_once_and_installs_nothing(tmp_path: Path, path: Path, named: str) -> None:
    """`make install` with a Python that does not fit ends with the sentence, before a virtual environment is made."""
    python = put(path, "python3", "echo 3.14")
    for name in ("Makefile", "pyproject.toml", "requirements.lock", FIND, "deploy/build.lock", "deploy/model.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    made = subprocess.run(
        [str(shutil.which("make")), "install", *([f"PYTHON={python}"] if named == "argument" else [])],
        cwd=tmp_path,
        env={"PATH": str(path)} | ({"PYTHON": python} if named == "environment" else {}),
        capture_output=True,
        text=True,
        check=False,
    )
    why = "the PATH has none of them (python3 is 3.14)" if named == "not at all" else f"{python} is 3.14"
    assert made.returncode == 2
    assert [line for line in made.stderr.splitlines() if " *** " not in line] == [SENTENCE.format(why).strip()]
    assert not (tmp_path / ".venv").exists()
