"""The chat model's contract, run against the fake, and the real adapter on a server that plays a model."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from pipelines.adapters.breaker import Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.ports.model import ChatModel
from tests.contracts.chat_model import ChatModelContract, Scripted, patience_s
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.scripted_model import ScriptedModel


class TestScriptedModel(ChatModelContract):
    """The fake keeps the promises that the tests rely on."""

    @pytest.fixture
    def scripted(self) -> Scripted:
        """Return what makes a fake."""
        return lambda *script: ScriptedModel(*script, stall_s=patience_s(script))


class TestGuardedModel(ChatModelContract):
    """A breaker that is closed changes nothing."""

    @pytest.fixture
    def scripted(self) -> Scripted:
        """Return what makes a fake behind a breaker."""

        def make(*script: Behaviour) -> ChatModel:
            return GuardedModel(ScriptedModel(*script, stall_s=patience_s(script)), Breaker(lambda: 0.0))

        return make


class TestOpenAIModel(ChatModelContract):
    """The real adapter keeps them over real HTTP."""

    @pytest.fixture
    def scripted(self) -> Iterator[Scripted]:
        """Return what makes a model of a server on loopback."""
        with ExitStack() as stack:

            def make(*script: Behaviour) -> ChatModel:
                server = stack.enter_context(ModelServer()).script(*script)
                model = OpenAIModel(OpenAIServer(server.url, MODEL, KEY, stall_s=patience_s(script)))
                stack.enter_context(closing(model))
                return model

            yield make
