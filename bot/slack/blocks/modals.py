"""The dialogues: the quotes of an answer, what is wrong with it, questions for a person, a channel or us."""

from collections.abc import Iterator
from itertools import chain, islice

from bot import slack_reply_texts, slack_texts
from bot.rendering import Page
from bot.slack import limits
from bot.slack.actions import Dialogue, Field
from bot.slack.blocks.shapes import Json, context, leaf, plain, rich_text, section
from bot.slack.blocks.showing import Showing
from bot.slack.blocks.sources import quote_blocks, source_blocks
from bot.slack.blocks.still import cut, still_line, still_lines


_CHANNELS = {"include": ["public", "private"], "exclude_bot_users": True}
_NAME = 100
_MOST_TEXT = 2000


def evidence_modal(page: Page, showing: Showing, hidden: int = 0) -> Json:
    """
    Return the dialogue that shows the quotes and opens the sources; what does not fit is told.

    Args:
        page: the answer, with those sources that the reader may see.
        showing: where it is shown.
        hidden: how many sources are left out, since the reader may not see them.

    """
    most = limits.BLOCKS_IN_VIEW - (2 if hidden else 1)
    found = tuple(islice(_evidence(page, showing), most + 1))
    left = (context(slack_texts.more_left(showing.language)),) if len(found) > most else ()
    kept_back = (_said(slack_reply_texts.hidden(showing.language, hidden)),) if hidden else ()
    blocks = (*found[:most], *left, *kept_back) or (_said(slack_texts.no_evidence(showing.language)),)
    return _modal(Dialogue.EVIDENCE, slack_texts.evidence_title(showing.language), blocks, showing)


def feedback_modal(showing: Showing, where: str = "") -> Json:
    """
    Return the dialogue that asks what is wrong with an answer.

    Args:
        showing: of it.
        where: what is to be known, once it is sent, of the place where it stands.

    """
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
    return _modal(Dialogue.FEEDBACK, title, blocks, showing, submit=slack_texts.send(language), detail=where)


def ask_modal(question: str, showing: Showing, where: str = "") -> Json:
    """
    Return the dialogue that passes a question on to a person, filled in with the question as it was asked.

    Args:
        question: it.
        showing: of its answer.
        where: what is to be known, once it is sent, of the place that it was asked in.

    """
    language = showing.language
    person = still_line(showing.person, _NAME) if showing.person else ""
    blocks = (
        _said(slack_texts.ask_goes_to(language, person)),
        _question_input(question, language),
        context(slack_texts.ask_passed_on(language)),
    )
    title, send = slack_texts.ask_title(language), slack_texts.send(language)
    return _modal(Dialogue.ASK_PERSON, title, blocks, showing, submit=send, detail=where)


def share_modal(question: str, showing: Showing) -> Json:
    """Return the dialogue that asks a question in a channel, filled in with the question as it was asked in private."""
    language = showing.language
    select = {"type": "conversations_select", "action_id": str(Field.CHANNEL), "filter": dict(_CHANNELS)}
    blocks = (
        _said(slack_reply_texts.share_hint(language)),
        _input(Field.CHANNEL, slack_reply_texts.share_channel(language), select),
        _question_input(question, language),
    )
    title, send = slack_reply_texts.share_title(language), slack_texts.send(language)
    return _modal(Dialogue.SHARE, title, blocks, showing, submit=send)


def question_modal(language: str) -> Json:
    """Return the dialogue that asks us a question."""
    blocks = (_said(slack_reply_texts.question_hint(language)), _question_input("", language))
    title, send = slack_reply_texts.question_title(language), slack_texts.send(language)
    return _modal(Dialogue.QUESTION, title, blocks, Showing(language), submit=send)


def notice_modal(sentence: str, language: str) -> Json:
    """Return a dialogue that only says something."""
    return _modal(Dialogue.NOTICE, slack_reply_texts.notice_title(language), (_said(sentence),), Showing(language))


def _said(sentence: str) -> Json:
    return rich_text(section([leaf(sentence)]))


def _question_input(question: str, language: str) -> Json:
    asked = cut(still_lines(question), _MOST_TEXT)
    return _input(Field.QUESTION, slack_texts.ask_label(language), _field(Field.QUESTION, asked))


def _evidence(page: Page, showing: Showing) -> Iterator[Json]:
    quotes = chain.from_iterable(quote_blocks(one) for one in page.sources if any(one.quote))
    return chain(source_blocks(page, showing), quotes)


def _modal(
    dialogue: Dialogue,
    title: str,
    blocks: tuple[Json, ...],
    showing: Showing,
    *,
    submit: str = "",
    detail: str = "",
) -> Json:
    language = showing.language
    close = slack_texts.cancel(language) if submit else slack_texts.close(language)
    more = {"submit": plain(submit, limits.VIEW_BUTTON)} if submit else {}
    return {
        "type": "modal",
        "callback_id": str(dialogue),
        "private_metadata": showing.pressed(detail),
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
