"""A conversation with follow-ups, on a platform that keeps no record of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.answers import ask
from bot.commands.bounds import DEFAULT_CITATIONS
from bot.facade import Footnote
from pipelines.domain.conversation import Answer, Principal, Turn


_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Chat:
    """
    One person's chat.

    Attributes:
        footnote: the installation.
        principal: who asks.
        bases: names of the bases to search; empty for all.
        limit: citations at most.
        turns: earlier exchanges, oldest first.
        choices: what the last answer offered to pick from.

    """

    footnote: Footnote
    principal: Principal
    bases: Sequence[str] = ()
    limit: int = DEFAULT_CITATIONS
    turns: tuple[Turn, ...] = ()
    choices: tuple[str, ...] = ()

    def ask(self, text: str) -> Answer:
        """Answer a question; the number of a choice stands for that choice. For errors see `answers.ask`."""
        question = self._picked(text.strip())
        answer = ask(self.footnote, self.principal, question, bases=self.bases, turns=self.turns, limit=self.limit)
        self.turns = (*self.turns, Turn(question, answer.text))
        self.choices = answer.choices
        return answer

    def _picked(self, text: str) -> str:
        """Return the choice whose number was typed, or the only one that holds the words typed; else the text."""
        typed = _words(text)
        numbered = {f" {number} ": choice for number, choice in enumerate(self.choices, start=1)}
        named = [choice for choice in self.choices if typed.strip() and typed in _words(choice)]
        return numbered.get(typed, named[0] if len(named) == 1 else text)


def _words(text: str) -> str:
    """Return the words of a text, case and punctuation apart, with a blank around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
