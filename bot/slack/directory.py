"""
What Slack knows of single people, of groups and of channels: at most a minute old. It decides nothing.

None stands for what Slack does not tell us, now or ever; Slack away or busy is an error, for it may tell in a minute.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.slack.accounts import Account, account
from bot.slack.fields import Json
from bot.slack.fresh import Fresh
from bot.slack.web import SlackRefusal, SlackWeb
from pipelines.domain.access import normalise_reader
from pipelines.domain.values import Value
from pipelines.errors import BadInput
from pipelines.ports.clock import Clock


FRESH_S: Final = 60.0
"""For which rights may rest on what Slack said; product.md, invariant 5."""

PAGE: Final = 999
"""Items of a page: Slack's references say `under 1000` here and `at most 1000` there."""

MOST_MEMBER_PAGES: Final = 20
"""Of one channel; 100 calls a minute are allowed. Who reads along in a larger one is not known."""

_MOST_PEOPLE = 10_000
_MOST_CHANNELS = 1_000
_MOST_TEAMS = 100
_NOT_THERE = frozenset({"user_not_found", "user_not_visible", "channel_not_found", "paid_teams_only"})
"""Refusals that say how things are, and nothing about our own rights."""
_WAITING = ("is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
"""What is true or not empty while another organisation is invited into a channel."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place(Value):
    """
    A conversation.

    Attributes:
        partner: with whom, where it is the direct one of one person and the bot; else empty.
        private: only who is in it reads it.
        abroad: another organisation reads it, or is invited to, or Slack leaves that open.
        grid: it is shared, but with workspaces of one Enterprise Grid alone.

    """

    partner: str
    private: bool
    abroad: bool
    grid: bool


class Directory:
    """Looks people, groups and channels up. Equal look-ups at the same moment share one call."""

    def __init__(self, web: SlackWeb, clock: Clock) -> None:
        """Take the way to Slack and the time; nothing is asked yet."""
        self._web = web
        self._accounts: Fresh[str, Account | None] = Fresh(clock, FRESH_S, _MOST_PEOPLE)
        self._groups: Fresh[str, Mapping[str, frozenset[str]]] = Fresh(clock, FRESH_S, _MOST_TEAMS)
        self._places: Fresh[str, Place | None] = Fresh(clock, FRESH_S, _MOST_CHANNELS)
        self._members: Fresh[str, frozenset[str] | None] = Fresh(clock, FRESH_S, _MOST_CHANNELS)

    async def account(self, user: str) -> Account | None:
        """
        Return the account of a person; None if Slack shows us none.

        Raises:
            TransientError: Slack is away or busy.

        """
        return await self._accounts.get(user, lambda: self._ask_account(user))

    async def groups(self, team: str, user: str) -> frozenset[str]:
        """
        Return the readers that a member is by the enabled user groups of a workspace; none if it shows us no groups.

        Raises:
            TransientError: Slack is away or busy.

        """
        readers = await self._groups.get(team, lambda: self._ask_groups(team))
        return readers.get(user, frozenset())

    async def place(self, channel: str) -> Place | None:
        """
        Return what a conversation is; None if Slack does not show it to us.

        Raises:
            TransientError: Slack is away or busy.

        """
        return await self._places.get(channel, lambda: self._ask_place(channel))

    async def members(self, channel: str, *, anew: bool = False) -> frozenset[str] | None:
        """
        Return who is in a conversation; None if Slack does not tell us, or they are too many.

        Args:
            channel: its id.
            anew: do not use what is known already.

        Raises:
            TransientError: Slack is away or busy.

        """
        if anew:
            self._members.forget(channel)
        return await self._members.get(channel, lambda: self._ask_members(channel))

    def forget_person(self, user: str) -> None:
        """Ask anew for an account."""
        self._accounts.forget(user)

    def forget_groups(self, team: str) -> None:
        """Ask anew for the groups of a workspace."""
        self._groups.forget(team)

    def forget_channel(self, channel: str) -> None:
        """Ask anew what a conversation is and who is in it."""
        self._places.forget(channel)
        self._members.forget(channel)

    async def _ask_account(self, user: str) -> Account | None:
        told = await self._told("users.info", user=user, include_locale=True)
        found = None if told is None else told.get("user")
        return account(found) if isinstance(found, dict) else None

    async def _ask_groups(self, team: str) -> Mapping[str, frozenset[str]]:
        told = await self._told("usergroups.list", include_users=True, team_id=team)
        listed = None if told is None else told.get("usergroups")
        readers: defaultdict[str, set[str]] = defaultdict(set)
        for group in listed if isinstance(listed, list) else []:
            for user in _group_members(group):
                readers[user] |= _group_readers(group)
        return {user: frozenset(found) for user, found in readers.items()}

    async def _ask_place(self, channel: str) -> Place | None:
        told = await self._told("conversations.info", channel=channel)
        found = None if told is None else told.get("channel")
        return _place(found) if isinstance(found, dict) else None

    async def _ask_members(self, channel: str) -> frozenset[str] | None:
        found: set[str] = set()
        cursor = ""
        for _ in range(MOST_MEMBER_PAGES):
            told = await self._told("conversations.members", channel=channel, limit=PAGE, cursor=cursor or None)
            listed = None if told is None else _texts(told.get("members"))
            if told is None or listed is None:
                return None
            found |= listed
            cursor = next_cursor(told)
            if not cursor:
                return frozenset(found)
        _log.warning("channel %s has too many members to know who reads along", channel)
        return None

    async def _told(self, method: str, **arguments: Any) -> Json | None:  # noqa: ANN401 - Slack's own arguments
        """Return Slack's answer; None if it refuses."""
        try:
            return await self._web.read(method, **arguments)
        except SlackRefusal as fault:
            if fault.code not in _NOT_THERE:
                _log.warning("people or channels cannot be looked up: %s", fault)
            return None


def next_cursor(told: Json) -> str:
    """Return where the next page of an answer begins; empty for none."""
    metadata = told.get("response_metadata")
    cursor = metadata.get("next_cursor") if isinstance(metadata, dict) else None
    return cursor if isinstance(cursor, str) else ""


def exact_reader(text: str) -> str | None:
    """Return a reader; None where its one way to be written is another: two names would become one reader."""
    try:
        return text if normalise_reader(text) == text else None
    except BadInput:
        return None


def _place(told: Json) -> Place:
    """Return what a conversation is; a flag that is missing is as bad as one that is set."""
    partner = told.get("user") if told.get("is_im") is True else ""
    shared, outside = told.get("is_shared") is not False, bool(told.get("is_ext_shared"))
    grid = shared and told.get("is_org_shared") is True and told.get("is_ext_shared") is False
    waiting = any(told.get(name) for name in _WAITING)
    return Place(
        partner=partner if isinstance(partner, str) else "",
        private=told.get("is_private") is not False,
        abroad=outside or waiting or (shared and not grid),
        grid=grid,
    )


def _group_members(group: object) -> frozenset[str]:
    """Return who is in a user group: nobody in one that is switched off or another organisation's."""
    if not isinstance(group, dict) or group.get("date_delete") != 0 or group.get("is_external"):
        return frozenset()
    return _texts(group.get("users")) or frozenset()


def _group_readers(group: Json) -> set[str]:
    """Return a user group as readers, by its handle and by its id; a handle that looks like an id is none."""
    handle, ident = group.get("handle"), group.get("id")
    names = [handle] if isinstance(handle, str) and handle and handle == handle.lower() else []
    names += [ident] if isinstance(ident, str) and ident and ident == ident.upper() else []
    return {reader for name in names if (reader := exact_reader(f"group:slack:{name}"))}


def _texts(listed: object) -> frozenset[str] | None:
    """Return a list of texts; None if it is none."""
    if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
        return None
    return frozenset(listed)
