"""
The words of `/kb`, free of any platform: a typed line comes in, lines go out.

The first word decides. A platform says who typed and where, shows the lines to that person
alone, asks the question of a line and follows the job of a reply.
"""

from bot import line_texts
from bot.commands.authority import require_admin
from bot.commands.line_actions import VERBS
from bot.commands.line_help import unknown
from bot.commands.line_verbs import Caller, Given, Reply, Typed, Verb, told
from bot.commands.line_words import cleaned, first_word, words_of
from bot.facade import Footnote
from bot.lines import Line
from pipelines.errors import BadInput, FootnoteError, NotAllowed, NotFound


__all__ = ["Caller", "Reply", "question_of", "run"]

_OF_THE_CALLER = (BadInput, NotAllowed, NotFound)


def run(footnote: Footnote, caller: Caller, text: str) -> Reply:
    """
    Do what a line says, and return what is answered; an error of ours becomes its sentence.

    Args:
        footnote: the installation.
        caller: who typed it, and where.
        text: what stands behind `/kb`; nothing asks for help.

    Raises:
        FootnoteError: what went wrong is not the caller's doing, and they are no admin: it may name our servers.

    """
    try:
        return _done(footnote, caller, cleaned(text))
    except _OF_THE_CALLER as fault:
        return told([Line(str(fault))])
    except FootnoteError as fault:
        if not caller.principal.admin:
            raise
        return told([Line(str(fault))])


def question_of(text: str) -> str:
    """Return the question of a line that asks one; empty for any other, which `run` answers."""
    word, rest = first_word(cleaned(text))
    return rest.strip() if word == "ask" else ""


def _done(footnote: Footnote, caller: Caller, line: str) -> Reply:
    verb, rest = _chosen(caller, line or "help")
    given = Given((rest,) if rest else ()) if verb.whole else _given(verb, rest, caller)
    return verb.act(Typed(footnote, caller, given, VERBS))


def _chosen(caller: Caller, line: str) -> tuple[Verb, str]:
    """
    Return the verb that a line begins with, and what follows it.

    Raises:
        BadInput: there is none; the sentence names the nearest one that the caller may use.
        NotAllowed: the first word belongs to admins.

    """
    word, rest = first_word(line)
    family = [one for one in VERBS if word in (one.first_word, one.also)]
    if not family:
        raise BadInput(unknown(caller, VERBS, word))
    if not any(one.open_to(caller) for one in family):
        require_admin(caller.principal)
    if family[0].name == family[0].first_word:
        return family[0], rest
    second, behind = first_word(rest)
    for one in family:
        if one.name == f"{word} {second}":
            return one, behind
    raise BadInput(line_texts.which_verb(caller.language, [caller.command(one.short_form) for one in family]))


def _given(verb: Verb, rest: str, caller: Caller) -> Given:
    try:
        words = words_of(rest)
    except ValueError as error:
        raise BadInput(line_texts.open_quotation(caller.language)) from error
    return verb.read(words, caller)
