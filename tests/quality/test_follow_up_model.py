"""The hundred conversations by the path with a model: a good reply is as good as a person's, a bad one no harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.answering.follow_up import stand_alone
from pipelines.answering.follow_ups.rewriting import may_lean
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Turn
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.quality.follow_ups.by_model import Writer, echoing, good, inventing, rewriting, rubbish
from tests.quality.follow_ups.conversations import DEMO, Conversation, conversations
from tests.quality.follow_ups.measure import BAR, figures
from tests.quality.follow_ups.scoring import Asker


CASES = tuple(conversations())
OF_THE_DEMO = tuple(one for one in CASES if one.base == "demo")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def footnote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Footnote]:
    """Yield an installation that holds the demonstration, searched by words only."""
    data = tmp_path_factory.mktemp("demo")
    environ = {"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": "none"}
    with open_footnote(Settings.load(environ, env_file=None)) as opened:
        opened.add_base("demo", Path(DEMO), OPERATOR)
        opened.sync("demo")
        yield opened


def turns_of(one: Conversation) -> tuple[Turn, ...]:
    """Return what was said before the second question."""
    return (Turn(one.first, ""),)


@pytest.mark.parametrize("writer", [rubbish, inventing, echoing])
def test_a_bad_reply_leaves_the_rules(footnote: Footnote, writer: Writer) -> None:
    """No question, another one, a new name or figure, the same again: each of the hundred goes by rule."""
    with rewriting(footnote.records, CASES, writer) as (rewrite, server):
        found = [rewrite(one.second, turns_of(one)) for one in CASES]
    assert found == [stand_alone(one.second, turns_of(one)) for one in CASES]
    asked = [one for one in CASES if may_lean(one.second, turns_of(one))]
    assert len(server.chats) == len(asked) > len(CASES) / 2


def test_a_good_reply_finds_what_a_person_s_question_finds(footnote: Footnote) -> None:
    """Over the demonstration: R@5 of documents and passages, and changes of topic noticed, each .9 and better."""
    asker = Asker(footnote)
    with rewriting(footnote.records, OF_THE_DEMO, good) as (rewrite, server):
        scored = [asker.score(one, rewrite) for one in OF_THE_DEMO]
    assert server.chats
    assert {one.metric: one.value >= BAR for one in figures(scored, "demo")} == {
        "documents R@5, share": True,
        "passages R@5, share": True,
        "topic change noticed": True,
        "follow-up noticed": True,
    }
