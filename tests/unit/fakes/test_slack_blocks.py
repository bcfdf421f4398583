"""The fake Slack's judgement of Block Kit: what Slack takes passes, what Slack refuses does not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models import blocks as sdk

from tests.fakes.slack_blocks import check_blocks, elements_of, flat, more_than_one_table, texts_in
from tests.fakes.slack_views import check_view


Block = dict[str, Any]


def plain(text: str) -> Block:
    """Return a plain text object."""
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", **more: Any) -> Block:
    """Return a button."""
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Block) -> Block:
    """Return an actions block."""
    return {"type": "actions", "elements": list(elements)}


def container(*children: Block, **more: Any) -> Block:
    """Return a container block."""
    return {"type": "container", "title": plain("Evidence"), "child_blocks": list(children), **more}


def rich(*elements: Block) -> Block:
    """Return a rich_text block of one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "up"},
    "negative_button": {"text": plain("Bad"), "value": "down"},
}
TRASH = {
    "type": "icon_button",
    "action_id": "trash",
    "icon": "trash",
    "text": plain("Remove"),
    "visible_to_user_ids": ["U1"],
}
CELL = {"type": "raw_text", "text": "25"}
LINK = {"type": "link", "url": "https://kb.example/leave#page=2", "text": "Leave"}
INPUT = {"type": "input", "label": plain("Why?"), "element": {"type": "plain_text_input", "action_id": "why"}}
SOUND: list[Block] = [
    {"type": "markdown", "text": "25 days [1](https://kb.example)"},
    {"type": "header", "text": plain("Leave")},
    {"type": "divider"},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*x*"}, "accessory": button()},
    {"type": "section", "fields": [plain("a"), plain("b")]},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "AI answer"}]},
    {"type": "context_actions", "elements": [FEEDBACK, TRASH]},
    actions(button("one", value="1", style="primary"), button("two", url="https://kb.example")),
    rich({"type": "text", "text": "x", "style": {"bold": True}}, LINK, {"type": "user", "user_id": "U1"}),
    container(rich(LINK), {"type": "divider"}, is_collapsible=True, default_collapsed=True),
    {"type": "table", "rows": [[CELL, CELL]], "column_settings": [{"align": "right"}]},
    {
        "type": "plan",
        "title": "Searched",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "complete"}],
    },
    {"type": "image", "image_url": "https://kb.example/a.png", "alt_text": "a"},
    {"type": "card", "title": {"type": "mrkdwn", "text": "Leave"}, "actions": [button()]},
]


@pytest.mark.parametrize("block", SOUND, ids=lambda block: block["type"])
def test_sound_blocks_pass(block: Block) -> None:
    """Each block as Slack documents it passes, and nothing else in a message depends on it."""
    assert check_blocks([block]) == []


WRONG: list[tuple[str, list[Block]]] = [
    ("no type", [{"text": "x"}]),
    ("unknown type", [{"type": "banner"}]),
    ("unknown field", [{"type": "divider", "colour": "red"}]),
    ("header too long", [{"type": "header", "text": plain("x" * 151)}]),
    ("header of 76 emojis", [{"type": "header", "text": plain("😀" * 76)}]),
    ("header in mrkdwn", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    ("empty section", [{"type": "section"}]),
    ("section too long", [{"type": "section", "text": plain("x" * 3001)}]),
    ("field too long", [{"type": "section", "fields": [plain("x" * 2001)]}]),
    ("empty text", [{"type": "section", "text": plain("")}]),
    ("eleven in a context", [{"type": "context", "elements": [plain("x")] * 11}]),
    ("button in a context", [{"type": "context", "elements": [button()]}]),
    ("26 buttons", [actions(*(button(str(one)) for one in range(26)))]),
    ("no buttons", [actions()]),
    ("feedback in actions", [actions(FEEDBACK)]),
    ("button label too long", [actions(button() | {"text": plain("x" * 76)})]),
    ("button value too long", [actions(button(value="x" * 2001))]),
    ("button style unknown", [actions(button(style="warning"))]),
    ("button url bad", [actions(button(url="kb.example"))]),
    ("action id too long", [actions(button("x" * 256))]),
    ("action id twice", [actions(button(), button())]),
    ("block id twice", [{"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}]),
    ("block id too long", [{"type": "divider", "block_id": "x" * 256}]),
    ("markdown in a container", [container({"type": "markdown", "text": "x"})]),
    ("card in a container", [container({"type": "card", "title": {"type": "mrkdwn", "text": "x"}})]),
    ("feedback in a container", [container({"type": "context_actions", "elements": [FEEDBACK]})]),
    ("container in a container", [container(container({"type": "divider"}))]),
    ("eleven in a container", [container(*[{"type": "divider"}] * 11)]),
    ("container without title", [{"type": "container", "child_blocks": [{"type": "divider"}]}]),
    ("container with two titles", [container({"type": "divider"}, rich_text_title=rich(LINK))]),
    ("block id twice in a container", [container(*[{"type": "divider", "block_id": "x"}] * 2)]),
    ("six in context_actions", [{"type": "context_actions", "elements": [TRASH | {"action_id": c} for c in "abcdef"]}]),
    (
        "feedback without value",
        [{"type": "context_actions", "elements": [FEEDBACK | {"positive_button": {"text": plain("x")}}]}],
    ),
    (
        "trash for eleven",
        [{"type": "context_actions", "elements": [TRASH | {"visible_to_user_ids": list("abcdefghijk")}]}],
    ),
    ("markdown too long", [{"type": "markdown", "text": "x" * 12_001}]),
    ("table with 101 rows", [{"type": "table", "rows": [[CELL]] * 101}]),
    ("table with 21 columns", [{"type": "table", "rows": [[CELL] * 21]}]),
    ("table of too much text", [{"type": "table", "rows": [[{"type": "raw_text", "text": "x" * 101}]] * 100}]),
    ("link without url", [rich({"type": "link", "text": "x"})]),
    ("empty rich text", [rich({"type": "text", "text": ""})]),
    ("mrkdwn in rich text", [rich({"type": "mrkdwn", "text": "x"})]),
    ("task status unknown", [{"type": "task_card", "task_id": "1", "title": "t", "status": "done"}]),
    (
        "task without id in a plan",
        [{"type": "plan", "title": "x", "tasks": [{"type": "task_card", "title": "t", "status": "complete"}]}],
    ),
    (
        "image of two kinds",
        [{"type": "image", "alt_text": "a", "image_url": "https://a.example", "slack_file": {"id": "F"}}],
    ),
    (
        "six overflow options",
        [
            actions(
                {
                    "type": "overflow",
                    "action_id": "o",
                    "options": [{"text": plain("x"), "value": str(n)} for n in range(6)],
                }
            )
        ],
    ),
    ("alert in a message", [{"type": "alert", "text": plain("x")}]),
    ("51 blocks", [{"type": "divider"}] * 51),
]


@pytest.mark.parametrize(("name", "blocks"), WRONG, ids=[name for name, _ in WRONG])
def test_wrong_blocks_are_refused(name: str, blocks: list[Block]) -> None:
    """Each mistake is found, with its place."""
    wrong = check_blocks(blocks)
    assert wrong, name
    assert all("[json-pointer:/blocks" in one for one in wrong)


def test_a_message_has_one_table() -> None:
    """A second table is refused wherever it stands."""
    table = {"type": "table", "rows": [[CELL]]}
    assert not more_than_one_table([table])
    assert more_than_one_table([table, container(table)])


def test_views_take_what_messages_do_not_and_the_other_way_round() -> None:
    """Alerts and inputs stand in modals, Markdown and feedback in messages; a modal with an input can be submitted."""
    modal = {"type": "modal", "title": plain("Why?"), "blocks": [INPUT], "submit": plain("Send")}
    assert check_view(modal, "modal") == []
    assert check_view({name: value for name, value in modal.items() if name != "submit"}, "modal")
    assert check_view(modal, "home")
    assert check_view(modal | {"blocks": [{"type": "alert", "text": plain("x")}]}, "modal") == []
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("x")}]}
    assert check_view(home, "home") == []
    for block in ({"type": "markdown", "text": "x"}, {"type": "context_actions", "elements": [FEEDBACK]}):
        assert check_view(modal | {"blocks": [block]}, "modal")
        assert check_view(home | {"blocks": [block]}, "home")
    assert check_view(home | {"blocks": [{"type": "divider"}] * 101}, "home")
    assert check_view(modal | {"title": plain("x" * 25)}, "modal")
    assert check_view(modal | {"private_metadata": "x" * 3001}, "modal")


TEXT = st.text(min_size=1, max_size=30)
SDK_BLOCKS = st.one_of(
    st.builds(lambda text: sdk.HeaderBlock(text=text), TEXT),
    st.builds(lambda text: sdk.SectionBlock(text=sdk.MarkdownTextObject(text=text)), TEXT),
    st.builds(lambda text: sdk.MarkdownBlock(text=text), TEXT),
    st.builds(lambda text: sdk.ContextBlock(elements=[sdk.PlainTextObject(text=text)]), TEXT),
    st.builds(
        lambda text, ids: sdk.ActionsBlock(elements=[sdk.ButtonElement(text=text, action_id=one) for one in ids]),
        TEXT,
        st.sets(TEXT, min_size=1, max_size=5),
    ),
    st.builds(
        lambda text: sdk.RichTextBlock(elements=[sdk.RichTextSectionElement(elements=[_text(text)])]),
        TEXT,
    ),
    st.builds(sdk.DividerBlock),
)


def _text(text: str) -> sdk.RichTextElementParts.Text:
    return sdk.RichTextElementParts.Text(text=text)


@settings(deadline=None)
@given(st.lists(SDK_BLOCKS, max_size=10))
def test_what_slacks_own_models_build_passes(built: list[sdk.Block]) -> None:
    """Whatever slack_sdk builds within its limits is taken, and its texts and elements are found."""
    blocks = [one.to_dict() for one in built]
    assert check_blocks(blocks) == []
    assert list(flat(blocks)) == blocks
    assert sum(len(elements_of(one)) for one in blocks) == sum(
        len(one.get("elements", [])) for one in blocks if one["type"] == "actions"
    )
    assert len(list(texts_in(blocks))) >= len([one for one in blocks if one["type"] != "divider"])


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT,
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["type", "text", "elements", "rows"]), x),
    )
)
def test_any_json_is_judged(value: Any) -> None:
    """Nothing that a client may send makes the judgement itself fail."""
    assert isinstance(check_blocks(value), list)
    assert isinstance(check_blocks([value]), list)
