"""
Buttons, dialogues, shortcuts and commands as Slack tells of them. The only reader of their JSON.

What is none of ours, or lacks what it is about, is None: it is acknowledged and asks for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.slack.actions import Action, Dialogue, Pressed, action_of, pressed
from bot.slack.events import PLATFORM, lane_of
from bot.slack.fields import Json, object_of, text_of
from pipelines.domain.values import Value


_DIRECT = "D"
"""How ids of direct conversations of two begin."""


@dataclass(frozen=True, slots=True)
class Spot(Value):
    """
    Who did something, and where.

    Attributes:
        team: the app's workspace.
        user: who.
        channel: where; empty in a Home tab or a dialogue.
        thread: time of the message that the thread begins with; empty outside of one.
        trigger: what opens a dialogue for three seconds, and tells this from everything else that was done.
        answer_at: address that takes five answers which this person alone sees; empty for none.

    """

    team: str
    user: str
    channel: str
    thread: str
    trigger: str
    answer_at: str

    @property
    def name(self) -> str:
        """Name of the principal that this person is."""
        return f"user:{PLATFORM}:{self.team}:{self.user}"

    @property
    def private(self) -> bool:
        """Whether it was done in a direct conversation of two."""
        return is_direct(self.channel)

    @property
    def place(self) -> str:
        """How the names of the conversations begin that are held there by several; empty where there are none."""
        return place_of(self.team, self.channel)


@dataclass(frozen=True, slots=True)
class Press(Value):
    """
    A button that was pressed.

    Attributes:
        spot: by whom, and where.
        action: what it asks for.
        about: what it is about.
        message: time of the message that shows it; empty in a Home tab.
        question: time of the message that the answer with it answers, as far as it tells.
        shown_to: ids of those to whom it is shown; empty for everybody.

    """

    spot: Spot
    action: Action
    about: Pressed
    message: str
    question: str
    shown_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class Submission(Value):
    """
    A dialogue that was sent.

    Attributes:
        spot: by whom.
        dialogue: which.
        about: what it is about.
        values: name of a field -> what was filled in, or the value of what was chosen.

    """

    spot: Spot
    dialogue: Dialogue
    about: Pressed
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Called(Value):
    """
    A shortcut that was called up.

    Attributes:
        spot: by whom; the thread is that which the message is in.
        message: time of the message that it is about; empty for none.
        words: of that message, in Slack's form.

    """

    spot: Spot
    message: str
    words: str

    @property
    def thread(self) -> str:
        """Time of the message with which the thread begins that the message is in, or that it would begin."""
        return self.spot.thread or self.message


@dataclass(frozen=True, slots=True)
class Command(Value):
    """A command that was typed; `line` is what stands behind its name."""

    spot: Spot
    line: str


def is_direct(channel: str) -> bool:
    """Say whether an id is that of a direct conversation of two."""
    return channel.startswith(_DIRECT)


def place_of(team: str, channel: str) -> str:
    """Return how the names of a channel's conversations begin; empty for a direct one, or no channel at all."""
    return "" if not channel or is_direct(channel) else lane_of(team, channel, "0").removesuffix("0")


def press_of(told: Json, team: str) -> Press | None:
    """
    Return a pressed button; None if it is none of ours.

    Args:
        told: the body of `block_actions`.
        team: the app's workspace: what Slack tells is that of who pressed.

    """
    listed = told.get("actions")
    first = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    action, about = action_of(text_of(first, "action_id")), pressed(text_of(first, "value"))
    container = object_of(told, "container")
    channel = text_of(object_of(told, "channel"), "id") or text_of(container, "channel_id")
    message = text_of(container, "message_ts")
    spot = _spot(told, team, channel, text_of(container, "thread_ts") or message)
    shown = object_of(told, "message")
    if action is None or about is None or spot is None or not _is_shown(shown, first):
        return None
    answered = object_of(object_of(shown, "metadata"), "event_payload")
    return Press(spot, action, about, message, text_of(answered, "question"), _shown_to(shown, first))


def submission_of(told: Json, team: str) -> Submission | None:
    """Return a dialogue that was sent; None if it is none of ours. For arguments see `press_of`."""
    view = object_of(told, "view")
    about, spot = pressed(text_of(view, "private_metadata")), _spot(told, team, "", "")
    callback = text_of(view, "callback_id")
    if about is None or spot is None or callback not in set(Dialogue):
        return None
    return Submission(spot, Dialogue(callback), about, _values(object_of(object_of(view, "state"), "values")))


def called_of(told: Json, team: str) -> Called | None:
    """Return a shortcut that was called up; None if nobody did. For arguments see `press_of`."""
    message = object_of(told, "message")
    ts = text_of(message, "ts") or text_of(told, "message_ts")
    channel = text_of(object_of(told, "channel"), "id")
    spot = _spot(told, team, channel, text_of(message, "thread_ts"))
    return None if spot is None else Called(spot, ts, text_of(message, "text"))


def command_of(told: Json, team: str) -> Command | None:
    """Return a command that was typed; None if nobody did. For arguments see `press_of`."""
    user, trigger = text_of(told, "user_id"), text_of(told, "trigger_id")
    if not user or not trigger:
        return None
    spot = Spot(team, user, text_of(told, "channel_id"), "", trigger, text_of(told, "response_url"))
    return Command(spot, text_of(told, "text"))


def _spot(told: Json, team: str, channel: str, thread: str) -> Spot | None:
    user, trigger = text_of(object_of(told, "user"), "id"), text_of(told, "trigger_id")
    if not user or not trigger:
        return None
    return Spot(team, user, channel, thread, trigger, text_of(told, "response_url"))


def _values(state: Json) -> dict[str, str]:
    """Return what was filled in; a field and its element have one name."""
    found: dict[str, str] = {}
    for name in state:
        element = object_of(object_of(state, name), name)
        chosen = text_of(object_of(element, "selected_option"), "value")
        found[name] = text_of(element, "value") or chosen or text_of(element, "selected_conversation")
    return found


def _is_shown(message: Json, action: Json) -> bool:
    """Say whether a pressed value is one that the message shows there, as far as Slack sends the message along."""
    shown = [value for one in _elements(message, action) for value in _carried(one)]
    return not shown or text_of(action, "value") in shown


def _carried(element: Json) -> list[str]:
    """Return what an element sends when it is pressed; thumbs are two."""
    parts = (element, object_of(element, "positive_button"), object_of(element, "negative_button"))
    return [value for one in parts if (value := text_of(one, "value"))]


def _shown_to(message: Json, action: Json) -> frozenset[str]:
    """Return to whom the pressed icon is shown, as the message says that holds it."""
    for one in _elements(message, action):
        listed = one.get("visible_to_user_ids")
        return frozenset(str(user) for user in listed) if isinstance(listed, list) else frozenset()
    return frozenset()


def _elements(message: Json, action: Json) -> Iterator[Json]:
    """Yield what a message shows under the name of a pressed element."""
    blocks = message.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        elements = block.get("elements") if isinstance(block, dict) else None
        for one in elements if isinstance(elements, list) else []:
            if isinstance(one, dict) and text_of(one, "action_id") == text_of(action, "action_id"):
                yield one
