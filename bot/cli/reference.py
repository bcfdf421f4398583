"""
Writes docs/reference: the tables of settings, commands, errors and the words of `/kb`, from the code itself.

Run as `python -m bot.cli.reference [FOLDER]`. A test compares the files with it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from typer import Context
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.cli.app import HELP_OPTIONS, app
from bot.cli.examples import EXAMPLES
from bot.cli.exit_codes import BROKEN_PIPE, DONE, FAILED, INTERRUPTED, REFUSED, USAGE
from bot.cli.faults import KINDS, Fault, interrupted_fault, system_fault, unexpected_fault, usage_fault
from bot.commands.line_actions import VERBS
from bot.commands.line_verbs import Verb
from bot.line_texts import argument_meaning, verb_meaning
from pipelines.settings import setting_rows


FOLDER = Path("docs/reference")
_WIDTH = 100
_EXIT_CODES = (
    (DONE, "answered, asked back, or done"),
    (REFUSED, "refused, or not found"),
    (USAGE, "the command line or a setting cannot be used"),
    (FAILED, "failed, or a check of `doctor` did"),
    (INTERRUPTED, "stopped by Ctrl-C"),
    (BROKEN_PIPE, "the reader of the output went away"),
)


def pages() -> dict[str, str]:
    """Return the name of each page and its text."""
    return {"settings.md": settings_page(), "commands.md": commands_page(), "kb.md": line_page()}


def settings_page() -> str:
    """Return the table of settings."""
    lines = [
        "# Settings",
        "",
        "Read from the environment, and from the file `.env` of the working directory (`NAME=value`, one a line;",
        "nothing in a value is substituted). The environment wins. An empty value counts as not set. All faults",
        "are told at once, and an unknown name that begins with `FOOTNOTE_` is one of them. Written by",
        "`python -m bot.cli.reference`.",
        "",
        "| name | value | unit | default | meaning |",
        "|---|---|---|---|---|",
    ]
    rows = (f"| `{one.name}` | {one.form} | {one.unit} | {one.default} | {one.meaning} |" for one in setting_rows())
    return "\n".join([*lines, *rows]) + "\n"


def commands_page() -> str:
    """Return the reference of commands, exit codes and errors."""
    lines = [
        "# Commands",
        "",
        "Written by `python -m bot.cli.reference`.",
        "",
        "Every command takes `--json`: one JSON document on stdout and nothing else there, in ASCII, errors",
        "included. What is meant for a person only, such as a progress bar, goes to stderr. Fields may be added",
        "later; none changes its name or meaning.",
        "",
        *_table("exit code", "meaning", ((str(code), meaning) for code, meaning in _EXIT_CODES)),
        "",
        'An error is `{"error": {"kind": …, "message": …}}`:',
        "",
        *_table("kind", "exit code", _kinds()),
    ]
    root = get_command(app)
    context = Context(
        root, info_name="footnote", terminal_width=_WIDTH, max_content_width=_WIDTH, help_option_names=HELP_OPTIONS
    )
    for name, command, within in _commands(root, context):
        lines += ["", f"## footnote {name}", "", "```text", command.get_help(within).rstrip(), "```", ""]
        lines += ["```json", json.dumps(EXAMPLES[name].as_json(), indent=2, ensure_ascii=False), "```"]
    return "\n".join(lines) + "\n"


def line_page() -> str:
    """Return the reference of the words of `/kb`."""
    lines = [
        "# `/kb`",
        "",
        "Written by `python -m bot.cli.reference`. What is in brackets may be left out; … means several.",
        "",
        "| command | for | what it does |",
        "|---|---|---|",
        *map(_verb_row, VERBS),
    ]
    arguments = {name.strip("[]"): name.strip("[]") for one in VERBS for name in one.arguments}
    options = {option.name: option.form for one in VERBS for option in one.options}
    rows = ((f"`{_escaped(form)}`", argument_meaning("en", name)) for name, form in {**arguments, **options}.items())
    return "\n".join([*lines, "", *_table("argument", "meaning", rows)]) + "\n"


def _verb_row(verb: Verb) -> str:
    """Return a row of the table of verbs."""
    whom = "admins" if verb.admins else "everybody"
    return f"| `/kb {_escaped(verb.form)}` | {whom} | {verb_meaning('en', verb.name)} |"


def _escaped(form: str) -> str:
    """Return a form for a cell of a table."""
    return form.replace("|", "\\|")


def _table(first: str, second: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Yield a table of two columns."""
    yield f"| {first} | {second} |"
    yield "|---|---|"
    yield from (f"| {one} | {other} |" for one, other in rows)


def _kinds() -> Iterator[tuple[str, str]]:
    """Yield every kind of error with its exit code."""
    ours = [Fault(kind, "", code) for _, kind, code in KINDS]
    others = [system_fault(OSError()), unexpected_fault(Exception()), interrupted_fault()]
    for fault in (usage_fault("", ""), *ours, *others):
        yield (f"`{fault.kind}`", str(fault.code))


def _commands(group: object, context: Context, before: str = "") -> Iterator[tuple[str, TyperCommand, Context]]:
    """Yield the commands of a group and of the groups in it: full name, command, context; by name."""
    if not isinstance(group, TyperGroup):
        return
    for name, one in sorted(group.commands.items()):
        within = Context(one, info_name=name, parent=context, terminal_width=_WIDTH, max_content_width=_WIDTH)
        if isinstance(one, TyperCommand):
            yield before + name, one, within
        else:
            yield from _commands(one, within, f"{before}{name} ")


def main() -> None:
    """Write the pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
