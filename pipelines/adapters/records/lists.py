"""Lists as one parameter: a statement whose text does not change with their length is prepared once."""

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa


def listed(name: str) -> sa.Select[Any]:
    """Return the selection of the values of the parameter `name`, whose value is made by `as_list`."""
    return sa.select(sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value").c.value)


def as_list(values: Iterable[str]) -> str:
    """Return the value of a parameter of `listed`."""
    return json.dumps(list(values))
