"""The name of the code that answers changes with that code, and with nothing else."""

from pathlib import Path

from pipelines.answering.code_version import code_version, source_hash


def write(root: Path, name: str, text: str) -> Path:
    """Write a file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_this_code_has_one_name() -> None:
    """It is short, and the same as long as the process lives."""
    assert code_version() == code_version()
    assert len(code_version()) == 16


def test_every_change_of_the_code_is_another_name(tmp_path: Path) -> None:
    """Bytes and names of modules count, in packages below too; what is no module of these packages does not."""
    file = write(tmp_path, "answering/a.py", "x = 1")
    seen = [source_hash(tmp_path)]
    file.write_text("x = 2", encoding="utf-8")
    seen.append(source_hash(tmp_path))
    file.rename(tmp_path / "answering" / "b.py")
    seen.append(source_hash(tmp_path))
    for name in ("answering/components/c.py", "retrieval/a.py", "domain/a.py"):
        write(tmp_path, name, "")
        seen.append(source_hash(tmp_path))
    assert len(set(seen)) == len(seen)
    for name in ("answering/notes.txt", "answering/__pycache__/a.pyc", "adapters/a.py"):
        write(tmp_path, name, "")
    assert source_hash(tmp_path) == seen[-1]
