"""Every sentence about routes to tuned models, one function per sentence."""


def route_for(kb: str | None, whom: str | None) -> str:
    """Name what a route is for."""
    parts = [kb or "all knowledge bases"]
    parts += [f"for {whom}"] if whom else []
    return " ".join(parts)


def answered_by(model: str, share: int) -> str:
    """Say which model answers, and whom."""
    return f"{model} answers {'everybody' if share == _ALL else f'{share} % of the people'}"


def on_trial(model: str, share: int) -> str:
    """Say which model is on trial, and with whom."""
    return f"on trial: {model}, for {share} %"


def switched_off(model: str) -> str:
    """Say that a route is off."""
    return f"off: the base model answers, not {model}"


def no_route_any_more() -> str:
    """Say that a route was rolled back to none."""
    return "no route"


def rolls_back_to(state: str) -> str:
    """Say what a roll-back would bring."""
    return f"Before its last change: {state}."


def route_line(route: str, state: str) -> str:
    """Say how a route is."""
    return f"{route}: {state}."


def no_routes(command: str) -> str:
    """Say that there are none, and how to set one."""
    return f"No tuned model answers; set a route:  {command}"


def the_others(base_model: str) -> str:
    """Say who answers where no route does."""
    return f"Everything else is answered by {base_model}."


def no_base_model() -> str:
    """Say that all this has no effect yet."""
    return "No language model writes answers here (FOOTNOTE_MODEL); routes count once one does."


def no_such_route() -> str:
    """Refuse to change a route that is not there."""
    return "there is no such route: `route list` names all, `route set` makes one"


_ALL = 100
