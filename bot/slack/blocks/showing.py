"""What blocks must know of an answer and of the place where it is shown, beside the page."""

from dataclasses import dataclass
from typing import Any

from bot.slack.actions import Pressed
from pipelines.domain.values import Value


EVENT_TYPE = "footnote_answer"
"""By this type in its metadata we know a message of ours again."""


@dataclass(frozen=True, slots=True)
class Showing(Value):
    """
    Where, to whom and in which language a page is shown.

    Attributes:
        language: code of the language of our own words.
        answer: number of the recorded answer; 0 if it was not recorded.
        delivery: number of the delivery that it answers.
        question: Slack's time of the message that asks; empty where none does.
        removers: ids of those who see the trash icon: the asker, admins. Nobody: there is none.
        private: only the asker sees it.
        bases: name of the base of each source of the page, in its order.
        readers: of each source of the page, in its order, who may read it; None, or none at all, tells nothing of them.
        for_people: who asked may pass the question on to people.
        person: name of a person to ask; empty if nobody is known.
        of_files: the answer is made of files that came with the question, and of it nothing is recorded.

    """

    language: str = "en"
    answer: int = 0
    delivery: int = 0
    question: str = ""
    removers: tuple[str, ...] = ()
    private: bool = False
    bases: tuple[str, ...] = ()
    readers: tuple[tuple[str, ...] | None, ...] = ()
    for_people: bool = True
    person: str = ""
    of_files: bool = False

    def pressed(self, detail: str = "") -> str:
        """Return the value of a button that is about this answer."""
        return Pressed(self.answer, self.delivery, detail).as_value()

    def metadata(self, part: int = 1, parts: int = 1) -> dict[str, Any]:
        """Return what a message of this answer is recognised by, and which of its messages it is."""
        payload: dict[str, Any] = {"answer": self.answer, "delivery": self.delivery, "part": part, "parts": parts}
        payload |= {"question": self.question} if self.question else {}
        return {"event_type": EVENT_TYPE, "event_payload": payload}
