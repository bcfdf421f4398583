"""The parser's child processes when they hang, die or talk nonsense, and what they are given: little."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.adapters.parser_processes import ProcessParser
from pipelines.adapters.parser_processes.child_process import CHILD_MODULE
from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.formats import READERS
from tests.contracts.document_parser import FILES, rejected


ROOT = Path(__file__).parents[2]
FAULTY = "tests.fakes.faulty_parser_child"
MEBIBYTE = 1024 * 1024
LIBRARIES = ("docx", "lxml", "markdown_it", "pypdfium2", "charset_normalizer", "yaml")
HEAVY = ("sqlalchemy", "alembic", "haystack", "numpy", "onnxruntime", "tokenizers", "pydantic", "bot", "typer")


@pytest.fixture
def faulty() -> Iterator[ProcessParser]:
    """Return a parser whose children do what their files say, within half a second."""
    made = ProcessParser(ParseLimits(parse_seconds=0.5), module=FAULTY)
    yield made
    made.close()


def is_running(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(done: Callable[[], bool]) -> None:
    """Wait, for at most a minute."""
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (b"die SIGKILL", "the reader of txt files was killed by the system, most likely for want of memory"),
        (b"die SIGSEGV", "the reader of txt files crashed on it (Segmentation fault): it is damaged, or needs"),
        (b"die SIGXCPU", "reading it took longer than 0.5 s, the limit (FOOTNOTE_LIMITS__PARSE_SECONDS)"),
        (b"exit 0", "the reader of txt files ended without an answer"),
        (b"exit 3", "the reader of txt files ended without an answer"),
        (b"frame {}", "the reader of txt files gave an answer that cannot be understood"),
        (b'frame {"text":"a","spent":false}', "the reader of txt files gave an answer that cannot be understood"),
        (b"bytes ffffffffffffffff", "the reader of txt files gave an answer that cannot be understood"),
        (b"bytes 00000000000000ff61", "reading it took longer than 0.5 s, the limit"),
        (b"close", "the reader of txt files gave an answer that cannot be understood"),
    ],
)
@pytest.mark.parametrize("warm", [False, True])
def test_a_child_that_fails_costs_one_file(faulty: ProcessParser, order: bytes, told: str, *, warm: bool) -> None:
    """However a child ends or whatever it answers, the file is rejected and the next one is read."""
    if warm:
        assert isinstance(faulty.parse("a.txt", b"say Warm."), Read)
    assert rejected(faulty, "a.txt", order).startswith(told)
    assert isinstance(faulty.parse("a.txt", b"say Fine."), Read)


def test_a_silent_child_is_killed_by_its_id(faulty: ProcessParser, tmp_path: Path) -> None:
    """A child that says nothing until its time is up no longer runs afterwards."""
    note = tmp_path / "pid"
    assert "took longer than 0.5 s" in rejected(faulty, "a.txt", f"hang {note}".encode())
    assert not is_running(int(note.read_text(encoding="ascii")))
    assert faulty.idle_pids() == ()


def test_a_file_that_failed_by_chance_is_read_again(faulty: ProcessParser, tmp_path: Path) -> None:
    """A warm child that is killed within a file may have been ill from earlier ones: a fresh one tries once."""
    faulty.parse("a.txt", b"say Warm.")
    result = faulty.parse("a.txt", f"die-once {tmp_path / 'mark'}".encode())
    assert isinstance(result, Read)
    assert result.text == "Read again."


def test_a_child_killed_between_files_is_replaced(parser: ProcessParser) -> None:
    """Whoever kills an idle child loses nothing."""
    parser.parse("leave.txt", FILES["leave.txt"])
    before = parser.idle_pids()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert isinstance(parser.parse("leave.txt", FILES["leave.txt"]), Read)
    assert not any(map(is_running, before))


def test_a_child_killed_within_a_file_fails_no_other(tmp_path: Path) -> None:
    """From outside too: the kill ends one reading, at once, with a reason."""
    note, told = tmp_path / "pid", []
    patient = ProcessParser(ParseLimits(), module=FAULTY)
    reader = threading.Thread(target=lambda: told.append(patient.parse("a.txt", f"hang {note}".encode())))
    reader.start()
    wait_until(lambda: note.exists() and note.read_text(encoding="ascii") != "")
    os.kill(int(note.read_text(encoding="ascii")), signal.SIGKILL)
    reader.join(60)
    assert told == [Rejected("the reader of txt files was killed by the system, most likely for want of memory")]
    assert isinstance(patient.parse("a.txt", b"say Fine."), Read)
    patient.close()


def test_a_child_that_cannot_start_is_a_reason() -> None:
    """An installation that is broken rejects files in words instead of hanging."""
    parser = ProcessParser(ParseLimits(), module="pipelines.no_such_module")
    assert rejected(parser, "a.txt", b"x") == "the reader of txt files could not be started"


def test_a_child_is_replaced_after_its_files() -> None:
    """What a library may leave behind in a process does not pile up."""
    parser = ProcessParser(ParseLimits(), files_per_child=2)
    seen = []
    for _ in range(4):
        parser.parse("leave.csv", FILES["leave.csv"])
        seen.append(parser.idle_pids())
    assert [len(pids) for pids in seen] == [1, 0, 1, 0]
    assert seen[0] != seen[2]
    parser.close()


def test_a_child_is_kept_where_its_parent_is_large() -> None:
    """What counts is the child's own memory: the peak that the system reports at first is the parent's."""
    ballast = b"x" * (600 * MEBIBYTE)
    parser = ProcessParser(ParseLimits())
    parser.parse("leave.csv", FILES["leave.csv"])
    assert len(parser.idle_pids()) == 1
    parser.close()
    del ballast


def test_a_child_that_has_grown_is_replaced() -> None:
    """A file that took more than half of what a child may hold is the last one that it reads."""
    parser = ProcessParser(ParseLimits(parse_memory_mb=160))
    parser.parse("leave.csv", FILES["leave.csv"])
    assert len(parser.idle_pids()) == 1
    assert isinstance(parser.parse("much.csv", b"day,hours\n" + b"Monday,8\n" * 200_000), Read)
    assert parser.idle_pids() == ()


def test_many_threads_share_the_children() -> None:
    """Files of several threads are read by the children there are, each answer to its own question."""
    parser = ProcessParser(ParseLimits(), children_per_format=2)
    found: dict[int, Read | Rejected] = {}

    def read(number: int) -> None:
        found[number] = parser.parse("a.txt", f"Number {number}.".encode())

    threads = [threading.Thread(target=read, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    texts = {number: one.text for number, one in found.items() if isinstance(one, Read)}
    assert texts == {number: f"Number {number}." for number in range(20)}
    assert len(parser.idle_pids()) <= 2
    pids = parser.idle_pids()
    parser.close()
    assert not any(map(is_running, pids))


def imported_by(form: str) -> set[str]:
    """Return the modules that the child of a format imports."""
    done = subprocess.run(
        [sys.executable, "-P", "-v", "-m", CHILD_MODULE, form, "{}"],
        input=b"", capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)}, cwd="/",
    )  # fmt: skip
    return set(re.findall(r"(?m)^import '([\w.]+)'", done.stderr.decode()))


@pytest.mark.parametrize(
    ("form", "needed"),
    [
        ("md", {"markdown_it", "charset_normalizer", "yaml"}),
        ("html", {"lxml", "charset_normalizer"}),
        ("pdf", {"pypdfium2"}),
        ("docx", {"docx", "lxml"}),
        ("txt", {"charset_normalizer"}),
        ("csv", {"charset_normalizer"}),
    ],
)
def test_a_child_imports_its_reader_and_no_other(form: str, needed: set[str]) -> None:
    """A fault in one format's library cannot reach another's files, and no child holds the product."""
    imported = imported_by(form)
    assert READERS[form] in imported
    assert not imported & (set(READERS.values()) - {READERS[form]})
    assert {name for name in LIBRARIES if name in imported} == needed
    assert not imported & set(HEAVY)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
def test_a_child_inherits_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the environment nor an open file of the parent reaches a process that reads strangers' files."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with (tmp_path / "records.db").open("wb") as secret:
        os.set_inheritable(secret.fileno(), True)  # noqa: FBT003 - its only parameter
        parser = ProcessParser(ParseLimits())
        parser.parse("leave.md", FILES["leave.md"])
        (pid,) = parser.idle_pids()
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        descriptors = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
        parser.close()
    names = {one.partition(b"=")[0] for one in environment.split(b"\0") if one}
    assert names == {b"PYTHONPATH", b"PYTHONUTF8", b"MALLOC_ARENA_MAX"}
    assert all(one.startswith("pipe:") or one == os.devnull for one in descriptors)


def test_a_child_cannot_write_files() -> None:
    """Its largest file is of no byte: whatever a library is brought to do, nothing is left on the disk."""
    parser = ProcessParser(ParseLimits())
    parser.parse("leave.md", FILES["leave.md"])
    (pid,) = parser.idle_pids()
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    parser.close()
    assert re.search(r"Max file size +0 +0 ", limits)
    assert re.search(rf"Max address space +{1024 * MEBIBYTE} ", limits)


PARENT = """
import sys
from pipelines.adapters.parser_processes import ProcessParser
from pipelines.domain.reading import ParseLimits
parser = ProcessParser(ParseLimits())
for name in ("a.md", "a.txt", "a.csv"):
    parser.parse(name, b"x")
print(*parser.idle_pids(), flush=True)
parser.parse("b.txt", b"word " * 9_000_000)
sys.stdin.read()
"""


def test_children_end_when_their_parent_is_killed() -> None:
    """`kill -9` of a sync leaves no process behind, idle or within a file."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert parent.stdin is not None
    assert parent.stdout is not None
    pids = [int(one) for one in parent.stdout.readline().split()]
    assert len(pids) == 3
    assert all(map(is_running, pids))
    parent.kill()
    parent.wait()
    wait_until(lambda: not any(map(is_running, pids)))
    parent.stdin.close()
    parent.stdout.close()
