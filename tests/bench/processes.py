"""CPU time and memory of process trees, from /proc (Linux)."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


_TICKS = os.sysconf("SC_CLK_TCK")
_UTIME = 11
"""Place of the user time after the process's name; system time, and both of ended children, follow it."""


def tree(root: int) -> Iterator[int]:
    """Yield a process and all below it that live."""
    yield root
    for listed in Path(f"/proc/{root}/task").glob("*/children"):
        for child in _read(listed).split():
            yield from tree(int(child))


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the CPU time of trees so far, with that of children that ended and were waited for."""
    ticks = 0
    for root in roots:
        for process in tree(root):
            after_name = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
            ticks += sum(map(int, after_name[_UTIME : _UTIME + 4]))
    return ticks / _TICKS


def peak_mb(roots: Iterable[int]) -> float:
    """Return the most memory that one process of the trees has had; those that live now."""
    return max((_peak(process) for root in roots for process in tree(root)), default=0.0)


def folder_mb(folder: Path) -> float:
    """Return what the files below a folder hold on disk."""
    found = 0
    for file in folder.rglob("*"):
        try:
            found += file.lstat().st_blocks * 512
        except FileNotFoundError:
            continue
    return found / 1e6


def _peak(process: int) -> float:
    lines = _read(Path(f"/proc/{process}/status")).splitlines()
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM:")), 0.0)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
