"""What stands in the folder of the sync machine's base, and what readers see of it. Knows no part of Footnote."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st


Readers = tuple[str, ...]
Rules = tuple[tuple[str, Readers], ...]
Edit = tuple[Any, ...]
"""The name of a method of `Folder` that changes it, and its arguments."""

Shown = tuple[str, str, Readers | None, tuple[str, ...]]
"""What a version shows of a document: title, date, readers, one text per passage."""

PATHS = ("a.md", "b.md", "hr/a.md", "hr/c.md", "it/d.md")
WORDS = ("leave", "pay", "travel", "notice")
QUESTION = " ".join(WORDS)
HR, IT, EVERYONE = ("group:hr",), ("group:it",), ("everyone",)
RULES = ((), (("hr/**", HR),), (("hr/**", IT), ("**", EVERYONE)), (("a.md", HR), ("it/**", IT)))


@dataclass(frozen=True)
class Content:
    """What is written into a file; `paragraphs` are its passages. No paragraph is a file that cannot be read."""

    title: str
    date: str
    readers: Readers | None
    paragraphs: tuple[str, ...]

    def text(self) -> str:
        """Return the file."""
        if not self.paragraphs:
            return ""
        audience = f"audience: [{', '.join(self.readers)}]\n" if self.readers else ""
        body = "\n".join(f"## Part {at}\n\n{text}\n" for at, text in enumerate(self.paragraphs))
        return f"---\ntitle: {self.title}\ndate: {self.date}\n{audience}---\n{body}"

    def shown(self, path: str, rules: Rules) -> Shown:
        """Return what readers see of it at this path."""
        return self.title, self.date, self.readers or governed(path, rules), self.paragraphs


def governed(path: str, rules: Rules) -> Readers | None:
    """Return the readers whom the audience file names for a path, None for the base's own."""
    for pattern, readers in rules:
        if pattern in {"**", path} or (pattern.endswith("/**") and path.startswith(pattern[:-2])):
            return readers
    return None


@dataclass(frozen=True)
class Intent:
    """A state of the folder, as a sync that looked at it then is to show it."""

    files: Mapping[str, Content]
    audience: Rules

    def shown(self, before: Mapping[str, Shown]) -> dict[str, Shown]:
        """Return what a sync shows: of a file that cannot be read, what the newest version shows."""
        now = {path: one.shown(path, self.audience) for path, one in self.files.items() if one.paragraphs}
        return now | {path: before[path] for path in self.unreadable() if path in before}

    def unreadable(self) -> set[str]:
        """Return the paths of the files that cannot be read."""
        return {path for path, one in self.files.items() if not one.paragraphs}


@dataclass
class Folder:
    """The folder, and what is in it."""

    place: Path
    files: dict[str, Content] = field(default_factory=dict)
    audience: Rules = ()
    serial: int = 0

    def intent(self) -> Intent:
        """Return how it is now."""
        return Intent(dict(self.files), self.audience)

    def change(self, edits: list[Edit]) -> None:
        """Do edits, one after the other."""
        for name, *values in edits:
            getattr(self, name)(*values)

    def write(self, path: str, content: Content) -> None:
        """Add or edit a file. A serial number makes every content its own, so that no copy is taken for a rename."""
        self.serial += 1
        last = f"{content.paragraphs[-1]} Number {self.serial}."
        self.put(path, replace(content, paragraphs=(*content.paragraphs[:-1], last)))

    def edit_metadata(self, path: str, content: Content) -> None:
        """Change what is not in the text."""
        if path in self.files and self.files[path].paragraphs:
            self.put(path, replace(content, paragraphs=self.files[path].paragraphs))

    def spoil(self, path: str) -> None:
        """Let a file read as nothing."""
        self.put(path, Content("", "", None, ()))

    def rename(self, path: str, to: str) -> None:
        """Move a file to a path that is free."""
        if path in self.files and to not in self.files:
            content = self.files.pop(path)
            (self.place / path).unlink()
            self.put(to, content)

    def delete(self, path: str) -> None:
        """Delete a file."""
        if self.files.pop(path, None):
            (self.place / path).unlink()

    def set_rules(self, rules: Rules) -> None:
        """Change the audience file."""
        self.audience = rules
        file = self.place / ".footnote.yaml"
        file.unlink(missing_ok=True)
        if rules:
            entries = ", ".join(f'{{pattern: "{pattern}", readers: [{", ".join(who)}]}}' for pattern, who in rules)
            file.write_text(f"audience: [{entries}]", encoding="utf-8")

    def put(self, path: str, content: Content) -> None:
        """Write a file."""
        self.files[path] = content
        file = self.place / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(content.text(), encoding="utf-8")


_PATH = st.sampled_from(PATHS)
CONTENTS = st.builds(
    Content,
    st.sampled_from(["Guide to work", "Guide to rest"]),
    st.sampled_from(["2026-01-01", "2026-02-02"]),
    st.sampled_from([None, None, HR, EVERYONE]),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda words: tuple(f"About {one}." for one in words)),
)
EDITS = st.lists(
    st.tuples(st.just("write"), _PATH, CONTENTS)
    | st.tuples(st.just("edit_metadata"), _PATH, CONTENTS)
    | st.tuples(st.just("rename"), _PATH, _PATH)
    | st.tuples(st.sampled_from(["spoil", "delete"]), _PATH)
    | st.tuples(st.just("set_rules"), st.sampled_from(RULES)),
    max_size=3,
)
