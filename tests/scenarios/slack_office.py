"""An office that uses Slack: people, places, knowledge bases, and a Footnote of its own over real HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.slack.blocks.showing import EVENT_TYPE
from pipelines.domain.access import OPERATOR
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.fakes.slack_blocks import texts_in
from tests.fakes.slack_courier import Pace
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import App, Channel, Installation, Json, Message, Workspace
from tests.scenarios.served import Served


HANDBOOK = {
    "leave.md": "# Parental leave\n\nEvery parent gets 24 weeks of parental leave. The leave may be parted in two.\n",
    "travel.md": "# Travel\n\nTrains are booked by the travel desk. The hotel allowance is 140 euros a night.\n",
}
BOARD = {"plans.md": "# Merger\n\nThe merger with Contoso closes on 3 March. Its code name is Bluebird.\n"}
PUBLIC = {"hours.md": "# Opening hours\n\nThe visitor centre opens at 9 o'clock and closes at 17 o'clock.\n"}
PATIENCE_S = 20.0
PACE = Pace(retry_after_s=(0.0, 1.0, 3.0))
"""Slack's three repetitions, in seconds in place of minutes."""


@dataclass(slots=True)
class Office:
    """
    The office.

    Attributes:
        slack: Slack.
        served: Footnote's server.
        app: the app.
        bot: it, installed.
        team: the workspace.
        ann: a member.
        bob: a member who reads the board's base.
        boss: a member who is an admin of Footnote.
        gus: a guest.
        eve: somebody of another organisation.
        general: a public channel of members.
        lobby: a public channel with a guest.
        project: a private channel of members.
        joint: a channel that is shared with the other organisation.

    """

    slack: FakeSlack
    served: Served
    app: App
    bot: Installation
    team: Workspace
    ann: Person
    bob: Person
    boss: Person
    gus: Person
    eve: Person
    general: Channel
    lobby: Channel
    project: Channel
    joint: Channel

    @contextmanager
    def installation(self) -> Iterator[Footnote]:
        """Open the installation beside the server, as an admin at a terminal does."""
        with self.served.installation() as footnote:
            yield footnote

    def is_idle(self) -> bool:
        """Say whether no delivery waits or is worked on."""
        return self.served.is_idle()

    def replies(self, question: Message) -> list[Message]:
        """Return what the bot shows in the thread of a message, oldest first."""
        return [one for one in self.slack.thread(question) if one.user == self.bot.bot_user]

    def final(self, question: Message) -> list[Message]:
        """Return the bot's messages in their final form that answer this message."""
        return [one for one in self.replies(question) if payload(one).get("question") == question.ts]

    def answered(self, question: Message, seconds: float = PATIENCE_S) -> str:
        """Return all that is shown of the outcome of a question, once it is there whole. Blocks."""

        def whole() -> bool:
            return any(is_last(one) for one in self.final(question))

        assert self.slack.wait_for(whole, seconds), self.served.log[-3000:]
        return "\n".join(self.said(one) for one in self.final(question))

    def begun(self, channel: Channel) -> list[Message]:
        """Return the threads that the bot began in a channel."""
        own = (one for one in self.slack.messages(channel) if one.user == self.bot.bot_user)
        return [one for one in own if not one.thread_ts]

    def commanded(self, person: Person, text: str, channel: Channel) -> str:
        """Return what somebody is told behind a command, once it is there. Blocks."""
        before = len(person.whispers(channel))
        person.commands(self.bot, "/kb", text, channel).wait()
        assert self.slack.wait_for(lambda: len(person.whispers(channel)) > before), self.served.log[-3000:]
        told = person.whispers(channel)[-1]
        return "\n".join([told.text, *texts_in(told.blocks)])

    def said(self, message: Message) -> str:
        """Return all texts of a message."""
        return "\n".join([message.text, *texts_in(self.slack.blocks(message))])


def payload(message: Message) -> Json:
    """Return what a message of ours is recognised by; empty for any other."""
    metadata = message.metadata or {}
    told: Json = metadata.get("event_payload", {}) if metadata.get("event_type") == EVENT_TYPE else {}
    return told


def is_last(message: Message) -> bool:
    """Say whether a message of ours is the last of its answer."""
    told = payload(message)
    return bool(told["part"] == told["parts"])


@contextmanager
def office(
    home: Path,
    *,
    socket_mode: bool = False,
    settings: Mapping[str, str] | None = None,
    rate_limits: bool = False,
) -> Iterator[Office]:
    """Open the office: three bases are synced, and Footnote serves Slack."""
    with FakeSlack(pace=PACE, rate_limits=rate_limits) as slack:
        made = _town(slack, socket_mode=socket_mode)
        secrets = {"SLACK_APP_TOKEN": made.app.app_token} if socket_mode else {}
        secrets |= {} if socket_mode else {"SLACK_SIGNING_SECRET": made.app.signing_secret}
        made.served.home = home
        made.served.settings = {
            "FOOTNOTE_DATA_DIR": str(home / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            **secrets,
            "SLACK_BOT_TOKEN": made.bot.bot_token,
            "SLACK_API_URL": slack.api_url,
            "FOOTNOTE_ADMINS": f"user:{made.boss.user.email}",
            **(settings or {}),
        }
        _fill(home, made)
        try:
            made.served.start()
            made.app.request_url = "" if socket_mode else f"{made.served.url}/slack/events"
            yield made
        finally:
            made.served.stop()


def _town(slack: FakeSlack, *, socket_mode: bool) -> Office:
    team, other = slack.workspace("Acme"), slack.workspace("Contoso")
    ann, bob, boss = (slack.person(team, name) for name in ("ann", "bob", "boss"))
    gus, eve = slack.person(team, "gus", "guest"), slack.person(other, "eve")
    app = slack.app("Footnote", socket_mode=socket_mode)
    bot = slack.install(app, team)
    return Office(
        slack=slack,
        served=Served(Path(), {}),
        app=app,
        bot=bot,
        team=team,
        ann=ann,
        bob=bob,
        boss=boss,
        gus=gus,
        eve=eve,
        general=slack.channel(team, "general", [ann, bob, boss, bot]),
        lobby=slack.channel(team, "lobby", [ann, gus, bot]),
        project=slack.channel(team, "project", [ann, bob, bot], private=True),
        joint=slack.channel(team, "joint", [ann, eve, bot], shared_with=[other]),
    )


def _fill(home: Path, town: Office) -> None:
    readers = {
        "handbook": (HANDBOOK, ["everyone"]),
        "board": (BOARD, [f"user:{town.bob.user.email}"]),
        "visitors": (PUBLIC, ["public"]),
    }
    with open_footnote(Settings.load(town.served.settings, env_file=None)) as footnote:
        for name, (documents, allowed) in readers.items():
            folder = home / name
            folder.mkdir()
            for path, text in documents.items():
                (folder / path).write_text(text)
            base = footnote.add_base(name, folder, OPERATOR)
            footnote.records.access.set_readers(base.id, allowed, OPERATOR)
            footnote.sync(name)
