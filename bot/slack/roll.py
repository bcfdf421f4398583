"""
What the many people of a channel are: one list of all accounts, and single questions for the few that it lacks.

Each entry is at most a minute old; where many read in a large workspace, ten minutes, since Slack lists all its
accounts only slowly. What Slack tells any process of a change counts within seconds
(`bot.slack.account_news`). Who asks a question is not looked up here: that is known to the minute, and taken
over here.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.slack.account_news import AccountChange, AccountNews
from bot.slack.accounts import Account, Standing, account
from bot.slack.directory import FRESH_S, PAGE, Directory, next_cursor
from bot.slack.fields import Json
from bot.slack.fresh import Fresh
from bot.slack.web import SlackRefusal, SlackWeb
from pipelines.domain.values import Value
from pipelines.errors import TransientError
from pipelines.ports.clock import Clock


KNOWN_S: Final = 600.0
"""For which an entry of a large workspace is good. A change that Slack tells of counts before."""

FEW_S: Final = 60.0
"""The same in a small one, and where no more people read than are asked for one by one."""

SMALL: Final = 3 * PAGE
"""Accounts of a small workspace, at most: several processes may list them each minute."""

ASKED_SINGLY: Final = 20
"""People of one channel who are asked for one by one; with more, all accounts are listed."""

LISTED_S: Final = 60.0
"""Before which the accounts are not listed again."""

MOST_PAGES: Final = 60
"""Of accounts; 20 a minute are allowed, so that the list of a large workspace is read in several goes."""

_MOST_TEAMS = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Entry(Value):
    """What is known of one account; no standing where something changed, and nobody knows what."""

    standing: Standing | None
    as_of: float
    updated: int


class Roll:
    """The standings of many people. Of one event loop."""

    def __init__(
        self,
        web: SlackWeb,
        clock: Clock,
        directory: Directory,
        news: AccountNews,
        enterprise: str = "",
    ) -> None:
        """
        Begin with nothing.

        Args:
            web: the way to Slack.
            clock: the time.
            directory: knows the accounts of single people.
            news: what Slack told other processes.
            enterprise: the Enterprise Grid that the app's workspace is part of; empty for none.

        """
        self._web = web
        self._clock = clock
        self._directory = directory
        self._news = news
        self._enterprise = enterprise
        self._entries: defaultdict[str, dict[str, _Entry]] = defaultdict(dict)
        self._listings: Fresh[str, None] = Fresh(clock, LISTED_S, _MOST_TEAMS)
        self._broken_off: dict[str, tuple[str, float]] = {}

    async def standings(self, team: str, users: Collection[str]) -> frozenset[Standing] | None:
        """
        Return what these people are in a workspace, each standing once; None if it is not known of somebody.

        Raises:
            TransientError: Slack is away or busy, or the records are. What Slack told before that is kept, and the list
                is read on from there.

        """
        if len(users) > ASKED_SINGLY:
            await self._catch_up()
        lacking = self._lacking(team, users)
        if len(lacking) > ASKED_SINGLY:
            await self._listings.get(team, lambda: self._list(team))
            lacking = self._lacking(team, users)
        if len(lacking) > ASKED_SINGLY:
            _log.warning("workspace %s does not list %d people of one channel", team, len(lacking))
            return None
        found = set(await asyncio.gather(*(self._asked(team, user) for user in lacking)))
        entries = self._entries[team]
        found |= {entries[user].standing for user in users if user not in lacking}
        known = frozenset(standing for standing in found if standing is not None)
        return known if len(known) == len(found) else None

    def forget(self, user: str) -> None:
        """Believe nothing any more that is or was being told of somebody until now."""
        for entries in self._entries.values():
            entries[user] = _Entry(None, self._clock.monotonic(), 0)

    def seen(self, team: str, found: Account, as_of: float) -> None:
        """Take over an account that was looked up by itself, at that moment or later."""
        self._keep(team, found, as_of)

    def take_over(self, change: AccountChange) -> None:
        """
        Believe nothing older of an account that changed, and what it is told to be now, if it can be read.

        If that is not newer than what is known, neither is believed.
        """
        self._directory.forget_person(change.user)
        told = change.account
        before = self._entries[change.team].get(change.user)
        if told is None or before is None or before.standing is None or told.updated <= before.updated:
            self.forget(change.user)
        else:
            self._keep(change.team, told, self._clock.monotonic())

    async def _catch_up(self) -> None:
        """Take over what Slack told other processes."""
        for one in await self._news.heard():
            self.take_over(one)

    def _lacking(self, team: str, users: Collection[str]) -> frozenset[str]:
        entries = self._entries[team]
        few = len(users) <= ASKED_SINGLY or len(entries) <= SMALL
        since = self._clock.monotonic() - (FEW_S if few else KNOWN_S)
        return frozenset(user for user in users if not _is_good(entries.get(user), since))

    async def _asked(self, team: str, user: str) -> Standing | None:
        # It may be what was known for as long.
        as_of = self._clock.monotonic() - FRESH_S
        found = await self._directory.account(user)
        if found is None:
            return None
        self._keep(team, found, as_of)
        return found.standing_in(team, self._enterprise)

    async def _list(self, team: str) -> None:
        """Read the list of accounts, from where it was broken off."""
        cursor, since = self._beginning(team)
        resumed = cursor != ""
        for _ in range(MOST_PAGES):
            began = self._clock.monotonic()
            try:
                told = await self._web.read("users.list", team_id=team, limit=PAGE, cursor=cursor or None)
            except TransientError:
                self._broken_off[team] = (cursor, since)
                raise
            except SlackRefusal as fault:
                _log.warning("the accounts of a workspace cannot be listed: %s", fault)
                return await self._list(team) if resumed else None
            self._take(team, told, began)
            cursor = next_cursor(told)
            if not cursor:
                return None
        return None

    def _beginning(self, team: str) -> tuple[str, float]:
        """Return from where a list is read on and when it was begun; what was read of an old one is old, too."""
        now = self._clock.monotonic()
        cursor, since = self._broken_off.pop(team, ("", now))
        return (cursor, since) if now - since <= KNOWN_S / 2 else ("", now)

    def _take(self, team: str, told: Json, as_of: float) -> None:
        listed = told.get("members")
        for one in listed if isinstance(listed, list) else []:
            found = account(one) if isinstance(one, dict) else None
            if found is not None:
                self._keep(team, found, as_of)

    def _keep(self, team: str, told: Account, as_of: float) -> None:
        """Note an account as it was at a moment, unless something later is known."""
        entries = self._entries[team]
        before = entries.get(told.user)
        if before is None or before.as_of <= as_of:
            entries[told.user] = _Entry(told.standing_in(team, self._enterprise), as_of, told.updated)


def _is_good(entry: _Entry | None, since: float) -> bool:
    return entry is not None and entry.standing is not None and entry.as_of >= since
