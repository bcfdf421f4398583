"""Every sentence of `footnote doctor slack`, one function per sentence."""

from collections.abc import Collection, Iterable


_PAGE = "https://api.slack.com/apps → the app"


def is_off() -> str:
    """Say that Slack is not used."""
    return "Slack is off: neither SLACK_BOT_TOKEN nor SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is set"


def make_an_app() -> str:
    """Say how to begin with Slack."""
    return "Make an app from  footnote manifest slack --socket-mode  as docs/operator.md says, and set its tokens."


def bot_is(name: str, team: str) -> str:
    """Say whose the bot's token is."""
    return f"Slack knows the bot's token: it is {name} of the workspace {team}"


def copy_bot_token() -> str:
    """Say where the bot's token is."""
    return (
        f"Install the app ({_PAGE} → Install App), and copy its Bot User OAuth Token (xoxb-…) into SLACK_BOT_TOKEN; "
        "where it names no reason, also look whether SLACK_API_URL is Slack's."
    )


def no_bot() -> str:
    """Say that a token belongs to a person."""
    return "SLACK_BOT_TOKEN is no bot's token"


def many_workspaces(name: str) -> str:
    """Say that a token is of more workspaces than Footnote serves."""
    return f"The app {name} is installed in all of an Enterprise Grid; Footnote answers in one workspace of it"


def install_in_one() -> str:
    """Say how to install the app in one workspace."""
    return f"Install the app in one workspace ({_PAGE} → Install App), and copy that token into SLACK_BOT_TOKEN."


def handles_change_hands() -> str:
    """Say what a user group by its handle means for who is an admin."""
    return (
        "Whoever may manage user groups in Slack decides who is in them, and can give another group this handle: "
        "name people, or a group by its id (group:slack:S012AB3CD), if these are not the same people."
    )


def reach_slack() -> str:
    """Say what to do when Slack does not answer."""
    return "Look whether this machine may connect to Slack's hosts by https (FOOTNOTE_EGRESS, firewall), and try again."


def try_later() -> str:
    """Say what to do when Slack wants to be left alone."""
    return "Try again in a minute."


def scopes_are_there(count: int) -> str:
    """Say that the bot may do what it must."""
    return f"The bot has all {count} scopes that it needs"


def scopes_unknown() -> str:
    """Say that Slack did not tell the scopes."""
    return "Slack did not tell which scopes the bot has"


def scopes_lack(names: Iterable[str]) -> str:
    """Say what the bot may not do."""
    return f"The bot lacks scopes that it needs: {', '.join(names)}"


def renew_app() -> str:
    """Say how an app gets what this version needs."""
    return (
        f"Replace the app's manifest ({_PAGE} → App Manifest) by what  footnote manifest slack  prints, then install "
        "it again (Install App)."
    )


def without_scopes(names: Collection[str]) -> str:
    """Say what is not done because whoever installed the app refused it, or the app is older."""
    effects = dict.fromkeys(_EFFECTS[one] for one in names)
    return f"Refused when the app was installed: {', '.join(names)}; {'; '.join(effects)}"


def no_follow_ups(where: str) -> str:
    """Say what is missing without the history of a kind of conversation."""
    return f"in {where} every question needs a mention, and edits and deletions go unnoticed"


_EFFECTS = {
    "channels:history": no_follow_ups("public channels"),
    "groups:history": no_follow_ups("private channels"),
    "mpim:history": no_follow_ups("group messages"),
    "mpim:read": "group messages are answered from public documents alone",
    "files:read": "files that people share are not read",
    "reactions:read": "an emoji on an answer is not taken as feedback",
}


def allow_scopes() -> str:
    """Say how to allow what was refused."""
    return f"That may be meant so. To allow it, install the app again ({_PAGE} → Install App)."


def clock_is_right() -> str:
    """Say that this machine's clock is Slack's."""
    return "This machine's clock agrees with Slack's"


def clock_is_off(seconds: int) -> str:
    """Say by how much this machine's clock is wrong; ahead where the number is positive."""
    return f"This machine's clock is {abs(seconds)} seconds {'ahead of' if seconds > 0 else 'behind'} Slack's"


def set_clock() -> str:
    """Say what a wrong clock does."""
    return "Set it by NTP: what Slack sends over HTTP is refused from 300 seconds on, as if it were old or forged."


def socket_opens() -> str:
    """Say that Socket Mode can be used."""
    return "Slack opens Socket Mode to the app's token"


def switch_socket_on() -> str:
    """Say what Socket Mode needs."""
    return (
        f"Switch Socket Mode on ({_PAGE} → Socket Mode), and make an app-level token with connections:write (Basic "
        "Information) for SLACK_APP_TOKEN."
    )


def two_apps(bot: str, app: str) -> str:
    """Say that the tokens belong to different apps."""
    return f"SLACK_BOT_TOKEN belongs to the app {bot}, and SLACK_APP_TOKEN to {app}"


def one_app() -> str:
    """Say that the tokens belong together."""
    return "Both tokens belong to the same app"


def take_one_app() -> str:
    """Say what to do about two apps."""
    return f"Take both tokens from one app ({_PAGE})."


def events_cannot_be_asked(names: Collection[str]) -> str:
    """Say what Slack does not tell."""
    return f"Slack does not tell which events it sends; Footnote hears {len(names)}: {', '.join(names)}"


def compare_events() -> str:
    """Say where the events stand."""
    return (
        f"Compare them ({_PAGE} → Event Subscriptions → Subscribe to bot events), or replace the manifest. Then write "
        "to the bot: no answer, and nothing in the log of  footnote serve , means that Slack sends nothing."
    )


def address_unknown() -> str:
    """Say that nobody knows where Slack sends to."""
    return "Slack sends over HTTP, and FOOTNOTE_PUBLIC_URL does not say where this server is reached"


def set_address() -> str:
    """Say what to do about that."""
    return (
        "Set FOOTNOTE_PUBLIC_URL to the https address that Slack reaches, or set SLACK_APP_TOKEN (Socket Mode), "
        "which needs none."
    )


def address_not_public(host: str) -> str:
    """Say that Slack cannot reach an address."""
    return f"Slack cannot reach {host} of FOOTNOTE_PUBLIC_URL: it means something within this network alone"


def address_is(address: str) -> str:
    """Say where Slack should send to."""
    return f"Slack is to send to {address}"


def verify_address() -> str:
    """Say how to see whether it does."""
    return (
        "The same address stands three times in the app: Event Subscriptions, Interactivity & Shortcuts, and Slash "
        "Commands; the first of them says whether it is verified while  footnote serve  runs."
    )


def nobody_is_admin() -> str:
    """Say that no one may manage anything in Slack."""
    return "Nobody is an admin in Slack: knowledge bases are managed in the terminal alone"


def name_admins() -> str:
    """Say how to name admins."""
    return "Set FOOTNOTE_ADMINS, such as user:anna@example.com or group:slack:it-team, if that is not meant so."


def admins_are(readers: Collection[str]) -> str:
    """Say who is an admin."""
    return f"Admins in Slack: {', '.join(readers)}"
