"""The whole product through its command line, as a person or a script uses it."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.scenarios.machine import Machine


LEAVE = """\
---
date: 2026-03-01
---
# Leave policy

## Parental leave

Every parent takes up to 24 weeks of paid parental leave. The leave can be parted in two.

## Holidays

Everybody has 30 days of holidays in a year.
"""
SALARIES = """\
---
audience: [group:hr]
---
# Salaries

The salary band of a senior engineer ends at 98,000 euros.
"""
QUESTION = "How many weeks of parental leave do I get?"


def machine_in(home: Path) -> Machine:
    """Return an empty machine with a folder of documents."""
    documents = home / "documents"
    (documents / "hr").mkdir(parents=True)
    (documents / "leave.md").write_text(LEAVE, encoding="utf-8")
    (documents / "hr" / "salaries.md").write_text(SALARIES, encoding="utf-8")
    return Machine(home)


def sync_handbook(machine: Machine) -> Machine:
    """Add and sync the documents."""
    machine.run("kb", "add", "handbook", "documents")
    machine.run("kb", "sync", "handbook")
    return machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """An empty machine with a folder of documents."""
    return machine_in(tmp_path)


@pytest.fixture
def handbook(machine: Machine) -> Machine:
    """A machine on which the documents were added and synced."""
    return sync_handbook(machine)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Such a machine for tests that change nothing."""
    return sync_handbook(machine_in(tmp_path_factory.mktemp("shared")))


def test_from_an_empty_machine_to_a_cited_answer(machine: Machine) -> None:
    """Add, sync, ask: the answer is verbatim, cited with place, date and an address that opens it."""
    added = machine.run("kb", "add", "handbook", "documents")
    assert "footnote kb access handbook --allow everyone" in added.stdout
    synced = machine.json("kb", "sync", "handbook")
    assert (synced["version"], synced["added"], synced["rejected"]) == (1, 2, [])
    answer = machine.json("ask", QUESTION)
    assert answer["outcome"] == "answer"
    (first, *_) = answer["citations"]
    assert (first["number"], first["kb"], first["document"], first["date"]) == (1, "handbook", "leave.md", "2026-03-01")
    assert "24 weeks of paid parental leave" in first["quote"]
    assert LEAVE.count(first["quote"]) == 1
    assert first["place"]["heading"].endswith("Parental leave")
    assert first["url"] == (machine.home / "documents" / "leave.md").as_uri() + "#parental-leave"
    assert set(answer) == {
        *("id", "outcome", "text", "choices", "citations", "closest", "writing", "age_s", "timings_ms")
    }


def test_an_answer_for_a_person(shared: Machine) -> None:
    """In a pipe the answer is text with marks, then receipt, quote and the whole address."""
    lines = shared.run("ask", QUESTION).stdout.splitlines()
    assert "[1]" in lines[0]
    assert any(line.startswith("[1] Leave policy") and line.endswith("2026-03-01") for line in lines)
    assert any(line.strip().startswith("file://") and line.endswith("leave.md#parental-leave") for line in lines)


def test_what_is_not_in_the_documents_is_refused(shared: Machine) -> None:
    """A question without an answer ends with 1, cites nothing and names no source."""
    answer = shared.json("ask", "Which volcano erupted in Iceland?", code=1)
    assert (answer["outcome"], answer["citations"]) == ("refusal", [])


def test_rights_count_with_the_next_question(handbook: Machine) -> None:
    """A closed base tells a member nothing; opened, it answers; a restricted document stays closed."""
    salary = "Where does the salary band of a senior engineer end?"
    closed = handbook.json("ask", QUESTION, "--as", "user:anna", code=1)
    assert (closed["outcome"], closed["closest"]) == ("refusal", [])
    opened = handbook.json("kb", "access", "handbook", "--allow", "everyone")
    assert opened == {"kb": "handbook", "readers": ["everyone"]}
    assert handbook.json("ask", QUESTION, "--as", "user:anna")["outcome"] == "answer"
    refused = handbook.run("ask", salary, "--as", "user:anna", code=1)
    assert "98,000" not in refused.stdout
    assert "Salaries" not in refused.stdout
    assert "98,000" in handbook.json("ask", salary, "--as", "user:anna", "--as", "group:hr")["text"]
    handbook.run("kb", "access", "handbook", "--remove", "everyone")
    again = handbook.json("ask", QUESTION, "--as", "user:anna", code=1)
    assert again == closed | {"id": again["id"], "timings_ms": pytest.approx(closed["timings_ms"], abs=1e9)}


def test_versions_roll_back_and_stay(handbook: Machine) -> None:
    """A roll-back holds against the next sync until it is lifted; a dry run changes nothing."""
    leave = handbook.home / "documents" / "leave.md"
    leave.write_text(LEAVE.replace("24 weeks", "26 weeks"), encoding="utf-8")
    dry = handbook.json("kb", "sync", "handbook", "--dry-run")
    assert (dry["changed"], dry["unchanged"]) == (1, 1)
    assert handbook.json("kb", "status", "handbook")["version"] == 1
    assert handbook.json("kb", "sync", "handbook")["version"] == 2
    assert "26 weeks" in handbook.json("ask", QUESTION)["text"]
    assert handbook.json("kb", "rollback", "handbook") == {"kb": "handbook", "version": 1, "pinned": True}
    assert "24 weeks" in handbook.json("ask", QUESTION)["text"]
    leave.write_text(LEAVE.replace("24 weeks", "28 weeks"), encoding="utf-8")
    assert "kb promote handbook" in handbook.run("kb", "sync", "handbook").stdout
    assert "24 weeks" in handbook.json("ask", QUESTION)["text"]
    newest = handbook.json("kb", "versions", "handbook")["versions"][0]["number"]
    assert handbook.json("kb", "promote", "handbook", str(newest))["pinned"] is False
    assert "28 weeks" in handbook.json("ask", QUESTION)["text"]


def test_the_state_of_a_base(handbook: Machine) -> None:
    """Status, list and failed tell what the sync left behind."""
    (handbook.home / "documents" / "scan.pdf").write_bytes(b"%PDF-1.7 broken")
    handbook.run("kb", "sync", "handbook")
    status = handbook.json("kb", "status", "handbook")
    names = ["kb", "documents", "chunks", "version", "pinned", "last_sync", "rejected", "running"]
    assert list(status) == [*names, "progress", "every", "next_sync", "alert", "embedding"]
    assert (status["kb"], status["documents"], status["rejected"]) == ("handbook", 2, 1)
    assert (status["pinned"], status["running"]) == (False, False)
    (rejected,) = handbook.json("kb", "failed", "handbook")["rejected"]
    assert rejected["path"] == "scan.pdf"
    assert rejected["reason"]
    assert handbook.json("kb", "list")["bases"][0]["kb"] == "handbook"


def test_a_chat_through_a_pipe(shared: Machine) -> None:
    """Questions line by line, answered in order, in one document."""
    typed = f"{QUESTION}\nHow many days of holidays does everybody have?\n/quit\n"
    first, second = shared.json("chat", typed=typed)["exchanges"]
    assert "24 weeks" in first["answer"]["text"]
    assert "30 days" in second["answer"]["text"]


def test_a_removed_base_is_gone(handbook: Machine) -> None:
    """Removing needs a yes; afterwards nothing of it is found, and its folder is untouched."""
    handbook.run("kb", "remove", "handbook", code=2)
    assert handbook.json("kb", "remove", "handbook", "--yes") == {"kb": "handbook", "removed": True}
    assert handbook.json("kb", "list") == {"bases": []}
    assert handbook.json("ask", QUESTION, code=1)["citations"] == []
    assert (handbook.home / "documents" / "leave.md").read_text(encoding="utf-8") == LEAVE


def test_the_doctor_of_a_working_installation(shared: Machine) -> None:
    """All is well, and words only is said."""
    found = shared.json("doctor")
    assert found["state"] == "ok"
    assert any("by words only" in check["message"] for check in found["checks"])


@pytest.mark.parametrize(
    ("words", "code", "kind", "named"),
    [
        (["kb", "add", "other", "no-such-folder"], 3, "source_unreadable", "no-such-folder"),
        (["kb", "add", "other", "documents/leave.md"], 3, "source_unreadable", "leave.md"),
        (["kb", "add", "HANDBOOK", "documents"], 2, "bad_input", "HANDBOOK"),
        (["kb", "add", "two\nlines", "documents"], 2, "bad_input", "two"),
        (["kb", "add", "", "documents"], 2, "bad_input", "name"),
        (["kb", "sync", "nothing"], 1, "not_found", "nothing"),
        (["kb", "status", "nothing"], 1, "not_found", "nothing"),
        (["kb", "promote", "handbook", "9"], 1, "not_found", "9"),
        (["kb", "rollback", "handbook"], 1, "not_found", "handbook"),
        (["kb", "rollback", "handbook", "--to", "7"], 1, "not_found", "7"),
        (["kb", "access", "handbook", "--allow", "hr"], 2, "bad_input", "hr"),
        (["ask", ""], 2, "bad_input", "empty"),
        (["ask", "x" * 2001], 2, "bad_input", "2000"),
        (["ask", "x", "--kb", "nothing"], 1, "not_found", "nothing"),
        (["ask", "x", "--as", "anna"], 2, "bad_input", "anna"),
    ],
)
def test_bad_input_is_one_sentence(shared: Machine, words: list[str], code: int, kind: str, named: str) -> None:
    """Each names the thing, on stdout as JSON for a program and on stderr as one line for a person."""
    error = shared.json(*words, code=code)["error"]
    assert error["kind"] == kind
    assert named in error["message"]
    told = shared.run(*words, code=code)
    assert told.stdout == ""
    assert len(told.stderr.splitlines()) == 1


def test_a_source_that_is_gone_leaves_the_last_good_version(handbook: Machine) -> None:
    """A sync without its folder fails with one sentence; questions are answered as before."""
    (handbook.home / "documents").rename(handbook.home / "moved")
    error = handbook.json("kb", "sync", "handbook", code=3)["error"]
    assert error["kind"] == "source_unreadable"
    assert str(handbook.home / "documents") in error["message"]
    assert "24 weeks" in handbook.json("ask", QUESTION)["text"]
    assert handbook.json("kb", "status", "handbook")["documents"] == 2


def test_two_syncs_of_one_base_do_not_mix(handbook: Machine) -> None:
    """While somebody syncs a base, a second sync waits for it, and then does what was asked."""
    settings = Settings.load(handbook.environment, None)
    with open_footnote(settings) as footnote:
        job = footnote.records.jobs.submit("sync", footnote.records.bases.get("handbook").id, {})
        lease = footnote.records.jobs.lease(job.id, "another host:1:1", 3600)
        waiting = handbook.start("kb", "sync", "handbook", "--json")
        assert handbook.json("kb", "status", "handbook")["running"] is True
        assert waiting.poll() is None
        footnote.records.jobs.finish(lease)
    told, _ = waiting.communicate(timeout=60)
    assert (waiting.returncode, json.loads(told)["unchanged"]) == (0, 2)


def test_a_sync_is_left_to_the_job_process(handbook: Machine) -> None:
    """`--detach` only asks for it; `work --once` does it, and says so with its exit code."""
    (handbook.home / "documents" / "new.md").write_text("Parents get a crib.\n", encoding="utf-8")
    assert handbook.json("kb", "sync", "handbook", "--detach")["queued"] is True
    assert handbook.json("kb", "status", "handbook")["documents"] == 2
    assert handbook.json("work", "--once")["failed"] == 0
    assert handbook.json("kb", "status", "handbook")["documents"] == 3
    (handbook.home / "documents").rename(handbook.home / "moved")
    handbook.run("kb", "sync", "handbook", "--detach")
    assert handbook.json("work", "--once", code=3)["failed"] == 1


def test_the_job_process_ends_when_it_is_asked_to(handbook: Machine) -> None:
    """It does what comes meanwhile, and ends well by SIGTERM."""
    worker = handbook.start("work", "--json")
    handbook.run("kb", "sync", "handbook", "--detach")
    while handbook.json("kb", "status", "handbook")["last_sync"]["unchanged"] != 2:
        assert worker.poll() is None
    worker.terminate()
    told, _ = worker.communicate(timeout=60)
    assert (worker.returncode, json.loads(told)["failed"]) == (0, 0)


def test_a_base_is_given_a_schedule(handbook: Machine) -> None:
    """It is shown by `kb schedule` and by the status, and ends with `off`; another form is refused."""
    every = handbook.json("kb", "schedule", "handbook", "--every", "6h")
    assert handbook.json("kb", "schedule", "handbook") == every
    assert (every["every"], handbook.json("kb", "status", "handbook")["next_sync"]) == ("6h", every["next_sync"])
    assert "6h or 1d" in handbook.json("kb", "schedule", "handbook", "--every", "often", code=2)["error"]["message"]
    assert handbook.json("kb", "schedule", "handbook", "--every", "off")["every"] is None


def test_a_source_that_lost_all_needs_a_word(handbook: Machine) -> None:
    """The sentence names the option, a dry run shows what would go, and with the option it goes."""
    for file in (handbook.home / "documents").rglob("*.md"):
        file.unlink()
    error = handbook.json("kb", "sync", "handbook", code=3)["error"]["message"]
    assert "lacks 2 of the 2 documents" in error
    assert "--accept-loss" in error
    assert "--accept-loss" in handbook.run("kb", "sync", "handbook", "--dry-run").stdout
    assert handbook.json("kb", "sync", "handbook", "--accept-loss")["removed"] == 2


@pytest.mark.parametrize("name", ["records.db", "index.db"])
def test_a_damaged_file_is_named(handbook: Machine, name: str) -> None:
    """A database file that was overwritten is named in one sentence; the doctor says so too."""
    data = Settings.load(handbook.environment, None).data_dir
    for path in data.glob(f"{name}*"):
        path.write_bytes(b"not a database at all " * 500)
    error = handbook.json("ask", QUESTION, code=3)["error"]
    assert error["kind"] == "storage_damaged"
    assert name in error["message"]
    assert handbook.json("doctor", code=3)["state"] == "fail"


def test_a_data_folder_that_cannot_be_made(machine: Machine) -> None:
    """A file where a folder shall be is told before anything else."""
    (machine.home / ".local").write_text("")
    told = machine.run("kb", "list", code=3)
    assert len(told.stderr.splitlines()) == 1
    assert ".local" in told.stderr


def read_terminal(handbook: Machine, *words: str) -> tuple[int, str]:
    """Run a command on a terminal of its own and return its exit code and all that it showed."""
    leader, follower = pty.openpty()
    environment = handbook.environment | {"TERM": "xterm-256color", "COLUMNS": "60"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        cwd=handbook.home, env=environment, stdin=follower, stdout=follower, stderr=follower, close_fds=True,
    )  # fmt: skip
    os.close(follower)
    shown = bytearray()
    while True:
        try:
            ready, _, _ = select.select([leader], [], [], 60)
            part = os.read(leader, 65536) if ready else b""
        except OSError:  # how Linux says that the other end was closed
            part = b""
        if not part:
            break
        shown += part
    os.close(leader)
    return process.wait(60), shown.decode()


def test_a_terminal_gets_colours_and_links(shared: Machine) -> None:
    """On a terminal the source's address is a link that opens; no line is wider than the terminal but it."""
    code, shown = read_terminal(shared, "ask", QUESTION)
    assert code == 0
    url = (shared.home / "documents" / "leave.md").as_uri() + "#parental-leave"
    assert re.search(r"\x1b\]8;[^;]*;" + re.escape(url) + r"\x1b\\", shown)


def test_a_terminal_sees_the_sync_progress(handbook: Machine) -> None:
    """A sync on a terminal shows a bar and then its result."""
    code, shown = read_terminal(handbook, "kb", "sync", "handbook")
    assert code == 0
    assert "Syncing handbook" in shown
    assert "handbook is up to date (version 1)." in shown
