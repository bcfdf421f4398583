"""The embedder changed while questions are asked and bases synced, with the index in a file."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.index_generations import Generation
from pipelines.domain.index_places import Copy, Engine, IndexPlace
from pipelines.errors import BadInput, BadSettings, FootnoteError, StorageDamaged, TransientError
from pipelines.wiring import Footnote
from tests.child import start_child
from tests.fakes.model_embeddings import EmbeddingBehaviour
from tests.fakes.model_requests import error_body
from tests.fakes.model_server import ModelServer
from tests.rebuilding_scene import (
    NEW,
    OLD,
    embedding_server,
    held,
    installation,
    questions_to,
    rebuild_and_die,
    steps_said,
    wanting,
    with_length,
)
from tests.three_versions import BASE, LEAVE, answers, install, write_documents


DOWN = EmbeddingBehaviour(status=500, error=error_body("down"))
STEPS = ["places.begin", "target.stage", "build", "places.hold_writes", "build", "repair", "places.switch", "done"]
MANY = 9_999


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a server with both models."""
    with embedding_server() as running:
        yield running


@pytest.fixture
def footnote(tmp_path: Path, server: ModelServer) -> Iterator[Footnote]:
    """Return an installation whose index was made with the old model, and which wants the new one."""
    with installation(tmp_path / "data", wanting(server.url, OLD)) as made:
        install(made, tmp_path / "documents")
    with installation(tmp_path / "data", wanting(server.url, NEW)) as opened:
        yield opened


def test_until_it_is_rebuilt_the_old_model_answers(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """Another setting changes nothing by itself: questions and new passages go to the model of the index."""
    assert answers(footnote)
    (tmp_path / "documents" / "2.md").write_text("# Travel 2\n\nA bus replaces train 2.\n", encoding="utf-8")
    result = footnote.sync(BASE)
    assert (result.changed, result.unchanged) == (1, 7)
    assert {one.body["model"] for one in server.embeddings} == {OLD}
    assert not footnote.generations.state().current


def test_all_kept_versions_are_rebuilt(footnote: Footnote, server: ModelServer) -> None:
    """Every row of every version under its rule and with its end, the vectors the new model's; the old one is kept."""
    before = held(footnote)
    moved = footnote.generations.rebuild()
    assert moved.rows == moved.copied == len(before)
    assert held(footnote) == with_length(before, 24)
    assert held(footnote, 0) == before
    assert answers(footnote)
    assert questions_to(server)[-1] == NEW
    state = footnote.generations.state()
    assert state.current
    assert state.place == IndexPlace(Engine.SQLITE, Copy.KEPT, state.place.since, 1, 0)
    footnote.records.bases.roll_back(footnote.records.bases.get(BASE).id, 1)
    assert answers(footnote)


def test_the_next_sync_has_nothing_to_do(footnote: Footnote, server: ModelServer) -> None:
    """No document is read again because the embedder is another one."""
    footnote.generations.rebuild()
    calls = len(server.embeddings)
    result = footnote.sync(BASE)
    assert (result.changed, result.unchanged, result.chunks_added) == (0, 8, 0)
    assert len(server.embeddings) == calls


def test_stored_texts_are_enough(footnote: Footnote, tmp_path: Path) -> None:
    """Neither the source nor a parser is asked: they may be gone, or read otherwise by now."""
    before = held(footnote)
    for one in (tmp_path / "documents").iterdir():
        one.unlink()
    (tmp_path / "documents").rmdir()
    footnote.parser = None  # type: ignore[assignment]
    footnote.generations.rebuild()
    assert held(footnote) == with_length(before, 24)


def test_a_sync_meanwhile_writes_both(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """What is synced while rows are made is found in the old generation at once, and is in the new one already."""
    seen: list[tuple[bool, int]] = []

    def sync(step: str) -> None:
        if step != "target.stage" or seen:
            return
        (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
        with installation(tmp_path / "data", wanting(server.url, NEW)) as other:
            result = other.sync(BASE)
            new = {key for key in held(other) if key[1] == result.version}
            seen.append((new <= held(other, 1).keys(), result.chunks_added))
            assert answers(other)

    footnote.generations.rebuild(checkpoint=sync)
    assert seen == [(True, 1)]
    assert held(footnote) == with_length(held(footnote, 0), 24)


def test_a_sync_does_not_fail_for_the_next_generation(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """Where the new model does not answer, a sync ends well all the same; the rebuilding makes what it missed."""
    done: list[int] = []

    def sync(step: str) -> None:
        if step != "target.stage" or done:
            return
        (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
        with installation(tmp_path / "data", wanting(server.url, NEW)) as other:
            server.script_vectors(EmbeddingBehaviour(), EmbeddingBehaviour(status=400, error=error_body("no")))
            done.append(other.sync(BASE).chunks_added)
            server.forget_scripts()

    footnote.generations.rebuild(checkpoint=sync)
    assert done == [1]
    assert held(footnote) == with_length(held(footnote, 0), 24)


@pytest.mark.timeout(300)
def test_killed_at_any_step_it_goes_on(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """The index is the one or the other, whole; what was embedded is not embedded again."""
    before, environ = held(footnote), wanting(server.url, NEW)
    for steps in range(len(STEPS) - 1):
        child, here = start_child(rebuild_and_die, tmp_path / "data", environ, steps)
        said = steps_said(here)
        child.join()
        here.close()
        assert said
        assert answers(footnote)
        place = footnote.indexes.place()
        if place.rebuilt is Copy.KEPT:
            break
        assert (place.generation, place.rebuilt, place.copy_generation) == (0, Copy.MOVING, 1)
    assert footnote.generations.state().current
    assert held(footnote) == with_length(before, 24)
    assert held(footnote, 0) == before
    sent = [text for one in server.embeddings if one.body["model"] == NEW for text in one.body["input"]]
    assert len({*sent} - {LEAVE.text}) == len(sent) - sent.count(LEAVE.text)
    footnote.sync(BASE)


def test_it_goes_back_with_what_was_synced_since(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """Until it is confirmed the old generation may be the index again; only what is new is made."""
    footnote.generations.rebuild()
    (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
    (tmp_path / "documents" / "3.md").unlink()
    footnote.sync(BASE)
    after = held(footnote)
    assert footnote.generations.rebuild(back=True).copied == 1
    assert held(footnote) == with_length(after, 16)
    assert answers(footnote)
    assert questions_to(server)[-1] == OLD
    with (
        pytest.raises(BadInput, match="nothing is to be rebuilt"),
        installation(tmp_path / "data", wanting(server.url, OLD)) as other,
    ):
        other.generations.rebuild()


def test_confirming_deletes_the_old_generation(footnote: Footnote, tmp_path: Path) -> None:
    """Only what is kept, only if the new one is whole, and its file with it."""
    with pytest.raises(BadInput, match="nothing is kept"):
        footnote.generations.confirm()
    footnote.generations.rebuild()
    kb = footnote.records.bases.get(BASE).id
    footnote.index.delete(kb, [(one.chunk_id, one.added_in) for one in footnote.index.visible(kb, 3)][:1])
    with pytest.raises(StorageDamaged, match="handbook: the index lacks 1 of"):
        footnote.generations.confirm()
    footnote.sync(BASE)
    assert footnote.generations.confirm().embedder == footnote.records.generations.get(0).embedder  # type: ignore[union-attr]
    assert not list((tmp_path / "data").glob("index.db*"))
    assert footnote.indexes.place().copy is None
    assert answers(footnote)
    with pytest.raises(BadInput, match="nothing to go back to"):
        footnote.generations.rebuild(back=True)


def test_without_the_model_of_the_index_words_are_searched(footnote: Footnote, server: ModelServer) -> None:
    """Away, full, silent or gone: a question is answered by words, within its time, and by vectors once it is back."""
    for fault in (DOWN, EmbeddingBehaviour(stall=True), EmbeddingBehaviour(zeros=True)):
        server.script_vectors(fault)
        assert answers(footnote)
    calls = len(server.embeddings)
    assert answers(footnote)
    assert len(server.embeddings) > calls


@pytest.mark.usefixtures("footnote")
def test_an_embedder_that_is_no_longer_set_is_gone(tmp_path: Path) -> None:
    """Without its server words are searched, a sync says what to do, and rebuilding needs the new one alone."""
    with installation(tmp_path / "data", {"FOOTNOTE_EMBEDDER": "none"}) as bare:
        assert answers(bare)
        (tmp_path / "documents" / "9.md").write_text("# Travel 9\n\nTrain 9 is new.\n", encoding="utf-8")
        with pytest.raises(BadSettings, match=rf"made with the embedder {OLD}.*footnote index rebuild"):
            bare.sync(BASE)
        before = held(bare)
        bare.generations.rebuild()
        assert held(bare) == with_length(before, None)
        assert bare.sync(BASE).added == 1
        assert answers(bare)


@pytest.mark.usefixtures("footnote")
def test_the_former_server_has_its_own_key(
    tmp_path: Path, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Until the index is rebuilt its model is asked at the former address; no other key goes there."""
    with embedding_server() as other:
        moved = wanting(other.url, NEW, FOOTNOTE_EMBEDDING__FORMER_URL=server.url)
        calls = len(server.calls)
        with installation(tmp_path / "data", moved) as opened:
            assert answers(opened)
        assert [one.status for one in server.calls[calls:]] == [401]
        assert "asks for a key: set FOOTNOTE_EMBEDDING__FORMER_KEY" in caplog.text
        with installation(tmp_path / "data", moved | {"FOOTNOTE_EMBEDDING__FORMER_KEY": "key-of-the-fake"}) as opened:
            assert answers(opened)
            assert questions_to(server)[-1] == OLD
            assert other.embeddings == []
            opened.generations.rebuild()
        assert {one.body["model"] for one in other.embeddings} == {NEW}


def test_a_fault_of_the_new_model_changes_nothing(footnote: Footnote, server: ModelServer) -> None:
    """It stops with the model's sentence; the old generation answers, and the next one goes on."""
    kinds = (DOWN, EmbeddingBehaviour(missing=1), EmbeddingBehaviour(longer=1))
    for fault in kinds:
        server.script_vectors(*[fault] * 4)
        with pytest.raises(FootnoteError, match=NEW):
            footnote.generations.rebuild()
        server.forget_scripts()
        assert footnote.indexes.place().generation == 0
        assert answers(footnote)
    footnote.generations.rebuild()
    assert footnote.indexes.place().generation == 1


def test_another_wish_replaces_an_unfinished_one(footnote: Footnote, server: ModelServer, tmp_path: Path) -> None:
    """What was begun for a model that nobody wants any more is deleted, not what was confirmed by nobody."""
    server.script_vectors(EmbeddingBehaviour(), *[DOWN] * 6)
    with pytest.raises(TransientError):
        footnote.generations.rebuild()
    server.forget_scripts()
    prefixed = wanting(server.url, NEW, FOOTNOTE_EMBEDDING__QUERY_PREFIX="query:")
    with installation(tmp_path / "data", prefixed) as other:
        other.generations.rebuild()
        assert other.indexes.place().generation == 2
        assert not (tmp_path / "data" / "index-1.db").exists()
        assert answers(other)
        assert [f"query: {LEAVE.text}"] in [one.body["input"] for one in server.embeddings]
    with pytest.raises(BadInput, match="still kept: delete it first"):
        footnote.generations.rebuild()


def test_a_move_and_a_rebuilding_exclude_each_other(footnote: Footnote) -> None:
    """One thing beside the index at a time; each sentence names the command that ends the other."""
    footnote.generations.rebuild()
    with pytest.raises(BadInput, match="nothing of it is in weaviate"):
        footnote.indexes.confirm()
    with pytest.raises(BadInput, match="footnote index confirm"):
        footnote.records.places.begin(Engine.WEAVIATE, "elsewhere:1:1", 60)


def test_an_index_of_an_earlier_release_tells_its_embedder(
    footnote: Footnote, server: ModelServer, tmp_path: Path
) -> None:
    """Where the records say nothing of the first generation, its file does: it is not taken for what is wanted now."""
    footnote.close()
    with sqlite3.connect(tmp_path / "data" / "records.db") as records:
        records.execute("DELETE FROM index_generations")
    with installation(tmp_path / "data", wanting(server.url, NEW)) as opened:
        state = opened.generations.state()
        assert state.active.embedder is not None
        assert state.active.embedder.startswith(OLD)
        assert answers(opened)
        opened.generations.rebuild()
        assert state.active == replace(opened.records.generations.get(0), number=0)  # type: ignore[type-var]
        assert answers(opened)


def test_an_empty_installation_begins_with_what_is_wanted(tmp_path: Path, server: ModelServer) -> None:
    """Before the first sync a change of the setting is no change of an index."""
    with installation(tmp_path / "data", wanting(server.url, OLD)) as made:
        write_documents(tmp_path / "documents")
        made.add_base(BASE, tmp_path / "documents", OPERATOR)
    with installation(tmp_path / "data", wanting(server.url, NEW)) as opened:
        opened.sync(BASE)
        assert opened.generations.state().current
        assert {one.body["model"] for one in server.embeddings} == {NEW}


def test_generations_are_compared_by_what_makes_rows() -> None:
    """A number and the way to open an embedder make no other rows; embedder, length and analyser do."""
    one = Generation(0, "e", 4, "1")
    assert one.fits(Generation(7, "e", 4, "1", {"kind": "minilm"}))
    others = (replace(one, embedder="f"), replace(one, dimensions=5), replace(one, analyser="2"))
    assert not any(one.fits(other) for other in others)
