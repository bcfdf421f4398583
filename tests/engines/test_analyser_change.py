"""The analyser changed by a release while questions are asked and bases synced, with the index in a real Weaviate."""

from pathlib import Path

import pytest

from pipelines.domain.index_places import Engine
from tests.changing_analyser import AFTER, BEFORE, WORDS_ONLY, change_under_a_sync, release
from tests.engines.moving_scene import weaviate_settings
from tests.three_versions import install


pytestmark = pytest.mark.engines


def test_it_is_changed_while_it_is_asked_and_synced(weaviate_url: str, tmp_path: Path) -> None:
    """Answers before, during and after; a sync meanwhile writes each collection in its own terms."""
    environ, data, folder = WORDS_ONLY | weaviate_settings(weaviate_url), tmp_path / "data", tmp_path / "documents"
    with release(BEFORE, data, environ) as made:
        install(made, folder)
    change_under_a_sync(data, folder, environ)
    with release(AFTER, data, environ) as footnote:
        footnote.indexes.open(Engine.WEAVIATE).destroy()
