"""The index moved between a file and a real Weaviate: there and back, killed anywhere, refused with one sentence."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import pytest

from pipelines.adapters.weaviate_index.schema import collection_name
from pipelines.domain.access import OPERATOR
from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.index_places import Copy, Engine
from pipelines.errors import BadInput, BadSettings, StorageDamaged, TransientError
from pipelines.retrieval.terms import ANALYSER_VERSION
from pipelines.wiring import Footnote
from tests.child import fault_in_a_child, fill_disk, start_child
from tests.engines.moving_scene import (
    DIMENSIONS,
    held,
    installation,
    move_and_die,
    named,
    said,
    shown,
    weaviate_settings,
)
from tests.engines.weaviate_scene import server_at
from tests.scenarios.machine import Machine
from tests.servers import weaviate_server
from tests.three_versions import BASE, answers, install


pytestmark = [pytest.mark.engines, pytest.mark.losses]

MANY = 9_999
KILLS = 8
SEED = 20_260


@pytest.fixture
def weaviate(weaviate_url: str) -> dict[str, str]:
    """Return the settings that name the server."""
    return weaviate_settings(weaviate_url)


@pytest.fixture
def footnote(tmp_path: Path, weaviate: dict[str, str]) -> Iterator[Footnote]:
    """Return an installation whose index is in a file, with Weaviate at hand; its collection goes afterwards."""
    with installation(tmp_path / "data", {}) as opened:
        install(opened, tmp_path / "documents")
    with installation(tmp_path / "data", weaviate) as opened:
        yield opened
        opened.indexes.open(Engine.WEAVIATE).destroy()


def place(footnote: Footnote) -> tuple[Engine, Copy | None]:
    """Return where the index is, and what the other engine holds."""
    found = footnote.indexes.place()
    return found.engine, found.copy


def test_there_and_back_is_the_same(footnote: Footnote, tmp_path: Path) -> None:
    """Keys, versions, rules, words and vectors of all versions; each version shows what it showed."""
    before = held(footnote, Engine.SQLITE)
    moved = footnote.indexes.move(Engine.WEAVIATE)
    assert (moved.rows, moved.copied) == (len(before), len(before))
    assert place(footnote) == (Engine.WEAVIATE, Copy.KEPT)
    assert held(footnote, Engine.WEAVIATE) == before
    assert answers(footnote)
    footnote.indexes.confirm()
    assert not list((tmp_path / "data").glob("index.db*"))
    assert footnote.indexes.move(Engine.SQLITE).copied == len(before)
    assert held(footnote, Engine.SQLITE) == before
    assert named(footnote) == shown(footnote)
    assert answers(footnote)


def test_syncs_go_on_after_each_move(footnote: Footnote, tmp_path: Path) -> None:
    """What is synced in one engine is carried to the other, and only that; roll-backs show what they did."""
    footnote.indexes.move(Engine.WEAVIATE)
    (tmp_path / "documents" / "3.md").write_text("# Travel 3\n\nTrain 3 was sold.\n", encoding="utf-8")
    footnote.sync(BASE)
    assert footnote.indexes.move(Engine.SQLITE).copied < 8
    assert held(footnote, Engine.SQLITE) == held(footnote, Engine.WEAVIATE)
    (tmp_path / "documents" / "4.md").unlink()
    footnote.sync(BASE)
    assert named(footnote) == shown(footnote)
    footnote.indexes.move(Engine.WEAVIATE)
    footnote.records.bases.roll_back(footnote.records.bases.get(BASE).id, 2)
    assert named(footnote) == shown(footnote)
    assert answers(footnote)


def test_a_process_that_lives_through_a_move_goes_on(footnote: Footnote, tmp_path: Path) -> None:
    """It asks and syncs in the new engine without being started again, even when the old one is deleted."""
    with installation(tmp_path / "data", weaviate_of(footnote)) as other:
        assert answers(other)
        footnote.indexes.move(Engine.WEAVIATE)
        footnote.indexes.confirm()
        assert answers(other)
        (tmp_path / "documents" / "5.md").unlink()
        other.sync(BASE)
        assert named(footnote) == shown(footnote)
        assert not (tmp_path / "data" / "index.db").exists()


def weaviate_of(footnote: Footnote) -> dict[str, str]:
    """Return the settings that name an installation's server."""
    address = footnote.settings.weaviate_url
    assert address is not None
    port = footnote.settings.weaviate.grpc_port
    return {"WEAVIATE_URL": address.get_secret_value(), "FOOTNOTE_WEAVIATE__GRPC_PORT": str(port)}


@pytest.mark.timeout(600)
def test_a_move_that_is_killed_after_any_step_goes_on(footnote: Footnote, tmp_path: Path) -> None:
    """Until the switch the file answers; the next move ends with equal rows; syncs were held up by nobody."""
    data, environ = tmp_path / "data", weaviate_of(footnote)
    before, steps, seen = held(footnote, Engine.SQLITE), 0, list[str]()
    while "done" not in seen:
        child, here = start_child(move_and_die, data, environ, "weaviate", steps)
        seen = list(said(here))
        child.join()
        here.close()
        assert answers(footnote)
        assert footnote.sync(BASE).version == 3
        switched = "places.switch" in seen
        assert place(footnote) == ((Engine.WEAVIATE, Copy.KEPT) if switched else (Engine.SQLITE, Copy.MOVING))
        if not switched:
            moved = footnote.indexes.move(Engine.WEAVIATE)
            assert moved.copied == (0 if "target.restore" in seen else len(before))
        assert held(footnote, Engine.WEAVIATE) == before
        assert footnote.indexes.move(Engine.SQLITE).copied == 0
        footnote.indexes.confirm()
        steps += 1
    assert seen == [
        "places.begin", "target.restore", "places.hold_writes", "compare", "repair", "places.switch", "done",
    ]  # fmt: skip


@pytest.mark.timeout(600)
def test_a_move_that_is_killed_at_random_goes_on(tmp_path: Path, weaviate: dict[str, str]) -> None:
    """Killed eight times at any moment, either way, it ends equal, and the index is always in one of both, whole."""
    data, random = tmp_path / "data", Random(SEED)
    with installation(data, weaviate) as footnote:
        footnote.indexes.place()
        footnote.records.places.settle(Engine.SQLITE)
        install(footnote, tmp_path / "documents", count=28, sections=20)
        before, target, killed = held(footnote, Engine.SQLITE), Engine.WEAVIATE, 0
        for _ in range(KILLS):
            child, here = start_child(move_and_die, data, weaviate, target.value, MANY)
            assert here.recv() == "places.begin"
            time.sleep(random.uniform(0, 1.2))
            child.kill()
            child.join()
            here.close()
            assert answers(footnote)
            killed += place(footnote) != (target, Copy.KEPT)
            if place(footnote) == (target, Copy.KEPT):
                assert held(footnote, target) == before
                target = target.other
        footnote.indexes.move(target)
        assert held(footnote, Engine.WEAVIATE) == held(footnote, Engine.SQLITE) == before
        assert killed > 0
        assert footnote.sync(BASE).version == 3
        footnote.indexes.open(Engine.WEAVIATE).destroy()


@pytest.mark.timeout(600)
def test_weaviate_killed_in_the_middle(tmp_path: Path) -> None:
    """As target or as source: the sentence says what to check, the index stays, and the next move ends equal."""
    with TemporaryDirectory(prefix="footnote-") as folder:
        server = weaviate_server(Path(folder))
        server.start()
        try:
            with installation(tmp_path / "data", weaviate_settings(server.url)) as footnote:
                footnote.records.places.settle(Engine.SQLITE)
                install(footnote, tmp_path / "documents")
                before = held(footnote, Engine.SQLITE)

                def kill(step: str) -> None:
                    if step == "target.restore":
                        server.kill()

                for target in (Engine.WEAVIATE, Engine.SQLITE):
                    with pytest.raises(TransientError, match="Weaviate cannot be reached"):
                        footnote.indexes.move(target, checkpoint=kill)
                    assert place(footnote) == (target.other, Copy.MOVING)
                    if target is Engine.WEAVIATE:
                        assert answers(footnote)
                    server.start()
                    time.sleep(1)
                    moved = footnote.indexes.move(target)
                    assert moved.copied < len(before)
                    assert held(footnote, Engine.WEAVIATE) == held(footnote, Engine.SQLITE) == before
                    (tmp_path / "documents" / "6.md").write_text("# Travel 6\n\nTrain 6 is new.\n", encoding="utf-8")
                    footnote.sync(BASE)
                    before = held(footnote, target)
        finally:
            server.stop()


def test_a_full_disk_stops_a_move_and_loses_nothing(footnote: Footnote, tmp_path: Path) -> None:
    """Where index.db cannot grow the index stays in Weaviate, and the next move ends."""
    before = held(footnote, Engine.SQLITE)
    footnote.indexes.move(Engine.WEAVIATE)
    footnote.indexes.confirm()
    sentence = fault_in_a_child(move_on_a_full_disk, tmp_path / "data", weaviate_of(footnote))
    assert "cannot grow, its disk is full" in sentence or "cannot be read or written now" in sentence
    assert place(footnote) == (Engine.WEAVIATE, Copy.MOVING)
    assert answers(footnote)
    footnote.indexes.move(Engine.SQLITE)
    assert held(footnote, Engine.SQLITE) == before


def move_on_a_full_disk(data: Path, environ: dict[str, str]) -> None:
    """Move the index into a file that cannot grow beyond some pages; the records are larger already."""
    with installation(data, environ) as footnote:
        footnote.records.bases.all()

        def fill(step: str) -> None:
            if step == "places.begin":
                fill_disk(100_000)

        footnote.indexes.move(Engine.SQLITE, checkpoint=fill)


def test_without_an_address_nothing_is_moved(footnote: Footnote, tmp_path: Path) -> None:
    """The setting is named; who moved and unset it is told so, and how to do without that server."""
    with installation(tmp_path / "data", {}) as bare, pytest.raises(BadSettings, match="set WEAVIATE_URL"):
        bare.indexes.move(Engine.WEAVIATE)
    with pytest.raises(BadInput, match="in sqlite already"):
        footnote.indexes.move(Engine.SQLITE)
    footnote.indexes.move(Engine.WEAVIATE)
    with installation(tmp_path / "data", {}) as bare:
        with pytest.raises(BadSettings, match=r"is in Weaviate: set WEAVIATE_URL; .* --to sqlite --rebuild"):
            answers(bare)
        bare.indexes.move(Engine.SQLITE, rebuild=True)
        assert answers(bare)
        assert named(bare) == shown(bare)
        bare.records.bases.roll_back(bare.records.bases.get(BASE).id, 1)
        assert bare.indexes.confirm() is False


def test_a_damaged_file_is_rebuilt_in_weaviate(footnote: Footnote, tmp_path: Path) -> None:
    """All versions are made from the stored files; the file is deleted when the move is confirmed."""
    before = held(footnote, Engine.SQLITE)
    (tmp_path / "data" / "index.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageDamaged, match=r"index\.db is no index"):
        footnote.indexes.move(Engine.WEAVIATE)
    footnote.indexes.move(Engine.WEAVIATE, rebuild=True)
    after = held(footnote, Engine.WEAVIATE)
    assert after.keys() == before.keys()
    assert answers(footnote)
    footnote.indexes.confirm()
    assert not (tmp_path / "data" / "index.db").exists()


def test_a_collection_that_is_not_ours_is_not_touched(footnote: Footnote) -> None:
    """Somebody else's of the same name: refused by name; the index stays where it is, and syncs go on."""
    identity = IndexIdentity(
        footnote.records.installation, str(ANALYSER_VERSION), footnote.embedder.name, DIMENSIONS
    )  # fmt: skip
    name, address = collection_name(identity), weaviate_of(footnote)["WEAVIATE_URL"]
    httpx.post(f"{address}/v1/schema", json={"class": name, "vectorizer": "none"}, trust_env=False).raise_for_status()
    with pytest.raises(StorageDamaged, match=rf"{name} .*it was not made by Footnote"):
        footnote.indexes.move(Engine.WEAVIATE)
    assert place(footnote)[0] is Engine.SQLITE
    assert answers(footnote)
    assert footnote.sync(BASE).version == 3
    httpx.delete(f"{address}/v1/schema/{name}", trust_env=False).raise_for_status()


def test_a_move_keeps_the_embedder_of_the_index(tmp_path: Path, footnote: Footnote) -> None:
    """Where the settings want another one by now, rows and vectors are moved as they are, and words are searched."""
    before = held(footnote, Engine.SQLITE)
    with installation(tmp_path / "data", weaviate_of(footnote), dimensions=8) as other:
        other.indexes.move(Engine.WEAVIATE)
        assert answers(other)
        assert not other.generations.state().current
    assert held(footnote, Engine.WEAVIATE) == before
    assert answers(footnote)


def test_a_copy_is_deleted_only_when_the_index_is_whole(footnote: Footnote, tmp_path: Path) -> None:
    """A lost row stops the confirmation; after a sync the other engine's rows go, and nobody else's."""
    footnote.indexes.move(Engine.WEAVIATE)
    kb = footnote.records.bases.get(BASE).id
    footnote.index.delete(kb, [(one.chunk_id, one.added_in) for one in footnote.index.visible(kb, 3)][:1])
    with pytest.raises(StorageDamaged, match="handbook: the index lacks 1 of"):
        footnote.indexes.confirm()
    assert (tmp_path / "data" / "index.db").exists()
    footnote.sync(BASE)
    assert footnote.indexes.confirm() is True
    with pytest.raises(BadInput, match="nothing of it is in sqlite"):
        footnote.indexes.confirm()


def test_a_removed_base_goes_from_both_engines(footnote: Footnote) -> None:
    """What is erased is erased in the copy too."""
    footnote.indexes.move(Engine.WEAVIATE)
    kb = footnote.records.bases.get(BASE).id
    footnote.remove_base(BASE, OPERATOR)
    for engine in Engine:
        index = footnote.indexes.open(engine)
        assert index.count(kb) == 0
        index.close()


@pytest.mark.timeout(600)
def test_the_command_line_moves_and_confirms(tmp_path: Path, weaviate_url: str) -> None:
    """From a file to Weaviate and back by commands alone, each with its sentence or its document."""
    server = server_at(weaviate_url)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\nThere are twelve weeks of parental leave.\n")
    machine = Machine(tmp_path)
    machine.run("kb", "add", "handbook", "documents")
    machine.run("kb", "sync", "handbook")
    assert "set WEAVIATE_URL" in machine.run("move", "index", "--to", "weaviate", code=2).stderr
    settings = f"WEAVIATE_URL={server.url}\nFOOTNOTE_WEAVIATE__GRPC_PORT={server.grpc_port}\n"
    (tmp_path / ".env").write_text(settings, encoding="utf-8")
    assert "still in SQLite" in machine.run("doctor").stdout
    assert machine.json("ask", "How many weeks of parental leave are there?")["outcome"] == "answer"
    assert "--to weaviate" in machine.run("move", "index").stdout
    assert "The index is in Weaviate now" in machine.run("move", "index", "--to", "weaviate").stdout
    assert machine.json("move", "index")["copy"] == "kept"
    assert machine.json("move", "index", "--to", "weaviate", code=2)["error"]["kind"] == "bad_input"
    assert machine.json("ask", "How many weeks of parental leave are there?")["outcome"] == "answer"
    assert machine.json("move", "index", "--to", "sqlite")["copied"] == 0
    assert machine.json("move", "index", "--confirm") == {"copy": "weaviate", "deleted": True}
    told = json.loads(machine.run("move", "index", "--json").stdout)
    assert (told["engine"], told["copy"], told["rows"]) == ("sqlite", None, 1)
    assert "unset WEAVIATE_URL" in machine.run("doctor").stdout
