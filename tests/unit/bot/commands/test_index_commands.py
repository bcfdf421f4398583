"""The index rebuilt through the command: what a person reads, what a program gets, what is refused."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.cli.shell import command
from bot.cli.terminal import Terminal
from bot.commands import index, kb
from bot.commands.doctor import Check, State, Surroundings, examine
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.index_generations import Generation
from pipelines.domain.index_places import Copy, Engine, IndexPlace
from pipelines.errors import BadInput, Busy, NotAllowed, TransientError
from pipelines.generation_wiring import GenerationState
from pipelines.operation.index_sample import Sample
from pipelines.operation.moving import Moved
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.installation import FakeInstallation


SINCE = "2026-03-02T09:00:00+00:00"
OLD, NEW = Generation(0, "minilm", 384, "1"), Generation(1, "e5-large", 1024, "1")
DONE = Moved(Engine.SQLITE, 2, 81, 80, Sample())
UNFINISHED = f"  A rebuilding with e5-large was begun at {SINCE} and is not finished; questions are answered as before."
Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was written to stdout since the last look."""
    return lambda: capsys.readouterr().out


@pytest.fixture
def terminal(footnote: FakeInstallation) -> Terminal:
    """A terminal for a person."""
    return Terminal(as_json=False, installation=lambda: footnote)


def state(active: Generation, wanted: Generation, copy: Copy | None = None) -> GenerationState:
    """Return a state with what is beside the index."""
    beside = NEW if active is OLD else OLD
    place = IndexPlace(Engine.SQLITE, copy, SINCE, active.number, beside.number if copy else active.number)
    return GenerationState(active, wanted, place, beside if copy else None)


def index_checks(footnote: FakeInstallation) -> list[Check]:
    """Return what the doctor says of what the index is made with."""
    surroundings = Surroundings(lambda _: 10**12)
    checks = examine(footnote, OPERATOR, command, surroundings).checks
    return [one for one in checks if one.name in ("index embedder", "index before")]


class Silent(HashEmbedder):
    """A model behind a server that does not answer."""

    def embed_question(self, _text: str) -> NDArray[np.float32]:
        """Fail as the real one would."""
        raise TransientError("the model e5-large at embed:8000 cannot be reached")

    def embed_soon(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return vectors."""
        return self.embed(texts)


def test_a_rebuilding_tells_what_comes_next(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """What the index is made with, how much was made now, how it was compared, and both commands that may follow."""
    footnote.generations.outcome = DONE
    footnote.generations.now = state(NEW, NEW, Copy.KEPT)
    assert terminal.index_rebuilt(back=False) == 0
    assert said().splitlines() == [
        "The index is made with e5-large now: 2 knowledge bases, 81 rows of all versions, 80 of them made just now.",
        "  Compared with the records: id, versions and rule of every row that a kept version shows.",
        "  Delete it:  footnote index confirm",
        "  Go back:  footnote index rebuild --back",
    ]
    terminal.index_rebuilt(back=True)
    assert footnote.generations.rebuilt == [False, True]


def test_a_rebuilding_that_stopped_says_so(footnote: FakeInstallation) -> None:
    """What passes names the way on; who is second is told who is first, and what cannot be is told as it is."""
    footnote.generations.outcome = TransientError("the model is away")
    with pytest.raises(TransientError, match="away; the index stays what it was, and the same command goes on"):
        index.rebuild(footnote, OPERATOR, back=False, progress=lambda _: None)
    for fault in (Busy("another process"), BadInput("already")):
        footnote.generations.outcome = fault
        with pytest.raises(type(fault), match=f"^{fault}$"):
            index.rebuild(footnote, OPERATOR, back=False, progress=lambda _: None)


@pytest.mark.parametrize(
    ("now", "lines"),
    [
        (state(OLD, OLD), ["  That is what the settings want."]),
        (
            state(OLD, NEW),
            [
                "  The settings want e5-large; until the index is rebuilt, questions are asked with the one it has.",
                "  Rebuild it while it is asked:  footnote index rebuild",
            ],
        ),
        (
            state(OLD, NEW, Copy.MOVING),
            [
                "  The settings want e5-large; until the index is rebuilt, questions are asked with the one it has.",
                UNFINISHED,
                "  Go on with it:  footnote index rebuild",
            ],
        ),
        (
            state(NEW, NEW, Copy.KEPT),
            [
                "  That is what the settings want.",
                f"  What it was until {SINCE}, made with minilm, is kept, and not kept up to date.",
                "  Go back:  footnote index rebuild --back",
                "  Delete it:  footnote index confirm",
            ],
        ),
        (
            state(replace(OLD, analyser="0"), OLD),
            [
                "  Its terms are of the analyser 0; this release has 1.",
                "  Rebuild it while it is asked:  footnote index rebuild",
            ],
        ),
    ],
    ids=["current", "outdated", "begun", "kept", "analyser"],
)
def test_the_state_names_the_next_command(
    terminal: Terminal, footnote: FakeInstallation, said: Said, now: GenerationState, lines: list[str]
) -> None:
    """What the index is made with, what is wanted, and what may be done now."""
    footnote.generations.now, footnote.indexes.rows = now, 81
    assert terminal.index_shown() == 0
    first, *rest = said().splitlines()
    assert first == f"The index is made with {now.active.embedder}: 81 rows of all versions."
    assert rest == lines


def test_what_is_kept_is_deleted(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """The sentence names what is gone; a program gets a document."""
    footnote.generations.gone = OLD
    terminal.index_confirmed()
    assert said() == "The generation of the index that was made with minilm was deleted.\n"
    Terminal(as_json=True, installation=lambda: footnote).index_confirmed()
    assert json.loads(said()) == {"embedder": "minilm", "deleted": True}


def test_only_admins_rebuild(footnote: FakeInstallation) -> None:
    """Neither the state nor anything else is for others."""
    somebody = principal_as(["group:hr"])
    with pytest.raises(NotAllowed):
        index.show(footnote, somebody)
    with pytest.raises(NotAllowed):
        index.rebuild(footnote, somebody, back=False, progress=lambda _: None)
    with pytest.raises(NotAllowed):
        index.confirm(footnote, somebody)


def test_doctor_and_status_tell_of_another_embedder(footnote: FakeInstallation) -> None:
    """Until the index is rebuilt both say which one is wanted, the doctor with the command."""
    footnote.generations.now = state(OLD, NEW)
    (check,) = index_checks(footnote)
    assert (check.state, check.next) == (State.WARN, "Rebuild it while it is asked:  footnote index rebuild")
    assert check.message.startswith("The settings want e5-large")
    kb.add(footnote, OPERATOR, "handbook", footnote.settings.data_dir)
    assert kb.status(footnote, OPERATOR, "handbook").embedding == check.message


def test_doctor_and_status_tell_of_words_only(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """Where the model of the index does not answer, both say that words alone are searched, and why."""
    footnote.generations.asked = Silent()
    (check,) = index_checks(footnote)
    assert check.state is State.WARN
    assert check.message.startswith("Questions are searched by words only: the model e5-large at embed:8000")
    kb.add(footnote, OPERATOR, "handbook", footnote.settings.data_dir)
    terminal.status("handbook")
    assert f"  {check.message}" in said().splitlines()


def test_the_doctor_names_what_is_kept(footnote: FakeInstallation) -> None:
    """All is well, and the command that deletes it is named."""
    footnote.generations.now = state(NEW, NEW, Copy.KEPT)
    (check,) = index_checks(footnote)
    assert (check.state, check.next) == (State.OK, "Delete it:  footnote index confirm")
