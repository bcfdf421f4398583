"""What one check of the doctor tells. Looks at nothing."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.domain.values import Value


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check(Value):
    """One check: what was looked at, how it is in one sentence, and what to do next (or nothing)."""

    name: str
    state: State
    message: str
    next: str = ""
