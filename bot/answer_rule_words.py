"""How answers of a base are written, as lines. The sentences are `bot.answer_rule_texts`."""

from bot import answer_rule_texts as texts
from bot.commands.answer_rules import BaseAnswerRules
from bot.commands.answer_wishes import OwnWords
from bot.lines import Line, Look
from pipelines.domain.answering_rules import glossary_lines
from pipelines.domain.model_budget import money_words


def told(result: BaseAnswerRules) -> list[Line]:
    """Tell how answers of a base are written, what they may cost, and what was used today."""
    rules, today = result.rules, result.today
    shown = [Line(result.kb, look=Look.STRONG)]
    if rules.style:
        shown += [Line(texts.style_headline(), 2), *(Line(one, 4) for one in rules.style.split("\n"))]
    else:
        shown.append(Line(texts.no_style(), 2))
    if rules.glossary:
        shown.append(Line(texts.glossary_headline(len(rules.glossary)), 2))
        shown += [Line(one, 4) for one in glossary_lines(rules.glossary)]
    withheld = result.own_words is OwnWords.WITHHOLD
    shown.append(Line(texts.own_words_withheld() if withheld else texts.own_words_shown(), 2))
    money = None if rules.money_per_day is None else money_words(rules.money_per_day)
    shown.append(Line(texts.budget_line(rules.tokens_per_day, money), 2))
    used = texts.today_line(today.calls, today.tokens_in, today.tokens_out, money_words(today.money))
    return [*shown, Line(used, 2), *_cares(result)]


def _cares(result: BaseAnswerRules) -> list[Line]:
    """Say what is without effect."""
    if result.model is None:
        return [Line(texts.no_model(), 2, Look.CARE)]
    if result.rules.money_per_day is not None and not result.priced:
        return [Line(texts.no_price(), 2, Look.CARE)]
    return []
