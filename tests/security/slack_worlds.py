"""
Random worlds of Slack: who is where, what they may read, what they ask, and what changes meanwhile.

A world is data. What happens in it is `slack_worlds_life`; what may be shown is told here, by the rules
and not by our code.
"""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel, Group, Role
from tests.unit.slack.people_scene import Town


Kind = Literal["member", "guest", "single_channel_guest", "admin", "deactivated", "external"]
Where = Literal["public", "private", "mpim", "shared", "invited"]
KINDS: tuple[Kind, ...] = ("member", "member", "guest", "single_channel_guest", "admin", "deactivated", "external")
OWN_KINDS: tuple[Kind, ...] = ("member", "guest", "deactivated")
PLACES: tuple[Where, ...] = ("public", "private", "mpim", "shared", "invited")
BASES = ("northbase", "southbase")
MOST_PEOPLE = 4
CHANNELS = 2
GROUPS = 2
DOCUMENTS = 3
"""Of a base; all but the first lie in the folder that may have a rule of its own."""

A_MINUTE_S = 60.001
"""After which what Slack did not tell us must be seen."""


@dataclass(frozen=True)
class Reader:
    """A reader of a rule; `number` says which person, group or channel."""

    kind: Literal["everyone", "public", "mail", "account", "group", "group_id", "channel"]
    number: int = 0


Rule = tuple[Reader, ...]


@dataclass(frozen=True)
class Rules:
    """
    The rules of one base.

    Attributes:
        base: its own.
        folder: of the folder; None for the base's.
        own: of each document; None for that of its folder.

    """

    base: Rule
    folder: Rule | None
    own: tuple[Rule | None, ...]

    def of(self, document: int) -> tuple[Rule, Rule]:
        """Return the two rules that a reader of a document must satisfy."""
        own = self.own[document]
        return self.base, own or (self.folder if document and self.folder else self.base)


@dataclass(frozen=True)
class Asks:
    """Somebody asks for a document in a channel, or directly; `follows` in the thread before."""

    who: int
    where: int | None
    base: int
    document: int
    follows: bool


@dataclass(frozen=True)
class Looks:
    """Somebody presses the button below the newest answer, opens Home, or types `/kb list`."""

    who: int


@dataclass(frozen=True)
class Changes:
    """Something changes: an account, who is in a group or channel, with whom it is shared, or the rule of a base."""

    what: Literal["account", "group", "channel", "share", "rule"]
    who: int
    which: int
    kind: Kind
    rule: Rule
    told: bool


@dataclass(frozen=True)
class Loses:
    """Somebody is told something, loses just what let them read it, and tries again in every way; so does another."""

    which: int
    another: int
    told: bool


Step = Asks | Looks | Changes | Loses


@dataclass(frozen=True)
class World:
    """All of it. Whether somebody is in a group or channel stands at their number."""

    kinds: tuple[Kind, ...]
    groups: tuple[tuple[bool, ...], ...]
    places: tuple[Where, ...]
    inside: tuple[tuple[bool, ...], ...]
    rules: tuple[Rules, ...]
    steps: tuple[Step, ...]
    written: bool


_READER = st.one_of(
    st.just(Reader("everyone")),
    st.just(Reader("public")),
    st.builds(Reader, st.sampled_from(["mail", "account"]), st.integers(0, MOST_PEOPLE - 1)),
    st.builds(Reader, st.sampled_from(["group", "group_id"]), st.integers(0, GROUPS - 1)),
    st.builds(Reader, st.just("channel"), st.integers(0, CHANNELS - 1)),
)
_RULE = st.lists(_READER, min_size=1, max_size=2, unique=True).map(tuple)
_RULES = st.builds(
    Rules, _RULE, st.none() | _RULE, st.tuples(*[st.none() | _RULE for _ in range(DOCUMENTS)])
)  # fmt: skip
_WHO = st.integers(0, MOST_PEOPLE - 1)
_ASKS = st.builds(
    Asks,
    _WHO,
    st.none() | st.integers(0, CHANNELS - 1),
    st.integers(0, len(BASES) - 1),
    st.integers(0, DOCUMENTS - 1),
    st.booleans(),
)
_CHANGES = st.builds(
    Changes,
    st.sampled_from(["account", "group", "channel", "share", "rule"]),
    _WHO,
    st.integers(0, 1),
    st.sampled_from(OWN_KINDS),
    _RULE,
    st.booleans(),
)
_STEP: st.SearchStrategy[Step] = st.one_of(
    _ASKS,
    _CHANGES,
    st.builds(Looks, _WHO),
    st.builds(Loses, st.integers(0, 99), _WHO, st.booleans()),
)
_FLAGS = st.tuples(*[st.booleans()] * MOST_PEOPLE)
WORLDS = st.builds(
    World,
    st.tuples(*[st.sampled_from(KINDS)] * MOST_PEOPLE),
    st.tuples(*[_FLAGS] * GROUPS),
    st.tuples(*[st.sampled_from(PLACES)] * CHANNELS),
    st.tuples(*[_FLAGS] * CHANNELS),
    st.tuples(*[_RULES] * len(BASES)),
    st.lists(_STEP, min_size=2, max_size=5).map(tuple),
    st.booleans(),
)


class Truth:
    """A world in the fake Slack, and who may read what there, by the rules and not by our code."""

    def __init__(self, town: Town, world: World) -> None:
        slack = town.slack
        self.town = town
        self.other = slack.workspace("Contoso")
        self.rules = list(world.rules)
        self.people = [self._person(number, kind) for number, kind in enumerate(world.kinds)]
        self.groups: list[Group] = [
            slack.group(town.team, f"g{number}", self._those(flags)) for number, flags in enumerate(world.groups)
        ]
        # Slack shows us people of another organisation where we share a channel with them.
        lobby = slack.channel(town.team, "lobby", [*self.people, town.bot])
        slack.share(lobby, self.other)
        self.channels = [
            self._channel(number, kind, self._those(flags))
            for number, (kind, flags) in enumerate(zip(world.places, world.inside, strict=True))
        ]

    def readers_of(self, rule: Rule) -> list[str]:
        """Return a rule as it is set."""
        return [self._reader(one) for one in rule]

    def may_ask(self, person: Person, channel: Channel | None) -> bool:
        """Say whether somebody can write there: Slack lets nobody in who is deactivated, nor who is not in it."""
        return not person.user.deleted and (channel is None or person.id in channel.members)

    def looks_on(self, person: Person, channel: Channel | None) -> list[Person]:
        """Return who reads what is shown to somebody in a channel, or alone."""
        if channel is None:
            return [person]
        return [person, *(one for one in self.people if one.id in channel.members and not one.user.deleted)]

    def may(self, person: Person, base: int, document: int) -> bool:
        """Say whether somebody may read a document, in the place that they may read it in."""
        return all(any(self._is(person, reader) for reader in rule) for rule in self.rules[base].of(document))

    def may_enter(self, person: Person, base: int) -> bool:
        """Say whether somebody may know of a base."""
        return any(self._is(person, reader) for reader in self.rules[base].base)

    def granted(self, person: Person, channel: Channel | None, base: int, document: int) -> bool:
        """Say whether a document is to be found by somebody who asks: by what all who look on have in common."""
        if channel is None:
            known = [one for one in _of(self.rules[base].of(document)) if one.kind != "channel"]
            own = {one for one in known if self._is(person, one)}
        else:
            own = self._common(channel)
        return all(own & set(rule) for rule in self.rules[base].of(document))

    def reasons(self, person: Person, channel: Channel | None, base: int, document: int) -> list[Reader]:
        """Return by what somebody is to find a document."""
        own = None if channel is None else self._common(channel)
        known = _of(self.rules[base].of(document))
        return [one for one in known if (self._is(person, one) if own is None else one in own)]

    def _common(self, channel: Channel) -> set[Reader]:
        """Return what all people in a channel are."""
        inside = [one for one in self.people if one.id in channel.members and not one.user.deleted]
        if not _is_ours(channel) or any(self._is_stranger(one) for one in inside):
            return {Reader("public")}
        members = {Reader("everyone")} if all(self._is_member(one) for one in inside) else set()
        return {Reader("public"), Reader("channel", self.channels.index(channel))} | members

    def _is(self, person: Person, reader: Reader) -> bool:
        if person.user.deleted:
            return False
        member = self._is_member(person)
        match reader.kind:
            case "public":
                return True
            case "everyone":
                return member
            case "mail" | "account":
                return member and self.people.index(person) == reader.number
            case "group" | "group_id":
                return member and person.id in self.groups[reader.number].members
            case "channel":
                there = self.channels[reader.number]
                inside = person.id in there.members or (member and there.kind == "public")
                return inside and _is_ours(there) and not self._is_stranger(person)

    def _is_stranger(self, person: Person) -> bool:
        return person.user.team_id != self.town.team.id

    def _is_member(self, person: Person) -> bool:
        return not self._is_stranger(person) and person.user.role in ("member", "admin")

    def _reader(self, one: Reader) -> str:
        person, team = self.people[one.number % len(self.people)], self.town.team.id
        match one.kind:
            case "everyone" | "public":
                return one.kind
            case "mail":
                return f"user:{person.user.email}"
            case "account":
                return f"user:slack:{team}:{person.id}"
            case "group":
                return f"group:slack:{self.groups[one.number].handle}"
            case "group_id":
                return f"group:slack:{self.groups[one.number].id}"
            case "channel":
                return f"channel:slack:{team}:{self.channels[one.number].id}"

    def _person(self, number: int, kind: Kind) -> Person:
        team = self.other if kind == "external" else self.town.team
        made = self.town.slack.person(team, f"p{number}", role_of(kind))
        made.user.deleted = kind == "deactivated"
        return made

    def _those(self, flags: tuple[bool, ...]) -> list[Person]:
        return [one for one, is_in in zip(self.people, flags, strict=True) if is_in]

    def _channel(self, number: int, kind: Where, inside: list[Person]) -> Channel:
        slack, bot = self.town.slack, self.town.bot
        made = slack.channel(self.town.team, f"c{number}", [*inside, bot], private=kind == "private")
        if kind == "mpim":
            made.kind = "mpim"
        if kind == "shared":
            slack.share(made, self.other)
        if kind == "invited":
            slack.invite(made, self.other)
        return made


def role_of(kind: Kind) -> Role:
    """Return the role of an account of a kind."""
    match kind:
        case "guest" | "single_channel_guest" | "admin":
            return kind
        case _:
            return "member"


def _is_ours(channel: Channel) -> bool:
    return not channel.shared_with and not channel.invited


def _of(rules: tuple[Rule, Rule]) -> list[Reader]:
    return [one for rule in rules for one in rule]
