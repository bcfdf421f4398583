"""Options and arguments that several commands share."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from typer import Argument, BadParameter, Option

from bot import texts
from bot.commands.bounds import MAX_CITATIONS
from bot.line_texts import argument_meaning


def meaning(argument: str) -> str:
    """Return what an argument such as `NAME`, or an option such as `--to`, means; in a chat it means the same."""
    return argument_meaning("en", argument)


class Platform(StrEnum):
    """A chat platform, as it is named on the command line."""

    SLACK = "slack"


def whole_number(text: str) -> int:
    """Return the number that was typed, or refuse the argument."""
    try:
        return int(text)
    except ValueError as error:
        raise BadParameter(texts.no_whole_number(text)) from error


def _number_of_citations(text: str) -> int:
    """Return how many citations there may be, or refuse the argument."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_CITATIONS:
        raise BadParameter(texts.no_number_of_citations(text, MAX_CITATIONS))
    return number


Json: TypeAlias = Annotated[bool, Option("--json", help="Write one JSON document to stdout and nothing else.")]
Name: TypeAlias = Annotated[str, Argument(metavar="NAME", help=meaning("NAME"))]
Version: TypeAlias = Annotated[int, Argument(metavar="V", parser=whole_number, help=meaning("V"))]
OlderVersion: TypeAlias = Annotated[int | None, Option("--to", metavar="V", parser=whole_number, help=meaning("--to"))]
Bases: TypeAlias = Annotated[
    list[str] | None, Option("--kb", metavar="NAME", help="Search this base only. Repeatable.")
]
Limit: TypeAlias = Annotated[
    int, Option("--limit", metavar="N", parser=_number_of_citations, help=f"Citations at most, 1 to {MAX_CITATIONS}.")
]
Readers: TypeAlias = Annotated[
    list[str] | None,
    Option(
        "--as",
        metavar="READER",
        help="Ask with the rights of this reader only (user:ID, group:ID, channel:ID, everyone, public). Repeatable.",
    ),
]
