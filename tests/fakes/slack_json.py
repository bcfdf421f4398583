"""People, groups, channels and views in the JSON in which Slack tells of them. Changes nothing."""

import hashlib

from tests.fakes.slack_state import Channel, Group, Json, User, View
from tests.fakes.slack_world import World


_CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def channel_type(channel: Channel) -> str:
    """Return `channel_type` of an event."""
    return _CHANNEL_TYPES[channel.kind]


def user_json(world: World, user: User, viewer_team: str, *, email: bool) -> Json:
    """Return a user as `users.info` and `user_change` show it to an app in a workspace."""
    stranger = user.team_id != viewer_team and not user.enterprise_id
    told: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": "Central European Time",
        "tz_offset": 3600,
        "profile": _profile(user, email=email and not stranger),
        "is_bot": user.role == "bot",
        "is_app_user": False,
        "updated": user.updated,
        "is_email_confirmed": user.email_confirmed,
        "who_can_share_contact_card": "EVERYONE",
        "locale": user.locale,
        "presence": "away",
    }
    if stranger:
        told["is_stranger"] = True
    if not user.deleted:
        told |= _rights(user)
    if user.enterprise_id:
        told["enterprise_user"] = _enterprise_user(world, user)
    return told


def _rights(user: User) -> Json:
    owner = user.role in ("owner", "primary_owner")
    return {
        "is_admin": owner or user.role == "admin",
        "is_owner": owner,
        "is_primary_owner": user.role == "primary_owner",
        "is_restricted": user.role in ("guest", "single_channel_guest"),
        "is_ultra_restricted": user.role == "single_channel_guest",
    }


def _profile(user: User, *, email: bool) -> Json:
    first, _, last = user.real_name.partition(" ")
    avatar = hashlib.sha1(user.id.encode(), usedforsecurity=False).hexdigest()[:12]
    sizes = (24, 32, 48, 72, 192, 512)
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "fields": {},
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": avatar,
        "first_name": first,
        "last_name": last,
        "team": user.team_id,
        **{f"image_{one}": f"https://avatars.example/{avatar}_{one}.png" for one in sizes},
    }
    if email and user.email:
        profile["email"] = user.email
    if user.role == "bot":
        profile |= {"bot_id": user.bot_id, "api_app_id": user.app_id, "always_active": False}
    return profile


def _enterprise_user(world: World, user: User) -> Json:
    owner = user.role in ("owner", "primary_owner")
    return {
        "id": user.id,
        "enterprise_id": user.enterprise_id,
        "enterprise_name": "Enterprise",
        "is_admin": owner or user.role == "admin",
        "is_owner": owner,
        "teams": [one.id for one in world.teams.values() if one.enterprise_id == user.enterprise_id],
    }


def group_json(group: Group, *, users: bool) -> Json:
    """Return a user group as `usergroups.list` shows it."""
    told: Json = {
        "id": group.id,
        "team_id": group.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": 0 if group.enabled else group.updated,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": "USLACKBOT",
        "updated_by": "USLACKBOT",
        "deleted_by": None if group.enabled else "USLACKBOT",
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.members),
        "channel_count": 0,
    }
    if users:
        told["users"] = list(group.members)
    return told


def channel_json(world: World, channel: Channel, viewer: User, *, members: bool = False) -> Json:
    """Return a conversation as `conversations.info` shows it to a user."""
    told: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    told["is_org_shared"] = bool(channel.grid_with)
    if channel.kind == "im":
        partner = next((one for one in channel.members if one != viewer.id), viewer.id)
        return told | {"is_im": True, "user": partner, "is_user_deleted": world.users[partner].deleted, "priority": 0}
    external = bool(channel.shared_with)
    told |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "is_general": False,
        "unlinked": 0,
        "is_shared": external or bool(channel.grid_with),
        "is_ext_shared": external,
        "is_pending_ext_shared": bool(channel.invited),
        "pending_shared": list(channel.invited),
        "pending_connected_team_ids": [],
        "parent_conversation": None,
        "context_team_id": viewer.team_id,
        "creator": channel.creator,
        "shared_team_ids": [channel.team_id, *channel.shared_with, *channel.grid_with],
        "is_member": viewer.id in channel.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }
    if external:
        told |= {"connected_team_ids": list(channel.shared_with), "conversation_host_id": channel.team_id}
    if members:
        told["num_members"] = len(channel.members)
    return told


def view_json(world: World, view: View, state: Json | None = None) -> Json:
    """Return a view as interactions and the methods of views show it."""
    defaults: Json = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "close": None,
        "submit": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    installation = world.installation_of(view.app_id, view.team_id)
    title = {"type": "plain_text", "text": "View Title", "emoji": True}
    return {
        "id": view.id,
        "team_id": view.team_id,
        **defaults,
        "title": title,
        **view.content,
        "state": {"values": state or {}},
        "hash": view.hash,
        "previous_view_id": view.previous_id or None,
        "root_view_id": view.root_id,
        "app_id": view.app_id,
        "app_installed_team_id": view.team_id,
        "bot_id": installation.bot_id,
    }
