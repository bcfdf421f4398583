"""
An office with a base for each kind of reader, and its twin in which some of them do not exist.

Both have the same people, channels and ids, so that the same question in both must be told in the same words wherever
what differs may not be read.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.domain.access import OPERATOR
from pipelines.wiring import Footnote
from tests.fakes.slack_people import Person
from tests.fakes.slack_state import Channel, Message
from tests.scenarios.slack_office import Office, office


@dataclass(frozen=True, slots=True)
class Secret:
    """
    One document that not everybody may read.

    Attributes:
        name: of its base.
        path: of the document.
        title: of the document.
        sentence: all else that it says.
        question: what it answers.
        answer: what is said in it alone.
        word: that is said in it alone, too.
        is_hidden: whether its base is hidden with it.

    """

    name: str
    path: str
    title: str
    sentence: str
    question: str
    answer: str
    word: str
    is_hidden: bool = True

    @property
    def text(self) -> str:
        """Return the document, without front matter."""
        return f"# {self.title}\n\n{self.sentence}\n"

    @property
    def telling(self) -> str:
        """Return the pattern of what only who may read it can know of, in lower case."""
        known = (self.path, Path(self.path).stem, self.title, self.answer, self.word)
        return "|".join(re.escape(one.lower()) for one in (*known, *([self.name] if self.is_hidden else [])))


HANDBOOK = Secret(
    "staffbook", "absence-2026.md", "Wombat absence", "Every parent gets 24 weeks of wombat leave.",
    "How many weeks of leave does a parent get?", "24 weeks", "wombat",
)  # fmt: skip
VISITORS = Secret(
    "visitors", "hours.md", "Opening hours", "The visitor centre opens at 9 o'clock.",
    "When does the visitor centre open?", "9 o'clock", "9 o'clock",
)  # fmt: skip
BOARD = Secret(
    "directors", "takeover.md", "Bluebird plan", "The merger with Contoso closes on 3 March as Bluebird.",
    "When does the merger with Contoso close?", "3 March", "bluebird",
)  # fmt: skip
PAY = Secret(
    "payroll", "grades.md", "Heron pay bands", "The heron band of a senior engineer ends at 98,000 euros.",
    "Where does the band of a senior engineer end?", "98,000", "heron",
)  # fmt: skip
LAB = Secret(
    "prototypes", "alpha-one.md", "Gecko prototype", "The gecko prototype is shown to the press in Lisbon.",
    "Where is the prototype shown to the press?", "Lisbon", "gecko",
)  # fmt: skip
FAIR = Secret(
    "fairground", "hall-nine.md", "Ibis stand", "The ibis stand at the trade fair has number 4711.",
    "What number does the stand at the trade fair have?", "4711", "ibis",
)  # fmt: skip
DEAL = Secret(
    "partnership", "rebates.md", "Otter terms", "The otter discount for partners is 35 percent.",
    "How large is the discount for partners?", "35 percent", "otter",
)  # fmt: skip
INSIDE = Secret(
    "staffbook", "people/warnings.md", "Lynx warnings", "A lynx warning is deleted after 30 months.",
    "After how many months is a warning deleted?", "30 months", "lynx", is_hidden=False,
)  # fmt: skip
"""A document of the base that all members read, but for its group alone."""

ALL = (VISITORS, HANDBOOK, BOARD, PAY, LAB, FAIR, DEAL, INSIDE)
_OWN_FRONT = "---\naudience: [group:slack:hr]\n---\n"
_TS = re.compile(r"\b\d{10}\.\d{6}\b")
_NUMBERS = {"answer", "delivery", "ts", "thread_ts", "message_ts", "value", "private_metadata", "block_id", "view_id"}
"""Keys whose values name a message, a row or a click."""


@dataclass(slots=True)
class Rights:
    """
    The office, with more people, places and bases.

    Attributes:
        office: it.
        home: where its documents are.
        footnote: its installation, beside the server.
        hana: a member of the group `hr`.
        dan: who was a member, and is deactivated.
        den: a private channel with a guest.
        vault: a private channel that is shared with the other organisation.
        there: what its bases hold now.

    """

    office: Office
    home: Path
    footnote: Footnote
    hana: Person
    dan: Person
    den: Channel
    vault: Channel
    there: set[Secret] = field(default_factory=set)

    def readers(self) -> Mapping[str, list[str]]:
        """Return who may read each base."""
        one = self.office

        def key(channel: Channel) -> str:
            return f"channel:slack:{one.team.id}:{channel.id}"

        return {
            HANDBOOK.name: ["everyone"],
            VISITORS.name: ["public"],
            BOARD.name: [f"user:{one.bob.user.email}"],
            PAY.name: ["group:slack:hr"],
            LAB.name: [key(one.project)],
            FAIR.name: [key(one.lobby), key(self.den)],
            DEAL.name: [key(one.joint), key(self.vault)],
        }

    def hold(self, wanted: Collection[Secret]) -> None:
        """Let exactly these documents exist, each in its base."""
        for name, readers in self.readers().items():
            before, after = ({one for one in some if one.name == name} for some in (self.there, wanted))
            if before == after:
                continue
            for one in before - after:
                (self.home / name / one.path).unlink()
            for one in after - before:
                file = self.home / name / one.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text((_OWN_FRONT if one is INSIDE else "") + one.text)
            if not after:
                self.footnote.remove_base(name, OPERATOR)
                continue
            if not before:
                base = self.footnote.add_base(name, self.home / name, OPERATOR)
                self.footnote.records.access.set_readers(base.id, readers, OPERATOR)
            assert not self.footnote.sync(name, accept_loss=True).rejected
        self.there = set(wanted)

    def asked_last(self, person: Person, channel: Channel, question: str) -> Message:
        """Let somebody ask in the last moment before they are deactivated."""
        one = self.office
        with one.slack.world.lock:
            person.user.deleted = False
            asked = person.mentions(one.bot, channel, question) if channel.name else person.tells(one.bot, question)
            person.user.deleted = True
        return asked

    def rests(self) -> None:
        """Wait until nothing is worked on."""
        self.office.slack.settle()
        assert self.office.slack.wait_for(self.office.is_idle, 20), self.office.served.log[-3000:]

    def told(self, asked: Message) -> list[str]:
        """Return all that was sent to Slack for a question, each once: what names the moment is left out."""
        return sorted({_still(one.method, one.arguments, asked) for one in self._calls(asked)})

    def sent(self, asked: Message) -> str:
        """Return all that was sent to Slack for a question, and all that stands there now, but for its own words."""
        shown = [self.office.slack.blocks(one) for one in self.office.replies(asked)]
        calls = [one.arguments for one in self._calls(asked)]
        return json.dumps([shown, calls], ensure_ascii=False)

    def _calls(self, asked: Message) -> list[Any]:
        own = {one.ts for one in self.office.replies(asked)} | {asked.root}
        names = ("thread_ts", "ts")
        return [one for one in list(self.office.slack.calls) if own & {one.arguments.get(name) for name in names}]


def tells(shown: str, *secrets: Secret) -> list[str]:
    """Return what a text tells of documents; the digits of a message's time tell nothing."""
    said = _TS.sub("a time", shown).lower()
    return [found[0] for one in secrets for found in re.finditer(one.telling, said)]


def _still(method: str, arguments: Mapping[str, Any], asked: Message) -> str:
    told = json.dumps(_without_numbers(arguments), sort_keys=True, ensure_ascii=False)
    return f"{method} {_TS.sub('a time', told.replace(asked.ts, 'its time'))}"


def _without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "" if name in _NUMBERS else _without_numbers(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_numbers(one) for one in value]
    return value


@contextmanager
def rights_office(home: Path) -> Iterator[Rights]:
    """Open the office with nothing in its bases."""
    with office(home) as opened, opened.installation() as footnote:
        for base in footnote.records.bases.all():
            footnote.remove_base(base.name, OPERATOR)
        slack, team = opened.slack, opened.team
        hana, dan = slack.person(team, "hana"), slack.person(team, "dan")
        slack.group(team, "hr", [hana])
        for channel in (opened.general, opened.project):
            channel.members += [dan.id, opened.boss.id]
        opened.joint.members += [dan.id, opened.boss.id]
        opened.lobby.members.append(opened.boss.id)
        den = slack.channel(team, "den", [opened.ann, opened.gus, opened.bot], private=True)
        other = slack.world.teams[opened.eve.user.team_id]
        vault = slack.channel(team, "vault", [opened.ann, opened.eve, opened.bot], private=True, shared_with=[other])
        dan.user.deleted = True
        opened.eve.direct(opened.bot).team_id = team.id
        yield Rights(opened, home, footnote, hana, dan, den, vault)
