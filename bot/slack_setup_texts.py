"""What Slack shows of the app before anybody has written to it, one function per sentence; and how it is set up."""


def app_name() -> str:
    """Name the app; Slack takes 35 characters."""
    return "Footnote"


def app_description() -> str:
    """Say in a line what it is for; Slack takes 140 characters."""
    return "Answers from your knowledge bases, with a citation for every sentence"


def app_long_description() -> str:
    """Say what a person should know before installing it; Slack wants 175 characters or more."""
    return (
        "Footnote answers questions from your organisation's own documents. Every sentence of an answer carries a "
        "numbered citation that opens the passage it comes from, and an answer holds only what its readers may read. "
        "Answers may be written by a language model and can be wrong: open the sources before you rely on them."
    )


def agent_description() -> str:
    """Say what to ask it; Slack takes 300 characters."""
    return "Ask about policies, products and how-tos. Every sentence of an answer cites its source."


def command_description() -> str:
    """Say what the slash command does."""
    return "Ask the knowledge bases, or manage them"


def command_hint() -> str:
    """Show what may stand behind the slash command."""
    return "ask QUESTION | list | status NAME | sync NAME | help"


def answer_with_sources() -> str:
    """Name the shortcut of a message; Slack takes 24 characters."""
    return "Answer with sources"


def answer_with_sources_description() -> str:
    """Say what that shortcut does."""
    return "Answer this message from the knowledge bases"


def ask() -> str:
    """Name the shortcut that is there everywhere."""
    return "Ask"


def ask_description() -> str:
    """Say what that shortcut does."""
    return "Ask the knowledge bases; only you see the answer"


def no_way_to_us() -> str:
    """Say what a manifest lacks."""
    return (
        "Slack has to find this server: set FOOTNOTE_PUBLIC_URL to the https address under which it is reached from "
        "outside. Or let this server find Slack (Socket Mode), which needs no address:  "
        "footnote manifest slack --socket-mode"
    )
