"""Readers, rules and filters: who may read what, whatever is written."""

import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.domain.access import (
    EVERYONE,
    OPERATOR,
    PUBLIC,
    AccessFilter,
    access_filter,
    narrowed,
    normalise_reader,
    normalise_readers,
    principal_as,
    rule_hash,
)
from pipelines.errors import BadInput


IDENTS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"), exclude_characters=","), min_size=1, max_size=40
).filter(lambda text: unicodedata.normalize("NFC", text).strip() == unicodedata.normalize("NFC", text))
READERS = st.one_of(
    st.sampled_from([EVERYONE, PUBLIC]),
    st.builds("{}:{}".format, st.sampled_from(["user", "group", "channel"]), IDENTS),
)
RULES = st.frozensets(st.integers(1, 9))
BASES = st.integers(1, 4)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("everyone", "everyone"),
        (" Public ", "public"),
        ("GROUP:HR", "group:HR"),
        ("user: anna ", "user:anna"),
        ("Channel:slack:T1:C1", "channel:slack:T1:C1"),
        ("group:IT", "group:IT"),
        ("group:r&d", "group:r&d"),
        ("group:a:b", "group:a:b"),
        ("group:'\"--", "group:'\"--"),
        ("group:\U0001f44d\U0001f3fd", "group:\U0001f44d\U0001f3fd"),
        ("user:cafe\u0301", "user:caf\u00e9"),
    ],
)
def test_a_reader_has_one_spelling(written: str, normal: str) -> None:
    """The kind is without case, the id keeps its own; outer space and the Unicode spelling do not count."""
    assert normalise_reader(written) == normal


def test_a_mail_address_has_no_case() -> None:
    """Who is told by a chat platform is the same person as in a rule, however it was typed."""
    assert normalise_reader("user:Anna.Berg@Acme.example") == "user:anna.berg@acme.example"
    assert normalise_reader("user:slack:T1:U1") == "user:slack:T1:U1"
    assert normalise_reader("group:HR@Acme") == "group:HR@Acme"


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "anna",
        "user:",
        "group: ",
        ":hr",
        "role:admin",
        "channel:",
        "channels:C1",
        "channel:C1,C2",
        "user:a\nb",
        "user:\x00",
        "user:\ud800",
        "user:" + "x" * 196,
        "user:anna\u200b",
        "user:anna\u200d",
        "user:a\u202enna",
        "user:a\u2028nna",
        "user:a\u2029nna",
        "group:hr, group:it",
    ],
)
def test_what_is_no_reader_is_refused(written: str) -> None:
    """Anything else is refused with a sentence that says how to write one."""
    with pytest.raises(BadInput, match="write everyone, public, user:ID, group:ID or channel:ID"):
        normalise_reader(written)


@settings(deadline=None)
@given(READERS)
def test_normalising_twice_changes_nothing(reader: str) -> None:
    """What came out of normalising goes through it unchanged."""
    once = normalise_reader(reader)
    assert normalise_reader(once) == once


@settings(deadline=None)
@given(st.lists(READERS, max_size=6), st.randoms(use_true_random=False))
def test_equal_lists_share_a_hash(readers: list[str], chance: random.Random) -> None:
    """Order, repetition and spelling do not make another rule."""
    again = [unicodedata.normalize("NFD", one) for one in readers] + readers[:2]
    chance.shuffle(again)
    assert rule_hash(again) == rule_hash(readers)


@settings(deadline=None)
@given(st.lists(READERS, max_size=4), st.lists(READERS, max_size=4))
def test_different_lists_have_different_hashes(one: list[str], other: list[str]) -> None:
    """Two lists share a hash only if they name the same readers, however their ids are cut."""
    assert (rule_hash(one) == rule_hash(other)) is (normalise_readers(one) == normalise_readers(other))


@settings(deadline=None)
@given(st.lists(READERS, max_size=5))
def test_a_person_has_the_rights_that_are_named_and_no_more(readers: list[str]) -> None:
    """Everybody is public, a named user or group is a member of the organisation, and nobody becomes an admin."""
    person = principal_as(readers)
    named = set(normalise_readers(readers))
    member = any(one == EVERYONE or one.startswith(("user:", "group:")) for one in named)
    assert person.readers == named | {PUBLIC} | ({EVERYONE} if member else set())
    assert not person.admin


def test_who_reads_in_a_channel_may_be_a_guest() -> None:
    """A channel opens what is public and what is open to it, and nothing of the organisation."""
    assert principal_as(["channel:C1"]).readers == {"channel:C1", PUBLIC}
    assert principal_as(["channel:C1", "user:anna"]).readers == {"channel:C1", "user:anna", EVERYONE, PUBLIC}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (["everyone"], ["channel:C1"], ()),
        (["public"], ["channel:C1"], ("channel:C1",)),
        (["channel:C1"], ["channel:C1", "channel:C2"], ("channel:C1",)),
        (["channel:C1"], ["channel:c1"], ()),
        (["channel:C1"], ["group:C1", "user:C1"], ()),
        (["everyone", "channel:C1"], ["group:hr", "channel:C1"], ("channel:C1", "group:hr")),
        (["everyone"], ["public"], ("everyone",)),
        (["everyone"], ["user:anna", "channel:C1"], ("user:anna",)),
        ([], ["channel:C1", "public"], ()),
    ],
)
def test_two_lists_are_narrowed_to_who_satisfies_both(one: list[str], other: list[str], both: tuple[str, ...]) -> None:
    """Members of the organisation are those whom a list names as such: not who happens to be in a channel."""
    assert narrowed(one, other) == both
    assert narrowed(other, one) == both


FEW = st.lists(
    st.sampled_from(
        [EVERYONE, PUBLIC, *(f"{kind}:{ident}" for kind in ("user", "group", "channel") for ident in "ab")]
    ),
    max_size=4,
)


@settings(deadline=None)
@given(FEW, FEW, FEW)
def test_whoever_satisfies_narrowed_lists_satisfies_both(one: list[str], other: list[str], person: list[str]) -> None:
    """Nobody gains by narrowing, whoever they are; and of those whom a list names none is lost who satisfies both."""
    readers = principal_as(person).readers
    both = set(narrowed(one, other))
    assert not readers & both or (readers & set(one) and readers & set(other))
    for named in {*one, *other}:
        alone = principal_as([named]).readers
        assert (named in both) is bool(alone & set(one) and alone & set(other))


def test_the_operator_is_an_admin() -> None:
    """Who sits at the terminal of the machine that holds the data may do everything."""
    assert OPERATOR.admin


@settings(deadline=None)
@given(st.dictionaries(BASES, RULES), st.dictionaries(BASES, st.integers(1, 9)))
def test_a_base_is_open_only_through_its_default_rule(
    satisfied: dict[int, frozenset[int]], defaults: dict[int, int]
) -> None:
    """Whoever does not satisfy a base's default rule gets nothing of it, whatever other rules name them."""
    made = access_filter(satisfied, defaults)
    for base, rules in satisfied.items():
        if defaults.get(base) in rules:
            assert made.rules[base] == rules
        else:
            assert base not in made.rules
    assert made.rules.keys() <= satisfied.keys()


def test_a_base_without_a_rule_is_no_part_of_a_filter() -> None:
    """A filter that names a base and no rule would be read as open, so it cannot be made."""
    with pytest.raises(ValueError, match="left out"):
        AccessFilter({1: frozenset()})
