"""The anchors that GitHub gives a Markdown file's headings, by its published rules. Shares nothing with our reader."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass


_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?^---[ \t]*$", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_ELEMENT = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.IGNORECASE)
_NO_PARAGRAPH = re.compile(r"[ \t]*($|[#>|<]|[-*+][ \t]|\d+[.)][ \t])")
_NAMED = re.compile(r"<a\s[^>]*?(?:name|id)\s*=\s*[\"']?([^\"'\s>]+)|\sid\s*=\s*[\"']([^\"'>]+)[\"']", re.IGNORECASE)
_WRITTEN = re.compile(r"\{#([^\s{}]+)\}\s*$")
_INLINE = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),
    (re.compile(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"<(https?://[^>]*|[^>@\s]+@[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>]*>"), ""),
    (re.compile(r"`+"), ""),
    (re.compile(r"\*+|~~|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])"), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_DROPPED = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """
    A heading of a file.

    Attributes:
        at: where its line begins.
        anchor: what opens it on GitHub.
        written: what opens it on the site that a generator makes of the file, where the author wrote `{#…}`.

    """

    at: int
    anchor: str
    written: str


def headings(source: str) -> list[Heading]:
    """Return the headings of a file in order; a repeated anchor gets -1, -2 and so on."""
    used: dict[str, int] = {}
    found = []
    for at, text in _texts(source):
        base = anchor = _DROPPED.sub("", _plain(text).strip().lower()).replace(" ", "-")
        while anchor in used:
            used[base] += 1
            anchor = f"{base}-{used[base]}"
        used[anchor] = 0
        written = _WRITTEN.search(text)
        found.append(Heading(at, anchor, written[1] if written else ""))
    return found


def named_places(source: str) -> set[str]:
    """Return the anchors that the author wrote into the file as HTML."""
    return {html.unescape(first or second) for first, second in _NAMED.findall(source)}


def _texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield (beginning of the line, text with markup) of each heading."""
    before = _FRONT_MATTER.match(source)
    at = before.end() if before else 0
    fence, previous = "", (0, "")
    for line in source[at:].splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if marks := _FENCE.match(bare):
            if not fence:
                fence = marks[1]
            elif marks[1].startswith(fence) and not bare.strip(" `~"):
                fence = ""
        elif fence:
            pass
        elif atx := _ATX.match(bare):
            yield at, atx[2] or ""
        elif _UNDERLINE.match(bare) and not _NO_PARAGRAPH.match(previous[1]):
            yield previous[0], previous[1]
        elif element := _ELEMENT.search(bare):
            yield at, element[2]
        previous = (at, "" if fence else bare)
        at += len(line)


def _plain(text: str) -> str:
    for pattern, kept in _INLINE:
        text = pattern.sub(kept, text)
    return html.unescape(text)
