"""
The parser process: `python -m pipelines.adapters.parser_processes.child FORMAT LIMITS`.

Reads files as frames from standard input and answers on standard output, until
standard input ends. It imports the reader of its format and no other.
"""

import contextlib
import importlib
import json
import os
import resource
import sys
from collections.abc import Callable
from typing import IO

from pipelines.adapters.parser_processes.wire import encode_answer, largest_answer, read_frame, write_frame
from pipelines.domain.reading import ParseLimits, Read, Rejected
from pipelines.ingestion.reading.bounds import MEBIBYTE, too_hungry, too_long
from pipelines.ingestion.reading.formats import READERS


READY = b"ready"
"""The first frame: the reader is imported, files may come."""

_SPENT_SHARE = 0.5
"""Of the memory limit; above it the process is replaced, as little of it would be given back."""
_CPU_GRACE_S = 5


def main() -> int:
    """Serve files until the parent closes the pipe."""
    form, limits = sys.argv[1], ParseLimits(**json.loads(sys.argv[2]))
    answers = _take_standard_output()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, limits.parse_memory_mb * MEBIBYTE)
    module = importlib.import_module(READERS[form])
    _limit(resource.RLIMIT_FSIZE, 0)
    write_frame(answers, READY)
    while (data := read_frame(sys.stdin.buffer, most=largest_answer(limits))) is not None:
        _allow_cpu(limits)
        write_frame(answers, answer(module.read, form, data, limits))
    return 0


def answer(read: Callable[..., Read | Rejected], form: str, data: bytes, limits: ParseLimits) -> bytes:
    """Return the encoded result of one file; whatever a reader raises becomes a reason."""
    try:
        encoded = encode_answer(read(data, limits=limits), spent=_is_spent(limits))
        if len(encoded) <= largest_answer(limits):
            return encoded
        result = too_long(len(encoded), limits) or too_hungry(limits)
    except MemoryError:
        result = too_hungry(limits)
    except RecursionError:
        result = Rejected("its elements are nested too deep to be read")
    except Exception as error:  # noqa: BLE001 - the edge of one parser process: no file may end it
        result = Rejected(f"the reader of {form} files failed with {type(error).__name__}")
    return encode_answer(result, spent=True)


def _take_standard_output() -> IO[bytes]:
    """Return the pipe to the parent; what libraries print goes nowhere."""
    pipe = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return pipe


def _limit(what: int, most: int) -> None:
    """Set a limit for good, where the system has it."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _allow_cpu(limits: ParseLimits) -> None:
    """Allow the seconds of one more file: a child whose parent was killed ends even within a file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + limits.parse_seconds) + _CPU_GRACE_S
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _is_spent(limits: ParseLimits) -> bool:
    return _peak_bytes() > _SPENT_SHARE * limits.parse_memory_mb * MEBIBYTE


def _peak_bytes() -> int:
    """Return the most memory that this program has held; on Linux `ru_maxrss` starts with the parent's."""
    try:
        with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - a child imports little
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(b"VmHWM:"))
    except (FileNotFoundError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    sys.exit(main())
