"""What a reader's rights become in Weaviate's form, read as its documentation reads it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from weaviate.proto.v1 import base_pb2

from pipelines.adapters.weaviate_index.filters import rule_in, scope_of, visible_to
from pipelines.domain.access import AccessFilter


Filters = base_pb2.Filters
number = st.integers(0, 12)
rights = st.dictionaries(number, st.frozensets(number, min_size=1, max_size=4), max_size=4).map(AccessFilter)
versions = st.dictionaries(number, st.integers(1, 4), max_size=4)


def passes(found: Filters, row: dict[str, Any]) -> bool:
    """Tell whether a row passes a filter."""
    value = row.get(found.target.property)
    match found.operator:
        case Filters.OPERATOR_AND:
            return all(passes(one, row) for one in found.filters)
        case Filters.OPERATOR_OR:
            return any(passes(one, row) for one in found.filters)
        case Filters.OPERATOR_CONTAINS_ANY:
            return value in found.value_text_array.values
        case Filters.OPERATOR_LESS_THAN_EQUAL:
            return bool(value <= found.value_int)
        case Filters.OPERATOR_GREATER_THAN:
            return bool(value > found.value_int)
    raise AssertionError(found.operator)


@given(rights, versions, st.tuples(number, number), st.tuples(st.integers(1, 4), st.integers(2, 5)))
def test_a_filter_shows_what_rights_and_versions_allow(
    access: AccessFilter, at: dict[int, int], governed: tuple[int, int], life: tuple[int, int]
) -> None:
    """A row passes exactly where its base is searched, its rule is satisfied in that base, and its life is on."""
    (kb, rule), (added, removed) = governed, life
    row = {"scope": scope_of(kb, rule), "added_in": added, "removed_in": removed}
    found = visible_to(access, at)
    expected = kb in at and rule in access.rules.get(kb, ()) and added <= at[kb] < removed
    assert (found is not None and passes(found, row)) == expected


@given(rights, versions)
def test_bases_at_one_version_share_a_clause(access: AccessFilter, at: dict[int, int]) -> None:
    """There are as many clauses as different versions: many clauses are slow."""
    found = visible_to(access, at)
    seen = {at[kb] for kb in access.rules if kb in at}
    clauses = 0 if found is None else len(found.filters) if found.operator == Filters.OPERATOR_OR else 1
    assert clauses == len(seen)


@given(st.integers(-(2**31), 2**31), st.integers(-(2**31), 2**31))
def test_a_scope_is_one_word_that_names_its_rule(kb: int, rule: int) -> None:
    """No tokenization that Weaviate has could split a scope, and its rule can be read from it."""
    scope = scope_of(kb, rule)
    assert scope.isalnum()
    assert scope == scope.lower()
    assert rule_in(scope) == rule
