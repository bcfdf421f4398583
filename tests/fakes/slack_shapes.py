"""A small language for the shape of JSON, whose complaints read as Slack's do. Knows no block of Slack."""

import re
from collections.abc import Callable, Mapping
from typing import Any


Shape = Callable[[Any, str], list[str]]
"""Takes a value and its JSON pointer; returns what is wrong with it, nothing where it fits."""

_URL = re.compile(r"(https?|mailto|slack|tel):\S+", re.IGNORECASE)


def complaint(said: str, pointer: str) -> str:
    """Return a complaint with its place."""
    return f"{said} [json-pointer:{pointer}]"


def length(text: str) -> int:
    """Return the length of a text as Slack may count it at worst: in units of UTF-16."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def string(least: int = 0, most: int | None = None) -> Shape:
    """Want a text of so many characters."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, str):
            return [complaint("must be a string", pointer)]
        if len(value) < least:
            return [complaint(f"must be more than {least - 1} characters", pointer)]
        if most is not None and length(value) > most:
            return [complaint(f"must be less than {most + 1} characters", pointer)]
        return []

    return check


def url(most: int = 3000) -> Shape:
    """Want an absolute address."""
    length = string(1, most)

    def check(value: Any, pointer: str) -> list[str]:
        wrong = length(value, pointer)
        if not wrong and not _URL.fullmatch(value):
            return [complaint("Invalid URL", pointer)]
        return wrong

    return check


def boolean(value: Any, pointer: str) -> list[str]:
    """Want true or false."""
    return [] if isinstance(value, bool) else [complaint("must be a boolean", pointer)]


def number(least: float | None = None, most: float | None = None, *, whole: bool = True) -> Shape:
    """Want a number within bounds."""
    kinds = (int,) if whole else (int, float)

    def check(value: Any, pointer: str) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, kinds):
            return [complaint("must be an integer" if whole else "must be a number", pointer)]
        if (least is not None and value < least) or (most is not None and value > most):
            return [complaint(f"must be from {least} to {most}", pointer)]
        return []

    return check


def one_of(*allowed: str) -> Shape:
    """Want one of some texts."""

    def check(value: Any, pointer: str) -> list[str]:
        return [] if value in allowed else [complaint(f"must be one of {', '.join(allowed)}", pointer)]

    return check


def listing(item: Shape, least: int = 0, most: int | None = None) -> Shape:
    """Want a list of so many items of one shape."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, list):
            return [complaint("must be an array", pointer)]
        if len(value) < least:
            return [complaint(f"no fewer than {least} items allowed", pointer)]
        if most is not None and len(value) > most:
            return [complaint(f"no more than {most} items allowed", pointer)]
        return [wrong for place, one in enumerate(value) for wrong in item(one, f"{pointer}/{place}")]

    return check


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """Want an object with these fields and no other."""
    fields = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict):
            return [complaint("must be an object", pointer)]
        wrong = [complaint(f"missing required field: {name}", pointer) for name in required if name not in value]
        wrong += [complaint(f"invalid additional property: {name}", pointer) for name in value if name not in fields]
        for name, shape in fields.items():
            if name in value:
                wrong += shape(value[name], f"{pointer}/{name}")
        return wrong

    return check


def typed(shapes: Mapping[str, Shape]) -> Shape:
    """Want an object whose `type` is one of these names, in the shape of that name."""

    def check(value: Any, pointer: str) -> list[str]:
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):
            return [complaint("missing required field: type", pointer)]
        shape = shapes.get(value["type"])
        if shape is None:
            return [complaint(f"unsupported type: {value['type']}", f"{pointer}/type")]
        return shape(value, pointer)

    return check


def of_type(name: str, required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """Want an object with this `type` and these fields."""
    return record({"type": one_of(name), **required}, optional)


def both(*shapes: Shape) -> Shape:
    """Want what each of these shapes wants."""
    return lambda value, pointer: [wrong for shape in shapes for wrong in shape(value, pointer)]


def exactly_one(*names: str) -> Shape:
    """Want one, and only one, of some fields of an object."""

    def check(value: Any, pointer: str) -> list[str]:
        held = [name for name in names if isinstance(value, dict) and name in value]
        return [] if len(held) == 1 else [complaint(f"exactly one of {', '.join(names)} is required", pointer)]

    return check


def at_least_one(*names: str) -> Shape:
    """Want one of some fields of an object, or more."""

    def check(value: Any, pointer: str) -> list[str]:
        held = isinstance(value, dict) and any(name in value for name in names)
        return [] if held else [complaint(f"at least one of {', '.join(names)} is required", pointer)]

    return check


def anything(_value: Any, _pointer: str) -> list[str]:
    """Want nothing in particular."""
    return []
