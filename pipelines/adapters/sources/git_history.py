"""Which commit touched each file last, by one walk through the history. Reads no file."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.adapters.sources.git_program import GitFailed, GitProgram
from pipelines.domain.values import Value


if TYPE_CHECKING:
    import subprocess


_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Touch(Value):
    """The last commit that touched a file, and its day in UTC, ISO 8601; None for a day that no calendar has."""

    commit: str
    day: str | None


def last_touches(
    git: GitProgram,
    commit: str,
    paths: Collection[str],
    *,
    subfolder: str = "",
    before: str | None = None,
    known: Mapping[str, Touch] | None = None,
    alive: Callable[[], None] = lambda: None,
) -> dict[str, Touch]:
    """
    Return path -> the newest commit that changed it, for those of `paths` that the history names.

    The walk ends with the last path found. Merges count where they differ from all parents.

    Args:
        git: the repository.
        commit: where the walk begins.
        paths: names from the top of the repository.
        subfolder: only changes below it are looked at.
        before: a commit at which `known` was true; only what came since is walked, and the
            rest again only for what neither names.
        known: path -> touch at `before`.
        alive: called now and then.

    """
    wanted = set(paths)
    found: dict[str, Touch] = {}
    earlier = known or {}
    if before and earlier and _is_ancestor(git, before, commit):
        found = _walk(git, f"{before}..{commit}", wanted, subfolder, alive)
        found |= {path: earlier[path] for path in wanted - set(found) if path in earlier}
    left = wanted - set(found)
    return {**found, **_walk(git, commit, left, subfolder, alive)} if left else found


def _is_ancestor(git: GitProgram, before: str, commit: str) -> bool:
    try:
        git.output("merge-base", "--is-ancestor", before, commit)
    except GitFailed:
        return False
    return True


def _walk(
    git: GitProgram, span: str, wanted: Collection[str], subfolder: str, alive: Callable[[], None]
) -> dict[str, Touch]:
    """Walk until every wanted path is found."""
    line = ["log", "--no-renames", "--diff-merges=combined", "--name-only", "-z", "--format=%x00%H %ct", span, "--"]
    process = git.start(*line, *([subfolder] if subfolder else []))
    found: dict[str, Touch] = {}
    left = set(wanted)
    try:
        for touch, name in _changes(_parts(process), alive):
            path = name.decode("utf-8", "surrogateescape")
            if path in left:
                found[path] = touch
                left.remove(path)
                if not left:
                    break
    finally:
        _end(process)
    return found


def _changes(parts: Iterator[bytes], alive: Callable[[], None]) -> Iterator[tuple[Touch, bytes]]:
    """Yield (commit, name of a file), newest commit first; an empty part stands before each commit."""
    touch: Touch | None = None
    first = False
    for part in parts:
        if not part:
            touch = None
        elif touch is None:
            touch, first = _touch(part), True
            alive()
        else:
            # git writes a line end between a commit and the first of its files.
            yield touch, part[1:] if first else part
            first = False


def _parts(process: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    """Yield what stands before each zero byte."""
    rest = b""
    while process.stdout and (block := process.stdout.read(_BLOCK)):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole


def _touch(part: bytes) -> Touch:
    commit, _, seconds = part.partition(b" ")
    try:
        day = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return Touch(commit.decode("ascii", "replace"), None)
    return Touch(commit.decode("ascii", "replace"), day)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    process.wait()
