"""One setting as a person reads of it, from what its field's annotation says. Not which settings there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from pipelines.setting_forms import Form


@dataclass(frozen=True, slots=True)
class SettingRow:
    """
    One setting as a person reads of it.

    Attributes:
        name: as it stands in the environment.
        field: the attribute of Settings or, if it belongs to a group, of that.
        group: the group's attribute of Settings; empty if it belongs to none.
        form: what a value must look like.
        unit: its unit, or empty.
        default: its default in words.
        meaning: one sentence.
        secret: its value is never shown.

    """

    name: str
    field: str
    group: str
    form: str
    unit: str
    default: str
    meaning: str
    secret: bool


def row_of(field: str, info: FieldInfo, prefix: str, group: str = "") -> SettingRow:
    """Return what a field's annotation says; without a name of its own the setting's is prefix and field."""
    form = next((one for one in info.metadata if isinstance(one, Form)), Form())
    alias = info.validation_alias
    return SettingRow(
        name=alias if isinstance(alias, str) else prefix + field.upper(),
        field=field,
        group=group,
        form=form.words or _form_of_type(info),
        unit=form.unit,
        default=form.default or f"`{shown(info.default)}`",
        meaning=info.description or "",
        secret=form.secret,
    )


def group_of(info: FieldInfo) -> Mapping[str, FieldInfo] | None:
    """Return the fields of a group of settings; None for a single one."""
    kind = info.annotation
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def shown(value: object) -> str:
    """Return what may be shown of a value: of a secret, that it is set."""
    if isinstance(value, SecretStr):
        return "set"
    return str(int(value)) if isinstance(value, bool) else str(value)


def _form_of_type(info: FieldInfo) -> str:
    """Return the form of a choice or of a whole number with its range."""
    if get_origin(info.annotation) is Literal:
        *others, last = get_args(info.annotation)
        return f"{', '.join(others)} or {last}" if others else str(last)
    low = next(one.ge for one in info.metadata if hasattr(one, "ge"))
    high = next(one.le for one in info.metadata if hasattr(one, "le"))
    return f"a whole number from {low} to {high}"
