"""What blocks must know of an answer and of the place where it is shown, beside the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        removers: ids of those who see the trash icon: the asker, admins. Nobody: there is none.
        private: only the asker sees it.
        bases: name of the base of each source of the page, in its order.
        readers: base -> names of its readers; a base that is not in it tells nothing of them.
        person: name of a person to ask; empty if nobody is known.

    """

    language: str = "en"
    answer: int = 0
    delivery: int = 0
    removers: tuple[str, ...] = ()
    private: bool = False
    bases: tuple[str, ...] = ()
    readers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    person: str = ""

    def pressed(self, detail: str = "") -> str:
        """Return the value of a button that is about this answer."""
        return Pressed(self.answer, self.delivery, detail).as_value()

    def metadata(self, part: int = 1, parts: int = 1) -> dict[str, Any]:
        """Return what a message of this answer is recognised by, and which of its messages it is."""
        payload = {"answer": self.answer, "delivery": self.delivery, "part": part, "parts": parts}
        return {"event_type": EVENT_TYPE, "event_payload": payload}
