"""Fields of Slack's JSON. Nothing here trusts a shape: a field of another type is as good as absent."""

from collections.abc import Iterator, Mapping
from typing import Any


Json = Mapping[str, Any]


def text_of(told: Json, name: str) -> str:
    """Return a field that is a text; empty if it is none."""
    found = told.get(name)
    return found if isinstance(found, str) else ""


def object_of(told: Json, name: str) -> Json:
    """Return a field that is an object; an empty one if it is none."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def ids_of(listed: object) -> Iterator[str]:
    """Yield the ids of a list of objects."""
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and text_of(one, "id"):
            yield text_of(one, "id")


def team_of(told: Json) -> str:
    """Return the workspace whose app is told, which is not always the one where it happened."""
    return text_of(_authorization(told), "team_id") or text_of(told, "team_id")


def bot_of(told: Json) -> str:
    """Return the id of our own user there."""
    return text_of(_authorization(told), "user_id")


def _authorization(told: Json) -> Json:
    listed = told.get("authorizations")
    first = listed[0] if isinstance(listed, list) and listed else {}
    return first if isinstance(first, dict) else {}
