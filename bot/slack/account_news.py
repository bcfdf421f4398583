"""
Changes of accounts that Slack told one process, for all of them: each event reaches one process alone.

Not who may read what: `bot.slack.roll` takes over what is told here.
"""

import math
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.deliveries import asked_in
from bot.slack.accounts import Account, Standing
from bot.slack.events import PLATFORM
from bot.slack.fields import text_of
from pipelines.domain.values import Value
from pipelines.ports.account_changes import AccountChangeRecords
from pipelines.ports.clock import Clock


LOOK_S: Final = 10.0
"""Between two looks for what other processes were told."""

_MARGIN = 100
"""Numbers that are looked at again: one that was given before may be seen later."""


@dataclass(frozen=True, slots=True)
class AccountChange(Value):
    """
    A change.

    Attributes:
        team: the app's workspace.
        user: id of the person.
        account: what it is now; None if that could not be read.

    """

    team: str
    user: str
    account: Account | None


class AccountNews:
    """Tells and hears. Of one event loop."""

    def __init__(self, records: AccountChangeRecords, threads: Executor, clock: Clock) -> None:
        """
        Take what it works with.

        Args:
            records: where changes are kept.
            threads: for the database.
            clock: the time.

        """
        self._records = records
        self._threads = threads
        self._clock = clock
        self._looked_at = -math.inf
        self._newest = 0
        self._known: frozenset[int] = frozenset()

    async def tell(self, change: AccountChange) -> None:
        """
        Let all other processes know.

        Raises:
            TransientError: the records do not answer.

        """
        number = await asked_in(self._threads, partial(self._records.note, PLATFORM, _as_json(change)))
        self._known |= {number}

    async def heard(self) -> tuple[AccountChange, ...]:
        """
        Return what others told since the last look; none where that was a moment ago.

        Raises:
            TransientError: the records do not answer.

        """
        now = self._clock.monotonic()
        if now - self._looked_at < LOOK_S:
            return ()
        told = await asked_in(self._threads, partial(self._records.after, PLATFORM, self._newest - _MARGIN))
        news = [told[number] for number in told if number not in self._known]
        self._looked_at, self._newest = now, max(told, default=self._newest)
        self._known = frozenset(told) | {one for one in self._known if one > self._newest}
        return tuple(_change(one) for one in news)


def _as_json(change: AccountChange) -> Mapping[str, Any]:
    told: dict[str, Any] = {"app_team": change.team, "user": change.user}
    if change.account is not None:
        found = change.account
        told |= {"team": found.team, "enterprise": found.enterprise, "own": str(found.own), "updated": found.updated}
    return told


def _change(told: Mapping[str, Any]) -> AccountChange:
    """Return a change; what a newer release writes in another way could not be read."""
    user, own, updated = text_of(told, "user"), text_of(told, "own"), told.get("updated")
    found = None
    if own in set(Standing) and isinstance(updated, int):
        found = Account(user, text_of(told, "team"), text_of(told, "enterprise"), Standing(own), "", "", "", updated)
    return AccountChange(text_of(told, "app_team"), user, found)
