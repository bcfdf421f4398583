"""What a person at a terminal reads, command by command, and the exit codes."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.options import Platform
from bot.cli.terminal import Terminal
from pipelines.domain.conversation import Answer, Outcome
from pipelines.domain.knowledge import Rejection, SyncResult
from pipelines.errors import BadInput, BadSettings, Busy, NotFound, TransientError
from pipelines.settings import Settings
from tests.fakes.answers import answer
from tests.fakes.installation import FakeInstallation
from tests.fakes.slack_server import FakeSlack


Said = Callable[[], str]


@pytest.fixture
def terminal(footnote: FakeInstallation) -> Terminal:
    """A terminal for a person."""
    return Terminal(as_json=False, installation=lambda: footnote)


@pytest.fixture
def json_terminal(footnote: FakeInstallation) -> Terminal:
    """A terminal for a program."""
    return Terminal(as_json=True, installation=lambda: footnote)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was written to stdout since the last look."""
    return lambda: capsys.readouterr().out


def test_adding_tells_how_to_open_and_fill(terminal: Terminal, folder: Path, said: Said) -> None:
    """After `kb add` the next two commands stand ready to be copied, quoted for the shell."""
    assert terminal.add("the handbook", folder) == 0
    assert said().splitlines() == [
        f"Added the handbook, which takes its documents from {folder}.",
        "Only admins can read it now. To open it to all members:  footnote kb access 'the handbook' --allow everyone",
        "Read its documents in:  footnote kb sync 'the handbook'",
    ]


def test_a_list_of_nothing_tells_how_to_begin(terminal: Terminal, said: Said) -> None:
    """Without a base, `kb list` names the command that adds one."""
    assert terminal.list_all() == 0
    assert said() == "There is no knowledge base yet. Add one:  footnote kb add NAME FOLDER\n"


def test_the_life_of_a_base_in_words(terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said) -> None:
    """List, status, versions, roll-back, promote, unpin and access each tell what is and what to do."""
    terminal.add("handbook", folder)
    said()
    terminal.list_all()
    assert said() == f"handbook: no version yet, from {folder}\n"
    terminal.status("handbook")
    assert "Readers see nothing yet" in said()
    footnote.publish("handbook", rejected=(Rejection("a.pdf", "encrypted"),))
    footnote.publish("handbook")
    terminal.roll_back("handbook", None)
    assert said() == (
        "Readers of handbook see version 1 now, and it is pinned: no sync changes that until  "
        "footnote kb unpin handbook\n"
    )
    terminal.status("handbook")
    assert "It is pinned: no sync changes what readers see until  footnote kb unpin handbook" in said()
    terminal.versions("handbook")
    assert said().splitlines()[1].endswith("<- readers see this")
    not_pinned = "see version {} now, and it is not pinned: the next sync shows them the newest one.\n"
    terminal.promote("handbook", 2)
    assert said() == "Readers of handbook " + not_pinned.format(2)
    terminal.roll_back("handbook", 1)
    said()
    terminal.unpin("handbook")
    assert said() == "Readers of handbook " + not_pinned.format(1)
    terminal.access("handbook", ["everyone"], [], ["group:hr"])
    assert said() == "handbook can be read by admins and: everyone, group:hr\n"
    terminal.access("handbook", [], ["everyone"], ["group:hr"])
    assert said() == "Only admins can read handbook.\n"


def test_a_base_without_a_version_is_told_so(
    terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said
) -> None:
    """Where syncs ended and took no document, nothing says that it was never synced or is up to date."""
    terminal.add("handbook", folder)
    said()
    terminal.unpin("handbook")
    assert said() == "handbook has no version yet, and it is not pinned: its first one is shown to readers.\n"
    footnote.sync_outcomes = [SyncResult(0, rejected=(Rejection("a.pdf", "encrypted"),), promoted=True)]
    terminal.sync("handbook", dry_run=False)
    assert said().splitlines()[0] == "handbook has no version yet: no document of its source could be taken."
    terminal.status("handbook")
    assert said().splitlines()[1] == "  Readers see nothing yet: it has no version."


def test_failed_files_in_words(terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said) -> None:
    """`kb failed` names each file and reason on one line, even where the name holds line ends."""
    terminal.add("handbook", folder)
    said()
    terminal.failed("handbook")
    assert said() == "No sync has ended yet. Start one:  footnote kb sync handbook\n"
    footnote.publish("handbook")
    terminal.failed("handbook")
    assert said() == "The newest sync of handbook took every file.\n"
    footnote.publish("handbook", rejected=(Rejection("a\nb\x1b[31m.pdf", "encrypted"),))
    terminal.failed("handbook")
    assert said() == "a b[31m.pdf: encrypted\n"


def test_a_failed_sync_took_no_file(terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said) -> None:
    """Where the newest sync failed as a whole, `kb failed` says so and why, before older rejections."""
    terminal.add("handbook", folder)
    footnote.break_sync("handbook", TransientError("the disk is full"))
    said()
    terminal.failed("handbook")
    failure = [
        "The newest sync of handbook failed: the disk is full",
        "When that is mended, sync again:  footnote kb sync handbook",
    ]
    assert said().splitlines() == failure
    footnote.publish("handbook", rejected=(Rejection("a.pdf", "encrypted"),))
    footnote.break_sync("handbook", TransientError("the disk is full"))
    terminal.failed("handbook")
    assert said().splitlines() == [*failure, "A sync before it could not take:", "a.pdf: encrypted"]


@pytest.mark.parametrize(
    ("result", "dry_run", "expected"),
    [
        (SyncResult(2, added=1, chunks_added=3, promoted=True), False, "handbook is now at version 2."),
        (SyncResult(2, unchanged=4, promoted=True), False, "handbook is now at version 2."),
        (SyncResult(1, unchanged=4, promoted=True), False, "handbook is up to date (version 1)."),
        (SyncResult(2, unchanged=4), False, "the base is pinned. Show it:  footnote kb promote handbook 2"),
        (SyncResult(2, removed=1), False, "the base is pinned. Show it:  footnote kb promote handbook 2"),
        (SyncResult(2, added=1), True, "A sync of handbook would change this:"),
        (SyncResult(2, unchanged=4), True, "A sync of handbook would change nothing."),
    ],
)
def test_how_a_sync_ended(  # noqa: PLR0917 - pytest hands fixtures over by name
    terminal: Terminal,
    footnote: FakeInstallation,
    folder: Path,
    said: Said,
    result: SyncResult,
    dry_run: bool,  # noqa: FBT001 - a parameter of the test
    expected: str,
) -> None:
    """The first line says whether readers, who saw version 1 until then, see something new."""
    terminal.add("handbook", folder)
    footnote.publish("handbook")
    said()
    footnote.sync_outcomes = [result]
    assert terminal.sync("handbook", dry_run=dry_run) == 0
    assert said().splitlines()[0].endswith(expected)


def test_a_sync_names_ten_files_that_were_not_taken(
    terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said
) -> None:
    """The rest is counted, with the command that lists all."""
    terminal.add("handbook", folder)
    said()
    footnote.sync_outcomes = [SyncResult(1, rejected=tuple(Rejection(f"{n:02}.pdf", "empty") for n in range(12)))]
    terminal.sync("handbook", dry_run=False)
    lines = said().splitlines()
    assert lines[1] == "  12 files could not be taken:"
    assert lines[2:4] == ["    00.pdf: empty", "    01.pdf: empty"]
    assert lines[-1] == "    and 2 more:  footnote kb failed handbook"
    assert len(lines) == 13


def test_a_dry_run_names_what_would_change(
    terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said
) -> None:
    """Each kind of change is listed by path, and what is beyond the list is counted; a real sync only counts."""
    terminal.add("handbook", folder)
    said()
    result = SyncResult(
        1, added=3, changed=1, renamed=1, removed=1, added_paths=("a\n.md", "b.md"), changed_paths=("c.md",),
        renamed_paths=(("d.md", "e.md"),), removed_paths=("f.md",),
    )  # fmt: skip
    footnote.sync_outcomes = [result, result]
    terminal.sync("handbook", dry_run=True)
    assert said().splitlines()[4:] == [
        "  Would be added:", "    a .md", "    b.md", "    … and 1 more",
        "  Would be changed:", "    c.md",
        "  Would be renamed:", "    d.md → e.md",
        "  Would be removed:", "    f.md",
    ]  # fmt: skip
    terminal.sync("handbook", dry_run=False)
    assert "a .md" not in said()


def test_removing_asks_and_needs_a_person(
    terminal: Terminal, json_terminal: Terminal, footnote: FakeInstallation, folder: Path
) -> None:
    """Where nobody can be asked, `--yes` is needed; nothing was removed."""
    terminal.add("handbook", folder)
    for one in (terminal, json_terminal):
        with pytest.raises(BadInput, match="add --yes"):
            one.remove("handbook", confirmed=False)
    assert footnote.records.bases.get("handbook").name == "handbook"
    with pytest.raises(NotFound):
        terminal.remove("nothing", confirmed=True)


class Person(io.StringIO):
    """What a person types at a terminal."""

    def isatty(self) -> bool:
        """Say that a person is there."""
        return True


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("y\n", 0, "Removed handbook. Its source was not touched.\n"),
        ("YES\n", 0, "Removed handbook. Its source was not touched.\n"),
        ("n\n", 1, "Kept handbook.\n"),
        ("\n", 1, "Kept handbook.\n"),
        ("", 1, "Kept handbook.\n"),
    ],
)
def test_only_a_yes_removes(  # noqa: PLR0917 - as above
    terminal: Terminal,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    code: int,
    told: str,
) -> None:
    """Anything but yes keeps the base, and the exit code tells."""
    terminal.add("handbook", folder)
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", Person(typed))
    assert terminal.remove("handbook", confirmed=False) == code
    captured = capsys.readouterr()
    assert captured.out == told
    assert "Remove handbook" in captured.err


@pytest.mark.parametrize(
    ("outcome", "code"), [(Outcome.ANSWER, 0), (Outcome.CLARIFY, 0), (Outcome.REFUSAL, 1), (Outcome.ERROR, 3)]
)
def test_the_exit_code_tells_the_outcome(
    terminal: Terminal, footnote: FakeInstallation, outcome: Outcome, code: int
) -> None:
    """A script can tell an answer from a refusal and from a failure."""
    footnote.answers = [Answer(outcome, "x")]
    assert terminal.ask("x?", [], 4, []) == code


def test_asking_as_somebody_has_their_rights_only(terminal: Terminal, footnote: FakeInstallation) -> None:
    """`--as` replaces the operator by exactly those readers; without it an admin asks."""
    terminal.ask("x?", [], 4, ["user:anna", "group:HR"])
    terminal.ask("x?", [], 4, [])
    member, operator = (one.principal for one in footnote.asked)
    assert not member.admin
    assert member.readers == {"user:anna", "group:HR", "everyone", "public"}
    assert operator.admin


def test_json_is_the_result_and_nothing_else(
    json_terminal: Terminal, footnote: FakeInstallation, folder: Path, said: Said
) -> None:
    """With --json each command writes one document in ASCII."""
    hostile = answer("Straße \x1b[31m [1]")
    footnote.answers = [hostile]
    json_terminal.add("handbook", folder)
    assert json.loads(said())["readers"] == []
    json_terminal.ask("x?", [], 4, [])
    text = said()
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text) == json.loads(json.dumps(hostile.as_json()))
    for act in (json_terminal.list_all, json_terminal.doctor, lambda: json_terminal.versions("handbook")):
        act()
        assert isinstance(json.loads(said()), dict)


def test_what_the_parts_print_stays_off_stdout(footnote: FakeInstallation, capsys: pytest.CaptureFixture[str]) -> None:
    """A library that prints does not spoil the JSON."""

    class Chatty(FakeInstallation):
        def ask(self, question: object) -> Answer:
            print("loading …")  # noqa: T201 - as a library would
            return super().ask(question)  # type: ignore[arg-type]

    chatty = Chatty(footnote.settings, footnote.records)
    Terminal(as_json=True, installation=lambda: chatty).ask("x?", [], 4, [])
    captured = capsys.readouterr()
    assert json.loads(captured.out)["outcome"] == "refusal"
    assert "loading" in captured.err


def test_the_installation_is_closed_whatever_happens(terminal: Terminal, footnote: FakeInstallation) -> None:
    """After a fault too, everything that was opened is closed, once."""
    footnote.answers = [TransientError("in a minute")]
    with pytest.raises(TransientError):
        terminal.ask("x?", [], 4, [])
    assert footnote.closed == 1


def test_readers_after_two_options_are_ambiguous(terminal: Terminal, footnote: FakeInstallation) -> None:
    """A second reader may follow one option; with both, or none, it is a mistake."""
    for allow, remove in ((["everyone"], ["group:hr"]), ([], [])):
        with pytest.raises(BadInput, match=r"^Write --allow or --remove before each reader\.$"):
            terminal.access("handbook", allow, remove, ["user:anna"])
    assert footnote.closed == 0


def test_a_chat_over_a_base_that_is_not_there_does_not_begin(
    terminal: Terminal, footnote: FakeInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A misspelt base is told before the first question, as `ask` tells it."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("one?\n"))
    with pytest.raises(NotFound, match="handbok"):
        terminal.chat(["handbok"], 4, [])
    assert (footnote.asked, footnote.closed) == ([], 1)


def test_a_piped_chat_answers_line_by_line(
    terminal: Terminal, footnote: FakeInstallation, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank lines are nothing, /quit ends, and what follows it is not read."""
    footnote.answers = [answer("First. [1]"), answer("Second. [1]")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("one?\n\n  two? \n/quit\nthree?\n"))
    assert terminal.chat([], 4, []) == 0
    assert [one.text for one in footnote.asked] == ["one?", "two?"]
    assert said().startswith("First. [1]\n\n[1] Leave policy")


def test_a_chat_goes_on_after_a_fault(
    terminal: Terminal,
    footnote: FakeInstallation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A question that fails is told on stderr, the next one is answered, and the exit code remembers."""
    footnote.answers = [Busy("somebody else is at it"), answer("Second. [1]")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("one?\ntwo?\n"))
    assert terminal.chat([], 4, []) == 3
    captured = capsys.readouterr()
    assert captured.err == "Error: somebody else is at it\n"
    assert captured.out.startswith("Second.")


def test_a_chat_in_json_is_one_document(
    json_terminal: Terminal, footnote: FakeInstallation, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All exchanges come in one document at the end, faults among them."""
    footnote.answers = [answer(), TransientError("in a minute")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("one?\ntwo?"))
    assert json_terminal.chat([], 4, []) == 3
    exchanges = json.loads(said())["exchanges"]
    assert [one["question"] for one in exchanges] == ["one?", "two?"]
    assert exchanges[0]["answer"]["outcome"] == "answer"
    assert exchanges[1]["error"] == {"kind": "transient", "message": "in a minute"}


def test_a_chat_explains_how_to_pick(
    terminal: Terminal, footnote: FakeInstallation, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a question back, the chat says how to answer it."""
    footnote.answers = [Answer(Outcome.CLARIFY, "Which?", choices=("A?", "B?"))]
    monkeypatch.setattr(sys, "stdin", io.StringIO("one?\n2\n"))
    terminal.chat([], 4, [])
    assert "Type the number of the question that you mean" in said()
    assert footnote.asked[1].text == "B?"


def test_the_doctor_in_words(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """Each check is a line with its state; what to do next stands below; the settings follow."""
    assert terminal.doctor() == 0
    lines = said().splitlines()
    assert lines[0].startswith("ok    Python 3.")
    assert "      Add one:  footnote kb add NAME FOLDER" in lines
    assert lines[-1] == f"  FOOTNOTE_DATA_DIR = {footnote.settings.data_dir}"


def test_the_doctor_fails_when_something_is_broken(terminal: Terminal, footnote: FakeInstallation) -> None:
    """A check that fails is exit code 3."""
    footnote.settings.data_dir.joinpath("x").touch()
    footnote.settings = footnote.settings.model_copy(update={"data_dir": footnote.settings.data_dir / "x"})
    assert terminal.doctor() == 3


def test_the_doctor_of_slack_says_that_slack_is_off(terminal: Terminal, said: Said) -> None:
    """Without a token nothing fails, and the way to one is named."""
    assert terminal.doctor(Platform.SLACK) == 0
    lines = said().splitlines()
    assert lines[0].startswith("warn  Slack is off")
    assert "footnote manifest slack --socket-mode" in lines[1]


def test_the_doctor_looks_at_slack_where_it_is_on(terminal: Terminal, footnote: FakeInstallation, said: Said) -> None:
    """One call of Slack's is among all checks, and a token that Slack does not know is exit code 3."""
    with FakeSlack() as slack:
        environ = {"SLACK_BOT_TOKEN": "xoxb-nobody", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": slack.api_url}
        data = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir)}
        footnote.settings = Settings.load(environ | data, None)
        assert terminal.doctor() == 3
        assert [one.method for one in slack.calls] == ["auth.test"]
        assert "Slack refused auth.test: invalid_auth." in said()
        assert terminal.doctor(Platform.SLACK) == 3
        assert [one.method for one in slack.calls] == ["auth.test", "auth.test", "apps.connections.open"]
        assert "xoxb-nobody" not in said()


def test_the_manifest_of_slack_is_json_for_a_person_too(
    terminal: Terminal, json_terminal: Terminal, said: Said
) -> None:
    """What is copied into Slack's page is the same with and without --json; only its lines differ."""
    assert terminal.manifest_slack(socket_mode=True) == 0
    shown = said()
    assert json_terminal.manifest_slack(socket_mode=True) == 0
    document = said()
    assert json.loads(shown) == json.loads(document)
    assert len(shown.splitlines()) > 50
    assert len(document.splitlines()) == 1
    with pytest.raises(BadSettings, match="FOOTNOTE_PUBLIC_URL"):
        terminal.manifest_slack(socket_mode=False)
