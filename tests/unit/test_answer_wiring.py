"""The parts of an answer as the settings put them together: one deadline for a follow-up and its answer."""

import time
from pathlib import Path

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question, Turn
from pipelines.settings import Settings
from pipelines.wiring import open_footnote
from tests.fakes.model_behaviour import Behaviour, stalls
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive


FIRST = "How many weeks of parental leave does a parent get?"
SECOND = "And for foster parents?"
TEXT = "# Leave\n\nEvery parent gets 24 weeks of parental leave. Foster parents get 20 weeks of parental leave.\n"


def test_a_silent_model_leaves_time_for_the_answer(tmp_path: Path) -> None:
    """However long a follow-up's call may take by its own setting, half of the time is the answer's."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text(TEXT, encoding="utf-8")
    with ModelServer(default=Behaviour(write=extractive)) as server:
        environ = {
            "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": KEY,
            "FOOTNOTE_MODEL": MODEL,
            "FOOTNOTE_MODELS__REWRITING_SECONDS": "60",
            "FOOTNOTE_MODELS__FIRST_SENTENCE_SECONDS": "4",
        }
        with open_footnote(Settings.load(environ, env_file=None)) as footnote:
            footnote.add_base("handbook", tmp_path / "documents", OPERATOR)
            footnote.sync("handbook")
            server.script(stalls())
            began = time.monotonic()
            answer = footnote.ask(Question(SECOND, OPERATOR, turns=(Turn(FIRST, "24 weeks."),)))
            took = time.monotonic() - began
    assert answer.writing is not None
    assert (answer.writing.model, answer.writing.fallback) == (MODEL, None)
    assert "Foster parents get 20 weeks of parental leave." in answer.text
    assert len(server.chats) == 2
    assert took < 4
