"""The edge of the terminal: whatever happens, one exit code and at most one sentence."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer import Abort

from bot.cli.edge import run
from bot.cli.faults import KINDS
from pipelines import errors
from pipelines.errors import FootnoteError, NotFound


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of this test's own, and no `.env`."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def raising(error: BaseException) -> object:
    """Return a command line that fails."""

    def invoke(_words: Sequence[str]) -> int:
        raise error

    return invoke


def test_every_error_of_ours_has_its_kind_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Each class of `pipelines.errors` is told by its own name, exit code and message."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, FootnoteError)]
    assert {kind for kind, _, _ in KINDS} == set(classes)
    for kind, name, code in KINDS:
        assert run(["--json"], raising(kind("it broke"))) == code  # type: ignore[arg-type]
        assert json.loads(capsys.readouterr().out) == {"error": {"kind": name, "message": "it broke"}}


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (ZeroDivisionError("secret detail"), 3, "unexpected"),
        (RecursionError(), 3, "unexpected"),
        (MemoryError(), 3, "unexpected"),
        (OSError(28, "No space left on device", "/data/index.db"), 3, "system"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (Abort(), 130, "interrupted"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(
    error: BaseException, code: int, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback and no inner message reaches a person; a program gets the kind."""
    assert run([], raising(error)) == code  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "Traceback" not in told.err
    assert "secret detail" not in told.err
    assert run(["--json"], raising(error)) == code  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["kind"] == kind
    assert told.err == ""


def test_a_full_disk_names_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal of the system is told with its reason, its file and a way out."""
    run([], raising(OSError(28, "No space left on device", "/data/index.db")))  # type: ignore[arg-type]
    told = capsys.readouterr().err
    assert "“No space left on device” for /data/index.db" in told
    assert "free space" in told


def test_the_traceback_is_there_for_who_asks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """FOOTNOTE_DEBUG=1 shows where an unexpected error came from, on stderr, beside the sentence."""
    monkeypatch.setenv("FOOTNOTE_DEBUG", "1")
    assert run(["--json"], raising(ZeroDivisionError("detail"))) == 3  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert "ZeroDivisionError: detail" in told.err
    assert json.loads(told.out)["error"]["kind"] == "unexpected"


def test_a_folder_that_is_gone_hides_no_other_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the working folder was removed and a setting is relative to it, that is one sentence too."""
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", "data")
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert run(["kb", "list"]) == 3
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_bad_settings_hide_no_other_fault(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error with unreadable settings is still one sentence."""
    monkeypatch.setenv("FOOTNOTE_DEBUG", "perhaps")
    assert run([], raising(ZeroDivisionError())) == 3  # type: ignore[arg-type]
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_message_cannot_take_effect(capsys: pytest.CaptureFixture[str]) -> None:
    """A name in an error message cannot colour the terminal."""
    run([], raising(NotFound("there is no base called '\x1b[31mred'")))  # type: ignore[arg-type]
    assert capsys.readouterr().err == "there is no base called '[31mred'\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["kb", "nonsense"],
        ["ask"],
        ["ask", "--limit", "0", "x"],
        ["ask", "--limit", "many", "x"],
        ["kb", "sync"],
        ["kb", "promote", "handbook", "latest"],
        ["kb", "status", "a", "b"],
        ["--nonsense"],
    ],
)
def test_a_command_line_that_cannot_be_read(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Usage errors are exit code 2 with a sentence and where the help is; in JSON too."""
    assert run(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Error: ")
    assert told.err.splitlines()[-1].endswith("--help")
    assert run([*words, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["kind"] == "usage"
    assert told.err == ""


@pytest.mark.parametrize("value", ["21", "0", "-1", "abc", "1.5", "", "9" * 5000])
@pytest.mark.parametrize("words", [["ask", "x"], ["chat"]])
def test_a_number_of_citations_names_its_limit(
    words: list[str], value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no number of citations is told in one sentence with option, value and limit."""
    assert run([*words, f"--limit={value}", "--json"]) == 2
    message = json.loads(capsys.readouterr().out)["error"]["message"]
    assert message == f"Invalid value for '--limit': {value!r} is not a whole number from 1 to 20."


@pytest.mark.parametrize("words", [["kb", "promote", "handbook", "latest"], ["kb", "rollback", "handbook", "--to=1.5"]])
def test_a_version_is_a_number(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be a version's number is told in our words, with its value."""
    assert run(words) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith("Error: Invalid value for ")
    assert first.endswith(f"{words[-1].removeprefix('--to=')!r} is not a whole number.")


def test_bad_settings_are_told_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fault of the settings is named before anything is opened, with exit code 2."""
    monkeypatch.setenv("FOOTNOTE_EMBEDDER", "gpt")
    monkeypatch.setenv("WEAVIATE_URL", "w")
    assert run(["kb", "list"]) == 2
    told = capsys.readouterr().err
    assert "FOOTNOTE_EMBEDDER" in told
    assert "WEAVIATE_URL" in told


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["kb"], ["kb", "--help"], ["ask", "--help"]])
def test_help_is_on_stdout(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Help is exit code 0 on stdout, also where only half a command was typed."""
    assert run(words) == 0
    assert "Usage: footnote" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """`--version` names the program first."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("footnote")


def test_json_behind_two_dashes_is_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands behind `--` is text, so the error is told to a person."""
    run(["ask", "--", "--json"], raising(NotFound("nothing")))  # type: ignore[arg-type]
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "nothing\n")
