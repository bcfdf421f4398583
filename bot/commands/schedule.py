"""When a base is synced by itself: show it, set it, end it."""

from dataclasses import dataclass
from typing import Any

from bot import sync_texts
from bot.commands.kb import find, interval_of
from bot.facade import Footnote
from pipelines.domain.conversation import Principal
from pipelines.domain.schedules import parse_interval
from pipelines.domain.values import Value
from pipelines.errors import BadInput


@dataclass(frozen=True, slots=True)
class BaseSchedule(Value):
    """A base's interval, such as `6h`, and when the next sync is due (ISO 8601, UTC); both None if it has none."""

    kb: str
    every: str | None
    next_sync: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"kb": self.kb, "every": self.every, "next_sync": self.next_sync}


def schedule(footnote: Footnote, principal: Principal, name: str, every: str | None) -> BaseSchedule:
    """
    Show at which interval a base is synced, or change that first.

    Args:
        footnote: the installation.
        principal: an admin.
        name: the base's.
        every: `30m`, `6h`, `1d` or `off`; None to show it only.

    Raises:
        BadInput: the interval has another form, or is too short or too long.

    """
    base = find(footnote, principal, name)
    records = footnote.records
    if every is not None:
        try:
            seconds = parse_interval(every)
        except ValueError as error:
            raise BadInput(sync_texts.no_interval(every)) from error
        records.schedules.set_every(base.id, seconds)
        records.answers.audit(principal, "kb schedule", base.name, {"every": every})
    return BaseSchedule(base.name, *interval_of(footnote, base.id))
