"""What chunks make of a streamed message: its text, its tasks, its blocks, its size."""

from typing import Any

from tests.fakes.slack_blocks import check_blocks
from tests.fakes.slack_elements import URL_SOURCE
from tests.fakes.slack_shapes import complaint, length, listing, of_type, one_of, string, typed
from tests.fakes.slack_state import Json, Stream, Task


_STATUS = one_of("pending", "in_progress", "complete", "error")
_CHUNK = typed(
    {
        "markdown_text": of_type("markdown_text", {"text": string()}),
        "plan_update": of_type("plan_update", {"title": string(1)}),
        "task_update": of_type(
            "task_update",
            {"id": string(1), "title": string(1), "status": _STATUS},
            {"details": string(), "output": string(), "sources": listing(URL_SOURCE)},
        ),
        "blocks": of_type("blocks", {"blocks": lambda value, pointer: check_blocks(value, pointer=pointer)}),
    }
)


def check_chunks(chunks: Any) -> list[str]:
    """Return what Slack would complain of; an empty list of chunks is one complaint."""
    wrong = listing(_CHUNK, 1)(chunks, "/chunks")
    if wrong:
        return wrong
    long = [place for place, one in enumerate(chunks) if length(one.get("text", "")) > 12_000]
    return [complaint("must be less than 12001 characters", f"/chunks/{place}/text") for place in long]


def chunk_size(chunk: Json) -> int:
    """Return the bytes of UTF-8 that a chunk adds; details and output of a task count twice."""
    once = [str(chunk[name]) for name in ("text", "title") if name in chunk]
    twice = [str(chunk[name]) for name in ("details", "output") if name in chunk]
    return sum(len(one.encode()) for one in once) + 2 * sum(len(one.encode()) for one in twice)


def add_chunk(stream: Stream, chunk: Json) -> None:
    """Let a stream grow by a chunk."""
    stream.size += chunk_size(chunk)
    match chunk["type"]:
        case "markdown_text":
            stream.parts.append(chunk["text"])
        case "plan_update":
            stream.plan_title = chunk["title"]
        case "task_update":
            _update_task(stream, chunk)
        case _:
            stream.parts.extend(chunk["blocks"])


def _update_task(stream: Stream, chunk: Json) -> None:
    """Change a task: title and status are replaced, details, output and sources grow."""
    task = stream.tasks.get(chunk["id"])
    if task is None:
        task = stream.tasks[chunk["id"]] = Task(chunk["id"], chunk["title"], chunk["status"])
        if stream.task_display_mode == "timeline":
            stream.parts.append({"type": "task_card", "task_id": task.id})
    task.title, task.status = chunk["title"], chunk["status"]
    task.details += chunk.get("details", "")
    task.output += chunk.get("output", "")
    task.sources += [one for one in chunk.get("sources", []) if one not in task.sources]


def stream_text(stream: Stream) -> str:
    """Return the Markdown so far, joined."""
    return "".join(one for one in stream.parts if isinstance(one, str))


def stream_blocks(stream: Stream) -> list[Json]:
    """Return a stream as blocks: its plan or tasks, its text, the blocks of its chunks, those of its end."""
    made: list[Json] = []
    if stream.tasks and stream.task_display_mode == "plan":
        tasks = [_task_card(one) for one in stream.tasks.values()]
        made.append({"type": "plan", "title": stream.plan_title or "Plan", "tasks": tasks})
    for part in stream.parts:
        if isinstance(part, dict):
            made.append(_task_card(stream.tasks[part["task_id"]]) if _is_place_of_task(stream, part) else part)
        elif made and made[-1]["type"] == "markdown":
            made[-1] = made[-1] | {"text": made[-1]["text"] + part}
        elif part:
            made.append({"type": "markdown", "text": part})
    return made + stream.final_blocks


def _is_place_of_task(stream: Stream, part: Json) -> bool:
    return part["type"] == "task_card" and part.get("task_id") in stream.tasks


def _task_card(task: Task) -> Json:
    card: Json = {"type": "task_card", "task_id": task.id, "title": task.title, "status": task.status}
    for name, text in (("details", task.details), ("output", task.output)):
        if text:
            elements = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]
            card[name] = {"type": "rich_text", "elements": elements}
    return card | ({"sources": task.sources} if task.sources else {})
