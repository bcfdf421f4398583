"""Settings of tuned models: which server and key a call goes to, and what is not loaded where no route is set."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.errors import BadSettings
from pipelines.settings import Settings
from pipelines.tuned_wiring import tuned_server


ROOT = Path(__file__).parents[2]
SHARED = {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1", "OPENAI_API_KEY": "shared-key", "FOOTNOTE_MODEL": "small-1"}
OWN = {"FOOTNOTE_TUNED__URL": "http://127.0.0.1:8002/v1"}


def settings(tmp_path: Path, **values: str) -> Settings:
    """Return settings."""
    return Settings.load({"FOOTNOTE_DATA_DIR": str(tmp_path), **values}, None)


@pytest.mark.parametrize(
    ("given", "port", "key"),
    [
        (SHARED, 8000, "shared-key"),
        (SHARED | OWN, 8002, None),
        (SHARED | OWN | {"FOOTNOTE_TUNED__KEY": "own-key"}, 8002, "own-key"),
        (SHARED | {"FOOTNOTE_TUNED__KEY": "own-key"}, 8000, "own-key"),
    ],
)
def test_a_key_goes_to_the_server_that_it_was_given_for(
    tmp_path: Path, given: dict[str, str], port: int, key: str | None
) -> None:
    """The key of all language models never goes to a server of tuned models alone."""
    server = tuned_server(settings(tmp_path, **given), "leave-1")
    assert (server.model, server.port, server.key) == ("leave-1", port, key)


def test_a_route_without_any_server_is_a_setting_that_lacks(tmp_path: Path) -> None:
    """The sentence names both that could be set."""
    with pytest.raises(BadSettings, match=r"FOOTNOTE_TUNED__URL or OPENAI_BASE_URL"):
        tuned_server(settings(tmp_path), "leave-1")


def test_the_server_of_tuned_models_is_bound_by_egress(tmp_path: Path) -> None:
    """As every server that the settings name."""
    with pytest.raises(BadSettings, match="FOOTNOTE_TUNED__URL"):
        settings(tmp_path, FOOTNOTE_EGRESS="none", FOOTNOTE_TUNED__URL="https://models.example/v1")
    settings(tmp_path, FOOTNOTE_EGRESS="models.example", FOOTNOTE_TUNED__URL="https://models.example/v1")


def test_without_a_route_nothing_is_loaded_for_one(tmp_path: Path) -> None:
    """Whoever asks waits neither for Celery nor for a thread that listens."""
    code = (
        "import sys, threading\n"
        "from pipelines.settings import Settings\n"
        "from pipelines.wiring import open_footnote\n"
        f"given = {SHARED!r} | {{'FOOTNOTE_DATA_DIR': {str(tmp_path)!r}, 'FOOTNOTE_EMBEDDER': 'none',"
        " 'REDIS_URL': 'redis://127.0.0.1:9/0'}\n"
        "with open_footnote(Settings.load(given, None)) as footnote:\n"
        "    footnote.answering\n"
        "    assert 'celery' not in sys.modules\n"
        "    assert 'call-news' not in [one.name for one in threading.enumerate()]\n"
    )
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
