"""The documentation: what it points to is there. Whether its commands work is tested elsewhere."""

import re
from pathlib import Path

import pytest

from pipelines.settings import setting_rows


ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for folder in ("", "docs", "demo", "changelog.d")
    for page in (ROOT / folder).glob("*.md")
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#([^)\s]*))?\)")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_repository_leads_somewhere(page: str) -> None:
    """A relative link names a file or folder that exists."""
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target, _ in LINK.findall(text) if "://" not in target]
    assert [one for one in targets if not ((ROOT / page).parent / one).exists()] == []


def test_the_licence_is_apache_2() -> None:
    """The licence is the one that pyproject.toml names, in full."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_example_of_settings_sets_nothing() -> None:
    """A copy of `.env.example` changes nothing until somebody takes a mark away."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_example_of_settings_names_all_of_them() -> None:
    """`.env.example` names every setting, and none that does not exist."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE)
    assert sorted(named) == sorted(row.name for row in setting_rows())


def test_the_example_of_settings_says_what_the_code_does() -> None:
    """Above each line stand meaning, form and default as the code has them; a number is the default itself."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = re.findall(r"^# (.+)\n#([A-Z][A-Z0-9_]+)=(.*)$", text, flags=re.MULTILINE)
    said = {name: (above, value) for above, name, value in found}
    for row in setting_rows():
        unit = f" ({row.unit})" if row.unit else ""
        default = "" if row.default == "none" else f" Default: {row.default}."
        above, value = said[row.name]
        assert above == f"{row.meaning} Form: {row.form}{unit}.{default}".replace("`", "")
        if (number := row.default.strip("`")).replace(".", "").isdigit():
            assert value == number
