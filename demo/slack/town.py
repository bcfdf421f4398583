"""The workspace of the demonstration: Merriwind's people, their channels, and Footnote among them."""

from dataclasses import dataclass

from tests.fakes.slack_page.acts import Shortcut
from tests.fakes.slack_page.page import Hint, Offer
from tests.fakes.slack_people import Person
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_state import App, Channel, Installation


@dataclass(frozen=True, slots=True)
class Town:
    """
    The workspace.

    Attributes:
        app: Footnote.
        bot: it, installed; it is in every channel.
        ann: a member.
        jonas: a member who reads German and is in the user group @hr.
        maria: a member who is an admin of Footnote.
        gus: a guest.
        eve: somebody of another organisation.
        general: a public channel of the members.
        project: a private channel of two of them.
        partners: a channel with a guest, which is shared with the other organisation.

    """

    app: App
    bot: Installation
    ann: Person
    jonas: Person
    maria: Person
    gus: Person
    eve: Person
    general: Channel
    project: Channel
    partners: Channel


def build(slack: FakeSlack) -> Town:
    """Return the workspace, newly built."""
    team, other = slack.workspace("Merriwind"), slack.workspace("Contoso")
    ann = slack.person(team, "ann", real_name="Ann Lee")
    jonas = slack.person(team, "jonas", real_name="Jonas Weber")
    jonas.user.locale = "de-DE"
    maria = slack.person(team, "maria", "admin", real_name="Maria Silva")
    gus = slack.person(team, "gus", "guest", real_name="Gus Olsen")
    eve = slack.person(other, "eve", real_name="Eve Marlow")
    slack.group(team, "hr", [jonas])
    app = slack.app("Footnote")
    bot = slack.install(app, team)
    return Town(
        app=app,
        bot=bot,
        ann=ann,
        jonas=jonas,
        maria=maria,
        gus=gus,
        eve=eve,
        general=slack.channel(team, "general", [ann, jonas, maria, bot]),
        project=slack.channel(team, "project", [ann, maria, bot], private=True),
        partners=slack.channel(team, "partners", [ann, gus, eve, bot], shared_with=[other]),
    )


def offer(town: Town) -> Offer:
    """Return what the page offers in this workspace."""
    leave = "How many days of parental leave do I get?"
    salary = "What is the salary band for level 5 in Porto?"
    general, partners = town.general.id, town.partners.id
    hints = (
        Hint("Ask in a channel", town.ann.id, general, f"@footnote {leave}"),
        Hint("Ask directly", town.ann.id, "direct", "How much may a hotel in Bergen cost per night?"),
        Hint("Ask what no document answers", town.ann.id, "direct", "Who won the football match yesterday?"),
        Hint("Be answered in German", town.jonas.id, "direct", "How large is the learning budget?"),
        Hint("Read what only the group @hr may", town.jonas.id, "direct", salary),
        Hint("See that a channel gets none of it", town.jonas.id, general, f"@footnote {salary}"),
        Hint("Ask as a guest for something internal", town.gus.id, partners, f"@footnote {leave}"),
        Hint("Ask as a stranger for something public", town.eve.id, partners, "@footnote How long is the warranty?"),
        Hint("Look after the bases as an admin", town.maria.id, general, "/kb status demo"),
        Hint("Open the Home tab", town.ann.id, "home"),
    )
    shortcuts = (
        Shortcut("answer_with_sources", "Answer with sources", on_message=True),
        Shortcut("ask", "Ask", on_message=False),
    )
    return Offer(commands=("/kb",), shortcuts=shortcuts, hints=hints)
