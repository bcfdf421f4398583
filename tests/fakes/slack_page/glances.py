"""What one person sees of the fake Slack at this moment, as JSON for the page. Changes nothing."""

import re
from dataclasses import dataclass

from tests.fakes.slack_interactions import channel_name
from tests.fakes.slack_message_json import present_blocks
from tests.fakes.slack_people import Person
from tests.fakes.slack_rich_text import unescape
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Channel, Ephemeral, Installation, Json, Message, User, View


HOME = "home"
"""The place that is the app's Home tab."""

MOST_MESSAGES = 200
_COMINGS = ("_join", "_leave")
_TOKEN = re.compile(r"<([@#])([A-Z0-9]+)(?:\|[^<>]*)?>|<(https?:[^<>|]+)(?:\|[^<>]*)?>")


class NotPossible(ValueError):
    """What a person cannot do or see; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Look:
    """
    Where somebody looks.

    Attributes:
        place: id of a channel or a direct conversation, or `home`.
        thread: timestamp of the first message of the thread beside it; "" for none.

    """

    place: str
    thread: str = ""


class Glances:
    """
    Sees with the eyes of one person after the other.

    Attributes:
        slack: Slack.
        app: the app that people talk with.

    """

    def __init__(self, slack: FakeSlack, app: Installation) -> None:
        self.slack = slack
        self.app = app

    def people(self) -> list[Person]:
        """Return everybody who can use Slack."""
        world = self.slack.world
        with world.lock:
            return [Person(world, one) for one in world.users.values() if one.role != "bot" and not one.deleted]

    def person(self, user_id: str) -> Person:
        """
        Return somebody.

        Raises:
            NotPossible: there is nobody of this id.

        """
        found = next((one for one in self.people() if one.id == user_id), None)
        if found is None:
            raise NotPossible(f"Nobody here has the id {user_id!r}.")
        return found

    def has_app(self, person: Person) -> bool:
        """Say whether the app is installed in the workspace of a person."""
        return person.user.team_id == self.app.team_id

    def channel(self, person: Person, place: str) -> Channel:
        """
        Return a conversation that a person is in.

        Raises:
            NotPossible: there is none of this id, or the person is not in it.

        """
        found = self.slack.world.channels.get(place)
        if found is None or person.id not in found.members:
            raise NotPossible(f"{person.user.real_name} is in no conversation {place!r}.")
        return found

    def message(self, channel: Channel, ts: str) -> Message:
        """
        Return a message of a conversation.

        Raises:
            NotPossible: it is not there any more.

        """
        found = self.slack.world.message(channel.id, ts)
        if found is None:
            raise NotPossible(f"There is no message {ts!r} any more.")
        return found

    def view(self, person: Person, view_id: str) -> View:
        """
        Return a modal or a home tab before a person.

        Raises:
            NotPossible: the person has none of this id.

        """
        found = self.slack.world.views.get(view_id)
        if found is None or found.user != person.id or not found.open:
            raise NotPossible(f"There is no dialogue {view_id!r} any more.")
        return found

    def seen(self, person: Person, look: Look) -> Json:
        """
        Return all that a person sees.

        Raises:
            NotPossible: the person cannot look there.

        """
        with self.slack.world.lock:
            told: Json = {
                "you": self._who(person.user),
                "people": [self._who(one.user) for one in self.people()],
                "places": self._places(person),
                "names": self._names(),
                "modals": [self._view(one) for one in person.modals],
                "app": self._app(person),
            }
            if look.place == HOME:
                home = person.home(self.app)
                return told | {"home": None if home is None else self._view(home)}
            return told | self._conversation(person, self.channel(person, look.place), look.thread)

    def _who(self, user: User) -> Json:
        team = self.slack.world.teams[user.team_id]
        foreign = user.team_id != self.app.team_id
        role = f"of {team.name}" if foreign else user.role.replace("_", " ")
        return {"id": user.id, "name": user.name, "real_name": user.real_name, "role": role, "locale": user.locale}

    def _app(self, person: Person) -> Json:
        bot = self.slack.world.users[self.app.bot_user]
        return {"id": bot.id, "name": bot.real_name, "handle": bot.name, "here": self.has_app(person)}

    def _names(self) -> Json:
        world = self.slack.world
        return {
            "users": {one.id: one.real_name if one.role == "bot" else one.name for one in world.users.values()},
            "channels": {one.id: one.name for one in world.channels.values()},
            "groups": {one.id: one.handle for one in world.groups.values()},
        }

    def _places(self, person: Person) -> list[Json]:
        inside = [one for one in self.slack.world.channels.values() if person.id in one.members and not one.archived]
        return [self._place(one, person) for one in inside]

    def _place(self, channel: Channel, person: Person) -> Json:
        world = self.slack.world
        kind = "shared" if channel.shared_with else channel.kind
        others = [world.users[one].real_name for one in channel.members if one != person.id]
        name = channel.name if channel.kind in ("public", "private") else ", ".join(others)
        kept = [one.ts for one in world.messages.get(channel.id, {}).values() if not one.deleted]
        kept += [one.ts for one in person.whispers(channel)]
        told = {"id": channel.id, "kind": kind, "name": name, "called": channel_name(channel)}
        return told | {"latest": max(kept, default=""), "members": others}

    def _conversation(self, person: Person, channel: Channel, thread: str) -> Json:
        messages = self.slack.messages(channel)
        whispers = person.whispers(channel)
        roots = [one for one in messages if one.root == one.ts or one.broadcast]
        shown = [self._message(person, channel, one) for one in roots]
        shown += [self._whisper(one) for one in whispers if not one.thread_ts]
        told: Json = {"place": self._place(channel, person), "messages": _in_order(shown)}
        prompts = self.slack.world.prompts.get((channel.id, ""))
        if prompts is not None:
            told["prompts"] = {"title": prompts.title, "prompts": prompts.prompts}
        if thread:
            told["thread"] = self._thread(person, channel, thread, whispers)
        return told

    def _thread(self, person: Person, channel: Channel, root: str, whispers: list[Ephemeral]) -> Json:
        world = self.slack.world
        first = world.message(channel.id, root)
        inside = [*([first] if first is not None else []), *world.replies(channel.id, root)]
        shown = [self._message(person, channel, one) for one in inside]
        shown += [self._whisper(one) for one in whispers if one.thread_ts == root]
        return {"root": root, "messages": _in_order(shown), **self._work(channel, root)}

    def _work(self, channel: Channel, root: str) -> Json:
        """Return what a thread shows while the app works."""
        world = self.slack.world
        session = world.sessions.get((self.app.app.id, channel.id, root))
        works = session is not None and session.status == "processing"
        status = world.thread_status(channel.id, root)
        told: Json = {"status": status or ("is working…" if works else "")}
        told["stop"] = works and "agent_session_stopped" in self.app.app.events
        title = session.title if session is not None else ""
        return told | {"title": title or world.titles.get((channel.id, root), "")}

    def _message(self, person: Person, channel: Channel, one: Message) -> Json:
        world = self.slack.world
        author = world.users[one.user]
        told: Json = {
            "key": one.ts,
            "kind": "note" if one.subtype.endswith(_COMINGS) else "message",
            "author": {"id": author.id, "name": author.real_name, "bot": author.role == "bot"},
            "text": one.text,
            "blocks": present_blocks(one),
            "files": [world.files[name].name for name in one.files],
            "edited": bool(one.edited_ts),
            "mine": one.user == person.id,
            "streaming": one.stream is not None and one.stream.state == "in_progress",
            "thread": one.root,
            "reactions": [
                {"name": name, "count": len(who), "mine": person.id in who} for name, who in one.reactions.items()
            ],
        }
        if one.stream is not None and one.stream.state in ("stopped", "expired"):
            told["ended"] = one.stream.state
        if one.user == person.id:
            told["typed"] = self._typed(one.text)
        if one.root == one.ts:
            told |= {"replies": len(world.replies(channel.id, one.ts)), "work": self._work(channel, one.ts)}
        return told

    def _whisper(self, one: Ephemeral) -> Json:
        author = self.slack.world.users[self.slack.world.installation_of(one.app_id, one.team_id).bot_user]
        told: Json = {"key": one.ts, "kind": "whisper", "text": one.text, "blocks": one.blocks, "thread": one.thread_ts}
        return told | {"author": {"id": author.id, "name": author.real_name, "bot": True}, "files": [], "reactions": []}

    def _view(self, view: View) -> Json:
        return {"id": view.id, "hash": view.hash, **view.content}

    def _typed(self, text: str) -> str:
        """Return the text of a message as it was typed."""
        world = self.slack.world

        def spoken(found: re.Match[str]) -> str:
            if found[3]:
                return found[3]
            user, channel = world.users.get(found[2]), world.channels.get(found[2])
            if found[1] == "@" and user is not None:
                return f"@{user.name}"
            return f"#{channel.name}" if found[1] == "#" and channel is not None else found[0]

        return unescape(_TOKEN.sub(spoken, text))


def _in_order(shown: list[Json]) -> list[Json]:
    return sorted(shown, key=lambda one: str(one["key"]))[-MOST_MESSAGES:]
