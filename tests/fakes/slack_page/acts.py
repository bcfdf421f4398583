"""What a person does on the page, done in the fake Slack: each act by its name, with what was typed or pressed."""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tests.fakes.slack_interactions import Shown
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_page.glances import HOME, Glances, NotPossible
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel, Json, StoredFile, View


ACK_S = 5.0
"""That the page waits for what an app says to a click; Slack itself gives up before."""

_NAMED = re.compile(r"(?<![\w@#])([@#])([\w.-]*\w)")


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut of the app, as its manifest declares it; one on a message, or one that is global."""

    callback_id: str
    title: str
    on_message: bool


class Acts:
    """Lets people act. Each act waits for what the app says to it: call it outside an event loop."""

    def __init__(self, glances: Glances, commands: Collection[str]) -> None:
        """Take who sees what, and the commands of the app, such as `/kb`."""
        self._glances = glances
        self._slack = glances.slack
        self._app = glances.app
        self._commands = commands
        self._known: Mapping[str, Callable[[Person, Json], Json]] = {
            "write": self._write,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "open": self._open,
            "stop": self._stop,
            "shortcut": self._shortcut,
        }

    def do(self, person: Person, told: Json) -> Json:
        """
        Do what `told["act"]` names; return what the person is to hear of it at once. Blocks.

        Raises:
            ValueError: it cannot be done; the sentence is for the person.

        """
        act = self._known.get(_text(told, "act"))
        if act is None:
            raise NotPossible(f"There is no act {told.get('act')!r}.")
        return act(person, told)

    def _write(self, person: Person, told: Json) -> Json:
        channel, text, thread = self._channel(person, told), _text(told, "text").strip(), _text(told, "thread")
        if text.startswith("/"):
            return self._command(person, channel, text, in_thread=bool(thread))
        files = [self._upload(person, one) for one in told.get("files", [])]
        if not text and not files:
            raise NotPossible("There is nothing to send.")
        root = self._glances.message(channel, thread) if thread else None
        made = person.writes(channel, self._named(text), thread=root, files=files)
        return {"ts": made.ts, "root": made.root, "named": f"<@{self._app.bot_user}>" in made.text}

    def _command(self, person: Person, channel: Channel, text: str, *, in_thread: bool) -> Json:
        command, _, rest = text.partition(" ")
        if in_thread:
            raise NotPossible("Slack has no commands in threads.")
        if command not in self._commands or not self._glances.has_app(person):
            raise NotPossible(f"{command} is no command here.")
        return self._answered(person.commands(self._app, command, self._escaped(rest.strip()), channel))

    def _upload(self, person: Person, told: Json) -> StoredFile:
        try:
            content = base64.b64decode(_text(told, "content"), validate=True)
        except binascii.Error:
            raise NotPossible("The file came damaged.") from None
        return person.uploads(_text(told, "name"), content, _text(told, "mimetype") or "application/octet-stream")

    def _edit(self, person: Person, told: Json) -> Json:
        message = self._glances.message(self._channel(person, told), _text(told, "ts"))
        text = _text(told, "text").strip()
        if not text:
            raise NotPossible("There is nothing left of the message; delete it.")
        person.edits(message, self._named(text))
        return {}

    def _delete(self, person: Person, told: Json) -> Json:
        person.deletes(self._glances.message(self._channel(person, told), _text(told, "ts")))
        return {}

    def _react(self, person: Person, told: Json) -> Json:
        message = self._glances.message(self._channel(person, told), _text(told, "ts"))
        emoji = _text(told, "emoji")
        mine = person.id in message.reactions.get(emoji, [])
        (person.unreacts if mine else person.reacts)(message, emoji)
        return {}

    def _click(self, person: Person, told: Json) -> Json:
        on, value, option = self._on(person, told), _text(told, "value"), _text(told, "option")
        return self._answered(person.clicks(on, _text(told, "action_id"), value=value, option=option))

    def _on(self, person: Person, told: Json) -> Shown | View:
        """Return what shows the element that is pressed."""
        if _text(told, "view"):
            return self._glances.view(person, _text(told, "view"))
        channel, ts = self._channel(person, told), _text(told, "ts")
        whispered = next((one for one in person.whispers(channel) if one.ts == ts), None)
        return whispered or self._glances.message(channel, ts)

    def _submit(self, person: Person, told: Json) -> Json:
        view = self._glances.view(person, _text(told, "view"))
        answered = self._answered(person.submits(view, told.get("values", {})))
        return answered | {"errors": dict(person.errors)}

    def _close(self, person: Person, told: Json) -> Json:
        person.closes(self._glances.view(person, _text(told, "view")))
        return {}

    def _open(self, person: Person, told: Json) -> Json:
        """Tell the app that its Home tab, or the conversation with it, was opened."""
        place = _text(told, "in")
        if not self._glances.has_app(person):
            return {}
        if place == HOME:
            person.opens_home(self._app)
        elif place == person.direct(self._app).id:
            person.opens_messages(self._app)
        return {}

    def _stop(self, person: Person, told: Json) -> Json:
        person.stops(self._app, self._glances.message(self._channel(person, told), _text(told, "ts")))
        return {}

    def _shortcut(self, person: Person, told: Json) -> Json:
        if not self._glances.has_app(person):
            raise NotPossible(f"{self._app.app.name} is not installed in your workspace.")
        ts = _text(told, "ts")
        message = self._glances.message(self._channel(person, told), ts) if ts else None
        return self._answered(person.shortcuts(self._app, _text(told, "callback_id"), message))

    def _channel(self, person: Person, told: Json) -> Channel:
        return self._glances.channel(person, _text(told, "in"))

    def _answered(self, delivery: Delivery) -> Json:
        """
        Return once the app has acknowledged.

        Raises:
            NotPossible: it did not, or with something of which Slack can make nothing.

        """
        name = self._app.app.name
        try:
            delivery.wait(ACK_S)
        except TimeoutError:
            raise NotPossible(f"{name} did not respond.") from None
        if delivery.state == "gave_up":
            raise NotPossible(f"{name} did not respond in time, or refused.")
        if delivery.wrong:
            raise NotPossible(f"{name} responded with what Slack does not take: {delivery.wrong}")
        return {}

    def _named(self, text: str) -> str:
        """Return a typed text with the names of people, groups and channels as Slack's composer puts them."""
        return _NAMED.sub(lambda found: self._token(found, labelled=False), text)

    def _escaped(self, text: str) -> str:
        """Return the text of a command as Slack sends it, names with their labels."""
        return _NAMED.sub(lambda found: self._token(found, labelled=True), text)

    def _token(self, found: re.Match[str], *, labelled: bool) -> str:
        world, name = self._slack.world, found[2].lower()
        label = f"|{name}" if labelled else ""
        if found[1] == "#":
            channels = (one for one in world.channels.values() if one.name == name)
            channel = next(channels, None)
            return found[0] if channel is None else f"<#{channel.id}{label}>"
        user = next((one for one in world.users.values() if one.name == name and not one.deleted), None)
        if user is not None:
            return f"<@{user.id}{label}>"
        group = next((one for one in world.groups.values() if one.handle == name and one.enabled), None)
        return found[0] if group is None else f"<!subteam^{group.id}{'|@' + name if labelled else ''}>"


def _text(told: Json, name: str) -> str:
    """
    Return a text of what the page sent; "" where it is missing.

    Raises:
        NotPossible: it is no text.

    """
    value = told.get(name, "")
    if not isinstance(value, str):
        raise NotPossible(f"{name} must be a text.")
    return value
