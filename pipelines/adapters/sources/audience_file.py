"""Parses `.footnote.yaml`. What could be understood in two ways is refused: it says who may read."""

import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from pathlib import PurePath
from typing import Any, TypeGuard

import yaml

from pipelines.adapters.sources.names import escaped, unprintable
from pipelines.domain.access import normalise_readers
from pipelines.errors import BadInput, SourceUnreadable


AUDIENCE_FILE = ".footnote.yaml"
MAX_AUDIENCE_FILE = 1_000_000
"""Bytes."""

_MISPLACED = (AUDIENCE_FILE, ".footnote.yml")

_FORM = 'it must hold `audience: [{pattern: "hr/**", readers: [group:hr]}]`'
_ENTRY_FORM = 'must be `{pattern: "hr/**", readers: [group:hr]}`, and neither of the two is empty'
_MERGE = "tag:yaml.org,2002:merge"


def rules_of(file: PurePath | str, data: bytes) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """
    Return (pattern, readers) of the bytes of an audience file, in its order.

    Raises:
        SourceUnreadable: they are too many, or cannot be understood in one way.

    """
    if len(data) > MAX_AUDIENCE_FILE:
        raise unreadable(file, "it is larger than 1 MB: shorten its list")
    try:
        return tuple(audience_rules(data))
    except BadInput as fault:
        raise unreadable(file, str(fault)) from fault


def unreadable(file: PurePath | str, reason: str) -> SourceUnreadable:
    """Return the fault of an audience file that cannot be read."""
    return SourceUnreadable(f"the file {file} cannot be read, so nobody's rights are known: {reason}")


def require_governing(inside: str, names: Iterable[str]) -> None:
    """
    Refuse an audience file that governs nothing where it lies: its author believes that it restricts.

    Args:
        inside: the folder, with `/` behind it; "" for the top.
        names: what lies in it.

    Raises:
        SourceUnreadable: there is such a file.

    """
    for name in names:
        if name.casefold() in _MISPLACED and inside + name != AUDIENCE_FILE:
            said = f"the file {escaped(inside + name, unprintable)!r} restricts nothing"
            way = f"only the {AUDIENCE_FILE} at the top of the folder counts: move its patterns there"
            raise SourceUnreadable(f"{said}, since {way}")


def audience_rules(data: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """
    Yield (pattern in NFC, readers in normal form) in the order of the file.

    Raises:
        BadInput: the file has another form, or a part of it has more than one meaning.
            The sentence goes on after the file's name.

    """
    content = _loaded(data)
    if content is None:
        # A file that was cut off at its beginning must not open what it closed.
        message = "it is empty; write `audience: []` if no document has an audience of its own"
        raise BadInput(message)
    if not isinstance(content, dict) or set(content) != {"audience"} or not isinstance(content["audience"], list):
        raise BadInput(_FORM)
    for number, entry in enumerate(content["audience"], start=1):
        yield _rule(f"entry {number}", entry)


def _rule(name: str, entry: object) -> tuple[str, tuple[str, ...]]:
    """Return the pattern and the readers of an entry; a fault begins with the entry's name."""
    if not _is_whole(entry):
        message = f"{name} {_ENTRY_FORM}"
        raise BadInput(message)
    try:
        pattern = _pattern(entry["pattern"])
    except BadInput as fault:
        message = f"{name}: {fault}"
        raise BadInput(message) from fault
    try:
        return pattern, normalise_readers(entry["readers"])
    except BadInput as fault:
        message = f"{name} (pattern {pattern!r}): {fault}"
        raise BadInput(message) from fault


def _is_whole(entry: object) -> TypeGuard[dict[str, Any]]:
    """Say whether an entry is a pattern and a list of readers, neither of them empty."""
    if not isinstance(entry, dict) or set(entry) != {"pattern", "readers"}:
        return False
    pattern, readers = entry["pattern"], entry["readers"]
    if not isinstance(pattern, str) or not isinstance(readers, list):
        return False
    return bool(pattern and readers) and all(isinstance(one, str) for one in readers)


def _pattern(text: str) -> str:
    """Return a pattern in the spelling of paths; refuse one that no path can match."""
    parts = text.removesuffix("/").split("/")
    if text != text.strip() or "\\" in text or any(part in ("", ".", "..") for part in parts):
        message = (
            f"the pattern {text!r} matches nothing: write a path from the top of the folder, with / between folders,"
            " without a leading /, empty parts, . and .., backslashes or outer white space"
        )
        raise BadInput(message)
    return unicodedata.normalize("NFC", text)


def _loaded(data: bytes) -> object:
    try:
        return yaml.load(data, Loader=_UnambiguousLoader)  # noqa: S506 - the loader is a narrower safe loader
    except _Ambiguous as fault:
        message = f"{_place(fault)} {fault.problem}"
        raise BadInput(message) from fault
    except yaml.MarkedYAMLError as fault:
        message = f"{_place(fault)} is no correct YAML"
        raise BadInput(message) from fault
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        message = "it is no correct YAML"
        raise BadInput(message) from fault


def _place(fault: yaml.MarkedYAMLError) -> str:
    return f"line {fault.problem_mark.line + 1}" if fault.problem_mark else "it"


class _Ambiguous(yaml.MarkedYAMLError):
    """A form of YAML by which a rule could mean something else than its lines say."""


class _UnambiguousLoader(yaml.SafeLoader):
    """YAML without repeated keys, merge keys, anchors, aliases and tags."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node that is what it is written as."""
        event = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _Ambiguous(problem="uses an anchor, an alias or a tag: write it out", problem_mark=event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the library's signature
        """Construct a mapping each of whose keys is written once."""
        written: set[str] = set()
        for key, _ in node.value:
            if key.tag == _MERGE or str(key.value) in written:
                raise _Ambiguous(problem="repeats a key: write each key once", problem_mark=key.start_mark)
            written.add(str(key.value))
        return super().construct_mapping(node, deep)
