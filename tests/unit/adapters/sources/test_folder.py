"""A folder as it really is: links, odd names, missing rights, broken audience files."""

import os
import socket
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.sources.folder import FolderSource
from pipelines.domain.reading import Rejected
from pipelines.errors import SourceUnreadable
from tests.child import become_nobody, fault_in_a_child, needs_root
from tests.examples import examples


LINK = Rejected("it is a link: a sync follows no links, put the file itself there")
SPECIAL = Rejected("it is not an ordinary file")
ODD_NAME = Rejected("its name holds control characters or is not valid Unicode")
TWIN = Rejected("another file has the same name in another Unicode spelling")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


def listed(folder: Path) -> dict[str, Rejected | None]:
    """Return path -> why it is rejected, in the order of the listing."""
    return {one.path: one.rejected for one in FolderSource(folder, max_file_mb=1).list()}


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The sentence names the folder."""
    with pytest.raises(SourceUnreadable, match=r"the folder '/.*/no' cannot be listed: No such file"):
        listed(tmp_path / "no")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file where the folder should be is the same fault, for its audience file too."""
    file = tmp_path / "file"
    file.touch()
    assert FolderSource(file, max_file_mb=1).audience_rules() == ()
    with pytest.raises(SourceUnreadable, match="Not a directory"):
        listed(file)


def test_an_empty_folder_is_no_fault(folder: Path) -> None:
    """An empty folder has no documents."""
    assert listed(folder) == {}


def test_hidden_files_and_folders_are_not_shown(folder: Path) -> None:
    """Whatever begins with a dot is no document."""
    (folder / ".git").mkdir()
    (folder / ".git/config").touch()
    (folder / ".env").touch()
    (folder / "a.md").touch()
    assert listed(folder) == {"a.md": None}


def test_a_link_within_the_folder_is_rejected_and_not_read(folder: Path) -> None:
    """A link opens no document under another rule's path, and shows no hidden file."""
    (folder / "hr").mkdir()
    (folder / ".hidden").mkdir()
    for name in ("hr/secret.md", ".hidden/secret.md", ".footnote.yaml"):
        (folder / name).write_bytes(b"audience: []")
    (folder / "link.md").symlink_to("hr/secret.md")
    (folder / "hidden.md").symlink_to(".hidden/secret.md")
    (folder / "rules.txt").symlink_to(".footnote.yaml")
    (folder / "open").symlink_to("hr")
    links = {"link.md": LINK, "hidden.md": LINK, "rules.txt": LINK, "open": LINK}
    assert listed(folder) == links | {"hr/secret.md": None}
    reader = FolderSource(folder, max_file_mb=1)
    list(reader.list())
    assert {path: reader.fetch(path) for path in links} == links


def test_a_link_out_of_the_folder_is_rejected_and_not_read(folder: Path) -> None:
    """A link shows nothing that lies elsewhere, however it is written."""
    secret = folder.parent / "documents-secret"
    secret.mkdir()
    (secret / "key.md").write_bytes(b"secret")
    (folder / "relative.md").symlink_to("../documents-secret/key.md")
    (folder / "absolute.md").symlink_to(secret / "key.md")
    (folder / "folder").symlink_to(secret)
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "twice.md").symlink_to("relative.md")
    assert set(listed(folder).values()) == {LINK}
    assert set(listed(folder)) == {"relative.md", "absolute.md", "folder", "zero.txt", "twice.md"}
    reader = FolderSource(folder, max_file_mb=1)
    assert all(isinstance(reader.fetch(one.path), Rejected) for one in reader.list())


def test_a_folder_that_is_a_link_itself_is_followed(folder: Path, tmp_path: Path) -> None:
    """The admin may name the folder by a link."""
    (folder / "a.md").write_bytes(b"text")
    (folder / ".footnote.yaml").write_text("audience: []")
    (tmp_path / "link").symlink_to(folder)
    reader = FolderSource(tmp_path / "link", max_file_mb=1)
    assert [one.path for one in reader.list()] == ["a.md"]
    assert reader.fetch("a.md") == b"text"
    assert reader.audience_rules() == ()


def test_links_that_lead_nowhere_are_rejected(folder: Path) -> None:
    """Loops and dangling links end in a reason."""
    (folder / "self.md").symlink_to("self.md")
    (folder / "one.md").symlink_to("two.md")
    (folder / "two.md").symlink_to("one.md")
    (folder / "gone.md").symlink_to("nothing.md")
    assert listed(folder) == dict.fromkeys(("self.md", "one.md", "two.md", "gone.md"), LINK)


def test_a_link_to_a_folder_within_does_not_loop(folder: Path) -> None:
    """A link to the folder itself is one rejected entry, not an endless walk."""
    (folder / "loop").symlink_to(".")
    assert listed(folder) == {"loop": LINK}


def test_what_is_no_ordinary_file_is_rejected_unread(folder: Path) -> None:
    """Nobody waits for a pipe or a socket."""
    os.mkfifo(folder / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.md"))
        assert listed(folder) == {"pipe.md": SPECIAL, "socket.md": SPECIAL}


def test_what_takes_a_files_place_after_the_listing_is_not_read(folder: Path) -> None:
    """Neither a pipe nor a link is followed or waited for, whoever puts it there between listing and reading."""
    secret = folder.parent / "secret.md"
    secret.write_bytes(b"secret")
    for name in ("pipe.md", "link.md", "folder.md"):
        (folder / name).touch()
    reader = FolderSource(folder, max_file_mb=1)
    list(reader.list())
    for name in ("pipe.md", "link.md", "folder.md"):
        (folder / name).unlink()
    os.mkfifo(folder / "pipe.md")
    (folder / "link.md").symlink_to(secret)
    (folder / "folder.md").mkdir()
    assert [reader.fetch(name) for name in ("pipe.md", "link.md", "folder.md")] == [SPECIAL, LINK, SPECIAL]


@pytest.mark.parametrize("target", ["../outside", "hr"])
def test_a_folder_that_became_a_link_is_not_entered(folder: Path, target: str) -> None:
    """A folder that is replaced after the listing shows nothing from elsewhere, nor from under another rule."""
    for made in (folder / "open", folder / "hr", folder.parent / "outside"):
        made.mkdir()
        (made / "a.md").write_bytes(made.name.encode())
    reader = FolderSource(folder, max_file_mb=1)
    list(reader.list())
    assert reader.fetch("open/a.md") == b"open"
    (folder / "open").rename(folder / "was")
    (folder / "open").symlink_to(target)
    assert reader.fetch("open/a.md") == LINK


def test_odd_names_are_rejected_and_shown_escaped(folder: Path) -> None:
    """A name that would break a line or a terminal never reaches one."""
    os.close(os.open(os.fsencode(folder) + b"/bad\xff.md", os.O_CREAT))
    for name in ("new\nline.md", "esc\x1b[31m.md", "sep\u2028.md"):
        (folder / name).touch()
    assert listed(folder) == {
        "bad\\udcff.md": ODD_NAME,
        "esc\\x1b[31m.md": ODD_NAME,
        "new\\nline.md": ODD_NAME,
        "sep\\u2028.md": ODD_NAME,
    }


def test_an_escaped_name_is_composed(folder: Path) -> None:
    """The path of a rejected file is in NFC as well, though its name is not."""
    (folder / "\x1f\ufb2a\U00018cd6.md").touch()
    assert listed(folder) == {"\\x1f\u05e9\u05c1\U00018cd6.md": ODD_NAME}


def test_an_escaped_name_takes_no_other_files_place(folder: Path) -> None:
    """A file whose real name looks like another's escaped name stays a document."""
    (folder / "a\nb.md").touch()
    (folder / "a\\nb.md").touch()
    assert listed(folder) == {"a\\nb.md": None, "a\\nb.md (2)": ODD_NAME}


def test_of_two_spellings_of_a_name_the_composed_one_is_the_document(folder: Path) -> None:
    """Twins that Unicode calls equal are one path: the second is reported, the first stays readable."""
    composed, decomposed = "caf\u00e9.md", "cafe\u0301.md"
    (folder / decomposed).write_bytes(b"second")
    (folder / composed).write_bytes(b"first")
    reader = FolderSource(folder, max_file_mb=1)
    assert {one.path: one.rejected for one in reader.list()} == {composed: None, "cafe\\u0301.md": TWIN}
    assert reader.fetch(composed) == b"first"


def test_a_decomposed_name_alone_is_a_document(folder: Path) -> None:
    """Its path is composed, wherever the file came from."""
    (folder / "cafe\u0301").mkdir()
    (folder / "cafe\u0301/a.md").write_bytes(b"text")
    reader = FolderSource(folder, max_file_mb=1)
    assert [one.path for one in reader.list()] == ["caf\u00e9/a.md"]
    assert reader.fetch("caf\u00e9/a.md") == b"text"


def test_folders_are_walked_however_deep(folder: Path) -> None:
    """A tree deeper than Python's stack is listed."""
    levels = ["d/" * depth for depth in range(1, 1201)]
    for level in levels:
        (folder / level).mkdir()
    (folder / levels[-1] / "a.md").touch()
    try:
        assert listed(folder) == {f"{levels[-1]}a.md": None}
    finally:
        # The test runner deletes its folders by recursion.
        (folder / levels[-1] / "a.md").unlink()
        for level in reversed(levels):
            (folder / level).rmdir()


def test_a_folder_too_deep_for_the_machine_is_one_rejected_entry(folder: Path) -> None:
    """A path longer than the machine takes costs one entry, and the other documents are read."""
    (folder / "a.md").touch()
    name, depth = "d" * 200, 25
    _make_deep(folder, name, depth)
    try:
        found = listed(folder)
        assert len(found) == 2
        assert found.pop("a.md") is None
        ((path, reason),) = found.items()
        assert set(path.split("/")) == {name}
        assert reason == Rejected("it cannot be read: File name too long")
    finally:
        _remove_deep(folder, name, depth)


@settings(deadline=None, max_examples=examples(30))
@given(
    names=st.sets(
        st.text(st.characters(exclude_characters="/\x00", exclude_categories=("Cs",)), min_size=1, max_size=20).filter(
            lambda name: not name.startswith(".") and len(os.fsencode(unicodedata.normalize("NFD", name))) < 200
        ),
        max_size=6,
    )
)
def test_any_names_are_listed_once_each(tmp_path_factory: pytest.TempPathFactory, names: set[str]) -> None:
    """Whatever files are called, each has a path of its own that can be printed."""
    folder = tmp_path_factory.mktemp("names")
    for name in names:
        (folder / name).write_bytes(name.encode("utf-8", "surrogatepass"))
    reader = FolderSource(folder, max_file_mb=1)
    files = list(reader.list())
    assert len({one.path for one in files}) == len(files) == len(names)
    assert [one.path for one in files] == sorted(one.path for one in files)
    assert all(one.path.isprintable() or unicodedata.normalize("NFC", one.path) == one.path for one in files)
    assert all("\n" not in one.path for one in files)
    read = {reader.fetch(one.path) for one in files if one.rejected is None}
    assert len(read) == sum(one.rejected is None for one in files)


@needs_root
def test_a_folder_that_cannot_be_listed_makes_the_source_unreadable(folder: Path) -> None:
    """One closed folder is enough: its documents must not be taken for removed ones."""
    (folder / "a.md").touch()
    (folder / "closed").mkdir(mode=0o700)
    assert fault_in_a_child(_list_as_nobody, folder) == "the folder 'closed/' cannot be listed: Permission denied"


@needs_root
def test_a_folder_that_cannot_be_entered_is_unreadable(folder: Path) -> None:
    """Neither documents nor audience are concluded from a folder behind a closed door."""
    folder.chmod(0o700)
    assert fault_in_a_child(_list_as_nobody, folder) == "the folder '.' cannot be listed: Permission denied"
    folder.chmod(0o744)
    said = fault_in_a_child(_audience_as_nobody, folder)
    assert said.endswith(".footnote.yaml cannot be read, so nobody's rights are known: Permission denied")


@needs_root
def test_a_file_that_cannot_be_read_is_rejected(folder: Path) -> None:
    """A file without rights is one rejected document, and the others are read."""
    (folder / "open.md").write_bytes(b"x")
    (folder / "closed.md").touch(mode=0o600)
    assert fault_in_a_child(_fetch_as_nobody, folder) == "closed.md: it cannot be read: Permission denied"


@needs_root
def test_an_audience_file_that_cannot_be_read_is_a_fault(folder: Path) -> None:
    """A closed audience file closes the sync."""
    (folder / ".footnote.yaml").write_text("audience: []")
    (folder / ".footnote.yaml").chmod(0o600)
    said = fault_in_a_child(_audience_as_nobody, folder)
    assert said.endswith(".footnote.yaml cannot be read, so nobody's rights are known: Permission denied")


BROKEN = {
    "empty": b"",
    "a comment only": b"# nothing\n",
    "no YAML": b"audience: [",
    "not UTF-8": b"audience: \xff\xfe\x00",
    "a null byte": b"audience: \x00[]",
    "a tab": b"audience:\n\t- pattern: x",
    "a list": b"- pattern: x\n",
    "a text": b"everyone",
    "another key": b"audiences: []",
    "one key too many": b"audience: []\nversion: 1",
    "no list": b"audience: everyone",
    "nothing": b"audience:",
    "a mapping": b"audience: {pattern: x, readers: [everyone]}",
    "texts": b"audience: [everyone]",
    "no readers": b"audience: [{pattern: x}]",
    "no pattern": b"audience: [{readers: [everyone]}]",
    "an unknown key": b"audience: [{pattern: x, readers: [everyone], writers: []}]",
    "empty readers": b"audience: [{pattern: x, readers: []}]",
    "an empty pattern": b"audience: [{pattern: '', readers: [everyone]}]",
    "readers as text": b"audience: [{pattern: x, readers: everyone}]",
    "a number as pattern": b"audience: [{pattern: 7, readers: [everyone]}]",
    "a number as reader": b"audience: [{pattern: x, readers: [7]}]",
    "a null as reader": b"audience: [{pattern: x, readers: [null]}]",
    "no reader": b"audience: [{pattern: x, readers: [anna]}]",
    "a reader without id": b"audience: [{pattern: x, readers: ['group:']}]",
    "code": b"audience: !!python/object/apply:os.system ['true']",
    "a date that is none": b"audience: 2026-99-99",
    "a key that cannot be one": b"{[a]: b}: c",
    "an unknown anchor": b"audience: *nobody",
    "two documents": b"audience: []\n---\naudience: []",
    "deep nesting": b"audience: " + b"[" * 100_000,
    "a key twice": b"audience: [{pattern: x, readers: [everyone]}]\naudience: []",
    "readers twice": b"audience: [{pattern: x, readers: [group:hr], readers: [everyone]}]",
    "a pattern twice": b"audience: [{pattern: x, pattern: y, readers: [everyone]}]",
    "a merge key": b"audience: [{pattern: x, <<: {readers: [everyone]}}]",
    "a merge key besides": b"audience: [{pattern: x, readers: [group:hr], <<: {readers: [everyone]}}]",
    "an anchor": b"audience: &all [{pattern: x, readers: [everyone]}]",
    "an alias": b"audience: [{pattern: x, readers: &r [everyone]}, {pattern: y, readers: *r}]",
    "a number that is none": b"audience: !!int ''",
    "two readers in one": b"audience: [{pattern: x, readers: ['group:hr, group:it']}]",
    "an invisible reader": b"audience: [{pattern: x, readers: ['group:hr\xe2\x80\x8b']}]",
    "more than 1 MB": b"# " + b"x" * 1_000_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_audience_file_is_one_sentence(folder: Path, content: bytes) -> None:
    """Whatever is wrong with it, the sentence is one line, names the file, and nobody gets a right."""
    (folder / ".footnote.yaml").write_bytes(content)
    with pytest.raises(SourceUnreadable) as fault:
        FolderSource(folder, max_file_mb=1).audience_rules()
    said = str(fault.value)
    assert said.startswith(f"the file {folder}/.footnote.yaml cannot be read, so nobody's rights are known: ")
    assert "<byte string>" not in said
    assert said.isprintable()
    assert len(said) < 600


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("audience:\n- {pattern: x, readers: [a], readers: [b]}", "line 2 repeats a key: write each key once"),
        ("audience:\n- pattern: x\n  readers: &r [a]", "line 3 uses an anchor, an alias or a tag: write it out"),
        ("audience:\n- pattern: [x", "line 2 is no correct YAML"),
    ],
)
def test_the_line_of_a_fault_is_named(folder: Path, content: str, reason: str) -> None:
    """The sentence sends the admin to the line, in our words and not the parser's."""
    (folder / ".footnote.yaml").write_text(content)
    with pytest.raises(SourceUnreadable) as fault:
        FolderSource(folder, max_file_mb=1).audience_rules()
    assert str(fault.value).endswith(f": {reason}")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            "{pattern: 'hr/**', readers: [everyone, hr]}",
            "entry 2 (pattern 'hr/**'): 'hr' is not a reader: write everyone, public, user:ID, group:ID or channel:ID",
        ),
        ("{pattern: 'hr/**', readers: []}", "entry 2 must be"),
        ("{pattern: 'hr/**', readers: [1]}", "entry 2 must be"),
        ("{pattern: 'hr/**', readers: everyone}", "entry 2 must be"),
        ("{pattern: 'hr/**'}", "entry 2 must be"),
        ("{pattern: /hr, readers: [everyone]}", "entry 2: the pattern '/hr' matches nothing"),
    ],
)
def test_the_entry_of_a_fault_is_named(folder: Path, entry: str, reason: str) -> None:
    """Of many entries the admin is sent to the one that cannot be used, with the forms that can."""
    (folder / ".footnote.yaml").write_text(f"audience:\n- {{pattern: x, readers: [everyone]}}\n- {entry}\n")
    with pytest.raises(SourceUnreadable) as fault:
        FolderSource(folder, max_file_mb=1).audience_rules()
    assert f".footnote.yaml cannot be read, so nobody's rights are known: {reason}" in str(fault.value)


@pytest.mark.parametrize(
    "pattern",
    ["../x/hr/**", "hr/../x", "./hr/**", "hr/./**", ".", "hr\\**", "/hr/**", "/", "hr//**", "hr//", "hr/** ", " hr"],
)
def test_a_pattern_that_matches_nothing_is_a_fault(folder: Path, pattern: str) -> None:
    """A restriction that no document can come under is told to its author."""
    (folder / ".footnote.yaml").write_text(f"audience: [{{pattern: '{pattern}', readers: [group:hr]}}]")
    with pytest.raises(SourceUnreadable, match="matches nothing: write a path from the top of the folder"):
        FolderSource(folder, max_file_mb=1).audience_rules()


def test_a_pattern_may_end_with_a_slash(folder: Path) -> None:
    """That is the written form of everything below."""
    (folder / ".footnote.yaml").write_text("audience: [{pattern: hr/, readers: [group:hr]}]")
    assert FolderSource(folder, max_file_mb=1).audience_rules() == (("hr/", ("group:hr",)),)


def test_an_audience_file_that_is_none_is_a_fault(folder: Path) -> None:
    """A folder, a pipe or a dangling link of that name is no missing file."""
    file = folder / ".footnote.yaml"
    file.mkdir()
    _assert_unreadable(folder)
    file.rmdir()
    os.mkfifo(file)
    _assert_unreadable(folder)
    file.unlink()
    file.symlink_to("nothing")
    _assert_unreadable(folder)
    file.unlink()
    (folder / "rules").write_text("audience: []")
    file.symlink_to("rules")
    _assert_unreadable(folder)


@pytest.mark.parametrize(
    "path",
    ["hr/.footnote.yaml", "hr/.footnote.yml", ".footnote.yml", ".Footnote.yaml", "hr/pay/.FOOTNOTE.YML"],
)
def test_an_audience_file_that_governs_nothing_is_a_fault(folder: Path, path: str) -> None:
    """Whoever wrote it believes that it restricts: nothing is listed, and the sentence names it and the way out."""
    (folder / "hr/pay").mkdir(parents=True)
    (folder / "hr/salaries.md").touch()
    (folder / path).write_text("audience: [{pattern: '**', readers: [group:hr]}]")
    with pytest.raises(SourceUnreadable) as fault:
        listed(folder)
    assert str(fault.value) == (
        f"the file {path!r} restricts nothing,"
        " since only the .footnote.yaml at the top of the folder counts: move its patterns there"
    )


def test_the_audience_file_at_the_top_is_no_fault(folder: Path) -> None:
    """The one that counts is no document, and other hidden files may lie anywhere."""
    (folder / "hr").mkdir()
    (folder / ".footnote.yaml").write_text("audience: []")
    (folder / "hr/.footnote.yaml.bak").touch()
    assert listed(folder) == {}


def test_an_audience_may_be_declared_empty(folder: Path) -> None:
    """An empty list says that no document has an audience of its own."""
    (folder / ".footnote.yaml").write_text("audience: []")
    assert FolderSource(folder, max_file_mb=1).audience_rules() == ()


def test_patterns_are_compared_in_the_spelling_of_paths(folder: Path) -> None:
    """A pattern that was typed decomposed governs the composed path."""
    (folder / ".footnote.yaml").write_text('audience: [{pattern: "cafe\u0301/**", readers: [everyone]}]')
    ((pattern, _),) = FolderSource(folder, max_file_mb=1).audience_rules()
    assert pattern == "caf\u00e9/**"


def test_three_hundred_patterns_are_read(folder: Path) -> None:
    """Long audience files keep their order."""
    lines = "".join(f"- pattern: 'team-{n}/**'\n  readers: ['group:team {n}', 'group:r&d']\n" for n in range(300))
    (folder / ".footnote.yaml").write_text(f"audience:\n{lines}")
    rules = FolderSource(folder, max_file_mb=1).audience_rules()
    assert [pattern for pattern, _ in rules] == [f"team-{n}/**" for n in range(300)]


def _make_deep(folder: Path, name: str, depth: int) -> None:
    """Make folders within each other, by a handle of each: the path as a whole is too long."""
    handles = [os.open(folder, os.O_RDONLY)]
    for _ in range(depth):
        os.mkdir(name, dir_fd=handles[-1])
        handles.append(os.open(name, os.O_RDONLY, dir_fd=handles[-1]))
    for handle in handles:
        os.close(handle)


def _remove_deep(folder: Path, name: str, depth: int) -> None:
    """Take them away again; the test runner cannot."""
    handles = [os.open(folder, os.O_RDONLY)]
    for _ in range(depth - 1):
        handles.append(os.open(name, os.O_RDONLY, dir_fd=handles[-1]))
    for handle in reversed(handles):
        os.rmdir(name, dir_fd=handle)
        os.close(handle)


def _assert_unreadable(folder: Path) -> None:
    with pytest.raises(SourceUnreadable, match="nobody's rights are known"):
        FolderSource(folder, max_file_mb=1).audience_rules()


def _as_nobody(folder: Path) -> FolderSource:
    # The folders above belong to the tests' user; only this one is looked at.
    os.chdir(folder)
    become_nobody()
    return FolderSource(Path(), max_file_mb=1)


def _list_as_nobody(folder: Path) -> None:
    list(_as_nobody(folder).list())


def _audience_as_nobody(folder: Path) -> None:
    _as_nobody(folder).audience_rules()


def _fetch_as_nobody(folder: Path) -> None:
    reader = _as_nobody(folder)
    rejected = {
        one.path: found.reason for one in reader.list() if isinstance(found := reader.fetch(one.path), Rejected)
    }
    raise SourceUnreadable("; ".join(f"{path}: {reason}" for path, reason in rejected.items()))
