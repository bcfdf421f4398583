"""A parser child that does what its file says: hangs, dies, answers nonsense. Rehearses what no honest file does."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import IO

from pipelines.adapters.parser_processes.wire import encode_answer, read_frame, write_frame
from pipelines.domain.reading import Block, BlockKind, Read


_MOST = 1 << 20


def main() -> None:
    """Serve files; each holds an order and, after a blank, what the order needs."""
    answers = sys.stdout.buffer
    write_frame(answers, b"ready")
    while (data := read_frame(sys.stdin.buffer, most=_MOST)) is not None:
        order, _, rest = data.decode().partition(" ")
        _obey(order, rest, answers)


def _obey(order: str, rest: str, answers: IO[bytes]) -> None:
    if order == "say":
        write_frame(answers, encode_answer(Read(rest, (Block(BlockKind.PARAGRAPH, 0, len(rest)),)), spent=False))
    elif order == "hang":
        Path(rest).write_text(str(os.getpid()), encoding="ascii")
        time.sleep(3600)
    elif order == "die":
        os.kill(os.getpid(), signal.Signals[rest])
    elif order == "die-once":
        _die_once(Path(rest), answers)
    elif order == "exit":
        sys.exit(int(rest))
    elif order == "frame":
        write_frame(answers, rest.encode())
    elif order == "bytes":
        answers.write(bytes.fromhex(rest))
        answers.flush()
    elif order == "close":
        os.close(sys.stdout.fileno())
        time.sleep(3600)


def _die_once(mark: Path, answers: IO[bytes]) -> None:
    """Die at the first time, answer at the second."""
    if mark.exists():
        _obey("say", "Read again.", answers)
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
