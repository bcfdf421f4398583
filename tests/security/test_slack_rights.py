"""
Who may not read something is told of nothing by it, over real HTTP: not its words, title, base, path or number.

Whoever asks, wherever it is read, all that goes to Slack is what goes there from an office in which what may not be
read does not exist.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.commands.line_actions import VERBS
from tests.examples import examples
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel, Message
from tests.security.rights_office import (
    ALL,
    BOARD,
    FAIR,
    HANDBOOK,
    INSIDE,
    LAB,
    PAY,
    VISITORS,
    Rights,
    Secret,
    rights_office,
    tells,
)


NOTHING: frozenset[Secret] = frozenset()
PUBLIC = frozenset({VISITORS})
FAIRS = PUBLIC | {FAIR}
MEMBERS = PUBLIC | {HANDBOOK}
PROJECT = MEMBERS | {LAB}
BOARDS = MEMBERS | {BOARD}
GROUP = MEMBERS | {PAY, INSIDE}
EVERYTHING = frozenset(ALL)
OTHERS = ["ann", "bob", "hana", "gus", "eve", "dan"]
"""Everybody who is no admin."""

EVERY = 1 if examples(100) == 100 else 4
"""Of so many questions that a place must not answer one is asked there; all of them when there is time."""


@dataclass(frozen=True)
class Cell:
    """
    Somebody in a place, and what may be read there by all who read along.

    Attributes:
        who: name of the person.
        where: name of the channel; "" for the direct conversation.
        readable: documents.

    """

    who: str
    where: str
    readable: frozenset[Secret]

    def ask(self, world: Rights, question: str) -> Message:
        """Ask; somebody who is deactivated does it in the last moment before."""
        person = somebody(world, self.who)
        channel = place(world, self.where) if self.where else person.direct(world.office.bot)
        if person.user.deleted:
            return world.asked_last(person, channel, question)
        bot = world.office.bot
        return person.mentions(bot, channel, question) if self.where else person.tells(bot, question)


def somebody(world: Rights, name: str) -> Person:
    """Return a person by name."""
    found: Person = getattr(world if hasattr(world, name) else world.office, name)
    return found


def place(world: Rights, name: str) -> Channel:
    """Return a channel by name."""
    found: Channel = getattr(world if hasattr(world, name) else world.office, name)
    return found


# In the order in which the twin changes least.
CELLS = [
    Cell("dan", "", NOTHING), Cell("dan", "general", NOTHING), Cell("dan", "project", NOTHING),
    Cell("dan", "joint", NOTHING),
    Cell("gus", "", PUBLIC), Cell("eve", "", PUBLIC), Cell("ann", "joint", PUBLIC), Cell("boss", "joint", PUBLIC),
    Cell("eve", "joint", PUBLIC), Cell("ann", "vault", PUBLIC), Cell("eve", "vault", PUBLIC),
    Cell("ann", "lobby", FAIRS), Cell("gus", "lobby", FAIRS), Cell("boss", "lobby", FAIRS), Cell("ann", "den", FAIRS),
    Cell("gus", "den", FAIRS),
    Cell("ann", "", MEMBERS), Cell("ann", "general", MEMBERS), Cell("bob", "general", MEMBERS),
    Cell("boss", "general", MEMBERS),
    Cell("ann", "project", PROJECT), Cell("bob", "project", PROJECT), Cell("boss", "project", PROJECT),
    Cell("bob", "", BOARDS), Cell("hana", "", GROUP), Cell("boss", "", EVERYTHING),
]  # fmt: skip


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rights]:
    """Open the office in which everything exists."""
    with rights_office(tmp_path_factory.mktemp("full")) as opened:
        opened.hold(ALL)
        yield opened


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rights]:
    """Open the office in which some of it does not."""
    with rights_office(tmp_path_factory.mktemp("twin")) as opened:
        yield opened


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.who}-{cell.where or 'direct'}")
def test_what_may_not_be_read_does_not_exist(acme: Rights, twin: Rights, cell: Cell) -> None:
    """What everyone in a place may read is answered there; for everything else it is as if it were not there."""
    twin.hold(cell.readable)
    hidden = [one for one in ALL if one not in cell.readable]
    wanted = [*cell.readable, *hidden[CELLS.index(cell) % EVERY :: EVERY]]
    asked = [(cell.ask(acme, one.question), cell.ask(twin, one.question), one) for one in wanted]
    answers = {one: acme.office.answered(here) for here, _, one in asked}
    acme.rests()
    twin.rests()
    for here, there, one in asked:
        told = answers[one]
        assert (one.answer in told) is (one in cell.readable)
        assert not tells(acme.sent(here), *hidden)
        assert acme.told(here) == twin.told(there)


@pytest.mark.parametrize("name", [*OTHERS, "boss"])
def test_what_is_opened_names_what_may_be_read(acme: Rights, name: str) -> None:
    """Home, and the prompts of the conversation: bases and titles of what this person reads alone, and no others."""
    person, bot = somebody(acme, name), acme.office.bot
    person.opens_home(bot)
    person.opens_messages(bot)
    acme.rests()
    home, prompts = person.home(bot), acme.office.slack.world.prompts.get((person.direct(bot).id, ""))
    assert home is not None
    shown = json.dumps([home.content, prompts.prompts if prompts else []], ensure_ascii=False)
    assert not tells(shown, *hidden_from(name))
    assert all(one.name in shown for one in alone(name))


@pytest.mark.parametrize("name", OTHERS)
def test_the_command_tells_of_no_other_base(acme: Rights, name: str) -> None:
    """Nor does it do anything for whoever is no admin: the words are those about a base that does not exist."""
    person, before = somebody(acme, name), state(acme)
    channel = place(acme, "joint" if name == "eve" else "general")
    hidden = next(one for one in hidden_from(name) if one is not INSIDE)
    for verb in VERBS:
        closed, absent = (
            acme.office.commanded(person, f"{verb.name} {one}", channel) for one in (hidden.name, "a-base-of-nobody")
        )
        assert not tells(closed.replace(hidden.name, ""), *hidden_from(name))
        assert closed.replace(hidden.name, "it") == absent.replace("a-base-of-nobody", "it")
        assert not verb.admins or name == "dan" or "Only an admin" in closed
    acme.office.commanded(person, f"ask {hidden.question}", channel)
    acme.rests()
    read = [one for one in acme.office.slack.messages(person.direct(acme.office.bot)) if one.user != person.id]
    assert not tells("\n".join(acme.office.said(one) for one in read).replace(hidden.name, ""), *hidden_from(name))
    assert state(acme) == before


def test_what_was_answered_alone_is_shared_as_its_question(acme: Rights) -> None:
    """In the channel it is answered with what everyone there may read, and nothing of the answer comes along."""
    office = acme.office
    asked = office.bob.tells(office.bot, BOARD.question)
    assert BOARD.answer in office.answered(asked)
    office.bob.clicks(office.final(asked)[-1], "share").wait()
    assert office.slack.wait_for(lambda: bool(office.bob.modals))
    chosen = {"channel": {"channel": {"selected_conversation": office.project.id}}}
    office.bob.submits(office.bob.modals[-1], chosen | {"question": {"question": {"value": BOARD.question}}}).wait()
    assert office.slack.wait_for(lambda: bool(office.begun(office.project)))
    begun = office.begun(office.project)[-1]
    office.answered(begun)
    acme.rests()
    assert not tells(acme.sent(begun) + office.said(begun), BOARD)


def test_a_shortcut_and_an_edit_are_answered_as_the_channel_reads(acme: Rights) -> None:
    """Whoever calls it up, an admin or one who reads it alone, and whatever the question was before."""
    office = acme.office
    said = office.ann.writes(office.general, BOARD.question)
    office.boss.shortcuts(office.bot, "answer_with_sources", said).wait()
    office.answered(said)
    asked = office.bob.mentions(office.bot, office.general, HANDBOOK.question)
    assert HANDBOOK.answer in office.answered(asked)
    office.bob.edits(asked, f"<@{office.bot.bot_user}> {BOARD.question}")
    acme.rests()
    assert HANDBOOK.answer not in office.answered(asked)
    assert not tells(acme.sent(said) + acme.sent(asked), BOARD)


def test_silence_tells_nothing_either(acme: Rights) -> None:
    """Where a channel is answered unasked, a question that only others could have answered gets no sign at all."""
    office = acme.office
    acme.footnote.records.channels.set_auto_answer(f"slack:{office.team.id}:{office.lobby.id}", on=True)
    assert office.slack.wait_for(lambda: False, 5.2) is False
    asked = [office.ann.writes(office.lobby, one.question) for one in (HANDBOOK, BOARD, PAY)]
    known = office.ann.writes(office.lobby, FAIR.question)
    assert FAIR.answer in office.answered(known)
    acme.rests()
    assert [acme.told(one) for one in asked] == [[], [], []]


def test_evidence_is_shown_to_whoever_may_read_it_now(acme: Rights) -> None:
    """Who left the group gets neither quote nor title of what was answered before, nor another answer, at once."""
    office, hana = acme.office, acme.hana
    group = next(iter(office.slack.world.groups.values()))
    asked = hana.tells(office.bot, PAY.question)
    assert PAY.answer in office.answered(asked)
    for members, is_shown in (([hana], True), ([], False), ([hana], True)):
        office.slack.set_members(group, members)
        acme.rests()
        hana.clicks(office.final(asked)[-1], "show_evidence").wait()
        assert office.slack.wait_for(lambda: bool(hana.modals))
        view = hana.modals[-1]
        assert bool(tells(json.dumps(view.content), PAY)) is is_shown
        hana.closes(view)
        again = hana.tells(office.bot, PAY.question)
        assert (PAY.answer in office.answered(again)) is is_shown
        acme.rests()
        assert bool(tells(acme.sent(again), PAY)) is is_shown


def alone(name: str) -> frozenset[Secret]:
    """Return what somebody reads where nobody reads along."""
    return next((one.readable for one in CELLS if one.who == name and not one.where), NOTHING)


def hidden_from(name: str) -> list[Secret]:
    """Return what somebody does not read."""
    return [one for one in ALL if one not in alone(name)]


def state(world: Rights) -> list[object]:
    """Return what an admin's word could have changed."""
    records = world.footnote.records
    bases = records.bases.all()
    return [bases, [records.access.readers(one.id) for one in bases], records.channels.auto_answer()]
