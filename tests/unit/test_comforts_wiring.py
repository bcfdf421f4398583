"""What the settings make of remembered answers and Redis."""

from pathlib import Path

import pytest

from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.redis_answer_cache import RedisAnswerCache
from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Question
from pipelines.errors import TransientError
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.servers import free_ports


QUESTION = Question("Where is the scanner?", OPERATOR)


def opened(tmp_path: Path, **others: str) -> Footnote:
    """Return an installation by words only, with one synced document."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none", **others}
    made = open_footnote(Settings.load(environ, env_file=None))
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "scanner.md").write_text("# The scanner\n\nThe scanner is in room 12.\n", encoding="utf-8")
    made.add_base("rooms", folder, OPERATOR)
    made.sync("rooms")
    return made


def test_without_a_setting_answers_are_remembered_in_this_process(tmp_path: Path) -> None:
    """The second answer is the first one, without a search."""
    with opened(tmp_path) as footnote:
        first, second = footnote.ask(QUESTION), footnote.ask(QUESTION)
        assert isinstance(footnote.comforts.answers, MemoryAnswerCache)
    assert first.citations == second.citations
    assert "search" in first.timings_ms
    assert "search" not in second.timings_ms


def test_remembering_can_be_switched_off(tmp_path: Path) -> None:
    """Then every question is searched."""
    with opened(tmp_path, FOOTNOTE_CACHE__ENABLED="0") as footnote:
        assert all("search" in footnote.ask(QUESTION).timings_ms for _ in range(2))


def test_a_redis_that_is_not_there_changes_no_answer(tmp_path: Path) -> None:
    """Opening, asking and closing work; only a look at the servers tells."""
    (port,) = free_ports(1)
    with opened(tmp_path, REDIS_URL=f"redis://127.0.0.1:{port}/0") as footnote:
        assert all("search" in footnote.ask(QUESTION).timings_ms for _ in range(8))
        assert isinstance(footnote.comforts.answers, RedisAnswerCache)
        for look in (footnote.check_cache_server, footnote.check_broker_server):
            with pytest.raises(TransientError, match="no Redis answers"):
                look()


def test_without_redis_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    """No server is asked."""
    with opened(tmp_path) as footnote:
        assert footnote.check_cache_server() is None
        footnote.check_broker_server(claim=True)
