"""A long history replayed commit by commit: the base ends as one that only ever saw the last commit."""

import os
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from pipelines.adapters.sources.git import GitSource
from pipelines.adapters.sources.git_address import parse_git_address
from pipelines.adapters.sources.git_mirror import GitAccess, GitLimits, GitMirror
from pipelines.domain.egress import Egress
from pipelines.domain.knowledge import SyncResult
from pipelines.evaluation.running import SETS
from pipelines.ingestion.sync import Sync
from tests.git_repository import GitRepository
from tests.quality.git_history import MadeHistory
from tests.small_base import Seen, SmallBase, open_parts


# Not for its server, for its time.
pytestmark = pytest.mark.engines
COMMITS = 300
PAGES = 80
EVERY = 10
"""Commits from one sync to the next."""


@pytest.fixture
def pages() -> dict[str, bytes]:
    """Return pages of a handbook by path; skip where the evaluation set is not at hand."""
    folder = Path(os.environ.get("FOOTNOTE_EVALDATA", SETS)) / "handbook18f" / "files"
    files = [one for one in sorted(folder.rglob("*.md")) if one.stat().st_size < 20_000][:PAGES]
    if not files:
        pytest.skip(f"no evaluation set handbook18f in {folder}: set FOOTNOTE_EVALDATA")
    return {f"docs/{one.relative_to(folder).as_posix()}": one.read_bytes() for one in files}


def _synced(base: SmallBase, repository: GitRepository, copy: Path) -> SyncResult:
    access = GitAccess(parse_git_address(f"file://{repository.folder}"))
    mirror = GitMirror(copy, access, Egress.parse("none"), limits=GitLimits())
    reader = GitSource(mirror, subfolder="", repository="https://git.example/a", link_template=None, max_file_mb=1)
    lease = base.lease()
    result = Sync(base.parts, base.base, reader).run(lease)
    base.records.jobs.finish(lease)
    return result


def _undated(seen: Seen) -> Seen:
    """Return what is seen without days: a text that went and came back between two syncs keeps its first one."""
    return Seen({path: replace(one, date=None) for path, one in seen.documents.items()}, seen.rows)


def test_a_history_replayed_equals_its_end(tmp_path: Path, pages: dict[str, bytes]) -> None:
    """Same documents, texts, passages, places and rows; nothing in the index that the ledger does not know."""
    repository = GitRepository(tmp_path / "origin.git")
    history = MadeHistory(repository, pages, Random(18))
    history.make(COMMITS)
    (tmp_path / "long").mkdir()
    (tmp_path / "short").mkdir()
    with open_parts(tmp_path / "long", words_only=True) as parts:
        long = SmallBase(parts, tmp_path / "long" / "documents")
        for commit in [*history.commits[::EVERY], history.commits[-1]]:
            history.at(commit)
            _synced(long, repository, tmp_path / "copy")
        replayed, orphans = _undated(long.seen()), long.index_differs()
    with open_parts(tmp_path / "short", words_only=True) as parts:
        short = SmallBase(parts, tmp_path / "short" / "documents")
        _synced(short, repository, tmp_path / "another-copy")
        fresh = _undated(short.seen())
    assert len(history.commits) >= COMMITS
    assert replayed == fresh
    assert orphans == set()
