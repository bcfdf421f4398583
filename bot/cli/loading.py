"""
What the terminal loads only when it is used.

The one file of `bot` where imports stand inside functions: `footnote --help` loads
none of them, and each command only its own.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    from bot.cli.screen import Screen
    from bot.cli.sync_bar import SyncBar
    from bot.cli.terminal import Terminal
    from bot.commands.checks import Check
    from bot.facade import Footnote
    from bot.slack.manifest import SlackManifest
    from pipelines.settings import Settings


def command_line() -> "Callable[[Sequence[str]], int]":
    """Return the command line, which needs the Python that was checked before."""
    from bot.cli.edge import run  # noqa: PLC0415 - see the module's docstring

    return run


def settings() -> "Settings":
    """Return the settings of this process, or raise BadSettings."""
    from pipelines.settings import Settings  # noqa: PLC0415 - see the module's docstring

    return Settings.load()


def installation() -> "Footnote":
    """Return the installation that the settings describe, or raise BadSettings before anything is loaded."""
    chosen = settings()
    from pipelines.wiring import open_footnote  # noqa: PLC0415 - see the module's docstring

    return open_footnote(chosen)


def terminal(*, as_json: bool) -> "Terminal":
    """Return what carries out the commands."""
    from bot.cli.terminal import Terminal  # noqa: PLC0415 - see the module's docstring

    return Terminal(as_json=as_json)


def serve(footnote: "Footnote", host: str, port: int, listening: "Callable[[str], None]") -> None:
    """Serve the chat platforms until asked to end."""
    import asyncio  # noqa: PLC0415 - see the module's docstring

    from bot.platforms import open_platforms  # noqa: PLC0415 - see the module's docstring
    from bot.serving import Address, serve  # noqa: PLC0415 - see the module's docstring
    from pipelines.adapters.system_clock import SystemClock  # noqa: PLC0415 - see the module's docstring

    asyncio.run(serve(footnote, Address(host, port), SystemClock(), open_platforms, listening))


def evaluate() -> "Callable[..., int]":
    """Return what runs evaluation sets."""
    from bot.cli.evaluating import run_and_show  # noqa: PLC0415 - see the module's docstring

    return run_and_show


def rich_screen(stream: "TextIO") -> "Screen":
    """Return a screen for a terminal."""
    from bot.cli.rich_screen import RichScreen  # noqa: PLC0415 - see the module's docstring

    return RichScreen(stream)


def sync_bar(stream: "TextIO", headline: str) -> "SyncBar":
    """Return a progress bar for a terminal, under a headline."""
    from bot.cli.sync_bar import SyncBar  # noqa: PLC0415 - see the module's docstring

    return SyncBar(stream, headline)


def slack_manifest(chosen: "Settings", *, socket_mode: bool) -> "SlackManifest":
    """Return the manifest of Slack's app, or raise BadSettings."""
    from bot.slack.manifest import manifest_of  # noqa: PLC0415 - see the module's docstring

    return manifest_of(chosen, socket_mode=socket_mode)


def slack_checks(chosen: "Settings", *, thorough: bool = False) -> "Sequence[Check]":
    """Look at Slack; where it is off, nothing of it is loaded unless it is to be looked at thoroughly."""
    if chosen.slack is None and not thorough:
        return ()
    from bot.slack.doctor import examine_slack  # noqa: PLC0415 - see the module's docstring

    return examine_slack(chosen, lambda: datetime.now(UTC), thorough=thorough)


def line_editing() -> None:
    """Let a person edit the line that is typed, where the system can (arrow keys, history)."""
    try:
        import readline  # noqa: F401, PLC0415 - its import is its effect
    except ImportError:
        return


def version() -> str:
    """Return the version of the distribution; empty where it runs without being installed."""
    from importlib import metadata  # noqa: PLC0415 - see the module's docstring

    try:
        return metadata.version("footnote")
    except metadata.PackageNotFoundError:
        return ""
