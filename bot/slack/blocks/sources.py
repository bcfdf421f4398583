"""Where an answer comes from, as blocks: its sources, the quotes, and the documents that came near."""

from collections.abc import Iterator, Sequence

from bot import slack_texts
from bot.rendering import DocumentCard, Page, SourceCard
from bot.slack import limits
from bot.slack.blocks.addresses import linkable
from bot.slack.blocks.rich_text import batches, parts
from bot.slack.blocks.shapes import Json, leaf, link, plain, quote, rich_text, section
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.still import still_line, still_lines


_TITLE = 250
_DETAIL = 200
_BLOCK_BYTES = 3500
_QUOTE_LEAF = 600
_QUOTE_BYTES = 2500
_CONTAINER_BYTES = 6000


def source_blocks(page: Page, showing: Showing) -> Iterator[Json]:
    """Yield the list of sources, one entry per mark, which begins with it."""
    entries = [{"leaves": _source(one, number, showing)} for number, one in enumerate(page.sources)]
    yield from _lists(slack_texts.sources_headline(showing.language), entries)


def closest_blocks(page: Page, showing: Showing) -> Iterator[Json]:
    """Yield the list of the documents that came near."""
    yield from _lists(
        slack_texts.closest_headline(showing.language), [{"leaves": _document(one)} for one in page.closest]
    )


def evidence_blocks(page: Page, showing: Showing) -> Iterator[Json]:
    """Yield collapsed containers that hold one verbatim quote per mark, whole."""
    quoted = [
        {"mark": one.mark, "block": block} for one in page.sources if any(one.quote) for block in quote_blocks(one)
    ]
    for batch in batches(quoted, _CONTAINER_BYTES):
        for start in range(0, len(batch), limits.BLOCKS_IN_CONTAINER):
            yield _container(batch[start : start + limits.BLOCKS_IN_CONTAINER], showing.language)


def quote_blocks(source: SourceCard) -> Iterator[Json]:
    """Yield a quote whole, below its mark and its document's title."""
    title = section([leaf(still_line(f"{source.mark} {source.title}", _TITLE), bold=True)])
    leaves = [leaf(part) for part in parts(still_lines("\n".join(source.quote)), _QUOTE_LEAF)]
    for number, batch in enumerate(batches(leaves, _QUOTE_BYTES)):
        yield rich_text(quote(batch)) if number else rich_text(title, quote(batch))


def _container(batch: Sequence[Json], language: str) -> Json:
    marks = tuple(dict.fromkeys(one["mark"] for one in batch))
    return {
        "type": "container",
        "title": plain(slack_texts.evidence_headline(language, marks), limits.CONTAINER_TITLE),
        "child_blocks": [one["block"] for one in batch],
        "is_collapsible": True,
        "default_collapsed": True,
    }


def _lists(headline: str, entries: Sequence[Json]) -> Iterator[Json]:
    """Yield entries below each other, the headline above the first."""
    for number, batch in enumerate(batches(entries, _BLOCK_BYTES)):
        leaves: list[Json] = [] if number else [leaf(headline, bold=True)]
        for entry in batch:
            leaves.extend([leaf("\n")] if leaves else [])
            leaves.extend(entry["leaves"])
        yield rich_text(section(leaves))


def _source(source: SourceCard, number: int, showing: Showing) -> list[Json]:
    """Return an entry: what opens it, its title, place, base, author and date, who may read it."""
    url = linkable(source.url)
    title = still_line(source.title, _TITLE)
    base = dict(enumerate(showing.bases)).get(number, "")
    known = dict(enumerate(showing.readers)).get(number)
    details = slack_texts.details(
        *(_detail(one) for one in (source.place, base, source.author, source.date)),
        _detail("" if known is None else slack_texts.readers(showing.language, known)),
    )
    name = "" if url or source.document == source.title else _detail(source.document)
    told = "".join(f" · {one}" for one in (name, details) if one)
    opened = link(url, f"{source.mark} {title}") if url else leaf(f"{source.mark} {title}")
    return [opened, *([leaf(told)] if told else [])]


def _document(document: DocumentCard) -> list[Json]:
    url = linkable(document.url)
    title = still_line(document.title, _TITLE)
    base = _detail(document.kb)
    return [link(url, title) if url else leaf(title), *([leaf(f" · {base}")] if base else [])]


def _detail(text: str) -> str:
    return still_line(text, _DETAIL) if text.strip() else ""
