"""
Who asks, and who reads along: the rights that count for an answer, wherever in Slack it is shown.

Whom Slack does not know is nobody, and where it does not tell who reads along, only what is public may be
shown. That Slack is away or busy is said by an error in both cases, and the question is tried again: an answer from
public documents alone would look as if there were no others. All of it is at most a minute old, except what the
others in a channel are (`bot.slack.roll`).
"""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from bot.slack.account_news import AccountChange, AccountNews
from bot.slack.accounts import Account, Standing, account
from bot.slack.directory import FRESH_S, Directory, Place, exact_reader
from bot.slack.events import PLATFORM
from bot.slack.fields import Json, text_of
from bot.slack.roll import Roll
from bot.slack.said import PlaceKind, Said
from bot.slack.web import SlackWeb
from pipelines.domain.access import EVERYONE, PUBLIC, normalise_readers
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value
from pipelines.ports.clock import Clock


__all__ = ["People", "Reading", "Somebody", "Standing"]

_CLOSED: Final = frozenset({PUBLIC})
"""What may be read where strangers do, or nobody knows who does."""
_ADMINS = ("user:", "group:")


@dataclass(frozen=True, slots=True)
class Somebody(Value):
    """
    A person in a workspace.

    Attributes:
        team: the app's workspace.
        user: the person's id.
        standing: what the person is there.
        name: for people to read.
        mail: confirmed, in lower case; empty if none is.
        language: such as `de`; empty if unknown.
        readers: every reader that this person is where nobody reads along; none for nobody.
        admin: whether a member is named as an admin.

    """

    team: str
    user: str
    standing: Standing
    name: str
    mail: str
    language: str
    readers: frozenset[str]
    admin: bool


@dataclass(frozen=True, slots=True)
class Reading(Value):
    """
    Somebody in a place.

    Attributes:
        somebody: who asks.
        principal: the rights that count where it is read; its name is the person's, in a channel, too.
        private: whether only that person reads it.
        channel: where else: `slack:TEAM:CHANNEL`, as in the reader `channel:…`; empty when private.

    """

    somebody: Somebody
    principal: Principal
    private: bool
    channel: str


class People:
    """Knows the people of a workspace. Of one event loop; safe to share between questions."""

    def __init__(
        self, web: SlackWeb, clock: Clock, admins: Collection[str], news: AccountNews, enterprise: str = ""
    ) -> None:
        """
        Take what it works with; nothing is asked yet.

        Args:
            web: the way to Slack.
            clock: the time.
            admins: `user:MAIL`, `user:slack:TEAM:USER`, `group:slack:HANDLE` or `group:slack:ID`; other readers name
                nobody here.
            news: changes that other processes are told of, and tell of.
            enterprise: the Enterprise Grid that the app's workspace is part of, as `auth.test` tells it.

        Raises:
            BadInput: an admin is no reader.

        """
        self._clock = clock
        self._directory = Directory(web, clock)
        self._roll = Roll(web, clock, self._directory, news, enterprise)
        self._news = news
        self._admins = _admins(admins)
        self._enterprise = enterprise

    async def somebody(self, team: str, user: str, user_team: str = "") -> Somebody:
        """
        Return who a person is.

        Args:
            team: the app's workspace.
            user: the person's id, of a verified request.
            user_team: the person's workspace, as far as an event tells it.

        Raises:
            TransientError: Slack is away or busy.

        """
        found = await self._directory.account(user)
        if found is None:
            return Somebody(team, user, Standing.NOBODY, user, "", "", frozenset(), admin=False)
        # Whoever asks is known to the minute: so they are to those with whom they are in a channel.
        self._roll.seen(team, found, self._clock.monotonic() - FRESH_S)
        standing = self._standing(found, team, user_team)
        readers = await self._readers(found, team, user, standing)
        admin = standing is Standing.MEMBER and not readers.isdisjoint(self._admins)
        return Somebody(team, user, standing, found.name or user, found.mail, found.language, readers, admin=admin)

    async def reading(self, said: Said) -> Reading:
        """
        Return who wrote a message, with the rights of all who read it.

        Raises:
            TransientError: Slack is away or busy.

        """
        if said.place is PlaceKind.DIRECT and not said.external:
            return _alone(await self.somebody(said.team, said.user, said.user_team))
        return await self._in_channel(said.team, said.channel, said.user, said.user_team, external=said.external)

    async def alone(self, team: str, user: str) -> Reading:
        """
        Return a person with the rights that count where nobody reads along: dialogues, Home, what one person sees.

        Raises:
            TransientError: Slack is away or busy.

        """
        return _alone(await self.somebody(team, user))

    async def in_channel(self, team: str, channel: str, user: str, *, external: bool = False) -> Reading:
        """
        Return a person with the rights of all who read a channel; in the direct conversation with the bot, alone.

        Args:
            team: the app's workspace.
            channel: where it is read.
            user: who asks.
            external: whether it is known already that people of other organisations read it.

        Raises:
            TransientError: Slack is away or busy.

        """
        return await self._in_channel(team, channel, user, "", external=external)

    def forget_person(self, user: str) -> None:
        """Ask anew for a person."""
        self._directory.forget_person(user)
        self._roll.forget(user)

    async def heard_of(self, team: str, told: Json) -> None:
        """
        Forget a person whose account changed, but keep what it is now for the channels: statuses change all day.

        Args:
            team: the app's workspace.
            told: `user` of a verified event `user_change`.

        Raises:
            TransientError: the records do not answer, so that other processes do not know of it.

        """
        change = AccountChange(team, text_of(told, "id"), account(told))
        self._roll.take_over(change)
        await self._news.tell(change)

    def forget_groups(self, team: str) -> None:
        """Ask anew for the user groups of a workspace."""
        self._directory.forget_groups(team)

    def forget_channel(self, channel: str) -> None:
        """Ask anew what a channel is and who is in it."""
        self._directory.forget_channel(channel)

    def _standing(self, found: Account, team: str, user_team: str) -> Standing:
        standing = found.standing_in(team, self._enterprise)
        if standing is Standing.NOBODY or user_team in ("", found.team) or found.is_of(self._enterprise):
            return standing
        return Standing.EXTERNAL

    async def _readers(self, found: Account, team: str, user: str, standing: Standing) -> frozenset[str]:
        """Return what somebody is where nobody reads along."""
        if standing is not Standing.MEMBER:
            return frozenset() if standing is Standing.NOBODY else _CLOSED
        own = {_reader_of(team, user)}
        if found.mail and (reader := exact_reader(f"user:{found.mail}")):
            own.add(reader)
        return frozenset(own | {EVERYONE, PUBLIC} | await self._directory.groups(team, user))

    async def _in_channel(self, team: str, channel: str, user: str, user_team: str, *, external: bool) -> Reading:
        if external:
            return _together(await self.somebody(team, user, user_team), channel, _CLOSED)
        asker, place, members = await asyncio.gather(
            self.somebody(team, user, user_team), self._directory.place(channel), self._directory.members(channel)
        )
        if place is not None and place.partner == user:
            return _alone(asker)
        if place is None or members is None or not self._is_ours(place):
            return _together(asker, channel, _CLOSED)
        return _together(asker, channel, await self._audience(asker, channel, place, members))

    def _is_ours(self, place: Place) -> bool:
        """Say whether a conversation is of several people, none of another organisation."""
        return not place.partner and not place.abroad and (not place.grid or self._enterprise != "")

    async def _audience(self, asker: Somebody, channel: str, place: Place, known: frozenset[str]) -> frozenset[str]:
        """Return what everybody in a channel is, whoever asks from there included."""
        members: frozenset[str] | None = known
        if asker.user not in known:
            members = await self._directory.members(channel, anew=True)
        if not members or not _may_look_in(asker, place, members):
            return _CLOSED
        standings = await self._roll.standings(asker.team, members)
        if standings is None:
            return _CLOSED
        return _common(standings | {asker.standing}, f"channel:{_key(asker.team, channel)}")


def _may_look_in(asker: Somebody, place: Place, members: frozenset[str]) -> bool:
    """Say whether what is read in a channel may be told to whoever asks: members look into all that is not private."""
    return asker.user in members or (asker.standing is Standing.MEMBER and not place.private)


def _common(standings: frozenset[Standing], channel: str) -> frozenset[str]:
    """Return what all people of a channel are. Deactivated people and programs read nothing."""
    if Standing.EXTERNAL in standings:
        return _CLOSED
    if Standing.GUEST in standings:
        return frozenset({PUBLIC, channel})
    return frozenset({EVERYONE, PUBLIC, channel})


def _alone(asker: Somebody) -> Reading:
    principal = Principal(_reader_of(asker.team, asker.user), asker.readers, asker.admin)
    return Reading(asker, principal, private=True, channel="")


def _together(asker: Somebody, channel: str, audience: frozenset[str]) -> Reading:
    readers = audience if asker.standing is not Standing.NOBODY else frozenset()
    principal = Principal(_reader_of(asker.team, asker.user), readers)
    return Reading(asker, principal, private=False, channel=_key(asker.team, channel))


def _reader_of(team: str, user: str) -> str:
    return f"user:{_key(team, user)}"


def _key(team: str, ident: str) -> str:
    return f"{PLATFORM}:{team}:{ident}"


def _admins(entries: Iterable[str]) -> frozenset[str]:
    """Return entries as members' readers are written; `everyone` and `public` would name people who are no admins."""
    return frozenset(
        one.lower() if "@" in one else one for one in normalise_readers(entries) if one.startswith(_ADMINS)
    )
