"""Commands as they can be copied into a shell."""

from shlex import quote


def command(verb: str, name: str = "", *options: str) -> str:
    """
    Return a command of ours, its name and options quoted for a POSIX shell.

    Args:
        verb: words of ours, as "kb sync".
        name: of a knowledge base; empty for none. One that looks like an option comes
            last, behind `--`.
        options: as "--allow", "everyone".

    """
    words = ["--", name] if name.startswith("-") else [name] if name else []
    ordered = [*options, *words] if name.startswith("-") else [*words, *options]
    return " ".join(["footnote", verb, *(quote(word) for word in ordered)])
