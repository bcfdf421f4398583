"""What a reader can press below an answer."""

from collections.abc import Iterator

from bot import slack_file_texts, slack_texts
from bot.rendering import Page
from bot.slack import limits
from bot.slack.actions import THUMB_DOWN, THUMB_UP, Action
from bot.slack.blocks.rich_text import batches, to_rich_text
from bot.slack.blocks.shapes import Json, actions, button, leaf, plain, rich_text, section
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.still import cut, still_line
from pipelines.domain.conversation import Outcome


_CHOICE_BYTES = 3500
_CHOICE_VALUE = 1500
"""Characters of a choice that a button carries; a question that is asked back has far fewer."""

_ROW_BYTES = 5000


def choice_blocks(page: Page, showing: Showing) -> Iterator[Json]:
    """
    Yield the choices as buttons; where one is too long for a button, as a list above numbered buttons.

    Of a question about files, as a list: a button would not bring the files again.
    """
    if not page.choices:
        return
    if showing.of_files:
        yield rich_text(section([leaf(slack_file_texts.pick_for_files(showing.language))]))
        yield from _choice_list(page)
        return
    yield rich_text(section([leaf(slack_texts.pick_a_choice(showing.language))]))
    numbered = any(limits.length(still_line(one, limits.SECTION)) > limits.BUTTON_TEXT for one in page.choices)
    if numbered:
        yield from _choice_list(page)
    buttons = [
        button(
            Action.CHOICE,
            str(number) if numbered else choice,
            showing.pressed(cut(choice, _CHOICE_VALUE)),
            which=str(number),
        )
        for number, choice in enumerate(page.choices, start=1)
    ]
    if numbered:
        # Who hears the page instead of seeing it is told the choice and not its number.
        labels = (still_line(one, limits.ACCESSIBILITY_LABEL) for one in page.choices)
        buttons = [{**one, "accessibility_label": label} for one, label in zip(buttons, labels, strict=True)]
    for row in batches(buttons, _ROW_BYTES):
        yield actions(*row)


def _choice_list(page: Page) -> Iterator[Json]:
    text = "\n".join(f"{number}. {choice}" for number, choice in enumerate(page.choices, start=1))
    for leaves in batches(to_rich_text(text, {}), _CHOICE_BYTES):
        yield rich_text(section(leaves))


def control_blocks(page: Page, showing: Showing) -> tuple[Json, ...]:
    """
    Return the buttons, the thumbs and the trash that this outcome has; none for one that nobody can act on.

    Of an answer about files, which is not recorded, there is the trash alone.
    """
    rows = (_buttons(page, showing), _context_actions(page, showing))
    return tuple(row for row in rows if row["elements"])


def _buttons(page: Page, showing: Showing) -> Json:
    language, value = showing.language, showing.pressed()
    shown: list[Json] = []
    if showing.of_files:
        return actions()
    if any(any(one.quote) for one in page.sources):
        shown.append(button(Action.SHOW_EVIDENCE, slack_texts.show_evidence(language), value))
    if page.outcome in (Outcome.ANSWER, Outcome.REFUSAL) and showing.for_people:
        shown.append(button(Action.ASK_PERSON, slack_texts.ask_person(language), value))
    if page.outcome is Outcome.ANSWER and showing.private:
        shown.append(button(Action.SHARE, slack_texts.share(language), value))
    return actions(*shown)


def _context_actions(page: Page, showing: Showing) -> Json:
    elements = []
    if page.outcome in (Outcome.ANSWER, Outcome.REFUSAL) and not showing.of_files:
        elements.append(_thumbs(showing))
    if showing.removers:
        elements.append(_trash(showing))
    return {"type": "context_actions", "elements": elements}


def _thumbs(showing: Showing) -> Json:
    return {
        "type": "feedback_buttons",
        "action_id": str(Action.FEEDBACK),
        "positive_button": _thumb(slack_texts.good_answer(showing.language), showing.pressed(THUMB_UP)),
        "negative_button": _thumb(slack_texts.bad_answer(showing.language), showing.pressed(THUMB_DOWN)),
    }


def _thumb(text: str, value: str) -> Json:
    return {"text": plain(text, limits.BUTTON_TEXT), "accessibility_label": text, "value": value}


def _trash(showing: Showing) -> Json:
    text = slack_texts.remove(showing.language)
    return {
        "type": "icon_button",
        "action_id": str(Action.REMOVE),
        "icon": "trash",
        "text": plain(text, limits.BUTTON_TEXT),
        "accessibility_label": text,
        "value": showing.pressed(),
        "visible_to_user_ids": list(showing.removers[: limits.REMOVERS]),
    }
