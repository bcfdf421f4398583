"""What one real call of a model tells, over real HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.openai_models.probing import size_told
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.model_probe import ModelProbe
from pipelines.errors import BadSettings
from pipelines.model_wiring import probe_model
from pipelines.ports.model import ModelAway, ModelTooSlow
from pipelines.settings import Settings
from tests.fakes.closing_server import ClosingServer
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import CONTEXT, KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive, fixed


def probed(server: ModelServer | ClosingServer, name: str = MODEL) -> ModelProbe:
    """Return what a call of a model shows."""
    environ = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": KEY, "FOOTNOTE_MODEL": name, "FOOTNOTE_DATA_DIR": "d"}
    return probe_model(Settings.load(environ, None), name, SystemClock())


def test_a_sound_model_is_told_with_its_figures() -> None:
    """One chat, of the prompt that answers have: time to the first words and the last, pieces, context, its mark."""
    with ModelServer(default=Behaviour(write=extractive, pause_s=0.02)) as server:
        found = probed(server)
    assert (found.model, found.cites, found.context_tokens) == (MODEL, True, CONTEXT)
    assert found.pieces > 1
    assert 0 < found.first_s < found.whole_s
    assert len(server.chats) == 1


def test_a_reply_in_one_piece_without_a_mark_is_told() -> None:
    """A server that does not stream, and a model that does not cite, are seen."""
    with ModelServer(default=Behaviour(write=fixed("One."), piece_chars=100)) as server:
        found = probed(server)
    assert (found.pieces, found.cites) == (1, False)


def test_a_server_that_closes_behind_its_reply_still_tells_its_context() -> None:
    """The list of models is asked for once more where the connection of the call before was closed meanwhile."""
    with ClosingServer() as server:
        assert probed(server).context_tokens == CONTEXT
    assert server.dropped == 1


def test_a_list_without_the_model_tells_no_context() -> None:
    """What is not told is None, and no fault: the model has answered."""
    assert size_told({}) is None


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ({"max_model_len": 8192}, 8192),
        ({"context_length": 131_072}, 131_072),
        ({"meta": {"n_ctx_train": 4096}}, 4096),
        ({"meta": {"n_ctx": 2048, "n_ctx_train": 4096}}, 2048),
        ({"max_model_len": "8192"}, None),
        ({"max_model_len": True}, None),
        ({"max_model_len": 0, "context_window": 16_384}, 16_384),
        ({"max_model_len": 10**12}, None),
        ({"meta": [1]}, None),
    ],
)
def test_sizes_of_a_context_are_read_where_servers_tell_them(told: dict[str, object], size: int | None) -> None:
    """Each kind of server has its own name for it; what cannot be one is none."""
    assert size_told(told) == size


@given(
    st.dictionaries(st.sampled_from(["max_model_len", "meta", "n_ctx", "other"]), st.integers() | st.text() | st.none())
)
def test_whatever_a_server_tells_is_a_size_or_nothing(told: dict[str, object]) -> None:
    """No answer of a server is a fault of the doctor."""
    size = size_told(told)
    assert size is None or 128 <= size <= 100_000_000


def test_a_wrong_key_and_a_model_that_is_away_are_faults() -> None:
    """As for an answer: the setting is named, and nothing is repeated."""
    with ModelServer(key="another") as server, pytest.raises(BadSettings, match="OPENAI_API_KEY"):
        probed(server)
    with ModelServer(default=Behaviour(status=500)) as server, pytest.raises(ModelAway):
        probed(server)
    assert len(server.chats) == 1


def test_a_tuned_model_is_called_at_its_own_server() -> None:
    """With its own key and in its own time; where it has no server, its setting is named."""
    environ = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "FOOTNOTE_MODEL": "small-1", "FOOTNOTE_DATA_DIR": "d"}
    with ModelServer(default=Behaviour(write=extractive)) as server:
        own = {"FOOTNOTE_TUNED__URL": server.url, "FOOTNOTE_TUNED__KEY": KEY, "FOOTNOTE_TUNED__CALL_SECONDS": "1"}
        settings = Settings.load(environ | own, None)
        assert probe_model(settings, MODEL, SystemClock(), tuned=True).cites
        server.default = Behaviour(stall_at=0)
        with pytest.raises(ModelTooSlow):
            probe_model(settings, MODEL, SystemClock(), tuned=True)
        assert len(server.chats) == 2
    with pytest.raises(BadSettings, match="FOOTNOTE_TUNED__URL"):
        probe_model(Settings.load({"FOOTNOTE_DATA_DIR": "d"}, None), MODEL, SystemClock(), tuned=True)
