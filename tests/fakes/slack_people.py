"""A person who uses Slack: writes, edits, reacts, comes and goes. Each act tells the apps what Slack would tell."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.fakes.slack_clicks import Clicks
from tests.fakes.slack_events import (
    tell_change,
    tell_deletion,
    tell_installation,
    tell_membership,
    tell_mentions,
    tell_message,
    tell_reaction,
)
from tests.fakes.slack_json import view_json
from tests.fakes.slack_message_json import message_json
from tests.fakes.slack_rich_text import rich_text, wire_text
from tests.fakes.slack_state import Channel, Installation, Json, Message, StoredFile, User


if TYPE_CHECKING:
    from tests.fakes.slack_state import Session


class Person(Clicks):
    """
    Somebody with an account.

    In what a person types, `<@U…>` is a mention, `<#C…>` a channel, `<!subteam^S…>` a group; all else is text.
    """

    @property
    def id(self) -> str:
        """Return the id of the account."""
        return self.user.id

    def direct(self, to: Installation) -> Channel:
        """Return the direct conversation with an app's bot."""
        with self.world.lock:
            return self.world.direct(self.id, to.bot_user)

    def writes(
        self,
        channel: Channel,
        text: str,
        *,
        thread: Message | None = None,
        files: Sequence[StoredFile] = (),
        context: Json | None = None,
        broadcast: bool = False,
    ) -> Message:
        """
        Post a message.

        Args:
            channel: where; the person must be in it.
            text: what is typed.
            thread: any message of the thread to reply in.
            files: what is attached.
            context: what the person looks at beside the conversation with an agent (`app_context`).
            broadcast: send the reply to the channel too.

        Raises:
            ValueError: the person is not in the channel, or is deactivated.

        """
        world = self.world
        with world.lock:
            if self.id not in channel.members or self.user.deleted:
                raise ValueError(f"{self.user.name} cannot write in {channel.name or channel.id}")
            message = Message(channel.id, world.ts(), self.id, self.user.team_id, wire_text(text))
            message.thread_ts = thread.root if thread is not None else ""
            message.client_msg_id = f"00000000-0000-4000-8000-{world.id('')}".lower()
            message.blocks = rich_text(text, world.id("b"))
            message.app_context, message.broadcast = context, broadcast
            message.files = [one.id for one in files]
            message.subtype = "file_share" if files else ""
            for one in files:
                one.channels.append(channel.id)
            world.keep(message)
            tell_message(world, message)
            return message

    def mentions(self, to: Installation, channel: Channel, text: str, *, thread: Message | None = None) -> Message:
        """Post a message that begins with the name of an app's bot."""
        return self.writes(channel, f"<@{to.bot_user}> {text}", thread=thread)

    def tells(self, to: Installation, text: str, *, thread: Message | None = None) -> Message:
        """Write to an app's bot directly."""
        return self.writes(self.direct(to), text, thread=thread)

    def edits(self, message: Message, text: str) -> None:
        """Change a message of one's own."""
        world = self.world
        with world.lock:
            self._own(message)
            previous, before = message_json(world, message), message.text
            message.versions.append(before)
            message.text, message.blocks = wire_text(text), rich_text(text, world.id("b"))
            message.edited_by, message.edited_ts = self.id, world.ts()
            tell_change(world, message, previous)
            tell_mentions(world, message, before=before)

    def deletes(self, message: Message) -> None:
        """Delete a message of one's own."""
        with self.world.lock:
            self._own(message)
            previous = message_json(self.world, message)
            message.deleted = True
            tell_deletion(self.world, message, previous)

    def _own(self, message: Message) -> None:
        if message.user != self.id or message.deleted:
            raise ValueError(f"{self.user.name} cannot change message {message.ts} of {message.user}")

    def reacts(self, message: Message, emoji: str) -> None:
        """Put an emoji on a message."""
        with self.world.lock:
            message.reactions.setdefault(emoji, []).append(self.id)
            tell_reaction(self.world, message, self.user, emoji, added=True)

    def unreacts(self, message: Message, emoji: str) -> None:
        """Take an emoji of one's own away."""
        with self.world.lock:
            message.reactions[emoji].remove(self.id)
            if not message.reactions[emoji]:
                del message.reactions[emoji]
            tell_reaction(self.world, message, self.user, emoji, added=False)

    def joins(self, channel: Channel) -> None:
        """Come into a channel."""
        with self.world.lock:
            channel.members.append(self.id)
            self._note(channel, self.user, joined=True)
            tell_membership(self.world, channel, self.user, joined=True)

    def leaves(self, channel: Channel) -> None:
        """Go out of a channel."""
        with self.world.lock:
            self._note(channel, self.user, joined=False)
            channel.members.remove(self.id)
            tell_membership(self.world, channel, self.user, joined=False)

    def invites(self, to: Installation, channel: Channel) -> None:
        """Bring an app's bot into a channel."""
        with self.world.lock:
            channel.members.append(to.bot_user)
            bot = self.world.users[to.bot_user]
            self._note(channel, bot, joined=True)
            tell_membership(self.world, channel, bot, joined=True, inviter=self.id)

    def removes(self, to: Installation, channel: Channel) -> None:
        """Send an app's bot out of a channel."""
        with self.world.lock:
            channel.members.remove(to.bot_user)
            tell_membership(self.world, channel, self.world.users[to.bot_user], joined=False)

    def _note(self, channel: Channel, who: User, *, joined: bool) -> None:
        """Put the line into a channel with which Slack notes who came or went."""
        text = f"<@{who.id}> has {'joined' if joined else 'left'} the channel"
        noted = Message(channel.id, self.world.ts(), who.id, who.team_id, text)
        noted.subtype = f"{'group' if channel.kind == 'private' else 'channel'}_{'join' if joined else 'leave'}"
        tell_message(self.world, self.world.keep(noted))

    def uploads(self, name: str, content: bytes, mimetype: str = "text/plain") -> StoredFile:
        """Put a file into Slack; it is shared with the message that it is attached to."""
        with self.world.lock:
            made = StoredFile(self.world.id("F"), self.user.team_id, self.id, name, mimetype, content)
            made.created = self.world.seconds()
            self.world.files[made.id] = made
            return made

    def opens_home(self, to: Installation) -> None:
        """Open the home tab of an app."""
        self._opens(to, "home", None)

    def opens_messages(self, to: Installation, *, context: Json | None = None) -> None:
        """Open the messages tab of an app; `context` is what the person looks at beside it."""
        self._opens(to, "messages", context)

    def _opens(self, to: Installation, tab: str, context: Json | None) -> None:
        world = self.world
        with world.lock:
            body: Json = {"type": "app_home_opened", "user": self.id, "channel": self.direct(to).id, "tab": tab}
            home = world.homes.get((to.app.id, self.id))
            if tab == "home" and home is not None:
                body["view"] = view_json(world, home)
            if context is not None:
                body["context"] = context
            tell_installation(world, to, body | {"event_ts": world.ts()})

    def looks_at(self, channel: Channel, to: Installation) -> Json:
        """Look at a channel beside the conversation with an agent; return the context that it is told of."""
        entity = {"type": "slack#/types/channel_id", "value": channel.id, "team_id": channel.team_id}
        context: Json = {"entities": [entity]}
        with self.world.lock:
            body = {"type": "app_context_changed", "user": self.id, "channel": self.direct(to).id, "context": context}
            tell_installation(self.world, to, body | {"event_ts": self.world.ts()})
        return context

    def retitles(self, to: Installation, message: Message, title: str) -> None:
        """Give the session of a thread another title."""
        world = self.world
        with world.lock:
            session = world.sessions[to.app.id, message.channel, message.root]
            previous, session.title = session.title, title
            body: Json = {"type": "agent_session_title_changed", "channel": message.channel, "user": self.id}
            body |= {"team_id": to.team_id, "thread_ts": message.root, "title": title, "previous_title": previous}
            tell_installation(world, to, body | {"event_ts": world.ts()})

    def stops(self, to: Installation, message: Message) -> list[str]:
        """
        Press the stop button of a thread; return the timestamps of the streams that Slack stopped with it.

        Raises:
            ValueError: the thread shows no stop button.

        """
        world = self.world
        with world.lock:
            session: Session | None = world.sessions.get((to.app.id, message.channel, message.root))
            if session is None or session.status != "processing" or "agent_session_stopped" not in to.app.events:
                raise ValueError(f"thread {message.root} shows no stop button")
            streams = [one for one in world.replies(message.channel, message.root) if one.app_id == to.app.id]
            running = [one.stream for one in streams if one.stream and one.stream.state == "in_progress"]
            stopped = [one.ts for one in streams if one.stream and one.stream.state == "in_progress"]
            for stream in running:
                stream.state = "stopped"
            body: Json = {"type": "agent_session_stopped", "channel": message.channel, "user": self.id}
            body |= {"thread_ts": message.root, "streaming_message_ts": stopped, "event_ts": world.ts()}
            tell_installation(world, to, body)
            return stopped
