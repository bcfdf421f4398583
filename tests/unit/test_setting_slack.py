"""Settings of the people who chat: Slack's secrets and address, admins, our own address."""

import pytest

from pipelines.errors import BadSettings
from pipelines.settings import Settings
from tests.fakes.slack_server import FakeSlack


HOME = {"HOME": "/home/anna"}
BOT = {"SLACK_BOT_TOKEN": "xoxb-1-hunter2"}
SECRET = {"SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}
APP = {"SLACK_APP_TOKEN": "xapp-1-A1-hunter2"}


def load(environ: dict[str, str]) -> Settings:
    """Return settings."""
    return Settings.load(HOME | environ, None)


def refused(environ: dict[str, str]) -> list[str]:
    """Return the faults with which settings are refused; none of them shows a secret."""
    with pytest.raises(BadSettings) as caught:
        load(environ)
    assert "hunter2" not in str(caught.value)
    return [line.removeprefix("- ") for line in str(caught.value).splitlines()[1:]]


@pytest.mark.parametrize("others", [SECRET, APP, SECRET | APP])
def test_slack_is_on_with_its_bot_and_one_way_to_hear(others: dict[str, str]) -> None:
    """The bot's token and the signing secret, the app's token or both make Slack's app; no secret shows itself."""
    app = load(BOT | others).slack
    assert app is not None
    assert (app.bot_token, app.api_url) == (BOT["SLACK_BOT_TOKEN"], "https://slack.com/api/")
    assert app.signing_secret == others.get("SLACK_SIGNING_SECRET", "")
    assert app.app_token == others.get("SLACK_APP_TOKEN", "")
    assert not [one for one in (BOT | others).values() if one in repr(app)]


def test_a_scope_that_is_needed_cannot_be_left_out() -> None:
    """The sentence names what can."""
    app = load(BOT | SECRET | {"SLACK_WITHOUT": "files:read , reactions:read,"}).slack
    assert app is not None
    assert app.without == {"files:read", "reactions:read"}
    [fault] = refused(BOT | SECRET | {"SLACK_WITHOUT": "files:read, chat:write"})
    assert fault.startswith("SLACK_WITHOUT: expected some of channels:history, files:read, ")
    assert "'chat:write'" in fault


@pytest.mark.parametrize("environ", [{}, {"SLACK_API_URL": "https://slack-gov.com/api/"}])
def test_slack_is_off_without_a_secret(environ: dict[str, str]) -> None:
    """Nothing, or the address alone, switches nothing on."""
    assert load(environ).slack is None


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        (
            BOT,
            (
                "SLACK_BOT_TOKEN is set, so Slack is on and needs SLACK_SIGNING_SECRET (over HTTP) or SLACK_APP_TOKEN"
                " (Socket Mode) too: set it, or unset SLACK_BOT_TOKEN"
            ),
        ),
        (
            APP,
            "SLACK_APP_TOKEN is set, so Slack is on and needs SLACK_BOT_TOKEN too: set it, or unset SLACK_APP_TOKEN",
        ),
        (
            SECRET | APP,
            (
                "SLACK_SIGNING_SECRET is set, so Slack is on and needs SLACK_BOT_TOKEN too: set it, or unset"
                " SLACK_SIGNING_SECRET and SLACK_APP_TOKEN"
            ),
        ),
    ],
)
def test_slack_is_never_half_on(environ: dict[str, str], fault: str) -> None:
    """Any of the three secrets needs its others, and the sentence names them."""
    assert refused(environ) == [fault]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-hunter2", "begins with xoxb-, got a person's token; it is not shown"),
        ("SLACK_BOT_TOKEN", "xapp-1-hunter2", "begins with xoxb-, got the app's token; it is not shown"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-hunter2", "begins with xoxb-, got a token that expires"),
        ("SLACK_BOT_TOKEN", "hunter2", "begins with xoxb-, got a value that is not shown"),
        ("SLACK_BOT_TOKEN", "xoxb-hunter2 # the bot", "got a value with a space or an odd character"),
        ("SLACK_BOT_TOKEN", "xoxb-hünter2 hunter2", "got a value with a space or an odd character"),
        ("SLACK_APP_TOKEN", "xoxb-hunter2", "begins with xapp-, got the bot's token; it is not shown"),
        ("SLACK_SIGNING_SECRET", "xoxb-hunter2", "32 hexadecimal characters), got the bot's token; it is not shown"),
        ("SLACK_SIGNING_SECRET", "xapp-hunter2", "32 hexadecimal characters), got the app's token; it is not shown"),
    ],
)
def test_a_secret_in_anothers_place_is_told_for_what_it_is(name: str, value: str, told: str) -> None:
    """Each kind of token is known by its beginning, and the one fault that it makes is all that is told."""
    [fault] = refused(BOT | SECRET | APP | {name: value})
    assert fault.startswith(f"{name}: expected ")
    assert told in fault


def test_secrets_of_the_slack_for_tests_are_accepted() -> None:
    """Nothing is asked of a secret but its beginning."""
    with FakeSlack() as slack:
        app = slack.app("Footnote", socket_mode=True)
        installation = slack.install(app, slack.workspace("Acme"))
    environ = {"SLACK_BOT_TOKEN": installation.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret}
    taken = load(environ | {"SLACK_APP_TOKEN": f" {app.app_token} "}).slack
    assert taken is not None
    assert (taken.bot_token, taken.signing_secret) == (installation.bot_token, app.signing_secret)
    assert taken.app_token == app.app_token


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://slack-gov.com/api", "https://slack-gov.com/api/"),
        ("HTTPS://Slack.com/api/", "https://slack.com/api/"),
        ("http://127.0.0.1:8701/api/", "http://127.0.0.1:8701/api/"),
        ("http://localhost:1/api", "http://localhost:1/api/"),
        ("http://[::1]:1/", "http://[::1]:1/"),
    ],
)
def test_the_address_of_the_api_ends_with_a_slash(given: str, taken: str) -> None:
    """However it is written, methods are put behind it."""
    app = load(BOT | SECRET | {"SLACK_API_URL": given}).slack
    assert app is not None
    assert app.api_url == taken


@pytest.mark.parametrize(
    "given",
    [
        "http://slack.com/api/",
        "http://127.0.0.1.evil.example/api/",
        "http://localhost.evil.example/",
        "https://hunter2@slack.com/api/",
        "https://slack.com/api/?token=hunter2",
        "https://slack.com/api/#x",
        "https://slack.com:0/api/",
        "https://slack.com:70000/api/",
        "https:///api/",
        "slack.com",
        "ftp://slack.com/",
    ],
)
def test_the_bots_token_goes_nowhere_in_the_clear(given: str) -> None:
    """Without https only this machine may be Slack; an address with more than host, port and path is refused."""
    [fault] = refused(BOT | SECRET | {"SLACK_API_URL": given, "FOOTNOTE_EGRESS": "slack.com, *.slack.com"})
    assert fault.startswith("SLACK_API_URL: expected an address such as https://slack.com/api/ ")


OVER_HTTP = ["slack.com", "files.slack.com", "hooks.slack.com"]
BY_SOCKET = ["wss-primary.slack.com", "wss-backup.slack.com"]
FAKE = {"SLACK_API_URL": "http://127.0.0.1:8701/api/"}
GOV = {"SLACK_API_URL": "https://slack-gov.com/api/"}
GOV_HOSTS = ["slack-gov.com", "files.slack-gov.com", "hooks.slack-gov.com"]


@pytest.mark.parametrize(
    ("environ", "egress", "hosts"),
    [
        (SECRET, "none", OVER_HTTP),
        (APP, "none", [*OVER_HTTP, *BY_SOCKET]),
        (APP, "slack.com", [*OVER_HTTP[1:], *BY_SOCKET]),
        (APP, "slack.com, files.slack.com, hooks.slack.com", BY_SOCKET),
        (APP, "slack.com, *.slack.com", []),
        (APP, "any", []),
        (APP | FAKE, "none", []),
        (SECRET | GOV, "none", GOV_HOSTS),
        (SECRET | GOV, "slack-gov.com, *.slack-gov.com", []),
    ],
)
def test_slack_is_bound_by_egress(environ: dict[str, str], egress: str, hosts: list[str]) -> None:
    """Every host of Slack's that is connected to must be listed where `any` is not, and a fault names the setting."""
    given = BOT | environ | {"FOOTNOTE_EGRESS": egress}
    if not hosts:
        assert load(given).slack is not None
        return
    faults = refused(given)
    first = "SLACK_API_URL" if "SLACK_API_URL" in environ else "SLACK_BOT_TOKEN"
    names = ["SLACK_APP_TOKEN" if one.startswith("wss-") else first for one in hosts]
    assert [one.partition(":")[0] for one in faults] == names
    assert not [one for one, host in zip(faults, hosts, strict=True) if f" {host} " not in one.replace(",", " ")]


def test_admins_are_written_as_access_writes_readers() -> None:
    """Outer space and capitals of kinds and mail addresses do not matter; ids keep theirs."""
    given = " user:Anna@Example.COM ,USER:slack:T012:U034, group:slack:it-team ,, user:anna@example.com"
    settings = load({"FOOTNOTE_ADMINS": given})
    assert settings.admin_readers == {"user:anna@example.com", "user:slack:T012:U034", "group:slack:it-team"}
    assert settings.admins == "group:slack:it-team, user:anna@example.com, user:slack:T012:U034"
    assert load({}).admin_readers == frozenset()


@pytest.mark.parametrize(
    "given", ["anna@example.com", "everyone", "public", "user:anna", "user:", "role:it", "user:U034; user:U035"]
)
def test_an_admin_is_somebody_whom_a_platform_tells(given: str) -> None:
    """Whoever is named must be a person or a group that a platform can tell, and everybody is no admin."""
    [fault] = refused({"FOOTNOTE_ADMINS": f"user:bert@example.com, {given}"})
    assert fault.startswith("FOOTNOTE_ADMINS: expected readers such as user:anna@example.com, ")
    assert fault.endswith(f"got {given!r}")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://bot.example.com", "https://bot.example.com"),
        ("https://Bot.Example.com:8443/", "https://bot.example.com:8443"),
        ("https://example.com/Footnote/", "https://example.com/Footnote"),
    ],
)
def test_our_own_address_has_no_slash_at_its_end(given: str, taken: str) -> None:
    """Paths are put behind it."""
    assert load({"FOOTNOTE_PUBLIC_URL": given}).public_url == taken


@pytest.mark.parametrize("given", ["http://bot.example.com", "bot.example.com", "https://bot.example.com/?a=1"])
def test_our_own_address_is_https(given: str) -> None:
    """Slack sends to nothing else."""
    assert refused({"FOOTNOTE_PUBLIC_URL": given}) == [
        f"FOOTNOTE_PUBLIC_URL: expected an address such as https://bot.example.com without options, got {given!r}"
    ]
