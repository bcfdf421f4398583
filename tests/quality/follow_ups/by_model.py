"""
Second questions made to stand alone by the path with a model, its server a fake that writes as a script says.

No model is measured here: `good` writes what a person wrote by hand, the others show what becomes of bad replies.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.answering.purse import Purse
from pipelines.answering.telling import Nobody, Telling
from pipelines.answering.understanding import Understanding
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question, Turn
from pipelines.domain.model_budget import Prices
from pipelines.ports.records import Records
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import Prompt
from tests.quality.follow_ups.conversations import Conversation
from tests.quality.follow_ups.scoring import Rewrite


SECONDS = 10
_ASKED = re.compile(r"<question>\n(.*)\n</question>")
_FIRST = re.compile(r"^person: (.*)$", re.MULTILINE)
_RUBBISH = (
    "",
    "?",
    "Sure! Here is the question that you asked for:\n{alone}\nI hope this helps.",
    '{{"question": "{alone}"}}',
    "It depends on your contract.",
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do?",
    "**{alone}**",
    "See https://example.org/handbook about {alone}",
    "<question>{alone}</question>",
    "{alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone} {alone}",
    "Which zebra whistles beneath purple umbrellas during quiet thunder {asked}",
)
_INVENTED = (
    "{bare} of Karla Zwiebelthal?",
    "{bare} within 8731 days?",
    "{bare} under the ZX-91 agreement?",
    "{bare} at Quuxburg?",
    "What does Karla Zwiebelthal say about {asked}",
)

Writer = Callable[[Conversation, int], str]
"""What the model writes for a conversation, given its place among all."""


def good(one: Conversation, _at: int) -> str:
    """Write the question as somebody wrote it who knew the first."""
    return one.stand_alone


def rubbish(one: Conversation, at: int) -> str:
    """Write what is no question, or not this one: a kind for each place, in turn."""
    return _RUBBISH[at % len(_RUBBISH)].format(alone=one.stand_alone, asked=one.second)


def inventing(one: Conversation, at: int) -> str:
    """Write the right question with a name or a figure that nobody said."""
    bare = one.stand_alone.rstrip("?")
    return _INVENTED[at % len(_INVENTED)].format(bare=bare, asked=one.second)


def echoing(one: Conversation, _at: int) -> str:
    """Write the second question as it was asked."""
    return one.second


WRITERS: Mapping[str, Writer] = {"good": good, "rubbish": rubbish, "inventing": inventing, "echoing": echoing}


@contextmanager
def rewriting(records: Records, cases: Sequence[Conversation], writer: Writer) -> Iterator[tuple[Rewrite, ModelServer]]:
    """
    Yield what makes a second question stand alone with a model's help, and its server.

    Args:
        records: of an installation with a base that was synced.
        cases: conversations that may be asked.
        writer: of the model.

    """
    known = {(one.first, one.second): (one, at) for at, one in enumerate(cases)}

    def write(prompt: Prompt) -> str:
        asked, first = _ASKED.search(prompt.user), _FIRST.search(prompt.user)
        assert asked is not None
        assert first is not None
        return writer(*known[first[1], asked[1]])

    purse = Purse(records.model_usage, prices=Prices(0, 0), answer_tokens=800, answers_per_person=0)
    with (
        ModelServer(default=Behaviour(write=write)) as server,
        closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY))) as model,
    ):
        understanding = Understanding(model, records, purse, seconds=SECONDS)

        def rewrite(second: str, turns: tuple[Turn, ...]) -> str:
            return understanding.stand_alone(Question(second, OPERATOR, turns=turns), Telling(0, Nobody()))

        yield rewrite, server
