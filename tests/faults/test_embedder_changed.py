"""The embedder changed under five questions a second, with the index in a file; in short, as every run can do it."""

from pathlib import Path

from tests.changing_embedder import PHASES, change_under_questions
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.rebuilding_scene import NEW, OLD, embedding_server, wanting


def test_no_question_fails_while_the_embedder_is_changed(tmp_path: Path) -> None:
    """Before, during and after the change every question is answered from the right document; syncs go on."""
    with embedding_server() as server:
        server.default_vectors = EmbeddingBehaviour(pause_s=0.02)
        old, new = (wanting(server.url, one) for one in (OLD, NEW))
        change = change_under_questions(tmp_path / "data", tmp_path / "documents", old, new, seconds=1, documents=20)
    assert change.faults == []
    assert [change.asked[phase].others for phase in PHASES] == [[], [], []]
    assert all(change.asked[phase].answers for phase in PHASES)
    assert change.rows > 80
