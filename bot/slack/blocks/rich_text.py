"""A text as stretches of rich text, in which only marks are links; and stretches cut to blocks of a size."""

from collections.abc import Iterator, Mapping, Sequence

from bot.slack.blocks.marks import runs
from bot.slack.blocks.shapes import Json, leaf, link, size_of
from bot.slack.blocks.still import still_lines


_LEAF_LENGTH = 400
"""Characters of a stretch, at most: small enough that blocks can be cut between any two."""


def to_rich_text(text: str, addresses: Mapping[int, str]) -> tuple[Json, ...]:
    """
    Return a text as elements of a `rich_text_section`; none for an empty text.

    Slack shows the text of an element as it is. What is joined from all of them is the text that
    went in, but for joiners (`bot.slack.blocks.still`).

    Args:
        text: what is said, with marks like `[1]`; line ends are kept.
        addresses: number -> address of its citation as `linkable` returns it, or empty.

    """
    leaves: list[Json] = []
    for run in runs(text, addresses):
        if run.url:
            leaves.append(link(run.url, run.text))
        else:
            leaves.extend(leaf(part) for part in parts(still_lines(run.text), _LEAF_LENGTH))
    return tuple(leaves)


def parts(text: str, most: int) -> Iterator[str]:
    """Yield a text in parts of at most so many characters, cut behind a line end or a blank where there is one."""
    start = 0
    while len(text) - start > most:
        window = text[start : start + most]
        cut = max(window.rfind("\n"), window.rfind(" ")) + 1 or most
        yield text[start : start + cut]
        start += cut
    if start < len(text):
        yield text[start:]


def batches(items: Sequence[Json], most: int) -> Iterator[tuple[Json, ...]]:
    """Yield the items in order, as many at once as have at most so many bytes; one that is larger stands alone."""
    batch: list[Json] = []
    size = 0
    for one in items:
        more = size_of(one)
        if batch and size + more > most:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(one)
        size += more
    if batch:
        yield tuple(batch)
