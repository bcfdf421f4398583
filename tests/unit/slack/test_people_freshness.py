"""What Slack said of people and channels is believed for a minute; what it does not say now is not guessed."""

import asyncio
from collections.abc import Iterator

import pytest

from bot.slack.people import People, Reading, Standing
from bot.slack.web import SlackBusy, SlackLockedOut
from pipelines.errors import TransientError
from tests.fakes.slack_faults import error, fails, too_many, wrong_json
from tests.unit.slack.people_scene import Town, town


PUBLIC = frozenset({"public"})
OPEN = PUBLIC | {"everyone"}


@pytest.fixture
def acme() -> Iterator[Town]:
    """Return a workspace of its own."""
    with town() as made:
        yield made


# --- how long it is believed --------------------------------------------------------


def test_what_was_asked_is_believed_for_a_minute(acme: Town) -> None:
    """Within it Slack is not asked again; after it a change of groups, members and the asker counts."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    group = acme.slack.group(acme.team, "hr", [ann])
    general = acme.slack.channel(acme.team, "general", [ann, bob, acme.bot])
    other = acme.slack.workspace("Other")

    async def scene(people: People) -> None:
        before = await people.in_channel(acme.team.id, general.id, ann.id)
        calls = acme.counted()
        acme.slack.set_members(group, [])
        acme.slack.share(general, other)
        acme.clock.advance(60)
        assert await people.in_channel(acme.team.id, general.id, ann.id) == before
        assert acme.counted() == calls
        acme.clock.advance(0.001)
        after = await people.in_channel(acme.team.id, general.id, ann.id)
        assert (after.principal.readers, "group:slack:hr" in after.somebody.readers) == (PUBLIC, False)
        acme.slack.change(ann, role="guest")
        acme.clock.advance(60.001)
        assert (await people.alone(acme.team.id, ann.id)).principal.readers == PUBLIC

    acme.look(scene)


def test_what_is_forgotten_is_asked_again(acme: Town) -> None:
    """An event that tells of a change lets it count at once: of a person, of groups, of a channel."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    group = acme.slack.group(acme.team, "hr", [])
    general = acme.slack.channel(acme.team, "general", [ann, bob, acme.bot])

    async def scene(people: People) -> None:
        assert (await people.in_channel(acme.team.id, general.id, ann.id)).principal.readers == OPEN | {key}
        acme.slack.change(bob, role="guest")
        people.forget_person(bob.id)
        assert (await people.in_channel(acme.team.id, general.id, ann.id)).principal.readers == PUBLIC | {key}
        bob.leaves(general)
        people.forget_channel(general.id)
        assert (await people.in_channel(acme.team.id, general.id, ann.id)).principal.readers == OPEN | {key}
        acme.slack.set_members(group, [ann])
        people.forget_groups(acme.team.id)
        assert "group:slack:hr" in (await people.alone(acme.team.id, ann.id)).principal.readers
        acme.slack.change(ann, deleted=True)
        people.forget_person(ann.id)
        assert (await people.alone(acme.team.id, ann.id)).principal.readers == frozenset()

    key = acme.key(general)
    acme.look(scene)


def test_equal_look_ups_at_one_moment_share_one_call(acme: Town) -> None:
    """Fifty questions of one channel that come together cost one call of each method, and one per other person."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    general = acme.slack.channel(acme.team, "general", [ann, bob])

    async def together(people: People) -> list[Reading]:
        return await asyncio.gather(*(people.in_channel(acme.team.id, general.id, ann.id) for _ in range(50)))

    assert len(set(acme.look(together))) == 1
    methods = ("usergroups.list", "conversations.info", "conversations.members", "users.info")
    assert [acme.counted(one) for one in methods] == [1, 1, 1, 2]


# --- Slack away or busy ---------------------------------------------------------------


@pytest.mark.parametrize("method", ["users.info", "usergroups.list", "conversations.info", "conversations.members"])
def test_slack_away_is_an_error_and_no_smaller_answer(acme: Town, method: str) -> None:
    """What is not told now may be told in a minute; till then nobody is taken for nobody, and no channel for public."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])

    async def scene(people: People) -> None:
        for fault in (fails(), wrong_json(), too_many(30)):
            acme.slack.faults.always(method, fault)
            with pytest.raises(TransientError):
                await people.in_channel(acme.team.id, general.id, ann.id)
        with pytest.raises(SlackBusy, match="30 s"):
            await people.in_channel(acme.team.id, general.id, ann.id)
        acme.slack.faults.forget()
        assert (await people.in_channel(acme.team.id, general.id, ann.id)).principal.readers == OPEN | {
            acme.key(general)
        }

    acme.look(scene)


def test_what_is_known_serves_while_slack_is_away(acme: Town) -> None:
    """For the rest of the minute questions are answered as before; then it is an error."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])

    async def scene(people: People) -> None:
        before = await people.in_channel(acme.team.id, general.id, ann.id)
        acme.slack.faults.always("*", fails())
        acme.clock.advance(60)
        assert await people.in_channel(acme.team.id, general.id, ann.id) == before
        acme.clock.advance(1)
        with pytest.raises(TransientError):
            await people.in_channel(acme.team.id, general.id, ann.id)

    acme.look(scene)


@pytest.mark.parametrize("code", ["missing_scope", "fetch_members_failed", "channel_not_found"])
@pytest.mark.parametrize("method", ["conversations.info", "conversations.members"])
def test_what_slack_refuses_to_tell_closes_the_channel(acme: Town, method: str, code: str) -> None:
    """A refusal does not pass by waiting: what is public is all that may be read there."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])
    acme.slack.script(method, error(code))
    read = acme.look(lambda people: people.in_channel(acme.team.id, general.id, ann.id))
    assert read.principal.readers == PUBLIC


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
@pytest.mark.parametrize("method", ["users.info", "conversations.info", "conversations.members"])
def test_a_token_that_slack_takes_no_more_says_nothing_of_people(acme: Town, method: str, code: str) -> None:
    """The question is tried again, when the app may be installed anew; nobody is remembered as nobody."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])
    acme.slack.script(method, error(code))

    async def scene(people: People) -> None:
        with pytest.raises(SlackLockedOut, match=code):
            await people.in_channel(acme.team.id, general.id, ann.id)
        assert (await people.in_channel(acme.team.id, general.id, ann.id)).principal.readers > PUBLIC

    acme.look(scene)


def test_an_asker_whom_slack_refuses_to_tell_of_is_nobody(acme: Town) -> None:
    """Whoever cannot be verified reads nothing at all."""
    ann = acme.slack.person(acme.team, "ann")
    acme.slack.script("users.info", error("missing_scope"))
    found = acme.look(lambda people: people.somebody(acme.team.id, ann.id))
    assert (found.standing, found.readers) == (Standing.NOBODY, frozenset())
