"""Messages around a question that nobody wrote as a message of Slack: how its thread begins, and whom it went to."""

from collections.abc import Sequence

from bot import slack_reply_texts
from bot.slack.blocks.rich_text import batches, to_rich_text
from bot.slack.blocks.shapes import Json, Message, context, leaf, mention, quote, rich_text, section
from bot.slack.blocks.still import NAMELESS, still_line, unparsed


_QUESTION_BYTES = 5500
"""Of a question that is shown again; a dialogue takes 3,000 characters."""

_NOTIFICATION = 150
_NAMES = 500


def own_question(question: str, language: str) -> Message:
    """Return the message under which a person's own question is answered in private."""
    return _message([leaf(slack_reply_texts.you_asked(language))], question)


def asked_question(question: str, asker: str, language: str) -> Message:
    """Return the message under which a question is answered in a channel, with the name of who asks."""
    return _message([mention(asker), leaf(slack_reply_texts.asks(language))], question)


def passed_question(question: str, asker: str, language: str) -> Message:
    """Return a person's question to another person, with the name of who asks and nothing else."""
    lead = [mention(asker), leaf(slack_reply_texts.asks_you(language))]
    return _message(lead, question, context(slack_reply_texts.reply_directly(language)))


def went_to(question: str, names: Sequence[str], language: str) -> Message:
    """Return what the asker is told of a question that was passed on; without names, that nobody got it."""
    told = [still_line(one, _NAMES) for one in names]
    said = slack_reply_texts.went_to(language, told) if told else slack_reply_texts.went_to_nobody(language)
    return _message([leaf(said)], question)


def not_asked(question: str, language: str) -> Message:
    """Return what the asker is told of a question that could not be asked where it was to be."""
    return _message([leaf(slack_reply_texts.not_asked(language))], question)


def _message(lead: Sequence[Json], question: str, *below: Json) -> Message:
    leaves = next(batches(to_rich_text(question, {}), _QUESTION_BYTES), (leaf(NAMELESS),))
    blocks = (rich_text(section(lead), quote(leaves)), *below)
    return Message(unparsed(still_line(question, _NOTIFICATION)), blocks)
