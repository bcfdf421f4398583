"""Promises of the addresses of files on hosts of code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.domain.code_hosts import checked_template, file_addresses, heading_fragment, line_fragment
from pipelines.errors import BadInput


@pytest.mark.parametrize(
    ("repository", "address", "rows"),
    [
        ("https://github.com/a/b", "https://github.com/a/b/blob/c0/x%20y/z.md", "#L2-L5"),
        ("https://gitlab.acme.example/g/a/b", "https://gitlab.acme.example/g/a/b/-/blob/c0/x%20y/z.md", "#L2-5"),
        ("https://bitbucket.org/a/b", "https://bitbucket.org/a/b/src/c0/x%20y/z.md", "#lines-2:5"),
        ("https://codeberg.org/a/b", "https://codeberg.org/a/b/src/commit/c0/x%20y/z.md", "#L2-L5"),
        ("https://gitea.acme.example/a/b", "https://gitea.acme.example/a/b/src/commit/c0/x%20y/z.md", "#L2-L5"),
        ("https://dev.azure.com/a/_git/b", "https://dev.azure.com/a/_git/b?path=/x%20y/z.md&version=GCc0", "#L2-L5"),
        ("https://code.acme.example/a/b", "https://code.acme.example/a/b", "#L2-L5"),
    ],
)
def test_each_host_has_its_own_form(repository: str, address: str, rows: str) -> None:
    """The address names the commit, so that it never shows another text."""
    found = file_addresses(repository, "main", None)("x y/z.md", "c0")
    assert found == address
    assert line_fragment(found, "2-5") == rows
    assert line_fragment(found, "2") == rows.replace("-L5", "").replace("-5", "").replace(":5", "")


def test_a_heading_opens_as_its_host_names_it() -> None:
    """Bitbucket puts a word before the slug."""
    assert heading_fragment("https://github.com/a/b/blob/c0/a.md", "how-long?") == "#how-long%3F"
    assert heading_fragment("https://bitbucket.org/a/b/src/c0/a.md", "leave") == "#markdown-header-leave"


def test_a_template_is_filled_in() -> None:
    """Fields are filled once: a path that looks like a field stays a path."""
    template = checked_template("https://code.example/{branch}/{commit}/{path}")
    assert file_addresses("https://x.example", "a/b", template)("{commit}.md", "c0") == (
        "https://code.example/a/b/c0/%7Bcommit%7D.md"
    )


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert({path})",
        "https://code.example/",
        "https://{path}/",
        "https://user@code.example/{path}",
        "https://code.example/{path}/{secret}",
        "https://code.example/{path} x",
        "//code.example/{path}",
    ],
)
def test_any_other_template_is_refused(text: str) -> None:
    """A link leads to a fixed host, to the file."""
    with pytest.raises(BadInput):
        checked_template(text)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_no_path_changes_where_a_link_leads(path: str) -> None:
    """Whatever a file is called, the address stays on its host and below its commit, without query or fragment."""
    address = file_addresses("https://github.com/a/b", "main", None)(path, "c0")
    assert address.startswith("https://github.com/a/b/blob/c0/")
    assert not set(address) & set("?#\\ \n\"'<>")
