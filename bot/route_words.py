"""Routes to tuned models, as lines. The sentences are `bot.route_texts`."""

from dataclasses import dataclass

from bot import route_texts as texts
from bot.commands.routes import RouteChanged, RouteLine, RouteList
from bot.lines import Line, Look, Spelling
from pipelines.domain.model_routes import RouteRule
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class RouteWords(Value):
    """
    Tells results to the people of one platform.

    Attributes:
        command: writes the commands that are named.

    """

    command: Spelling

    def listed(self, result: RouteList) -> list[Line]:
        """Tell every route, and who answers where none does."""
        if not result.routes:
            shown = [
                Line(texts.no_routes(self.command("model route set", "", "MODEL", "--kb", "NAME", "--share", "5")))
            ]
        else:
            shown = [line for one in result.routes for line in _route(one)]
        return [*shown, _others(result.base_model)]

    def changed(self, result: RouteChanged) -> list[Line]:
        """Tell how a route is now."""
        return [*_route(result.route), _others(result.base_model)]


def _route(one: RouteLine) -> list[Line]:
    look = Look.STRONG if one.rule is not None and one.rule.on else Look.CARE
    shown = [Line(texts.route_line(texts.route_for(one.kb, one.whom), _state(one.rule)), look=look)]
    return [*shown, Line(texts.rolls_back_to(_state(one.previous)), 2)]


def _state(rule: RouteRule | None) -> str:
    if rule is None:
        return texts.no_route_any_more()
    if not rule.on:
        return texts.switched_off(rule.model)
    parts = [texts.answered_by(rule.model, rule.share)]
    parts += [texts.on_trial(rule.canary, rule.canary_share)] if rule.canary else []
    return "; ".join(parts)


def _others(base_model: str | None) -> Line:
    return Line(texts.the_others(base_model)) if base_model else Line(texts.no_base_model(), look=Look.CARE)
