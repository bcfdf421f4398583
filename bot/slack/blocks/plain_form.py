"""
A page as bare text: the form for when blocks were refused. There is nothing in it that can be invalid.

Slack reads `&`, `<` and `>` in a bare text, and with `mrkdwn` off nothing else.
"""

from collections.abc import Iterator

from bot import slack_file_texts, slack_texts, texts
from bot.rendering import DocumentCard, Page, SourceCard
from bot.slack.blocks.addresses import linkable
from bot.slack.blocks.rich_text import parts
from bot.slack.blocks.shapes import Message, size_of
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.still import NAMELESS, still_line, still_lines, unparsed
from pipelines.domain.conversation import Outcome


_PART = 1000
_MESSAGE_BYTES = 8000
"""Bytes of a text as JSON, at most; metadata comes with it."""

_TITLE = 250


def plain_messages(page: Page, showing: Showing) -> tuple[Message, ...]:
    """Return the messages that show a page without blocks, at least one; nothing but buttons is left out."""
    written: list[str] = []
    for atom in _atoms(page, showing):
        if not written or size_of(written[-1]) + size_of(atom) > _MESSAGE_BYTES:
            written.append("")
        written[-1] += atom
    shown = [one.strip() for one in written if one.strip()] or [NAMELESS]
    return tuple(
        Message(text, metadata=showing.metadata(number, len(shown))) for number, text in enumerate(shown, start=1)
    )


def _atoms(page: Page, showing: Showing) -> Iterator[str]:
    """Yield the text in pieces that are not to be cut."""
    for paragraph in page.paragraphs:
        yield from _cut("\n".join(paragraph) + "\n\n")
    for one in page.unread:
        yield from _cut(f"{slack_file_texts.not_read(showing.language, one.name, one.reason)}\n")
    for line in (*page.notes, *_choices(page)):
        yield from _cut(f"{line}\n")
    for source in page.sources:
        yield from _source(source)
    if page.closest:
        yield from _cut(f"\n{slack_texts.closest_headline(showing.language)}\n")
    for document in page.closest:
        yield from _document(document)
    if showing.of_files:
        yield from _cut(f"\n{slack_file_texts.from_files(showing.language)}")
    elif showing.person and page.outcome is Outcome.REFUSAL:
        yield from _cut(f"\n{slack_texts.person_to_ask(showing.language, showing.person)}")


def _choices(page: Page) -> Iterator[str]:
    return (texts.choice_line(number, choice) for number, choice in enumerate(page.choices, start=1))


def _source(source: SourceCard) -> Iterator[str]:
    title = still_line(source.title, _TITLE)
    told = texts.source_line(source.mark, title, source.place, source.author, source.date)
    yield from _cut(f"\n{told}\n")
    yield _token(source.url)
    yield from _cut(f"{texts.quoted(chr(10).join(source.quote))}\n")


def _document(document: DocumentCard) -> Iterator[str]:
    yield from _cut(f"{texts.closest_line(still_line(document.title, _TITLE), document.kb)}\n")
    yield _token(document.url)


def _cut(text: str) -> Iterator[str]:
    """Yield a text in pieces in which Slack finds nothing."""
    return (unparsed(one) for one in parts(still_lines(text), _PART))


def _token(url: str) -> str:
    """Return an address as Slack's own token, on a line; empty for one that must not be opened."""
    address = unparsed(linkable(url))
    return f"<{address}>\n" if address and size_of(address) <= _MESSAGE_BYTES // 2 else ""
