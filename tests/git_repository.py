"""A real repository of git that a test writes commit by commit."""

import os
import subprocess
from pathlib import Path


class GitRepository:
    """A bare repository whose commits are written without a working tree; each is a minute after the one before."""

    def __init__(self, folder: Path, *, branch: str = "main") -> None:
        """Make an empty repository."""
        self.folder = folder
        self.branch = branch
        self._seconds = 1_750_000_000
        self._files: dict[str, tuple[str, str]] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--bare", f"--initial-branch={branch}", ".")

    def git(self, *arguments: str, data: bytes = b"") -> bytes:
        """Run git; return what it writes."""
        environment = {
            "PATH": os.defpath,
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_INDEX_FILE": str(self.folder / "test-index"),
            **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in self._who().items()},
        }
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the git of this machine
            cwd=self.folder,
            env=environment,
            input=data,
            capture_output=True,
            check=True,
        )
        return done.stdout

    def put(self, path: str | bytes, data: bytes, mode: str = "100644") -> None:
        """Let the next commit have a file with these bytes."""
        blob = self.git("hash-object", "-w", "--stdin", data=data).strip().decode()
        self.put_entry(path, mode, blob)

    def put_entry(self, path: str | bytes, mode: str, name: str) -> None:
        """Let the next commit have an entry of any mode."""
        raw = path if isinstance(path, bytes) else path.encode()
        self.git("update-index", "-z", "--index-info", data=f"{mode} {name}\t".encode() + raw + b"\0")

    def remove(self, path: str) -> None:
        """Let the next commit lack a file."""
        self.put_entry(path, "0", "0" * 40)

    def commit(self, message: str = "change", *, parents: tuple[str, ...] = (), branch: str = "") -> str:
        """Commit what was put and removed; return the commit."""
        tree = self.git("write-tree").strip().decode()
        return self.commit_tree(tree, message, parents=parents, branch=branch)

    def commit_tree(
        self, tree: str, message: str = "change", *, parents: tuple[str, ...] = (), branch: str = ""
    ) -> str:
        """Commit a tree; without parents it follows the branch."""
        at = branch or self.branch
        above = parents or self.heads().get(at, ())
        self._seconds += 60
        line = [part for parent in above for part in ("-p", parent)]
        commit = self.git("commit-tree", tree, "-m", message, *line).strip().decode()
        self.git("update-ref", f"refs/heads/{at}", commit)
        return commit

    def heads(self) -> dict[str, tuple[str, ...]]:
        """Return branch -> its commit."""
        listed = self.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads").decode()
        return {line.split()[0]: (line.split()[1],) for line in listed.splitlines()}

    def _who(self) -> dict[str, str]:
        return {"NAME": "Somebody", "EMAIL": "somebody@example.org", "DATE": f"{self._seconds} +0000"}
