"""The command line `footnote manifest …`: names, options and help. What it does is `bot.cli.terminal`."""

from typing import Annotated

from typer import Option, Typer

from bot.cli.loading import terminal
from bot.cli.options import Json


manifest_app = Typer(help="Print what a chat platform asks for, to make an app of it.", rich_markup_mode=None)


@manifest_app.callback()
def manifest() -> None:
    """Print what a chat platform asks for, to make an app of it."""


@manifest_app.command()
def slack(
    *,
    socket_mode: Annotated[
        bool, Option("--socket-mode", help="Footnote connects to Slack; no address of its own is needed.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Print the manifest of Slack's app for this configuration, as JSON."""
    return terminal(as_json=as_json).manifest_slack(socket_mode=socket_mode)
