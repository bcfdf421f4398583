"""The doctor's look at the language models: one real call each."""

from collections.abc import Iterator

from bot import doctor_texts as texts
from bot.commands.checks import Check, State
from bot.facade import Footnote
from pipelines.domain.model_probe import ModelProbe
from pipelines.errors import BadSettings, FootnoteError


LITTLE_CONTEXT = 6_000
"""Tokens that the prompt of a question with many passages and its answer may need."""


def model_checks(footnote: Footnote) -> Iterator[Check]:
    """Tell of each model that is set how it answered one question; a call costs some hundred tokens."""
    settings = footnote.settings
    for name, setting in ((settings.model, "FOOTNOTE_MODEL"), (settings.models.fallback, "FOOTNOTE_MODELS__FALLBACK")):
        if name:
            yield _checked(footnote, name, setting)


def _checked(footnote: Footnote, name: str, setting: str) -> Check:
    """Tell of one model."""
    try:
        found = footnote.probe_model(name)
    except BadSettings as error:
        return Check(setting, State.FAIL, str(error), texts.without_model())
    except FootnoteError as error:
        return Check(setting, State.WARN, str(error), texts.without_model())
    advice = _advice(found)
    return Check(setting, State.WARN if advice else State.OK, texts.model_answers(found), advice)


def _advice(found: ModelProbe) -> str:
    """Return what is to be done about a model that answers; nothing for one that will do."""
    if not found.cites:
        return texts.model_does_not_cite()
    if found.context_tokens is not None and found.context_tokens < LITTLE_CONTEXT:
        return texts.context_is_small(LITTLE_CONTEXT)
    return "" if found.pieces > 1 else texts.model_does_not_stream()
