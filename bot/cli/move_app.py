"""The command line `footnote move …`: names, options and help. What it does is `bot.cli.terminal`."""

from typing import Annotated

from typer import Option, Typer

from bot.cli.loading import terminal
from bot.cli.options import Json
from pipelines.domain.index_places import Engine


move_app = Typer(help="Move what Footnote keeps to another engine.", rich_markup_mode=None)


@move_app.callback()
def move() -> None:
    """Move what Footnote keeps to another engine."""


@move_app.command()
def index(
    *,
    to: Annotated[Engine | None, Option("--to", help="Copy the index there, compare, and use it from then on.")] = None,
    confirm: Annotated[bool, Option("--confirm", help="Delete what the engine that is not in use holds.")] = False,
    rebuild: Annotated[
        bool, Option("--rebuild", help="With --to: make it anew from the stored files, the old one unread.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Show where the index is, or move it while it is asked; a move that was stopped goes on where it was."""
    return terminal(as_json=as_json).move_index(to, rebuild=rebuild, confirm=confirm)
