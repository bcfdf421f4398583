"""Modals and home tabs: which views Slack takes, and how they open, change, pile up and close."""

import hashlib
import json
from typing import Any

from tests.fakes.slack_blocks import VIEW_BLOCKS, check_blocks, flat
from tests.fakes.slack_elements import plain
from tests.fakes.slack_errors import ApiError, refused
from tests.fakes.slack_shapes import anything, boolean, complaint, of_type, string, typed
from tests.fakes.slack_state import Installation, Json, View
from tests.fakes.slack_world import World


_SHARED = {"private_metadata": string(0, 3000), "callback_id": string(0, 255), "external_id": string(0, 255)}
_VIEW = typed(
    {
        "home": of_type("home", {"blocks": anything}, _SHARED),
        "modal": of_type(
            "modal",
            {"blocks": anything, "title": plain(24)},
            {
                **_SHARED,
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
    }
)
VIEW_BYTES = 250_000


def check_view(content: Any, kind: str) -> list[str]:
    """Return what Slack would complain of in a view of this kind, nothing for none."""
    held = {name: value for name, value in content.items() if value is not None}
    wrong = _VIEW(held, "/view")
    if not wrong and held["type"] != kind:
        wrong = [complaint(f"must be a {kind} view", "/view/type")]
    if not wrong:
        wrong = check_blocks(held["blocks"], kind, most=VIEW_BLOCKS, pointer="/view/blocks")
    asks = not wrong and any(one["type"] == "input" for one in flat(held["blocks"]))
    if asks and kind == "modal" and "submit" not in held:
        wrong = [complaint("submit is required when an input block is within the blocks array", "/view/submit")]
    return wrong


def refuse_bad_view(content: Any, kind: str) -> None:
    """
    Refuse a view that Slack would not show.

    Raises:
        ApiError: invalid_arguments or view_too_large.

    """
    wrong = check_view(content, kind)
    if wrong:
        raise refused("invalid_arguments", wrong)
    if len(json.dumps(content).encode()) > VIEW_BYTES:
        raise ApiError("view_too_large")


def new_view(world: World, installation: Installation, user: str, content: Json, *, on: View | None = None) -> View:
    """Return an open view, on top of another if there is one."""
    _refuse_same_external_id(world, installation, content, except_for="")
    view_id = world.id("V")
    made = View(view_id, installation.team_id, installation.app.id, user, _numbered(world, content), "", view_id)
    if on is not None:
        made.root_id, made.previous_id = on.root_id, on.id
    made.hash = _hash(world, made)
    world.views[made.id] = made
    return made


def change_view(world: World, view: View, content: Json) -> None:
    """Put another content in a view; its hash changes."""
    installation = world.installation_of(view.app_id, view.team_id)
    _refuse_same_external_id(world, installation, content, except_for=view.id)
    view.content = _numbered(world, content)
    view.hash = _hash(world, view)


def stack_of(world: World, view: View) -> list[View]:
    """Return the open modals that lie on each other with this one, undermost first."""
    return [one for one in world.views.values() if one.open and one.kind == "modal" and one.root_id == view.root_id]


def close_view(world: World, view: View, *, whole_stack: bool = False) -> list[View]:
    """Close a modal and what lies on it, or the whole stack; return what was closed, topmost first."""
    closed = [one for one in reversed(stack_of(world, view)) if whole_stack or one.id >= view.id]
    for one in closed:
        one.open = False
    return closed


def push_view(world: World, below: View, user: str, content: Json) -> View:
    """
    Return a view that is put on another.

    Raises:
        ApiError: push_limit_reached.

    """
    if len(stack_of(world, below)) >= world.rules.view_stack:
        raise ApiError("push_limit_reached")
    installation = world.installation_of(below.app_id, below.team_id)
    return new_view(world, installation, user, content, on=below)


def _refuse_same_external_id(world: World, to: Installation, content: Json, *, except_for: str) -> None:
    wanted = content.get("external_id")
    if not wanted:
        return
    for one in world.views.values():
        same = one.open and one.team_id == to.team_id and one.content.get("external_id") == wanted
        if same and one.id != except_for:
            raise ApiError("duplicate_external_id")


def _numbered(world: World, content: Json) -> Json:
    held = {name: value for name, value in content.items() if value is not None}
    return held | {"blocks": [{"block_id": world.id("b"), **one} for one in held["blocks"]]}


def _hash(world: World, view: View) -> str:
    digest = hashlib.sha1(json.dumps(view.content).encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{world.ts()}.{digest}"
