"""A reader without rights learns nothing: neither words nor titles nor numbers, on no path of the product."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import kb as kb_commands
from bot.commands import versions as version_commands
from bot.commands.access import access
from bot.commands.answers import ask
from bot.commands.schedule import schedule
from bot.commands.sync import submit, sync
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome, Principal
from pipelines.errors import NotAllowed
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.examples import examples
from tests.scenarios.machine import Machine


SALARIES = """\
---
audience: [group:hr]
date: 2026-05-04
---
# Salaries of Zebrafish

The zebrafish salary band of a senior engineer ends at 98,000 euros.
"""
OPEN = "# House rules\n\nThe canteen opens at noon. Ask a senior engineer how the scanner works.\n"
ASKED = "Where does the zebrafish salary band of a senior engineer end?"
TELLING = re.compile(r"salar|zebrafish|98,000|98\.000|hr/", re.IGNORECASE)
"""What only the restricted document says, its title and its folder."""

ANNA = principal_as(["user:anna"])
HR = principal_as(["user:anna", "group:hr"])
PUBLIC = principal_as(["public"])
NOBODY = Principal("nobody", frozenset())
STRANGERS = pytest.mark.parametrize("stranger", [ANNA, PUBLIC, NOBODY], ids=["member", "public", "nobody"])


class House:
    """An installation by words only, and a folder of documents."""

    def __init__(self, home: Path) -> None:
        """Make an empty folder; the installation is opened when it is used."""
        self.folder = home / "documents"
        self.folder.mkdir()
        settings = {"FOOTNOTE_DATA_DIR": str(home / "data"), "FOOTNOTE_EMBEDDER": "none"}
        self.footnote: Footnote = open_footnote(Settings.load(settings, env_file=None))

    def write(self, path: str, text: str) -> None:
        """Write a file of the folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def sync(self, name: str = "handbook", readers: tuple[str, ...] = ("everyone",)) -> None:
        """Bring a base up to the folder, made and opened to some readers where it is not there yet."""
        if name not in [one.name for one in self.footnote.records.bases.all()]:
            self.footnote.add_base(name, self.folder, OPERATOR)
        self.open(*readers, name=name)
        assert not self.footnote.sync(name).rejected

    def open(self, *readers: str, name: str = "handbook") -> None:
        """Set the readers of a base."""
        base = self.footnote.records.bases.get(name)
        self.footnote.records.access.set_readers(base.id, readers, OPERATOR)

    def ask(self, principal: Principal, question: str = ASKED, *bases: str) -> Answer:
        """Ask as somebody."""
        return ask(self.footnote, principal, question, bases=bases)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty installation."""
    made = House(tmp_path)
    with made.footnote:
        yield made


def told(answer: Answer) -> dict[str, Any]:
    """Return all that a person or a program is told, times apart; their names stay."""
    document = answer.as_json()
    return document | {"id": 0, "timings_ms": sorted(document["timings_ms"])}


def learns_nothing(answer: Answer) -> bool:
    """Say whether an answer tells nothing of the restricted document."""
    document = answer.as_json() | {"id": 0, "timings_ms": {}}
    return answer.outcome is Outcome.REFUSAL and not TELLING.search(json.dumps(document))


@STRANGERS
def test_a_restricted_document_is_as_if_it_did_not_exist(house: House, stranger: Principal) -> None:
    """Every word, key, choice and closest document of the refusal is that of a base without the document."""
    house.write("rules.md", OPEN)
    house.sync("without", ("everyone", "public"))
    house.write("hr/salaries.md", SALARIES)
    house.sync("with", ("everyone", "public"))
    for question in (ASKED, "zebrafish", "98,000", "Salaries of Zebrafish", "What are the salaries?"):
        before, after = house.ask(stranger, question, "without"), house.ask(stranger, question, "with")
        assert learns_nothing(after)
        assert told(after) | {"closest": []} == told(before) | {"closest": []}
        names = [[(one.title, one.document, one.url) for one in answer.closest] for answer in (before, after)]
        assert names[0] == names[1]
    assert house.ask(HR, ASKED, "with").outcome is Outcome.ANSWER


@STRANGERS
def test_a_forbidden_base_is_as_if_it_did_not_exist(house: House, stranger: Principal) -> None:
    """Who asks a base by name cannot tell one that is closed from one that is not there."""
    house.write("hr/salaries.md", SALARIES)
    house.sync(readers=("group:hr",))
    closed, missing = house.ask(stranger, ASKED, "handbook"), house.ask(stranger, ASKED, "no-such-base")
    assert told(closed) == told(missing)
    assert learns_nothing(closed)
    assert told(house.ask(stranger)) == told(missing)
    house.open("group:board")
    assert told(house.ask(HR, ASKED, "handbook")) == told(house.ask(HR, ASKED, "no-such-base"))


def test_opening_and_closing_count_with_the_next_question(house: House) -> None:
    """No sync, no restart: the base's readers are asked for with every question."""
    house.write("rules.md", OPEN)
    house.sync(readers=("group:board",))
    question = "When does the canteen open?"
    for _ in range(2):
        closed = house.ask(ANNA, question)
        assert (closed.outcome, closed.closest) == (Outcome.REFUSAL, ())
        house.open("group:board", "everyone")
        assert house.ask(ANNA, question).outcome is Outcome.ANSWER
        house.open("group:board")


def test_base_and_document_must_both_admit(house: House) -> None:
    """The front matter narrows what the base allows, and opens nothing that the base closes."""
    house.write("hr/salaries.md", SALARIES)
    house.sync(readers=("group:board",))
    both = ["group:board", "group:hr"]
    for readers in ([], ["public"], ["user:anna"], ["group:hr"], ["group:board"]):
        assert learns_nothing(house.ask(principal_as(readers)))
    for readers in (both, [*both, "user:anna"]):
        assert house.ask(principal_as(readers)).outcome is Outcome.ANSWER


def test_a_folders_rule_holds_for_its_documents(house: House) -> None:
    """`.footnote.yaml` closes a folder; a document's own audience comes before it; both need the base's."""
    house.write(".footnote.yaml", 'audience: [{pattern: "hr/**", readers: [group:hr]}]')
    house.write("hr/a.md", "# Bonus\n\nThe zebrafish bonus is 700 euros.\n")
    house.write("hr/b.md", "---\naudience: [user:ben]\n---\n# Lunch\n\nThe penguin lunch is at one.\n")
    house.sync()
    bonus, lunch = "How much is the zebrafish bonus?", "When is the penguin lunch?"
    ben = principal_as(["user:ben"])
    found = {
        (name, question): house.ask(principal, question).outcome is Outcome.ANSWER
        for name, principal in {"anna": ANNA, "hr": HR, "ben": ben}.items()
        for question in (bonus, lunch)
    }
    assert {key for key, answered in found.items() if answered} == {("hr", bonus), ("ben", lunch)}
    house.open("group:board")
    assert all(house.ask(one, bonus).outcome is Outcome.REFUSAL for one in (ANNA, HR, ben))
    assert house.ask(OPERATOR, bonus).outcome is Outcome.ANSWER


def test_public_is_anybody_and_everyone_is_not(house: House) -> None:
    """`public` opens to who is not known at all; `everyone` to members of the organisation alone."""
    house.write("rules.md", OPEN)
    question = "When does the canteen open?"
    house.sync(readers=("public",))
    assert house.ask(PUBLIC, question).outcome is Outcome.ANSWER
    assert house.ask(ANNA, question).outcome is Outcome.ANSWER
    house.open("everyone")
    assert house.ask(PUBLIC, question).outcome is Outcome.REFUSAL
    assert house.ask(ANNA, question).outcome is Outcome.ANSWER


@pytest.mark.parametrize("name", ["handbook", "no-such-base"])
def test_the_commands_tell_only_admins_of_bases(house: House, name: str) -> None:
    """List, status, failed, versions, readers, sync: one and the same sentence, whether the base exists or not."""
    house.write("hr/salaries.md", SALARIES)
    house.sync()
    said = set()
    for stranger in (ANNA, PUBLIC, NOBODY):
        for call in commands(house.footnote, stranger, name):
            with pytest.raises(NotAllowed) as refused:
                call()
            said.add(str(refused.value))
    assert len(said) == 1
    assert name not in said.pop()
    assert house.footnote.records.access.readers(house.footnote.records.bases.get("handbook").id) == ("everyone",)


def commands(footnote: Footnote, somebody: Principal, name: str) -> list[Callable[[], object]]:
    """Return every command that tells of a base or changes it, as somebody would give it."""
    return [
        lambda: kb_commands.list_all(footnote, somebody),
        lambda: kb_commands.status(footnote, somebody, name),
        lambda: kb_commands.failed(footnote, somebody, name),
        lambda: kb_commands.remove(footnote, somebody, name),
        lambda: version_commands.list_kept(footnote, somebody, name),
        lambda: version_commands.promote(footnote, somebody, name, 1),
        lambda: version_commands.roll_back(footnote, somebody, name),
        lambda: version_commands.unpin(footnote, somebody, name),
        lambda: access(footnote, somebody, name, allow=["public"]),
        lambda: sync(footnote, somebody, name, dry_run=False, accept_loss=False, progress=lambda _: None),
        lambda: submit(footnote, somebody, name, accept_loss=True),
        lambda: schedule(footnote, somebody, name, "6h"),
    ]


def test_the_terminal_with_the_rights_of_somebody(tmp_path: Path) -> None:
    """`--as user:anna` sees nothing in text and JSON, `--as user:anna --as group:hr` everything, in chat too."""
    machine, documents = Machine(tmp_path), tmp_path / "documents"
    (documents / "hr").mkdir(parents=True)
    (documents / "rules.md").write_text(OPEN, encoding="utf-8")
    with open_footnote(Settings.load(machine.environment, None)) as footnote:
        base = footnote.add_base("handbook", documents, OPERATOR)
        footnote.records.access.set_readers(base.id, ["everyone"], OPERATOR)
        footnote.sync("handbook")
        missing = machine.run("ask", ASKED, "--as", "user:anna", code=1)
        (documents / "hr" / "salaries.md").write_text(SALARIES, encoding="utf-8")
        footnote.sync("handbook")
    forbidden = machine.run("ask", ASKED, "--as", "user:anna", code=1)
    assert (forbidden.stdout, forbidden.stderr) == (missing.stdout, missing.stderr)
    document = machine.json("ask", ASKED, "--as", "user:anna", code=1)
    talked = machine.json("chat", "--as", "user:anna", typed=f"{ASKED}\nand in the house?\n")
    answers = [exchange["answer"] for exchange in talked["exchanges"]]
    assert not TELLING.search(forbidden.stdout + forbidden.stderr + json.dumps([document, *answers]))
    assert "98,000" in machine.json("ask", ASKED, "--as", "user:anna", "--as", "group:hr")["text"]


READERS = ["everyone", "public", "user:anna", "user:ben", "group:hr", "group:board", "channel:slack:T1:C1"]
_RULE = st.lists(st.sampled_from(READERS), min_size=1, max_size=3, unique=True)
_PERSON = st.lists(st.sampled_from(READERS[1:]), max_size=3, unique=True).map(principal_as)
WORDS = ["zebrafish", "penguin", "walrus"]


def admits(rule: list[str], principal: Principal) -> bool:
    """Say whether a rule names one of the readers that a person is."""
    return bool(principal.readers.intersection(rule))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for all examples: the rules change, and with them nothing else."""
    made = House(tmp_path_factory.mktemp("rights"))
    with made.footnote:
        yield made


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    base=st.just([]) | _RULE,
    pattern=st.none() | _RULE,
    own=st.lists(st.none() | _RULE, min_size=len(WORDS), max_size=len(WORDS)),
    people=st.lists(_PERSON, min_size=1, max_size=4),
)
def test_what_is_found_is_what_the_rules_say(
    shared: House, base: list[str], pattern: list[str] | None, own: list[list[str] | None], people: list[Principal]
) -> None:
    """Base, folder and document: a person finds exactly the documents whose rule and whose base's rule name them."""
    for number, (word, rule) in enumerate(zip(WORDS, own, strict=True)):
        front = "" if rule is None else f"---\naudience: {json.dumps(rule)}\n---\n"
        folder = "hr" if number else "open"
        shared.write(f"{folder}/{word}.md", f"{front}# Meals\n\nThe {word} meal is served in room {number}.\n")
    listed = [] if pattern is None else [{"pattern": "hr/**", "readers": pattern}]
    shared.write(".footnote.yaml", json.dumps({"audience": listed}))
    shared.sync(readers=tuple(base))
    for principal in people:
        for number, (word, rule) in enumerate(zip(WORDS, own, strict=True)):
            governing = rule if rule is not None else pattern if number and pattern is not None else base
            expected = admits(base, principal) and admits(governing, principal)
            answer = shared.ask(principal, f"Where is the {word} meal served?")
            found = any(word in one.quote for one in answer.citations)
            assert found is expected
            assert expected or word not in json.dumps(answer.as_json())
