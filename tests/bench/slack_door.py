"""
How soon Slack's events are acknowledged, at a steady rate, beside bare Bolt in the same run.

    python tests/bench/slack_door.py [--rate 100] [--seconds 60] [--questions 5] [--database postgresql] [--sync 1000]
    python tests/bench/slack_door.py --rate 20 --questions 100 --model-seconds 25

Events come at fixed times, whether or not those before them are acknowledged: of each hundred five are questions that
a mention asks, the others are other people's messages, edits, reactions and repetitions. An acknowledgement of ours
says that the event is durable; Bolt's says that it was received. `--sync` syncs so many documents of ten sections
meanwhile; `--model-seconds` lets each answer be written by a model that says nothing for so long. The Slack that
answers is the fake one, in this process. Exit status 1 if a bar is missed.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp


sys.path.insert(0, str(Path(__file__).parents[2]))

from pipelines.domain.access import OPERATOR
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.bench.index import percentile
from tests.bench.processes import cpu_seconds, peak_mb
from tests.bench.workers_corpus import write_documents
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive
from tests.fakes.slack_signing import signed_headers
from tests.scenarios.slack_office import Office, office
from tests.servers import free_ports, postgres_server


BAR_MS = 50.0
SYNC_BAR_MS = 200.0
_BARE_BOLT = """
    import os
    from aiohttp import web
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult

    async def authorize():
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U1")

    app = AsyncApp(signing_secret=os.environ["SECRET"], authorize=authorize)

    @app.event({"type": "message"})
    @app.event("app_mention")
    @app.event("reaction_added")
    async def nothing():
        return None

    web.run_app(app.web_app("/slack/events"), host="127.0.0.1", port=int(os.environ["PORT"]), print=None)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the events of one run; times in milliseconds."""

    acknowledged_ms: tuple[float, ...]
    refused: int
    cpu_s: float
    seconds: float

    def line(self, name: str) -> str:
        """Return it as a line."""
        times = sorted(self.acknowledged_ms)
        found = f"p50 {percentile(times, 0.5):.1f}, p99 {percentile(times, 0.99):.1f}, max {times[-1]:.1f} ms"
        cpu = self.cpu_s / max(1, len(times)) * 1000
        return f"{name:<24} {len(times)} events, {self.refused} refused; {found}; CPU {cpu:.2f} ms each"


class Crowd:
    """The people of a channel: makes the events of a busy workspace, each once, and some of them again."""

    def __init__(self, acme: Office, questions: int) -> None:
        self._acme = acme
        self._questions = questions
        self._made: list[bytes] = []

    def event(self, number: int) -> bytes:
        """Return the body of an event."""
        place = number % 100
        if place >= 90 and self._made:
            return self._made[-(place % 7) - 1]
        if place < self._questions:
            made = self._message(
                number, f"<@{self._acme.bot.bot_user}> How many weeks of parental leave does a parent get?"
            )
        elif place < 60:
            made = self._message(number, f"the coffee is ready, number {number}")
        elif place < 75:
            made = self._edit(number)
        else:
            made = self._reaction(number)
        self._made = [*self._made[-20:], made]
        return made

    def _message(self, number: int, text: str) -> bytes:
        return self._body(number, {"type": "message", "ts": self._ts(number), "text": text, "channel_type": "channel"})

    def _edit(self, number: int) -> bytes:
        message = {"type": "message", "user": self._acme.ann.id, "ts": self._ts(number)}
        changed = {"message": {**message, "text": "better", "edited": {"user": "U1", "ts": self._ts(number)}}}
        before = {"previous_message": {**message, "text": "good"}}
        event = {"type": "message", "subtype": "message_changed", "ts": self._ts(number), "channel_type": "channel"}
        return self._body(number, {**event, **changed, **before})

    def _reaction(self, number: int) -> bytes:
        item = {"type": "message", "channel": self._acme.general.id, "ts": self._ts(number)}
        event = {"type": "reaction_added", "reaction": "+1", "item": item, "item_user": self._acme.bob.id}
        return self._body(number, {**event, "event_ts": self._ts(number)})

    def _body(self, number: int, event: dict[str, Any]) -> bytes:
        bot, team = self._acme.bot.bot_user, self._acme.team.id
        told = {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{number}",
            "authorizations": [{"team_id": team, "user_id": bot, "is_bot": True}],
            "event": {"channel": self._acme.general.id, "user": self._acme.ann.id, **event},
        }
        return json.dumps(told).encode()

    def _ts(self, number: int) -> str:
        return f"{1_700_000_000 + number}.{number:06}"


async def send(
    url: str, secret: str, event: Callable[[int], bytes], rate: float, seconds: float
) -> tuple[list[float], int]:
    """Send events at a steady rate; return milliseconds until each was acknowledged, and how many were not."""
    times: list[float] = []
    refused = 0
    began = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(number: int) -> None:
            nonlocal refused
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            body = event(number)
            headers = {"Content-Type": "application/json", **signed_headers(secret, body, int(time.time()))}
            try:
                async with session.post(url, data=body, headers=headers) as answer:
                    await answer.read()
                    refused += answer.status != 200
            except aiohttp.ClientError:
                refused += 1
            times.append((time.monotonic() - due) * 1000)

        await asyncio.gather(*(one(number) for number in range(int(rate * seconds))))
    return times, refused


def measured(url: str, secret: str, pid: int, event: Callable[[int], bytes], wanted: argparse.Namespace) -> Told:
    """Send events to a process, and tell what that took."""
    asyncio.run(send(url, secret, event, wanted.rate, 2))
    before, began = cpu_seconds([pid]), time.monotonic()
    times, refused = asyncio.run(send(url, secret, lambda number: event(number + 1000), wanted.rate, wanted.seconds))
    return Told(tuple(times), refused, cpu_seconds([pid]) - before, time.monotonic() - began)


@contextmanager
def bare_bolt(secret: str) -> Iterator[tuple[str, int]]:
    """Start Bolt's own server with listeners that do nothing; yield its address and process."""
    port = free_ports(1)[0]
    environ = {**os.environ, "SECRET": secret, "PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(_BARE_BOLT)], env=environ)
    try:
        url = f"http://127.0.0.1:{port}/slack/events"
        asyncio.run(_reachable(url))
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


async def _reachable(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            try:
                async with session.post(url, data=b"{}"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def main(arguments: Sequence[str]) -> int:
    """Run, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--questions", type=int, default=5, help="of each hundred events")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--sync", type=int, default=0, help="documents that are synced meanwhile")
    parser.add_argument("--model-seconds", type=float, default=0.0, help="silence of a model; 0: no model writes")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="footnote-") as made, ExitStack() as opened:
        home = Path(made)
        home.chmod(0o755)
        settings = {}
        if wanted.database == "postgresql":
            (home / "postgresql").mkdir()
            server = postgres_server(home / "postgresql")
            server.start()
            opened.callback(server.stop)
            settings["DATABASE_URL"] = server.url
        if wanted.model_seconds:
            models = opened.enter_context(ModelServer())
            models.default = Behaviour(write=extractive, piece_chars=10_000, pause_s=wanted.model_seconds)
            settings |= {"OPENAI_BASE_URL": models.url, "OPENAI_API_KEY": KEY or "", "FOOTNOTE_MODEL": MODEL}
        acme = opened.enter_context(office(home, settings=settings))
        if wanted.sync:
            _begin_sync(home, acme, wanted.sync)
        secret, crowd = acme.app.signing_secret, Crowd(acme, wanted.questions)
        told = measured(f"{acme.served.url}/slack/events", secret, acme.served.pid, crowd.event, wanted)
        memory = peak_mb([acme.served.pid])
        with bare_bolt(secret) as (url, pid):
            bare = measured(url, secret, pid, Crowd(acme, wanted.questions).event, wanted)
    load = f"load {os.getloadavg()[0]:.1f}"
    print(f"{wanted.rate:g} events/s for {wanted.seconds:g} s, {wanted.questions} of a hundred are questions; {load}")
    print(told.line(f"Footnote, {wanted.database}"), f"; {memory:.0f} MB")
    print(bare.line("bare Bolt, nothing kept"))
    bar = SYNC_BAR_MS if wanted.sync else BAR_MS
    worst = percentile(sorted(told.acknowledged_ms), 0.99)
    print(f"p99 {worst:.1f} ms, bar {bar:g} ms: {'met' if worst < bar and not told.refused else 'MISSED'}")
    return int(worst >= bar or told.refused > 0)


def _begin_sync(home: Path, acme: Office, documents: int) -> None:
    """Let the server's job process sync a large base."""
    write_documents(home / "large", documents)
    with open_footnote(Settings.load(acme.served.settings, env_file=None)) as footnote:
        footnote.add_base("large", home / "large", OPERATOR)
        footnote.jobs.submit_sync("large")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
