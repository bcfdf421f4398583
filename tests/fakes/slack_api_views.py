"""The methods `views.*`: opening with a trigger that lives three seconds, hashes, stacks of three."""

from tests.fakes.slack_errors import ApiError
from tests.fakes.slack_json import view_json
from tests.fakes.slack_methods import Asked, Method
from tests.fakes.slack_state import Json, Trigger, View
from tests.fakes.slack_views import change_view, new_view, push_view, refuse_bad_view


def _trigger(asked: Asked) -> Trigger:
    """Return a trigger of this app that is fresh, and use it up."""
    trigger = asked.world.triggers.get(asked.text("trigger_id"))
    if trigger is None or trigger.app_id != asked.installation.app.id:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if asked.world.clock.monotonic() - trigger.made_s >= asked.world.rules.trigger_life_s:
        raise ApiError("expired_trigger_id")
    return trigger


def _told(asked: Asked, view: View) -> Json:
    return {"ok": True, "view": view_json(asked.world, view)}


def _open(asked: Asked) -> Json:
    trigger = _trigger(asked)
    refuse_bad_view(asked.arguments["view"], "modal")
    view = new_view(asked.world, asked.installation, trigger.user, asked.arguments["view"])
    trigger.used = True
    return _told(asked, view)


def _push(asked: Asked) -> Json:
    trigger = _trigger(asked)
    below = asked.world.views.get(trigger.view_id)
    if below is None or not below.open or below.kind != "modal":
        raise ApiError("not_found")
    refuse_bad_view(asked.arguments["view"], "modal")
    view = push_view(asked.world, below, trigger.user, asked.arguments["view"])
    trigger.used = True
    return _told(asked, view)


def _update(asked: Asked) -> Json:
    view = _found(asked)
    if asked.text("hash") and asked.text("hash") != view.hash:
        raise ApiError("hash_conflict")
    refuse_bad_view(asked.arguments["view"], view.kind)
    change_view(asked.world, view, asked.arguments["view"])
    return _told(asked, view)


def _found(asked: Asked) -> View:
    """Return the open view that `view_id` or `external_id` names."""
    view_id, external_id = asked.text("view_id"), asked.text("external_id")
    own = [one for one in asked.world.views.values() if one.app_id == asked.installation.app.id and one.open]
    named = [one for one in own if one.id == view_id or (external_id and one.content.get("external_id") == external_id)]
    if not named:
        raise ApiError("not_found")
    return named[0]


def _publish(asked: Asked) -> Json:
    person = asked.person("user_id", "invalid_arguments")
    refuse_bad_view(asked.arguments["view"], "home")
    key = (asked.installation.app.id, person.id)
    home = asked.world.homes.get(key)
    if home is None:
        home = asked.world.homes[key] = new_view(asked.world, asked.installation, person.id, asked.arguments["view"])
        return _told(asked, home)
    if asked.text("hash") and asked.text("hash") != home.hash:
        raise ApiError("hash_conflict")
    change_view(asked.world, home, asked.arguments["view"])
    return _told(asked, home)


METHODS = {
    "views.open": Method(_open, ("trigger_id", "view")),
    "views.push": Method(_push, ("trigger_id", "view")),
    "views.update": Method(_update, ("view",), ("view_id", "external_id", "hash")),
    "views.publish": Method(_publish, ("user_id", "view"), ("hash",)),
}
