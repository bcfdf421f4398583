"""The doctor's calls of the models that routes let answer: each once, named by its route, with what stands in."""

from dataclasses import replace

import pytest

from bot.cli.shell import command
from bot.commands.doctor import Check, State, Surroundings, examine
from bot.commands.route_wishes import RouteName
from bot.commands.routes import roll_back, set_route
from pipelines.domain.access import OPERATOR
from pipelines.domain.model_probe import ModelProbe
from pipelines.domain.model_routes import RouteRule
from pipelines.errors import BadSettings, StorageDamaged
from pipelines.ports.model import ModelAway
from pipelines.settings import Settings
from tests.fakes.installation import FakeInstallation


BASE = ModelProbe("small-1", "small-1", 0.41, 1.26, 14, cites=True, context_tokens=32_768)
TUNED = ModelProbe("leave-1", "leave-1", 0.2, 0.9, 1, cites=True, context_tokens=None)
MODELS = {
    "OPENAI_BASE_URL": "https://models.example/v1",
    "OPENAI_API_KEY": "hunter2",
    "FOOTNOTE_MODEL": "small-1",
}
OWN_SERVER = {"FOOTNOTE_TUNED__URL": "https://tuned.example/v1"}


def route(footnote: FakeInstallation, whom: str, rule: RouteRule) -> RouteName:
    """Let a group have a route; return its name."""
    name = RouteName(None, f"group:{whom}")
    set_route(footnote, OPERATOR, name, rule)
    return name


def looked_at(footnote: FakeInstallation, **more: str) -> dict[str, Check]:
    """Return the checks by name, where a base model is set that will do."""
    environ = {"FOOTNOTE_DATA_DIR": str(footnote.settings.data_dir), **MODELS, **more}
    footnote.settings = Settings.load(environ, None)
    footnote.models.setdefault("small-1", BASE)
    checks = examine(footnote, OPERATOR, command, Surroundings(lambda _: 10**12)).checks
    return {one.name: one for one in checks}


def of_routes(checks: dict[str, Check]) -> list[str]:
    """Return the names of the checks of routes."""
    return [name for name in checks if name.startswith("route ")]


def test_without_a_route_no_other_model_is_called(footnote: FakeInstallation) -> None:
    """The base model is called once, and nothing is said of routes."""
    assert of_routes(looked_at(footnote)) == []
    assert footnote.probed == [("small-1", False)]


def test_each_model_of_a_route_is_called_once(footnote: FakeInstallation) -> None:
    """Named by the first route that has it; a canary too. What is switched off, or rolled back to none, is not."""
    footnote.models |= {"leave-1": TUNED, "leave-2": replace(TUNED, model="leave-2")}
    route(footnote, "a", RouteRule("leave-1"))
    route(footnote, "b", RouteRule("leave-1", 25, "leave-2", 5))
    route(footnote, "c", RouteRule("old-1", on=False))
    roll_back(footnote, OPERATOR, route(footnote, "d", RouteRule("old-2")))
    checks = looked_at(footnote)
    assert of_routes(checks) == [
        "route all knowledge bases for group:a and 1 more",
        "route all knowledge bases for group:b",
    ]
    assert footnote.probed == [("small-1", False), ("leave-1", True), ("leave-2", True)]
    assert checks[of_routes(checks)[0]].message.startswith("leave-1 answers: first words after 0.2 s")


def test_one_model_at_one_address_is_called_once(footnote: FakeInstallation) -> None:
    """A route to the base model costs no second call; at a server of its own the same name is another model."""
    route(footnote, "a", RouteRule("small-1"))
    checks = looked_at(footnote)
    assert footnote.probed == [("small-1", False)]
    assert checks["route all knowledge bases for group:a"].message == checks["FOOTNOTE_MODEL"].message
    footnote.probed.clear()
    looked_at(footnote, **OWN_SERVER)
    assert footnote.probed == [("small-1", False), ("small-1", True)]


def test_a_route_may_write_in_one_piece(footnote: FakeInstallation) -> None:
    """Nothing of it is shown before the whole is verified, so only marks and context ask for care."""
    route(footnote, "a", RouteRule("leave-1"))
    for found, state in (
        (TUNED, State.OK),
        (replace(TUNED, cites=False), State.WARN),
        (replace(TUNED, context_tokens=2048), State.WARN),
    ):
        footnote.models["leave-1"] = found
        assert looked_at(footnote)["route all knowledge bases for group:a"].state is state


@pytest.mark.parametrize(
    ("fault", "state"),
    [(ModelAway("leave-1 does not answer"), State.WARN), (BadSettings("the key is wrong"), State.FAIL)],
)
def test_a_route_whose_model_does_not_answer_is_told_with_what_answers(
    footnote: FakeInstallation, fault: Exception, state: State
) -> None:
    """The base model stands in, and the command that shows the routes is named."""
    route(footnote, "a", RouteRule("leave-1"))
    footnote.models["leave-1"] = fault
    check = looked_at(footnote)["route all knowledge bases for group:a"]
    assert (check.state, check.message) == (state, str(fault))
    assert check.next.startswith("Until it does, the base model answers in its place.")
    assert check.next.endswith("footnote model route list")


def test_routes_that_cannot_be_read_leave_the_base_model(
    footnote: FakeInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is a check of its own; the models that are set are called all the same."""

    def damaged() -> None:
        raise StorageDamaged("records.db is damaged")

    monkeypatch.setattr(footnote.records.routes, "all", damaged)
    checks = looked_at(footnote)
    assert (checks["routes"].state, checks["routes"].message) == (State.FAIL, "records.db is damaged")
    assert checks["FOOTNOTE_MODEL"].state is State.OK
