"""How answers of a base are written and what they may cost: show it with today's use, and change it."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.commands.answer_wishes import NO_WISHES, AnswerWishes, OwnWords
from bot.commands.kb import find
from bot.facade import Footnote
from pipelines.domain.answering_rules import AnsweringRules, parse_glossary
from pipelines.domain.conversation import Principal
from pipelines.domain.model_budget import OFF, Charge, money_words, parse_money, parse_tokens
from pipelines.domain.values import Value
from pipelines.errors import BadInput


@dataclass(frozen=True, slots=True)
class BaseAnswerRules(Value):
    """
    How answers of a base are written and what they may cost.

    Attributes:
        kb: its name.
        rules: what its admins said.
        today: what was used, or is set aside, since midnight in UTC.
        model: name of the language model that writes answers; None if none does.
        priced: whether the prices of tokens are known.

    """

    kb: str
    rules: AnsweringRules
    today: Charge
    model: str | None = None
    priced: bool = False

    @property
    def own_words(self) -> OwnWords:
        """What is done with sentences in a model's own words."""
        return OwnWords.WITHHOLD if self.rules.strict else OwnWords.SHOW

    def as_json(self) -> dict[str, Any]:
        """Return the documented, stable form; money is an amount such as "2.50"."""
        rules, today = self.rules, self.today
        return {
            "kb": self.kb,
            "style": rules.style,
            "glossary": [{"word": word, "meaning": meaning} for word, meaning in rules.glossary],
            "own_words": str(self.own_words),
            "tokens_per_day": rules.tokens_per_day,
            "money_per_day": None if rules.money_per_day is None else money_words(rules.money_per_day),
            "today": {
                "calls": today.calls,
                "tokens_in": today.tokens_in,
                "tokens_out": today.tokens_out,
                "money": money_words(today.money),
            },
        }


def answer_rules(
    footnote: Footnote, principal: Principal, name: str, wishes: AnswerWishes = NO_WISHES
) -> BaseAnswerRules:
    """
    Show how answers of a base are written, or change that first, which counts with the next question.

    Raises:
        BadInput: a wish has another form or passes a limit; nothing was changed.
        NotAllowed: the person is no admin.
        NotFound: there is no such base.

    """
    base = find(footnote, principal, name)
    records = footnote.records
    if wishes != NO_WISHES:
        before, after = records.answering_rules.change(base.id, _change(wishes))
        if after != before:
            records.answers.audit(principal, "kb answers", base.name, _difference(before, after))
    rules, models = records.answering_rules.of([base.id])[base.id], footnote.settings.models
    today = records.model_usage.today(base.id)
    return BaseAnswerRules(base.name, rules, today, footnote.settings.model, priced=models.prices.known)


def _change(wishes: AnswerWishes) -> Callable[[AnsweringRules], AnsweringRules]:
    """Return what these wishes make of rules; what was typed wrongly is refused here."""
    changed: dict[str, Any] = {}
    if wishes.style is not None:
        changed["style"] = wishes.style
    if wishes.glossary is not None:
        changed["glossary"] = parse_glossary(wishes.glossary)
    if wishes.own_words is not None:
        changed["strict"] = wishes.own_words is OwnWords.WITHHOLD
    if wishes.tokens_per_day is not None:
        changed["tokens_per_day"] = _budget(wishes.tokens_per_day, parse_tokens)
    if wishes.money_per_day is not None:
        changed["money_per_day"] = _budget(wishes.money_per_day, parse_money)
    return lambda rules: replace(rules, **changed)


def _budget(typed: str, parse: Callable[[str], int]) -> int | None:
    if typed.strip().lower() == OFF:
        return None
    try:
        return parse(typed)
    except ValueError as error:
        raise BadInput(f"the budget of a day: {error}, or {OFF} for none") from error


def _difference(before: AnsweringRules, after: AnsweringRules) -> dict[str, Any]:
    """Return what was and what is, of each that changed."""
    pairs = {one.name: (getattr(before, one.name), getattr(after, one.name)) for one in fields(AnsweringRules)}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {
        "before": {name: was for name, (was, _) in changed.items()},
        "after": {name: now for name, (_, now) in changed.items()},
    }
