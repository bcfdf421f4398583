"""/readyz: whether questions can be asked of the index, by the connection that they use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pipelines.adapters.weaviate_index import WeaviateIndex
from pipelines.domain.conversation import Outcome
from pipelines.domain.index_places import Engine
from pipelines.errors import StorageDamaged
from tests.engines.weaviate_scene import server_at
from tests.readiness import AWAY, LEAVE, READY, fill, installation, told
from tests.servers import Server, free_ports, weaviate_server


pytestmark = pytest.mark.engines

BACK_S = 30.0
"""After its return Weaviate is asked again within ten seconds; a connection needs a moment, and then another ten."""


_LISTENS = "0A"
"""The state of a socket that waits for connections, in /proc/net/tcp."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Return a Weaviate of the test's own, which it may end: nobody else has connections to it."""
    own = weaviate_server(tmp_path)
    own.start()
    yield own
    own.kill()


def at(url: str) -> dict[str, str]:
    """Return the settings that name a server."""
    known = server_at(url)
    return {"WEAVIATE_URL": known.url, "FOOTNOTE_WEAVIATE__GRPC_PORT": str(known.grpc_port)}


def connections(server: Server) -> set[tuple[str, str]]:
    """Return both ends of every connection to a server by TCP, those too that were closed a minute ago."""
    known = server_at(server.url)
    ports = {f"{int(place.rpartition(':')[2]):04X}" for place in (known.place, known.grpc_target)}
    lines = [one.split() for name in ("tcp", "tcp6") for one in Path("/proc/net", name).read_text().splitlines()[1:]]
    pairs = ((line[1], line[2]) for line in lines if line[3] != _LISTENS)
    return {pair for pair in pairs if any(end.rpartition(":")[2] in ports for end in pair)}


def test_a_look_opens_no_connection(tmp_path: Path, server: Server) -> None:
    """However often somebody asks, the connection that questions use is the only one."""
    with installation(tmp_path, at(server.url)) as footnote:
        fill(footnote, tmp_path)
        before = connections(server)
        for _ in range(50):
            footnote.check_index()
        assert before
        assert connections(server) <= before


def collections(url: str) -> set[str]:
    """Return the names of all collections of a server."""
    answer = httpx.get(f"{server_at(url).rest_address}/v1/schema", trust_env=False)
    return {one["class"] for one in answer.json()["classes"]}


def killed(server: Server) -> Callable[[], None]:
    """Kill it; return what brings it back."""
    server.kill()
    return server.start


def frozen(server: Server) -> Callable[[], None]:
    """Freeze it; return what thaws it."""
    server.freeze()
    return server.thaw


@pytest.mark.timeout(180)
@pytest.mark.parametrize("how", [killed, frozen])
def test_it_is_not_ready_while_weaviate_is_away(
    tmp_path: Path, server: Server, how: Callable[[Server], Callable[[], None]]
) -> None:
    """Told in time, again and again; ready once it is back, and then a question is answered at once."""
    with installation(tmp_path, at(server.url)) as footnote:
        fill(footnote, tmp_path)
        assert told(footnote) == READY
        mend = how(server)
        assert [told(footnote) for _ in range(6)] == [AWAY] * 6
        mend()
        assert told(footnote, until=READY, seconds=BACK_S) == READY
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER


def test_before_the_first_question_nothing_is_made(tmp_path: Path, weaviate_url: str) -> None:
    """A new installation is ready, and still has no collection."""
    with installation(tmp_path, at(weaviate_url)) as footnote:
        assert told(footnote) == READY
        index = footnote.indexes.open(Engine.WEAVIATE)
        assert isinstance(index, WeaviateIndex)
        assert index.collection not in collections(weaviate_url)


def test_a_new_installation_without_its_server_is_not_ready(tmp_path: Path) -> None:
    """Nobody answers at the address."""
    port, grpc = free_ports(2)
    with installation(tmp_path, at(f"http://127.0.0.1:{port}?grpc={grpc}")) as footnote:
        assert told(footnote) == AWAY


def test_a_collection_that_is_gone_is_told(tmp_path: Path, weaviate_url: str) -> None:
    """The server answers, and yet no question can be: somebody deleted what it holds of ours."""
    with installation(tmp_path, at(weaviate_url)) as footnote:
        fill(footnote, tmp_path)
        footnote.indexes.open(Engine.WEAVIATE).destroy()
        assert told(footnote) == AWAY


def test_a_collection_that_was_gone_at_the_start_is_told(tmp_path: Path, weaviate_url: str) -> None:
    """A look makes none, and one that the start made and that holds nothing answers nothing; a sync mends it."""
    with installation(tmp_path, at(weaviate_url)) as footnote:
        fill(footnote, tmp_path)
        index = footnote.indexes.open(Engine.WEAVIATE)
        assert isinstance(index, WeaviateIndex)
        index.destroy()
    with installation(tmp_path, at(weaviate_url)) as footnote:
        assert told(footnote) == AWAY
        assert index.collection not in collections(weaviate_url)
        with pytest.raises(StorageDamaged, match="the index holds nothing of handbook: sync it"):
            footnote.warm_up()
        assert told(footnote) == AWAY
        footnote.sync("handbook")
        assert told(footnote) == READY
        assert footnote.ask(LEAVE).outcome is Outcome.ANSWER


def test_a_full_collection_is_ready_before_the_first_question(tmp_path: Path, weaviate_url: str) -> None:
    """A process that was just started is asked before any of its questions."""
    with installation(tmp_path, at(weaviate_url)) as footnote:
        fill(footnote, tmp_path)
    with installation(tmp_path, at(weaviate_url)) as footnote:
        assert told(footnote) == READY
