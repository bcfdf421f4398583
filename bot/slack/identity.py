"""Who we are at Slack, as its `auth.test` tells: one call, made when somebody wants to know. Not who others are."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot import slack_doctor_texts as texts
from bot.slack.web import SlackWeb
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Identity(Value):
    """
    The bot that a token belongs to.

    Attributes:
        team: id of the workspace; of the organisation where the app is installed in all of it.
        team_name: for people to read.
        user: id of the bot's user.
        name: for people to read.
        bot_id: of the bot; "" for the token of a person.
        enterprise: id of the Enterprise Grid that the workspace is part of; "" for none.
        scopes: what the token may do; None where Slack does not tell.
        at: Slack's time when it answered, in UTC; None where it does not tell.
        everywhere: the app is installed in a whole Enterprise Grid, and its token is of all workspaces there.

    """

    team: str
    team_name: str
    user: str
    name: str
    bot_id: str
    enterprise: str
    scopes: frozenset[str] | None
    at: datetime | None
    everywhere: bool = False


def unfit(identity: Identity) -> tuple[str, str] | None:
    """Return why a token is of no use to us, and what to do: it is a person's, or of a whole Grid; None if it fits."""
    if not identity.bot_id:
        return texts.no_bot(), texts.copy_bot_token()
    if identity.everywhere:
        return texts.many_workspaces(identity.name), texts.install_in_one()
    return None


async def identity_of(web: SlackWeb) -> Identity:
    """
    Return whose a token is.

    Raises:
        SlackLockedOut: nobody's.
        SlackRefusal: Slack does not tell.
        SlackBusy: asked too often.
        SlackAway: Slack did not answer.

    """
    told, headers = await web.read_with_headers("auth.test")
    team, team_name, user, name, bot, grid = (
        str(told.get(one) or "") for one in ("team_id", "team", "user_id", "user", "bot_id", "enterprise_id")
    )
    return Identity(
        team=team,
        team_name=team_name,
        user=user,
        name=name,
        bot_id=bot,
        enterprise=grid,
        everywhere=told.get("is_enterprise_install") is True,
        scopes=_scopes(headers.get("x-oauth-scopes")),
        at=_time(headers.get("date")),
    )


def _scopes(told: str | None) -> frozenset[str] | None:
    return None if told is None else frozenset(one.strip() for one in told.split(",") if one.strip())


def _time(told: str | None) -> datetime | None:
    """Return the time of HTTP's header `Date`."""
    try:
        return parsedate_to_datetime(told or "").astimezone(UTC)
    except ValueError:
        return None
