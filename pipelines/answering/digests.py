"""One name for everything that decides something: a key in which no word of it can be read."""

import hashlib
import json
from collections.abc import Sequence


def digest_of(values: Sequence[object]) -> str:
    """Return the 64 hexadecimal digits that values of JSON, in this order, have and no others."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
