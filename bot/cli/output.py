"""The JSON that a command leaves on stdout."""

import json
import sys
from dataclasses import dataclass
from typing import Any, Protocol

from pipelines.domain.values import Value


class Result(Protocol):
    """What a command returns."""

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""


@dataclass(frozen=True, slots=True)
class Listening(Value):
    """Where `footnote serve` takes requests, told once it does."""

    url: str

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"url": self.url}


def write_json(document: dict[str, Any], *, indent: int | None = None) -> None:
    """
    Write a document in ASCII, so that no text in it takes effect in a terminal or fails in a pipe.

    Args:
        document: what is written.
        indent: blanks before what is nested, a field a line; None for all on one line.

    """
    sys.stdout.write(json.dumps(document, ensure_ascii=True, indent=indent) + "\n")
