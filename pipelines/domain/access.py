"""
Who may read what. The only maker of an AccessFilter.

A reader is written `everyone`, `public`, `user:ID`, `group:ID` or `channel:ID`. A rule is
a set of readers. A document is readable by those who satisfy its base's default rule and
its own rule; an admin satisfies every rule; nobody satisfies an empty one.

Who is in a channel may be a guest: a channel is no part of `everyone`.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.domain.characters import is_unseen
from pipelines.domain.conversation import Principal
from pipelines.domain.values import Value
from pipelines.errors import BadInput


EVERYONE = "everyone"
PUBLIC = "public"
_MEMBERS = ("user", "group")
"""Kinds of readers who are members of the organisation."""

_KINDS = (*_MEMBERS, "channel")
_MAX_READER = 200
_JOINER = "\u200d"
_EMOJI = ("So", "Sk", "Mn")


def normalise_reader(text: str) -> str:
    """
    Return the one way to write a reader: NFC, the kind in lower case, a person's mail address too, no outer space.

    Raises:
        BadInput: neither `everyone`, `public`, `user:ID`, `group:ID` nor `channel:ID`, an
            id with a comma, control or invisible characters, or more than 200 characters.

    """
    name = unicodedata.normalize("NFC", text).strip()
    if name.lower() in (EVERYONE, PUBLIC):
        return name.lower()
    kind, colon, ident = name.partition(":")
    kind, ident = kind.strip().lower(), ident.strip()
    # With a comma two readers were meant; what cannot be seen makes two readers look like one.
    odd = any(char == "," or is_unseen(char) for char in _without_emoji_joiners(ident))
    if kind not in _KINDS or not colon or not ident or odd or len(name) > _MAX_READER:
        message = (
            f"{text!r} is not a reader: write everyone, public, user:ID, group:ID or channel:ID"
            f" (at most {_MAX_READER} characters, without commas and invisible characters)"
        )
        raise BadInput(message)
    return f"{kind}:{ident.lower() if kind == 'user' and '@' in ident else ident}"


def normalise_readers(readers: Iterable[str]) -> tuple[str, ...]:
    """Return normalised readers, sorted, each once."""
    return tuple(sorted({normalise_reader(one) for one in readers}))


def rule_hash(readers: Iterable[str]) -> str:
    """Return the hash by which equal lists share one rule."""
    joined = "\n".join(normalise_readers(readers))
    return hashlib.sha256(joined.encode()).hexdigest()


def _without_emoji_joiners(text: str) -> str:
    """Return a text without the joiners that make one picture of several: there they are seen."""
    return "".join(
        char
        for before, char in zip(" " + text, text, strict=False)
        if char != _JOINER or unicodedata.category(before) not in _EMOJI
    )


def narrowed(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """
    Return readers of whom each satisfies both lists, sorted.

    Empty where no reader of either list is known to satisfy the other: who is in two
    groups is not known here.
    """
    first, second = set(normalise_readers(one)), set(normalise_readers(other))
    both = {reader for reader in first if _admits(second, reader)} | {
        reader for reader in second if _admits(first, reader)
    }
    return tuple(sorted(both))


def _admits(readers: set[str], reader: str) -> bool:
    """Say whether everybody who is this reader satisfies a list."""
    return reader in readers or PUBLIC in readers or (EVERYONE in readers and _is_member(reader))


def _is_member(reader: str) -> bool:
    """Say whether a reader is a user or a group: members of the organisation."""
    return reader.partition(":")[0] in _MEMBERS


def principal_as(readers: Iterable[str]) -> Principal:
    """
    Return the principal with exactly these rights.

    A `user:` or `group:` is a member of the organisation and so also `everyone`; whoever
    reads in a `channel:` may be a guest; everybody is `public`.
    """
    named = normalise_readers(readers)
    known = set(named) | {PUBLIC}
    if any(_is_member(one) for one in named):
        known.add(EVERYONE)
    return Principal(name=" ".join(named) or PUBLIC, readers=frozenset(known))


OPERATOR = Principal(name="operator", readers=frozenset({EVERYONE, PUBLIC}), admin=True)
"""The person at the terminal of the machine that holds the data: an admin."""


@dataclass(frozen=True, slots=True)
class AccessFilter(Value):
    """
    Which rules one reader satisfies, for one search.

    Attributes:
        rules: base id -> ids of the rules satisfied in it. A base that is missing is
            not readable at all.

    """

    rules: Mapping[int, frozenset[int]]

    def __post_init__(self) -> None:
        """Refuse bases without any rule: they must be left out."""
        if not all(self.rules.values()):
            message = "a base without a satisfied rule must be left out"
            raise ValueError(message)


def access_filter(satisfied: Mapping[int, frozenset[int]], defaults: Mapping[int, int]) -> AccessFilter:
    """
    Return what a person may read: nothing of a base whose default rule excludes them.

    Args:
        satisfied: base id -> ids of the rules whose readers include this person.
        defaults: base id -> id of its default rule, which opens or closes the base.

    """
    return AccessFilter({base: rules for base, rules in satisfied.items() if defaults.get(base) in rules})
