"""
`python -m demo.slack`: a whole conversation with Footnote on a page that plays Slack, without a workspace.

It starts a fake Slack, fills the demonstration's knowledge bases, starts `footnote serve` beside
it, and serves the page. Ctrl-C ends all of it.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from demo.slack.footnote import ROOT, Footnote, NotServed
from demo.slack.town import Town, build, offer
from tests.fakes.slack_page.page import page
from tests.fakes.slack_server import FakeSlack


PORT = 8090
_HOST = "127.0.0.1"
_LOOK_S = 0.5


def main(words: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.slack", description="Talk with Footnote on a page.")
    parser.add_argument("--port", type=int, default=PORT, help="of the page; another one where it is taken")
    parser.add_argument("--data", type=Path, default=ROOT / ".footnote-demo", help="folder of the demonstration's data")
    asked = parser.parse_args(words)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _run(asked.port, asked.data.resolve())
    except KeyboardInterrupt:
        return 0
    except NotServed as fault:
        sys.stderr.write(f"{fault}\n")
        return 1


def _run(port: int, data: Path) -> int:
    with FakeSlack() as slack:
        town = build(slack)
        footnote = Footnote(data, _settings(slack, town))
        _say("Reading in the documents of the demonstration …")
        footnote.fill()
        _say("Starting footnote serve …")
        with footnote.served() as served:
            town.app.request_url = f"{served.url}/slack/events"
            fault = asyncio.run(_show(page(slack, town.bot, offer(town)), port, lambda: served.fault))
    if fault:
        raise NotServed(fault)
    return 0


def _settings(slack: FakeSlack, town: Town) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": town.bot.bot_token,
        "SLACK_SIGNING_SECRET": town.app.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "FOOTNOTE_ADMINS": f"user:{town.maria.user.email}",
    }


async def _show(app: web.Application, port: int, fault: Callable[[], str]) -> str:
    """Serve the page until a signal comes, or Footnote ends; return why it ended, "" for a signal."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        _say(f"The page is at {await _listen(runner, port)} (Ctrl-C ends everything)")
        ends = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ends.set)
        while not ends.is_set() and not fault():
            with suppress(TimeoutError):
                await asyncio.wait_for(ends.wait(), _LOOK_S)
        return "" if ends.is_set() else fault()
    finally:
        _say("Ending …")
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> str:
    """Listen on a port, or on a free one where it is taken; return the address."""
    try:
        await web.TCPSite(runner, _HOST, port).start()
    except OSError:
        await web.TCPSite(runner, _HOST, 0).start()
    return f"http://{_HOST}:{runner.addresses[0][1]}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
