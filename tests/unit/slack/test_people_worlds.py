"""In whatever world: a channel's rights are those that everybody who reads it has, before and after any change."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.people import People, Reading
from bot.slack.said import PlaceKind
from tests.examples import examples
from tests.fakes.manual_clock import ManualClock
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import Channel, Role, Workspace
from tests.unit.slack.people_scene import Town, settle


Kind = Literal["member", "guest", "single_channel_guest", "admin", "deactivated", "external"]
Where = Literal["im", "mpim", "public", "private", "shared", "invited"]
OWN: tuple[Kind, ...] = ("member", "guest", "single_channel_guest", "admin", "deactivated")
EXTERNAL: Kind = "external"
WHERE: tuple[Where, ...] = ("im", "mpim", "public", "private", "shared", "invited")
TOLD = {"im": PlaceKind.DIRECT, "mpim": PlaceKind.GROUP, "public": PlaceKind.PUBLIC, "private": PlaceKind.PRIVATE}


@dataclass(frozen=True)
class Drawn:
    """
    Who is where.

    Attributes:
        kinds: of the people; the first one asks.
        inside: which of them are in the channel.
        where: what kind of channel it is.
        group: who is in the group `hr`.

    """

    kinds: tuple[Kind, ...]
    inside: tuple[bool, ...]
    where: Where
    group: tuple[bool, ...]


@dataclass(frozen=True)
class Change:
    """What happens to one of them, and whether we are told or time passes."""

    whose: int
    what: Literal["role", "membership", "share"]
    kind: Kind
    told: bool


DRAWN = st.integers(1, 6).flatmap(
    lambda number: st.builds(
        Drawn,
        st.tuples(*[st.sampled_from((*OWN, EXTERNAL))] * number),
        st.tuples(*[st.booleans()] * number),
        st.sampled_from(WHERE),
        st.tuples(*[st.booleans()] * number),
    )
)
CHANGES = st.lists(
    st.builds(
        Change,
        st.integers(0, 5),
        st.sampled_from(["role", "membership", "share"]),
        st.sampled_from(OWN),
        st.booleans(),
    ),
    max_size=3,
)


class Scene:
    """A drawn world in the fake Slack, and what each person there may read alone, by the rules and not by our code."""

    def __init__(self, town: Town, drawn: Drawn) -> None:
        self.town = town
        self.drawn = drawn
        self.other: Workspace = town.slack.workspace("Other")
        self.people = [self._person(number, kind) for number, kind in enumerate(drawn.kinds)]
        self.group = town.slack.group(town.team, "hr", self._those(drawn.group))
        lobby = town.slack.channel(town.team, "lobby", self.people)
        town.slack.share(lobby, self.other)
        self.channel = self._channel()

    @property
    def asker(self) -> Person:
        """Return who asks."""
        return self.people[0]

    async def found(self, people: People) -> list[Reading]:
        """Ask in every way in which a question may come."""
        said = self.town.said(self.asker, self.channel, self._told())
        team = self.town.team.id
        return [await people.reading(said), await people.in_channel(team, self.channel.id, self.asker.id)]

    def change(self, people: People, one: Change) -> None:
        """Let something happen; we are told of it, or ten minutes pass."""
        who, slack = self.people[one.whose % len(self.people)], self.town.slack
        if one.what == "role" and who.user.team_id == self.town.team.id:
            slack.change(who, role=_role(one.kind), deleted=one.kind == "deactivated")
        elif one.what == "membership" and self.channel.kind != "im":
            (who.leaves if who.id in self.channel.members else who.joins)(self.channel)
        elif one.what == "share" and self.channel.kind in ("public", "private"):
            slack.share(self.channel, self.other)
        if one.told:
            people.forget_person(who.id)
            people.forget_channel(self.channel.id)
        else:
            self.town.clock.advance(600.001)

    def check(self, read: Reading) -> None:
        """Compare what was found with what each reader may read alone."""
        principal, own = read.principal, self.alone(self.asker)
        assert read.somebody.readers == own
        if self.channel.kind == "im" and self.asker.id in self.channel.members:
            assert principal.readers == own
            return
        readers = {one.id: one for one in self.people if one.id in self.channel.members and not one.user.deleted}
        readers[self.asker.id] = self.asker
        for one in readers.values():
            assert principal.readers <= self.alone(one) | self._by_channel(one)
        if self.asker.id in self.channel.members and not self.asker.user.deleted:
            strangers = bool(self.channel.shared_with or self.channel.invited)
            common = {"public"} if strangers else {"everyone", "public", self.town.key(self.channel)}
            for one in readers.values():
                common &= self.alone(one) | self._by_channel(one)
            assert principal.readers == common
        assert not principal.admin

    def alone(self, person: Person) -> frozenset[str]:
        """Return what a person is where nobody reads along."""
        user = person.user
        if user.deleted:
            return frozenset()
        if user.team_id != self.town.team.id or user.role in ("guest", "single_channel_guest"):
            return frozenset({"public"})
        groups = {"group:slack:hr", f"group:slack:{self.group.id}"} if user.id in self.group.members else set()
        return frozenset({"everyone", "public", f"user:{user.email}", self.town.person(person)} | groups)

    def _by_channel(self, person: Person) -> frozenset[str]:
        """Return the channel as a reader, if a person is it: whoever is in it, and members where it is public."""
        channel, user = self.channel, person.user
        stranger = user.team_id != self.town.team.id
        if channel.shared_with or channel.invited or channel.kind == "im" or stranger or user.deleted:
            return frozenset()
        looks_in = channel.kind == "public" and user.role in ("member", "admin")
        return frozenset({self.town.key(channel)} if person.id in channel.members or looks_in else ())

    def _person(self, number: int, kind: Kind) -> Person:
        team = self.other if kind == EXTERNAL else self.town.team
        made = self.town.slack.person(team, f"p{number}", _role(kind))
        self.town.slack.change(made, deleted=kind == "deactivated")
        return made

    def _those(self, chosen: tuple[bool, ...]) -> list[Person]:
        return [one for one, is_chosen in zip(self.people, chosen, strict=True) if is_chosen]

    def _channel(self) -> Channel:
        slack, bot, inside = self.town.slack, self.town.bot, self._those(self.drawn.inside)
        if self.drawn.where == "im":
            return self.asker.direct(bot)
        if self.drawn.where == "mpim":
            return slack.group_talk(bot, *{one.id: one for one in (*inside, self.people[-1])}.values())
        made = slack.channel(self.town.team, "place", [*inside, bot], private=self.drawn.where == "private")
        if self.drawn.where == "shared":
            slack.share(made, self.other)
        if self.drawn.where == "invited":
            slack.invite(made, self.other)
        return made

    def _told(self) -> PlaceKind | None:
        """Return what an event says of the place; a mention says nothing of it."""
        if self.channel.kind == "im":
            return PlaceKind.DIRECT if self.asker.id in self.channel.members else None
        return TOLD.get(self.channel.kind) if self.drawn.group[0] else None


def _role(kind: Kind) -> Role:
    match kind:
        case "guest" | "single_channel_guest" | "admin":
            return kind
        case _:
            return "member"


@pytest.fixture(scope="module")
def server() -> Iterator[FakeSlack]:
    """Return one Slack for all worlds, which come one after the other."""
    with FakeSlack(clock=ManualClock()) as slack:
        yield slack


@given(drawn=DRAWN, changes=CHANGES)
@settings(max_examples=examples(2000), deadline=None)
def test_a_channel_reads_what_each_of_its_people_may_read(
    server: FakeSlack, drawn: Drawn, changes: list[Change]
) -> None:
    """Never more than anybody there may read alone, and nothing less than all of them may; also after each change."""
    clock = server.world.clock
    assert isinstance(clock, ManualClock)
    for kept in (server.world.channels, server.world.users, server.world.groups, server.world.installations):
        kept.clear()
    made = Scene(settle(server, clock), drawn)

    async def scene(people: People) -> None:
        for read in await made.found(people):
            made.check(read)
        for one in changes:
            made.change(people, one)
            for read in await made.found(people):
                made.check(read)

    made.town.look(scene)
