"""
The edge of the terminal: one exit code and, at worst, one sentence. No traceback gets past it.

It knows no command; `bot.cli.app` does.
"""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Literal, TextIO

from typer import Abort, TyperException

from bot import texts
from bot.cli import loading
from bot.cli.app import invoke
from bot.cli.exit_codes import BROKEN_PIPE, FAILED, INTERRUPTED, USAGE
from bot.cli.faults import Fault, fault_of, interrupted_fault, system_fault, unexpected_fault, usage_fault
from bot.cli.output import write_json
from bot.cli.screen import screen_of
from bot.lines import Line, Look
from pipelines.domain.characters import has_surrogates
from pipelines.errors import BadInput, BadSettings, FootnoteError


def run(words: Sequence[str], invoke: Callable[[Sequence[str]], int] = invoke) -> int:
    """
    Run one command line and return the exit code.

    Args:
        words: the command line without the command's own name.
        invoke: runs it and returns its exit code.

    """
    _prepare_streams()
    try:
        code = _guarded(words, invoke)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Who reads our output went away (typer turns that into SystemExit): nothing is left to say.
        _forget_stdout()
        return BROKEN_PIPE
    return code


def _guarded(words: Sequence[str], invoke: Callable[[Sequence[str]], int]) -> int:
    """Run a command and tell its fault, if any."""
    try:
        _require_text(words)
        code = invoke(words)
    except TyperException as error:
        fault = _misread(error)
    except FootnoteError as error:
        fault = fault_of(error)
    except (KeyboardInterrupt, Abort):
        fault = interrupted_fault()
    except BrokenPipeError:
        raise
    except OSError as error:
        _trace()
        fault = system_fault(error)
    except Exception as error:  # noqa: BLE001 - the edge: a person at a terminal gets a sentence, whatever happened
        _trace()
        fault = unexpected_fault(error)
    else:
        if code != INTERRUPTED:
            return code
        fault = interrupted_fault()
    _tell(fault, as_json=_wants_json(words))
    return fault.code


def _tell(fault: Fault, *, as_json: bool) -> None:
    """Write a fault to where its reader looks."""
    if as_json:
        write_json(fault.as_json())
        return
    message = texts.error_line(fault.message) if fault.code in (USAGE, FAILED) else fault.message
    shown = [Line(one, look=Look.BAD) for one in message.split("\n")]
    if fault.hint:
        shown.append(Line(fault.hint))
    screen_of(sys.stderr).show(shown)


def _misread(error: TyperException) -> Fault:
    """Return how a command line that cannot be read is told."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "footnote"
    return usage_fault(error.format_message(), command)


def _require_text(words: Sequence[str]) -> None:
    """Refuse arguments whose bytes are no text: no name, question or folder of ours could hold them."""
    for word in words:
        if has_surrogates(word):
            raise BadInput(texts.no_text(ascii(word)))


def _wants_json(words: Sequence[str]) -> bool:
    """Tell whether `--json` stands among the options."""
    options = list(words)
    return "--json" in (options[: options.index("--")] if "--" in options else options)


def _trace() -> None:
    """Show where the present error came from, if the settings ask for it."""
    with suppress(BadSettings, OSError):
        if loading.settings().debug:
            traceback.print_exc()


def _prepare_streams() -> None:
    """Let no character that a stream cannot carry, in or out, and no stream that is closed become an error."""
    # Python leaves None where the process was started with the stream closed.
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _nothing(mode: Literal["r", "w"]) -> TextIO:
    """Open a stream that holds nothing and forgets everything, for as long as the process lives."""
    return Path(os.devnull).open(mode, encoding="utf-8")


def _forget_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own flush at exit succeeds."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
