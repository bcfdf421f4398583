"""Texts, buttons, menus and inputs as Slack documents them: what may stand inside a block."""

from collections.abc import Mapping

from tests.fakes.slack_shapes import (
    Shape,
    anything,
    boolean,
    both,
    exactly_one,
    listing,
    number,
    of_type,
    one_of,
    record,
    string,
    typed,
    url,
)


def plain(most: int = 3000) -> Shape:
    """Want a plain_text object."""
    return of_type("plain_text", {"text": string(1, most)}, {"emoji": boolean})


def mrkdwn(most: int = 3000) -> Shape:
    """Want a mrkdwn object."""
    return of_type("mrkdwn", {"text": string(1, most)}, {"verbatim": boolean})


def any_text(most: int = 3000) -> Shape:
    """Want a text object of either kind."""
    return typed({"plain_text": plain(most), "mrkdwn": mrkdwn(most)})


_ID = string(1, 255)
_STYLE = one_of("primary", "danger")
_CONFIRM = record(
    {"title": plain(100), "text": any_text(300), "confirm": plain(30), "deny": plain(30)}, {"style": _STYLE}
)
_OPTION = record({"text": any_text(75), "value": string(1, 150)}, {"description": any_text(75), "url": url(3000)})
_OPTION_GROUP = record({"label": plain(75), "options": listing(_OPTION, 1, 100)})
_ACTIONABLE: dict[str, Shape] = {"action_id": _ID}
_CONFIRMED: dict[str, Shape] = {**_ACTIONABLE, "confirm": _CONFIRM}
_FOCUSED: dict[str, Shape] = {**_ACTIONABLE, "focus_on_load": boolean}
_PLACED: dict[str, Shape] = {**_FOCUSED, "placeholder": plain(150)}
_INPUT: dict[str, Shape] = {
    **_PLACED,
    "dispatch_action_config": record({}, {"trigger_actions_on": listing(string(1), 1, 2)}),
}
_FEEDBACK = record({"text": plain(75), "value": string(1, 2000)}, {"accessibility_label": string(1, 75)})

IMAGE = both(
    of_type(
        "image",
        {"alt_text": string(1, 2000)},
        {"image_url": url(3000), "slack_file": record({}, {"id": string(1), "url": url()})},
    ),
    exactly_one("image_url", "slack_file"),
)
BUTTON = of_type(
    "button",
    {"text": plain(75)},
    {
        **_CONFIRMED,
        "value": string(0, 2000),
        "url": url(3000),
        "style": _STYLE,
        "accessibility_label": string(1, 75),
        "agent_prompt": string(1, 4000),
    },
)
FEEDBACK_BUTTONS = of_type(
    "feedback_buttons", {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, _ACTIONABLE
)
ICON_BUTTON = of_type(
    "icon_button",
    {"icon": one_of("trash"), "text": plain(75)},
    {
        **_CONFIRMED,
        "value": string(0, 2000),
        "accessibility_label": string(1, 75),
        "visible_to_user_ids": listing(string(1), 1, 10),
    },
)
URL_SOURCE = of_type("url", {"url": url(), "text": string(1)})


def _choice(name: str, most: int = 10) -> Shape:
    return of_type(
        name,
        {"options": listing(_OPTION, 1, most)},
        {**_FOCUSED, "confirm": _CONFIRM, "initial_option": _OPTION, "initial_options": listing(_OPTION, 1, most)},
    )


def _menu(name: str, more: Mapping[str, Shape]) -> Shape:
    several = {"max_selected_items": number(1)} if name.startswith("multi_") else {"response_url_enabled": boolean}
    return of_type(name, {}, {**_PLACED, "confirm": _CONFIRM, **several, **more})


def _menus() -> dict[str, Shape]:
    made: dict[str, Shape] = {}
    for many in ("", "multi_"):
        initial = "initial_options" if many else "initial_option"
        chosen = listing(_OPTION, 1, 100) if many else _OPTION
        static: dict[str, Shape] = {
            "options": listing(_OPTION, 1, 100),
            "option_groups": listing(_OPTION_GROUP, 1, 100),
            initial: chosen,
        }
        name = f"{many}static_select"
        made[name] = both(_menu(name, static), exactly_one("options", "option_groups"))
        made[f"{many}external_select"] = _menu(
            f"{many}external_select", {initial: chosen, "min_query_length": number(0)}
        )
        for what in ("users", "channels", "conversations"):
            one, several = what.removesuffix("s"), what
            more: dict[str, Shape] = {f"initial_{one}": string(1), f"initial_{several}": listing(string(1), 1)}
            if what == "conversations":
                more |= {"default_to_current_conversation": boolean, "filter": anything}
            made[f"{many}{what}_select"] = _menu(f"{many}{what}_select", more)
    return made


MENUS: Mapping[str, Shape] = _menus()
_PICKERS: Mapping[str, Shape] = {
    "checkboxes": _choice("checkboxes"),
    "radio_buttons": _choice("radio_buttons"),
    "datepicker": of_type("datepicker", {}, {**_PLACED, "confirm": _CONFIRM, "initial_date": string(10, 10)}),
    "datetimepicker": of_type("datetimepicker", {}, {**_FOCUSED, "confirm": _CONFIRM, "initial_date_time": number()}),
    "timepicker": of_type(
        "timepicker", {}, {**_PLACED, "confirm": _CONFIRM, "initial_time": string(5, 5), "timezone": string(1)}
    ),
}
_OVERFLOW = of_type("overflow", {"options": listing(_OPTION, 1, 5)}, _CONFIRMED)
_WORKFLOW_BUTTON = of_type(
    "workflow_button", {"text": plain(75), "workflow": anything}, {**_CONFIRMED, "style": _STYLE}
)
_LENGTHS: dict[str, Shape] = {"min_length": number(0, 3000), "max_length": number(1, 3000)}
_PLAIN_INPUT = of_type("plain_text_input", {}, {**_INPUT, **_LENGTHS, "initial_value": string(), "multiline": boolean})
_NUMBERS: dict[str, Shape] = {"initial_value": string(), "min_value": string(), "max_value": string()}

IN_ACTIONS: Mapping[str, Shape] = {
    "button": BUTTON,
    "overflow": _OVERFLOW,
    "workflow_button": _WORKFLOW_BUTTON,
    **_PICKERS,
    **MENUS,
}
IN_SECTION: Mapping[str, Shape] = {**IN_ACTIONS, "image": IMAGE}
IN_INPUT: Mapping[str, Shape] = {
    "plain_text_input": _PLAIN_INPUT,
    "email_text_input": of_type("email_text_input", {}, {**_INPUT, "initial_value": string()}),
    "url_text_input": of_type("url_text_input", {}, {**_INPUT, "initial_value": string()}),
    "number_input": of_type("number_input", {"is_decimal_allowed": boolean}, {**_INPUT, **_NUMBERS}),
    "rich_text_input": of_type("rich_text_input", {}, {**_INPUT, "initial_value": anything}),
    "file_input": of_type(
        "file_input", {}, {**_ACTIONABLE, "filetypes": listing(string(1), 1), "max_files": number(1, 10)}
    ),
    **_PICKERS,
    **MENUS,
}
