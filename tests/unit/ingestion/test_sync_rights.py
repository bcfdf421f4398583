"""Who may read a document after a sync: narrowing counts at once, widening with the promotion."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Principal
from pipelines.errors import SourceUnreadable, TransientError
from pipelines.ingestion.sync import Sync
from pipelines.ports.source_reader import SourceFile
from tests.small_base import Died, SmallBase


ANNA = principal_as(["user:anna", "group:hr"])
BEN = principal_as(["user:ben"])
QUESTION = "leave of parents"
RULES = 'audience: [{{pattern: "hr/**", readers: [{}]}}]'

Paths = set[str]
Write = Callable[[str, str], None]


@pytest.fixture
def write(base: SmallBase) -> Write:
    """Return a function that lets a file of the folder have a text; the base is open to everyone."""
    base.records.access.set_readers(base.kb, ["everyone"], OPERATOR)

    def put(path: str, text: str) -> None:
        file = base.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return put


def paths(base: SmallBase, principal: Principal) -> Paths:
    """Return the paths of all documents that this person finds."""
    return {path for path, _ in base.found(QUESTION, principal)}


def seen_in_lists(base: SmallBase, principal: Principal) -> int:
    """Return how many rows the index itself gives this person."""
    words, vectors = base.search(QUESTION, principal)
    return len({*words, *vectors})


def fail_at(name: str) -> Callable[[str], None]:
    """Return a checkpoint at which the process dies."""

    def checkpoint(now: str) -> None:
        if now == name:
            raise Died(name)

    return checkpoint


def test_a_folders_rule_restricts_without_embedding(base: SmallBase, write: Write) -> None:
    """Another audience stages rows under another rule, their vectors from the cache."""
    write("hr/a.md", "Leave of parents.\n")
    write("b.md", "Leave of others.\n")
    base.sync()
    assert paths(base, BEN) == {"hr/a.md", "b.md"}
    write(".footnote.yaml", RULES.format('"group:hr"'))
    result = base.sync()
    assert (result.changed, result.chunks_added, result.chunks_removed, result.chunks_embedded) == (1, 1, 1, 0)
    assert (paths(base, BEN), paths(base, ANNA)) == ({"b.md"}, {"hr/a.md", "b.md"})
    assert seen_in_lists(base, BEN) == 1


def test_a_rule_that_goes_opens_again_without_embedding(base: SmallBase, write: Write) -> None:
    """Without the pattern the base's default rule governs."""
    write("hr/a.md", "Leave of parents.\n")
    write(".footnote.yaml", RULES.format('"group:hr"'))
    base.sync()
    assert paths(base, BEN) == set()
    (base.folder / ".footnote.yaml").unlink()
    assert base.sync().chunks_embedded == 0
    assert paths(base, BEN) == {"hr/a.md"}


def test_a_documents_own_audience_comes_before_its_folders(base: SmallBase, write: Write) -> None:
    """What the front matter says governs the document, wherever it lies."""
    write(".footnote.yaml", RULES.format("everyone"))
    write("hr/a.md", "---\naudience: [group:hr]\n---\nLeave of parents.\n")
    base.sync()
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})
    write("hr/a.md", "---\naudience: [user:ben]\n---\nLeave of parents.\n")
    result = base.sync()
    assert (result.chunks_added, result.chunks_embedded) == (1, 0)
    assert (paths(base, BEN), paths(base, ANNA)) == ({"hr/a.md"}, set())


def test_a_move_into_a_restricted_folder_restricts(base: SmallBase, write: Write) -> None:
    """A rename is no way around a folder's rule."""
    write(".footnote.yaml", RULES.format('"group:hr"'))
    write("a.md", "# Leave\n\nLeave of parents.\n")
    base.sync()
    (base.folder / "hr").mkdir()
    (base.folder / "a.md").rename(base.folder / "hr" / "a.md")
    result = base.sync()
    assert (result.renamed, result.chunks_embedded) == (1, 0)
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})


@pytest.mark.parametrize("dies_at", ["ledger.stage", "ledger.reject"])
def test_narrowing_counts_before_the_promotion(base: SmallBase, write: Write, dies_at: str) -> None:
    """Whom the new rule excludes is denied as soon as the sync saw it; those who remain keep reading."""
    write("hr/a.md", "Leave of parents.\n")
    base.sync()
    before = base.seen()
    write(".footnote.yaml", RULES.format('"group:hr"'))
    with pytest.raises(Died):
        base.sync(fail_at(dies_at))
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})
    assert base.seen() == before


def test_narrowing_counts_in_a_pinned_base(base: SmallBase, write: Write) -> None:
    """A roll-back holds back the new text, never the new restriction."""
    write("hr/a.md", "Leave of parents.\n")
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    write(".footnote.yaml", RULES.format('"group:hr"'))
    assert base.sync().promoted is False
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})


def test_widening_counts_with_the_promotion(base: SmallBase, write: Write) -> None:
    """The rows that everyone may find are not there before."""
    write("hr/a.md", "Leave of parents.\n")
    write(".footnote.yaml", RULES.format('"group:hr"'))
    base.sync()
    write(".footnote.yaml", RULES.format("everyone"))
    with pytest.raises(Died):
        base.sync(fail_at("ledger.reject"))
    assert paths(base, BEN) == set()
    base.sync()
    assert paths(base, BEN) == {"hr/a.md"}


def test_after_a_roll_back_both_rules_hold(base: SmallBase, write: Write) -> None:
    """An old version is no way around today's rule, and today's rule opens no restricted version."""
    write("hr/a.md", "---\naudience: [user:ben]\n---\nLeave of parents.\n")
    base.sync()
    write("hr/a.md", "---\naudience: [group:hr]\n---\nLeave of parents.\n")
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), set())
    assert paths(base, replace(BEN, readers=BEN.readers | {"group:hr"})) == {"hr/a.md"}


def test_a_restriction_that_was_taken_back_before_it_was_shown_is_taken_back(base: SmallBase, write: Write) -> None:
    """A killed sync narrowed; the next one sees the file as it was, and opens it again."""
    write("a.md", "Leave of parents.\n")
    base.sync()
    write("a.md", "---\naudience: [group:hr]\n---\nLeave of parents.\n")
    with pytest.raises(Died):
        base.sync(fail_at("ledger.reject"))
    assert paths(base, BEN) == set()
    write("a.md", "Leave of parents.\n")
    assert base.sync().unchanged == 1
    assert paths(base, BEN) == {"a.md"}


@pytest.mark.parametrize("between", [[], ["removed"], ["removed", "rolled back"]])
def test_a_rule_governs_documents_that_are_gone(base: SmallBase, write: Write, between: list[str]) -> None:
    """A roll-back shows them only to those whom their folder's rule admits today, whenever it was written."""
    write("hr/a.md", "Leave of parents.\n")
    write("b.md", "Leave of others.\n")
    base.sync()
    (base.folder / "hr" / "a.md").unlink()
    if between:
        base.sync()
    if between[1:]:
        base.records.bases.roll_back(base.kb, 1)
    write(".footnote.yaml", RULES.format('"group:hr"'))
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    assert (paths(base, BEN), paths(base, ANNA)) == ({"b.md"}, {"hr/a.md", "b.md"})
    base.sync()
    assert (paths(base, BEN), paths(base, ANNA)) == ({"b.md"}, {"hr/a.md", "b.md"})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("hr/a.md", "---\naudience: [group:hr]\n---\nThe leave of all."),
        ("hr/other.md", "---\naudience: [group:hr]\n---\n# Parents\n\nThe leave of all."),
        ("hr/other.md", "---\naudience: [group:hr]\n---\n# Other\n\nLeave of parents.\n\nMore.\n"),
    ],
)
def test_a_document_that_was_moved_and_edited_is_not_opened(
    base: SmallBase, write: Write, path: str, text: str
) -> None:
    """A new document under a narrower rule that looks like one that is gone restricts its older versions too."""
    write("a.md", "# Parents\n\nLeave of parents.\n")
    write("b.md", "# Others\n\nLeave of others.\n")
    base.sync()
    (base.folder / "a.md").unlink()
    (base.folder / "b.md").unlink()
    write(path, text)
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    assert (paths(base, BEN), paths(base, ANNA)) == ({"b.md"}, {"a.md", "b.md"})
    base.sync()
    assert paths(base, BEN) == {"b.md"}


def test_a_document_that_is_gone_keeps_its_readers(base: SmallBase, write: Write) -> None:
    """Neither a wider rule, nor one of other folders, nor a new document that is another one narrows who reads it."""
    write("a.md", "# Parents\n\nLeave of parents.\n")
    write("hr/b.md", "---\naudience: [group:hr]\n---\n# Others\n\nLeave of others.\n")
    base.sync()
    (base.folder / "a.md").unlink()
    (base.folder / "hr" / "b.md").unlink()
    write("hr/new.md", "---\naudience: [group:it]\n---\n# Travel\n\nTravel to a congress.\n")
    write("others.md", "# Others\n\nLeave of others.\n")
    write(".footnote.yaml", RULES.format("everyone"))
    base.sync()
    base.records.bases.roll_back(base.kb, 1)
    assert (paths(base, BEN), paths(base, ANNA)) == ({"a.md"}, {"a.md", "hr/b.md"})


def test_a_rule_that_is_written_while_the_source_is_listed_counts(base: SmallBase, write: Write) -> None:
    """Who writes the rule and then the file opens it to nobody, whatever a sync does meanwhile."""
    write("b.md", "Leave of others.\n")

    class Late(FolderSource):
        def list(self, alive: Callable[[], None] = lambda: None) -> Iterator[SourceFile]:
            write(".footnote.yaml", RULES.format('"group:hr"'))
            write("hr/a.md", "Leave of parents.\n")
            return super().list(alive)

    Sync(base.parts, base.base, Late(base.folder, max_file_mb=1)).run(base.lease())
    assert (paths(base, BEN), paths(base, ANNA)) == ({"b.md"}, {"hr/a.md", "b.md"})


@pytest.mark.parametrize("rules", [RULES.format('"group:hr"'), "audience: ["])
@pytest.mark.parametrize("text", ["Secret leave of parents.\n", "Leave of parents.\n"])
def test_rules_that_change_during_a_sync_end_it(base: SmallBase, write: Write, rules: str, text: str) -> None:
    """What was read under other rules, or under rules that nobody knows now, is shown to nobody."""
    write("hr/a.md", "Leave of parents.\n")
    base.sync()
    before = base.seen()
    write("hr/a.md", text)
    with pytest.raises(TransientError, match="the audience rules of handbook changed while it was synced: sync again"):
        base.sync(lambda at: write(".footnote.yaml", rules) if at == "ledger.reject" else None)
    assert (base.seen(), base.base.newest) == (before, 1)
    write(".footnote.yaml", RULES.format('"group:hr"'))
    base.sync()
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})


def test_a_file_that_cannot_be_read_any_more_is_not_opened(base: SmallBase, write: Write) -> None:
    """Its last good version stays for those whom its folder's new rule admits too."""
    write("hr/a.md", "Leave of parents.\n")
    base.sync()
    write("hr/a.md", "")
    write(".footnote.yaml", RULES.format('"group:hr"'))
    assert [one.path for one in base.sync().rejected] == ["hr/a.md"]
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"hr/a.md"})


def test_front_matter_whose_audience_cannot_be_read_rejects_the_document(base: SmallBase, write: Write) -> None:
    """A rule that nobody understands opens nothing: the last good version stays under its own rule."""
    write("a.md", "---\naudience: [group:hr]\n---\nLeave of parents.\n")
    base.sync()
    write("a.md", "---\naudience: [everyone\n---\nLeave of all parents.\n")
    (rejected,) = base.sync().rejected
    assert "audience" in rejected.reason
    assert (paths(base, BEN), paths(base, ANNA)) == (set(), {"a.md"})


@pytest.mark.parametrize(
    "text", ["audience: [", "", "readers: [everyone]", 'audience: [{pattern: "hr/**"}]', "\ttab", "audience: {}"]
)
def test_an_audience_file_that_cannot_be_read_rejects_the_sync(base: SmallBase, write: Write, text: str) -> None:
    """Nobody's rights are known, so nothing changes: one sentence, and the last good version stays."""
    write("hr/a.md", "Leave of parents.\n")
    write(".footnote.yaml", RULES.format('"group:hr"'))
    base.sync()
    before = base.seen()
    write(".footnote.yaml", text)
    write("hr/b.md", "Secret leave of parents.\n")
    with pytest.raises(SourceUnreadable, match=r"\.footnote\.yaml"):
        base.sync()
    with pytest.raises(SourceUnreadable, match=r"\.footnote\.yaml"):
        base.preview()
    assert (base.seen(), paths(base, BEN), paths(base, ANNA)) == (before, set(), {"hr/a.md"})


def test_closing_and_opening_a_base_writes_no_row(base: SmallBase, write: Write) -> None:
    """Who may read a base is one row of the records: it counts with the next question, in every version."""
    write("a.md", "Leave of parents.\n")
    base.sync()
    before = base.seen()
    base.records.access.set_readers(base.kb, ["group:hr"], OPERATOR)
    assert (paths(base, BEN), seen_in_lists(base, BEN), paths(base, ANNA)) == (set(), 0, {"a.md"})
    base.records.access.set_readers(base.kb, ["everyone"], OPERATOR)
    assert (paths(base, BEN), base.seen()) == ({"a.md"}, before)
