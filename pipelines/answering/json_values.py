"""Values from JSON that anybody may have written: each has the type that it must have, or is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar, get_origin, get_type_hints

from pipelines.domain.values import Value


_TYPES: dict[type[Value], dict[str, Any]] = {}
_Flat = TypeVar("_Flat", bound=Value)


def flat(kind: type[_Flat], values: Mapping[str, Any]) -> _Flat:
    """
    Return a value of named fields, each of the type that its field has.

    Raises:
        ValueError: a field is missing, too many, or of another type.

    """
    types = _TYPES.get(kind) or _TYPES.setdefault(kind, get_type_hints(kind))
    if set(values) != set(types) or not all(is_of(values[name], one) for name, one in types.items()):
        raise ValueError(kind.__name__)
    return kind(**values)


def moment(value: object) -> datetime:
    """
    Return an aware time.

    Raises:
        TypeError: it is no text.
        ValueError: it is no time, or one of no zone.

    """
    found = datetime.fromisoformat(text(value))
    if found.tzinfo is None:
        raise ValueError("it has no zone")
    return found


def listed(value: object) -> list[Any]:
    """
    Return a list.

    Raises:
        TypeError: it is none.

    """
    if not isinstance(value, list):
        raise TypeError("it is no list")
    return value


def text(value: object) -> str:
    """
    Return a text.

    Raises:
        TypeError: it is none.

    """
    if not isinstance(value, str):
        raise TypeError("it is no text")
    return value


def is_of(value: object, kind: Any) -> bool:  # noqa: ANN401 - a class, a union of classes or a kind of tuple
    """Say whether a value is of a type; a truth value is no number."""
    if get_origin(kind) is tuple:
        return isinstance(value, tuple)
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
