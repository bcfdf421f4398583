"""Rules of which the shapes of Block Kit are made: a rule takes a value and its place, and yields its faults."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from bot.slack.limits import URL, length
from pipelines.domain.characters import has_surrogates


Rule: TypeAlias = Callable[[Any, str], Iterator[str]]

_HTTP: Final = ("http", "https")
_LONGEST_TOLD: Final = 60


def text(most: int, least: int = 1) -> Rule:
    """Accept a text of so many characters; not one with half a character, a NUL or nothing but blanks."""

    def check(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{place} is no text"
        elif not least <= length(value) <= most:
            yield f"{place} has {length(value)} characters, allowed are {least} to {most}"
        elif "\0" in value or has_surrogates(value):
            yield f"{place} holds a character that is none"

    return check


def one_of(*allowed: str) -> Rule:
    """Accept one of some words."""

    def check(value: object, place: str) -> Iterator[str]:
        if value not in allowed or not isinstance(value, str):
            yield f"{place} is {_told(value)}, allowed are {', '.join(allowed)}"

    return check


def number(least: int, most: int) -> Rule:
    """Accept a whole number of a range."""

    def check(value: object, place: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            yield f"{place} is {_told(value)}, allowed are whole numbers from {least} to {most}"

    return check


def flag(value: object, place: str) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield f"{place} is neither true nor false"


def address(value: object, place: str) -> Iterator[str]:
    """Accept an http or https address with a host, without blanks, brackets or controls."""
    if not isinstance(value, str) or len(value) > URL or not value.isascii() or not value.isprintable():
        yield f"{place} is no address of at most {URL} printable ASCII characters"
        return
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in _HTTP and bool(parts.hostname)
    except ValueError:
        well_formed = False
    if not well_formed or any(char in ' <>"|' for char in value):
        yield f"{place} is no http address with a host"


def many(rule: Rule, most: int, least: int = 1) -> Rule:
    """Accept a list of so many values, each of which the rule accepts."""

    def check(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, list | tuple):
            yield f"{place} is no list"
            return
        if not least <= len(value) <= most:
            yield f"{place} has {len(value)} entries, allowed are {least} to {most}"
        for index, one in enumerate(value):
            yield from rule(one, f"{place}[{index}]")

    return check


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """Accept an object that has all required keys, and of others only the optional ones."""
    known = {**required, **(optional or {})}

    def check(value: object, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place} is no object"
            return
        yield from (f"{place} lacks {key}" for key in required if key not in value)
        for key, one in value.items():
            if key in known:
                yield from known[key](one, f"{place}.{key}")
            elif key != "type":
                yield f"{place} has {_told(key)}, which is unknown there"

    return check


def typed(shapes: Mapping[str, Rule]) -> Rule:
    """Accept an object whose `type` is one of these, by that type's rule."""

    def check(value: object, place: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in shapes:
            yield f"{place} is of type {_told(kind)}, allowed are {', '.join(shapes)}"
        else:
            yield from shapes[kind](value, place)

    return check


def both(*rules: Rule) -> Rule:
    """Accept what all rules accept."""

    def check(value: object, place: str) -> Iterator[str]:
        for rule in rules:
            faults = list(rule(value, place))
            yield from faults
            if faults:
                return

    return check


def _told(value: object) -> str:
    """Return a value shortly, as it is named in a fault."""
    told = repr(value)
    return told if len(told) <= _LONGEST_TOLD else f"{told[:_LONGEST_TOLD]}…"
