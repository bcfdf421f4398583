"""`footnote chat`: questions line by line, from a person or from a pipe."""

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from bot import texts
from bot.cli import loading, pages
from bot.cli.exit_codes import DONE, FAILED
from bot.cli.faults import Fault, fault_of
from bot.cli.output import write_json
from bot.cli.screen import screen_of
from bot.commands.chat import Chat
from bot.lines import BLANK, Line, Look
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.values import Value
from pipelines.errors import FootnoteError


QUIT = "/quit"
_PROMPT = "> "


@dataclass(frozen=True, slots=True)
class Exchange(Value):
    """A question and what came of it: an answer, or the fault that this one question met."""

    question: str
    told: Answer | Fault

    @property
    def failed(self) -> bool:
        """Whether the question came to no answer through our fault."""
        return self.told.code == FAILED if isinstance(self.told, Fault) else self.told.outcome is Outcome.ERROR

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        told = self.told.as_json()
        return {"question": self.question} | ({"answer": told} if isinstance(self.told, Answer) else told)


@dataclass(frozen=True, slots=True)
class Transcript(Value):
    """The exchanges of a chat, in their order."""

    exchanges: tuple[Exchange, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form."""
        return {"exchanges": [one.as_json() for one in self.exchanges]}


def hold_chat(chat: Chat, *, as_json: bool) -> int:
    """Answer until the input ends, and return the exit code: 3 if any question failed, else 0."""
    held: list[Exchange] = []
    for question in _questions(as_json=as_json):
        held.append(Exchange(question, _answer(chat, question)))
        if not as_json:
            _show(held[-1].told)
    if as_json:
        write_json(Transcript(tuple(held)).as_json())
    return FAILED if any(one.failed for one in held) else DONE


def _questions(*, as_json: bool) -> Iterator[str]:
    """Yield the lines that are questions, until /quit or the end of the input."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
    if interactive:
        loading.line_editing()
        screen_of(sys.stderr).show([Line(texts.chat_opening(), look=Look.QUIET)])
    for line in _typed() if interactive else sys.stdin:
        question = line.strip()
        if question == QUIT:
            return
        if question:
            yield question


def _typed() -> Iterator[str]:
    """Yield what a person types at the prompt."""
    while True:
        try:
            yield input(_PROMPT)
        except EOFError:
            return


def _answer(chat: Chat, question: str) -> Answer | Fault:
    """Return the answer, or the fault that this one question met; the chat goes on."""
    try:
        with redirect_stdout(sys.stderr):
            return chat.ask(question)
    except FootnoteError as error:
        return fault_of(error)


def _show(told: Answer | Fault) -> None:
    """Show one exchange."""
    if isinstance(told, Fault):
        sys.stdout.flush()
        screen_of(sys.stderr).show([Line(texts.error_line(told.message), look=Look.BAD)])
        return
    hint = [BLANK, Line(texts.pick_a_choice())] if told.choices else []
    screen_of(sys.stdout).show([*pages.answered(told), *hint, BLANK])
    sys.stdout.flush()
