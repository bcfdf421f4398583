"""Who asks and who reads along decides what may be read, and what is not known for sure is not granted."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.slack.people import People, Reading, Standing
from bot.slack.said import PlaceKind
from tests.fakes.slack_faults import Fault, error, wrong_json
from tests.fakes.slack_json import channel_json, group_json, user_json
from tests.fakes.slack_state import Role
from tests.unit.slack.people_scene import Town, town


PUBLIC = frozenset({"public"})
OPEN = PUBLIC | {"everyone"}


@pytest.fixture
def acme() -> Iterator[Town]:
    """Return a workspace of its own."""
    with town() as made:
        yield made


def tells(**answer: Any) -> Fault:
    """Let Slack answer with this, whatever was asked."""
    return wrong_json(json.dumps({"ok": True} | answer).encode())


# --- who asks ---------------------------------------------------------------------


def test_a_member_is_a_reader_by_mail_id_and_groups(acme: Town) -> None:
    """Alone, a member is everything: address in lower case, Slack's id, each group by handle and id, and everybody."""
    ann = acme.slack.person(acme.team, "ann", email="Ann.Lee@Acme.Example", real_name="Ann Lee")
    ann.user.locale = "de-DE"
    group = acme.slack.group(acme.team, "hr", [ann])
    acme.slack.group(acme.team, "board", [])
    found = acme.look(lambda people: people.somebody(acme.team.id, ann.id))
    assert (found.standing, found.name, found.mail, found.language) == (
        Standing.MEMBER,
        "ann",
        "ann.lee@acme.example",
        "de",
    )
    groups = {"group:slack:hr", f"group:slack:{group.id}"}
    assert found.readers == OPEN | groups | {"user:ann.lee@acme.example", acme.person(ann)}


@pytest.mark.parametrize(
    ("role", "standing"),
    [("guest", Standing.GUEST), ("single_channel_guest", Standing.GUEST), ("bot", Standing.NOBODY)],
)
def test_a_guest_reads_what_is_public_and_a_program_nothing(acme: Town, role: Role, standing: Standing) -> None:
    """Neither a group nor an address opens anything to a guest."""
    eve = acme.slack.person(acme.team, "eve", role)
    acme.slack.group(acme.team, "hr", [eve])
    found = acme.look(lambda people: people.somebody(acme.team.id, eve.id), admins=["group:slack:hr", "everyone"])
    assert (found.standing, found.admin) == (standing, False)
    assert found.readers == (PUBLIC if standing is Standing.GUEST else frozenset())


def test_a_person_of_another_organisation_reads_what_is_public(acme: Town) -> None:
    """It counts where the account is at home, also where the event says that it is one of ours, and the reverse."""
    other = acme.slack.workspace("Other")
    eve, ann = acme.slack.person(other, "eve"), acme.slack.person(acme.team, "ann")
    acme.slack.channel(acme.team, "sales", [eve, acme.bot], shared_with=[other])

    async def found(people: People) -> list[Standing]:
        asked = [(eve, ""), (eve, acme.team.id), (ann, acme.team.id), (ann, other.id)]
        return [(await people.somebody(acme.team.id, one.id, team)).standing for one, team in asked]

    assert acme.look(found) == [Standing.EXTERNAL, Standing.EXTERNAL, Standing.MEMBER, Standing.EXTERNAL]


def test_whoever_is_deactivated_or_unknown_is_nobody(acme: Town) -> None:
    """Nobody satisfies no rule at all, not even in a channel; no admin is left who has gone."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    acme.slack.change(ann, deleted=True)
    general = acme.slack.channel(acme.team, "general", [ann, bob, acme.bot])
    for user in (ann.id, "U404", "USLACKBOT"):
        found = acme.look(
            lambda people, user=user: people.somebody(acme.team.id, user), admins=["user:ann@acme.example"]
        )
        assert (found.standing, found.readers, found.admin) == (Standing.NOBODY, frozenset(), False)
        read = acme.look(lambda people, user=user: people.in_channel(acme.team.id, general.id, user))
        assert read.principal.readers == frozenset()


@pytest.mark.parametrize(
    ("confirmed", "email"),
    [(False, "ann@acme.example"), (True, ""), (True, "an\u212aa@acme.example"), (True, "a,b@acme.example")],
)
def test_an_address_that_is_not_sure_is_no_reader(acme: Town, *, confirmed: bool, email: str) -> None:
    """One that is not confirmed, or could be another's in lower case, or would read as two, opens nothing."""
    ann = acme.slack.person(acme.team, "ann", email=email)
    ann.user.email_confirmed = confirmed
    found = acme.look(lambda people: people.somebody(acme.team.id, ann.id))
    assert found.readers == OPEN | {acme.person(ann)}


def test_groups_that_are_off_or_hidden_open_nothing(acme: Town) -> None:
    """A group that is switched off has no members; without the scope for groups a member is in none."""
    ann = acme.slack.person(acme.team, "ann")
    group = acme.slack.group(acme.team, "hr", [ann])
    acme.slack.switch(group, enabled=False)
    alone = OPEN | {acme.person(ann), "user:ann@acme.example"}
    assert acme.look(lambda people: people.somebody(acme.team.id, ann.id)).readers == alone
    acme.slack.switch(group, enabled=True)
    acme.slack.script("usergroups.list", error("missing_scope"))
    assert acme.look(lambda people: people.somebody(acme.team.id, ann.id)).readers == alone


def test_the_handle_of_a_group_cannot_pass_for_an_id(acme: Town) -> None:
    """Nobody can name a group as another one is called by its id, or in letters that only look the same."""
    eve = acme.slack.person(acme.team, "eve")
    board = acme.slack.group(acme.team, "board", [])
    fake = acme.slack.group(acme.team, board.id, [eve])
    twin = acme.slack.group(acme.team, "cafe\u0301", [eve])
    readers = acme.look(lambda people: people.somebody(acme.team.id, eve.id)).readers
    groups = {one for one in readers if one.startswith("group:")}
    assert groups == {f"group:slack:{fake.id}", f"group:slack:{twin.id}"}


@pytest.mark.parametrize(
    "entry", ["user:ANN@acme.example", "user:slack:{team}:{ann}", "group:slack:it", "group:slack:{it}"]
)
def test_an_admin_is_named_by_address_id_or_group(acme: Town, entry: str) -> None:
    """Each way to name a member makes an admin of that one alone, and in a channel the rights are the channel's."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob", "owner")
    group = acme.slack.group(acme.team, "it", [ann])
    general = acme.slack.channel(acme.team, "general", [ann, bob, acme.bot])
    named = [entry.format(team=acme.team.id, ann=ann.id, it=group.id), "everyone", "public"]

    async def found(people: People) -> tuple[Reading, Reading, Reading]:
        alone = [await people.alone(acme.team.id, one.id) for one in (ann, bob)]
        return alone[0], alone[1], await people.in_channel(acme.team.id, general.id, ann.id)

    of_ann, of_bob, there = acme.look(found, admins=named)
    assert (of_ann.principal.admin, of_bob.principal.admin) == (True, False)
    assert (there.somebody.admin, there.principal.admin) == (True, False)


def test_a_colleague_of_the_same_grid_is_a_member() -> None:
    """In an Enterprise Grid people of all its workspaces are members; of another Grid, or of one not named, none is."""
    with town(enterprise_id="E01") as north:
        south = north.slack.workspace("South", enterprise_id="E01")
        other = north.slack.workspace("Other", enterprise_id="E02")
        eve, bob = north.slack.person(south, "eve"), north.slack.person(other, "bob")
        mixed = north.slack.channel(north.team, "all", [eve, north.bot], grid_with=[south])
        north.slack.channel(north.team, "sales", [bob, north.bot], shared_with=[other])
        for enterprise, standing, readers in (
            ("E01", Standing.MEMBER, OPEN | {north.key(mixed)}),
            ("", Standing.EXTERNAL, PUBLIC),
        ):
            north.team.enterprise_id = enterprise
            asked = north.said(eve, mixed)
            read = north.look(lambda people, asked=asked: people.reading(asked))
            assert (read.somebody.standing, read.principal.readers) == (standing, readers)
            stranger = north.look(lambda people: people.somebody(north.team.id, bob.id))
            assert stranger.standing is Standing.EXTERNAL


@pytest.mark.parametrize(
    ("odd", "standing"),
    [
        ({"is_restricted": None}, Standing.GUEST),
        ({"is_ultra_restricted": None}, Standing.GUEST),
        ({"is_ultra_restricted": True}, Standing.GUEST),
        ({"is_stranger": True}, Standing.EXTERNAL),
        ({"deleted": None}, Standing.NOBODY),
        ({"is_bot": None}, Standing.NOBODY),
        ({"team_id": ""}, Standing.NOBODY),
        ({"id": "USLACKBOT"}, Standing.NOBODY),
    ],
)
def test_an_account_that_says_too_little_is_no_members(acme: Town, odd: dict[str, Any], standing: Standing) -> None:
    """A flag that is missing is as bad as one that is set; where it is open whether anybody reads, a channel closes."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    general = acme.slack.channel(acme.team, "general", [ann, bob])
    known = acme.slack.world
    answer = tells(user=user_json(known, ann.user, acme.team.id, email=True) | odd)

    async def found(people: People) -> tuple[Standing, frozenset[str]]:
        acme.slack.script("users.info", answer)
        asker = await people.somebody(acme.team.id, ann.id)
        return asker.standing, (await people.in_channel(acme.team.id, general.id, bob.id)).principal.readers

    left = {Standing.GUEST: PUBLIC | {acme.key(general)}, Standing.EXTERNAL: PUBLIC, Standing.NOBODY: PUBLIC}
    # Slack's own bot reads nothing: a channel is as open as without it.
    expected = OPEN | {acme.key(general)} if odd == {"id": "USLACKBOT"} else left[standing]
    assert acme.look(found) == (standing, expected)


@pytest.mark.parametrize("odd", [{"date_delete": 5}, {"date_delete": None}, {"is_external": True}, {"users": None}])
def test_a_group_that_is_not_ours_opens_nothing(acme: Town, odd: dict[str, Any]) -> None:
    """One that is switched off, another organisation's, or told without its members is nobody's."""
    ann = acme.slack.person(acme.team, "ann")
    group = acme.slack.group(acme.team, "hr", [ann])
    acme.slack.script("usergroups.list", tells(usergroups=[group_json(group, users=True) | odd]))
    readers = acme.look(lambda people: people.somebody(acme.team.id, ann.id)).readers
    assert readers == OPEN | {acme.person(ann), "user:ann@acme.example"}


# --- who reads along ----------------------------------------------------------------


def test_a_direct_message_is_read_by_one_person(acme: Town) -> None:
    """There all that the person may read counts; the rights carry the person's name in every place."""
    ann = acme.slack.person(acme.team, "ann")
    read = acme.look(lambda people: people.reading(acme.said(ann, ann.direct(acme.bot), PlaceKind.DIRECT)))
    assert (read.private, read.channel, read.principal.name) == (True, "", acme.person(ann))
    assert read.principal.readers == read.somebody.readers
    assert acme.counted("conversations.info", "conversations.members") == 0


def test_the_direct_conversation_with_the_bot_is_known_by_its_id(acme: Town) -> None:
    """A command typed there is answered with one's own rights; in that of somebody else with what is public."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    direct = ann.direct(acme.bot)
    own, others = (
        acme.look(lambda people, one=one: people.in_channel(acme.team.id, direct.id, one.id)) for one in (ann, bob)
    )
    assert (own.private, own.principal.readers) == (True, own.somebody.readers)
    assert (others.private, others.principal.readers) == (False, PUBLIC)


@pytest.mark.parametrize(
    ("role", "readers"),
    [
        ("member", OPEN),
        ("owner", OPEN),
        ("bot", OPEN),
        ("guest", PUBLIC),
        ("single_channel_guest", PUBLIC),
    ],
)
@pytest.mark.parametrize("place", [None, PlaceKind.PUBLIC, PlaceKind.PRIVATE, PlaceKind.GROUP])
def test_one_guest_narrows_a_channel(acme: Town, role: Role, readers: frozenset[str], place: PlaceKind | None) -> None:
    """What members alone may read is not shown where a guest reads; what was bound to the channel is."""
    ann, eve = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "eve", role)
    private = place is PlaceKind.PRIVATE
    channel = acme.slack.channel(acme.team, "general", [ann, eve, acme.bot], private=private)
    if place is PlaceKind.GROUP:
        channel = acme.slack.group_talk(ann, eve, acme.bot)
    read = acme.look(lambda people: people.reading(acme.said(ann, channel, place)))
    assert read.principal.readers == readers | {acme.key(channel)}
    assert (read.private, read.channel) == (False, acme.key(channel).removeprefix("channel:"))
    assert "user:ann@acme.example" in read.somebody.readers


def test_a_channel_with_another_organisation_is_public(acme: Town) -> None:
    """Shared by the event's word or by Slack's, invited to be shared, or with a stranger in it: what is public."""
    other = acme.slack.workspace("Other")
    ann, eve = acme.slack.person(acme.team, "ann"), acme.slack.person(other, "eve")
    pending = acme.slack.channel(acme.team, "soon", [ann, acme.bot])
    acme.slack.invite(pending, other)
    shared = acme.slack.channel(acme.team, "sales", [ann, acme.bot], shared_with=[other])
    direct = replace(acme.said(ann, ann.direct(acme.bot), PlaceKind.DIRECT), external=True)
    joined = acme.slack.channel(acme.team, "visit", [ann, eve, acme.bot])
    plain = acme.slack.channel(acme.team, "general", [ann, acme.bot])

    async def found(people: People) -> list[frozenset[str]]:
        read = [await people.in_channel(acme.team.id, one.id, ann.id) for one in (pending, shared, joined)]
        read += [await people.in_channel(acme.team.id, plain.id, ann.id, external=True), await people.reading(direct)]
        return [one.principal.readers for one in read]

    assert acme.look(found) == [PUBLIC] * 5


@pytest.mark.parametrize(
    "odd",
    [
        {"is_shared": True},
        {"is_shared": None},
        {"is_ext_shared": True},
        {"is_shared": True, "is_org_shared": True},
        {"is_shared": True, "is_org_shared": True, "is_ext_shared": None},
        {"is_pending_ext_shared": True},
        {"pending_shared": ["T404"]},
        {"pending_connected_team_ids": ["T404"]},
    ],
)
def test_a_channel_of_which_one_flag_says_so_is_shared(acme: Town, odd: dict[str, Any]) -> None:
    """However Slack says that others read along, or leaves it open, what is public is left."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])
    told = channel_json(acme.slack.world, general, acme.slack.world.users[acme.bot.bot_user])
    acme.slack.script("conversations.info", tells(channel=told | odd))
    read = acme.look(lambda people: people.in_channel(acme.team.id, general.id, ann.id))
    assert read.principal.readers == PUBLIC


def test_the_asker_counts_as_what_the_asker_is_now(acme: Town) -> None:
    """What the others are is known to ten minutes, but a member who became a guest closes a channel by asking."""
    ann = acme.slack.person(acme.team, "ann")
    general = acme.slack.channel(acme.team, "general", [ann, acme.bot])

    async def scene(people: People) -> None:
        await people.in_channel(acme.team.id, general.id, ann.id)
        acme.slack.change(ann, role="guest")
        acme.clock.advance(61)
        read = await people.in_channel(acme.team.id, general.id, ann.id)
        assert read.principal.readers == PUBLIC | {acme.key(general)}

    acme.look(scene)


def test_whoever_asked_is_known_to_the_minute_to_all(acme: Town) -> None:
    """Who asks somewhere else as a guest now closes the channels that they are in, whoever asks there."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    general = acme.slack.channel(acme.team, "general", [ann, bob, acme.bot])

    async def scene(people: People) -> None:
        before = await people.in_channel(acme.team.id, general.id, bob.id)
        assert before.principal.readers == OPEN | {acme.key(general)}
        acme.slack.change(ann, role="guest")
        acme.clock.advance(61)
        await people.alone(acme.team.id, ann.id)
        read = await people.in_channel(acme.team.id, general.id, bob.id)
        assert read.principal.readers == PUBLIC | {acme.key(general)}

    acme.look(scene)


def test_a_channel_that_the_bot_does_not_see_is_public(acme: Town) -> None:
    """A command may be typed anywhere; where the bot is not, it cannot know who reads along."""
    ann = acme.slack.person(acme.team, "ann")
    secret = acme.slack.channel(acme.team, "secret", [ann], private=True)
    read = acme.look(lambda people: people.in_channel(acme.team.id, secret.id, ann.id))
    assert (read.private, read.principal.readers) == (False, PUBLIC)


def test_whoever_is_not_in_a_private_channel_does_not_read_as_it(acme: Town) -> None:
    """Members look into every public channel, guests into none that they are not in."""
    ann, bob = acme.slack.person(acme.team, "ann"), acme.slack.person(acme.team, "bob")
    guest = acme.slack.person(acme.team, "guest", "guest")
    private = acme.slack.channel(acme.team, "board", [bob, acme.bot], private=True)
    general = acme.slack.channel(acme.team, "general", [bob, acme.bot])

    async def found(people: People) -> list[frozenset[str]]:
        asked = [(private, ann), (general, ann), (general, guest), (private, bob)]
        return [(await people.in_channel(acme.team.id, one.id, who.id)).principal.readers for one, who in asked]

    assert acme.look(found) == [PUBLIC, OPEN | {acme.key(general)}, PUBLIC, OPEN | {acme.key(private)}]


def test_whoever_came_just_now_is_seen_at_once(acme: Town) -> None:
    """The first question of a newcomer counts the newcomer in, though members were looked up a moment ago."""
    bob = acme.slack.person(acme.team, "bob")
    private = acme.slack.channel(acme.team, "board", [bob, acme.bot], private=True)
    guest = acme.slack.person(acme.team, "guest", "guest")

    async def found(people: People) -> frozenset[str]:
        await people.in_channel(acme.team.id, private.id, bob.id)
        guest.joins(private)
        return (await people.in_channel(acme.team.id, private.id, guest.id)).principal.readers

    assert acme.look(found) == PUBLIC | {acme.key(private)}
