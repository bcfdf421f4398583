"""The command line `footnote index …`: names, options and help. What it does is `bot.cli.terminal`."""

from typing import Annotated

from typer import Option, Typer

from bot.cli.loading import terminal
from bot.cli.options import Json


index_app = Typer(help="See what the index is made with, and change it while it is asked.", rich_markup_mode=None)


@index_app.command()
def show(*, as_json: Json = False) -> int:
    """Show what the index is made with, and whether the settings want something else."""
    return terminal(as_json=as_json).index_shown()


@index_app.command()
def rebuild(
    *,
    back: Annotated[bool, Option("--back", help="Let the generation that is kept be the index again.")] = False,
    as_json: Json = False,
) -> int:
    """Make the index anew with the embedder of the settings; what was stopped goes on where it was."""
    return terminal(as_json=as_json).index_rebuilt(back=back)


@index_app.command()
def confirm(*, as_json: Json = False) -> int:
    """Delete the generation that is not in use; there is no way back after that."""
    return terminal(as_json=as_json).index_confirmed()
