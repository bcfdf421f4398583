"""The CPU of Haystack's generator with the client `openai` below it, apart from whoever listens to the reply."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage, StreamingChunk


class ClientCosts:
    """Counts while it is told to, whichever graph makes the calls. For one thread."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count all calls of the generator meanwhile."""
        plain: Any = OpenAIChatGenerator.run

        @wraps(plain)
        def counting(
            generator: OpenAIChatGenerator,
            messages: list[ChatMessage],
            streaming_callback: Callable[[StreamingChunk], None],
            **others: Any,
        ) -> dict[str, list[ChatMessage]]:
            def heard(chunk: StreamingChunk) -> None:
                listened = time.thread_time()
                streaming_callback(chunk)
                self.seconds -= time.thread_time() - listened

            began = time.thread_time()
            try:
                made: dict[str, list[ChatMessage]] = plain(generator, messages, heard, **others)
                return made
            finally:
                self.seconds += time.thread_time() - began

        setattr(OpenAIChatGenerator, "run", counting)  # noqa: B010 - mypy knows a method as no variable
        try:
            yield
        finally:
            setattr(OpenAIChatGenerator, "run", plain)  # noqa: B010 - as above
