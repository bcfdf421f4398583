"""The verbs of `/kb`: what each takes, and which command it calls. How a line becomes a verb is `bot.commands.line`."""

from collections.abc import Mapping

from bot import answer_rule_words, line_texts, texts
from bot.base_words import BaseWords
from bot.commands import access, answer_rules, channels, feedback, kb, readable, routes, schedule, sync, versions
from bot.commands.answer_wishes import AnswerWishes, OwnWords
from bot.commands.line_help import explain
from bot.commands.line_verbs import Option, Reply, Typed, Verb, told
from bot.commands.route_wishes import RouteName
from bot.feedback_words import feedback_lines
from bot.lines import Line
from bot.route_words import RouteWords
from bot.sync_words import SyncWords
from pipelines.domain.model_routes import ALL, RouteRule
from pipelines.domain.source_options import SourceOptions
from pipelines.errors import BadInput


_DAY = len("2026-03-02")
_NAME = ("NAME",)
_STATES: Mapping[str, bool] = {"on": True, "off": False}


def _bases(it: Typed) -> BaseWords:
    return BaseWords(it.caller.command)


def _syncs(it: Typed) -> SyncWords:
    return SyncWords(it.caller.command)


def _ask(it: Typed) -> Reply:
    question = it.first.strip() if it.given.arguments else ""
    if not question:
        raise BadInput(line_texts.question_missing(it.caller.language, it.caller.command("ask QUESTION")))
    return Reply(question=question)


def _list(it: Typed) -> Reply:
    if it.who.admin:
        return told(_bases(it).listed(kb.list_all(it.footnote, it.who)))
    language, bases = it.caller.language, readable.readable(it.footnote, it.who).bases
    shown = [Line(line_texts.readable_base(language, one.kb, one.as_of[:_DAY])) for one in bases]
    return told(shown or [Line(line_texts.nothing_readable(language))])


def _status(it: Typed) -> Reply:
    return told(_bases(it).status(kb.status(it.footnote, it.who, it.first)))


def _failed(it: Typed) -> Reply:
    return told(_bases(it).failed(kb.failed(it.footnote, it.who, it.first)))


def _add(it: Typed) -> Reply:
    name, source = it.given.arguments
    given = {one.name: it.given.last(one.name) or "" for one in _SOURCE if not one.many}
    options = SourceOptions(
        branch=given["--branch"],
        subfolder=given["--subfolder"],
        include=it.given.all("--include"),
        exclude=it.given.all("--exclude"),
        link_template=given["--link-template"],
        token_env=given["--token-env"],
        key_file=given["--key-file"],
    )
    return told(_bases(it).added(kb.add(it.footnote, it.who, name, source, options)))


def _sync(it: Typed) -> Reply:
    accept_loss = it.given.has("--accept-loss")
    queued = sync.submit(it.footnote, it.who, it.first, accept_loss=accept_loss)
    return told(_syncs(it).queued(queued), job=queued.job)


def _schedule(it: Typed) -> Reply:
    result = schedule.schedule(it.footnote, it.who, it.first, it.given.last("--every"))
    return told(_syncs(it).scheduled(result))


def _remove(it: Typed) -> Reply:
    if it.given.has("--yes"):
        return told(_bases(it).removed(kb.remove(it.footnote, it.who, it.first)))
    name = kb.find(it.footnote, it.who, it.first).name
    confirmed = it.caller.command("kb remove", name, "--yes")
    return told([Line(line_texts.removal(it.caller.language, name, confirmed))])


def _versions(it: Typed) -> Reply:
    result = versions.list_kept(it.footnote, it.who, it.first)
    return told(_bases(it).versions(result), columns=True)


def _promote(it: Typed) -> Reply:
    name, version = it.given.arguments
    result = versions.promote(it.footnote, it.who, name, _number(version))
    return told(_bases(it).shown_now(result))


def _roll_back(it: Typed) -> Reply:
    to = it.given.last("--to")
    goal = None if to is None else _number(to)
    result = versions.roll_back(it.footnote, it.who, it.first, goal)
    return told(_bases(it).shown_now(result))


def _unpin(it: Typed) -> Reply:
    return told(_bases(it).shown_now(versions.unpin(it.footnote, it.who, it.first)))


def _access(it: Typed) -> Reply:
    allow, remove = it.given.all("--allow"), it.given.all("--remove")
    result = access.access(it.footnote, it.who, it.first, allow, remove)
    return told(_bases(it).readers(result))


def _answers(it: Typed) -> Reply:
    wishes = AnswerWishes(
        style=it.given.last("--style"),
        own_words=_own_words(it),
        tokens_per_day=it.given.last("--tokens-per-day"),
        money_per_day=it.given.last("--money-per-day"),
    )
    result = answer_rules.answer_rules(it.footnote, it.who, it.first, wishes)
    return told(answer_rule_words.told(result))


def _own_words(it: Typed) -> OwnWords | None:
    typed = it.given.last("--own-words")
    if typed is None:
        return None
    try:
        return OwnWords(typed.lower())
    except ValueError as error:
        raise BadInput(line_texts.none_of(it.caller.language, "--own-words", tuple(OwnWords))) from error


def _bind(it: Typed) -> Reply:
    result = channels.bind(it.footnote, it.who, it.first, _channel(it))
    said = line_texts.bound(it.caller.language, result.readers.kb, changed=result.changed)
    return told([Line(said), *_bases(it).readers(result.readers)])


def _unbind(it: Typed) -> Reply:
    result = channels.unbind(it.footnote, it.who, it.first, _channel(it))
    said = line_texts.unbound(it.caller.language, result.readers.kb, changed=result.changed)
    return told([Line(said), *_bases(it).readers(result.readers)])


def _auto(it: Typed) -> Reply:
    language, typed = it.caller.language, it.first.lower() if it.given.arguments else None
    if typed is not None and typed not in _STATES:
        raise BadInput(line_texts.none_of(language, "auto", tuple(_STATES)))
    wished = None if typed is None else _STATES[typed]
    result = channels.auto_answer(it.footnote, it.who, _channel(it), on=wished)
    return told([Line(line_texts.auto(language, on=result.auto))])


def _channel(it: Typed) -> str:
    """Return the channel in which it was typed."""
    if not it.caller.channel:
        raise BadInput(line_texts.only_in_channels(it.caller.language))
    return it.caller.channel


def _routes(it: Typed) -> Reply:
    return told(RouteWords(it.caller.command).listed(routes.list_routes(it.footnote, it.who)))


def _set_route(it: Typed) -> Reply:
    share, canary_share = it.given.last("--share"), it.given.last("--canary-share")
    rule = RouteRule(
        it.first,
        ALL if share is None else _number(share),
        it.given.last("--canary"),
        0 if canary_share is None else _number(canary_share),
    )
    return _changed(it, routes.set_route(it.footnote, it.who, _route(it), rule))


def _share_route(it: Typed) -> Reply:
    return _changed(it, routes.share_route(it.footnote, it.who, _route(it), _number(it.first)))


def _switch_route_off(it: Typed) -> Reply:
    return _changed(it, routes.switch_off(it.footnote, it.who, _route(it)))


def _roll_route_back(it: Typed) -> Reply:
    return _changed(it, routes.roll_back(it.footnote, it.who, _route(it)))


def _route(it: Typed) -> RouteName:
    return RouteName(it.given.last("--kb"), it.given.last("--for"))


def _changed(it: Typed, result: routes.RouteChanged) -> Reply:
    return told(RouteWords(it.caller.command).changed(result))


def _number(typed: str) -> int:
    try:
        return int(typed)
    except ValueError as error:
        raise BadInput(texts.no_whole_number(typed)) from error


_SOURCE = (
    Option("--branch", "NAME"),
    Option("--subfolder", "PATH"),
    Option("--include", "PATTERN", many=True),
    Option("--exclude", "PATTERN", many=True),
    Option("--link-template", "URL"),
    Option("--token-env", "NAME"),
    Option("--key-file", "FILE"),
)
_READERS = (Option("--allow", "READER", many=True), Option("--remove", "READER", many=True))
_WISHES = (
    Option("--style", "TEXT"),
    Option("--own-words", "|".join(OwnWords)),
    Option("--tokens-per-day", "N"),
    Option("--money-per-day", "X"),
)
_ROUTE = (Option("--kb", "NAME"), Option("--for", "WHO"))
_RULE = (Option("--share", "N"), Option("--canary", "MODEL"), Option("--canary-share", "N"))


def _feedback(it: Typed) -> Reply:
    return told(list(feedback_lines(feedback.newest(it.footnote, it.who))))


VERBS = (
    Verb("help", explain, ("[VERB]",), admins=False, whole=True),
    Verb("ask", _ask, ("QUESTION",), admins=False, whole=True),
    Verb("list", _list, admins=False, also="bases"),
    Verb("status", _status, _NAME),
    Verb("failed", _failed, _NAME),
    Verb("add", _add, ("NAME", "SOURCE"), _SOURCE),
    Verb("sync", _sync, _NAME, (Option("--accept-loss"),)),
    Verb("schedule", _schedule, _NAME, (Option("--every", "INTERVAL"),)),
    Verb("remove", _remove, _NAME, (Option("--yes"),)),
    Verb("versions", _versions, _NAME),
    Verb("promote", _promote, ("NAME", "V")),
    Verb("rollback", _roll_back, _NAME, (Option("--to", "V"),)),
    Verb("unpin", _unpin, _NAME),
    Verb("access", _access, _NAME, _READERS),
    Verb("answers", _answers, _NAME, _WISHES),
    Verb("bind", _bind, _NAME),
    Verb("unbind", _unbind, _NAME),
    Verb("auto", _auto, ("[on|off]",)),
    Verb("feedback", _feedback),
    Verb("route list", _routes),
    Verb("route set", _set_route, ("MODEL",), (*_ROUTE, *_RULE)),
    Verb("route share", _share_route, ("N",), _ROUTE),
    Verb("route off", _switch_route_off, (), _ROUTE),
    Verb("route rollback", _roll_route_back, (), _ROUTE),
)
"""In the order in which they are listed."""
