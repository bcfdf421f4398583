"""Block Kit as strictly as Slack takes it: what may stand where, how long, how many, and the rules across blocks."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from tests.fakes.slack_elements import (
    BUTTON,
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE,
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL_SOURCE,
    any_text,
    mrkdwn,
    plain,
)
from tests.fakes.slack_rich_text import RICH_TEXT
from tests.fakes.slack_shapes import (
    Shape,
    at_least_one,
    boolean,
    both,
    complaint,
    exactly_one,
    listing,
    number,
    of_type,
    one_of,
    record,
    string,
    typed,
    url,
)


ONE_TABLE = "only_one_table_allowed"
TABLE_CHARS = 10_000
VIEW_BLOCKS = 100
_OWN: dict[str, Shape] = {"block_id": string(1, 255)}
_CELL = typed(
    {
        "rich_text": RICH_TEXT,
        "raw_text": of_type("raw_text", {"text": string()}),
        "raw_number": of_type("raw_number", {"value": number(whole=False)}, {"text": string()}),
    }
)
_ROWS = listing(listing(_CELL, 1, 20), 1, 100)
_SLACK_FILE = record({}, {"id": string(1), "url": url()})
_COLUMN = record({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
_TASK_STATUS = one_of("pending", "in_progress", "complete", "error")
TASK_CARD = of_type(
    "task_card",
    {"task_id": string(1), "title": string(1), "status": _TASK_STATUS},
    {**_OWN, "details": RICH_TEXT, "output": RICH_TEXT, "sources": listing(URL_SOURCE)},
)
_CARD = both(
    of_type(
        "card",
        {},
        {
            **_OWN,
            "hero_image": IMAGE,
            "icon": IMAGE,
            "title": mrkdwn(150),
            "subtitle": mrkdwn(150),
            "body": mrkdwn(200),
            "actions": listing(BUTTON, 1, 3),
        },
    ),
    at_least_one("hero_image", "title", "actions", "body"),
)
_SIMPLE: Mapping[str, Shape] = {
    "actions": of_type("actions", {"elements": listing(typed(IN_ACTIONS), 1, 25)}, _OWN),
    "context": of_type(
        "context",
        {"elements": listing(typed({"image": IMAGE, "plain_text": plain(), "mrkdwn": mrkdwn()}), 1, 10)},
        _OWN,
    ),
    "divider": of_type("divider", {}, _OWN),
    "file": of_type("file", {"source": one_of("remote"), "external_id": string(1)}, _OWN),
    "header": of_type("header", {"text": plain(150)}, {**_OWN, "level": number(1, 4)}),
    "image": both(
        of_type(
            "image",
            {"alt_text": string(1, 2000)},
            {**_OWN, "image_url": url(), "slack_file": _SLACK_FILE, "title": plain(2000)},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "input": of_type(
        "input",
        {"label": plain(2000), "element": typed(IN_INPUT)},
        {**_OWN, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "section": both(
        of_type(
            "section",
            {},
            {
                **_OWN,
                "text": any_text(3000),
                "fields": listing(any_text(2000), 1, 10),
                "accessory": typed(IN_SECTION),
                "expand": boolean,
            },
        ),
        at_least_one("text", "fields"),
    ),
    "table": of_type("table", {"rows": _ROWS}, {**_OWN, "column_settings": listing(_COLUMN, 0, 20)}),
    "video": of_type(
        "video",
        {"video_url": url(), "thumbnail_url": url(), "alt_text": string(1), "title": plain(199)},
        {
            **_OWN,
            "title_url": url(),
            "author_name": string(1, 49),
            "provider_name": string(1),
            "provider_icon_url": url(),
            "description": plain(),
        },
    ),
}
_CONTAINER = both(
    of_type(
        "container",
        {"child_blocks": listing(typed(_SIMPLE), 1, 10)},
        {
            **_OWN,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": any_text(150),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
    ),
    exactly_one("title", "rich_text_title"),
)
_ALERT = of_type(
    "alert",
    {"text": any_text(200)},
    {**_OWN, "level": one_of("default", "info", "warning", "error", "success")},
)
_DATA_TABLE = of_type(
    "data_table",
    {"rows": listing(listing(_CELL, 1, 20), 2, 201), "caption": string(1)},
    {**_OWN, "page_size": number(1, 100), "row_header_column_index": number(0)},
)
_EVERYWHERE: Mapping[str, Shape] = {**_SIMPLE, "container": _CONTAINER, "data_table": _DATA_TABLE}
_IN_MESSAGE: Mapping[str, Shape] = {
    **_EVERYWHERE,
    "card": _CARD,
    "carousel": of_type("carousel", {"elements": listing(_CARD, 1, 10)}, _OWN),
    "context_actions": of_type(
        "context_actions",
        {"elements": listing(typed({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 1, 5)},
        _OWN,
    ),
    "markdown": of_type("markdown", {"text": string(1, 12_000)}, _OWN),
    "plan": of_type("plan", {"title": string(1)}, {**_OWN, "tasks": listing(TASK_CARD, 0, 50)}),
    "task_card": TASK_CARD,
}
_IN_MODAL: Mapping[str, Shape] = {**_EVERYWHERE, "alert": _ALERT}
_PLACES = {"message": _IN_MESSAGE, "modal": _IN_MODAL, "home": _EVERYWHERE}


def check_blocks(blocks: Any, place: str = "message", *, most: int = 50, pointer: str = "/blocks") -> list[str]:
    """Return what Slack would complain of in the blocks of a message, a modal or a home tab; nothing for none."""
    wrong = listing(typed(_PLACES[place]), 0, most)(blocks, pointer)
    if wrong:
        return wrong
    return [*_repeated_ids(blocks, pointer), *_big_tables(blocks, pointer), *_refused_by_sdk(blocks, pointer)]


def more_than_one_table(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a message holds more tables than the one that Slack takes."""
    return len([one for one in flat(blocks) if one["type"] == "table"]) > 1


def flat(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield blocks and those inside containers."""
    for one in blocks:
        yield one
        yield from flat(one.get("child_blocks", []))


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what can be clicked, chosen or filled in a block, not in the blocks inside it."""
    inside = [*block.get("elements", []), *block.get("actions", [])]
    inside += [block[name] for name in ("accessory", "element") if name in block]
    nested = [card for one in inside for card in one.get("actions", [])]
    return [one for one in [*inside, *nested] if "action_id" in one]


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text that a reader of blocks sees."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if isinstance(inside, str) and name in ("text", "alt_text", "title", "caption"):
                yield inside
            else:
                yield from texts_in(inside)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def _repeated_ids(blocks: Sequence[Mapping[str, Any]], pointer: str) -> list[str]:
    ids = Counter(one["block_id"] for one in flat(blocks) if "block_id" in one)
    wrong = [complaint(f"`block_id` {name} already exists", pointer) for name, times in ids.items() if times > 1]
    for place, block in enumerate(blocks):
        within = Counter(one["action_id"] for inner in flat([block]) for one in elements_of(inner))
        wrong += [
            complaint(f"`action_id` {name} already exists", f"{pointer}/{place}/elements")
            for name, times in within.items()
            if times > 1
        ]
    return wrong


def _big_tables(blocks: Sequence[Mapping[str, Any]], pointer: str) -> list[str]:
    size = sum(len(text) for one in flat(blocks) if one["type"] == "table" for text in texts_in(one["rows"]))
    if size <= TABLE_CHARS:
        return []
    return [complaint(f"table cells hold {size} characters, no more than {TABLE_CHARS} allowed", pointer)]


def _refused_by_sdk(blocks: Sequence[dict[str, Any]], pointer: str) -> list[str]:
    """Return what Slack's own Python models refuse."""
    wrong = []
    for place, block in enumerate(blocks):
        try:
            parsed = Block.parse(block)
            if parsed is not None:
                parsed.validate_json()
        except SlackObjectFormationError as refusal:
            wrong.append(complaint(str(refusal), f"{pointer}/{place}"))
    return wrong
