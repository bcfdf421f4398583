"""Builds the worlds of tests and changes them while they run: workspaces, people, groups, channels, apps."""

from collections.abc import Iterable, Sequence

from tests.fakes.slack_events import tell_change, tell_installation, tell_team, tell_user
from tests.fakes.slack_json import group_json
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import App, Channel, Group, Installation, Message, Role, User, Workspace
from tests.fakes.slack_world import World


EVENTS = frozenset(
    [
        "agent_session_stopped",
        "agent_session_title_changed",
        "app_context_changed",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_rename",
        "channel_shared",
        "channel_unshared",
        "member_joined_channel",
        "member_left_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "reaction_added",
        "reaction_removed",
        "subteam_members_changed",
        "subteam_updated",
        "tokens_revoked",
        "user_change",
    ]
)
SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
)


class Town:
    """
    What exists. What is built before an app is installed is told to nobody.

    Attributes:
        world: all of it.

    """

    def __init__(self, world: World) -> None:
        self.world = world

    def workspace(self, name: str, *, enterprise_id: str = "") -> Workspace:
        """Add a workspace; with an enterprise id it is part of that Enterprise Grid."""
        with self.world.lock:
            made = Workspace(self.world.id("T"), name, name.lower().replace(" ", "-"), enterprise_id)
            self.world.teams[made.id] = made
            return made

    def person(
        self, team: Workspace, name: str, role: Role = "member", *, email: str | None = None, real_name: str = ""
    ) -> Person:
        """Add a person; the mail address is made of the name where none is given, and "" is none."""
        with self.world.lock:
            prefix = "W" if team.enterprise_id else "U"
            address = f"{name}@{team.domain}.example" if email is None else email
            user = User(self.world.id(prefix), team.id, name, role, address, real_name or name.title())
            user.enterprise_id, user.updated = team.enterprise_id, self.world.seconds()
            self.world.users[user.id] = user
            return Person(self.world, user)

    def app(
        self, name: str, *, request_url: str = "", socket_mode: bool = False, events: Iterable[str] = EVENTS
    ) -> App:
        """Add an app with its secrets, subscribed to these events."""
        with self.world.lock:
            made = App(self.world.id("A"), name, "", "", "", request_url, socket_mode, frozenset(events))
            made.signing_secret = f"signing-secret-of-{made.id}"
            made.verification_token = f"verification-token-of-{made.id}"
            made.app_token = f"xapp-1-{made.id}-1-fake"
            self.world.apps[made.id] = made
            return made

    def install(self, app: App, team: Workspace, *, scopes: Iterable[str] = SCOPES) -> Installation:
        """Install an app in a workspace; its bot is in no channel yet."""
        with self.world.lock:
            bot_id, user_id = self.world.id("B"), self.world.id("U")
            bot = User(user_id, team.id, app.name.lower(), "bot", "", app.name)
            bot.enterprise_id, bot.bot_id, bot.app_id = team.enterprise_id, bot_id, app.id
            self.world.users[bot.id] = bot
            made = Installation(app, team.id, f"xoxb-{team.id}-{bot_id}-fake", bot.id, bot_id, frozenset(scopes))
            self.world.installations.append(made)
            return made

    def channel(
        self,
        team: Workspace,
        name: str,
        members: Sequence[Person | Installation],
        *,
        private: bool = False,
        shared_with: Sequence[Workspace] = (),
        grid_with: Sequence[Workspace] = (),
    ) -> Channel:
        """Add a channel with these people and bots in it; shared by Slack Connect, or within an Enterprise Grid."""
        with self.world.lock:
            inside = [_user_id(one) for one in members]
            made = Channel(self.world.id("C"), team.id, name, "private" if private else "public", inside)
            made.shared_with, made.grid_with = [one.id for one in shared_with], [one.id for one in grid_with]
            made.creator, made.created = inside[0] if inside else "", self.world.seconds()
            self.world.channels[made.id] = made
            return made

    def group_talk(self, *members: Person | Installation) -> Channel:
        """Return the direct conversation of some people and bots."""
        with self.world.lock:
            return self.world.direct(*(_user_id(one) for one in members))

    def group(self, team: Workspace, handle: str, members: Sequence[Person]) -> Group:
        """Add a user group."""
        with self.world.lock:
            made = Group(self.world.id("S"), team.id, handle, handle.title(), [one.id for one in members])
            made.created = made.updated = self.world.seconds()
            self.world.groups[made.id] = made
            return made

    def set_members(self, group: Group, members: Sequence[Person]) -> None:
        """Change who is in a user group."""
        with self.world.lock:
            now, before = [one.id for one in members], group.members
            added, removed = [one for one in now if one not in before], [one for one in before if one not in now]
            previous, group.updated = group.updated, self.world.seconds()
            group.members = now
            body = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": group.team_id}
            told = {"date_previous_update": previous, "date_update": group.updated, "event_ts": self.world.ts()}
            added_users = {"added_users": added, "added_users_count": len(added)}
            removed_users = {"removed_users": removed, "removed_users_count": len(removed)}
            tell_team(self.world, [group.team_id], {**body, **told, **added_users, **removed_users})

    def switch(self, group: Group, *, enabled: bool) -> None:
        """Switch a user group off, or on again."""
        with self.world.lock:
            group.enabled, group.updated = enabled, self.world.seconds()
            body = {"type": "subteam_updated", "subteam": group_json(group, users=True)}
            tell_team(self.world, [group.team_id], body | {"event_ts": self.world.ts()})

    def change(
        self, person: Person, *, role: Role | None = None, deleted: bool | None = None, email: str | None = None
    ) -> None:
        """Change an account: its role, whether it is deactivated, its mail address."""
        with self.world.lock:
            user = person.user
            user.role = user.role if role is None else role
            user.deleted = user.deleted if deleted is None else deleted
            user.email = user.email if email is None else email
            user.updated = self.world.seconds()
            tell_user(self.world, user)

    def invite(self, channel: Channel, team: Workspace) -> None:
        """Invite another organisation to share a channel; apps are told of nothing before it comes."""
        with self.world.lock:
            channel.invited.append(team.id)

    def share(self, channel: Channel, team: Workspace) -> None:
        """Share a channel with another organisation."""
        with self.world.lock:
            channel.invited = [one for one in channel.invited if one != team.id]
            channel.shared_with.append(team.id)
            body = {"type": "channel_shared", "connected_team_id": team.id, "channel": channel.id}
            tell_team(self.world, [channel.team_id], body | {"event_ts": self.world.ts()})

    def unshare(self, channel: Channel, team: Workspace) -> None:
        """Share a channel with a workspace no longer; its people leave."""
        with self.world.lock:
            channel.shared_with.remove(team.id)
            channel.members = [one for one in channel.members if self.world.users[one].team_id != team.id]
            body = {"type": "channel_unshared", "previously_connected_team_id": team.id, "channel": channel.id}
            told = {"is_ext_shared": bool(channel.shared_with), "event_ts": self.world.ts()}
            tell_team(self.world, [channel.team_id], {**body, **told})

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        with self.world.lock:
            channel.name = name
            told = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
            body = {"type": "channel_rename", "channel": told, "event_ts": self.world.ts()}
            tell_team(self.world, [channel.team_id], body)

    def archive(self, channel: Channel, by: Person) -> None:
        """Archive a channel."""
        with self.world.lock:
            channel.archived = True
            body = {"type": "channel_archive", "channel": channel.id, "user": by.id, "is_moved": 0}
            tell_team(self.world, [channel.team_id], body | {"event_ts": self.world.ts()})

    def unfurl(self, message: Message) -> None:
        """Let Slack put a preview of a link under a message: a change that changes no word."""
        with self.world.lock:
            previous = message_json(self.world, message)
            message.attachments.append({"id": 1, "from_url": "https://preview.example", "fallback": "A preview"})
            tell_change(self.world, message, previous)

    def uninstall(self, to: Installation) -> None:
        """Take an app out of a workspace: its token is worth nothing any more."""
        with self.world.lock:
            tell_installation(self.world, to, {"type": "app_uninstalled", "event_ts": self.world.ts()})
            tokens = {"oauth": [], "bot": [to.bot_user]}
            tell_installation(self.world, to, {"type": "tokens_revoked", "tokens": tokens, "event_ts": self.world.ts()})
            to.revoked = True


def _user_id(one: Person | Installation) -> str:
    return one.bot_user if isinstance(one, Installation) else one.id
