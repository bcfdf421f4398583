"""
What each command of the terminal does: call `bot.commands`, show the result, name the exit code.

Its operator is an admin: who may start it may read the data folder anyway.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot import answer_rule_texts, answer_rule_words, index_texts, move_texts, sync_texts, texts
from bot.base_words import BaseWords
from bot.cli import index_words, loading, move_words, pages, replay_words, words
from bot.cli.chat import hold_chat
from bot.cli.ending import end_with_input, graceful_ending
from bot.cli.exit_codes import DONE, FAILED, REFUSED
from bot.cli.options import Platform
from bot.cli.output import Listening, Result, write_json
from bot.cli.screen import screen_of
from bot.cli.shell import command
from bot.cli.text_files import text_of
from bot.commands import (
    access,
    answer_rules,
    answers,
    doctor,
    feedback,
    index,
    kb,
    move,
    replay,
    routes,
    schedule,
    sync,
    versions,
    work,
)
from bot.commands.answer_wishes import AnswerWishes
from bot.commands.chat import Chat
from bot.commands.route_wishes import RouteName
from bot.facade import Footnote
from bot.feedback_words import feedback_lines
from bot.lines import Line
from bot.route_words import RouteWords
from bot.sync_words import SyncWords
from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Outcome, Principal
from pipelines.domain.index_places import Engine, MoveProgress
from pipelines.domain.jobs import SyncProgress
from pipelines.domain.model_routes import RouteRule
from pipelines.domain.source_options import NO_OPTIONS, SourceOptions
from pipelines.errors import BadInput
from pipelines.operation.logs import log_to_stderr


ResultT = TypeVar("ResultT", bound=Result)

_INDENT = 2
_ATTENDED_NICE = 10
"""How much a job process yields to the server beside which it runs."""
_BASES, _SYNCS, _ROUTES = BaseWords(command), SyncWords(command), RouteWords(command)
_CODES = {Outcome.ANSWER: DONE, Outcome.CLARIFY: DONE, Outcome.REFUSAL: REFUSED, Outcome.ERROR: FAILED}


class Terminal:
    """One command line's worth of work. Every method returns the exit code; faults are raised."""

    def __init__(self, *, as_json: bool, installation: Callable[[], Footnote] = loading.installation) -> None:
        """
        Store how to answer and how to open the installation.

        Args:
            as_json: one JSON document instead of lines.
            installation: opens it; it is closed again.

        """
        self._as_json = as_json
        self._installation = installation

    def add(self, name: str, source: Path | str, options: SourceOptions = NO_OPTIONS) -> int:
        """Add a base."""
        return self._done(lambda it: kb.add(it, OPERATOR, name, source, options), _BASES.added)

    def upload(self, name: str, files: Sequence[Path]) -> int:
        """Hand files in to a base."""
        return self._done(lambda it: kb.upload(it, OPERATOR, name, files), _BASES.uploaded)

    def list_all(self) -> int:
        """List the bases."""
        return self._done(lambda it: kb.list_all(it, OPERATOR), _BASES.listed)

    def sync(self, name: str, *, dry_run: bool, accept_loss: bool = False, detach: bool = False) -> int:
        """Sync a base, with a bar where a person sees stderr; or leave it to the workers."""
        if detach and dry_run:
            raise BadInput(texts.detached_dry_run())
        if detach:
            return self._done(lambda it: sync.submit(it, OPERATOR, name, accept_loss=accept_loss), _SYNCS.queued)

        def action(it: Footnote) -> sync.SyncReport:
            with _progress(name) as show:
                return sync.sync(it, OPERATOR, name, dry_run=dry_run, accept_loss=accept_loss, progress=show)

        return self._done(action, _SYNCS.synced)

    def schedule(self, name: str, every: str | None) -> int:
        """Show or set at which interval a base is synced."""
        return self._done(lambda it: schedule.schedule(it, OPERATOR, name, every), _SYNCS.scheduled)

    def work(self, *, once: bool, attended: bool = False) -> int:
        """
        Work on jobs until asked to end; FAILED if one of them failed and no more were waited for.

        Args:
            once: do what waits now, and no more.
            attended: end with whoever holds the other end of standard input.

        """
        with graceful_ending() as ending:
            log_to_stderr()
            if attended:
                end_with_input()
                # Whoever asks waits for an answer; a sync does not.
                os.nice(_ATTENDED_NICE)
            worked = self._perform(
                lambda it: work.work(it, OPERATOR, once=once, wait=ending.wait, stopping=ending.asked), words.worked
            )
        return FAILED if once and worked.failed else DONE

    def feedback(self, limit: int) -> int:
        """List what people said of answers."""
        return self._done(lambda it: feedback.newest(it, OPERATOR, limit), feedback_lines)

    def serve(self, host: str, port: int) -> int:
        """Serve the chat platforms until asked to end; what is shown is where requests are taken."""

        def tell(url: str) -> None:
            if self._as_json:
                write_json(Listening(url).as_json())
            else:
                hint = [] if footnote.settings.slack else [Line(texts.no_platform())]
                screen_of(sys.stdout).show([Line(texts.listening(url)), *hint])
            sys.stdout.flush()

        log_to_stderr()
        footnote = self._installation()
        try:
            loading.serve(footnote, host, port, tell)
        finally:
            footnote.close()
        return DONE

    def status(self, name: str) -> int:
        """Show a base's state."""
        return self._done(lambda it: kb.status(it, OPERATOR, name), _BASES.status)

    def failed(self, name: str) -> int:
        """List the files that were not taken."""
        return self._done(lambda it: kb.failed(it, OPERATOR, name), _BASES.failed)

    def remove(self, name: str, *, confirmed: bool) -> int:
        """Remove a base, after a yes."""
        may_ask = sys.stdin.isatty() and not self._as_json

        def action(it: Footnote) -> kb.BaseRemoved | kb.BaseKept:
            base = kb.find(it, OPERATOR, name)
            if not confirmed and not may_ask:
                raise BadInput(texts.removal_needs_yes(base.name))
            if not confirmed and not _says_yes(texts.ask_remove(base.name)):
                return kb.BaseKept(base.name)
            return kb.remove(it, OPERATOR, name)

        result = self._perform(action, _BASES.removed)
        return REFUSED if isinstance(result, kb.BaseKept) else DONE

    def versions(self, name: str) -> int:
        """List the versions of a base."""
        return self._done(lambda it: versions.list_kept(it, OPERATOR, name), _BASES.versions)

    def promote(self, name: str, version: int) -> int:
        """Let readers see a version."""
        return self._done(lambda it: versions.promote(it, OPERATOR, name, version), _BASES.shown_now)

    def roll_back(self, name: str, to: int | None) -> int:
        """Let readers see an older version."""
        return self._done(lambda it: versions.roll_back(it, OPERATOR, name, to), _BASES.shown_now)

    def unpin(self, name: str) -> int:
        """Let the next sync promote."""
        return self._done(lambda it: versions.unpin(it, OPERATOR, name), _BASES.shown_now)

    def access(self, name: str, allow: Sequence[str], remove: Sequence[str], more: Sequence[str]) -> int:
        """Show or set readers; `more` are those that followed the one option that was given."""
        if more and bool(allow) == bool(remove):
            raise BadInput(texts.ambiguous_readers())
        wanted = [*allow, *more] if allow else allow
        unwanted = [*remove, *more] if remove else remove
        return self._done(lambda it: access.access(it, OPERATOR, name, wanted, unwanted), _BASES.readers)

    def answers(self, name: str, wishes: AnswerWishes, style_file: Path | None, glossary_file: Path | None) -> int:
        """Show or change how answers of a base are written; texts may stand in files."""
        if wishes.style is not None and style_file is not None:
            raise BadInput(answer_rule_texts.two_styles())
        style = wishes.style if style_file is None else text_of(style_file)
        glossary = None if glossary_file is None else text_of(glossary_file)
        wanted = replace(wishes, style=style, glossary=glossary)
        return self._done(lambda it: answer_rules.answer_rules(it, OPERATOR, name, wanted), answer_rule_words.told)

    def routes(self) -> int:
        """List the routes to tuned models."""
        return self._done(lambda it: routes.list_routes(it, OPERATOR), _ROUTES.listed)

    def set_route(self, name: RouteName, model: str, share: int, canary: str | None, canary_share: int) -> int:
        """Let a tuned model answer."""
        rule = RouteRule(model, share, canary, canary_share)
        return self._done(lambda it: routes.set_route(it, OPERATOR, name, rule), _ROUTES.changed)

    def share_route(self, name: RouteName, percent: int) -> int:
        """Change how many people a route's model answers."""
        return self._done(lambda it: routes.share_route(it, OPERATOR, name, percent), _ROUTES.changed)

    def switch_route_off(self, name: RouteName) -> int:
        """Let the base model answer where a route is."""
        return self._done(lambda it: routes.switch_off(it, OPERATOR, name), _ROUTES.changed)

    def roll_route_back(self, name: RouteName) -> int:
        """Let a route be as it was."""
        return self._done(lambda it: routes.roll_back(it, OPERATOR, name), _ROUTES.changed)

    def ask(self, question: str, bases: Sequence[str], limit: int, readers: Sequence[str]) -> int:
        """Answer one question."""
        who = _who_asks(readers)
        answer = self._perform(lambda it: answers.ask(it, who, question, bases=bases, limit=limit), pages.answered)
        return _CODES[answer.outcome]

    def chat(self, bases: Sequence[str], limit: int, readers: Sequence[str]) -> int:
        """Answer questions until the input ends."""
        with redirect_stdout(sys.stderr):
            footnote = self._installation()
        try:
            who = _who_asks(readers)
            known = answers.named(footnote, who, bases)
            return hold_chat(Chat(footnote, who, known, limit), as_json=self._as_json)
        finally:
            footnote.close()

    def move_index(self, engine: Engine | None, *, rebuild: bool, confirm: bool) -> int:
        """Move the index, delete what a move left, or tell where the index is."""
        if engine is None:
            if rebuild:
                raise BadInput(move_texts.rebuild_needs_target())
            action = move.confirm if confirm else move.state
            return self._done(lambda it: action(it, OPERATOR), move_words.told)
        if confirm:
            raise BadInput(move_texts.one_thing_at_a_time())

        def moved(it: Footnote) -> move.IndexMoved:
            with _move_progress(move_texts.moving(engine)) as show:
                return move.move(it, OPERATOR, engine, rebuild=rebuild, progress=show)

        return self._done(moved, move_words.told)

    def replay(self, number: int | None) -> int:
        """Ask a recorded question again, and compare."""
        return self._done(lambda it: replay.replay(it, OPERATOR, number), replay_words.told)

    def index_shown(self) -> int:
        """Tell what the index is made with."""
        return self._done(lambda it: index.show(it, OPERATOR), index_words.told)

    def index_rebuilt(self, *, back: bool) -> int:
        """Rebuild the index, or go back to what it was."""

        def rebuilt(it: Footnote) -> index.IndexRebuilt:
            with _move_progress(index_texts.rebuilding()) as show:
                return index.rebuild(it, OPERATOR, back=back, progress=show)

        return self._done(rebuilt, index_words.told)

    def index_confirmed(self) -> int:
        """Delete the generation of the index that is not in use."""
        return self._done(lambda it: index.confirm(it, OPERATOR), index_words.told)

    def manifest_slack(self, *, socket_mode: bool) -> int:
        """Print the manifest of Slack's app, which is JSON for a person too."""
        made = self._opened(lambda it: loading.slack_manifest(it.settings, socket_mode=socket_mode))
        write_json(made.as_json(), indent=None if self._as_json else _INDENT)
        return DONE

    def doctor(self, platform: Platform | None = None) -> int:
        """Look at everything, or thoroughly at a chat platform alone."""

        def look(it: Footnote) -> doctor.Examination:
            if platform is not None:
                return doctor.examine_platform(it, OPERATOR, partial(loading.slack_checks, thorough=True))
            return doctor.examine(it, OPERATOR, command, doctor.this_machine(loading.slack_checks))

        found = self._perform(look, words.examined)
        return FAILED if found.state is doctor.State.FAIL else DONE

    def _done(self, action: Callable[[Footnote], ResultT], told: Callable[[ResultT], Iterable[Line]]) -> int:
        """Perform what has one outcome only, unless it raises."""
        self._perform(action, told)
        return DONE

    def _perform(self, action: Callable[[Footnote], ResultT], told: Callable[[ResultT], Iterable[Line]]) -> ResultT:
        """Act and show the result."""
        result = self._opened(action)
        if self._as_json:
            write_json(result.as_json())
        else:
            screen_of(sys.stdout).show(told(result))
        return result

    def _opened(self, action: Callable[[Footnote], ResultT]) -> ResultT:
        """Open the installation, act, close it; what its parts print goes to stderr."""
        with redirect_stdout(sys.stderr):
            footnote = self._installation()
            try:
                return action(footnote)
            finally:
                footnote.close()


def _who_asks(readers: Sequence[str]) -> Principal:
    """Return these readers' rights or, if none are named, the operator's."""
    return principal_as(readers) if readers else OPERATOR


def _progress(name: str) -> AbstractContextManager[Callable[[SyncProgress], None]]:
    """Return what shows a sync's progress: a bar where a person sees stderr, else nothing."""
    if sys.stderr.isatty():
        return loading.sync_bar(sys.stderr, sync_texts.syncing(name))
    return nullcontext(lambda _progress: None)


@contextmanager
def _move_progress(head: str) -> Iterator[Callable[[MoveProgress], None]]:
    """Yield what shows a move's progress: a bar where a person sees stderr, else nothing."""
    if not sys.stderr.isatty():
        yield lambda _progress: None
        return
    with loading.sync_bar(sys.stderr, head) as show:
        yield lambda at: show(SyncProgress(at.done, at.total, move_texts.waiting(at.writers) if at.writers else at.kb))


def _says_yes(question: str) -> bool:
    """Ask the person at the terminal; anything but yes is no."""
    screen_of(sys.stderr).show([Line(question)])
    return sys.stdin.readline().strip().lower() in ("y", "yes")
