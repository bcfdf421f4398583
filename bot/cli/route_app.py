"""The command line `footnote model route …`: names, options and help. What it does is `bot.cli.terminal`."""

from typing import Annotated, TypeAlias

from typer import Argument, Option, Typer

from bot.cli.loading import terminal
from bot.cli.options import Json, meaning, whole_number
from bot.commands.route_wishes import RouteName


model_app = Typer(help="Say which language models answer.", rich_markup_mode=None)
route_app = Typer(help="Let tuned models answer knowledge bases, channels or groups.", rich_markup_mode=None)
model_app.add_typer(route_app, name="route")

Base: TypeAlias = Annotated[str | None, Option("--kb", metavar="NAME", help=meaning("--kb"))]
Whom: TypeAlias = Annotated[str | None, Option("--for", metavar="WHO", help=meaning("--for"))]


@model_app.callback()
def model() -> None:
    """Say which language models answer."""


@route_app.command(name="list")
def list_all(*, as_json: Json = False) -> int:
    """List the routes to tuned models."""
    return terminal(as_json=as_json).routes()


@route_app.command(name="set")
def set_route(
    model: Annotated[str, Argument(metavar="MODEL", help=meaning("MODEL"))],
    *,
    kb: Base = None,
    whom: Whom = None,
    share: Annotated[int, Option("--share", metavar="N", parser=whole_number, help=meaning("--share"))] = 100,
    canary: Annotated[str | None, Option("--canary", metavar="MODEL", help=meaning("--canary"))] = None,
    canary_share: Annotated[
        int, Option("--canary-share", metavar="N", parser=whole_number, help=meaning("--canary-share"))
    ] = 0,
    as_json: Json = False,
) -> int:
    """Let a tuned model answer, from the next question on; where it does not, the base model does."""
    return terminal(as_json=as_json).set_route(RouteName(kb, whom), model, share, canary, canary_share)


@route_app.command()
def share(
    percent: Annotated[int, Argument(metavar="N", parser=whole_number, help=meaning("N"))],
    *,
    kb: Base = None,
    whom: Whom = None,
    as_json: Json = False,
) -> int:
    """Change how many people a route's model answers; a route that was off is on again."""
    return terminal(as_json=as_json).share_route(RouteName(kb, whom), percent)


@route_app.command()
def off(*, kb: Base = None, whom: Whom = None, as_json: Json = False) -> int:
    """Let the base model answer where a route is."""
    return terminal(as_json=as_json).switch_route_off(RouteName(kb, whom))


@route_app.command()
def rollback(*, kb: Base = None, whom: Whom = None, as_json: Json = False) -> int:
    """Let a route be as it was before its last change; done twice, as it is now."""
    return terminal(as_json=as_json).roll_route_back(RouteName(kb, whom))
