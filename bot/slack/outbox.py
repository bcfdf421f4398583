"""One question's outcome in Slack: status, text while it is written, and exactly one final form."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import slack_file_texts, slack_reply_texts, slack_texts
from bot.conversation import Notice
from bot.deliveries import Work
from bot.rendering import Page, page
from bot.slack.blocks.answers import answer_messages, ending
from bot.slack.blocks.notices import notice_messages
from bot.slack.blocks.packing import ROOM
from bot.slack.blocks.plain_form import plain_messages
from bot.slack.blocks.progress import StepState, check_chunk, files_chunk, plan_chunk, read_chunk, search_chunk
from bot.slack.blocks.shapes import Json, Message
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.still import cut, still_line, still_lines, unparsed
from bot.slack.live_text import LiveState, LiveText
from bot.slack.places import Place
from bot.slack.posting import OwnMessage, Thread
from bot.slack.status import Status
from bot.slack.stream_budget import StreamBudget
from bot.slack.web import SlackWeb
from pipelines.domain.conversation import Answer, ClosestDocument, Outcome
from pipelines.domain.deliveries import DeliveryKind


_TITLE = 100
_PLAIN = 2000
"""Characters of a notice without blocks, at most."""

_BASE = 60
"""Characters of a base's name in a status, at most."""

_WORDS: dict[Notice, Callable[[str], str]] = {
    Notice.CROWDED: slack_texts.crowded,
    Notice.STOPPED: slack_texts.stopped,
    Notice.FAILED: slack_texts.failed,
    Notice.TOO_LATE: slack_texts.too_late,
    Notice.EMPTY: slack_texts.empty,
    Notice.TOO_LONG: slack_texts.too_long,
    Notice.UNREADABLE: slack_file_texts.no_file_read,
    Notice.MANY_FILES: slack_file_texts.many_files,
    Notice.THANKED: slack_texts.welcome_to_it,
}


@dataclass(frozen=True, slots=True)
class Screen:
    """
    What an outbox shows with.

    Attributes:
        web: Slack.
        budget: of streams.
        bot: id of our own user.
        showing: returns what is to be known of an answer beside its page.

    """

    web: SlackWeb
    budget: StreamBudget
    bot: str
    showing: Callable[[Answer, Place], Coroutine[Any, Any, Showing]]


class SlackOutbox:
    """
    `bot.conversation.Outbox` in a thread of Slack.

    Attributes:
        was_silent: nobody asked the bot, and it had nothing to say.

    """

    def __init__(
        self,
        screen: Screen,
        place: Place,
        work: Work,
        question: str,
        there: Sequence[str] = (),
        *,
        unasked: bool = False,
        of_files: bool = False,
    ) -> None:
        """
        Begin with nothing shown.

        Args:
            screen: what it shows with.
            place: where.
            work: the delivery that it answers.
            question: as it was asked; it names the session.
            there: times of our messages whose place the outcome takes, such as those of an answer to an older wording.
            unasked: nobody asked the bot; it says something only if it has an answer.
            of_files: the question is about files that came with it.

        """
        self._screen = screen
        self._place = place
        self._work = work
        self._question = question
        self._there = list(there)
        self._is_unasked = unasked
        self._of_files = of_files
        self.was_silent = False
        self._thread = Thread(screen.web, place.channel, place.thread, place.question)
        self._live = LiveText(screen.web, place, screen.budget, self._plan, self._note)
        self._status = Status(screen.web, place)
        self._passages = 0
        self._documents: Sequence[ClosestDocument] = ()

    async def finished_before(self) -> int | None:
        """
        Look for what an earlier process showed of this outcome, and go on from there.

        Returns:
            the number of the answer if all of it is shown; 0 if that was none that was recorded; None if it is not.

        """
        if not self._work.lease.was_taken_before and not self._work.lease.shown:
            return None
        own = await self._thread.own(self._screen.bot)
        done = {one.part: one for one in own if one.delivery == self._work.lease.id and one.part}
        last = next((one for one in done.values() if one.part == one.parts), None)
        if last is not None and len(done) >= last.parts:
            await self._status.calm()
            return last.answer
        noted = [str(one) for one in self._work.lease.shown.get("messages", ())]
        own = tuple(one for one in own if self._is_of_this(one, noted))
        await self._end_streams(own)
        self._there = list(dict.fromkeys([*self._there, *noted, *(one.ts for one in own)]))
        return None

    async def begin(self) -> None:
        """Show that the question is worked on, with Slack's stop button; nothing waits for that."""
        if self._is_unasked:
            return
        title, place = self._title(), self._place
        working = slack_file_texts.reading_files if self._of_files else slack_texts.working
        # The first title of a session stays, and would tell the wording of before.
        is_edit = place.question == place.thread and self._work.lease.delivery.kind is DeliveryKind.EDIT
        self._status.begin(title, working(place.language), renamed=bool(title) and is_edit)

    async def reads(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Show what is read: at once in the status, and above the text once there is some."""
        self._passages, self._documents = passages, documents
        bases = [still_line(one, _BASE) for one in dict.fromkeys(one.kb for one in documents)]
        if bases:
            self._status.change(slack_texts.reading(self._place.language, passages, bases))

    async def say(self, text: str) -> None:
        """Show the next sentence, where no older messages are to be replaced."""
        if not self._there and not self._is_unasked:
            self._live.say(text)
            self._status.is_enough()

    async def start_over(self) -> None:
        """Take back what was said."""
        self._live.start_over()

    async def answer(self, answer: Answer) -> None:
        """Show the answer in its final form."""
        await self._rest()
        if self._is_unasked and answer.outcome is not Outcome.ANSWER:
            self.was_silent = True
            return
        shown = page(answer, self._place.language, together=not self._place.private)
        showing = replace(
            await self._screen.showing(answer, self._place),
            answer=answer.id,
            delivery=self._work.lease.id,
            question=self._place.question,
            language=self._place.language,
            private=self._place.private,
            of_files=self._of_files,
        )
        if not self._there and _same(self._live.text, answer.text) and await self._streamed(shown, showing):
            await self._status.calm_late()
            return
        await self._settle(answer_messages(shown, showing), lambda: plain_messages(shown, showing))

    async def refuse(self) -> None:
        """Tell somebody whom we do not know that they get no answer, if they asked us."""
        if not self._is_unasked:
            await self._tell(slack_texts.unknown_person(self._place.language))

    async def tell(self, notice: Notice, sentence: str = "") -> None:
        """Show a notice; what was said before a stop stays."""
        await self._rest()
        if self._is_unasked:
            return
        own = self._own_words(notice)
        words = "\n".join(one for one in (own(self._place.language) if own else "", sentence) if one)
        if notice is Notice.STOPPED and self._live.times and await self._live.close(f"\n\n{words}"):
            await self._status.calm_late()
            return
        await self._tell(words)

    def _own_words(self, notice: Notice) -> Callable[[str], str] | None:
        """Return what we say of a notice; None where its own sentence is all."""
        if notice is Notice.GREETED:
            return slack_reply_texts.welcome if self._place.private else slack_texts.greeting
        if notice is Notice.EMPTY and self._of_files:
            return slack_file_texts.no_question
        return _WORDS.get(notice)

    async def withdraw(self) -> None:
        """Take away all that was shown."""
        await self._rest()
        await self._live.close()
        await self._look_for_lost()
        for ts in dict.fromkeys([*self._there, *self._live.times]):
            await self._thread.delete(ts)
        await self._status.calm(silently=True)

    async def give_way(self) -> None:
        """End what is written, and note what is shown: a stream that goes on could not be replaced."""
        await self._rest()
        await self._live.close()
        await self._look_for_lost()
        await self._note()

    async def _tell(self, words: str) -> None:
        showing = Showing(delivery=self._work.lease.id, question=self._place.question)
        message = replace(notice_messages((words,))[0], metadata=showing.metadata())
        plain = Message(cut(unparsed(still_lines(words)), _PLAIN), metadata=showing.metadata())
        await self._settle((message,), lambda: (plain,))

    async def _streamed(self, shown: Page, showing: Showing) -> bool:
        """End the stream with what belongs below the text; False if the messages are to be replaced."""
        if self._live.state is not LiveState.OPEN:
            return False
        await self._note()
        end = ending(shown, showing, room=min(ROOM, self._live.room))
        chunks = [check_chunk(self._place.language, StepState.COMPLETE)]
        if not await self._live.end(chunks, end.blocks, showing.metadata(1, len(end.more) + 1)):
            return False
        for message in end.more:
            self._live.times.append(await self._thread.post(message))
            await self._note()
        return True

    async def _settle(self, messages: Sequence[Message], plain: Callable[[], Sequence[Message]]) -> None:
        """Let the thread show these messages in the place of all that was shown."""
        # Whoever was silent for long may not be the one any more who shows it.
        await self._note()
        await self._live.close()
        await self._look_for_lost()
        there = list(dict.fromkeys([*self._there, *self._live.times]))
        shown = await self._thread.settle(messages, plain, there)
        self._there, self._live.times = list(shown), []
        await self._note()
        await self._status.calm(silently=set(shown) <= set(there))

    async def _look_for_lost(self) -> None:
        """Find the message of a stream of which Slack did not say whether it was begun."""
        if self._live.state is not LiveState.DOUBTFUL:
            return
        own = [one for one in await self._thread.own(self._screen.bot) if self._is_of_this(one)]
        await self._end_streams(own)
        self._live.times = [one.ts for one in own if one.ts not in self._there]

    async def _end_streams(self, own: Sequence[OwnMessage]) -> None:
        for one in own:
            if one.is_open:
                await self._thread.end_stream(one.ts)

    def _is_of_this(self, one: OwnMessage, noted: Collection[str] = ()) -> bool:
        """
        Say whether a message of the thread belongs to this outcome.

        Args:
            one: it.
            noted: times of those that an earlier attempt noted.

        """
        if one.is_named:
            # A button's question has the message of the button for its own: so have others.
            return one.delivery == self._work.lease.id
        # Questions of a thread are answered one after another, but for edits: an open stream may be another's there.
        alone = self._work.lease.delivery.kind is not DeliveryKind.EDIT
        return one.ts in noted or (alone and not noted)

    def _plan(self) -> Sequence[Json]:
        language, done = self._place.language, StepState.COMPLETE
        return (
            plan_chunk(language),
            files_chunk(language, done) if self._of_files else search_chunk(language, done),
            read_chunk(language, done, self._passages, self._documents),
            check_chunk(language, StepState.IN_PROGRESS),
        )

    async def _note(self) -> None:
        """Note which messages are shown, for whoever takes over."""
        await self._work.show({"messages": [*self._there, *self._live.times]})

    def _title(self) -> str:
        return still_line(self._question, _TITLE) if self._question.strip() else ""

    async def _rest(self) -> None:
        """Return once no call is under way that shows anything."""
        await self._live.rest()
        await self._status.rest()


def _same(said: str, text: str) -> bool:
    """Say whether what was said is the whole answer, blanks apart."""
    return bool(said.strip()) and said.split() == text.split()
