"""A folder of many documents of five chunks each, and what becomes of it: edits, renames, removals, other rights."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random


CHUNKS = 5
"""Of each document."""

Folder = Mapping[str, str]


def document(number: int, edit: int) -> str:
    """Return a document of five chunks; an edit changes two of them."""
    words = [f"theme{number}x{part}{f'e{edit}' if part < 2 else ''}" for part in range(CHUNKS)]
    parts = "\n".join(
        f"## Part {part}\n\nPart {part} of guide {number} tells about {word}.\n" for part, word in enumerate(words)
    )
    return f"---\ntitle: Guide {number}\nauthor: Team {number % 7}\ndate: 2026-01-{1 + number % 28:02}\n---\n{parts}"


def state(documents: int, edit: int) -> Folder:
    """
    Return what the folder holds after so many edits.

    Each edit changes a third of the documents, moves a twentieth, lacks another one, and turns the rights around.
    """
    files: dict[str, str] = {}
    for number in range(documents):
        chance = Random(f"{number} {edit}")
        fate = chance.random()
        changed = max((one for one in range(edit + 1) if Random(f"{number} {one} text").random() < 1 / 3), default=0)
        if edit and fate < 0.05:
            continue
        folder = "moved/" if edit and fate > 0.95 else "hr/" if number % 9 == 0 else ""
        files[f"{folder}d{number:04}.md"] = document(number, changed)
    readers = "group:hr" if edit % 2 else "group:pay"
    return {**files, "empty.md": "", ".footnote.yaml": f'audience: [{{pattern: "hr/**", readers: ["{readers}"]}}]'}


def with_small_change(files: Folder, edit: int) -> Folder:
    """Return a state in which three documents were edited: a sync that is not cut into parts."""
    paths = sorted(path for path in files if path.endswith(".md") and path != "empty.md")[:3]
    return {**files, **{path: f"{files[path]}\nA footnote was added, number {edit}.\n" for path in paths}}


def fill(folder: Path, files: Folder) -> None:
    """Let the folder hold these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
