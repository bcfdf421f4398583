"""`make demo-slack`: the demonstration on the page that plays Slack, with the real Footnote behind it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.scenarios.machine import ROOT


Json = dict[str, Any]
START_S = 110.0
PATIENCE_S = 20.0
END_S = 45.0


@dataclass(frozen=True, slots=True)
class Demo:
    """The demonstration, running; `url` is the address of its page, `taken` a port that it could not have."""

    process: "subprocess.Popen[str]"
    url: str
    taken: int

    def who(self, name: str) -> str:
        """Return the id of somebody."""
        people = self._asked("/api/offer")["people"]
        return str(next(one["id"] for one in people if one["name"].startswith(name)))

    def place(self, who: str, name: str) -> str:
        """Return the id of a place of somebody's."""
        places = self.seen(who, "home")["places"]
        return str(next(one["id"] for one in places if one["name"] == name))

    def seen(self, who: str, place: str, thread: str = "") -> Json:
        """Return what somebody sees."""
        return self._asked(f"/api/seen?{urlencode({'as': who, 'in': place, 'thread': thread})}")

    def until(self, who: str, place: str, promise: Callable[[Json], Any], thread: str = "") -> Json:
        """Return what somebody sees once a promise is true of it."""
        ends = time.monotonic() + PATIENCE_S
        while not promise(told := self.seen(who, place, thread)):
            assert time.monotonic() < ends, told
            time.sleep(0.1)
        return told

    def does(self, who: str, place: str, act: str, **more: Any) -> Json:
        """Do something as somebody."""
        body = json.dumps({"as": who, "in": place, "act": act, **more}).encode()
        return self._asked(Request(f"{self.url}/api/act", body, {"Content-Type": "application/json"}))  # noqa: S310

    def asks(self, name: str, place: str, text: str) -> Json:
        """Ask as somebody; return the bot's answer in its thread, once it is whole."""
        who = self.who(name)
        where = self.place(who, place)
        thread = self.does(who, where, "write", text=text)["root"]

        def whole(told: Json) -> bool:
            shown = told["thread"]
            return len(shown["messages"]) > 1 and not shown["status"] and not shown["messages"][-1]["streaming"]

        answer: Json = self.until(who, where, whole, thread)["thread"]["messages"][-1]
        return answer | {"as": who, "in": where}

    def _asked(self, what: "str | Request") -> Json:
        asked = f"{self.url}{what}" if isinstance(what, str) else what
        try:
            with urlopen(asked, timeout=30) as answer:  # noqa: S310 - loopback
                return dict(json.load(answer))
        except HTTPError as refused:
            raise AssertionError(refused.read().decode()) from refused


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Run the demonstration, which finds its port taken."""
    home = tmp_path_factory.mktemp("demo")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = _started(home, port)
        try:
            yield Demo(process, _address(process), port)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=END_S)


def test_a_question_is_answered_with_buttons_that_work(demo: Demo) -> None:
    """The answer cites the document; its first button opens the quotes, and its thumb down asks what is wrong."""
    answer = demo.asks("Ann", "general", "@footnote How many days of parental leave do I get?")
    shown = json.dumps(answer["blocks"])
    assert "working days" in shown
    assert "Parental leave" in shown
    where = {"ts": answer["key"]}
    assert demo.does(answer["as"], answer["in"], "click", action_id="show_evidence", **where) == {"ok": True}
    evidence = demo.until(answer["as"], answer["in"], lambda told: told["modals"])["modals"][-1]
    assert "working days" in json.dumps(evidence["blocks"])
    demo.does(answer["as"], answer["in"], "close", view=evidence["id"])
    thumbs = next(one for one in _elements(answer) if one["type"] == "feedback_buttons")
    pressed = {"action_id": thumbs["action_id"], "value": thumbs["negative_button"]["value"]}
    demo.does(answer["as"], answer["in"], "click", **where, **pressed)
    asked = demo.until(answer["as"], answer["in"], lambda told: told["modals"])["modals"][-1]
    reasons = next(one for one in asked["blocks"] if one["type"] == "input")
    chosen = {"selected_option": reasons["element"]["options"][0]}
    values = {reasons["block_id"]: {reasons["element"]["action_id"]: chosen}}
    assert demo.does(answer["as"], answer["in"], "submit", view=asked["id"], values=values)["errors"] == {}


def test_a_document_of_a_group_is_read_by_the_group_alone(demo: Demo) -> None:
    """One of @hr reads the salary bands directly; in a channel they are not told, and not to another member."""
    question = "What is the salary band for level 5 in Porto?"
    assert "€51,000" in json.dumps(demo.asks("Jonas", "Footnote", question), ensure_ascii=False)
    for name, place, text in (("Jonas", "general", f"@footnote {question}"), ("Ann", "Footnote", question)):
        assert "€51,000" not in json.dumps(demo.asks(name, place, text), ensure_ascii=False)


def test_a_stranger_is_told_what_is_public(demo: Demo) -> None:
    """Of the warranty, and nothing of parental leave."""
    assert "anemometer" in json.dumps(demo.asks("Eve", "partners", "@footnote How long is the warranty?"))
    told = json.dumps(demo.asks("Gus", "partners", "@footnote How many days of parental leave do I get?"))
    assert "working days" not in told


def test_an_admin_uses_the_command(demo: Demo) -> None:
    """What `/kb` says is seen by the admin alone."""
    maria = demo.who("Maria")
    general = demo.place(maria, "general")
    demo.does(maria, general, "write", text="/kb list")
    told = demo.until(maria, general, lambda seen: [one for one in seen["messages"] if one["kind"] == "whisper"])
    assert "15 documents" in json.dumps(told["messages"])


def test_ctrl_c_ends_everything(demo: Demo) -> None:
    """The page, the server and its job process; nothing that was started is left. It is the last of these tests."""
    assert not demo.url.endswith(f":{demo.taken}")
    started = _family(demo.process.pid)
    assert len(started) > 1
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(END_S) == 0
    ends = time.monotonic() + 5
    while any(Path(f"/proc/{one}/cmdline").exists() for one in started) and time.monotonic() < ends:
        time.sleep(0.05)
    assert [one for one in started if Path(f"/proc/{one}/cmdline").exists()] == []


def _started(home: Path, port: int) -> "subprocess.Popen[str]":
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {"HOME": str(home), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "FOOTNOTE_EMBEDDER": "none"}
    return subprocess.Popen(
        [sys.executable, "-m", "demo.slack", "--port", str(port), "--data", str(home / "data")], cwd=ROOT,
        env={**kept, **own}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    said, ends = [], time.monotonic() + START_S
    for line in process.stdout:
        said.append(line)
        if "The page is at " in line:
            return line.partition("The page is at ")[2].split()[0]
        assert time.monotonic() < ends, said
    raise AssertionError("".join(said))


def _family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in children.read_text().split()] if children.exists() else []
    return [pid, *(inner for one in found for inner in _family(one))]


def _elements(message: Json) -> list[Json]:
    return [inside for block in message["blocks"] for inside in block.get("elements", [])]
