"""Which collection is used, and which is refused: whose it is, and whether it still has its form."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from pipelines.adapters.weaviate_index import WeaviateServer
from pipelines.adapters.weaviate_index.connection import Connection
from pipelines.adapters.weaviate_index.reading import Reading
from pipelines.adapters.weaviate_index.schema import collection_form, collection_name
from pipelines.adapters.weaviate_index.writing import Writing
from pipelines.domain.index_identity import IndexIdentity
from pipelines.domain.knowledge import ALIVE
from pipelines.errors import FootnoteError, StorageDamaged, TransientError
from pipelines.ports.chunk_index import WholeRow
from tests.contracts.chunk_index_rows import KB, chunk, numbers, question, row, words
from tests.engines.weaviate_scene import identity, opened, remove, server_at


pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(weaviate_url: str) -> WeaviateServer:
    """Return the server of this run."""
    return server_at(weaviate_url)


def make(server: WeaviateServer, form: dict[str, Any]) -> None:
    """Make a collection as somebody else would."""
    httpx.post(f"{server.rest_address}/v1/schema", json=form, trust_env=False).raise_for_status()


def changed(who: IndexIdentity, server: WeaviateServer, **told: Any) -> dict[str, Any]:
    """Return the collection's form with another description."""
    form = collection_form(collection_name(who), who, server)
    return form | {"description": json.dumps(json.loads(form["description"]) | told)}


def test_the_same_program_finds_its_collection_again(server: WeaviateServer) -> None:
    """What was written is found by the next process."""
    who = identity()
    with opened(server, who) as index:
        index.stage([row(1, "leave", at=[1])])
    with opened(server, who) as index:
        found = index.search(question("leave", at=[1]))
        assert numbers(found.words) == numbers(found.vectors) == [1]
        remove(server, index.collection)


def test_processes_that_begin_together_make_one_collection(server: WeaviateServer) -> None:
    """The first call of several at once makes it; none of them fails."""
    who, faults = identity(), list[FootnoteError]()

    def begin() -> None:
        try:
            with opened(server, who) as index:
                index.connect()
        except FootnoteError as fault:
            faults.append(fault)

    threads = [Thread(target=begin) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    remove(server, collection_name(who))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"footnote": 2}, "its form has version 2, which another release wrote; this one knows 1"),
        ({"installation": "there"}, "it belongs to another installation than the records"),
        ({"embedder": "other"}, "its embedder is other, not contract"),
        ({"analyser": "9"}, "its analyser is 9, not 1"),
    ],
)
def test_a_collection_of_somebody_else_is_refused(server: WeaviateServer, told: dict[str, Any], said: str) -> None:
    """Another release's, installation's or embedder's rows are not searched: one sentence with the way out."""
    who = identity()
    make(server, changed(who, server, **told))
    refused(server, who, said)


def test_a_collection_that_footnote_did_not_make_is_refused(server: WeaviateServer) -> None:
    """A collection without our mark is left alone, even if it has our form."""
    who = identity()
    make(server, collection_form(collection_name(who), who, server) | {"description": "songs"})
    refused(server, who, "it was not made by Footnote")


def test_a_collection_whose_form_was_changed_is_refused(server: WeaviateServer) -> None:
    """Rights would not hold where the property of rights is split into words."""
    who = identity()
    form = collection_form(collection_name(who), who, server)
    for one in form["properties"]:
        if one["name"] == "scope":
            one["tokenization"] = "word"
    make(server, form)
    refused(server, who, "its property scope is not what was made: tokenization is word")


def refused(server: WeaviateServer, who: IndexIdentity, said: str) -> None:
    """Check that the collection is refused before anything is read or written, and delete it."""
    with opened(server, who) as index:
        for use in (lambda: index.search(question("leave")), lambda: index.stage([row(1)])):
            with pytest.raises(StorageDamaged) as fault:
                use()
            assert f"the collection {index.collection} of Weaviate at {server.place} (WEAVIATE_URL)" in str(fault.value)
            assert f"({said}): delete it there and sync each base again" in str(fault.value)
        remove(server, index.collection)


def test_a_collection_that_vanishes_is_told(server: WeaviateServer) -> None:
    """Deleted under a running process: a sentence, and no empty answer; a new process makes it anew."""
    who = identity()
    with opened(server, who) as index:
        index.stage([row(1, "leave", at=[1])])
        remove(server, index.collection)
        with pytest.raises(StorageDamaged, match="it is gone"):
            index.search(question("leave", at=[1]))
        with pytest.raises(FootnoteError):
            index.stage([row(1, "leave", at=[1])])
    with opened(server, who) as index:
        index.stage([row(1, "leave", at=[1])])
        assert words(index.search(question("leave"))) == {1}
        remove(server, index.collection)


def test_installations_share_a_server_and_see_nothing_of_each_other(server: WeaviateServer) -> None:
    """Equal base and rule ids of two installations never meet."""
    with opened(server, identity()) as here, opened(server, identity()) as there:
        here.stage([row(1, "leave", at=[1])])
        there.stage([row(2, "leave", at=[1])])
        assert words(here.search(question("leave"))) == {1}
        there.drop(KB)
        assert here.count(KB) == 1
        remove(server, here.collection)
        remove(server, there.collection)


def test_an_embedder_has_a_collection_of_its_own(server: WeaviateServer) -> None:
    """Another embedder, or none, begins empty and leaves the rows of the first alone."""
    who = identity()
    plain = IndexIdentity(who.installation, who.analyser)
    with opened(server, who) as index, opened(server, plain) as other:
        index.stage([row(1, "leave", at=[1])])
        assert other.bases() == ()
        other.stage([row(2, "leave")])
        assert words(other.search(question("leave"))) == {2}
        assert words(index.search(question("leave"))) == {1}
        remove(server, index.collection)
        remove(server, other.collection)


def test_dropping_a_base_reaches_every_generation(server: WeaviateServer) -> None:
    """What must not be kept is not kept in the collection of a former embedder either."""
    who = identity()
    plain = IndexIdentity(who.installation, who.analyser)
    with opened(server, who) as index, opened(server, plain) as former:
        index.stage([row(1, at=[1])])
        former.stage([row(1), row(2, kb=2)])
        index.drop(KB)
        assert (index.count(KB), former.count(KB), former.count(2)) == (0, 0, 1)
        remove(server, index.collection)
        remove(server, former.collection)


def test_a_row_that_lost_its_vector_is_found_by_words_alone(server: WeaviateServer) -> None:
    """A row is replaced whole: no vector of an earlier write is found."""
    with opened(server, identity()) as index:
        index.stage([row(1, "leave", at=[1]), row(2, "leave", at=[0, 1])])
        index.stage([row(1, "leave")])
        found = index.search(question("leave", at=[1]))
        assert words(found) == {1, 2}
        assert numbers(found.vectors) == [2]
        remove(server, index.collection)


def test_a_large_base_is_read_in_pieces(server: WeaviateServer) -> None:
    """However rows fall into pieces, the census has each row once; a piece that is too full is halved."""
    with opened(server, identity()) as index:
        index.stage([row(n, at=[1]) for n in range(700)])
        for page, expected in ((5000, 2500), (50, 30), (10, 700)):
            connection = Connection(server, index.collection, lambda: 0.0)
            seen = [int(one.chunk_id, 16) for one in Reading(connection, page=page, expected=expected).visible(KB, 1)]
            assert sorted(seen) == list(range(700))
            connection.close()
        remove(server, index.collection)


def test_rows_that_are_refused_are_sent_again_and_then_told(server: WeaviateServer) -> None:
    """One row of a batch that the server cannot take: the others are written, and the call fails after three tries."""
    pauses: list[float] = []
    with opened(server, identity()) as index:
        index.stage([row(1, "leave", at=[1])])
        connection = Connection(server, index.collection, lambda: 0.0)
        writing = Writing(connection, pauses.append)
        bad = row(3, "leave", at=[1])
        bad = type(bad)(bad.chunk_id, bad.kb, bad.rule, bad.added_in, bad.terms, bad.vector[:2].copy())
        with pytest.raises(TransientError, match=r"did not take 1 rows \(.*check that its disk and memory have room"):
            writing.restore([WholeRow(one, ALIVE) for one in (row(2, "leave", at=[1]), bad)])
        assert len(pauses) == 2
        assert words(index.search(question("leave"))) == {1, 2}
        connection.close()
        remove(server, index.collection)


CHILD = """
import sys
reached = []
sys.addaudithook(lambda name, args: reached.append(str(args[1])) if name == "socket.connect" else None)
sys.addaudithook(lambda name, args: reached.append(str(args[0])) if name == "socket.getaddrinfo" else None)
from pipelines.adapters.weaviate_index import WeaviateIndex
from tests.contracts.chunk_index_rows import question, row
from tests.engines.weaviate_scene import identity, opened, remove, server_at
assert reached == [], reached
server = server_at(sys.argv[1])
with opened(server, identity()) as index:
    assert reached == [], reached
    index.stage([row(1, "leave", at=[1])])
    index.search(question("leave", at=[1]))
    remove(server, index.collection)
print("\\n".join(reached))
"""


def test_nobody_but_the_server_is_spoken_to(weaviate_url: str, server: WeaviateServer) -> None:
    """Neither importing nor connecting asks a package index or anybody else; nothing is opened before it is used."""
    told = subprocess.run(
        [sys.executable, "-c", CHILD, weaviate_url], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    host, port = server.place.split(":")
    assert {one for one in told if one} <= {f"('{host}', {port})", host}
    assert told


def test_questions_and_writes_go_on_side_by_side(server: WeaviateServer) -> None:
    """Readers during a sync see the old version whole, from several threads over one object."""
    with opened(server, identity()) as index:
        index.stage([row(n, "leave", at=[1]) for n in range(50)])
        seen: list[list[int]] = []

        def read() -> None:
            for _ in range(20):
                found = index.search(question("leave", at=[1]))
                seen.extend([numbers(found.words), numbers(found.vectors)])

        threads = [Thread(target=read) for _ in range(4)]
        for one in threads:
            one.start()
        for version in range(2, 6):
            index.stage([row(100 * version + n, "leave", added_in=version, at=[1]) for n in range(20)])
            index.retire(KB, [chunk(n) for n in range(10 * version)], version)
        for one in threads:
            one.join()
        assert len(seen) == 160
        assert [one for one in seen if one != list(range(50))] == []
        remove(server, index.collection)
