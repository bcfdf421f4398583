"""Who is who in the fake Slack: people, groups, channels and files as an app may see them."""

import urllib.request
from collections.abc import Iterator

import pytest

from tests.fakes.slack_faults import wrong_json
from tests.fakes.slack_state import Role
from tests.unit.fakes.slack_scene import Scene, scene


@pytest.fixture
def town() -> Iterator[Scene]:
    """Return a scene of its own."""
    with scene() as made:
        yield made


@pytest.mark.parametrize(
    ("role", "flags"),
    [
        ("member", set()),
        ("admin", {"is_admin"}),
        ("owner", {"is_admin", "is_owner"}),
        ("primary_owner", {"is_admin", "is_owner", "is_primary_owner"}),
        ("guest", {"is_restricted"}),
        ("single_channel_guest", {"is_restricted", "is_ultra_restricted"}),
    ],
)
def test_a_role_is_told_in_slacks_flags(town: Scene, role: Role, flags: set[str]) -> None:
    """Each role sets its flags and no other."""
    person = town.slack.person(town.team, "eve", role)
    told = town.call("users.info", user=person.id)["user"]
    names = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
    assert {name for name in names if told[name]} == flags
    assert (told["team_id"], told["deleted"], told.get("is_stranger", False)) == (town.team.id, False, False)


def test_a_mail_address_needs_its_scope(town: Scene) -> None:
    """Without `users:read.email` the profile has none; with it a person is found by it, if not deactivated."""
    assert town.call("users.info", user=town.ann.id)["user"]["profile"]["email"] == "ann@acme.example"
    poor = town.slack.install(town.app, town.team, scopes=["users:read"])
    assert "email" not in town.call("users.info", token=poor.bot_token, user=town.ann.id)["user"]["profile"]
    assert town.call("users.lookupByEmail", email="ANN@acme.example")["user"]["id"] == town.ann.id
    town.slack.change(town.ann, deleted=True)
    assert town.call("users.lookupByEmail", email="ann@acme.example")["error"] == "users_not_found"
    assert town.call("users.info", user=town.ann.id)["user"]["deleted"]


def test_strangers_are_seen_where_a_channel_is_shared(town: Scene) -> None:
    """A person of another company is unknown until a channel is shared, then a stranger without a mail address."""
    other = town.slack.workspace("Other")
    eve = town.slack.person(other, "eve", "admin")
    assert town.call("users.info", user=eve.id)["error"] == "user_not_found"
    town.slack.share(town.general, other)
    eve.joins(town.general)
    told = town.call("users.info", user=eve.id)["user"]
    assert (told["is_stranger"], told["team_id"], told["profile"].get("email")) == (True, other.id, None)
    info = town.call("conversations.info", channel=town.general.id)["channel"]
    assert (info["is_ext_shared"], info["connected_team_ids"]) == (True, [other.id])
    town.slack.unshare(town.general, other)
    assert town.call("users.info", user=eve.id)["error"] == "user_not_found"
    assert eve.id not in town.call("conversations.members", channel=town.general.id)["members"]


def test_a_grid_knows_its_people_in_all_its_workspaces(town: Scene) -> None:
    """In an Enterprise Grid ids begin with W, and a colleague of another workspace is no stranger."""
    one, other = (town.slack.workspace(name, enterprise_id="E01") for name in ("North", "South"))
    bot = town.slack.install(town.app, one)
    eve = town.slack.person(other, "eve")
    told = town.call("users.info", token=bot.bot_token, user=eve.id)["user"]
    assert (told["id"][0], told["enterprise_user"]["teams"]) == ("W", [one.id, other.id])
    assert "is_stranger" not in told
    assert town.call("auth.test", token=bot.bot_token)["enterprise_id"] == "E01"


def test_groups_are_listed_with_their_members(town: Scene) -> None:
    """Members come on request; a group that is switched off is left out; those of another workspace are not there."""
    group = town.slack.group(town.team, "hr", [town.ann])
    town.slack.group(town.slack.workspace("Other"), "hr", [])
    [told] = town.call("usergroups.list", include_users=True)["usergroups"]
    assert (told["handle"], told["users"]) == ("hr", [town.ann.id])
    assert town.call("usergroups.users.list", usergroup=group.id)["users"] == [town.ann.id]
    group.enabled = False
    assert town.call("usergroups.list")["usergroups"] == []
    assert town.call("usergroups.users.list", usergroup=group.id)["error"] == "no_such_subteam"


def test_members_come_in_pages_of_a_hundred(town: Scene) -> None:
    """Who asks once for the members of a large channel gets a hundred; all are there at the end of the pages."""
    people = [town.slack.person(town.team, f"p{number}") for number in range(150)]
    crowd = town.slack.channel(town.team, "crowd", people)
    first = town.call("conversations.members", channel=crowd.id)
    assert len(first["members"]) == 100
    rest = town.call("conversations.members", channel=crowd.id, cursor=first["response_metadata"]["next_cursor"])
    assert first["members"] + rest["members"] == [one.id for one in people]
    assert rest["response_metadata"]["next_cursor"] == ""
    assert town.call("conversations.members", channel=crowd.id, cursor="old")["error"] == "invalid_cursor"
    assert town.call("conversations.members", channel=crowd.id, limit=1001)["error"] == "invalid_limit"


def test_each_kind_of_channel_has_its_own_scope(town: Scene) -> None:
    """A token that reads public channels reads no private and no direct one."""
    poor = town.slack.install(town.app, town.team, scopes=["channels:read"])
    private = town.slack.channel(town.team, "board", [town.ann, poor], private=True)
    assert town.call("conversations.info", token=poor.bot_token, channel=town.general.id)["ok"]
    for channel, scope in ((private, "groups:read"), (town.ann.direct(poor), "im:read")):
        answer = town.call("conversations.members", token=poor.bot_token, channel=channel.id)
        assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


def test_conversations_are_told_by_kind(town: Scene) -> None:
    """Public, private, direct and group talk differ in Slack's flags; a private one without the bot is not there."""
    private = town.slack.channel(town.team, "board", [town.ann, town.bot], private=True)
    talk = town.slack.group_talk(town.ann, town.bob, town.bot)
    kinds = [
        {name for name in ("is_channel", "is_group", "is_im", "is_mpim", "is_private") if told.get(name)}
        for one in (town.general, private, town.ann.direct(town.bot), talk)
        for told in [town.call("conversations.info", channel=one.id)["channel"]]
    ]
    assert kinds == [{"is_channel"}, {"is_group", "is_private"}, {"is_im"}, {"is_mpim", "is_private"}]
    assert town.call("conversations.info", channel=town.secret.id)["error"] == "channel_not_found"


def test_conversations_are_opened_with_people(town: Scene) -> None:
    """The direct conversation with a person is one and the same each time; nobody opens one with who is gone."""
    first = town.call("conversations.open", users=town.ann.id)["channel"]["id"]
    assert town.call("conversations.open", users=[town.ann.id])["channel"]["id"] == first
    assert first == town.ann.direct(town.bot).id
    assert town.call("conversations.open", users="U404")["error"] == "user_not_found"
    assert town.call("conversations.open", users="")["error"] == "users_list_not_supplied"
    town.slack.change(town.bob, deleted=True)
    assert town.call("conversations.open", users=town.bob.id)["error"] == "user_disabled"


def test_a_file_is_read_by_apps_that_see_it(town: Scene) -> None:
    """Its bytes come with the token; without, or where the app is not, comes a page for people with 200."""
    file = town.ann.uploads("leave.txt", b"25 days")
    assert town.call("files.info", file=file.id)["error"] == "file_not_found"
    asked = town.ann.writes(town.general, "what does it say?", files=[file])
    told = town.call("files.info", file=file.id)["file"]
    assert (told["size"], told["mimetype"], asked.subtype) == (7, "text/plain", "file_share")

    def get(token: str) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(told["url_private_download"], headers=headers)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
            return answer.status, answer.read()

    assert get(town.bot.bot_token) == (200, b"25 days")
    town.slack.script("url_private_download", wrong_json(b"half"))
    assert get(town.bot.bot_token) == (200, b"half")
    assert get("xoxb-no")[1].startswith(b"<!DOCTYPE html>")
    assert town.call("files.info", file="F404")["error"] == "file_not_found"


def test_workspace_and_bot_are_told(town: Scene) -> None:
    """An app learns of its workspace, of those that share a channel with it, and of itself."""
    assert town.call("team.info")["team"]["domain"] == "acme"
    other = town.slack.workspace("Other")
    assert town.call("team.info", team=other.id)["error"] == "team_not_found"
    town.slack.share(town.general, other)
    assert town.call("team.info", team=other.id)["team"]["name"] == "Other"
    assert town.call("bots.info", bot=town.bot.bot_id)["bot"]["user_id"] == town.bot.bot_user
    assert town.call("bots.info", bot="B404")["error"] == "bot_not_found"
    told = town.call("auth.test")
    assert (told["bot_id"], told["team_id"]) == (town.bot.bot_id, town.team.id)
    assert "chat:write" in told["_headers"]["x-oauth-scopes"]


def test_all_accounts_of_a_workspace_are_listed_in_pages(town: Scene) -> None:
    """Bots, the deactivated and Slack's own bot, which says that it is none, are among them; strangers are not."""
    other = town.slack.workspace("Other")
    eve = town.slack.person(other, "eve")
    town.slack.share(town.general, other)
    eve.joins(town.general)
    town.slack.change(town.bob, deleted=True)
    first = town.call("users.list", limit=2, team_id=town.team.id)
    rest = town.call("users.list", limit=2, cursor=first["response_metadata"]["next_cursor"], include_locale=True)
    listed = {one["id"]: one for one in first["members"] + rest["members"]}
    assert set(listed) == {"USLACKBOT", town.bot.bot_user, town.ann.id, town.bob.id}
    assert (len(first["members"]), rest["response_metadata"]["next_cursor"]) == (2, "")
    assert (listed["USLACKBOT"]["is_bot"], listed[town.bot.bot_user]["is_bot"]) == (False, True)
    assert (listed[town.bob.id]["deleted"], "is_restricted" in listed[town.bob.id]) == (True, False)
    assert [("locale" in listed[one.id], listed[one.id]["team_id"]) for one in (town.ann, town.bob)] == [
        (True, town.team.id)
    ] * 2


def test_an_invitation_to_share_a_channel_shows_before_it_is_accepted(town: Scene) -> None:
    """Until the other company comes the channel is pending; then it is shared and pending no longer."""
    other = town.slack.workspace("Other")
    names = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "pending_shared")

    def told() -> list[object]:
        channel = town.call("conversations.info", channel=town.general.id)["channel"]
        return [channel[name] for name in names]

    assert told() == [False, False, False, False, []]
    town.slack.invite(town.general, other)
    assert told() == [False, False, False, True, [other.id]]
    town.slack.share(town.general, other)
    assert told() == [True, True, False, False, []]


def test_workspaces_of_a_grid_share_a_channel_without_strangers(town: Scene) -> None:
    """Such a channel is shared within the organisation: not externally, and its people are colleagues."""
    one, other = (town.slack.workspace(name, enterprise_id="E01") for name in ("North", "South"))
    bot = town.slack.install(town.app, one)
    eve = town.slack.person(other, "eve")
    channel = town.slack.channel(one, "all", [eve, bot], grid_with=[other])
    told = town.call("conversations.info", token=bot.bot_token, channel=channel.id)["channel"]
    assert [told[name] for name in ("is_shared", "is_org_shared", "is_ext_shared")] == [True, True, False]
    assert told["shared_team_ids"] == [one.id, other.id]
    assert "is_stranger" not in town.call("users.info", token=bot.bot_token, user=eve.id)["user"]
