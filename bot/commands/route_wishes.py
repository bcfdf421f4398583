"""How a route is named when it is typed. Imports nothing of ours but the root of values."""

from dataclasses import dataclass

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class RouteName(Value):
    """
    What a route is for, at least one of both.

    Attributes:
        kb: name of a base; None for all.
        whom: `channel:ID` or `group:ID`; None for everybody.

    """

    kb: str | None = None
    whom: str | None = None
