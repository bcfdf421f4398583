"""Bolt for JavaScript, which Slack publishes, lets in and refuses what our door does; where not, there is a reason."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.slack_office import office
from tests.slack_requests import SIGNING, Request, good, junk, unproven


BOLT = Path(__file__).parents[1] / "bolt_js"
REQUESTS = [*good(), *unproven(), *junk()]
LET_IN, REFUSED, BROKEN, SILENT, DIES = "lets it in", "refuses it", "breaks", "says nothing", "dies"

_NOBODY_LISTENS = (
    "a button of an older message is no fault of who presses it; Bolt keeps them waiting for 3 s, then 404"
)
_NOT_SLACKS = "Slack names the type of what it sends; Bolt reads as JSON whatever is no form"
DIFFERENCES: dict[str, tuple[str, str, str]] = {
    "a command of another name": (LET_IN, REFUSED, _NOBODY_LISTENS),
    "a click that nobody waits for": (LET_IN, REFUSED, _NOBODY_LISTENS),
    "a request of a type that nobody knows": (LET_IN, REFUSED, "Slack repeats what is refused, and has new types"),
    "of in six minutes": (REFUSED, LET_IN, "what was signed ahead could be used for as long; Bolt looks for age alone"),
    "is your certificate good, by nobody": (REFUSED, LET_IN, "Slack signs that, too, and nothing unsigned is parsed"),
    "JSON as text": (REFUSED, LET_IN, _NOT_SLACKS),
    "JSON without a content type": (REFUSED, LET_IN, _NOT_SLACKS),
    "JSON that is null": (REFUSED, DIES, "no request ends the server; this one is signed, so that only Slack could"),
    "a payload that is null": (
        REFUSED,
        DIES,
        "no request ends the server; this one is signed, so that only Slack could",
    ),
    "an event that is a text": (REFUSED, BROKEN, "no request is a fault of the server"),
    "an event without a type": (REFUSED, LET_IN, "nobody could say what happened; Bolt finds no listener for it"),
    "an event with a number for a channel": (REFUSED, LET_IN, "it cannot be kept: a key is made of Slack's names"),
    "an event nested in two thousand lists": (REFUSED, LET_IN, "reading it would need more stack than there is"),
    "a body of two megabytes": (REFUSED, LET_IN, "Bolt keeps in memory whatever is sent, before it looks who sent it"),
}
"""Name of a request -> what our door does, what Bolt does, and why ours does otherwise."""

pytestmark = [pytest.mark.engines, pytest.mark.timeout(600)]


class Bolt:
    """Bolt for JavaScript, installed in a folder; started again where a request ended it."""

    def __init__(self, node: str, folder: Path) -> None:
        self._node = node
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._url = ""

    def verdict(self, request: Request) -> str:
        """Say what it makes of a request."""
        if self._process is None:
            self._start()
        told = verdict(request, self._url)
        return DIES if told == SILENT and self._has_died() else told

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    def _start(self) -> None:
        environ = {"PATH": os.environ["PATH"], "SLACK_SIGNING_SECRET": SIGNING}
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._node, "peer.mjs"], cwd=self._folder, env=environ, stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        assert told, (self._folder / "log").read_text()
        self._url = f"http://127.0.0.1:{int(told)}"

    def _has_died(self) -> bool:
        assert self._process is not None
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            return False
        self.stop()
        return True


@pytest.fixture(scope="module")
def bolt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bolt]:
    """Return Bolt for JavaScript."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are not installed, which run Bolt for JavaScript")
    folder = tmp_path_factory.mktemp("bolt")
    for name in ("package.json", "package-lock.json", "peer.mjs"):
        shutil.copy(BOLT / name, folder)
    install = [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    made = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if made.returncode:
        pytest.skip(f"Bolt for JavaScript could not be installed: {made.stderr.strip()[-200:]}")
    peer = Bolt(node, folder)
    yield peer
    peer.stop()


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server of ours with the same secret."""
    with office(tmp_path_factory.mktemp("office"), settings={"SLACK_SIGNING_SECRET": SIGNING}) as acme:
        yield acme.served.url


@pytest.fixture(scope="module")
def verdicts(bolt: Bolt, ours: str) -> dict[str, tuple[str, str]]:
    """Return what both make of each request: ours, Bolt's."""
    return {one.name: (verdict(one, ours), bolt.verdict(one)) for one in REQUESTS}


def verdict(request: Request, url: str) -> str:
    """Say what somebody makes of a request."""
    status = request.sent(url)
    if not status:
        return SILENT
    return LET_IN if status < 300 else REFUSED if status < 500 else BROKEN


def test_both_doors_judge_alike(verdicts: dict[str, tuple[str, str]]) -> None:
    """Each request is let in by both or by neither; where they differ, the reason is listed, and nothing else is."""
    differ = {name: told for name, told in verdicts.items() if told[0] != told[1]}
    for name, told in differ.items():
        print(f"\n{name}: ours {told[0]}, Bolt {told[1]}", end="")  # noqa: T201 - told by -s
    assert differ == {name: told[:2] for name, told in DIFFERENCES.items()}


def test_nothing_breaks_our_door(verdicts: dict[str, tuple[str, str]]) -> None:
    """Every request has an answer, and none is a fault of the server."""
    assert len(verdicts) == len(REQUESTS)
    assert {name for name, (own, _) in verdicts.items() if own in (BROKEN, SILENT)} == set()


def test_only_what_slack_signed_is_let_in(verdicts: dict[str, tuple[str, str]]) -> None:
    """Nothing that is not proven comes in, and all that Slack sends does."""
    assert {verdicts[one.name][0] for one in good()} == {LET_IN}
    assert {one.name for one in unproven() if verdicts[one.name][0] != REFUSED} == set()
