"""The command line `footnote kb …`: names, options and help. What a command does is `bot.cli.terminal`."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from bot.cli.loading import terminal
from bot.cli.options import Json, Name, OlderVersion, Version, meaning
from bot.commands.answer_wishes import AnswerWishes, OwnWords
from pipelines.domain.source_options import SourceOptions


kb_app = Typer(help="Manage knowledge bases.", rich_markup_mode=None)


@kb_app.command()
def add(
    name: Name,
    source: Annotated[
        str,
        Argument(metavar="SOURCE", help=meaning("SOURCE")),
    ],
    *,
    branch: Annotated[str, Option("--branch", metavar="NAME", help=meaning("--branch"))] = "",
    subfolder: Annotated[str, Option("--subfolder", metavar="PATH", help=meaning("--subfolder"))] = "",
    include: Annotated[list[str] | None, Option("--include", metavar="PATTERN", help=meaning("--include"))] = None,
    exclude: Annotated[list[str] | None, Option("--exclude", metavar="PATTERN", help=meaning("--exclude"))] = None,
    link_template: Annotated[
        str,
        Option("--link-template", metavar="URL", help=meaning("--link-template")),
    ] = "",
    token_env: Annotated[str, Option("--token-env", metavar="NAME", help=meaning("--token-env"))] = "",
    key_file: Annotated[str, Option("--key-file", metavar="FILE", help=meaning("--key-file"))] = "",
    as_json: Json = False,
) -> int:
    """Add a knowledge base over a source, after a look at it. Only admins can read it until `kb access` opens it."""
    options = SourceOptions(
        branch, subfolder, tuple(include or ()), tuple(exclude or ()), link_template, token_env, key_file
    )
    return terminal(as_json=as_json).add(name, source, options)


@kb_app.command()
def upload(
    name: Name,
    files: Annotated[list[Path], Argument(metavar="FILE", help="Files to hand in; one of the same name is replaced.")],
    *,
    as_json: Json = False,
) -> int:
    """Hand files in to a knowledge base that was added with `upload:`; the next sync reads them."""
    return terminal(as_json=as_json).upload(name, files)


@kb_app.command(name="list")
def list_all(*, as_json: Json = False) -> int:
    """List all knowledge bases."""
    return terminal(as_json=as_json).list_all()


@kb_app.command()
def sync(
    name: Name,
    *,
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    accept_loss: Annotated[bool, Option("--accept-loss", help=meaning("--accept-loss"))] = False,
    detach: Annotated[bool, Option("--detach", help="Leave it to the workers, and do not wait for it.")] = False,
    as_json: Json = False,
) -> int:
    """Bring a knowledge base up to date with its source; what another process does already is waited for."""
    return terminal(as_json=as_json).sync(name, dry_run=dry_run, accept_loss=accept_loss, detach=detach)


@kb_app.command()
def schedule(
    name: Name,
    *,
    every: Annotated[str | None, Option("--every", metavar="INTERVAL", help=meaning("--every"))] = None,
    as_json: Json = False,
) -> int:
    """Show or set at which interval a knowledge base is synced by itself, by workers or `footnote work`."""
    return terminal(as_json=as_json).schedule(name, every)


@kb_app.command()
def status(name: Name, *, as_json: Json = False) -> int:
    """Show how a knowledge base is."""
    return terminal(as_json=as_json).status(name)


@kb_app.command()
def failed(name: Name, *, as_json: Json = False) -> int:
    """List the files that the newest sync could not take, with the reasons."""
    return terminal(as_json=as_json).failed(name)


@kb_app.command()
def remove(
    name: Name, *, yes: Annotated[bool, Option("--yes", "-y", help="Do not ask.")] = False, as_json: Json = False
) -> int:
    """Remove a knowledge base with its index and versions; its folder stays as it is."""
    return terminal(as_json=as_json).remove(name, confirmed=yes)


@kb_app.command()
def versions(name: Name, *, as_json: Json = False) -> int:
    """List the versions of a knowledge base that are kept."""
    return terminal(as_json=as_json).versions(name)


@kb_app.command()
def promote(name: Name, version: Version, *, as_json: Json = False) -> int:
    """Let readers see a version, and lift the pin."""
    return terminal(as_json=as_json).promote(name, version)


@kb_app.command()
def rollback(
    name: Name,
    *,
    to: OlderVersion = None,
    as_json: Json = False,
) -> int:
    """Let readers see an older version, and pin it: no sync changes that until `unpin` or `promote`."""
    return terminal(as_json=as_json).roll_back(name, to)


@kb_app.command()
def unpin(name: Name, *, as_json: Json = False) -> int:
    """Let the next sync promote again."""
    return terminal(as_json=as_json).unpin(name)


@kb_app.command()
def access(
    name: Name,
    more: Annotated[list[str] | None, Argument(metavar="READER", hidden=True)] = None,
    *,
    allow: Annotated[list[str] | None, Option("--allow", metavar="READER", help=meaning("--allow"))] = None,
    remove: Annotated[list[str] | None, Option("--remove", metavar="READER", help=meaning("--remove"))] = None,
    as_json: Json = False,
) -> int:
    """Show or change who may read: everyone (members), public (anybody), user:ID, group:ID, channel:ID."""
    return terminal(as_json=as_json).access(name, allow or [], remove or [], more or [])


@kb_app.command()
def answers(
    name: Name,
    *,
    style: Annotated[str | None, Option("--style", metavar="TEXT", help=meaning("--style"))] = None,
    style_file: Annotated[Path | None, Option("--style-file", metavar="FILE", help="The same from a file.")] = None,
    glossary_file: Annotated[
        Path | None,
        Option("--glossary-file", metavar="FILE", help="Lines 'word: meaning', in place of those that were there."),
    ] = None,
    own_words: Annotated[OwnWords | None, Option("--own-words", help=meaning("--own-words"))] = None,
    tokens_per_day: Annotated[
        str | None, Option("--tokens-per-day", metavar="N", help=meaning("--tokens-per-day"))
    ] = None,
    money_per_day: Annotated[
        str | None, Option("--money-per-day", metavar="X", help=meaning("--money-per-day"))
    ] = None,
    as_json: Json = False,
) -> int:
    """Show or change how answers of a knowledge base are written, and what language models may cost for it."""
    wishes = AnswerWishes(style, None, own_words, tokens_per_day, money_per_day)
    return terminal(as_json=as_json).answers(name, wishes, style_file, glossary_file)
