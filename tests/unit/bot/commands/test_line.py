"""The words of `/kb`: what each verb does, and that whatever is typed is answered."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import line_texts, sync_texts, texts
from bot.commands import kb
from bot.commands.line import Caller, Reply, run
from bot.commands.line_actions import VERBS
from bot.commands.line_verbs import Verb
from bot.commands.line_words import words_of
from pipelines.adapters.records.database import Database
from pipelines.adapters.records.sql_records import SqlRecords
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from pipelines.domain.knowledge import Rejection
from pipelines.errors import BadSettings, TransientError
from pipelines.settings import Settings
from tests.examples import examples
from tests.fakes.installation import FakeInstallation


CHANNEL = "channel:slack:T1:C1"
ADMIN = Caller(Principal("Ada", frozenset({"user:ada@example.org", "everyone", "public"}), admin=True), CHANNEL)
ANNA = Caller(principal_as(["user:anna@example.org"]), CHANNEL)
NAME = "Human Resources"
QUOTED = '"Human Resources"'


@pytest.fixture
def resources(footnote: FakeInstallation, folder: Path) -> FakeInstallation:
    """One base, whose name has a blank, with one version."""
    kb.add(footnote, OPERATOR, NAME, folder)
    footnote.publish(NAME)
    return footnote


def lines(footnote: FakeInstallation, text: str, caller: Caller = ADMIN) -> tuple[str, ...]:
    """Return the lines that answer what was typed."""
    return run(footnote, caller, text).lines


def line(footnote: FakeInstallation, text: str, caller: Caller = ADMIN) -> str:
    """Return the one line that answers what was typed."""
    (only,) = lines(footnote, text, caller)
    return only


# --- who may what -------------------------------------------------------------------


@pytest.mark.parametrize("verb", [one for one in VERBS if one.admins], ids=lambda one: one.name)
def test_who_is_no_admin_is_refused_in_the_same_words(resources: FakeInstallation, verb: Verb) -> None:
    """Whether the base exists, and whether the line could be read at all."""
    name, first = verb.name, verb.first_word
    typed = [f"{name} {QUOTED}", f"{name} nothing", name, f'{name} "open', f"{name} --no-option x y z"]
    typed += [f"help {name}", f"help {first}", first, f"{first} x"]
    assert {lines(resources, one, ANNA) for one in typed} == {(texts.admins_only(),)}


def test_help_lists_what_the_caller_may_use(resources: FakeInstallation) -> None:
    """An admin sees every verb, anybody else those three that are open; a line without words asks for help."""
    for typed in ("", "  ", "help", "HELP"):
        reply = run(resources, ADMIN, typed)
        assert [one.split("  ")[0].rstrip() for one in reply.lines[:-1]] == [f"/kb {one.short_form}" for one in VERBS]
        assert reply.columns
    shown = lines(resources, "help", ANNA)
    assert [one.split()[1] for one in shown[:-1]] == ["help", "ask", "list"]
    assert shown[-1] == "More about one of them:  /kb help VERB"


def test_help_explains_one_verb(resources: FakeInstallation) -> None:
    """Its form, what it does, and what each argument and option means."""
    assert lines(resources, "help rollback") == (
        "/kb rollback NAME [--to V]",
        "Lets readers see an older version, and pins it: no sync changes that until you lift it.",
        "  NAME    Name of the knowledge base.",
        "  --to V  The version; else the one before.",
    )
    assert lines(resources, "help bases", ANNA) == ("/kb list", "Lists the knowledge bases.")
    assert [one.split()[2] for one in lines(resources, "help route")[:-1]] == [
        "list", "set", "share", "off", "rollback",
    ]  # fmt: skip
    assert lines(resources, "help Route  off")[0] == "/kb route off [--kb NAME] [--for WHO]"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("snyc x", "/kb sync NAME …"),
        ("base", "/kb list"),
        ("ruote", "/kb help route"),
        ("help stats", "/kb status NAME"),
        ("asl How long?", "/kb ask QUESTION"),
    ],
)
def test_the_nearest_verb_is_named(resources: FakeInstallation, typed: str, meant: str) -> None:
    """A word that is no verb gets one sentence."""
    assert line(resources, typed) == f"There is no such command. Did you mean  {meant}"


def test_who_types_a_question_is_told_how_to_ask(resources: FakeInstallation) -> None:
    """A line that is like no verb leads to help and to asking, and to nothing that the caller may not use."""
    told = line(resources, "how long is parental leave?", ANNA)
    assert told == line_texts.unknown_verb("en", "/kb help", "/kb ask QUESTION")
    assert "sync" not in line(resources, "snyc x", ANNA)


def test_a_verb_of_two_words_needs_both(resources: FakeInstallation) -> None:
    """All that begin with the word are named."""
    for typed in ("route", "route lst"):
        assert line(resources, typed).endswith("/kb route off …,  /kb route rollback …")


# --- what is typed ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("status", "NAME is missing. Write:  /kb status NAME"),
        ("status Human Resources", "There is a word too many"),
        ("sync x --now", "There is no such option. Write:  /kb sync NAME [--accept-loss]"),
        ("sync x --accept-loss=yes", "--accept-loss takes no value."),
        ("rollback x --to", "--to needs a value behind it."),
        ("schedule x --every --yes", "--every needs a value behind it."),
        ('status "Human', "A quotation has no end"),
        ("promote x one", "'one' is not a whole number."),
        ("auto maybe", "auto is one of: on, off."),
        (f"answers {QUOTED} --own-words hide", "--own-words is one of: show, withhold."),
        (f"schedule {QUOTED} --every 3s", "--every takes an interval"),
        (f"access {QUOTED} --allow hr", "'hr' is not a reader"),
        ("ask", "Write the question behind it:  /kb ask QUESTION"),
        ("status nothing", "there is no knowledge base called 'nothing'"),
        ("route off", "a route is for a knowledge base, a channel or a group"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(resources: FakeInstallation, typed: str, told: str) -> None:
    """The line names what is wrong and how it is written."""
    assert line(resources, typed).startswith(told)


def test_phones_and_desktops_may_write_their_own_quotes_and_dashes(resources: FakeInstallation) -> None:
    """Curly quotes, long dashes and a capital letter at the beginning are understood."""
    assert run(resources, ADMIN, "Sync “Human Resources” —accept-loss").job is not None
    assert line(resources, "Schedule ‘human resources’ –every=6h").startswith(f"{NAME} is synced every 6h")


def test_a_named_command_can_be_typed(resources: FakeInstallation) -> None:
    """What an answer tells to type is understood as it stands, whatever the base is called."""
    asked = line(resources, f"remove {QUOTED}").partition("  ")[2]
    assert asked == '/kb remove "Human Resources" --yes'
    assert line(resources, asked.removeprefix("/kb ")) == texts.base_removed(NAME)


@given(st.text(min_size=1), st.text().filter(lambda value: not value.startswith("--")))
def test_every_command_that_is_named_is_read_as_it_was_meant(name: str, value: str) -> None:
    """The name is one word and no option, and so is what stands behind an option."""
    command = ADMIN.command("kb access", name, "--allow", value)
    words = words_of(command.removeprefix("/kb "))
    assert [one.text for one in words] == ["access", name, "--allow", value]
    assert [one.is_option for one in words] == [False, False, True, False]


def test_another_platform_has_another_prefix(resources: FakeInstallation) -> None:
    """The commands that are named are written as its people type them."""
    teams = replace(ADMIN, prefix="@Footnote")
    assert line(resources, f"remove {QUOTED}", teams).endswith('@Footnote remove "Human Resources" --yes')


# --- what comes of it ---------------------------------------------------------------


def test_a_question_is_handed_to_the_platform(resources: FakeInstallation) -> None:
    """Its words stay as they were typed, and nothing is told."""
    typed = 'ask  What\'s “own words” — and\nwhy "so"?'
    assert run(resources, ANNA, typed) == Reply(question='What\'s “own words” — and\nwhy "so"?')


def test_a_sync_is_queued_with_its_consent(resources: FakeInstallation) -> None:
    """The reply has the number of the job, whose end the platform tells."""
    reply = run(resources, ADMIN, f"sync {QUOTED} --accept-loss")
    assert reply.job is not None
    assert resources.records.jobs.lease(reply.job, "a test", 60).job.payload == {"accept_loss": True}
    assert reply.lines == (sync_texts.queued(NAME, reply.job, f"/kb status {QUOTED}"),)


def test_a_base_is_added_with_its_options(footnote: FakeInstallation, folder: Path) -> None:
    """Every option of a source reaches it; its creator can read it."""
    told = lines(
        footnote,
        f"add docs '{folder}' --branch main --subfolder a/b --include 'a/**' --include b --exclude c"
        " --link-template https://x/{path} --token-env FOOTNOTE_SECRET_A --key-file /k",
    )
    assert told[0] == f"Added docs, which takes its documents from {folder}."
    assert told[1:] == (
        "It can be read by admins and: user:ada@example.org",
        "Read its documents in:  /kb sync docs",
    )
    options = footnote.records.bases.source(footnote.records.bases.get("docs").id).options
    assert options.as_json() == {
        "branch": "main", "subfolder": "a/b", "include": ["a/**", "b"], "exclude": ["c"],
        "link_template": "https://x/{path}", "token_env": "FOOTNOTE_SECRET_A", "key_file": "/k",
    }  # fmt: skip


def test_a_base_is_shown(resources: FakeInstallation) -> None:
    """Status, failed files and versions are told as in the terminal, indented where they belong to a line."""
    resources.publish(NAME, rejected=(Rejection("a\n.pdf", "encrypted"),))
    status = lines(resources, f"status {QUOTED}")
    assert status[:2] == (NAME, "  Readers see version 2.")
    assert status[-1] == '  1 file could not be taken; the reasons:  /kb failed "Human Resources"'
    assert line(resources, f"failed {QUOTED}") == "a .pdf: encrypted"
    assert [one[:11] for one in lines(resources, f"versions {QUOTED}")] == ["2  promoted", "1  promoted"]
    assert run(resources, ADMIN, f"versions {QUOTED}").columns
    assert lines(resources, "list")[0].startswith(f"{NAME}: 0 documents, version 2, from ")


def test_versions_are_changed(resources: FakeInstallation) -> None:
    """Back, to a number, and the pin lifted."""
    resources.publish(NAME)
    resources.publish(NAME)
    pinned = "now, and it is pinned"
    assert f"version 2 {pinned}" in line(resources, f"rollback {QUOTED}")
    assert f"version 1 {pinned}" in line(resources, f"rollback {QUOTED} --to 1")
    assert "version 3 now, and it is not pinned" in line(resources, f"promote {QUOTED} 3")
    line(resources, f"rollback {QUOTED}")
    assert "not pinned" in line(resources, f"unpin {QUOTED}")
    assert "no version 99999999999999999999" in line(resources, f"promote {QUOTED} 99999999999999999999")


def test_readers_are_changed(resources: FakeInstallation) -> None:
    """Several are let in and taken out at once."""
    typed = f"access {QUOTED} --allow everyone --allow=group:hr"
    assert line(resources, typed) == f"{NAME} can be read by admins and: everyone, group:hr"
    assert line(resources, f"access {QUOTED} --remove everyone").endswith(": group:hr")


def test_rules_of_answers_are_changed(resources: FakeInstallation) -> None:
    """Style, own words and budgets; empty quotes take the style back."""
    typed = (
        f"answers {QUOTED} --style 'Short. Don’t joke.' --own-words Withhold --tokens-per-day 10 --money-per-day 2.5"
    )
    told = lines(resources, typed)
    assert told[2:5] == (
        "    Short. Don’t joke.",
        "  Sentences in a language model's own words are withheld.",
        "  Budget of a day for written answers: 10 tokens and 2.50 of money.",
    )
    assert "Nothing is said" in lines(resources, f"answers {QUOTED} --style “”")[1]


def test_a_removal_is_confirmed_by_an_option(resources: FakeInstallation) -> None:
    """Without it nothing is removed, and it is said what would be."""
    assert "its source stays as it is" in line(resources, f"remove {QUOTED}")
    assert [one.name for one in resources.records.bases.all()] == [NAME]
    assert line(resources, f"remove {QUOTED} --yes") == texts.base_removed(NAME)
    assert resources.records.bases.all() == ()


def test_a_channel_is_bound_where_it_was_typed(resources: FakeInstallation) -> None:
    """The readers of the base are told with it; in a direct message there is nothing to bind."""
    reads = f"{NAME} can be read by admins and: {CHANNEL}"
    assert lines(resources, f"bind {QUOTED}") == (line_texts.bound("en", NAME, changed=True), reads)
    assert lines(resources, f"bind {QUOTED}") == (line_texts.bound("en", NAME, changed=False), reads)
    assert lines(resources, f"unbind {QUOTED}") == (
        line_texts.unbound("en", NAME, changed=True), f"Only admins can read {NAME}.",
    )  # fmt: skip
    direct = replace(ADMIN, channel="")
    for typed in (f"bind {QUOTED}", f"unbind {QUOTED}", "auto on", "auto"):
        assert line(resources, typed, direct) == line_texts.only_in_channels("en")


def test_a_channel_is_answered_unasked(resources: FakeInstallation) -> None:
    """Without a word it is only told."""
    told = [line(resources, typed) for typed in ("auto", "auto On", "auto", "auto off", "auto")]
    on, off = line_texts.auto("en", on=True), line_texts.auto("en", on=False)
    assert told == [off, on, on, off, off]
    assert resources.records.channels.auto_answer() == frozenset()


def test_routes_are_changed(resources: FakeInstallation) -> None:
    """Each verb of `model route`."""
    assert lines(resources, "route list")[0].endswith("/kb route set MODEL --kb NAME --share 5")
    rule = "--share 25 --canary leave-2 --canary-share 5"
    assert "leave-1 answers 25 %" in lines(resources, f"route set leave-1 --kb {QUOTED} --for group:hr {rule}")[0]
    assert "leave-1 answers 50 %" in lines(resources, f"route share 50 --kb {QUOTED} --for group:hr")[0]
    assert "off: the base model answers" in lines(resources, f"route off --kb {QUOTED} --for group:hr")[0]
    assert "leave-1 answers 50 %" in lines(resources, f"route rollback --kb {QUOTED} --for group:hr")[0]
    assert "leave-1 answers 50 %" in lines(resources, "route list")[0]


@pytest.mark.parametrize("fault", [TransientError("the database is away"), BadSettings("one\nand another")])
def test_an_error_becomes_its_sentence(resources: FakeInstallation, fault: Exception) -> None:
    """On one line, whatever its kind."""

    def broken(*_: object) -> bool:
        raise fault

    resources.records.bases.unpin = broken  # type: ignore[method-assign,assignment]
    assert line(resources, f"unpin {QUOTED}") == str(fault).replace("\n", " ")


# --- whatever is typed --------------------------------------------------------------

PIECES = st.sampled_from(
    [word for one in VERBS for word in one.name.split()]
    + sorted({option.name for one in VERBS for option in one.options})
    + [NAME, QUOTED, "“Human Resources”", "Human", "--", "—yes", "–to", "'", "on", "off", "1", "-1", "1_0", "9" * 30]
    + ["everyone", "group:hr", "channel:", "6h", "2.50", "show", "\x00", "\ud800", "\n", "~nobody", "https://[", "="]
)
TYPED = st.text() | st.builds(" ".join, st.lists(PIECES | st.text(max_size=5), max_size=8))


@contextmanager
def installation(empty_records: Path) -> Iterator[FakeInstallation]:
    """Open a new installation with one base."""
    with tempfile.TemporaryDirectory() as folder:
        copy(empty_records, Path(folder, "records.db"))
        chosen = Settings.load({"FOOTNOTE_DATA_DIR": folder}, None)
        records = SqlRecords(Database(chosen.database_url), SystemClock())
        footnote = FakeInstallation(chosen, records)
        kb.add(footnote, ADMIN.principal, NAME, Path(folder))
        footnote.publish(NAME)
        yield footnote
        records.close()


@settings(max_examples=examples(150), deadline=None)
@given(typed=st.lists(TYPED, min_size=1, max_size=3), channel=st.sampled_from(["", CHANNEL]), admin=st.booleans())
def test_whatever_is_typed_is_answered(empty_records: Path, typed: list[str], channel: str, *, admin: bool) -> None:
    """Nothing is raised; what comes back is lines without effects, or a question."""
    caller = replace(ADMIN if admin else ANNA, channel=channel)
    with installation(empty_records) as footnote:
        for one in typed:
            reply = run(footnote, caller, one)
            assert reply.lines or reply.question
            assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", "".join(reply.lines))
