"""The block of settings at the top of a Markdown file: YAML between `---` or TOML between `+++`."""

import re
import tomllib
from collections.abc import Mapping

import yaml

from pipelines.domain.access import normalise_readers
from pipelines.domain.reading import Rejected
from pipelines.errors import BadInput
from pipelines.ingestion.reading.assembling import Facts
from pipelines.ingestion.reading.facts import author_from, date_from, title_from


_BLOCK = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?:(.*?)\r?\n)??(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_NAMES_AUDIENCE = re.compile(r"(?im)^[ \t{,\"']*audience[\"']?[ \t]*[:=]")
_LONGEST = 1 << 16
_DATES = ("date", "updated", "last_updated", "lastmod", "last_modified", "modified", "published")
_AUDIENCE_FORM = "audience: [everyone], or public, user:ID and group:ID"


def split_front_matter(text: str) -> tuple[Facts, str] | Rejected:
    """
    Return what the front matter says and the text after it.

    What is no mapping of keys is no front matter but content, except where it names an
    audience: a rule that cannot be read must not open the document.
    """
    found = _BLOCK.match(text)
    if not found:
        return Facts(), text
    raw = found[2] or ""
    fields = _fields(raw, found[1])
    if fields is None:
        if _NAMES_AUDIENCE.search(raw):
            return Rejected(f"its front matter names an audience and cannot be read as {_language(found[1])}")
        return Facts(), text
    facts = _facts(fields)
    return facts if isinstance(facts, Rejected) else (facts, text[found.end() :])


def _language(fence: str) -> str:
    return "YAML" if fence == "---" else "TOML"


def _fields(raw: str, fence: str) -> dict[str, object] | None:
    """Return the top-level fields, keys in lower case; None when it is no mapping."""
    if len(raw) > _LONGEST:
        return None
    try:
        loaded = _loaded(raw, fence)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
    if loaded is None or loaded == "":
        return {}
    if not isinstance(loaded, Mapping):
        return None
    return {str(key).strip().lower(): value for key, value in loaded.items() if not isinstance(key, tuple)}


def _loaded(raw: str, fence: str) -> object:
    if fence == "+++":
        return tomllib.loads(raw)
    # BaseLoader makes strings, lists and mappings only: no dates that fail, no objects.
    return yaml.load(raw, Loader=yaml.BaseLoader)  # noqa: S506 - see the line above


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
