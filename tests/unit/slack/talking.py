"""An office in which messages are answered as the app does, by answers that a test holds back or lets go."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from bot.deliveries import Work
from bot.slack.bolt import Bolt, bolt_app
from bot.slack.messages import Messages
from bot.slack.signals import Signals
from pipelines.adapters.system_clock import SystemClock
from pipelines.answering.telling import Watcher
from pipelines.domain.conversation import Answer, Outcome, Question
from pipelines.ports.model import CallCancelled
from pipelines.settings import Settings
from tests.fakes.answers import answer, citation
from tests.fakes.installation import FakeInstallation
from tests.fakes.slack_blocks import texts_in
from tests.fakes.slack_state import Message
from tests.small_base import open_records
from tests.unit.slack.office import Office


FIRST = "It is told slowly."
REST = "And then it ends."


class Slow(FakeInstallation):
    """An installation that answers in two sentences; between them it waits where the question says `slow`."""

    go_on: threading.Event

    def ask(self, question: Question, watcher: Watcher | None = None) -> Answer:  # type: ignore[override]
        """Answer."""
        assert watcher is not None
        self.asked.append(question)
        if "nothing" in question.text:
            return self._recorded(question, Answer(Outcome.REFUSAL, "Not in the knowledge bases."))
        watcher.said(f"{FIRST} [1]")
        while "slow" in question.text and not self.go_on.wait(0.02):
            if watcher.stopped():
                raise CallCancelled
        watcher.said(f" {REST} [2]")
        return self._recorded(question, answer(f"{FIRST} [1] {REST} [2]", citation(1), citation(2)))

    def _recorded(self, question: Question, told: Answer) -> Answer:
        number = self.records.answers.add(question.text, question.principal, told, {}, question.conversation)
        return replace(told, id=number)


class Talk(Office):
    """An office whose messages are answered."""

    _talking: Bolt | None = None

    def shown(self, question: Message) -> list[str]:
        """Return what each of our messages in the thread of a message says."""
        return ["\n".join([one.text, *texts_in(self.slack.blocks(one))]) for one in self.own(question)]

    def own(self, question: Message) -> list[Message]:
        """Return our messages in the thread of a message."""
        return [one for one in self.slack.thread(question) if one.user == self.bot.bot_user]

    def about(self, message: Message) -> str:
        """Return the time of the message that a message of ours answers."""
        return str((message.metadata or {}).get("event_payload", {}).get("question", ""))

    def refused(self) -> list[str]:
        """Return the calls that Slack refused, with its reasons."""
        return [f"{one.method} {one.answer.get('error')}" for one in self.slack.calls if not one.answer.get("ok")]

    def sees(self, question: Message, text: str, *, times: int = 1) -> bool:
        """Wait until a text is shown in a thread; say whether it came."""
        return self.slack.wait_for(lambda: sum(text in one for one in self.shown(question)) == times)

    async def _work(self, work: Work) -> int | None:
        if self._talking is None:
            app = bolt_app(self.desk.web, self.desk.identity, self.bot.bot_token)
            Messages(self.desk).register(app)
            Signals(self.desk).register(app)
            self._talking = Bolt(app)
        return await self._talking.work(work)


@contextmanager
def talk(folder: Path) -> Iterator[Talk]:
    """Open one; `footnote.go_on` lets slow answers end."""
    settings = Settings.load({"FOOTNOTE_DATA_DIR": str(folder)}, None)
    with closing(open_records(folder, SystemClock())) as records:
        slow = Slow(settings, records)
        slow.go_on = threading.Event()
        with Talk(slow) as opened:
            try:
                yield opened
            finally:
                slow.go_on.set()
