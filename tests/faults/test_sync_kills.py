"""A process that syncs is killed anywhere: readers see the old version or the new one, and nothing is left over."""

import random
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pipelines.ports.chunk_index import IndexRow, TermFields
from tests.child import start_child
from tests.faults.sync_children import ENDED, STARTED, stepwise, sync_and_die, sync_until_killed
from tests.small_base import Died, Seen, SmallBase, open_parts


KILLS = 30
KILLED = -9
QUESTIONS = ("leave of parents", "travel by train")
HR = 'audience: [{pattern: "hr/**", readers: [group:hr]}]'

Folder = Mapping[str, str]
Visible = tuple[Seen, list[set[tuple[str, int]]]]

REPAIRS = ("index.assign_rule", "index.delete", "index.rebuild", "index.retire", "index.revive")
PART_CHECKPOINTS = {
    "blobs.put",
    "jobs.put_back",
    "parts.fail",
    "parts.put",
    "parts.put_back",
    "parts.stage",
    "parts.take",
}
EVERY_CHECKPOINT = {
    "census",
    "jobs.finish",
    "jobs.lease",
    "jobs.submit",
    "ledger.begin",
    "ledger.finish",
    "ledger.finish_unchanged",
    "ledger.reject",
    "ledger.set_rules_today",
    "ledger.stage",
    "ledger.stage_removal",
    "ledger.sweep",
    "life.store",
    "index.stage",
    "index.sweep",
    "vectors.put",
    *PART_CHECKPOINTS,
    *REPAIRS,
}


def markdown(number: int, words: str) -> str:
    """Return a document of three chunks."""
    parts = "\n".join(f"## Part {part}\n\nPart {part} of document {number} is about {words}.\n" for part in range(3))
    return f"---\ntitle: Guide to {words} ({number})\ndate: 2026-01-1{number}\n---\n{parts}"


def states() -> tuple[Folder, ...]:
    """Return what the folder holds, one after the other: edits, renames, removals, other rights."""
    first = {f"d{number}.md": markdown(number, "leave of parents") for number in range(6)}
    second = {**first, "d1.md": markdown(1, "travel by train"), "new.md": markdown(7, "notice"), ".footnote.yaml": HR}
    del second["d2.md"]
    third = {**second, "hr/d3.md": second["d3.md"], "hr/pay.md": "# Pay\n\nSalaries by band.\n"}
    del third["d3.md"]
    fourth = {**first, "d4.md": first["d4.md"].replace("2026", "2025"), "d5.md": markdown(5, "leave").replace("5", "9")}
    return first, second, third, fourth


def fill(folder: Path, files: Folder) -> None:
    """Let the folder hold these files and no others."""
    if folder.exists():
        shutil.rmtree(folder)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def visible(base: SmallBase) -> Visible:
    """Return all that readers see, and what they find."""
    return base.seen(), [base.found(question) for question in QUESTIONS]


def fresh(data: Path, *folders: Folder) -> Visible:
    """Return what an undisturbed installation shows after syncing the folder in each of these states."""
    data.mkdir()
    with open_parts(data) as parts:
        base = SmallBase(parts, data / "documents")
        for files in folders:
            fill(base.folder, files)
            base.sync()
        return visible(base)


def open_base(data: Path) -> Iterator[SmallBase]:
    """Yield the base of an installation."""
    with open_parts(data) as parts:
        yield SmallBase(parts, data / "documents")


def killed_after(data: Path, seconds: float) -> None:
    """Start a sync, and kill its process so many seconds later, whatever it is doing."""
    child, here = start_child(sync_until_killed, data, data / "documents")
    assert here.recv() == STARTED
    time.sleep(seconds)
    child.kill()
    child.join()
    here.close()
    assert child.exitcode == KILLED


def typical_time(data: Path) -> float:
    """Return how many seconds a sync of a change takes that nobody disturbs."""
    data.mkdir()
    took = 0.0
    for files in states()[:2]:
        fill(data / "documents", files)
        child, here = start_child(sync_until_killed, data, data / "documents")
        assert here.recv() == STARTED
        began = time.monotonic()
        assert here.recv() == ENDED
        took = time.monotonic() - began
        child.kill()
        child.join()
        here.close()
    return took


def test_thirty_kills_at_random_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """After each, readers see one version whole; after the last, a sync gives what a fresh installation gives."""
    chance, folders = random.Random(3), states()
    expected = [fresh(tmp_path / f"fresh{number}", files) for number, files in enumerate(folders)]
    takes = typical_time(tmp_path / "measured")
    data = tmp_path / "killed"
    data.mkdir()
    shown: dict[int, int] = {}
    wanted = 0
    for _ in range(KILLS):
        fill(data / "documents", folders[wanted])
        killed_after(data, chance.uniform(0, takes))
        for base in open_base(data):
            newest = base.base.newest
            if newest not in {0, *shown}:
                shown[newest] = wanted
            assert newest == max(shown, default=0)
            assert base.base.active == newest
            if newest:
                assert visible(base) == expected[shown[newest]]
                wanted = chance.choice([one for one in range(len(folders)) if one != shown[newest]])
    fill(data / "documents", folders[wanted])
    for base in open_base(data):
        base.sync()
        assert visible(base) == expected[wanted]
        assert base.index_differs() == set()
        assert all(base.seen(version) == expected[state][0] for version, state in shown.items())


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """Return an installation with one version and a dead staged one, whose folder has changed since."""
    data = tmp_path / "prepared"
    data.mkdir()
    first, second, third, _ = states()
    for base in open_base(data):
        fill(base.folder, first)
        base.sync()
        fill(base.folder, second)
        with pytest.raises(Died):
            base.sync(die_at("ledger.reject"))
        fill(base.folder, changed(third))
    return data


def changed(files: Folder) -> Folder:
    """Return a state in which a file cannot be read, and lies in a folder of a new audience."""
    return {**files, "d0.md": "", ".footnote.yaml": 'audience: [{pattern: "**", readers: [group:hr]}]'}


@pytest.fixture
def haunted(tmp_path: Path) -> Path:
    """Return an installation whose folder is unchanged, and whose index differs from the records in every way."""
    data = tmp_path / "haunted"
    data.mkdir()
    for base in open_base(data):
        fill(base.folder, states()[0])
        base.sync()
        fill(base.folder, {**states()[0], "d1.md": markdown(1, "travel")})
        base.sync()
        fill(base.folder, {**states()[0], "d1.md": markdown(1, "notice")})
        base.sync()
        haunt(base)
    return data


def haunt(base: SmallBase) -> None:
    """Do to the index what dead workers and lost files can do to it."""
    index, kb, now = base.parts.index, base.kb, base.base.newest
    rows = sorted(index.visible(kb, now), key=lambda row: row.chunk_id)
    old = [row for row in index.visible(kb, now - 1) if row not in rows]
    embedder = base.parts.embedder
    assert embedder
    vector = embedder.embed(["late"])[0]
    index.stage([IndexRow("f" * 32, kb, rows[0].rule, now, TermFields(("late",)), vector)])
    index.revive(kb, [(row.chunk_id, row.added_in) for row in old])
    lease = base.lease()
    dead = base.records.ledger.begin(lease)
    base.records.ledger.sweep(lease, dead)
    index.retire(kb, [rows[0].chunk_id], dead)
    index.retire(kb, [rows[1].chunk_id], now)
    index.delete(kb, [(rows[2].chunk_id, rows[2].added_in)])
    index.assign_rule(kb, [rows[3].chunk_id], 999)


def die_at(name: str) -> Callable[[str], None]:
    """Return a checkpoint at which the work ends."""

    def checkpoint(now: str) -> None:
        if now == name:
            raise Died(name)

    return checkpoint


def copied(data: Path, name: str) -> Path:
    """Return a copy of an installation."""
    return Path(shutil.copytree(data, data.parent / name))


def checkpoints(data: Path) -> list[str]:
    """Return the names of all checkpoints of an undisturbed sync, in order."""
    names: list[str] = []
    for base in open_base(copied(data, "undisturbed")):
        stepwise(base, names.append)
    return names


def kill_at(data: Path, at: int) -> None:
    """Let a process sync and kill itself at a checkpoint."""
    child, here = start_child(sync_and_die, data, data / "documents", at)
    child.join()
    here.close()
    assert child.exitcode == KILLED


@pytest.mark.engines  # of its time alone
def test_a_kill_after_each_commit_and_index_write_is_made_good(tmp_path: Path, prepared: Path) -> None:
    """Readers see the old version or the new one; the next sync ends as if nobody had been killed."""
    first, _, third, _ = states()
    old, new = fresh(tmp_path / "old", first), fresh(tmp_path / "new", first, changed(third))
    names = checkpoints(prepared)
    unseen = {"index.delete", "index.revive", "index.assign_rule", "index.rebuild", "ledger.finish_unchanged"}
    assert set(names) == EVERY_CHECKPOINT - PART_CHECKPOINTS - unseen
    for at, name in enumerate(names):
        data = copied(prepared, f"killed{at}")
        kill_at(data, at)
        for base in open_base(data):
            ended = name in {"ledger.finish", "jobs.finish"}
            assert (at, name, visible(base)) == (at, name, new if ended else old)
            base.sync()
            assert (at, name, visible(base)) == (at, name, new)
            assert (at, name, base.index_differs()) == (at, name, set())
        shutil.rmtree(data)


def test_a_kill_while_the_index_is_repaired_is_made_good(haunted: Path) -> None:
    """Late additions, late removals, lost rows and rows under another rule: the next sync repairs what is left."""
    names = checkpoints(haunted)
    assert set(names) >= {*REPAIRS, "ledger.finish_unchanged"}
    for base in open_base(copied(haunted, "whole")):
        base.sync()
        before = [base.seen(version) for version in (1, 2, 3)]
        assert base.index_differs() == set()
    for at, name in enumerate(names):
        data = copied(haunted, f"killed{at}")
        kill_at(data, at)
        for base in open_base(data):
            base.sync()
            assert (at, name, [base.seen(version) for version in (1, 2, 3)]) == (at, name, before)
            assert (at, name, base.index_differs()) == (at, name, set())
        shutil.rmtree(data)
