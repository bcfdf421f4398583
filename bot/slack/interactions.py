"""All that is answered at once, registered together: buttons, dialogues, shortcuts, the command, the Home tab."""

from slack_bolt.app.async_app import AsyncApp

from bot.slack.commands import LOOK_S, WATCHED_S, Commands
from bot.slack.counter import Counter
from bot.slack.evidence import ShownEvidence
from bot.slack.home import Home
from bot.slack.opinions import Opinions
from bot.slack.people_asked import AskingPeople
from bot.slack.removal import Removal
from bot.slack.sharing import AskedAgain
from bot.slack.shortcuts import Shortcuts


def register_interactions(
    app: AsyncApp, counter: Counter, *, look_s: float = LOOK_S, watched_s: float = WATCHED_S
) -> None:
    """
    Let an app answer everything that is answered at once.

    Args:
        app: Bolt's.
        counter: what works at once.
        look_s: between two looks at a job that a command began, seconds.
        watched_s: for which such a job is watched, seconds.

    """
    for one in (ShownEvidence, Opinions, AskedAgain, AskingPeople, Removal, Shortcuts, Home):
        one(counter).register(app)
    Commands(counter, look_s=look_s, watched_s=watched_s).register(app)
