"""Reads `.env`: lines `NAME=value`. Does not look at the environment; that is `pipelines.settings`."""

from pathlib import Path

from dotenv.parser import parse_stream


def read_env_file(path: Path | None) -> tuple[dict[str, str], list[str]]:
    """Return names and values of a file, and what is wrong with it."""
    values: dict[str, str] = {}
    faults: list[str] = []
    try:
        if path is None or not path.is_file():
            return values, faults
        with path.open(encoding="utf-8") as lines:
            for binding in parse_stream(lines):
                if binding.key is not None and binding.value is not None and not binding.error:
                    values[binding.key] = binding.value
                elif binding.key is not None or binding.error:
                    faults.append(f"{path} line {binding.original.line}: expected NAME=value")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        faults.append(f"{path} cannot be read: {reason}")
    return values, faults
