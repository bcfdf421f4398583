"""The dialogues: the quotes of an answer, what is wrong with it, a question for a person."""

from collections.abc import Iterator
from itertools import chain, islice

from bot import slack_texts
from bot.rendering import Page
from bot.slack import limits
from bot.slack.actions import Dialogue, Field
from bot.slack.blocks.shapes import Json, context, leaf, plain, rich_text, section
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.sources import quote_blocks, source_blocks
from bot.slack.blocks.still import cut, still_line, still_lines


_NAME = 100
_MOST_TEXT = 2000


def evidence_modal(page: Page, showing: Showing) -> Json:
    """Return the dialogue that shows the quotes and opens the sources; what does not fit is told."""
    most = limits.BLOCKS_IN_VIEW - 1
    found = tuple(islice(_evidence(page, showing), most + 1))
    left = (context(slack_texts.more_left(showing.language)),) if len(found) > most else ()
    nothing = rich_text(section([leaf(slack_texts.no_evidence(showing.language))]))
    blocks = (*found[:most], *left) or (nothing,)
    return _modal(Dialogue.EVIDENCE, slack_texts.evidence_title(showing.language), blocks, showing)


def feedback_modal(showing: Showing) -> Json:
    """Return the dialogue that asks what is wrong with an answer."""
    language = showing.language
    reason = {
        "type": "radio_buttons",
        "action_id": str(Field.REASON),
        "options": [_option(said, value) for value, said in slack_texts.feedback_reasons(language)],
    }
    blocks = (
        _input(Field.REASON, slack_texts.feedback_reason(language), reason),
        _input(Field.DETAIL, slack_texts.feedback_detail(language), _field(Field.DETAIL), optional=True),
        context(slack_texts.feedback_hint(language)),
    )
    title = slack_texts.feedback_title(language)
    return _modal(Dialogue.FEEDBACK, title, blocks, showing, submit=slack_texts.send(language))


def ask_modal(question: str, showing: Showing) -> Json:
    """Return the dialogue that passes a question on to a person, filled in with the question as it was asked."""
    language = showing.language
    person = still_line(showing.person, _NAME) if showing.person else ""
    asked = cut(still_lines(question), _MOST_TEXT)
    blocks = (
        rich_text(section([leaf(slack_texts.ask_goes_to(language, person))])),
        _input(Field.QUESTION, slack_texts.ask_label(language), _field(Field.QUESTION, asked)),
        context(slack_texts.ask_passed_on(language)),
    )
    title = slack_texts.ask_title(language)
    return _modal(Dialogue.ASK_PERSON, title, blocks, showing, submit=slack_texts.send(language))


def _evidence(page: Page, showing: Showing) -> Iterator[Json]:
    quotes = chain.from_iterable(quote_blocks(one) for one in page.sources if any(one.quote))
    return chain(source_blocks(page, showing), quotes)


def _modal(dialogue: Dialogue, title: str, blocks: tuple[Json, ...], showing: Showing, *, submit: str = "") -> Json:
    language = showing.language
    close = slack_texts.cancel(language) if submit else slack_texts.close(language)
    more = {"submit": plain(submit, limits.VIEW_BUTTON)} if submit else {}
    return {
        "type": "modal",
        "callback_id": str(dialogue),
        "private_metadata": showing.pressed(),
        "title": plain(title, limits.VIEW_TITLE),
        "close": plain(close, limits.VIEW_BUTTON),
        "blocks": list(blocks),
        **more,
    }


def _input(field: Field, label: str, element: Json, *, optional: bool = False) -> Json:
    return {
        "type": "input",
        "block_id": str(field),
        "label": plain(label, limits.INPUT_LABEL),
        "element": element,
        "optional": optional,
    }


def _field(field: Field, initial: str = "") -> Json:
    filled = {"initial_value": initial} if initial else {}
    return {
        "type": "plain_text_input",
        "action_id": str(field),
        "multiline": True,
        "max_length": limits.INPUT_LENGTH,
        **filled,
    }


def _option(text: str, value: str) -> Json:
    return {"text": plain(text, limits.BUTTON_TEXT), "value": value}
