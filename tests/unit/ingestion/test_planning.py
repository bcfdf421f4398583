"""The plan of a sync: every file and every life has exactly one fate."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.knowledge import DocumentVersion
from pipelines.domain.reading import Rejected
from pipelines.ingestion.planning import Change, Plan, plan_sync


GENERATION = "1.1.1.words"
PATHS = ("a.md", "A.md", "b.md", "x/a.md", "x/b.md", "y/a.md", "name\nwith end.md")
HASHES = ("h1", "h2", "h3")


def life(number: int, path: str, content_hash: str, reading: str = GENERATION) -> DocumentVersion:
    """Return a life of document `number` at a path."""
    return DocumentVersion(
        number, number, f"key{number}", path, path, None, None, content_hash, f"text of {content_hash}", 1, 1, reading
    )


def plan(
    listing: dict[str, str | Rejected], *lives: DocumentVersion, gone: dict[str, tuple[int, str]] | None = None
) -> Plan:
    """Return the plan where every file would be read as the newest version was."""
    return plan_sync(listing, lives, dict.fromkeys(listing, GENERATION), gone or {})


def test_an_empty_base_gets_every_file() -> None:
    """The first sync adds all files, by path."""
    made = plan({"b.md": "h2", "a.md": "h1"})
    assert [(one.path, one.change, one.previous) for one in made.files] == [
        ("a.md", Change.ADDED, None),
        ("b.md", Change.ADDED, None),
    ]


def test_equal_bytes_are_unchanged() -> None:
    """A file with the bytes and the reading of its life is not read again."""
    known = life(1, "a.md", "h1")
    assert plan({"a.md": "h1"}, known) == Plan((), (), (known,), ())


def test_other_bytes_are_a_change() -> None:
    """A file with other bytes continues the life at its path."""
    known = life(1, "a.md", "h1")
    (file,) = plan({"a.md": "h2"}, known).files
    assert (file.change, file.previous) == (Change.CHANGED, known)


def test_another_reading_is_a_change() -> None:
    """A file is read again when reader, chunker, analyser, embedder or its folder's audience changed."""
    known = life(1, "a.md", "h1", reading="0.9")
    (file,) = plan({"a.md": "h1"}, known).files
    assert (file.change, file.previous) == (Change.CHANGED, known)


def test_a_missing_file_is_removed() -> None:
    """A life whose file is gone ends."""
    known = life(1, "a.md", "h1")
    assert plan({}, known).removed == (known,)


def test_a_moved_file_is_renamed() -> None:
    """The same bytes at a new path continue the life whose path is gone."""
    known = life(1, "a.md", "h1")
    made = plan({"x/b.md": "h1"}, known)
    (file,) = made.files
    assert (file.change, file.previous) == (Change.RENAMED, known)
    assert made.removed == ()


def test_a_change_of_case_is_a_rename() -> None:
    """`README.md` that becomes `readme.md` stays the same document."""
    known = life(1, "README.md", "h1")
    (file,) = plan({"readme.md": "h1"}, known).files
    assert (file.change, file.previous) == (Change.RENAMED, known)


def test_a_copy_is_no_rename() -> None:
    """While the original stays, its copy is a new document."""
    known = life(1, "a.md", "h1")
    made = plan({"a.md": "h1", "b.md": "h1"}, known)
    (file,) = made.files
    assert (file.path, file.change, file.previous) == ("b.md", Change.ADDED, None)
    assert made.unchanged == (known,)


def test_two_files_that_swap_names_are_two_changes() -> None:
    """Both paths exist before and after, so each document got the other's bytes."""
    one, two = life(1, "a.md", "h1"), life(2, "b.md", "h2")
    files = plan({"a.md": "h2", "b.md": "h1"}, one, two).files
    assert [(file.path, file.change, file.previous) for file in files] == [
        ("a.md", Change.CHANGED, one),
        ("b.md", Change.CHANGED, two),
    ]


def test_of_equal_files_the_one_with_the_same_name_moved() -> None:
    """Where several documents have the same bytes, a moved file continues its namesake."""
    first, namesake = life(1, "a/first.md", "h1"), life(2, "b/Namesake.md", "h1")
    made = plan({"c/namesake.md": "h1"}, first, namesake)
    assert made.files[0].previous == namesake
    assert made.removed == (first,)


def test_of_equal_files_without_a_namesake_the_first_moved() -> None:
    """Otherwise the first by path is continued, and each of them once."""
    first, second = life(1, "a.md", "h1"), life(2, "b.md", "h1")
    made = plan({"x.md": "h1", "y.md": "h1", "z.md": "h1"}, second, first)
    assert [file.previous for file in made.files] == [first, second, None]


def test_a_file_that_cannot_be_had_keeps_its_life() -> None:
    """An unreadable file is reported, and what was known of it stays."""
    known = life(1, "a.md", "h1")
    made = plan({"a.md": Rejected("it cannot be read"), "b.md": Rejected("too large")}, known)
    assert made.unchanged == (known,)
    assert [(one.path, one.reason) for one in made.rejected] == [("a.md", "it cannot be read"), ("b.md", "too large")]
    assert made.removed == ()


def test_a_rejected_file_is_no_missing_one() -> None:
    """Equal bytes at a new path are no rename while the old path is there, even unreadable."""
    known = life(1, "a.md", "h1")
    (file,) = plan({"a.md": Rejected("it cannot be read"), "b.md": "h1"}, known).files
    assert (file.change, file.previous) == (Change.ADDED, None)


def test_a_file_that_returns_is_its_old_document() -> None:
    """A path that a removed document had last gets that document again."""
    (file,) = plan({"a.md": "h9"}, gone={"a.md": (7, "key7")}).files
    assert (file.change, file.returning) == (Change.ADDED, (7, "key7"))


@given(
    listing=st.dictionaries(st.sampled_from(PATHS), st.sampled_from(HASHES) | st.just(Rejected("broken"))),
    before=st.dictionaries(st.sampled_from(PATHS), st.sampled_from(HASHES)),
    old=st.sets(st.sampled_from(PATHS)),
)
def test_every_file_and_every_life_has_one_fate(
    listing: dict[str, str | Rejected], before: dict[str, str], old: set[str]
) -> None:
    """Nothing is lost and nothing is done twice, whatever changed."""
    lives = [life(number, path, found) for number, (path, found) in enumerate(before.items(), start=1)]
    lives = [replace(one, reading="old") if one.path in old else one for one in lives]
    made = plan(listing, *lives)
    continued = [file.previous for file in made.files if file.previous]
    assert Counter([*continued, *made.removed, *made.unchanged]) == Counter(lives)
    rejected = {one.path for one in made.rejected}
    kept = {one.path for one in made.unchanged} - rejected
    assert sorted([*(file.path for file in made.files), *rejected, *kept]) == sorted(listing)
    assert all(one.path not in listing for one in made.removed)
    for file in made.files:
        if file.change is Change.RENAMED:
            assert file.previous
            assert file.previous.content_hash == listing[file.path]
            assert file.previous.path not in listing
