"""What a stream shows while an answer is made: a plan of three steps, and the pieces of the text."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bot import slack_file_texts, slack_texts
from bot.slack import limits
from bot.slack.blocks.addresses import linkable
from bot.slack.blocks.shapes import Json, size_of
from bot.slack.blocks.still import still_line
from pipelines.domain.citations import Citation
from pipelines.domain.conversation import ClosestDocument


_MOST_SOURCES = 8
_SOURCE_TEXT = 100
_SOURCES_BYTES = 1200
"""Of all sources of a step: they take the room of the text that stands in the same message."""


class Step(StrEnum):
    """A step on the way to an answer: the id of its task."""

    SEARCH = "search"
    READ = "read"
    CHECK = "check"


class StepState(StrEnum):
    """How far a step is."""

    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


def plan_chunk(language: str) -> Json:
    """Return the headline of the plan."""
    return {"type": "plan_update", "title": slack_texts.plan_title(language)}


def search_chunk(language: str, state: StepState) -> Json:
    """Return the step in which all is searched that the asker can read."""
    return _task(Step.SEARCH, slack_texts.search_step(language), state)


def files_chunk(language: str, state: StepState) -> Json:
    """Return the step in which files are read that came with the question, in the place of a search."""
    return _task(Step.SEARCH, slack_file_texts.read_files_step(language), state)


def read_chunk(
    language: str, state: StepState, passages: int = 0, sources: Iterable[Citation | ClosestDocument] = ()
) -> Json:
    """Return the step in which passages are read, with those of its documents that have an address."""
    return _task(Step.READ, slack_texts.read_step(language, passages), state, _sources(sources))


def check_chunk(language: str, state: StepState) -> Json:
    """Return the step in which the answer is compared with its sources."""
    return _task(Step.CHECK, slack_texts.check_step(language), state)


def text_chunk(markdown: str) -> Json:
    """Return a piece of the text; it comes from `to_markdown`."""
    return {"type": "markdown_text", "text": markdown}


def _task(step: Step, title: str, state: StepState, sources: Sequence[Json] = ()) -> Json:
    more = {"sources": list(sources)} if sources else {}
    return {
        "type": "task_update",
        "id": str(step),
        "title": still_line(title, limits.TASK_TEXT),
        "status": str(state),
        **more,
    }


def _sources(documents: Iterable[Citation | ClosestDocument]) -> list[Json]:
    """Return the first documents that have an address, each once, as many as have room."""
    found: dict[str, str] = {}
    for one in documents:
        url = linkable(one.url or "")
        if url:
            found.setdefault(url, still_line(one.title or one.document, _SOURCE_TEXT))
    listed = [{"type": "url", "url": url, "text": text} for url, text in list(found.items())[:_MOST_SOURCES]]
    while size_of(listed) > _SOURCES_BYTES:
        listed.pop()
    return listed
