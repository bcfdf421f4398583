"""What the words of `/kb` are: listed, explained, and the nearest one named. Tells nobody of what they may not use."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from bot import line_texts
from bot.commands.authority import require_admin
from bot.commands.line_verbs import Caller, Reply, Typed, Verb, told
from bot.lines import Line


def explain(it: Typed) -> Reply:
    """
    List what the caller may use or, of one verb or of those that begin with a word, tell all.

    Raises:
        NotAllowed: only admins may use that.

    """
    named = " ".join(" ".join(it.given.arguments).lower().split())
    family = [one for one in it.verbs if named in ("", one.name, one.first_word, one.also)]
    if not family:
        return told([Line(unknown(it.caller, it.verbs, named))])
    usable = [one for one in family if one.open_to(it.caller)]
    if not usable:
        require_admin(it.caller.principal)
    lines = _explained(usable[0], it.caller) if named and len(usable) == 1 else _listed(usable, it.caller)
    return told(lines, columns=True)


def unknown(caller: Caller, verbs: Sequence[Verb], typed: str) -> str:
    """Return what is said to a word that is no verb: the nearest one that the caller may use, or where all are."""
    usable = [one for one in verbs if one.open_to(caller)]
    known = {one.first_word: f"help {one.first_word}" for one in usable}
    known |= {name: one.short_form for one in usable for name in (one.name, one.also) if name}
    close = get_close_matches(typed, known, n=1)
    if close:
        return line_texts.close_verb(caller.language, caller.command(known[close[0]]))
    return line_texts.unknown_verb(caller.language, caller.command("help"), caller.command("ask QUESTION"))


def _listed(verbs: Sequence[Verb], caller: Caller) -> Iterator[Line]:
    forms = [caller.command(one.short_form) for one in verbs]
    yield from _columns(forms, [line_texts.verb_meaning(caller.language, one.name) for one in verbs])
    yield Line(line_texts.more_help(caller.language, caller.command("help VERB")))


def _explained(verb: Verb, caller: Caller) -> Iterator[Line]:
    """Yield the form of a verb, what it does, and what stands behind it."""
    yield Line(caller.command(verb.form))
    yield Line(line_texts.verb_meaning(caller.language, verb.name))
    arguments = [one.strip("[]") for one in verb.arguments]
    named = [*arguments, *(one.name for one in verb.options)]
    forms = [*arguments, *(one.form for one in verb.options)]
    yield from _columns(forms, [line_texts.argument_meaning(caller.language, one) for one in named], indent=2)


def _columns(first: Sequence[str], second: Sequence[str], indent: int = 0) -> Iterator[Line]:
    width = max(map(len, first), default=0)
    return (Line(f"{one:<{width}}  {other}", indent) for one, other in zip(first, second, strict=True))
