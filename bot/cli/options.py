"""Options and arguments that several commands share."""

from typing import Annotated, TypeAlias

from typer import Argument, Option

from bot.commands.bounds import DEFAULT_CITATIONS, MAX_CITATIONS


Json: TypeAlias = Annotated[bool, Option("--json", help="Write one JSON document to stdout and nothing else.")]
Name: TypeAlias = Annotated[str, Argument(metavar="NAME", help="Name of the knowledge base.")]
Version: TypeAlias = Annotated[int, Argument(metavar="V", help="Number of the version.")]
Bases: TypeAlias = Annotated[
    list[str] | None, Option("--kb", metavar="NAME", help="Search this base only. Repeatable.")
]
Limit: TypeAlias = Annotated[int, Option("--limit", metavar="N", min=1, max=MAX_CITATIONS, help="Citations at most.")]
Readers: TypeAlias = Annotated[
    list[str] | None,
    Option(
        "--as",
        metavar="READER",
        help="Ask with the rights of this reader only (user:ID, group:ID, everyone, public). Repeatable.",
    ),
]
CITATIONS = DEFAULT_CITATIONS
