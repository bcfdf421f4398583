"""How the terminal starts and stops: what it loads, Ctrl-C, a reader that leaves. Needs no installation."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
HEAVY = (
    "aiohttp", "alembic", "celery", "haystack", "numpy", "onnxruntime", "openai", "pydantic_settings", "redis", "rich",
    "slack_bolt", "slack_sdk", "sqlalchemy", "tokenizers", "weaviate",
)  # fmt: skip
"""Packages that cost more to import than help may; typer itself loads pydantic to read arguments."""


def environment(home: Path, **others: str) -> dict[str, str]:
    """Return the environment of a fresh machine."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return kept | {"HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | others


@pytest.mark.parametrize(
    "words", [["--help"], ["kb", "--help"], ["kb", "sync", "--help"], ["manifest"], ["doctor", "teams"], ["nonsense"]]
)
def test_help_loads_nothing_heavy(tmp_path: Path, words: list[str]) -> None:
    """Help and usage errors load no settings, no database, no model and no vendor."""
    code = (
        "import sys\nfrom bot.cli.edge import run\n"
        f"run({words!r})\n"
        f"print([one for one in {HEAVY!r} if one in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "[]"


def test_importing_the_terminal_writes_and_reads_nothing(tmp_path: Path) -> None:
    """Help leaves no file behind, and a `.env` that is broken does not matter to it."""
    (tmp_path / ".env").write_text("FOOTNOTE_EMBEDDER=nonsense\n")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "--help"],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_broken_env_file_is_told_to_the_first_command(tmp_path: Path) -> None:
    """A command that needs settings names the fault in `.env` and ends with 2."""
    (tmp_path / ".env").write_text("FOOTNOTE_EMBEDDER=nonsense\n")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "kb", "list"],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "FOOTNOTE_EMBEDDER: expected minilm, openai or none, got 'nonsense'" in done.stderr


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    """Output into a closed pipe ends without a word."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "--help"],
            cwd=tmp_path, env=environment(tmp_path), stdout=write_end, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    finally:
        os.close(write_end)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("kb list >&-", 0, "", ""),
        ("kb list 2>&-", 0, "There is no knowledge base yet. Add one:  footnote kb add NAME FOLDER\n", ""),
        ("kb nonsense 2>&-", 2, "", ""),
        ("kb nonsense --json >&-", 2, "", ""),
        ("chat <&-", 0, "", ""),
        ("kb status nothing <&- >&-", 1, "", "there is no knowledge base called 'nothing'\n"),
    ],
)
def test_a_stream_that_is_closed_is_an_empty_one(tmp_path: Path, line: str, code: int, out: str, err: str) -> None:
    """A process that was started without stdin, stdout or stderr works and ends with its code."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m bot.cli {line}', sys.executable],
        cwd=tmp_path, env=environment(tmp_path, FOOTNOTE_EMBEDDER="none"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, out, err)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1"])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, encoding: str) -> None:
    """An argument of bytes that are no text ends in a sentence, whatever the terminal can show."""
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"bot.cli", b"kb", b"status", b"handb\xff\xc3\xbcch \xe2\x80\xae"],
        cwd=tmp_path, env=environment(tmp_path, PYTHONIOENCODING=encoding), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert b"no text" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1"])
def test_a_name_that_the_terminal_cannot_show_is_no_fault(tmp_path: Path, encoding: str) -> None:
    """What an encoding lacks is shown as a question mark, and the error is the one that it is."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "kb", "status", "日本語"],
        cwd=tmp_path, env=environment(tmp_path, PYTHONIOENCODING=encoding), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert ("日本語" if encoding == "utf-8" else "???") in done.stderr.decode(encoding)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let children feel Ctrl-C: a shell that starts this run in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a POSIX signal here")
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_is_one_line(tmp_path: Path) -> None:
    """An interrupted chat ends with 130 and one line on stderr."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "chat"],
        cwd=tmp_path, env=environment(tmp_path, FOOTNOTE_EMBEDDER="none"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("hello?\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.splitlines()) == (130, ["Stopped."])
