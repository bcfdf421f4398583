"""
The shapes of Block Kit that we write, with their limits. What is not here is not sent.

There is no `mrkdwn` and no image among them: nothing that Slack would parse or load. The one mention is that of
a person by id, where a message is meant to have it (`bot.slack.checks`); none rings a channel or a group.
Sources: Slack's reference of Block Kit, @slack/types 3.2 and the models of slack_sdk 3.47.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from bot.slack import limits
from bot.slack.blocks.shapes import Json
from bot.slack.check_rules import Rule, address, both, flag, many, number, one_of, record, text, typed


def _plain(most: int) -> Rule:
    return typed({"plain_text": record({"text": text(most), "emoji": _off})})


def _off(value: object, place: str) -> Iterator[str]:
    if value is not False:
        yield f"{place} is not false"


def _true_for_collapsed(value: Json, place: str) -> Iterator[str]:
    if value.get("default_collapsed") and value.get("is_collapsible") is not True:
        yield f"{place} is collapsed and cannot be opened"


def _even_rows(value: Json, place: str) -> Iterator[str]:
    widths = sorted({len(row) for row in value["rows"]})
    if len(widths) > 1:
        yield f"{place} has rows of {widths[0]} and of {widths[-1]} cells"
    elif len(value.get("column_settings", ())) > widths[0]:
        yield f"{place} has settings for more columns than it has"


def _distinct_values(value: list[Json], place: str) -> Iterator[str]:
    values = [one["value"] for one in value]
    if len(set(values)) < len(values):
        yield f"{place} has two options of one value"


def _initial_fits(value: Json, place: str) -> Iterator[str]:
    if limits.length(value.get("initial_value", "")) > value.get("max_length", limits.INPUT_LENGTH):
        yield f"{place} is filled in with more than max_length"


def _person(value: object, place: str) -> Iterator[str]:
    if not isinstance(value, str) or not _PERSON.fullmatch(value):
        yield f"{place} is no id of a person"


_PERSON = re.compile("[UW][A-Z0-9]{1,40}")
_ID = {"block_id": text(limits.ID)}
_ACTION_ID = text(limits.ID)
_STYLE = {"style": record({}, {"bold": flag})}
_LEAVES = typed(
    {
        "text": record({"text": text(limits.SECTION)}, _STYLE),
        "link": record({"url": address, "text": text(limits.SECTION)}, _STYLE),
        "user": record({"user_id": _person}),
    }
)
_LEAF_LIST = {"elements": many(_LEAVES, 1000)}
RICH_TEXT = record(
    {
        "elements": many(
            typed(
                {
                    "rich_text_section": record(_LEAF_LIST),
                    "rich_text_quote": record(_LEAF_LIST),
                    "rich_text_preformatted": record(_LEAF_LIST),
                }
            ),
            100,
        )
    },
    _ID,
)
_CONFIRM = record(
    {
        "title": _plain(limits.CONFIRM_TITLE),
        "text": _plain(limits.CONFIRM_TEXT),
        "confirm": _plain(limits.CONFIRM_BUTTON),
        "deny": _plain(limits.CONFIRM_BUTTON),
    },
    {"style": one_of("primary", "danger")},
)
BUTTON = record(
    {
        "action_id": _ACTION_ID,
        "text": _plain(limits.BUTTON_TEXT),
        "value": text(limits.BUTTON_VALUE),
    },
    {
        "style": one_of("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": text(limits.ACCESSIBILITY_LABEL),
    },
)
_THUMB = record(
    {"text": _plain(limits.BUTTON_TEXT), "value": text(limits.BUTTON_VALUE)},
    {"accessibility_label": text(limits.ACCESSIBILITY_LABEL)},
)
_CONTEXT_ACTIONS = typed(
    {
        "feedback_buttons": record({"action_id": _ACTION_ID, "positive_button": _THUMB, "negative_button": _THUMB}),
        "icon_button": record(
            {"action_id": _ACTION_ID, "icon": one_of("trash"), "text": _plain(limits.BUTTON_TEXT)},
            {
                "value": text(limits.BUTTON_VALUE),
                "accessibility_label": text(limits.ACCESSIBILITY_LABEL),
                "visible_to_user_ids": many(text(limits.ID), limits.REMOVERS),
                "confirm": _CONFIRM,
            },
        ),
    }
)
_CELL = typed({"raw_text": record({"text": text(limits.SECTION)}), "rich_text": RICH_TEXT})
TABLE = both(
    record(
        {"rows": many(many(_CELL, limits.TABLE_COLUMNS), limits.TABLE_ROWS)},
        {
            "column_settings": many(
                record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag}), limits.TABLE_COLUMNS
            ),
            **_ID,
        },
    ),
    _even_rows,
)
_OPTION = record({"text": _plain(limits.BUTTON_TEXT), "value": text(limits.OPTION_VALUE)})
_FILTER = {"exclude_bot_users": flag, "exclude_external_shared_channels": flag}
_INPUTS = typed(
    {
        "plain_text_input": both(
            record(
                {"action_id": _ACTION_ID},
                {
                    "initial_value": text(limits.INPUT_LENGTH),
                    "multiline": flag,
                    "min_length": number(0, limits.INPUT_LENGTH),
                    "max_length": number(1, limits.INPUT_LENGTH),
                    "placeholder": _plain(limits.PLACEHOLDER),
                },
            ),
            _initial_fits,
        ),
        "conversations_select": record(
            {"action_id": _ACTION_ID, "filter": record({"include": many(one_of("public", "private"), 2)}, _FILTER)},
        ),
        "radio_buttons": record(
            {"action_id": _ACTION_ID, "options": both(many(_OPTION, limits.OPTIONS), _distinct_values)}
        ),
    }
)
INPUT = record(
    {"block_id": text(limits.ID), "label": _plain(limits.INPUT_LABEL), "element": _INPUTS},
    {"optional": flag, "hint": _plain(limits.INPUT_LABEL)},
)

_ANYWHERE: dict[str, Rule] = {
    "actions": record({"elements": many(typed({"button": BUTTON}), limits.ACTIONS)}, _ID),
    "context": record({"elements": many(_plain(limits.CONTEXT_TEXT), limits.CONTEXT_ELEMENTS)}, _ID),
    "divider": record({}, _ID),
    "header": record({"text": _plain(limits.HEADER)}, _ID),
    "rich_text": RICH_TEXT,
    "section": record({"text": _plain(limits.SECTION)}, {"accessory": typed({"button": BUTTON}), **_ID}),
}
_CONTAINER = both(
    record(
        {
            "title": _plain(limits.CONTAINER_TITLE),
            "child_blocks": many(typed({**_ANYWHERE, "table": TABLE}), limits.BLOCKS_IN_CONTAINER),
        },
        {"is_collapsible": flag, "default_collapsed": flag, **_ID},
    ),
    _true_for_collapsed,
)

MESSAGE_BLOCKS = MappingProxyType(
    {
        **_ANYWHERE,
        "table": TABLE,
        "container": _CONTAINER,
        "context_actions": record({"elements": many(_CONTEXT_ACTIONS, limits.CONTEXT_ACTIONS)}, _ID),
        "markdown": record({"text": text(limits.MARKDOWN)}),
    }
)
VIEW_BLOCKS = MappingProxyType({**_ANYWHERE, "input": INPUT})

_SOURCE = typed({"url": record({"url": address, "text": text(limits.TASK_TEXT)})})
CHUNK = typed(
    {
        "markdown_text": record({"text": text(limits.MARKDOWN)}),
        "plan_update": record({"title": text(limits.TASK_TEXT)}),
        "task_update": record(
            {
                "id": text(limits.ID),
                "title": text(limits.TASK_TEXT),
                "status": one_of("pending", "in_progress", "complete", "error"),
            },
            {"sources": many(_SOURCE, 20)},
        ),
        "blocks": record({"blocks": many(typed(MESSAGE_BLOCKS), limits.BLOCKS_IN_MESSAGE)}),
    }
)
MODAL = record(
    {
        "title": _plain(limits.VIEW_TITLE),
        "blocks": many(typed(VIEW_BLOCKS), limits.BLOCKS_IN_VIEW),
        "callback_id": text(limits.ID),
    },
    {
        "submit": _plain(limits.VIEW_BUTTON),
        "close": _plain(limits.VIEW_BUTTON),
        "private_metadata": text(limits.PRIVATE_METADATA),
    },
)
PROMPTS = many(record({"title": text(limits.PROMPT_TITLE), "message": text(limits.PROMPT)}), limits.PROMPTS)
HOME = record({"blocks": many(typed(VIEW_BLOCKS), limits.BLOCKS_IN_VIEW)})
