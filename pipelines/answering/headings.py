"""The headings above a place inside a passage. A passage of a page may hold several small sections."""

from dataclasses import dataclass

from pipelines.domain.knowledge import Passage
from pipelines.domain.reading import BlockKind
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Headings(Value):
    """
    The headings above a place.

    Attributes:
        path: outermost first; may be empty.
        anchor: the nearest one that a heading or the passage carries; None without any.

    """

    path: tuple[str, ...]
    anchor: str | None


def headings_above(passage: Passage, text: str, at: int) -> Headings:
    """
    Return the headings above a position of a passage.

    Those inside the passage replace the ones of their level and below on its own path,
    whose levels count from 1 without a gap.

    Args:
        passage: the passage.
        text: the stored text of its document.
        at: position in that text.

    """
    path, anchor = passage.heading_path, passage.place.anchor
    content = next((one.start for one in passage.blocks if one.kind is not BlockKind.HEADING), at)
    for block in passage.blocks:
        # The passage's own path holds the headings before its first content already.
        if block.kind is BlockKind.HEADING and content < block.start < at:
            path = (*path[: block.level - 1], " ".join(text[block.start : block.end].split()))
            anchor = block.anchor or anchor
    return Headings(path, anchor)
