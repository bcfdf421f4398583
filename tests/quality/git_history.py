"""A repository's history made from real files: edits, renames, moved folders, reverts, merges, texts that return."""

from pathlib import Path
from random import Random

from tests.git_repository import GitRepository


_BEGAN = 1_700_000_000


class MadeHistory:
    """
    Writes commits from a seed. `commits` holds them in order, the main branch's only.

    Attributes:
        commits: their names, oldest first.

    """

    def __init__(self, repository: GitRepository, files: dict[str, bytes], chance: Random) -> None:
        """Take an empty repository and the files of the first commit."""
        self.commits: list[str] = []
        self._repository = repository
        self._chance = chance
        self._originals = dict(files)
        self._files = dict(files)
        self._gone: dict[str, bytes] = {}
        self._stream: list[bytes] = []
        self._mark = 0
        self._main: list[int] = []

    def make(self, count: int) -> None:
        """Write so many commits on the main branch, and those of the branches that it merges."""
        self._commit("refs/heads/main", dict(self._files), None)
        while len(self._main) < count:
            if self._chance.random() < 0.08:
                self._merge()
            else:
                self._change(self._files)
                self._commit("refs/heads/main", self._files, None)
        marks = self._repository.folder / "marks"
        self._repository.git("fast-import", "--quiet", f"--export-marks={marks}", data=b"".join(self._stream))
        named = dict(line.split() for line in marks.read_text().splitlines())
        self.commits = [named[f":{mark}"] for mark in self._main]

    def at(self, commit: str) -> None:
        """Let the main branch be at a commit."""
        self._repository.git("update-ref", "refs/heads/main", commit)

    def _merge(self) -> None:
        """Let a branch and the main one go apart and together again."""
        base, side = self._main[-1], dict(self._files)
        for _ in range(3):
            self._change(side)
        self._commit("refs/heads/side", side, None, begins=base)
        tip = self._mark
        self._change(self._files)
        self._commit("refs/heads/main", self._files, None)
        self._files.update({path: side[path] for path in list(side)[: len(side) // 2] if path in self._files})
        self._commit("refs/heads/main", self._files, tip)

    def _change(self, files: dict[str, bytes]) -> None:
        chance = self._chance
        path = chance.choice(sorted(files))
        kind = chance.choice(("edit", "edit", "edit", "rename", "case", "folder", "remove", "return", "revert", "swap"))
        if kind == "edit":
            files[path] += f"\n\nA sentence of number {chance.randrange(1000)} was added here.\n".encode()
        elif kind == "rename":
            files[f"renamed/{chance.randrange(1000)}/{Path(path).name}"] = files.pop(path)
        elif kind == "case":
            files[str(Path(path).with_name(Path(path).name.swapcase().replace(".MD", ".md")))] = files.pop(path)
        elif kind == "folder":
            folder, to = str(Path(path).parent), f"moved{chance.randrange(100)}"
            for one in [one for one in files if one.startswith(f"{folder}/")]:
                files[to + one[len(folder) :]] = files.pop(one)
        elif kind == "remove" and len(files) > 1:
            self._gone[path] = files.pop(path)
        elif kind == "return" and self._gone:
            back = chance.choice(sorted(self._gone))
            files[back] = self._gone.pop(back)
        elif kind == "revert":
            files[path] = self._originals.get(path, files[path])
        elif kind == "swap":
            other = chance.choice(sorted(files))
            files[path], files[other] = files[other], files[path]

    def _commit(self, branch: str, files: dict[str, bytes], merged: int | None, *, begins: int | None = None) -> None:
        """Write a commit that holds exactly these files."""
        self._mark += 1
        parent = begins if begins is not None else (self._main[-1] if self._main else None)
        who = f"committer A <a@example.org> {_BEGAN + self._mark * 3600} +0000"
        head = [f"commit {branch}", f"mark :{self._mark}", who, "data 1", "x"]
        head += [f"from :{parent}"] if parent else []
        head += [f"merge :{merged}"] if merged else []
        self._stream.append("\n".join([*head, "deleteall"]).encode() + b"\n")
        for path, data in sorted(files.items()):
            self._stream.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
        if branch == "refs/heads/main":
            self._main.append(self._mark)
