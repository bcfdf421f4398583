"""What a person clicks, fills in and calls up: buttons, menus, modals, shortcuts and commands."""

from tests.fakes.slack_blocks import elements_of, flat
from tests.fakes.slack_interactions import (
    Shown,
    action_of,
    click_in_view,
    click_on_message,
    closing,
    sent,
    shortcut,
    slash_command,
    submission,
)
from tests.fakes.slack_journal import Delivery
from tests.fakes.slack_message_json import present_blocks
from tests.fakes.slack_responses import after_command, after_submission
from tests.fakes.slack_state import Channel, Ephemeral, Installation, Json, Message, User, View
from tests.fakes.slack_views import close_view
from tests.fakes.slack_world import World


class Clicks:
    """
    Whoever can use an app's buttons.

    Attributes:
        world: where this happens.
        user: the account.
        errors: what the last submitted modal was found wrong with: block_id -> text.

    """

    def __init__(self, world: World, user: User) -> None:
        self.world = world
        self.user = user
        self.errors: dict[str, str] = {}

    def clicks(self, on: Shown | View, action_id: str, *, value: str = "", option: str = "") -> Delivery:
        """
        Press a button, or choose an option of a menu.

        Args:
            on: what shows it.
            action_id: of the element.
            value: of the button, where two elements share an action_id, or of one of two feedback buttons.
            option: value of the chosen option.

        Raises:
            ValueError: this person sees no such element.

        """
        with self.world.lock:
            block, element = self._find(on, action_id, value)
            action = action_of(self.world, block, element, value=value, option=option)
            to = self._app_of(on)
            if isinstance(on, View):
                body = click_in_view(self.world, to, self.user, on, action)
            else:
                body = click_on_message(self.world, to, self.user, on, action)
            return sent(self.world, to, body)

    def _find(self, on: Shown | View, action_id: str, value: str) -> tuple[Json, Json]:
        if not self._sees(on):
            raise ValueError(f"{self.user.name} does not see this")
        for block in flat(_blocks_of(on)):
            for element in elements_of(block):
                hidden = self.user.id not in element.get("visible_to_user_ids", [self.user.id])
                other = bool(value) and element.get("value", value) != value
                if element["action_id"] == action_id and not hidden and not other:
                    return dict(block), element
        raise ValueError(f"{self.user.name} sees no element {action_id!r} {value}".rstrip())

    def _sees(self, on: Shown | View) -> bool:
        if isinstance(on, View):
            return on.open and on.user == self.user.id
        if isinstance(on, Ephemeral):
            return not on.deleted and on.user == self.user.id
        return not on.deleted and self.user.id in self.world.channels[on.channel].members

    def _app_of(self, on: Shown | View) -> Installation:
        return self.world.installation_of(on.app_id, on.team_id)

    def submits(self, view: View, values: Json | None = None) -> Delivery:
        """
        Submit a modal; values: block_id -> action_id -> what was filled in, such as `{"value": "text"}`.

        Raises:
            ValueError: the modal is closed, is another's, or cannot be submitted.

        """
        with self.world.lock:
            if not self._sees(view) or "submit" not in view.content:
                raise ValueError(f"{self.user.name} cannot submit view {view.id}")
            self.errors = {}
            to = self._app_of(view)
            body = submission(self.world, to, self.user, view, _typed_state(view, values or {}))
            return sent(self.world, to, body, then=lambda told: after_submission(self.world, view, told, self.errors))

    def closes(self, view: View, *, whole_stack: bool = False) -> Delivery | None:
        """Close a modal; return what the app was sent, None where it did not want to know."""
        with self.world.lock:
            close_view(self.world, view, whole_stack=whole_stack)
            if not view.content.get("notify_on_close"):
                return None
            to = self._app_of(view)
            return sent(self.world, to, closing(self.world, to, self.user, view, cleared=whole_stack))

    def commands(self, to: Installation, command: str, text: str, channel: Channel) -> Delivery:
        """Use a command of an app; in a thread Slack has none."""
        world = self.world
        with world.lock:
            fields = slash_command(world, to, self.user, channel, command=command, text=text)
            place = world.response_urls[fields["response_url"].rpartition("/")[2]]
            return sent(world, to, fields, then=lambda told: after_command(world, place, told), kind="command")

    def shortcuts(self, to: Installation, callback_id: str, message: Message | None = None) -> Delivery:
        """Use a global shortcut, or one on a message."""
        with self.world.lock:
            return sent(self.world, to, shortcut(self.world, to, self.user, callback_id, message))

    @property
    def modals(self) -> list[View]:
        """Return the modals that are open before this person, topmost last."""
        with self.world.lock:
            own = (one for one in self.world.views.values() if one.user == self.user.id and one.kind == "modal")
            return [one for one in own if one.open]

    def home(self, to: Installation) -> View | None:
        """Return the home tab of an app as this person has it."""
        with self.world.lock:
            return self.world.homes.get((to.app.id, self.user.id))

    def whispers(self, channel: Channel) -> list[Ephemeral]:
        """Return the messages in a channel that only this person sees."""
        with self.world.lock:
            own = [one for one in self.world.ephemerals if one.user == self.user.id and not one.deleted]
            return [one for one in own if one.channel == channel.id]


def _blocks_of(on: Shown | View) -> list[Json]:
    if isinstance(on, View):
        blocks: list[Json] = on.content["blocks"]
        return blocks
    return present_blocks(on) if isinstance(on, Message) else on.blocks


def _typed_state(view: View, values: Json) -> Json:
    """Return the state of a modal: each filled-in element with its type."""
    types = {
        (block["block_id"], element["action_id"]): element["type"]
        for block in flat(view.content["blocks"])
        for element in elements_of(block)
    }
    state: Json = {}
    for block_id, filled in values.items():
        for action_id, value in filled.items():
            if (block_id, action_id) not in types:
                raise ValueError(f"view {view.id} has no element {action_id!r} in block {block_id!r}")
            state.setdefault(block_id, {})[action_id] = {"type": types[block_id, action_id], **value}
    return state
