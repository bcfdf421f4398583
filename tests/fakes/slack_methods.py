"""What a method of the Web API takes, who may call it, and how its arguments are read out of a request."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack_errors import ApiError, refused
from tests.fakes.slack_state import Channel, Installation, Json, Message, User
from tests.fakes.slack_world import World


JSON_ARGUMENTS = {
    "attachments": list,
    "blocks": list,
    "chunks": list,
    "loading_messages": list,
    "metadata": dict,
    "prompts": list,
    "view": dict,
}
WITH_ANY_CALL = frozenset(["token", "team_id"])
"""What slack_sdk and Bolt send with every call; read by the methods that document it, and by no other."""
_BOOLEANS = frozenset(
    [
        "as_user",
        "include_all_metadata",
        "include_count",
        "include_disabled",
        "include_labels",
        "include_locale",
        "include_num_members",
        "include_users",
        "inclusive",
        "link_names",
        "mrkdwn",
        "prevent_creation",
        "reply_broadcast",
        "return_im",
        "unfurl_links",
        "unfurl_media",
    ]
)
_INTEGERS = frozenset(["limit", "count", "page"])
_FORMAT_ERRORS = {
    "attachments": "invalid_attachments",
    "blocks": "invalid_blocks_format",
    "chunks": "invalid_chunks",
    "metadata": "invalid_metadata_format",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A call whose token, arguments and scopes are in order."""

    world: World
    installation: Installation
    arguments: Json

    def text(self, name: str) -> str:
        """Return an argument that is a text; "" if it was not given."""
        return str(self.arguments.get(name, ""))

    @property
    def bot(self) -> User:
        """Return the app's bot user."""
        return self.world.users[self.installation.bot_user]

    def channel(self, name: str = "channel", *, member: bool = False) -> Channel:
        """
        Return a conversation that the app may know of.

        Raises:
            ApiError: channel_not_found; not_in_channel, where `member` is asked for.

        """
        channel = self.world.channels.get(self.text(name))
        if channel is None or not self.world.sees(self.installation, channel):
            raise ApiError("channel_not_found")
        if member and self.installation.bot_user not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def own_message(self, not_own: str) -> Message:
        """
        Return the message `ts` of `channel`, which this app has posted.

        Raises:
            ApiError: channel_not_found, message_not_found, or `not_own`.

        """
        message = self.world.message(self.channel().id, self.text("ts"))
        if message is None:
            raise ApiError("message_not_found")
        if message.app_id != self.installation.app.id or message.team_id != self.installation.team_id:
            raise ApiError(not_own)
        return message

    def person(self, name: str = "user", error: str = "user_not_found") -> User:
        """Return a user that the app's workspace can see."""
        user = self.world.visible_user(self.installation.team_id, self.text(name))
        if user is None:
            raise ApiError(error)
        return user

    def need(self, scope: str) -> None:
        """Refuse the call where the token lacks a scope."""
        check_scopes(self.installation, (scope,))


Handler = Callable[[Asked], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """
    A method of the Web API.

    Attributes:
        run: answers a call.
        required: names of arguments.
        optional: names of arguments.
        scopes: one of them is needed; none where it is empty.
        token: which kind of token it wants: `bot` or `app`.
        takes_json: False for methods that read arguments of forms and addresses alone.

    """

    run: Handler
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    token: str = "bot"  # noqa: S105 - a kind of token, not one
    takes_json: bool = True


def check_scopes(installation: Installation, scopes: tuple[str, ...]) -> None:
    """Refuse a call whose token has none of the scopes."""
    if scopes and not installation.scopes & set(scopes):
        provided = ",".join(sorted(installation.scopes))
        raise ApiError("missing_scope", needed=",".join(scopes), provided=provided)


def read_arguments(method: Method, given: Mapping[str, Any]) -> Json:
    """
    Return the arguments of a call in their types, without those that are null.

    Raises:
        ApiError: invalid_arguments, or the code of an argument that is no JSON.

    """
    known = {*method.required, *method.optional}
    aside = WITH_ANY_CALL - known
    held = {name: value for name, value in given.items() if value is not None and name not in aside}
    missing = [name for name in method.required if held.get(name, "") == ""]
    wrong = [f"missing required field: {name}" for name in missing]
    wrong += [f"unexpected argument: {name}" for name in held if name not in known]
    if wrong:
        raise refused("invalid_arguments", wrong)
    return {name: _typed(name, value) for name, value in held.items()}


def _typed(name: str, value: Any) -> Any:
    if name in JSON_ARGUMENTS:
        return _json(name, value)
    if name in _BOOLEANS:
        return _boolean(name, value)
    if name in _INTEGERS:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ApiError("invalid_limit" if name == "limit" else "invalid_arguments") from None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ",".join(value)
    if isinstance(value, bool | list | dict):
        raise refused("invalid_arguments", [f"must be a string [json-pointer:/{name}]"])
    return str(value)


def _json(name: str, value: Any) -> Any:
    code = _FORMAT_ERRORS.get(name, "invalid_arguments")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ApiError(code) from None
    kinds: tuple[type, ...] = (JSON_ARGUMENTS[name],)
    if not isinstance(value, kinds):
        raise ApiError(code)
    return value


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("1", "true"):
        return True
    if str(value).lower() in ("0", "false"):
        return False
    raise refused("invalid_arguments", [f"must be a boolean [json-pointer:/{name}]"])


def page(items: list[Any], asked: Asked, *, default: int = 100, most: int = 1000) -> tuple[list[Any], str]:
    """
    Return the page that `limit` and `cursor` ask for, and the cursor of the next; "" for none.

    Raises:
        ApiError: invalid_limit or invalid_cursor.

    """
    limit = int(asked.arguments.get("limit", default))
    if not 1 <= limit <= most:
        raise ApiError("invalid_limit")
    cursor = asked.text("cursor")
    if cursor and not cursor.startswith("next:"):
        raise ApiError("invalid_cursor")
    begin = int(cursor.removeprefix("next:") or 0)
    following = f"next:{begin + limit}" if begin + limit < len(items) else ""
    return items[begin : begin + limit], following
