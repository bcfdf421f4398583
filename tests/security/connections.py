"""What sees a connection: a listening trap, the interpreter's own audit, a resolver that keeps a record."""

import socket
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress


_SEEN: list[list[object]] = []


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        for seen in _SEEN:
            seen.append(arguments[1])


sys.addaudithook(_audit)


@contextmanager
def connections() -> Iterator[list[object]]:
    """Record the address of every connection that this process begins."""
    seen: list[object] = []
    _SEEN.append(seen)
    try:
        yield seen
    finally:
        _SEEN.remove(seen)


@contextmanager
def trap() -> Iterator[tuple[int, list[object]]]:
    """Listen on all addresses of this machine; yield the port and who came."""
    came: list[object] = []
    with socket.create_server(("", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    visitor, address = server.accept()
                    came.append(address)
                    visitor.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


class RecordingResolver:
    """Knows the names it was given, and which were asked for; each look-up takes the next answer."""

    def __init__(self, known: Mapping[str, Sequence[Sequence[str]]]) -> None:
        """Take name -> answers, the last of which is given again and again."""
        self._known = {name: list(answers) for name, answers in known.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        """Return the next addresses of a name."""
        self.asked.append(host)
        answers = self._known.get(host)
        if not answers:
            raise OSError("not known")
        return answers.pop(0) if len(answers) > 1 else answers[0]
