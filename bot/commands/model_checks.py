"""The doctor's look at the language models, those of routes too: one real call each, however often one is named."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from bot import doctor_texts as texts
from bot.commands.checks import Check, State
from bot.commands.routes import RouteLine
from bot.facade import Footnote
from bot.route_texts import route_for
from pipelines.domain.model_probe import ModelProbe
from pipelines.errors import BadSettings, FootnoteError


LITTLE_CONTEXT = 6_000
"""Tokens that the prompt of a question with many passages and its answer may need."""


def model_checks(footnote: Footnote, routes: Iterable[RouteLine], command: Callable[..., str]) -> Iterator[Check]:
    """
    Tell of each model that is set, and of each that a route names, how it answered one question.

    A call costs some hundred tokens. A model that several name, at one address, is called once.

    Args:
        footnote: the installation.
        routes: those that are switched off, or have no rule any more, name no model.
        command: writes a command of this platform.

    """
    settings, calls = footnote.settings, _Calls(footnote)
    for name, setting in ((settings.model, "FOOTNOTE_MODEL"), (settings.models.fallback, "FOOTNOTE_MODELS__FALLBACK")):
        if name:
            yield _checked(setting, partial(calls.of, name), _advice, texts.without_model())
    away = texts.without_tuned_model(command("model route list", ""))
    for name, places in _routed(routes).items():
        title = texts.tuned_model_of(places[0], len(places) - 1)
        yield _checked(title, partial(calls.of, name, tuned=True), _advice_on_tuned, away)


class _Calls:
    """Calls models, each at one address once, and remembers what came of it."""

    def __init__(self, footnote: Footnote) -> None:
        self._footnote = footnote
        self._outcomes: dict[tuple[str, str], ModelProbe | FootnoteError] = {}

    def of(self, name: str, *, tuned: bool = False) -> ModelProbe:
        """
        Return what a call showed.

        Raises:
            FootnoteError: no whole reply came.

        """
        key = self._address(tuned=tuned), name
        if key not in self._outcomes:
            self._outcomes[key] = self._made(name, tuned=tuned)
        outcome = self._outcomes[key]
        if isinstance(outcome, FootnoteError):
            raise outcome
        return outcome

    def _made(self, name: str, *, tuned: bool) -> ModelProbe | FootnoteError:
        try:
            return self._footnote.probe_model(name, tuned=tuned)
        except FootnoteError as error:
            return error

    def _address(self, *, tuned: bool) -> str:
        settings = self._footnote.settings
        url = (settings.tuned.url if tuned else None) or settings.openai_base_url
        return url.get_secret_value().rstrip("/") if url else ""


def _routed(routes: Iterable[RouteLine]) -> dict[str, list[str]]:
    """Return the models that routes let answer -> what for, in words."""
    found: dict[str, list[str]] = {}
    for one in routes:
        if one.rule is not None and one.rule.on:
            for model in filter(None, (one.rule.model, one.rule.canary)):
                found.setdefault(model, []).append(route_for(one.kb, one.whom))
    return found


def _checked(title: str, call: Callable[[], ModelProbe], advice: Callable[[ModelProbe], str], without: str) -> Check:
    """Tell of one model."""
    try:
        found = call()
    except BadSettings as error:
        return Check(title, State.FAIL, str(error), without)
    except FootnoteError as error:
        return Check(title, State.WARN, str(error), without)
    advised = advice(found)
    return Check(title, State.WARN if advised else State.OK, texts.model_answers(found), advised)


def _advice(found: ModelProbe) -> str:
    """Return what is to be done about a model that answers; nothing for one that will do."""
    return _advice_on_tuned(found) or ("" if found.pieces > 1 else texts.model_does_not_stream())


def _advice_on_tuned(found: ModelProbe) -> str:
    """Return the same of a route's model, of which nothing is shown before the whole is verified."""
    if not found.cites:
        return texts.model_does_not_cite()
    if found.context_tokens is not None and found.context_tokens < LITTLE_CONTEXT:
        return texts.context_is_small(LITTLE_CONTEXT)
    return ""
