"""
What Slack says of the app that the settings name, and what Slack cannot say, one check each. Changes nothing there.

The terminal loads it when Slack is on; `bot.commands.doctor` knows no platform.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot import slack_doctor_texts as texts
from bot.commands.checks import Check, State
from bot.slack.identity import Identity, identity_of, unfit
from bot.slack.manifest import EVENTS, PATH, SCOPES
from bot.slack.web import SlackBusy, SlackLockedOut, SlackRefusal, SlackWeb
from pipelines.domain.network_addresses import Reach, kind_of
from pipelines.errors import FootnoteError
from pipelines.setting_slack import OPTIONAL_SCOPES, SlackApp
from pipelines.settings import Settings


MOST_SKEW_S = 60
"""Between Slack's clock and ours; requests of Slack's are refused at five times of it."""

_APP_OF = re.compile(r"xapp-[^-]+-([^-]+)-")
_HANDLE = re.compile(r"group:slack:(?!S[A-Z0-9]+$).*")
_OURS_ALONE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")


def examine_slack(settings: Settings, now: Callable[[], datetime], *, thorough: bool) -> tuple[Check, ...]:
    """
    Look at Slack: one call of its API, and where it is thorough at most three.

    Args:
        settings: what was chosen.
        now: the time of this machine, aware.
        thorough: also try Socket Mode, compare the two tokens, and tell what cannot be looked at.

    """
    app = settings.slack
    if app is None:
        return (Check("Slack", State.WARN, texts.is_off(), texts.make_an_app()),) if thorough else ()
    checks = asyncio.run(_asked(app, now, thorough=thorough))
    checks += [*_address(settings, app), _admins(settings)]
    if thorough:
        checks.append(Check("Slack events", State.OK, texts.events_cannot_be_asked(EVENTS), texts.compare_events()))
    return tuple(checks)


async def _asked(app: SlackApp, now: Callable[[], datetime], *, thorough: bool) -> list[Check]:
    """Return what Slack answers."""
    async with SlackWeb(app.bot_token, app.api_url) as web:
        try:
            bot = await identity_of(web)
        except FootnoteError as error:
            checks = [_fault("SLACK_BOT_TOKEN", error, texts.copy_bot_token())]
            return [*checks, await _socket_mode(app)] if thorough and app.app_token else checks
        checks = [_bot(bot), *_scopes(bot.scopes, app.without), *_clock(bot.at, now())]
        if thorough and app.app_token:
            checks.append(await _socket_mode(app))
            checks += await _same_app(web, bot, app)
    return checks


def _fault(name: str, error: FootnoteError, advice: str) -> Check:
    """Return a call that came to nothing: refused, for which there is advice, too early, or unheard."""
    if isinstance(error, SlackBusy):
        return Check(name, State.WARN, str(error), texts.try_later())
    refused = isinstance(error, SlackLockedOut | SlackRefusal)
    return Check(name, State.FAIL, str(error), advice if refused else texts.reach_slack())


def _bot(bot: Identity) -> Check:
    """Check that the token is a bot's, in one workspace."""
    hindrance = unfit(bot)
    if hindrance is not None:
        return Check("SLACK_BOT_TOKEN", State.FAIL, *hindrance)
    return Check("SLACK_BOT_TOKEN", State.OK, texts.bot_is(bot.name, bot.team_name))


def _scopes(granted: frozenset[str] | None, without: frozenset[str]) -> Iterator[Check]:
    """Compare what the bot may do with what the manifest asks for."""
    if granted is None:
        yield Check("Slack scopes", State.WARN, texts.scopes_unknown(), texts.renew_app())
        return
    lacking = [one for one in SCOPES if one not in granted]
    if lacking:
        yield Check("Slack scopes", State.FAIL, texts.scopes_lack(lacking), texts.renew_app())
    else:
        yield Check("Slack scopes", State.OK, texts.scopes_are_there(len(SCOPES)))
    refused = [one for one in OPTIONAL_SCOPES if one not in granted | without]
    if refused:
        yield Check("Slack optional scopes", State.OK, texts.without_scopes(refused), texts.allow_scopes())


def _clock(theirs: datetime | None, ours: datetime) -> Iterator[Check]:
    """Compare the clocks, where Slack told its time."""
    if theirs is None:
        return
    seconds = round((ours - theirs).total_seconds())
    if abs(seconds) > MOST_SKEW_S:
        yield Check("Slack clock", State.WARN, texts.clock_is_off(seconds), texts.set_clock())
    else:
        yield Check("Slack clock", State.OK, texts.clock_is_right())


async def _socket_mode(app: SlackApp) -> Check:
    """Ask for a connection and do not use it; what Slack sends over HTTP does not suffer without one."""
    async with SlackWeb(app.app_token, app.api_url) as web:
        try:
            await web.write("apps.connections.open")
        except FootnoteError as error:
            found = _fault("SLACK_APP_TOKEN", error, texts.switch_socket_on())
            state = State.WARN if app.signing_secret else found.state
            return Check(found.name, state, found.message, found.next)
    return Check("SLACK_APP_TOKEN", State.OK, texts.socket_opens())


async def _same_app(web: SlackWeb, bot: Identity, app: SlackApp) -> list[Check]:
    """Compare the apps of both tokens; the app's token has its app in it, `xapp-1-A012AB3CD-…`."""
    named = _APP_OF.match(app.app_token)
    if named is None or not bot.bot_id or "users:read" not in (bot.scopes or ()):
        return []
    try:
        told = await web.read("bots.info", bot=bot.bot_id)
    except FootnoteError as error:
        return [_fault("Slack app", error, texts.take_one_app())]
    found = str(told.get("bot", {}).get("app_id", ""))
    if found != named[1]:
        return [Check("Slack app", State.FAIL, texts.two_apps(found, named[1]), texts.take_one_app())]
    return [Check("Slack app", State.OK, texts.one_app())]


def _address(settings: Settings, app: SlackApp) -> Iterator[Check]:
    """Look at the address that Slack sends to, where it sends over HTTP; nothing is connected to."""
    if settings.public_url is None:
        if not app.app_token:
            yield Check("FOOTNOTE_PUBLIC_URL", State.WARN, texts.address_unknown(), texts.set_address())
        return
    host = urlsplit(settings.public_url).hostname or ""
    if _is_ours_alone(host):
        yield Check("FOOTNOTE_PUBLIC_URL", State.WARN, texts.address_not_public(host), texts.set_address())
    elif app.signing_secret:
        address = settings.public_url + PATH
        yield Check("FOOTNOTE_PUBLIC_URL", State.OK, texts.address_is(address), texts.verify_address())


def _is_ours_alone(host: str) -> bool:
    """Say whether a name or address means nothing outside of this network."""
    try:
        return kind_of(ip_address(host)).reach is not Reach.PUBLIC
    except ValueError:
        return "." not in host.rstrip(".") or host.rstrip(".").endswith(_OURS_ALONE)


def _admins(settings: Settings) -> Check:
    """Tell who is an admin in Slack."""
    if not settings.admin_readers:
        return Check("FOOTNOTE_ADMINS", State.WARN, texts.nobody_is_admin(), texts.name_admins())
    by_handle = any(_HANDLE.fullmatch(one) for one in settings.admin_readers)
    told = texts.admins_are(sorted(settings.admin_readers))
    return Check("FOOTNOTE_ADMINS", State.OK, told, texts.handles_change_hands() if by_handle else "")
