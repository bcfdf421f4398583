"""Bad input through the terminal: one sentence that names the thing, the right exit code, the last good version."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.machine import Machine
from tests.unit.ingestion.reading.docx_maker import paragraph, word_of


LEAVE = "# Leave policy\n\n## Parental leave\n\nEvery parent takes up to 24 weeks of paid parental leave.\n"
QUESTION = "How many weeks of parental leave do I get?"
DATA = Path(".local/share/footnote")
MEBIBYTE = 1024 * 1024


def synced_machine(home: Path) -> Machine:
    """Return a machine whose one good document was synced."""
    (home / "documents").mkdir()
    (home / "documents" / "leave.md").write_text(LEAVE, encoding="utf-8")
    machine = Machine(home)
    machine.run("kb", "add", "handbook", "documents")
    machine.run("kb", "sync", "handbook")
    return machine


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with a good version, which no test may change."""
    return synced_machine(tmp_path_factory.mktemp("good"))


@pytest.fixture
def handbook(good: Machine, tmp_path: Path) -> Machine:
    """The same in a home of the test's own. Its base still points to the first home's folder."""
    shutil.copytree(good.home / DATA, tmp_path / DATA)
    return Machine(tmp_path)


def told_to_a_person(machine: Machine, *words: str, code: int) -> str:
    """Return the one line of a failure: printable, on stderr, with nothing beside it."""
    done = machine.run(*words, code=code)
    assert done.stdout == ""
    assert done.stderr.endswith("\n")
    line = done.stderr.removesuffix("\n")
    assert line.isprintable()
    return line


def told_to_a_program(machine: Machine, *words: str, code: int) -> dict[str, str]:
    """Return the error of a failure: one line of JSON."""
    done = machine.run(*words, "--json", code=code)
    assert len(done.stdout.splitlines()) == 1
    error: dict[str, str] = json.loads(done.stdout)["error"]
    assert set(error) == {"kind", "message"}
    return error


def still_answers(machine: Machine) -> None:
    """Assert that the last good version answers."""
    answer = machine.json("ask", QUESTION)
    assert answer["outcome"] == "answer"
    assert "24 weeks" in answer["text"]


def fill_with_bad_files(folder: Path) -> None:
    """Put every kind of file that cannot be read into a folder, and some that look odd and can."""
    (folder / "bomb.docx").write_bytes(word_of(paragraph("x" * 30_000_000)))
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200 * MEBIBYTE)
    os.mkfifo(folder / "pipe.txt")
    (folder / "nowhere.md").symlink_to("no such file")
    (folder / "outside.md").symlink_to("/etc/hostname")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "up").symlink_to("/etc", target_is_directory=True)
    (folder / "program.txt").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4)
    (folder / "empty.md").write_bytes(b"")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj <<")
    (folder / "two\nlines.md").write_text("Never seen.", encoding="utf-8")
    (folder / "red\x1b[31m\x07.md").write_text("Never seen.", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/wrong\xff.md")).write_text("Never seen.", encoding="utf-8")
    (folder / "table.xlsx").write_bytes(b"PK")
    (folder / "folder.md").mkdir()
    (folder / "folder.md" / "inside.txt").write_bytes("Überstunden verfallen nach zwölf Monaten.".encode("cp1252"))
    (folder / "marked.txt").write_bytes("Die Kündigungsfrist beträgt drei Monate.".encode("utf-16"))


REASONS = {
    "bomb.docx": "the limit is 100 times (FOOTNOTE_LIMITS__EXPANSION_RATIO)",
    "huge.txt": "it has 200 MB, the limit is 50 MB (FOOTNOTE_LIMITS__MAX_FILE_MB)",
    "pipe.txt": "it is not an ordinary file",
    "nowhere.md": "it is a link: a sync follows no links, put the file itself there",
    "outside.md": "it is a link: a sync follows no links, put the file itself there",
    "up": "it is a link: a sync follows no links, put the file itself there",
    "program.txt": "it is no text: it holds control characters like a program's file",
    "empty.md": "it holds no text",
    "cut.pdf": "it is no PDF, or it is damaged or cut off",
    "two\\nlines.md": "its name holds control characters or is not valid Unicode",
    "red\\x1b[31m\\x07.md": "its name holds control characters or is not valid Unicode",
    "wrong\\udcff.md": "its name holds control characters or is not valid Unicode",
}


@pytest.fixture(scope="module")
def swamp(tmp_path_factory: pytest.TempPathFactory) -> tuple[Machine, Any]:
    """A machine whose folder filled with bad files after its first sync, and what the next sync said of it."""
    machine = synced_machine(tmp_path_factory.mktemp("swamp"))
    fill_with_bad_files(machine.home / "documents")
    done = machine.run("kb", "sync", "handbook", "--json")
    assert len(done.stdout.splitlines()) == 1
    return machine, json.loads(done.stdout)


def test_bad_files_do_not_stop_a_sync(swamp: tuple[Machine, Any]) -> None:
    """Each is rejected by name with its own reason; what is good beside them is read, and the exit code is 0."""
    machine, result = swamp
    told = {one["path"]: one["reason"] for one in result["rejected"]}
    for path, reason in REASONS.items():
        assert told[path].endswith(reason)
    assert "loop.md" in told
    assert (result["version"], result["added"], result["unchanged"]) == (2, 2, 1)
    assert all(path.isprintable() and reason.isprintable() for path, reason in told.items())
    still_answers(machine)


def test_bad_names_do_not_reach_a_screen(swamp: tuple[Machine, Any]) -> None:
    """Neither a line end nor an escape sequence in a file's name comes through; each rejection is a line."""
    machine, result = swamp
    shown = machine.run("kb", "failed", "handbook").stdout
    assert all(line.isprintable() for line in shown.splitlines())
    for path in REASONS:
        assert len([line for line in shown.splitlines() if path in line]) == 1
    assert machine.json("kb", "status", "handbook")["rejected"] == len(result["rejected"])


@pytest.mark.parametrize("folder", ["no-such-folder", "line\nend\x1b[31m", "leave.md", "pipe"])
def test_a_folder_that_cannot_be_added(handbook: Machine, folder: str) -> None:
    """A folder that is missing, oddly named, a file or a pipe is named in one line, and nothing hangs."""
    (handbook.home / "leave.md").write_text(LEAVE, encoding="utf-8")
    os.mkfifo(handbook.home / "pipe")
    line = told_to_a_person(handbook, "kb", "add", "other", folder, code=3)
    assert folder[:4] in line


def test_a_folder_that_went_away_keeps_the_last_version(tmp_path: Path) -> None:
    """A missing folder, an emptied one and an audience file that cannot be read fail the sync and change nothing."""
    machine = synced_machine(tmp_path)
    documents, away = tmp_path / "documents", tmp_path / "away"
    documents.rename(away)
    missing = told_to_a_person(machine, "kb", "sync", "handbook", code=3)
    assert str(documents) in missing
    documents.mkdir()
    emptied = told_to_a_program(machine, "kb", "sync", "handbook", code=3)
    assert emptied["kind"] == "source_unreadable"
    assert str(documents) in emptied["message"]
    shutil.copy(away / "leave.md", documents)
    (documents / ".footnote.yaml").mkdir()
    unclear = told_to_a_person(machine, "kb", "sync", "handbook", code=3)
    assert ".footnote.yaml" in unclear
    still_answers(machine)


def test_syncs_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    """Of several syncs of one base each does all of it or says that another is at it; nothing is lost or doubled."""
    machine = synced_machine(tmp_path)
    for number in range(30):
        (tmp_path / "documents" / f"{number}.md").write_text(f"# Rule {number}\n\nThe sum is {number}.\n", "utf-8")
    started = [machine.start("kb", "sync", "handbook", "--json") for _ in range(3)]
    ended = [(process.communicate(timeout=100), process.returncode) for process in started]
    assert 0 in [code for _, code in ended]
    for (out, complaint), code in ended:
        assert complaint == ""
        assert code == 0 or (code == 3 and json.loads(out)["error"]["kind"] == "busy")
    status = machine.json("kb", "status", "handbook")
    assert (status["documents"], status["chunks"], status["version"], status["running"]) == (31, 31, 2, False)


def truncated(path: Path) -> None:
    """Cut a file in half, at no page's border."""
    os.truncate(path, path.stat().st_size // 2 + 100)


def beheaded(path: Path) -> None:
    """Overwrite the beginning of a file."""
    with path.open("r+b") as file:
        file.write(b"\xff" * 200)


def riddled(path: Path) -> None:
    """Overwrite every page but the first."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xab" * 4096)


@pytest.mark.parametrize(
    ("name", "damage"),
    [("records.db", truncated), ("records.db", beheaded), ("records.db", riddled), ("index.db", truncated)],
)
def test_a_damaged_database_is_named(handbook: Machine, name: str, damage: Callable[[Path], None]) -> None:
    """However a file was damaged, one sentence names it; nothing is answered from what is left."""
    damage(handbook.home / DATA / name)
    assert str(handbook.home / DATA / name) in told_to_a_person(handbook, "ask", QUESTION, code=3)


def test_a_damaged_index_is_rebuilt_by_what_the_sentence_says(handbook: Machine) -> None:
    """The sentence names the file and the way out; whoever goes it has the last version again."""
    index = handbook.home / DATA / "index.db"
    riddled(index)
    line = told_to_a_person(handbook, "ask", QUESTION, code=3)
    assert str(index) in line
    assert "sync" in line
    for path in index.parent.glob("index.db*"):
        path.unlink()
    handbook.run("kb", "sync", "handbook")
    still_answers(handbook)
