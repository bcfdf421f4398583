"""The command line: names, options and help. What a command does is `bot.cli.terminal`."""

import sys
from collections.abc import Sequence
from typing import Annotated

from typer import Argument, Exit, Option, Typer
from typer.main import get_command

from bot.cli.eval_app import eval_app
from bot.cli.index_app import index_app
from bot.cli.kb_app import kb_app
from bot.cli.loading import terminal, version
from bot.cli.manifest_app import manifest_app
from bot.cli.move_app import move_app
from bot.cli.options import Bases, Json, Limit, Platform, Readers
from bot.cli.route_app import model_app
from bot.commands.bounds import DEFAULT_CITATIONS, MOST_FEEDBACK, NEWEST_FEEDBACK


HELP_OPTIONS = ["-h", "--help"]
_GROUPS: tuple[list[str], ...] = (
    [],
    ["kb"],
    ["eval"],
    ["move"],
    ["index"],
    ["manifest"],
    ["model"],
    ["model", "route"],
)
"""Words that are no command yet."""

app = Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": HELP_OPTIONS},
)
app.add_typer(kb_app, name="kb")
app.add_typer(eval_app, name="eval")
app.add_typer(move_app, name="move")
app.add_typer(index_app, name="index")
app.add_typer(manifest_app, name="manifest")
app.add_typer(model_app, name="model")


def invoke(words: Sequence[str]) -> int:
    """Run a command line and return its exit code; without a command it is `--help`."""
    typed = [*words, "--help"] if list(words) in _GROUPS else list(words)
    code = get_command(app).main(args=typed, prog_name="footnote", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _show_version(*, wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"footnote {version()}".strip() + "\n")
        raise Exit


@app.callback()
def footnote(
    *,
    version: Annotated[
        bool,
        Option(
            "--version",
            is_eager=True,
            callback=lambda value: _show_version(wanted=value),
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Ask your organisation's own documents; get an answer you can check."""


@app.command()
def ask(
    question: Annotated[str, Argument(metavar="QUESTION", help="What you would like to know, in quotes.")],
    *,
    kb: Bases = None,
    limit: Limit = DEFAULT_CITATIONS,
    readers: Readers = None,
    as_json: Json = False,
) -> int:
    """Answer a question from the documents, with a citation for every statement."""
    return terminal(as_json=as_json).ask(question, kb or [], limit, readers or [])


@app.command()
def chat(*, kb: Bases = None, limit: Limit = DEFAULT_CITATIONS, readers: Readers = None, as_json: Json = False) -> int:
    """Answer questions line by line; a follow-up may refer to what came before. /quit ends."""
    return terminal(as_json=as_json).chat(kb or [], limit, readers or [])


@app.command()
def work(
    *,
    once: Annotated[bool, Option("--once", help="Do what is due and what waits now, then end.")] = False,
    attended: Annotated[bool, Option("--attended", hidden=True, help="End when standard input ends.")] = False,
    as_json: Json = False,
) -> int:
    """Work on syncs and what else is due, until Ctrl-C or SIGTERM; beside or instead of Celery's workers."""
    return terminal(as_json=as_json).work(once=once, attended=attended)


@app.command()
def serve(
    *,
    host: Annotated[str, Option("--host", metavar="HOST", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Option("--port", metavar="PORT", min=0, max=65535, help="To listen on; 0: any free.")] = 8080,
    as_json: Json = False,
) -> int:
    """Answer in the chat platforms that are set, until Ctrl-C or SIGTERM; without Redis with a job process beside."""
    return terminal(as_json=as_json).serve(host, port)


@app.command()
def replay(
    number: Annotated[int | None, Argument(metavar="[NUMBER]", help="Of the answer; the newest without.")] = None,
    *,
    as_json: Json = False,
) -> int:
    """Show what an answer was made of, ask its question again with the same rights, and tell what differs."""
    return terminal(as_json=as_json).replay(number)


@app.command()
def feedback(
    *,
    limit: Annotated[
        int, Option("--limit", metavar="N", min=1, max=MOST_FEEDBACK, help="At most so many.")
    ] = NEWEST_FEEDBACK,
    as_json: Json = False,
) -> int:
    """List what people said of answers in a chat, newest first."""
    return terminal(as_json=as_json).feedback(limit)


@app.command()
def doctor(
    platform: Annotated[
        Platform | None, Argument(metavar="[slack]", help="Look at this chat platform alone, and thoroughly.")
    ] = None,
    *,
    as_json: Json = False,
) -> int:
    """Show what is configured, what works, and what to do next."""
    return terminal(as_json=as_json).doctor(platform)
