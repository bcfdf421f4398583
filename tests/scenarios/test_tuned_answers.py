"""A question at a terminal, routed to a tuned model that the job process calls over HTTP; and all that goes wrong."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.model_behaviour import Behaviour, fails, stalls
from tests.fakes.model_server import KEY, ModelServer
from tests.fakes.model_writers import alters_figures, extractive
from tests.scenarios.machine import Machine


if TYPE_CHECKING:
    import subprocess


ASKED = "How many weeks of parental leave does a parent get?"
LEAVE = "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The parental leave may be parted in two.\n"
BASE, TUNED = "small-1", "leave-1"
PATIENCE_S = 60.0


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Yield a server of both models."""
    with ModelServer(models={BASE: 8192, TUNED: 8192}, default=Behaviour(write=extractive)) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, server: ModelServer) -> Machine:
    """Return a machine with one base, whose questions go to the tuned model."""
    settings = {
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": KEY,
        "FOOTNOTE_MODEL": BASE,
        "FOOTNOTE_CACHE__ENABLED": "0",
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text(LEAVE)
    made = Machine(tmp_path)
    made.run("kb", "add", "handbook", "documents")
    made.run("kb", "sync", "handbook")
    made.run("model", "route", "set", TUNED, "--kb", "handbook")
    return made


@pytest.fixture
def job_process(machine: Machine) -> Iterator["subprocess.Popen[str]"]:
    """Yield a job process that makes calls: the first one went well."""
    process = machine.start("work")
    try:
        until(lambda: spoken(machine) == (TUNED, None), process)
        yield process
    finally:
        process.kill()
        process.communicate()


def spoken(machine: Machine) -> tuple[str | None, str | None]:
    """Return which model answered, and in whose place."""
    writing = ask(machine)["writing"]
    return writing["model"], writing["instead_of"]


def ask(machine: Machine) -> Any:
    """Return the answer to the question, which is always there and always true."""
    answer = machine.json("ask", ASKED)
    assert "Every parent gets 24 weeks of parental leave." in answer["text"]
    return answer


def until(true: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Wait until something is true, for as long as a test may take."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert process.poll() is None
        assert time.monotonic() < deadline


def test_without_anybody_who_calls_the_base_model_answers(machine: Machine, server: ModelServer) -> None:
    """After a second; the answer says which model spoke, and in whose place. Nothing is left to be done later."""
    assert spoken(machine) == (BASE, TUNED)
    assert f"Written by {BASE} in place of {TUNED}, checked against its sources." in machine.run("ask", ASKED).stdout
    assert {one.body["model"] for one in server.chats} == {BASE}


def test_whatever_is_wrong_with_it_the_base_model_answers(
    machine: Machine, server: ModelServer, job_process: "subprocess.Popen[str]"
) -> None:
    """Dead, gone, lying: the next sound reply is shown again. It reads the very messages that the base model reads."""
    for wrong in (fails(500), fails(404), Behaviour(write=alters_figures)):
        server.script(wrong, model=TUNED)
        assert spoken(machine) == (BASE, TUNED)
    until(lambda: spoken(machine) == (TUNED, None), job_process)
    bodies = {one.body["model"]: one.body["messages"] for one in server.chats}
    assert bodies[TUNED] == bodies[BASE]


def test_a_slow_one_is_left_and_its_call_ends(
    machine: Machine, server: ModelServer, job_process: "subprocess.Popen[str]"
) -> None:
    """The base model answers, and the server sees the worker hang up; one that is asked to end lets go at once."""
    begun = stalled_call(machine, server)
    assert f'"instead_of": "{TUNED}"' in begun.communicate(timeout=PATIENCE_S)[0]
    slow = next(one for one in reversed(server.chats) if one.body["model"] == TUNED)
    assert server.wait_for(lambda: slow.abandoned, PATIENCE_S)
    begun = stalled_call(machine, server)
    job_process.send_signal(signal.SIGTERM)
    assert job_process.wait(PATIENCE_S) == 0
    assert f'"instead_of": "{TUNED}"' in begun.communicate(timeout=PATIENCE_S)[0]


def test_a_job_process_that_is_killed_in_a_call(
    machine: Machine, server: ModelServer, job_process: "subprocess.Popen[str]"
) -> None:
    """Its caller is answered by the base model all the same."""
    begun = stalled_call(machine, server)
    job_process.kill()
    assert f'"instead_of": "{TUNED}"' in begun.communicate(timeout=PATIENCE_S)[0]


def stalled_call(machine: Machine, server: ModelServer) -> "subprocess.Popen[str]":
    """Return a command that asks, once the tuned model that it waits for is silent."""
    server.script(stalls(), model=TUNED)
    already = len(tuned_chats(server))
    while True:
        asking = machine.start("ask", ASKED, "--json")
        while asking.poll() is None:
            if server.wait_for(lambda: len(tuned_chats(server)) > already, 0.1):
                return asking
        # A machine that was too busy to take the call in time.
        asking.communicate()


def tuned_chats(server: ModelServer) -> list[Any]:
    """Return the calls of the tuned model."""
    return [one for one in server.chats if one.body.get("model") == TUNED]


def test_a_route_is_shared_out_switched_off_and_rolled_back(machine: Machine) -> None:
    """Each by one command, told as it is now."""
    assert machine.json("model", "route", "off", "--kb", "handbook")["route"]["on"] is False
    assert spoken(machine) == (BASE, None)
    assert machine.json("model", "route", "rollback", "--kb", "HANDBOOK")["route"]["on"] is True
    assert machine.json("model", "route", "share", "0", "--kb", "handbook")["previous"]["share"] == 100
    assert spoken(machine) == (BASE, None)
    shown = machine.run("model", "route", "list").stdout
    assert "handbook: leave-1 answers 0 % of the people." in shown
    error = machine.json("model", "route", "set", "leave-2", "--for", "anna", code=2)["error"]
    assert error["kind"] == "bad_input"
    assert machine.json("model", "route", "off", "--for", "group:hr", code=1)["error"]["kind"] == "not_found"
