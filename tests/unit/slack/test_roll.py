"""Who reads along in large channels is known by few calls, to ten minutes, and not guessed."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.slack.account_news import LOOK_S
from bot.slack.people import People
from bot.slack.roll import ASKED_SINGLY
from pipelines.errors import TransientError
from tests.fakes.slack_faults import error, slow, too_many
from tests.fakes.slack_json import user_json
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel
from tests.unit.slack.people_scene import Town, town


PUBLIC = frozenset({"public"})
OPEN = PUBLIC | {"everyone"}
LISTED = "users.list"
ASKED = "users.info"


@pytest.fixture
def acme() -> Iterator[Town]:
    """Return a workspace of its own."""
    with town() as made:
        yield made


def crowd(acme: Town, number: int) -> tuple[list[Person], Channel]:
    """Add many members and a channel with all of them and the bot."""
    people = [acme.slack.person(acme.team, f"p{one}") for one in range(number)]
    return people, acme.slack.channel(acme.team, "crowd", [*people, acme.bot])


async def read(people: People, acme: Town, channel: Channel, asker: Person) -> frozenset[str]:
    """Return the rights of a channel without its own."""
    found = await people.in_channel(acme.team.id, channel.id, asker.id)
    return found.principal.readers - {acme.key(channel)}


async def counts_as_a_guest_within_a_minute(
    everybody: People, acme: Town, channel: Channel, people: list[Person]
) -> None:
    """Let somebody who was looked up now become a guest of whom no event tells: a minute later they are one."""
    acme.slack.change(people[3], role="guest")
    acme.clock.advance(59)
    assert await read(everybody, acme, channel, people[0]) == OPEN
    acme.clock.advance(2)
    assert await read(everybody, acme, channel, people[0]) == PUBLIC


def test_a_small_channel_asks_for_each_person(acme: Town) -> None:
    """Few people are no reason to list a whole workspace."""
    people, channel = crowd(acme, ASKED_SINGLY - 1)
    assert acme.look(lambda all_people: read(all_people, acme, channel, people[0])) == OPEN
    assert (acme.counted(LISTED), acme.counted(ASKED)) == (0, ASKED_SINGLY)


def test_a_small_channel_adds_no_minute_to_what_was_known(acme: Town) -> None:
    """Somebody who was looked up a minute ago is not good for another one because of where they are."""
    people, channel = crowd(acme, 5)

    async def scene(everybody: People) -> None:
        await everybody.alone(acme.team.id, people[3].id)
        await counts_as_a_guest_within_a_minute(everybody, acme, channel, people)

    acme.look(scene)


def test_a_small_channel_knows_its_people_to_the_minute(acme: Town) -> None:
    """Whoever became a guest counts as one a minute later, also in a process that no event told of it."""
    people, channel = crowd(acme, 5)

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        await counts_as_a_guest_within_a_minute(everybody, acme, channel, people)

    acme.look(scene)


def test_a_large_channel_costs_one_list(acme: Town) -> None:
    """Many thousands cost a call per thousand, for all channels and for ten minutes; a guest among them counts."""
    people, channel = crowd(acme, 3100)
    guest = acme.slack.person(acme.team, "guest", "guest")
    guests = acme.slack.channel(acme.team, "guests", [*people, guest, acme.bot])

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        acme.clock.advance(500)
        assert await read(everybody, acme, guests, people[0]) == PUBLIC
        assert (acme.counted(LISTED), acme.counted(ASKED)) == (4, 2)
        acme.clock.advance(101)
        assert await read(everybody, acme, channel, people[0]) == OPEN
        assert (acme.counted(LISTED), acme.counted("conversations.members")) == (8, 12)

    acme.look(scene)


def test_a_large_channel_of_a_small_workspace_knows_its_people_to_the_minute(acme: Town) -> None:
    """The list of a few thousand accounts is read each minute: a guest counts as one without an event of that."""
    people, channel = crowd(acme, 50)

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        await counts_as_a_guest_within_a_minute(everybody, acme, channel, people)
        assert acme.counted(LISTED) == 2

    acme.look(scene)


def test_one_who_changed_is_asked_for_alone(acme: Town) -> None:
    """Of thousands only who was forgotten is looked up again, and counts as what that account is now."""
    people, channel = crowd(acme, 50)

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        acme.slack.change(people[7], role="guest")
        assert await read(everybody, acme, channel, people[0]) == OPEN
        everybody.forget_person(people[7].id)
        assert await read(everybody, acme, channel, people[0]) == PUBLIC
        assert (acme.counted(LISTED), acme.counted(ASKED)) == (1, 2)

    acme.look(scene)


def test_one_who_changed_while_the_list_was_read_is_asked_for(acme: Town) -> None:
    """What a list says that was asked for before the change is not believed of that person."""
    people, channel = crowd(acme, 50)
    acme.slack.script(LISTED, slow(0.2))

    async def scene(everybody: People) -> None:
        asked = asyncio.create_task(read(everybody, acme, channel, people[0]))
        assert await asyncio.to_thread(acme.slack.wait_for, lambda: acme.counted(LISTED) > 0)
        acme.clock.advance(1)
        everybody.forget_person(people[7].id)
        assert await asked == OPEN
        told = [one.arguments["user"] for one in acme.slack.calls_of(ASKED)]
        assert told == [people[0].id, people[7].id]

    acme.look(scene)


def test_a_change_that_is_told_whole_costs_no_call(acme: Town) -> None:
    """Statuses change all day: what an event says of the account is taken over, if it is newer than what is known."""
    people, channel = crowd(acme, 50)

    def told(person: Person) -> dict[str, object]:
        return user_json(acme.slack.world, person.user, acme.team.id, email=True)

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        calls, old = acme.counted(), told(people[7])
        acme.clock.advance(2)
        acme.slack.change(people[7], role="guest")
        await everybody.heard_of(acme.team.id, told(people[7]))
        assert await read(everybody, acme, channel, people[0]) == PUBLIC
        assert acme.counted() == calls
        await everybody.heard_of(acme.team.id, old)
        await everybody.heard_of(acme.team.id, {"id": people[8].id})
        assert await read(everybody, acme, channel, people[0]) == PUBLIC
        assert acme.counted(ASKED) == 3

    acme.look(scene)


@pytest.mark.parametrize("readable", [True, False])
def test_a_change_that_another_process_was_told_counts_within_seconds(acme: Town, *, readable: bool) -> None:
    """Each event reaches one process alone; a large channel hears of it all the same, and no process asks twice."""
    people, channel = crowd(acme, 50)

    async def scene() -> None:
        async with acme.process() as told, acme.process() as other:
            for one in (told, other):
                assert await read(one, acme, channel, people[0]) == OPEN
            acme.clock.advance(2)
            acme.slack.change(people[7], role="guest")
            event = user_json(acme.slack.world, people[7].user, acme.team.id, email=True)
            await told.heard_of(acme.team.id, event if readable else {"id": people[7].id})
            acme.clock.advance(LOOK_S)
            calls = acme.counted()
            for _ in range(2):
                for one in (told, other):
                    assert await read(one, acme, channel, people[0]) == PUBLIC
                acme.clock.advance(LOOK_S)
            assert acme.counted() == calls + (0 if readable else 2)

    asyncio.run(scene())


EVENTS = {
    "a title and the demotion in one second": ("title", "guest"),
    "the older event comes later": ("guest", "older"),
    "the event comes twice": ("guest", "guest"),
    "the account cannot be read": ("unreadable",),
}


@pytest.mark.parametrize("told", EVENTS.values(), ids=EVENTS)
def test_what_another_process_knew_of_somebody_does_not_outlive_the_news(acme: Town, told: tuple[str, ...]) -> None:
    """However the events come: nobody is taken for a member because of what was looked up before them."""
    people, channel = crowd(acme, 25)

    async def scene() -> None:
        async with acme.process() as heard, acme.process() as other:
            await read(other, acme, channel, people[0])
            acme.clock.advance(20)
            await other.alone(acme.team.id, people[3].id)
            acme.slack.change(people[3], role="guest")
            guest = user_json(acme.slack.world, people[3].user, acme.team.id, email=True)
            title = {**guest, "is_restricted": False, "is_ultra_restricted": False}
            older = {**title, "updated": guest["updated"] - 1}
            events = {"guest": guest, "title": title, "older": older, "unreadable": {"id": people[3].id}}
            for one in told:
                await heard.heard_of(acme.team.id, events[one])
            for seconds in (LOOK_S, 60, 240):
                acme.clock.advance(seconds)
                assert await read(other, acme, channel, people[0]) == PUBLIC

    asyncio.run(scene())


def test_without_the_records_nobody_is_taken_for_what_they_were(acme: Town) -> None:
    """Whoever cannot hear what others were told tries again."""
    people, channel = crowd(acme, 50)

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == OPEN
        acme.clock.advance(LOOK_S)
        acme.changes.after = fails_to_look  # type: ignore[method-assign]
        with pytest.raises(TransientError, match="away"):
            await read(everybody, acme, channel, people[0])

    def fails_to_look(platform: str, number: int) -> dict[int, dict[str, object]]:
        raise TransientError(f"the records are away for {platform}: {number}")

    acme.look(scene)


def test_too_many_who_are_not_listed_close_a_channel(acme: Town) -> None:
    """Who is in no list cannot be asked for by the hundred: what is public is left, and the list is not read over."""
    other = acme.slack.workspace("Other")
    strangers = [acme.slack.person(other, f"s{one}") for one in range(ASKED_SINGLY + 1)]
    people, channel = crowd(acme, 5)
    channel.members += [one.id for one in strangers]

    async def scene(everybody: People) -> None:
        for _ in range(3):
            assert await read(everybody, acme, channel, people[0]) == PUBLIC
        assert (acme.counted(LISTED), acme.counted(ASKED)) == (1, 1)

    acme.look(scene)


def test_a_channel_with_too_many_members_is_public(acme: Town) -> None:
    """Beyond twenty thousand nobody counts any more who reads along."""
    people, channel = crowd(acme, 1)
    channel.members += [f"U{one}" for one in range(20_000)]
    assert acme.look(lambda everybody: read(everybody, acme, channel, people[0])) == PUBLIC
    assert (acme.counted("conversations.members"), acme.counted(LISTED)) == (20, 0)


def test_a_list_that_was_broken_off_is_read_on(acme: Town) -> None:
    """Slack busy in the middle is an error; the next try goes on with the page that is missing."""
    people, channel = crowd(acme, 2500)

    async def scene(everybody: People) -> None:
        acme.slack.script(LISTED, None, too_many(7))
        with pytest.raises(TransientError):
            await read(everybody, acme, channel, people[0])
        assert await read(everybody, acme, channel, people[0]) == OPEN
        cursors = [one.arguments.get("cursor", "") for one in acme.slack.calls_of(LISTED)]
        assert cursors == ["", "", "next:999", "next:1998"]

    acme.look(scene)


def test_a_list_that_was_broken_off_long_ago_begins_anew(acme: Town) -> None:
    """So it does where Slack does not know any more how far it was read."""
    people, channel = crowd(acme, 1500)

    async def scene(everybody: People) -> None:
        broken_off = ["", ""]
        for waited, faults, cursors in (
            (0, [error("invalid_cursor")], [*broken_off, "next:999", "", "next:999"]),
            (301, [], [*broken_off, "", "next:999"]),
        ):
            begins = acme.counted(LISTED)
            acme.slack.script(LISTED, None, too_many(7), *faults)
            with pytest.raises(TransientError):
                await read(everybody, acme, channel, people[0])
            acme.clock.advance(waited)
            assert await read(everybody, acme, channel, people[0]) == OPEN
            calls = acme.slack.calls_of(LISTED)[begins:]
            assert [one.arguments.get("cursor", "") for one in calls] == cursors
            acme.clock.advance(601)

    acme.look(scene)


def test_a_list_that_slack_refuses_closes_large_channels(acme: Town) -> None:
    """Without the right to list accounts large channels read what is public, small ones go on."""
    people, channel = crowd(acme, 50)
    small = acme.slack.channel(acme.team, "team", [*people[:3], acme.bot])
    acme.slack.script(LISTED, error("missing_scope"))

    async def scene(everybody: People) -> None:
        assert await read(everybody, acme, channel, people[0]) == PUBLIC
        assert await read(everybody, acme, small, people[0]) == OPEN

    acme.look(scene)


def test_slacks_rates_are_kept_by_many_large_channels() -> None:
    """A hundred questions of a minute in ten channels of five thousand people are all answered, at Slack's pace."""
    with town(rate_limits=True) as acme:
        people, _ = crowd(acme, 5000)
        channels = [acme.slack.channel(acme.team, f"c{one}", [*people, acme.bot]) for one in range(10)]

        async def scene(everybody: People) -> list[frozenset[str]]:
            asked = [(channel, asker) for channel in channels for asker in people[:10]]
            return await asyncio.gather(*(read(everybody, acme, channel, asker) for channel, asker in asked))

        assert set(acme.look(scene)) == {OPEN}
