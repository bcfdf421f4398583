"""`footnote replay`: an answer of before, and what its question is told today."""

from pathlib import Path

import pytest

from tests.scenarios.machine import Machine


ASKED = "How many weeks of parental leave does a parent get?"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with one base."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nEvery parent gets 24 weeks of parental leave.\n")
    made = Machine(tmp_path)
    made.run("kb", "add", "handbook", "documents")
    made.run("kb", "sync", "handbook")
    return made


def test_an_answer_is_replayed_with_what_differs(machine: Machine) -> None:
    """The number stands in the answer's JSON; the replay shows both answers and each passage's rank."""
    number = machine.json("ask", ASKED)["id"]
    assert "Today it is told the same." in machine.run("replay", str(number)).stdout
    (machine.home / "documents" / "leave.md").write_text("# Leave\n\nEvery parent gets 26 weeks of parental leave.\n")
    machine.run("kb", "sync", "handbook")
    shown = machine.run("replay", str(number)).stdout
    assert "24 weeks" in shown
    assert "26 weeks" in shown
    found = machine.json("replay", str(number))
    assert (found["id"], found["same_evidence"], found["same_text"]) == (number, False, False)
    assert [(one["then"] is None, one["today"] is None) for one in found["passages"]] == [(False, True), (True, False)]
