"""
Every sentence of the words of `/kb` that is said on a chat platform only, one function per sentence and language.

A language is a code like `de` or `de-AT`; one that has no table is answered in English.
Not here: how the results of commands are said, which the terminal says as well.
"""

from collections.abc import Sequence

from bot.languages import table_of
from bot.line_sentences import LANGUAGES, Sentences


def _said(language: str) -> Sentences:
    return table_of(LANGUAGES, language)


# --- help -----------------------------------------------------------------------


def verb_meaning(language: str, verb: str) -> str:
    """Say what a verb does."""
    return _said(language).verbs[verb]


def argument_meaning(language: str, argument: str) -> str:
    """Say what an argument such as `NAME`, or an option such as `--to`, means."""
    return _said(language).arguments[argument]


def more_help(language: str, command: str) -> str:
    """Name the command that explains one verb."""
    return _said(language).more_help.format(command=command)


# --- what was typed -------------------------------------------------------------


def unknown_verb(language: str, help_command: str, ask_command: str) -> str:
    """Refuse a verb that is like none, and name the commands that lead on."""
    return _said(language).unknown_verb.format(help=help_command, ask=ask_command)


def close_verb(language: str, command: str) -> str:
    """Refuse a verb, and name the one that was perhaps meant."""
    return _said(language).close_verb.format(command=command)


def which_verb(language: str, commands: Sequence[str]) -> str:
    """Refuse a verb of two words whose second one is missing or unknown, and name all of them."""
    return _said(language).which_verb.format(commands=",  ".join(commands))


def missing_argument(language: str, argument: str, form: str) -> str:
    """Say which argument is missing."""
    return _said(language).missing_argument.format(argument=argument, form=form)


def too_many_words(language: str, form: str) -> str:
    """Say that there is more than a command takes."""
    return _said(language).too_many_words.format(form=form)


def unknown_option(language: str, form: str) -> str:
    """Refuse an option."""
    return _said(language).unknown_option.format(form=form)


def option_without_value(language: str, option: str, form: str) -> str:
    """Say that an option lacks its value."""
    return _said(language).option_without_value.format(option=option, form=form)


def option_with_value(language: str, option: str, form: str) -> str:
    """Say that an option takes no value."""
    return _said(language).option_with_value.format(option=option, form=form)


def none_of(language: str, name: str, choices: Sequence[str]) -> str:
    """Name what an argument or option can be."""
    return _said(language).none_of.format(name=name, choices=", ".join(choices))


def open_quotation(language: str) -> str:
    """Say that a quotation does not end."""
    return _said(language).open_quotation


def question_missing(language: str, command: str) -> str:
    """Say that nothing was asked."""
    return _said(language).question_missing.format(command=command)


def only_in_channels(language: str) -> str:
    """Say that a command means a channel, and that this is none."""
    return _said(language).only_in_channels


# --- what comes of it -----------------------------------------------------------


def readable_base(language: str, kb: str, date: str) -> str:
    """Describe a base to somebody who can read it: how fresh it is."""
    return _said(language).readable_base.format(kb=kb, date=date)


def nothing_readable(language: str) -> str:
    """Say that there is nothing to read."""
    return _said(language).nothing_readable


def removal(language: str, kb: str, command: str) -> str:
    """Say what a removal means, and name the command that does it."""
    return _said(language).removal.format(kb=kb, command=command)


def bound(language: str, kb: str, *, changed: bool) -> str:
    """Say that a channel reads a base, now or already."""
    said = _said(language)
    return (said.bound if changed else said.bound_before).format(kb=kb)


def unbound(language: str, kb: str, *, changed: bool) -> str:
    """Say that a channel is no reader of a base, any more or at all."""
    said = _said(language)
    return (said.unbound if changed else said.unbound_before).format(kb=kb)


def auto(language: str, *, on: bool) -> str:
    """Say whether questions in a channel are answered without a mention."""
    said = _said(language)
    return said.auto_on if on else said.auto_off
