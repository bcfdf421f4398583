"""Commands that are printed can be copied into a shell."""

import shlex

from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from bot.cli.app import app
from bot.cli.shell import command


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=64)


def test_names_are_quoted_where_they_need_it() -> None:
    """A plain name stays plain; blanks and quotes are quoted; a name like an option stands behind `--`."""
    assert command("kb sync", "handbook") == "footnote kb sync handbook"
    assert command("kb access", "r&d", "--allow", "everyone") == "footnote kb access 'r&d' --allow everyone"
    assert command("kb sync", "it's") == """footnote kb sync 'it'"'"'s'"""
    assert command("kb access", "--json", "--allow", "everyone") == "footnote kb access --allow everyone -- --json"
    assert command("doctor") == "footnote doctor"


@given(NAMES)
def test_a_shell_and_our_own_command_line_read_the_name_that_was_meant(name: str) -> None:
    """Split by the shell and parsed by us, a printed command names exactly the base."""
    words = shlex.split(command("kb access", name, "--allow", "everyone"))
    group = get_command(app)
    context = group.make_context("footnote", words[1:], resilient_parsing=False)
    kb_group = group.commands["kb"]  # type: ignore[attr-defined]
    access = kb_group.commands["access"].make_context("access", words[3:], parent=context)
    assert (access.params["name"], access.params["allow"]) == (name, ["everyone"])
