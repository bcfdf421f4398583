"""Nothing invalid leaves: each of these mistakes is noticed before Slack sees it, and said precisely."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from bot.slack.blocks.shapes import Message
from bot.slack.checks import (
    InvalidMessage,
    _sdk_blocks,
    _sdk_view,
    check_blocks,
    check_chunks,
    check_message,
    check_prompts,
    check_view,
)
from tests.unit.slack.reading_blocks import nodes
from tests.unit.slack.sample_messages import chunks, home, messages, modals


Blocks = list[dict[str, Any]]
Mistake = Callable[[Blocks], object]
Change = Callable[[dict[str, Any]], object]

PLAIN = {"type": "plain_text", "text": "x", "emoji": False}
LEAF = {"type": "text", "text": "x"}
SECTION = {"type": "rich_text_section", "elements": [LEAF]}
RICH = {"type": "rich_text", "elements": [SECTION]}


def of(blocks: Blocks, kind: str) -> dict[str, Any]:
    """Return the first object of a type."""
    return next(one for one in nodes(blocks) if one.get("type") == kind)


def put(kind: str, **values: object) -> Mistake:
    """Return a mistake that changes the first object of a type."""
    return lambda blocks: of(blocks, kind).update(values)


def without(kind: str, key: str) -> Mistake:
    """Return a mistake that takes a key away."""
    return lambda blocks: of(blocks, kind).pop(key)


def added(*blocks: dict[str, Any]) -> Mistake:
    """Return a mistake that adds blocks."""
    return lambda shown: shown.extend(copy.deepcopy(blocks))


def said(leaf: dict[str, Any]) -> dict[str, Any]:
    """Return a block of rich text that says one thing."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [leaf]}]}


def inside(*blocks: dict[str, Any]) -> Mistake:
    """Return a mistake that adds blocks to the container."""
    return lambda shown: of(shown, "container")["child_blocks"].extend(copy.deepcopy(blocks))


MISTAKES: dict[str, Mistake] = {
    "a block of a type that does not exist": added({"type": "paragraph", "text": PLAIN}),
    "a block that is no object": lambda blocks: blocks.append("text"),  # type: ignore[arg-type]
    "51 blocks": lambda blocks: blocks.extend({"type": "divider"} for _ in range(51)),
    "a header of 151 characters": added({"type": "header", "text": {**PLAIN, "text": "x" * 151}}),
    "a header of 76 emoji, which Slack counts twice": added({"type": "header", "text": {**PLAIN, "text": "😀" * 76}}),
    "a section of 3,001 characters": added({"type": "section", "text": {**PLAIN, "text": "x" * 3001}}),
    "a section without a text": added({"type": "section"}),
    "a text of no characters": added({"type": "section", "text": {**PLAIN, "text": ""}}),
    "a stretch of no characters": put("text", text=""),
    "half a character": put("text", text="\ud83d"),
    "a text that Slack would parse": added({"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}}),
    "a text whose emoji would be drawn": put("plain_text", emoji=True),
    "a mention": added(said({"type": "user", "user_id": "U1"})),
    "a call of everyone": added(said({"type": "broadcast", "range": "here"})),
    "an image": added({"type": "image", "image_url": "https://evil.example/i.png", "alt_text": "x"}),
    "a link to a file": put("link", url="file:///etc/passwd"),
    "a link that runs": put("link", url="javascript:alert(1)"),
    "a link without a host": put("link", url="https://"),
    "a link with a blank": put("link", url="https://x.example/a b"),
    "a link that ends Slack's token": put("link", url="https://x.example/a>b"),
    "a link of 2,001 characters": put("link", url="https://x.example/" + "x" * 1983),
    "a link without a text": without("link", "text"),
    "a stretch outside of a section": added({"type": "rich_text", "elements": [LEAF]}),
    "rich text without elements": without("rich_text", "elements"),
    "11 blocks in a container": inside(*([RICH] * 11)),
    "Markdown in a container": inside({"type": "markdown", "text": "x"}),
    "feedback in a container": inside({"type": "context_actions", "elements": []}),
    "a container in a container": inside({"type": "container", "title": PLAIN, "child_blocks": [RICH]}),
    "an empty container": put("container", child_blocks=[]),
    "a container without a title": without("container", "title"),
    "a container's title of 151 characters": put("container", title={**PLAIN, "text": "x" * 151}),
    "a container that cannot be opened": put("container", is_collapsible=False),
    "two tables": lambda blocks: blocks.append(of(blocks, "table")),
    "a second table in a container": lambda blocks: of(blocks, "container")["child_blocks"].append(of(blocks, "table")),
    "rows of different lengths": lambda blocks: of(blocks, "table")["rows"][0].pop(),
    "101 rows": lambda blocks: of(blocks, "table").update(rows=of(blocks, "table")["rows"][:1] * 101),
    "21 columns": lambda blocks: of(blocks, "table").update(rows=[[{"type": "raw_text", "text": "x"}] * 21]),
    "a table without rows": put("table", rows=[]),
    "a cell of a wrong type": lambda blocks: of(blocks, "table")["rows"].append([PLAIN] * 3),
    "settings of more columns than there are": put("table", column_settings=[{"is_wrapped": True}] * 4),
    "26 buttons": lambda blocks: of(blocks, "actions").update(elements=[of(blocks, "button")] * 26),
    "no buttons": put("actions", elements=[]),
    "a button of 76 characters": put("button", text={**PLAIN, "text": "x" * 76}),
    "a value of 2,001 characters": put("button", value="x" * 2001),
    "a button without an id": without("button", "action_id"),
    "an id of 256 characters": put("button", action_id="x" * 256),
    "two buttons of one id": lambda blocks: of(blocks, "actions")["elements"].append(of(blocks, "button")),
    "one id in two blocks": added({"type": "actions", "elements": [
        {"type": "button", "action_id": "show_evidence", "text": PLAIN, "value": "1"}]}),
    "a button of an unknown style": put("button", style="warning"),
    "a button with a field that does not exist": put("button", colour="red"),
    "two blocks of one id": lambda blocks: [one.update(block_id="same") for one in blocks[:2]],
    "a block's id of 256 characters": put("rich_text", block_id="x" * 256),
    "11 texts of small print": put("context", elements=[PLAIN] * 11),
    "a button in small print": lambda blocks: of(blocks, "context").update(elements=[of(blocks, "button")]),
    "6 elements below the answer": lambda blocks: of(blocks, "context_actions").update(
        elements=[of(blocks, "icon_button")] * 6
    ),
    "a thumb without a value": lambda blocks: of(blocks, "feedback_buttons")["positive_button"].pop("value"),
    "one thumb": without("feedback_buttons", "negative_button"),
    "thumbs among the buttons": lambda blocks: of(blocks, "actions")["elements"].append(of(blocks, "feedback_buttons")),
    "an unknown icon": put("icon_button", icon="bin"),
    "an icon that nobody sees": put("icon_button", visible_to_user_ids=[]),
    "a label of 76 characters": put("icon_button", accessibility_label="x" * 76),
    "a field in a message": lambda blocks: blocks.append(modals()[1]["blocks"][0]),
    "12,001 characters of Markdown": added(*({"type": "markdown", "text": "x" * most} for most in (6000, 6001))),
    "a flag that is a word": put("container", is_collapsible="yes"),
    "a style that is no object": put("text", style="bold"),
}  # fmt: skip


def test_a_message_names_only_whom_it_is_meant_to() -> None:
    """A mention rings: it stands in a message only where the one who sends it says whom, and in no dialogue."""
    blocks = (said({"type": "user", "user_id": "U1"}),)
    check_message(Message("x", blocks), mentions=("U1",))
    for refused in ((), ("U2",)):
        with pytest.raises(InvalidMessage, match="name the person U1"):
            check_message(Message("x", blocks), mentions=refused)
    with pytest.raises(InvalidMessage, match="is no id of a person"):
        check_message(Message("x", (said({"type": "user", "user_id": "!here"}),)), mentions=("!here",))
    with pytest.raises(InvalidMessage, match="name the person U1"):
        check_view({**home(), "blocks": list(blocks)})


def test_prompts_have_a_title_and_few_words() -> None:
    """At most four, none empty or long."""
    one = {"title": "Leave", "message": "What does it say?"}
    check_prompts([one] * 4)
    for wrong in ([], [one] * 5, [{**one, "title": ""}], [{**one, "title": "x" * 76}], [{"title": "x"}]):
        with pytest.raises(InvalidMessage):
            check_prompts(wrong)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_blocks_is_noticed(name: str) -> None:
    """A message with this mistake is not sent; without it, it is."""
    blocks = copy.deepcopy(list(messages()[0].blocks))
    check_blocks(blocks)
    MISTAKES[name](blocks)
    with pytest.raises(InvalidMessage, match=r"^Slack would refuse this: .{10,}\.$"):
        check_blocks(blocks)


def sent_with(view: dict[str, Any]) -> dict[str, Any]:
    """Return the field of a dialogue."""
    return next(one for one in view["blocks"] if one["type"] == "input")


VIEW_MISTAKES: dict[str, Change] = {
    "a title of 25 characters": lambda view: view["title"].update(text="x" * 25),
    "no title": lambda view: view.pop("title"),
    "a field that nothing sends": lambda view: view.pop("submit"),
    "a button that sends nothing": lambda view: view.update(blocks=[RICH]),
    "a button of 25 characters": lambda view: view["submit"].update(text="x" * 25),
    "no blocks": lambda view: view.update(blocks=[]),
    "101 blocks": lambda view: view.update(blocks=[*view["blocks"], *([RICH] * 100)]),
    "thumbs in a dialogue": lambda view: view["blocks"].append(messages()[0].blocks[-1]),
    "Markdown in a dialogue": lambda view: view["blocks"].append({"type": "markdown", "text": "x"}),
    "metadata of 3,001 characters": lambda view: view.update(private_metadata="x" * 3001),
    "two fields of one name": lambda view: view["blocks"].append(sent_with(view)),
    "a field without a label": lambda view: sent_with(view).pop("label"),
    "no options": lambda view: sent_with(view)["element"].update(options=[]),
    "11 options": lambda view: sent_with(view)["element"].update(
        options=[{"text": PLAIN, "value": str(one)} for one in range(11)]
    ),
    "two options of one value": lambda view: sent_with(view)["element"].update(
        options=[{"text": PLAIN, "value": "1"}] * 2
    ),
    "an option of 76 characters": lambda view: sent_with(view)["element"]["options"][0]["text"].update(text="x" * 76),
    "an unknown kind of field": lambda view: sent_with(view).update(element={"type": "guess", "action_id": "x"}),
    "a key that does not exist": lambda view: view.update(colour="red"),
    "a type that does not exist": lambda view: view.update(type="page"),
}  # fmt: skip


@pytest.mark.parametrize("name", VIEW_MISTAKES)
def test_a_mistake_in_a_dialogue_is_noticed(name: str) -> None:
    """A dialogue with this mistake is not opened; without it, it is."""
    view = copy.deepcopy(modals()[1])
    check_view(view)
    VIEW_MISTAKES[name](view)
    with pytest.raises(InvalidMessage):
        check_view(view)


def test_a_field_may_not_be_filled_in_with_more_than_it_takes() -> None:
    """Slack refuses a field whose own beginning is too long for it."""
    view = modals()[2]
    sent_with(view)["element"].update(initial_value="x" * 20, max_length=10)
    with pytest.raises(InvalidMessage, match="max_length"):
        check_view(view)


def test_a_home_tab_has_no_field() -> None:
    """What a Home tab asks for nobody could send."""
    view = home()
    check_view(view)
    view["blocks"].append(modals()[1]["blocks"][0])
    with pytest.raises(InvalidMessage, match="field"):
        check_view(view)


@pytest.mark.parametrize(
    "chunk",
    [
        {"type": "text", "text": "x"},
        {"type": "markdown_text", "text": ""},
        {"type": "markdown_text", "text": "x" * 12_001},
        {"type": "plan_update", "title": "x" * 257},
        {"type": "task_update", "id": "read", "title": "x", "status": "done"},
        {"type": "task_update", "id": "read", "title": "x", "status": "complete", "details": "*x*"},
        {"type": "task_update", "id": "r", "title": "x", "status": "complete", "sources": [
            {"type": "url", "url": "file:///x", "text": "x"}]},
        {"type": "blocks", "blocks": [{"type": "paragraph"}]},
        {"type": "blocks", "blocks": [{"type": "divider", "block_id": "x"}] * 2},
    ],
)  # fmt: skip
def test_a_mistake_in_a_stream_is_noticed(chunk: dict[str, Any]) -> None:
    """A piece of a stream with a mistake is not added; the pieces that we write are."""
    check_chunks(chunks())
    with pytest.raises(InvalidMessage):
        check_chunks([*chunks(), chunk])


def test_the_pieces_of_one_call_are_measured_together() -> None:
    """12,000 characters of Markdown, and 9,000 bytes, are the limit of a call and not of a piece."""
    with pytest.raises(InvalidMessage, match="bytes"):
        check_chunks([{"type": "markdown_text", "text": "x" * 5000}] * 2)


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message(""), "text has 0 characters"),
        (Message("ü" * 4500), "bytes"),
        (Message("Look <!here>"), "token"),
        (Message("Look <@U1>", ({"type": "divider"},)), "token"),
        (Message("x" * 4001, ({"type": "divider"},)), "4001 characters"),
    ],
)
def test_a_mistake_in_a_bare_text_is_noticed(message: Message, fault: str) -> None:
    """The text of a message is checked like its blocks: it is read in notifications, and rings there."""
    with pytest.raises(InvalidMessage, match=fault):
        check_message(message)


def test_what_we_send_is_valid() -> None:
    """Each outcome, dialogue, Home tab and piece of a stream passes."""
    for message in messages():
        check_message(message)
    for view in (*modals(), home()):
        check_view(view)
    check_chunks(chunks())


def test_the_models_of_slack_are_asked_too() -> None:
    """Slack's own package is a second judge, which would refuse what our shapes let pass by mistake."""
    long = {"type": "header", "text": {**PLAIN, "text": "x" * 151}}
    assert _sdk_blocks([long]) == ["text attribute cannot exceed 150 characters"]
    assert _sdk_view({"type": "home", "blocks": [long], "submit": PLAIN}) == ["home view cannot have submit and close"]
    assert _sdk_blocks(list(messages()[0].blocks)) == []
