"""A random world goes on: what is asked, looked at and changed, and that nothing is shown where it must not be."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.commands.line import Caller, run
from bot.commands.recorded import evidence
from bot.conversation import Asked, Conversation, Notice
from bot.deliveries import Work
from bot.file_questions import FileQuestions
from bot.rendering import page
from bot.slack.blocks.answers import answer_messages
from bot.slack.blocks.home import home_view
from bot.slack.blocks.modals import evidence_modal
from bot.slack.blocks.showing import Showing
from bot.slack.events import lane_of
from bot.slack.home import home_facts
from bot.slack.people import People, Reading, Standing
from bot.slack.presses import place_of
from bot.slack.said import PlaceKind
from pipelines.domain.conversation import Answer, ClosestDocument
from pipelines.domain.deliveries import Delivery, DeliveryKind, LeasedDelivery
from pipelines.errors import NotAllowed, NotFound
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel
from tests.security.slack_worlds import (
    A_MINUTE_S,
    BASES,
    DOCUMENTS,
    Asks,
    Changes,
    Looks,
    Loses,
    Reader,
    Truth,
    World,
    role_of,
)
from tests.security.slack_worlds_house import ANIMALS, House, code_of
from tests.unit.slack.people_scene import Town


_LOOKED_AT = 4


@dataclass
class Screen:
    """What is shown of one question; it is a `bot.conversation.Outbox`."""

    showing: Showing
    shown: list[str] = field(default_factory=list)
    answered: Answer | None = None

    async def begin(self) -> None:
        """Show nothing: nothing of a document is known."""

    async def reads(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show all that is told of them. A document is one passage here, so that their number tells of no other."""
        assert passages == len(documents)
        self.shown += [f"{one.kb} {one.title} {one.document} {one.url}" for one in documents]

    async def say(self, text: str) -> None:
        """Show a sentence."""
        self.shown.append(text)

    async def start_over(self) -> None:
        """Take nothing back: it was seen."""

    async def answer(self, answer: Answer) -> None:
        """Show the messages of an answer."""
        self.answered = answer
        bases = tuple(one.kb for one in answer.citations)
        messages = answer_messages(page(answer), replace(self.showing, answer=answer.id, bases=bases))
        self.shown += [_text([one.text, one.blocks, one.metadata]) for one in messages]

    async def tell(self, notice: Notice, sentence: str = "") -> None:
        """Show a notice."""
        self.shown.append(f"{notice} {sentence}")

    async def withdraw(self) -> None:
        """Take nothing away."""


@dataclass
class Shown:
    """An answer: its number, who asked it, where, and the questions of its thread."""

    number: int
    person: Person
    channel: Channel | None


class Life:
    """One world, as it goes on."""

    def __init__(self, house: House, town: Town, world: World) -> None:
        self.house = house
        self.town = town
        self.world = world
        self.truth = Truth(town, world)
        self.shown: list[Shown] = []
        self._said: dict[tuple[str, str], list[str]] = {}
        self._threads: dict[str, str] = {}
        self._conversation = Conversation(
            house.graphs[world.written].ask, house.parts.records.answers, house.threads, town.clock,
            FileQuestions(house.footnote.ask_about, house.threads),
        )  # fmt: skip

    def go_on(self) -> None:
        """Let everything happen, and fail if anything is shown to whom it must not be."""
        self.house.log.lines.clear()
        self.house.settle(self.truth)
        self.town.look(self._all)
        assert not _told("\n".join(self.house.log.lines))

    async def _all(self, people: People) -> None:
        for one in self.world.steps:
            match one:
                case Asks():
                    await self._ask(people, one)
                case Looks():
                    await self._look(people, self.truth.people[one.who])
                case Changes():
                    self._change(people, one)
                case Loses():
                    await self._lose(people, one)

    async def _ask(self, people: People, asks: Asks) -> None:
        truth, person = self.truth, self.truth.people[asks.who]
        channel = None if asks.where is None else truth.channels[asks.where]
        if not truth.may_ask(person, channel):
            return
        place = channel or person.direct(self.town.bot)
        kind = PlaceKind.DIRECT if channel is None else None
        reading = await people.reading(self.town.said(person, place, kind))
        assert reading.private is (channel is None)
        thread, text = self._thread(place, follows=asks.follows), self._words(asks)
        calls = len(self.house.model.calls)
        screen = await self._answered(reading, lane_of(self.town.team.id, *thread), text)
        self._said.setdefault(thread, []).append(text)
        self._check(person, channel, "\n".join(screen.shown))
        self._check(person, channel, repr(self.house.model.calls[calls:]))
        if screen.answered is None:
            return
        self.shown.append(Shown(screen.answered.id, person, channel))
        self._check_thread(screen.answered.id, thread)
        granted = truth.granted(person, channel, asks.base, asks.document)
        assert granted is (code_of(asks.base, asks.document) in "\n".join(screen.shown)) or asks.follows

    async def _answered(self, reading: Reading, lane: str, text: str) -> Screen:
        """Answer as the listener of messages does."""
        screen = Screen(Showing(private=reading.private))
        if reading.somebody.standing is Standing.NOBODY:
            return screen
        clock, records = self.town.clock, self.house.parts.records
        delivery = Delivery("key", "slack", DeliveryKind.NEW, lane, "{}")
        lease = LeasedDelivery(1, 1, delivery, clock.now().timestamp(), 1, crowded=False, halt=None, shown={})
        asked = Asked(text, reading.principal, lane, reading.channel)
        await self._conversation.answer(Work(lease, records.deliveries, self.house.threads), asked, screen)
        return screen

    async def _look(self, people: People, person: Person) -> None:
        """Open Home and the list of bases, and the evidence of the newest answers that somebody sees."""
        footnote, team = self.house.footnote, self.town.team.id
        seen = [one for one in self.shown if person in (one.person, *self._inside(one.channel))]
        reading = await people.alone(team, person.id)
        home = home_view(home_facts(footnote, reading.principal, "en"), "en")
        listed = run(footnote, Caller(reading.principal), "list").lines
        self._check(person, None, _text([home, listed]))
        for one in [] if person.user.deleted else seen[-_LOOKED_AT:]:
            await self._look_at(people, person, one)

    async def _look_at(self, people: People, person: Person, one: Shown) -> None:
        """Press the button that shows evidence."""
        footnote, team = self.house.footnote, self.town.team.id
        place = "" if one.channel is None else place_of(team, one.channel.id)
        if one.channel is None:
            reading = await people.alone(team, person.id)
        else:
            reading = await people.in_channel(team, one.channel.id, person.id)
        try:
            found = evidence(footnote, one.number, reading.principal, place=place)
        except (NotAllowed, NotFound):
            return
        bases = tuple(cited.kb for cited in found.answer.citations)
        view = evidence_modal(page(found.answer), Showing(bases=bases), found.hidden)
        self._check(person, one.channel, _text(view))

    async def _lose(self, people: People, loses: Loses) -> None:
        """Let somebody who is to find a document ask for it, lose that right, and try again."""
        truth = self.truth
        possible = [
            (who, where, base, document)
            for who, person in enumerate(truth.people)
            for where in (None, *range(len(truth.channels)))
            for base in range(len(BASES))
            for document in range(DOCUMENTS)
            if truth.may_ask(person, channel := None if where is None else truth.channels[where])
            and truth.granted(person, channel, base, document)
        ]
        if not possible:
            return
        who, where, base, document = possible[loses.which % len(possible)]
        asks = Asks(who, where, base, document, follows=False)
        await self._ask(people, asks)
        self._take_away(people, asks, truth.people[loses.another], told=loses.told)
        for one in (replace(asks, follows=True), asks, replace(asks, who=loses.another, where=None)):
            await self._ask(people, one)
            await self._look(people, truth.people[one.who])

    def _take_away(self, people: People, asks: Asks, another: Person, *, told: bool) -> None:
        """Change what lets somebody find a document; in a channel, what another one there is."""
        truth, person = self.truth, self.truth.people[asks.who]
        channel = None if asks.where is None else truth.channels[asks.where]
        reason = truth.reasons(person, channel, asks.base, asks.document)[0]
        match reason.kind:
            case "group" | "group_id":
                group = truth.groups[reason.number]
                self.town.slack.set_members(
                    group, [one for one in truth.people if one.id in group.members and one != person]
                )
            case "everyone":
                if channel is not None and another.id in channel.members:
                    # What the others in a channel are is known by events; see `bot.slack.roll`.
                    person, told = another, True
                self.town.slack.change(person, role="guest")
            case "channel":
                self.town.slack.share(truth.channels[reason.number], truth.other)
            case _:
                narrow = (Reader("account", (asks.who + 1) % len(truth.people)),)
                truth.rules[asks.base] = replace(truth.rules[asks.base], base=narrow)
                self.house.open(asks.base, truth)
                return
        self._let_know(people, person, channel, told=told)

    def _inside(self, channel: Channel | None) -> list[Person]:
        return [] if channel is None else [one for one in self.truth.people if one.id in channel.members]

    def _check(self, person: Person, channel: Channel | None, shown: str) -> None:
        """Fail if something of a document, or a base, is shown where somebody looks on who may not read it."""
        lookers = self.truth.looks_on(person, channel)
        for base, document in _told(shown):
            assert all(self.truth.may(one, base, document) for one in lookers), (BASES[base], document, shown)
        for base, name in enumerate(BASES):
            if name in shown:
                assert all(self.truth.may_enter(one, base) for one in lookers), (name, shown)

    def _check_thread(self, number: int, thread: tuple[str, str]) -> None:
        """Fail if a question was understood with a word of another conversation."""
        recorded = self.house.parts.records.answers.get(number)
        alone = re.findall(r"\w+", str(recorded.evidence["stand_alone"]).lower())
        said = set(re.findall(r"\w+", " ".join(self._said[thread]).lower()))
        animals = {one for some in ANIMALS for one in some}
        assert set(alone) & animals <= said

    def _change(self, people: People, change: Changes) -> None:
        truth, slack, person = self.truth, self.town.slack, self.truth.people[change.who]
        group, channel = truth.groups[change.which], truth.channels[change.which]
        told = change.told
        match change.what:
            case "account" if person.user.team_id == self.town.team.id:
                slack.change(person, role=role_of(change.kind), deleted=change.kind == "deactivated")
                # What the others in a channel are is known by events; see `bot.slack.roll`.
                told = True
            case "group":
                inside = [one for one in truth.people if one.id in group.members]
                rest = [one for one in inside if one != person]
                slack.set_members(group, rest if person in inside else [*inside, person])
            case "channel":
                (person.leaves if person.id in channel.members else person.joins)(channel)
            case "share" if truth.other.id not in channel.shared_with:
                slack.share(channel, truth.other)
            case "rule":
                truth.rules[change.which] = replace(truth.rules[change.which], base=change.rule)
                self.house.open(change.which, truth)
                return
        self._let_know(people, person, channel, told=told)

    def _let_know(self, people: People, person: Person, channel: Channel | None, *, told: bool) -> None:
        """Tell of a change as Slack's events do, or let a minute pass."""
        if not told:
            self.town.clock.advance(A_MINUTE_S)
            return
        people.forget_person(person.id)
        people.forget_groups(self.town.team.id)
        if channel is not None:
            people.forget_channel(channel.id)

    def _thread(self, place: Channel, *, follows: bool) -> tuple[str, str]:
        if not follows or place.id not in self._threads:
            # No other world has it: the ids of people and places are the same in each.
            self._threads[place.id] = f"{next(self.house.numbers)}.000001"
        return place.id, self._threads[place.id]

    def _words(self, asks: Asks) -> str:
        animal = ANIMALS[asks.base][asks.document]
        return f"And the {animal} one?" if asks.follows else f"Where is the {animal} meal served?"


def _told(shown: str) -> list[tuple[int, int]]:
    """Return the documents of which something is shown."""
    every = [(base, document) for base in range(len(BASES)) for document in range(DOCUMENTS)]
    return [one for one in every if code_of(*one) in shown]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=list)
