"""Promises of the addresses of repositories."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.sources.git_address import checked_branch, checked_subfolder, parse_git_address
from pipelines.errors import BadInput


@pytest.mark.parametrize(
    ("text", "url", "web"),
    [
        ("https://github.com/a/b.git", "https://github.com/a/b.git", "https://github.com/a/b"),
        ("git+https://git.example:8443/a/b/", "https://git.example:8443/a/b/", "https://git.example:8443/a/b"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git", "https://github.com/a/b"),
        ("ssh://git@git.example:2222/a/b.git", "ssh://git@git.example:2222/a/b.git", "https://git.example/a/b"),
        ("git+file:///srv/a.git", "file:///srv/a.git", "file:///srv/a.git"),
        ("/srv/my repo", "file:///srv/my%20repo", "file:///srv/my%20repo"),
    ],
)
def test_each_form_is_read(text: str, url: str, web: str) -> None:
    """What git is told, and where people see the repository."""
    address = parse_git_address(text)
    assert (address.url, address.web) == (url, web)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a/b",
        "https://user:secret@github.com/a.git",
        "https://token@github.com/a.git",
        "https://github.com/a.git?x=y",
        "ext::sh -c touch% /tmp/x",
        "git://github.com/a.git",
        "-oProxyCommand=touch@x:y",
        "git@-oProxyCommand=x:y",
        "ssh://-oProxyCommand=x/y",
        "ssh://git@host:99999999/x",
        "git@host:-upload-pack",
        "git@host:a'$(touch x)'",
        "git@host:a\nb",
        "git@2130706433:a",
        "file://host/a",
        "file:relative",
        "fd::17",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    """No option, command, password or odd address gets as far as git."""
    with pytest.raises(BadInput):
        parse_git_address(text)


@given(st.text(max_size=60) | st.from_regex(r"(ssh://|git@|https://|file:/)[^\n]{0,40}", fullmatch=True))
def test_no_text_becomes_an_option_or_another_protocol(text: str) -> None:
    """What is read begins with one of four protocols or a user at a host."""
    with suppress(BadInput):
        url = parse_git_address(text).url
        assert url.startswith(("https://", "http://", "ssh://", "file:///")) or (url[0] not in "-:" and "::" not in url)
        assert url.isprintable()


@given(st.text(max_size=30))
def test_no_branch_or_folder_is_an_option_or_leads_elsewhere(text: str) -> None:
    """They are handed to git as they are."""
    with suppress(BadInput):
        branch = checked_branch(text)
        assert not branch.startswith("-")
        assert ".." not in branch
    with suppress(BadInput):
        assert not {"..", "."} & set(checked_subfolder(text).split("/"))
