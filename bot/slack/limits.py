"""What Slack takes at most, in its own units. Numbers and their sources; no rule stands here."""

from typing import Final


# Slack's reference of Block Kit, and the models of slack_sdk 3.47.
BLOCKS_IN_MESSAGE: Final = 50
BLOCKS_IN_VIEW: Final = 100
BLOCKS_IN_CONTAINER: Final = 10
TABLES_IN_MESSAGE: Final = 1
TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
ACTIONS: Final = 25
CONTEXT_ELEMENTS: Final = 10
CONTEXT_ACTIONS: Final = 5
REMOVERS: Final = 10
"""Who may be shown an icon; not in Slack's reference, but in other lists of its limits."""
OPTIONS: Final = 10
ID: Final = 255
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
OPTION_VALUE: Final = 150
ACCESSIBILITY_LABEL: Final = 75
CONTAINER_TITLE: Final = 150
HEADER: Final = 150
SECTION: Final = 3000
CONTEXT_TEXT: Final = 2000
INPUT_LABEL: Final = 2000
INPUT_LENGTH: Final = 3000
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
VIEW_TITLE: Final = 24
VIEW_BUTTON: Final = 24
PLACEHOLDER: Final = 150
PROMPTS: Final = 4
PROMPT_TITLE: Final = 75
"""Of a suggested prompt. Not in Slack's reference: as long as what a button can hold."""
PROMPT: Final = 300
PRIVATE_METADATA: Final = 3000
MARKDOWN: Final = 12_000
"""Characters of all Markdown of one message, or of one piece of a stream."""

FALLBACK_TEXT: Final = 4000
"""Characters of a message's `text`; 40,000 are taken and then cut, 4,000 are recommended."""

TASK_TEXT: Final = 256
"""Characters of a text of a task in a stream."""

URL: Final = 2000
"""Characters of an address; Slack takes 3,000, but what is longer than this no browser is sure to open."""

MESSAGE_BYTES: Final = 9000
"""Bytes of UTF-8 of a whole message, JSON included: messages of 10,600 and of 13,200 were refused."""


def length(text: str) -> int:
    """Return the length as Slack counts it at worst: in units of UTF-16, as JavaScript and Java do."""
    return len(text) + sum(char > "\uffff" for char in text)
