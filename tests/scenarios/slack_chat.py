"""Slack as any chat platform: its people do what people do on each of them. What is Slack's alone is in its office."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot import slack_texts
from tests.fakes import slack_people
from tests.fakes.slack_state import Channel, Message
from tests.scenarios.chat_office import Ability, ChatOffice, File, Person, Place, Said, Shown
from tests.scenarios.served import Served
from tests.scenarios.slack_office import Office, is_last, office, payload


_LOCALES = {"en": "en-US", "de": "de-DE"}


class SlackPerson(Person):
    """Somebody with an account in Slack."""

    def __init__(self, town: Office, own: slack_people.Person) -> None:
        """Take the office and the account."""
        self.own = own
        self._town = town

    @property
    def principal(self) -> str:
        """Return the name under which our records know the account."""
        return f"user:slack:{self.own.user.team_id}:{self.own.id}"

    def asks(self, place: Place, text: str, *, after: Said | None = None, files: Sequence[File] = ()) -> Said:
        """Post a message that begins with the bot's mention."""
        return self._writes(place.own, f"{self._mention} {text}", after, files)

    def writes(
        self,
        place: Place,
        text: str,
        *,
        to: Person | None = None,
        after: Said | None = None,
        files: Sequence[File] = (),
    ) -> Said:
        """Post a message that mentions at most somebody."""
        if to is not None:
            assert isinstance(to, SlackPerson)
            text = f"<@{to.own.id}> {text}"
        return self._writes(place.own, text, after, files)

    def tells(self, text: str, *, after: Said | None = None, files: Sequence[File] = ()) -> Said:
        """Post a message in the direct conversation with the bot."""
        return self._writes(self.own.direct(self._town.bot), text, after, files)

    def _writes(self, channel: Channel, text: str, after: Said | None, files: Sequence[File]) -> Said:
        uploaded = [self.own.uploads(name, content) for name, content in files]
        return Said(self.own.writes(channel, text, thread=after.own if after else None, files=uploaded))

    def edits(self, said: Said, text: str) -> None:
        """Change a message; the mention that it begins with stays."""
        mentions = said.own.text.startswith(self._mention)
        self.own.edits(said.own, f"{self._mention} {text}" if mentions else text)

    def deletes(self, said: Said) -> None:
        """Delete a message."""
        self.own.deletes(said.own)

    def stops(self, question: Said) -> None:
        """Press the stop button of the thread."""
        self.own.stops(self._town.bot, question.own)

    def thumbs_up(self, question: Said) -> None:
        """Put a thumb on the last message of the answer."""
        self.own.reacts(self._town.final(question.own)[-1], "+1")

    def shares(self, question: Said, place: Place, text: str) -> Said:
        """Press Share, and choose the channel in the modal."""
        before, slack = len(self._town.begun(place.own)), self._town.slack
        self.own.clicks(self._town.final(question.own)[-1], "share").wait()
        assert slack.wait_for(lambda: bool(self.own.modals))
        typed = {"question": {"question": {"value": text}}}
        chosen = {"channel": {"channel": {"selected_conversation": place.own.id}}, **typed}
        self.own.submits(self.own.modals[-1], chosen).wait()
        assert slack.wait_for(lambda: len(self._town.begun(place.own)) > before)
        return Said(self._town.begun(place.own)[-1])

    def commands(self, words: str, place: Place) -> str:
        """Use `/kb`; return what is whispered."""
        return self._town.commanded(self.own, words, place.own)

    def asks_by_command(self, text: str, place: Place) -> None:
        """Use `/kb ask`."""
        told = self.own.commands(self._town.bot, "/kb", f"ask {text}", place.own).wait()
        assert told.state == "acknowledged"

    def speaks(self, language: str) -> None:
        """Change the locale of the account."""
        self.own.user.locale = _LOCALES[language]
        self._town.slack.change(self.own)
        self._town.slack.settle()

    def joins(self, place: Place) -> None:
        """Join the channel."""
        self.own.joins(place.own)

    @property
    def _mention(self) -> str:
        return f"<@{self._town.bot.bot_user}>"


class SlackChat(ChatOffice):
    """Slack's office, as those who use it see it."""

    def __init__(self, town: Office, abilities: frozenset[Ability]) -> None:
        """Take the office and what its way in can do."""
        self.town = town
        self.served = town.served
        self.abilities = abilities
        people = (town.ann, town.bob, town.boss, town.gus, town.eve)
        self.ann, self.bob, self.boss, self.gus, self.eve = (SlackPerson(town, one) for one in people)
        places = (town.general, town.lobby, town.project, town.joint)
        self.general, self.lobby, self.project, self.joint = (
            Place(f"slack:{town.team.id}:{one.id}", one) for one in places
        )

    def replies(self, said: Said) -> list[Shown]:
        """Return the bot's messages in the thread."""
        return self._shown(self.town.replies(said.own))

    def final(self, question: Said) -> list[Shown]:
        """Return the bot's messages whose metadata name this question."""
        return self._shown(self.town.final(question.own))

    def is_whole(self, question: Said) -> bool:
        """Say whether the last part is there."""
        return any(is_last(one) for one in self.town.final(question.own))

    def being_written(self, said: Said) -> list[Shown]:
        """Return the messages whose stream is in progress."""
        own = self.town.replies(said.own)
        return self._shown([one for one in own if one.stream and one.stream.state == "in_progress"])

    def is_stopped(self, question: Said) -> bool:
        """Say whether a reply says so."""
        word = slack_texts.stopped("")
        return any(word in one.text for one in self.replies(question))

    def is_waited_for(self, question: Said) -> bool:
        """Say whether the agent session of the thread is not active again; it must be there."""
        session = self.town.slack.session(self.town.app, question.own)
        assert session is not None
        return session.status != "active"

    def privately(self, person: Person) -> list[str]:
        """Return what stands in threads of the direct conversation, where answers are."""
        assert isinstance(person, SlackPerson)
        direct = person.own.direct(self.town.bot)
        own = [one for one in self.town.slack.messages(direct) if one.user == self.town.bot.bot_user]
        return [self.town.said(one) for one in own if one.thread_ts]

    def openly(self, place: Place) -> list[str]:
        """Return all messages of the channel."""
        return [self.town.said(one) for one in self.town.slack.messages(place.own)]

    def files_looked_at(self) -> int:
        """Count the calls of `files.info`."""
        return len(self.town.slack.calls_of("files.info"))

    def settle(self) -> None:
        """Wait until every event is acknowledged or given up. Blocks."""
        self.town.slack.settle()

    def wait_for(self, promise: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Say whether a promise came true within some seconds. Blocks."""
        return self.town.slack.wait_for(promise, seconds)

    def is_heard_by(self, served: Served) -> None:
        """Change the app's request URL."""
        self.needs(Ability.STEERED)
        self.town.app.request_url = f"{served.url}/slack/events"

    def _shown(self, messages: Sequence[Message]) -> list[Shown]:
        return [Shown(one.ts, self.town.said(one), payload(one).get("answer", 0)) for one in messages]


@contextmanager
def by_http(
    home: Path, *, settings: Mapping[str, str] | None = None, rate_limits: bool = False
) -> Iterator[ChatOffice]:
    """Open an office whose Slack sends requests to Footnote."""
    with office(home, settings=settings, rate_limits=rate_limits) as town:
        yield SlackChat(town, frozenset(Ability))


@contextmanager
def by_socket(
    home: Path, *, settings: Mapping[str, str] | None = None, rate_limits: bool = False
) -> Iterator[ChatOffice]:
    """Open an office to whose Slack Footnote keeps WebSockets open; Slack chooses among those."""
    with office(home, socket_mode=True, settings=settings, rate_limits=rate_limits) as town:
        yield SlackChat(town, frozenset(Ability) - {Ability.STEERED})
