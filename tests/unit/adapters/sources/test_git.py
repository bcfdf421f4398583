"""Promises of the git source beyond those of every source."""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.adapters.sources.git import GitSource
from pipelines.adapters.sources.git_address import parse_git_address
from pipelines.adapters.sources.git_mirror import GitAccess, GitLimits, GitMirror
from pipelines.domain.egress import Egress
from pipelines.domain.reading import Rejected
from pipelines.errors import SourceUnreadable
from pipelines.ports.source_reader import SourceFile
from tests.git_repository import GitRepository


WEB = "https://github.com/acme/docs"
LIMITS = GitLimits()


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """Return an empty repository."""
    return GitRepository(tmp_path / "origin.git")


def _mirror(repository: GitRepository, *, branch: str = "", limits: GitLimits = LIMITS) -> GitMirror:
    access = GitAccess(parse_git_address(f"file://{repository.folder}"), branch)
    return GitMirror(repository.folder.parent / "copy", access, Egress.parse("none"), limits=limits)


def _source(repository: GitRepository, *, subfolder: str = "", branch: str = "") -> GitSource:
    mirror = _mirror(repository, branch=branch)
    return GitSource(mirror, subfolder=subfolder, repository=WEB, link_template=None, max_file_mb=1)


def _listed(repository: GitRepository, *, subfolder: str = "", branch: str = "") -> dict[str, SourceFile]:
    return {one.path: one for one in _source(repository, subfolder=subfolder, branch=branch).list()}


def test_a_file_has_the_day_and_the_address_of_the_commit_that_touched_it_last(repository: GitRepository) -> None:
    """A later commit of other files changes neither."""
    repository.put("a b.md", b"one")
    first = repository.commit()
    repository.put("c.md", b"two")
    second = repository.commit()
    found = _listed(repository)
    assert found["a b.md"].address == f"{WEB}/blob/{first}/a%20b.md"
    assert found["c.md"].address == f"{WEB}/blob/{second}/c.md"
    assert found["c.md"].date == "2025-06-15"


def test_a_second_sync_reads_only_what_changed(repository: GitRepository, tmp_path: Path) -> None:
    """The hash of a blob that was seen before is remembered, not computed again."""
    repository.put("a.md", b"one")
    repository.put("b.md", b"two")
    first = repository.commit()
    before = _listed(repository)
    remembered = tmp_path / "copy" / "footnote.json"
    remembered.write_text(remembered.read_text().replace(str(before["a.md"].content_hash), "f" * 64))
    repository.put("b.md", b"three")
    second = repository.commit()
    after = _listed(repository)
    assert (after["a.md"].content_hash, after["a.md"].address) == ("f" * 64, f"{WEB}/blob/{first}/a.md")
    assert after["b.md"].content_hash == hashlib.sha256(b"three").hexdigest()
    assert after["b.md"].address == f"{WEB}/blob/{second}/b.md"


def test_a_damaged_copy_is_no_empty_source(repository: GitRepository, tmp_path: Path) -> None:
    """A missing object ends the sync; no document is taken for removed."""
    repository.put("a.md", b"one")
    repository.commit()
    _listed(repository)
    blob = repository.git("rev-parse", "main:a.md").strip().decode()
    (tmp_path / "copy" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(SourceUnreadable, match="damaged"):
        _listed(repository)


def test_last_touches_are_the_same_step_by_step_and_at_once(repository: GitRepository, tmp_path: Path) -> None:
    """Merges, removals, returns and rewritten branches: what is remembered never differs from a full walk."""
    repository.put("a.md", b"1")
    repository.put("x/b.md", b"1")
    base = repository.commit()
    histories = [base]
    repository.put("a.md", b"2")
    left = repository.commit(branch="left", parents=(base,))
    repository.git("read-tree", base)
    repository.put("x/b.md", b"2")
    right = repository.commit(parents=(base,))
    repository.put("a.md", b"2")
    histories += [right, repository.commit(parents=(right, left))]
    repository.remove("a.md")
    histories.append(repository.commit())
    repository.put("a.md", b"1")
    repository.put("x/c.md", b"3")
    histories.append(repository.commit())
    repository.git("read-tree", right)
    repository.put("late.md", b"4")
    histories.append(repository.commit(parents=(right,)))
    for head in histories:
        repository.git("update-ref", "refs/heads/main", head)
        step_by_step = _listed(repository)
        (tmp_path / "copy" / "footnote.json").unlink()
        assert _listed(repository) == step_by_step


def test_what_a_killed_process_left_is_cleared(repository: GitRepository, tmp_path: Path) -> None:
    """Locks of git, packs begun, a copy half made: the next sync goes on by itself."""
    repository.put("a.md", b"one")
    repository.commit()
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "HEAD").write_text("ref: refs/heads/ma")
    before = _listed(repository)
    repository.put("a.md", b"two")
    repository.commit()
    for left in ("refs/footnote/wanted.lock", "packed-refs.lock", "config.lock", "objects/pack/tmp_pack_x"):
        (copy / left).parent.mkdir(parents=True, exist_ok=True)
        (copy / left).write_text("")
    assert _listed(repository)["a.md"].content_hash != before["a.md"].content_hash
    assert not list(copy.rglob("*.lock"))


def test_only_the_subfolder_is_the_source(repository: GitRepository) -> None:
    """Names and audience file count from the subfolder; addresses from the repository."""
    repository.put("docs/a.md", b"in")
    repository.put("docs/.footnote.yaml", b'audience: [{pattern: "a.md", readers: [group:hr]}]')
    repository.put("code/b.md", b"out")
    commit = repository.commit()
    source = _source(repository, subfolder="docs")
    assert [(one.path, one.address) for one in source.list()] == [("a.md", f"{WEB}/blob/{commit}/docs/a.md")]
    assert source.audience_rules() == (("a.md", ("group:hr",)),)
    with pytest.raises(SourceUnreadable, match="'missing' is not in the branch main"):
        list(_source(repository, subfolder="missing").list())


def test_an_audience_file_below_the_top_is_refused(repository: GitRepository) -> None:
    """Its author believes that it restricts; as in a folder, nothing is read."""
    repository.put("hr/.footnote.yaml", b"audience: []")
    repository.commit()
    with pytest.raises(SourceUnreadable, match="restricts nothing"):
        list(_source(repository).list())


def test_links_and_submodules_are_told_and_not_followed(repository: GitRepository) -> None:
    """Whatever they point to, nothing of it is read."""
    repository.put("passwd.md", b"/etc/passwd", mode="120000")
    repository.put("a.md", b"a")
    commit = repository.commit()
    repository.put_entry("module", "160000", commit)
    repository.commit()
    source = _source(repository)
    reasons = {one.path: one.rejected for one in source.list()}
    assert "is a link" in str(reasons["passwd.md"])
    assert "submodule" in str(reasons["module"])
    assert reasons["a.md"] is None
    assert isinstance(source.fetch("passwd.md"), Rejected)


def test_a_pointer_to_lfs_is_no_document(repository: GitRepository) -> None:
    """Its three lines are not what the file says."""
    repository.put("a.md", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    repository.commit()
    assert "Git LFS" in str(_listed(repository)["a.md"].rejected)
    assert "Git LFS" in str(_listed(repository)["a.md"].rejected)


def test_names_that_cannot_be_shown_are_told(repository: GitRepository) -> None:
    """Bytes that are no UTF-8 and line ends are written as codes; the other files are taken."""
    repository.put(b"caf\xe9.md", b"x")
    repository.put("line\nend.md", b"x")
    repository.put("good.md", b"x")
    repository.commit()
    found = _listed(repository)
    assert sorted((path, one.rejected is None) for path, one in found.items()) == [
        ("caf\\udce9.md", False),
        ("good.md", True),
        ("line\\nend.md", False),
    ]


def test_a_tree_with_names_that_lead_elsewhere_harms_nobody(repository: GitRepository) -> None:
    """Such trees are made by hand; each such name is told, and the rest is read."""
    repository.put("good.md", b"x")
    blob = repository.git("hash-object", "-w", "--stdin", data=b"x").strip()
    raw = bytes.fromhex(blob.decode())
    entries = b"".join(b"100644 " + name + b"\0" + raw for name in (b"..", b".git", b"a/../../b.md", b"good.md"))
    tree = repository.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=entries).strip().decode()
    repository.commit_tree(tree)
    found = _listed(repository)
    assert found["good.md"].rejected is None
    assert {path for path, one in found.items() if one.rejected} >= {"..", "a/../../b.md"}


def test_hidden_files_are_not_shown(repository: GitRepository) -> None:
    """As in a folder."""
    repository.put(".github/workflow.md", b"x")
    repository.put("a/.hidden.md", b"x")
    repository.put("a/b.md", b"x")
    repository.commit()
    assert list(_listed(repository)) == ["a/b.md"]


def test_a_branch_is_read_as_named_and_the_main_one_by_default(repository: GitRepository) -> None:
    """Each base reads one branch; one that does not exist is a fault of the whole source."""
    repository.put("a.md", b"main")
    repository.commit()
    repository.put("b.md", b"side")
    repository.commit(branch="side/work", parents=repository.heads()["main"])
    assert list(_listed(repository)) == ["a.md"]
    assert list(_listed(repository, branch="side/work")) == ["a.md", "b.md"]
    with pytest.raises(SourceUnreadable, match="no branch 'work'"):
        list(_source(repository, branch="work").list())


def test_a_repository_above_the_limit_is_refused(repository: GitRepository) -> None:
    """The sentence names limit and setting."""
    repository.put("noise.bin", bytes(range(256)) * 4)
    for number in range(3):
        repository.put(f"{number}.bin", (number).to_bytes(4, "big") + bytes(2**20))
    repository.commit()
    with pytest.raises(SourceUnreadable, match=r"more than 0 MB, the limit \(FOOTNOTE_GIT__MAX_MB\)"):
        _mirror(repository, limits=GitLimits(max_mb=0)).update(lambda: None)


def test_hooks_filters_and_settings_of_the_repository_do_nothing(repository: GitRepository, tmp_path: Path) -> None:
    """Nothing that a repository or its copy names is started."""
    ran = tmp_path / "ran"
    copy = tmp_path / "copy"
    repository.put(".gitattributes", b"* filter=evil diff=evil\n")
    repository.put("a.md", b"text")
    repository.commit()
    _listed(repository)
    repository.put("a.md", b"other text")
    repository.commit()
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-update", "pre-receive"):
        for folder in (copy, repository.folder):
            hook = folder / "hooks" / name
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(f"#!/bin/sh\ntouch {ran}\n")
            hook.chmod(0o755)
    assert _listed(repository)["a.md"].rejected is None
    assert not ran.exists()


def test_a_heartbeat_that_ends_a_listing_ends_git(repository: GitRepository) -> None:
    """A worker that lost its lease stops, also while git works."""
    repository.put("a.md", b"x")
    repository.commit()

    def stop() -> Iterator[None]:
        raise InterruptedError

    with pytest.raises((InterruptedError, SourceUnreadable)):
        list(_source(repository).list(stop))


def test_two_syncs_of_one_copy_take_turns(repository: GitRepository, tmp_path: Path) -> None:
    """A preview beside a sync waits, and shows that it lives, until the other is done."""
    repository.put("a.md", b"x")
    repository.commit()
    (tmp_path / "copy").mkdir()
    other = (tmp_path / "copy" / "ours").open("wb")
    fcntl.flock(other, fcntl.LOCK_EX)
    beats: list[int] = []

    def alive() -> None:
        beats.append(1)
        other.close()

    assert [one.path for one in _source(repository).list(alive)] == ["a.md"]
    assert beats


def test_nobody_is_connected_to_against_the_egress_setting(tmp_path: Path) -> None:
    """A host that is not allowed is refused before git is started."""
    for address in ("https://127.0.0.1/a.git", "git@169.254.169.254:a.git", "https://git.example/a.git"):
        access = GitAccess(parse_git_address(address))
        mirror = GitMirror(tmp_path / "copy", access, Egress(), limits=GitLimits(), resolver=lambda _: ["10.0.0.1"])
        with pytest.raises(SourceUnreadable, match="FOOTNOTE_EGRESS"):
            mirror.check()
