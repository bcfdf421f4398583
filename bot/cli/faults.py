"""From an error to what a terminal tells: its kind, its sentence, the exit code."""

from dataclasses import dataclass
from typing import Any

from bot import texts
from bot.cli.exit_codes import FAILED, INTERRUPTED, REFUSED, USAGE
from pipelines.domain.values import Value
from pipelines.errors import (
    BadInput,
    BadSettings,
    Busy,
    FootnoteError,
    NotAllowed,
    NotFound,
    PermanentError,
    QuestionTooLong,
    SourceUnreadable,
    StorageDamaged,
    TransientError,
    Unfit,
)


KINDS: tuple[tuple[type[FootnoteError], str, int], ...] = (
    (NotFound, "not_found", REFUSED),
    (NotAllowed, "not_allowed", REFUSED),
    (QuestionTooLong, "bad_input", USAGE),
    (BadInput, "bad_input", USAGE),
    (Unfit, "bad_settings", USAGE),
    (BadSettings, "bad_settings", USAGE),
    (Busy, "busy", FAILED),
    (TransientError, "transient", FAILED),
    (SourceUnreadable, "source_unreadable", FAILED),
    (StorageDamaged, "storage_damaged", FAILED),
    (PermanentError, "permanent", FAILED),
    (FootnoteError, "failed", FAILED),
)
"""The first class that an error belongs to names its kind and exit code."""


@dataclass(frozen=True, slots=True)
class Fault(Value):
    """
    A fault as it is told.

    Attributes:
        kind: stable name for programs.
        message: for a person.
        code: of the process.
        hint: what to look at; for a person only.

    """

    kind: str
    message: str
    code: int
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"error": {"kind": self.kind, "message": self.message}}


def fault_of(error: FootnoteError) -> Fault:
    """Return how one of our own errors is told."""
    kind, code = next((kind, code) for one, kind, code in KINDS if isinstance(error, one))
    return Fault(kind, str(error), code)


def system_fault(error: OSError) -> Fault:
    """Return how a refusal of the operating system is told."""
    path = error.filename if isinstance(error.filename, str) else ""
    return Fault("system", texts.system_fault(error.strerror or type(error).__name__, path), FAILED)


def unexpected_fault(error: Exception) -> Fault:
    """Return how an error that nobody foresaw is told."""
    return Fault("unexpected", texts.unexpected_fault(type(error).__name__), FAILED)


def usage_fault(message: str, command: str) -> Fault:
    """Return how a command line that cannot be read is told; `command` is the one whose help says more."""
    return Fault("usage", message, USAGE, texts.usage_hint(command))


def interrupted_fault() -> Fault:
    """Return how Ctrl-C is told."""
    return Fault("interrupted", texts.interrupted(), INTERRUPTED)
