"""`footnote chat`: questions line by line, from a person or from a pipe."""

import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from bot import texts
from bot.cli import loading, pages
from bot.cli.faults import DONE, FAILED, Fault, fault_of
from bot.cli.lines import BLANK, Line, Look
from bot.cli.output import write_json
from bot.cli.screen import screen_of
from bot.commands.chat import Chat
from pipelines.domain.conversation import Answer, Outcome
from pipelines.errors import FootnoteError


QUIT = "/quit"
_PROMPT = "> "


def hold_chat(chat: Chat, *, as_json: bool) -> int:
    """Answer until the input ends, and return the exit code: 3 if any question failed, else 0."""
    exchanges: list[dict[str, Any]] = []
    code = DONE
    for question in _questions(as_json=as_json):
        told = _answer(chat, question)
        exchanges.append({"question": question} | _document(told))
        code = FAILED if _failed(told) else code
        if not as_json:
            _show(told)
    if as_json:
        write_json({"exchanges": exchanges})
    return code


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


def _document(told: Answer | Fault) -> dict[str, Any]:
    """Return one exchange's part of the JSON document."""
    return {"answer": told.as_json()} if isinstance(told, Answer) else told.as_json()


def _failed(told: Answer | Fault) -> bool:
    """Tell whether a question came to no answer through our fault."""
    return told.code == FAILED if isinstance(told, Fault) else told.outcome is Outcome.ERROR


def _show(told: Answer | Fault) -> None:
    """Show one exchange."""
    if isinstance(told, Fault):
        sys.stdout.flush()
        screen_of(sys.stderr).show([Line(texts.error_line(told.message), look=Look.BAD)])
        return
    hint = [BLANK, Line(texts.pick_a_choice())] if told.choices else []
    screen_of(sys.stdout).show([*pages.answered(told), *hint, BLANK])
    sys.stdout.flush()
