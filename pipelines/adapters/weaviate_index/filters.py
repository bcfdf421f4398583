"""Filters in Weaviate's form, and what of them a reader's rights become."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from weaviate.proto.v1 import base_pb2

from pipelines.adapters.weaviate_index.schema import PARTS
from pipelines.domain.access import AccessFilter


Filters = base_pb2.Filters
_KEY_SPACE = uuid.UUID("8f2a6c1e-53d4-5b0f-9e57-0d6b1f7a4c23")


def key_of(chunk_id: str, added_in: int) -> uuid.UUID:
    """Return the object's id, the same for the same life: a row that is written again is replaced."""
    return uuid.uuid5(_KEY_SPACE, f"{chunk_id} {added_in}")


def part_of(key: uuid.UUID) -> int:
    """Return the part of a row, 0 .. PARTS - 1."""
    return key.int % PARTS


def scope_of(kb: int, rule: int) -> str:
    """Return a base and its rule as one word: letters and digits, so that no tokenization can split it."""
    return f"k{kb}r{rule}".replace("-", "m")


def rule_in(scope: str) -> int:
    """Return the rule of a scope."""
    return int(scope.partition("r")[2].replace("m", "-"))


def equal(name: str, value: int) -> Filters:
    """Return the filter for rows whose number is this one."""
    return _number(Filters.OPERATOR_EQUAL, name, value)


def at_most(name: str, value: int) -> Filters:
    """Return the filter for rows whose number is this one or lower."""
    return _number(Filters.OPERATOR_LESS_THAN_EQUAL, name, value)


def above(name: str, value: int) -> Filters:
    """Return the filter for rows whose number is higher."""
    return _number(Filters.OPERATOR_GREATER_THAN, name, value)


def below(name: str, value: int) -> Filters:
    """Return the filter for rows whose number is lower."""
    return _number(Filters.OPERATOR_LESS_THAN, name, value)


def is_not(name: str, value: str) -> Filters:
    """Return the filter for rows whose word is another one."""
    return Filters(operator=Filters.OPERATOR_NOT_EQUAL, target=_target(name), value_text=value)


def any_of(name: str, values: Iterable[str]) -> Filters:
    """Return the filter for rows whose word is one of these."""
    array = base_pb2.TextArray(values=values)
    return Filters(operator=Filters.OPERATOR_CONTAINS_ANY, target=_target(name), value_text_array=array)


def none_of(name: str, values: Iterable[int]) -> Filters:
    """Return the filter for rows whose number is none of these."""
    array = base_pb2.IntArray(values=values)
    return Filters(operator=Filters.OPERATOR_CONTAINS_NONE, target=_target(name), value_int_array=array)


def any_key(keys: Iterable[uuid.UUID | str]) -> Filters:
    """Return the filter for rows by their object's id."""
    return any_of("_id", map(str, keys))


def both(*filters: Filters) -> Filters:
    """Return the filter for rows that pass all of these."""
    return Filters(operator=Filters.OPERATOR_AND, filters=filters)


def either(filters: list[Filters]) -> Filters:
    """Return the filter for rows that pass one of these, of which there is at least one."""
    return filters[0] if len(filters) == 1 else Filters(operator=Filters.OPERATOR_OR, filters=filters)


def unless(condition: Filters) -> Filters:
    """Return the filter for rows that do not pass this one."""
    return Filters(operator=Filters.OPERATOR_NOT, filters=[condition])


def alive_at(version: int) -> tuple[Filters, Filters]:
    """
    Return the filters for rows that a version shows.

    Weaviate takes a number out before it puts the new one in, so a row that is retired by a
    running sync has no `removed_in` for a moment: "higher" would miss it, "not lower" does not.
    """
    return at_most("added_in", version), unless(at_most("removed_in", version))


def visible_to(access: AccessFilter, versions: Mapping[int, int]) -> Filters | None:
    """
    Return the filter for what a reader sees; None if that is nothing.

    Bases that stand at the same version share one clause: many clauses are slow.
    """
    scopes: dict[int, list[str]] = defaultdict(list)
    for kb in sorted(access.rules.keys() & versions.keys()):
        scopes[versions[kb]].extend(scope_of(kb, rule) for rule in sorted(access.rules[kb]))
    clauses = [both(any_of("scope", some), *alive_at(version)) for version, some in sorted(scopes.items())]
    return either(clauses) if clauses else None


def _number(operator: Filters.Operator, name: str, value: int) -> Filters:
    return Filters(operator=operator, target=_target(name), value_int=value)


def _target(name: str) -> base_pb2.FilterTarget:
    return base_pb2.FilterTarget(property=name)
