"""R8: while Weaviate is away each question is refused honestly and in time, and nobody invents an answer."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Outcome, Question
from pipelines.errors import TransientError
from pipelines.settings import Settings
from pipelines.wiring import Footnote
from tests.engines.weaviate_scene import server_at
from tests.faults.dying_installation import DyingFootnote
from tests.servers import Server, weaviate_server


pytestmark = pytest.mark.engines

AWAY_S = float(os.environ.get("SOAK_AWAY_SECONDS", "60"))
ASKERS = 2
REFUSED_S = 3.0
"""Longest time until a question is refused; a search may take two of them, FOOTNOTE_WEAVIATE__QUERY_SECONDS."""

BACK_S = 15.0
"""After its return Weaviate is asked again within ten seconds."""

ROOMS = ("archive", "canteen", "library", "workshop", "garden")


@dataclass
class Scene:
    """An installation that is asked by several people."""

    footnote: Footnote
    server: Server
    folder: Path
    times: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def ask(self, number: int) -> bool:
        """Ask; True if it was answered, rightly and with a citation; False if it was refused, in time and honestly."""
        room, began = ROOMS[number % len(ROOMS)], time.monotonic()
        try:
            # Nothing is answered from memory: each question is another one.
            answer = self.footnote.ask(Question(f"Who keeps the key of the {room}?{'?' * (number % 1500)}", OPERATOR))
        except TransientError as fault:
            self.times.append(time.monotonic() - began)
            self.told.append(str(fault))
            return False
        assert answer.outcome is Outcome.ANSWER, answer
        assert [one.quote for one in answer.citations] == [sentence(room)]
        return True

    def ask_until(self, ended: Event) -> tuple[int, int]:
        """Ask from several threads; return how many were answered and refused."""

        def ask_on(first: int) -> tuple[int, int]:
            answered, number = 0, first
            while not ended.is_set():
                answered += self.ask(number)
                number += ASKERS
            asked = (number - first) // ASKERS
            return answered, asked - answered

        with ThreadPoolExecutor(ASKERS) as pool:
            told = list(pool.map(ask_on, range(ASKERS)))
        return sum(one for one, _ in told), sum(one for _, one in told)


def sentence(room: str) -> str:
    """Return what the document of a room says."""
    return f"The key of the {room} is kept by the porter of the {room}."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Return an installation whose index is in a Weaviate of its own."""
    with ExitStack() as opened:
        server = weaviate_server(Path(opened.enter_context(TemporaryDirectory(prefix="footnote-"))))
        server.start()
        opened.callback(server.stop)
        known = server_at(server.url)
        own = {
            "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            "FOOTNOTE_CACHE__ENABLED": "0",
            "WEAVIATE_URL": known.url,
            "FOOTNOTE_WEAVIATE__GRPC_PORT": str(known.grpc_port),
            "FOOTNOTE_WEAVIATE__WRITE_SECONDS": "3",
        }
        footnote = opened.enter_context(DyingFootnote(Settings.load(own, env_file=None)))
        folder = tmp_path / "documents"
        folder.mkdir()
        for room in ROOMS:
            (folder / f"{room}.md").write_text(f"# The {room}\n\n{sentence(room)}\n", encoding="utf-8")
        footnote.add_base("handbook", folder, OPERATOR)
        footnote.sync("handbook")
        yield Scene(footnote, server, folder)


def killed(server: Server) -> Callable[[], None]:
    """Kill it; return what brings it back."""
    server.kill()
    return server.start


def frozen(server: Server) -> Callable[[], None]:
    """Freeze it; return what thaws it."""
    server.freeze()
    return server.thaw


def away(scene: Scene, how: Callable[[Server], Callable[[], None]], seconds: float) -> str:
    """Let it be away for so long, with a sync in the midst of it; return what questions came to, in one line."""
    assert scene.ask(0)
    mend = how(scene.server)
    ended = Event()
    try:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(scene.ask_until, ended)
            (scene.folder / "attic.md").write_text(f"# The attic\n\n{sentence('attic')}\n", encoding="utf-8")
            with pytest.raises(TransientError, match="Weaviate"):
                scene.footnote.sync("handbook")
            ended.wait(seconds)
            ended.set()
            answered, refused = asking.result()
    finally:
        mend()
    assert answered == 0
    assert refused == len(scene.times) > 0
    assert all("Weaviate" in one and "\n" not in one for one in scene.told)
    assert max(scene.times) <= REFUSED_S
    return back(scene, refused)


def back(scene: Scene, refused: int) -> str:
    """See that questions are answered again and that the sync goes on; return the figures."""
    began = time.monotonic()
    times, number = sorted(scene.times), 0
    while not scene.ask(number):
        number += 1
        assert time.monotonic() < began + BACK_S
        time.sleep(0.1)
    after = time.monotonic() - began
    assert scene.footnote.sync("handbook").added == 1
    answer = scene.footnote.ask(Question("Who keeps the key of the attic?", OPERATOR))
    assert [one.quote for one in answer.citations] == [sentence("attic")]
    slow = sum(one > 0.1 for one in times)
    return (
        f"{refused} questions, all refused, 0 answered; {slow} waited, at most {times[-1]:.2f} s;"
        f" the others {1000 * times[(refused - slow) // 2]:.1f} ms; answered again after {after:.1f} s"
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [killed, frozen])
def test_while_it_is_away_nobody_invents(scene: Scene, how: Callable[[Server], Callable[[], None]]) -> None:
    """Each question is told so in time, a sync says the same, and all goes on when it is back."""
    away(scene, how, 2.0)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("how", [killed, frozen])
def test_a_minute_without_it(
    scene: Scene, how: Callable[[Server], Callable[[], None]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole of R8."""
    told = away(scene, how, AWAY_S)
    with capsys.disabled():
        print(f"\nWeaviate {how.__name__} for {AWAY_S:.0f} s: {told}")  # noqa: T201 - the figure is wanted
