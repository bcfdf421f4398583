"""The methods that tell of people, groups, bots, workspaces, files and the app itself, and reactions."""

import re

from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_events import tell_reaction
from tests.fakes.slack_json import group_json, user_json
from tests.fakes.slack_message_json import file_json
from tests.fakes.slack_methods import Asked, Method, page
from tests.fakes.slack_state import Group, Json, StoredFile, User


_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _user(asked: Asked, user: User) -> Json:
    email = "users:read.email" in asked.installation.scopes
    told = user_json(asked.world, user, asked.installation.team_id, email=email)
    if not asked.arguments.get("include_locale"):
        told.pop("locale")
    return told


def _users_info(asked: Asked) -> Json:
    return {"ok": True, "user": _user(asked, asked.person())}


def _users_list(asked: Asked) -> Json:
    """Return the workspace's own accounts: bots and deactivated ones too, and Slack's own bot."""
    team = asked.installation.team_id
    own = [one for one in asked.world.users.values() if one.team_id == team]
    shown, following = page([User("USLACKBOT", team, "slackbot", real_name="Slackbot"), *own], asked, default=1000)
    told = {"ok": True, "members": [_user(asked, one) for one in shown], "cache_ts": asked.world.seconds()}
    return told | {"response_metadata": {"next_cursor": following}}


def _lookup_by_email(asked: Asked) -> Json:
    asked.need("users:read")
    wanted = asked.text("email").lower()
    own = [one for one in asked.world.users.values() if one.team_id == asked.installation.team_id]
    found = next((one for one in own if one.email and one.email.lower() == wanted and not one.deleted), None)
    if found is None:
        raise ApiError("users_not_found")
    return {"ok": True, "user": _user(asked, found)}


def _groups(asked: Asked) -> list[Group]:
    disabled = bool(asked.arguments.get("include_disabled", False))
    own = [one for one in asked.world.groups.values() if one.team_id == asked.installation.team_id]
    return [one for one in own if one.enabled or disabled]


def _list_groups(asked: Asked) -> Json:
    users = bool(asked.arguments.get("include_users", False))
    return {"ok": True, "usergroups": [group_json(one, users=users) for one in _groups(asked)]}


def _group_members(asked: Asked) -> Json:
    found = next((one for one in _groups(asked) if one.id == asked.text("usergroup")), None)
    if found is None:
        raise ApiError("no_such_subteam")
    return {"ok": True, "users": list(found.members)}


def _auth_test(asked: Asked) -> Json:
    team = asked.world.teams[asked.installation.team_id]
    told: Json = {
        "ok": True,
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": asked.bot.name,
        "team_id": team.id,
        "user_id": asked.bot.id,
        "bot_id": asked.installation.bot_id,
        "is_enterprise_install": False,
    }
    return told | ({"enterprise_id": team.enterprise_id} if team.enterprise_id else {})


def _bots_info(asked: Asked) -> Json:
    wanted = asked.text("bot") or asked.installation.bot_id
    found = (one for one in asked.world.installations if one.bot_id == wanted)
    bot = next((one for one in found if one.team_id == asked.installation.team_id), None)
    if bot is None:
        raise ApiError("bot_not_found")
    told = {"id": bot.bot_id, "deleted": bot.revoked, "name": bot.app.name, "updated": 0, "icons": {}}
    return {"ok": True, "bot": told | {"app_id": bot.app.id, "user_id": bot.bot_user}}


def _team_info(asked: Asked) -> Json:
    wanted = asked.text("team") or asked.installation.team_id
    team = asked.world.teams.get(wanted)
    shared = [one for one in asked.world.channels.values() if asked.world.reaches(asked.installation.team_id, one)]
    if team is None or not (
        team.id == asked.installation.team_id or any(asked.world.reaches(team.id, c) for c in shared)
    ):
        raise ApiError("team_not_found")
    told = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}
    if team.enterprise_id:
        told |= {"enterprise_id": team.enterprise_id, "enterprise_name": "Enterprise"}
    return {"ok": True, "team": told}


def may_see(asked: Asked, file: StoredFile) -> bool:
    """Say whether an app is in a conversation where a file was shared."""
    world = asked.world
    return any(asked.installation.bot_user in world.channels[one].members for one in file.channels)


def _files_info(asked: Asked) -> Json:
    file = asked.world.files.get(asked.text("file"))
    if file is None or not may_see(asked, file):
        raise ApiError("file_not_found")
    if file.deleted:
        raise ApiError("file_deleted")
    told = file_json(asked.world, file)
    return {"ok": True, "file": told, "comments": [], "response_metadata": {"next_cursor": ""}}


def _add_reaction(asked: Asked) -> Json:
    emoji = asked.text("name").strip(":")
    message = asked.world.message(asked.channel().id, asked.text("timestamp"))
    if not _EMOJI.fullmatch(emoji):
        raise ApiError("invalid_name")
    if message is None:
        raise ApiError("message_not_found")
    asked.channel(member=True)
    users = message.reactions.setdefault(emoji, [])
    if asked.bot.id in users:
        raise ApiError("already_reacted")
    users.append(asked.bot.id)
    tell_reaction(asked.world, message, asked.bot, emoji, added=True)
    return {"ok": True}


def _remove_reaction(asked: Asked) -> Json:
    emoji = asked.text("name").strip(":")
    message = asked.world.message(asked.channel().id, asked.text("timestamp"))
    if message is None:
        raise ApiError("message_not_found")
    users = message.reactions.get(emoji, [])
    if asked.bot.id not in users:
        raise ApiError("no_reaction")
    users.remove(asked.bot.id)
    message.reactions = {name: people for name, people in message.reactions.items() if people}
    tell_reaction(asked.world, message, asked.bot, emoji, added=False)
    return {"ok": True}


_GROUPS = ("include_count", "include_disabled", "include_users", "team_id")
METHODS = {
    "auth.test": Method(_auth_test),
    "bots.info": Method(_bots_info, (), ("bot", "team_id"), ("users:read",), takes_json=False),
    "team.info": Method(_team_info, (), ("team", "domain"), ("team:read",), takes_json=False),
    "users.info": Method(_users_info, ("user",), ("include_locale",), ("users:read",), takes_json=False),
    "users.list": Method(
        _users_list, (), ("cursor", "include_locale", "limit", "team_id"), ("users:read",), takes_json=False
    ),
    "users.lookupByEmail": Method(_lookup_by_email, ("email",), (), ("users:read.email",), takes_json=False),
    "usergroups.list": Method(_list_groups, (), _GROUPS, ("usergroups:read",), takes_json=False),
    "usergroups.users.list": Method(
        _group_members, ("usergroup",), ("include_disabled", "team_id"), ("usergroups:read",), takes_json=False
    ),
    "files.info": Method(
        _files_info, ("file",), ("count", "page", "cursor", "limit"), ("files:read",), takes_json=False
    ),
    "reactions.add": Method(_add_reaction, ("channel", "name", "timestamp"), (), ("reactions:write",)),
    "reactions.remove": Method(_remove_reaction, ("channel", "name", "timestamp"), (), ("reactions:write",)),
}
