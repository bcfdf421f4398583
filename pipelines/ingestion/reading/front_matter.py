"""The block of settings at the top of a Markdown file: YAML between `---` or TOML between `+++`."""

import re
import tomllib
from collections.abc import Hashable, Mapping
from typing import Any

import yaml

from pipelines.domain.access import normalise_readers
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput
from pipelines.ingestion.reading.assembling import Facts
from pipelines.ingestion.reading.facts import author_from, date_from, title_from
from pipelines.ingestion.reading.hidden_rules import LONGEST, hides_audience, names_audience, plain_key


_BLOCK = re.compile(
    r"(?:[\s\ufeff]*\n)?\ufeff* {0,3}(---|\+\+\+)[^\S\n]*\n((?:[^\n]*\n)*?)(?:\1|\.\.\.)[^\S\n]*(?:\n|\Z)"
)
_UNREAD = "it names an audience that cannot be read"
_HIDDEN = (
    f"{_UNREAD}: front matter stands before everything else,"
    " as YAML between two lines --- or TOML between two lines +++, with the key audience once and at its top level"
)
_DATES = ("date", "updated", "last_updated", "lastmod", "last_modified", "modified", "published")
_AUDIENCE_FORM = "audience: [everyone], or public, user:ID, group:ID and channel:ID"


def split_front_matter(text: str) -> tuple[Facts, str] | Rejected:
    """
    Return what the front matter says and the text after it, whose lines end with a line feed.

    Blank lines and byte-order marks may stand before it. What is no mapping of keys, or is
    not closed, is no front matter but content, except where it names an audience: a rule
    that cannot be read must not open the document. That holds for whatever looks like
    front matter at the beginning, and for what stands directly after it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _BLOCK.match(text)
    if not found:
        return Rejected(_HIDDEN) if hides_audience(text) else (Facts(), text)
    raw, rest = found[2] or "", text[found.end() :]
    loaded = _loaded(raw, found[1])
    fields = _fields(loaded)
    named = "audience" in fields or names_audience(raw, loaded)
    if named and loaded is None:
        return Rejected(f"{_UNREAD}: its front matter is not correct {_language(found[1])}, or names it twice")
    if (named and "audience" not in fields) or hides_audience(rest, follows=True):
        return Rejected(_HIDDEN)
    if not isinstance(loaded, Mapping) and loaded != "":
        return Facts(), text
    facts = _facts(fields)
    return facts if isinstance(facts, Rejected) else (facts, rest)


def _language(fence: str) -> str:
    return "YAML" if fence == "---" else "TOML"


def _loaded(raw: str, fence: str) -> object:
    """Return what the front matter holds, an empty text if nothing; None when it cannot be read."""
    if len(raw) > LONGEST:
        return None
    try:
        if fence == "+++":
            return tomllib.loads(raw)
        loaded = yaml.load(raw, Loader=_TextLoader)  # noqa: S506 - it makes no objects, see there
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
    return "" if loaded is None else loaded


def _fields(loaded: object) -> dict[str, object]:
    """Return the top-level fields by their plain keys."""
    return {plain_key(key): value for key, value in loaded.items()} if isinstance(loaded, Mapping) else {}


class _TextLoader(yaml.BaseLoader):
    """YAML as strings, lists and mappings only: no dates that fail, no objects. One mapping has one audience."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the library's signature
        """Construct a mapping; refuse one that names its audience twice."""
        if sum(plain_key(key.value) == "audience" for key, _ in node.value) > 1:
            raise yaml.constructor.ConstructorError(problem="audience is there twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def _facts(fields: Mapping[str, object]) -> Facts | Rejected:
    audience = _audience(fields["audience"]) if "audience" in fields else None
    if isinstance(audience, Rejected):
        return audience
    return Facts(
        title=title_from(_line(fields.get("title"))),
        author=author_from(_names(fields.get("author") or fields.get("authors"))),
        date=date_from(*(_line(fields.get(key)) for key in _DATES)),
        audience=audience,
    )


def _audience(value: object) -> tuple[str, ...] | Rejected:
    """Return the readers in their normal form; anything but a list of readers is rejected."""
    readers = [value] if isinstance(value, str) else value
    if not isinstance(readers, list) or not readers or not all(isinstance(one, str) for one in readers):
        return Rejected(f"the key audience of its front matter is no list of readers: write {_AUDIENCE_FORM}")
    try:
        return normalise_readers(readers)
    except BadInput as error:
        return Rejected(f"the key audience of its front matter cannot be used: {error}")


def _line(value: object) -> str | None:
    """Return a scalar as text; lists and mappings are none."""
    return None if value is None or isinstance(value, (list, dict)) else str(value)


def _names(value: object) -> list[str | None]:
    """Return names from a text, a list of texts or of mappings with a `name`."""
    many = value if isinstance(value, list) else [value]
    return [_line(one.get("name") if isinstance(one, dict) else one) for one in many]
