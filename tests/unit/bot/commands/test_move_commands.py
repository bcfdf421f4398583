"""The index moved through the command: what a person reads, what a program gets, what is refused."""

import json
from collections.abc import Callable

import pytest

from bot.cli.shell import command
from bot.cli.terminal import Terminal
from bot.commands import move
from bot.commands.doctor import Check, State, Surroundings, examine
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.index_places import Copy, Engine, IndexPlace
from pipelines.errors import BadInput, Busy, NotAllowed, TransientError
from pipelines.operation.index_sample import Sample
from pipelines.operation.moving import Moved
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation


SINCE = "2026-03-02T09:00:00+00:00"
DONE = Moved(Engine.WEAVIATE, 2, 81, 80, Sample(40, 0, 72, 97, 100))
COMPARED = (
    "  Compared: id, versions and rule of every row; words and vectors of 40 rows; 72 sample questions, whose"
    " first ten agree by 97%."
)
FORGOTTEN = (
    "What Weaviate held of the index is forgotten and was not deleted, since WEAVIATE_URL is not set: delete its"
    " collections Chunks_… there.\n"
)
Said = Callable[[], str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was written to stdout since the last look."""
    return lambda: capsys.readouterr().out


@pytest.fixture
def terminal(footnote: FakeInstallation) -> Terminal:
    """A terminal for a person."""
    return Terminal(as_json=False, installation=lambda: footnote)


def move_index(terminal: Terminal, to: Engine | None = None, *, rebuild: bool = False, confirm: bool = False) -> int:
    """Run the command."""
    return terminal.move_index(to, rebuild=rebuild, confirm=confirm)


def index_checks(footnote: FakeInstallation) -> list[Check]:
    """Return what the doctor says of the index."""
    surroundings = Surroundings(lambda _: 10**12)
    checks = examine(footnote, OPERATOR, command, surroundings).checks
    return [one for one in checks if one.name.startswith("index")]


def test_a_move_tells_what_was_compared_and_what_comes_next(
    terminal: Terminal, footnote: FakeInstallation, said: Said
) -> None:
    """Where the index is, how much was copied, how it was compared, and both commands that may follow."""
    footnote.indexes.move_outcome = DONE
    assert move_index(terminal, Engine.WEAVIATE) == 0
    assert said().splitlines() == [
        "The index is in Weaviate now: 2 knowledge bases, 81 rows of all versions, 80 of them copied just now.",
        COMPARED,
        "  What SQLite (index.db) held is kept. Delete it:  footnote move index --confirm",
        "  Go back:  footnote move index --to sqlite",
    ]


def test_a_rebuilt_index_was_not_copied(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """No figure of a copy is told where there was none."""
    footnote.indexes.move_outcome = Moved(Engine.SQLITE, 1, 81, 0, Sample())
    assert move_index(terminal, Engine.SQLITE, rebuild=True) == 0
    assert footnote.indexes.moves == [(Engine.SQLITE, True)]
    told = said()
    assert "copied" not in told
    assert "Every row was made anew from the stored files" in told


def test_a_program_gets_the_figures(footnote: FakeInstallation, said: Said) -> None:
    """One document with all that a person reads."""
    footnote.indexes.move_outcome = DONE
    assert Terminal(as_json=True, installation=lambda: footnote).move_index(
        Engine.WEAVIATE, rebuild=False, confirm=False
    ) == 0  # fmt: skip
    assert json.loads(said()) == {
        "engine": "weaviate",
        "bases": 2,
        "rows": 81,
        "copied": 80,
        "rebuilt": False,
        "compared_rows": 40,
        "sample_questions": 72,
        "overlap": 0.97,
        "moved": True,
    }


@pytest.mark.parametrize(
    ("copy", "lines"),
    [
        (None, ["  Move it to Weaviate:  footnote move index --to weaviate"]),
        (
            Copy.MOVING,
            [
                f"  A move to Weaviate was begun at {SINCE} and is not finished; questions are answered as before.",
                "  It holds 7 rows.",
                "  Go on with it:  footnote move index --to weaviate",
                "  Delete it:  footnote move index --confirm",
            ],
        ),
        (
            Copy.KEPT,
            [
                f"  What Weaviate held until {SINCE} is kept, and not kept up to date.",
                "  It holds 7 rows.",
                "  Go back:  footnote move index --to weaviate",
                "  Delete it:  footnote move index --confirm",
            ],
        ),
    ],
)
def test_without_a_target_it_tells_where_the_index_is(
    terminal: Terminal, footnote: FakeInstallation, said: Said, copy: Copy | None, lines: list[str]
) -> None:
    """Engine, rows, what the other engine holds, and the commands that fit."""
    footnote.indexes.where = IndexPlace(Engine.SQLITE, copy, SINCE)
    footnote.indexes.rows, footnote.indexes.copy_rows = 81, None if copy is None else 7
    assert move_index(terminal) == 0
    assert said().splitlines() == ["The index is in SQLite (index.db): 81 rows of all versions.", *lines]


@pytest.mark.parametrize(
    ("deleted", "sentence"),
    [
        (True, "What Weaviate held of the index was deleted.\n"),
        (
            False,
            FORGOTTEN,
        ),
    ],
)
def test_a_confirmation_says_what_is_gone(
    terminal: Terminal, footnote: FakeInstallation, said: Said, *, deleted: bool, sentence: str
) -> None:
    """Whether the former index was deleted, or could not be."""
    footnote.indexes.where = IndexPlace(Engine.SQLITE, Copy.KEPT, SINCE)
    footnote.indexes.deleted = deleted
    assert move_index(terminal, confirm=True) == 0
    assert said() == sentence


def test_one_thing_is_asked_for_at_a_time(terminal: Terminal) -> None:
    """Move and confirmation together, or a rebuilding without a target, are refused before anything is opened."""
    with pytest.raises(BadInput, match="move first, confirm later"):
        move_index(terminal, Engine.SQLITE, confirm=True)
    with pytest.raises(BadInput, match="name its target"):
        move_index(terminal, rebuild=True)


def test_a_move_that_stopped_says_how_to_go_on(terminal: Terminal, footnote: FakeInstallation) -> None:
    """The engine's own sentence, and that nothing is lost; another process's move is told as it is."""
    footnote.indexes.move_outcome = TransientError("Weaviate cannot be reached")
    with pytest.raises(
        TransientError, match=r"^Weaviate cannot be reached; the index stays where it was, and the same"
    ):
        move_index(terminal, Engine.WEAVIATE)
    footnote.indexes.move_outcome = Busy("another process moves it")
    with pytest.raises(Busy, match=r"^another process moves it$"):
        move_index(terminal, Engine.WEAVIATE)


def test_only_admins_move_the_index(footnote: FakeInstallation) -> None:
    """Anybody else learns nothing of it."""
    nobody = principal_as(["everyone"])
    with pytest.raises(NotAllowed):
        move.state(footnote, nobody)
    with pytest.raises(NotAllowed):
        move.confirm(footnote, nobody)
    with pytest.raises(NotAllowed):
        move.move(footnote, nobody, Engine.WEAVIATE, rebuild=False, progress=lambda _: None)
    assert footnote.indexes.moves == []


def test_an_address_that_is_not_used_is_warned_of(footnote: FakeInstallation) -> None:
    """Who sets WEAVIATE_URL and does not move is told where questions are answered from, and the command."""
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), "WEAVIATE_URL": "http://weaviate:8080"}
    footnote.settings = Settings.load(environ, None)
    (check,) = index_checks(footnote)
    assert check.state is State.WARN
    assert "still in SQLite" in check.message
    assert check.next == "Move it:  footnote move index --to weaviate  (or unset WEAVIATE_URL)"


@pytest.mark.parametrize(
    ("copy", "state", "next_step"),
    [
        (Copy.MOVING, State.WARN, "Go on with it:  footnote move index --to weaviate"),
        (Copy.KEPT, State.OK, "Delete it:  footnote move index --confirm"),
    ],
)
def test_the_doctor_tells_of_a_copy(footnote: FakeInstallation, copy: Copy, state: State, next_step: str) -> None:
    """A move that is not finished is a warning, one that is not confirmed a reminder."""
    footnote.indexes.where = IndexPlace(Engine.SQLITE, copy, SINCE)
    check = index_checks(footnote)[-1]
    assert (check.name, check.state, check.next) == ("index copy", state, next_step)
    assert SINCE in check.message
