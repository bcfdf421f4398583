"""
An account as Slack tells of it. The only reader of its `user` objects.

What cannot be read as an account of a known kind is none: whoever asks then knows nothing of that person.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.printable import one_line
from bot.slack.fields import Json, object_of, text_of
from pipelines.domain.values import Value


_SLACKBOT = "USLACKBOT"
"""Slack's own bot, of which Slack says that it is none."""
_LONGEST_NAME = 80
_LOCALE = re.compile(r"([a-z]{2,3})([-_].*)?")


class Standing(StrEnum):
    """What somebody is in the organisation whose workspace it is."""

    MEMBER = "member"
    GUEST = "guest"
    """Of the workspace, but invited into some of its channels only."""
    EXTERNAL = "external"
    """Of another organisation."""
    NOBODY = "nobody"
    """A deactivated account, a program, or unknown."""


@dataclass(frozen=True, slots=True)
class Account(Value):
    """
    An account.

    Attributes:
        user: its id.
        team: the workspace that it belongs to.
        enterprise: the Enterprise Grid that it belongs to; empty for none.
        own: its standing where it belongs; EXTERNAL if Slack itself calls it a stranger. NOBODY reads nothing along.
        name: for people to read; may be empty.
        mail: confirmed, in lower case; empty for none.
        language: such as `de`; empty if unknown.
        updated: when it changed last, seconds since the epoch.

    """

    user: str
    team: str
    enterprise: str
    own: Standing
    name: str
    mail: str
    language: str
    updated: int

    def standing_in(self, team: str, enterprise: str) -> Standing:
        """Return its standing in a workspace, which may be part of an Enterprise Grid."""
        if self.own in (Standing.NOBODY, Standing.EXTERNAL):
            return self.own
        return self.own if self.team == team or self.is_of(enterprise) else Standing.EXTERNAL

    def is_of(self, enterprise: str) -> bool:
        """Say whether it belongs to an Enterprise Grid; nothing belongs to one without a name."""
        return bool(enterprise) and self.enterprise == enterprise


def account(told: Json) -> Account | None:
    """
    Return the account that a `user` object describes; None if it leaves open whose it is or whether it is in use.

    Args:
        told: of `users.info`, `users.list` or the event `user_change`.

    """
    user, team, own = text_of(told, "id"), text_of(told, "team_id"), _own_standing(told)
    if not user or not team or own is None:
        return None
    updated = told.get("updated")
    return Account(
        user=user,
        team=team,
        enterprise=text_of(object_of(told, "enterprise_user"), "enterprise_id"),
        own=own,
        name=_name(told),
        mail=_mail(told),
        language=_language(text_of(told, "locale")),
        updated=updated if isinstance(updated, int) else 0,
    )


def _own_standing(told: Json) -> Standing | None:
    """Return what an account is where it belongs; one that does not say that it is a full member's is a guest's."""
    deleted, program = told.get("deleted"), told.get("is_bot")
    if not isinstance(deleted, bool) or not isinstance(program, bool):
        return None
    if deleted or program or text_of(told, "id") == _SLACKBOT:
        return Standing.NOBODY
    if told.get("is_stranger"):
        return Standing.EXTERNAL
    full = told.get("is_restricted") is False and told.get("is_ultra_restricted") is False
    return Standing.MEMBER if full else Standing.GUEST


def _name(told: Json) -> str:
    profile = object_of(told, "profile")
    names = (
        text_of(profile, "display_name"),
        text_of(profile, "real_name"),
        text_of(told, "real_name"),
        text_of(told, "name"),
    )
    return next((found for one in names if (found := one_line(one)[:_LONGEST_NAME])), "")


def _mail(told: Json) -> str:
    """Return the address; one with other letters than ASCII's is none, as two of them may become one in lower case."""
    mail = text_of(object_of(told, "profile"), "email").strip()
    usable = told.get("is_email_confirmed") is True and "@" in mail and mail.isascii()
    return mail.lower() if usable else ""


def _language(locale: str) -> str:
    found = _LOCALE.fullmatch(locale)
    return found[1] if found else ""
