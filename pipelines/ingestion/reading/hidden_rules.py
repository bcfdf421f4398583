"""Finds an audience that somebody wrote into the head of a document and that did not become a rule."""

import unicodedata
from collections.abc import Iterable, Mapping

import regex


LONGEST = 1 << 16
"""Characters of front matter at most; beyond them an unclosed one is content."""

_HEAD = 4 * LONGEST
_NAMES = frozenset({"audience", "audiences"})
_LINE_ENDS = regex.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_FENCE = r"[^\S\n]*(?:-{3,}|\+{3,}|;{3,}|\.{3,})[^\S\n]*(?:\n|\Z)"
# No two neighbours in these expressions match the same character: they are tried on any file.
# With `re`, possessive repetitions of groups match wrongly before Python 3.11.5.
_OPENED = regex.compile(
    r"\s*+(?:(?P<comment><!--)|(?P<json>\{(?=\s*+\"))|(?P<fence>(?:-{3,}|\+{3,}|;{3,})[^\S\n]*(?:\n|\Z)))"
)
_CLOSED = {
    "comment": regex.compile(r"-->"),
    "json": regex.compile(r"^\}[^\S\n]*(?:\n|\Z)", regex.MULTILINE),
    "fence": regex.compile("^" + _FENCE, regex.MULTILINE),
}
_ADJACENT = regex.compile(rf"(?:(?!{_FENCE})[^\S\n]*[^\s][^\n]*\n)*+{_FENCE}")
_KEY = regex.compile(
    r"(?:^(?:[^\S\n]|[-?{\[,\"'])*(?:[!&]\S*[^\S\n]+)?|(?:[{,]|<!--)[^\S\n]{0,9}[\"']?)"
    r"audiences?[\"']?[^\S\n]*(?:[:=]|\]+[^\S\n]*$)"
    r"|\?[^\S\n]{0,9}[\"']?audiences?[\"']?[^\S\n]*$",
    regex.IGNORECASE | regex.MULTILINE,
)


def plain_key(key: object) -> str:
    """Return a key as its reader sees it: NFKC, lower case, without what is invisible."""
    return _visible(str(key)).strip().lower()


def names_audience(text: str, loaded: object = None) -> bool:
    """Say whether a block holds an audience as a key, by its text or, at any depth, by what was loaded from it."""
    return bool(_KEY.search(_visible(text))) or _holds_audience(loaded)


def hides_audience(text: str, *, follows: bool = False) -> bool:
    """
    Say whether a text begins with something like front matter that names an audience.

    That is any run of comments, JSON objects and blocks between lines of `---`, `+++` or
    `;;;`, each closed by any such line or never, with nothing but space before it.

    Args:
        text: a document, or the rest of it after its front matter.
        follows: the text stands directly after front matter: its first lines count too
            if such a line ends them before a blank one does.

    """
    head = _visible(text[:_HEAD])
    at = 0
    while opened := _OPENED.match(head, at):
        kind = str(opened.lastgroup)
        closed = _CLOSED[kind].search(head, opened.end())
        end = closed.start() if closed else opened.end() + LONGEST
        if _KEY.search(head[opened.start(kind) : end]):
            return True
        if not closed:
            return False
        at, follows = closed.end(), follows or kind == "fence"
    adjacent = _ADJACENT.match(head, at) if follows else None
    return bool(adjacent and _KEY.search(adjacent[0]))


def _visible(text: str) -> str:
    """Return a text in NFKC without format characters, its lines ended by line feeds."""
    lines = _LINE_ENDS.sub("\n", text)
    if lines.isascii():
        return lines
    composed = unicodedata.normalize("NFKC", lines)
    return composed.translate({ord(char): None for char in set(composed) if unicodedata.category(char) == "Cf"})


def _holds_audience(loaded: object) -> bool:
    waiting, seen = [loaded], set[int]()
    while waiting:
        one = waiting.pop()
        # Aliases of aliases lead to one place by more ways than can be walked.
        if id(one) in seen or not isinstance(one, Mapping | list):
            continue
        seen.add(id(one))
        if isinstance(one, Mapping) and any(plain_key(key) in _NAMES for key in one):
            return True
        parts: Iterable[object] = one.values() if isinstance(one, Mapping) else one
        waiting.extend(parts)
    return False
