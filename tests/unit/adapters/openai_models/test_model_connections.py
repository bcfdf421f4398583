"""The way to a model's server: there alone, with our key alone, in the time of the call, and closed behind it."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from pipelines.adapters.breaker import FAULTS, Breaker
from pipelines.adapters.guarded_model import GuardedModel
from pipelines.adapters.openai_models.model import OpenAIModel
from pipelines.adapters.openai_models.server import OpenAIServer
from pipelines.adapters.resilient_model import ResilientModel
from pipelines.adapters.retry_budget import RetryBudget
from pipelines.errors import BadSettings
from pipelines.ports.model import CallCancelled, ChatModel, ConnectionLost, Message, ModelAway, ModelTooSlow, Role
from tests.fakes import model_behaviour as how
from tests.fakes.closing_server import ClosingServer
from tests.fakes.model_behaviour import ANSWER
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.security.connections import RecordingResolver, connections
from tests.servers import free_ports


ASKED = (Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "How long?"))
PLENTY_S = 30.0
SOON_S = 5.0
"""What a busy machine may add to a quarter of a second."""
MACHINE = {
    "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    "OPENAI_API_KEY": "key-of-the-machine",
    "OPENAI_ADMIN_KEY": "key-of-an-admin",
    "OPENAI_ORG_ID": "org-of-the-machine",
    "OPENAI_PROJECT_ID": "project-of-the-machine",
    "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer key-of-another\nX-Secret: of-the-machine",
    "OPENAI_TIMEOUT": "0.001",
    "OPENAI_MAX_RETRIES": "5",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """Return a server that plays a model."""
    with ModelServer() as one:
        yield one


@pytest.fixture
def model(server: ModelServer) -> Iterator[OpenAIModel]:
    """Return its model."""
    with closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY, stall_s=10.0))) as one:
        yield one


@contextmanager
def silent_port(*, accepts: bool) -> Iterator[int]:
    """Listen, and never say a word; without `accepts`, let nobody in who comes now."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, suppress(OSError):
        port = listening.getsockname()[1]
        waiting = [socket.socket() for _ in range(0 if accepts else 4)]
        for one in waiting:
            one.setblocking(False)  # noqa: FBT003 - the library's signature
            one.connect_ex(("127.0.0.1", port))
        yield port
        for one in waiting:
            one.close()


def taken_back_soon() -> Callable[[], bool]:
    """Return what says at its second asking that the call is taken back."""
    asked = iter([False, True])
    return lambda: next(asked, True)


def model_at(url: str, **more: object) -> OpenAIModel:
    """Return a model of which nothing but its address matters."""
    return OpenAIModel(OpenAIServer(url, MODEL, KEY, stall_s=PLENTY_S), **more)  # type: ignore[arg-type]


def model_without_key(server: ModelServer) -> OpenAIModel:
    """Return a server's model for which no key is set."""
    return OpenAIModel(OpenAIServer(server.url, MODEL))


def assert_is_taken_back(model: ChatModel) -> None:
    """Assert that a call ends soon once it is taken back, though nothing comes."""
    began = time.monotonic()
    with pytest.raises(CallCancelled):
        model.write(ASKED, seconds=PLENTY_S, cancelled=taken_back_soon())
    assert time.monotonic() - began < SOON_S


def assert_keeps_its_time(model: ChatModel) -> None:
    """Assert that a call ends with its time though nothing comes."""
    began = time.monotonic()
    with pytest.raises(ModelTooSlow):
        model.write(ASKED, seconds=0.3)
    assert 0.3 <= time.monotonic() - began < SOON_S


def test_variables_of_the_machine_change_nothing(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, addresses, headers and proxies in the environment neither lead elsewhere nor go along."""
    for name, value in MACHINE.items():
        monkeypatch.setenv(name, value)
    with closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY))) as model, connections() as seen:
        assert model.write(ASKED, seconds=PLENTY_S).text == ANSWER
    assert set(seen) == {("127.0.0.1", server.port)}
    (call,) = server.chats
    assert set(call.headers) == {"host", "user-agent", "accept", "content-type", "content-length"}
    assert "machine" not in str(call.headers)


def test_a_server_without_a_key_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no key is set, no header for one is sent: the server's check of it would refuse any."""
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-machine")
    with ModelServer() as server, closing(model_without_key(server)) as model, pytest.raises(BadSettings) as caught:
        model.write(ASKED, seconds=PLENTY_S)
    assert "set OPENAI_API_KEY" in str(caught.value)
    with ModelServer(key=None) as server, closing(model_without_key(server)) as model:
        assert model.write(ASKED, seconds=PLENTY_S).text == ANSWER


def test_a_redirect_is_not_followed(server: ModelServer, model: OpenAIModel) -> None:
    """A server that leads elsewhere gets the request alone: where it leads, nothing is sent."""
    with ModelServer() as elsewhere:
        server.script(how.redirects(f"{elsewhere.url}/chat/completions"))
        with pytest.raises(BadSettings, match="HTTP 307"):
            model.write(ASKED, seconds=PLENTY_S)
        assert elsewhere.accepted == 0


def test_one_connection_serves_call_after_call(server: ModelServer, model: OpenAIModel) -> None:
    """A whole reply leaves its connection for the next one: no call pays for a handshake again."""
    for _ in range(5):
        model.write(ASKED, seconds=PLENTY_S)
    server.script(how.fails(500), how.too_many())
    for _ in range(2):
        with pytest.raises(Exception, match="HTTP"):
            model.write(ASKED, seconds=PLENTY_S)
    assert server.accepted == 1


@pytest.mark.parametrize("resets", [False, True])
def test_a_kept_connection_that_is_closed_is_told_apart(*, resets: bool) -> None:
    """Some servers promise to keep a connection and close it behind their reply: the next call on it says just that."""
    with ClosingServer(resets=resets) as server, closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY))) as model:
        for _ in range(3):
            assert model.write(ASKED, seconds=PLENTY_S).text == ANSWER
            with pytest.raises(ConnectionLost, match="OPENAI_BASE_URL"):
                model.write(ASKED, seconds=PLENTY_S)
    assert server.dropped == 3


@pytest.mark.parametrize("place", [0, 1])
def test_a_new_connection_that_breaks_is_no_kept_one(server: ModelServer, model: OpenAIModel, place: int) -> None:
    """A server that drops a call on a connection made for it, or in the middle of its reply, is away."""
    server.script(how.cuts(place))
    with pytest.raises(ModelAway) as caught:
        model.write(ASKED, seconds=PLENTY_S)
    assert type(caught.value) is ModelAway
    server.script(how.SOUND, how.cuts(1))
    model.write(ASKED, seconds=PLENTY_S)
    with pytest.raises(ModelAway) as caught:
        model.write(ASKED, seconds=PLENTY_S)
    assert type(caught.value) is ModelAway


def test_a_question_outlives_a_connection_that_was_closed() -> None:
    """It is sent again at once on a new connection, though its time is too short for a retry after a fault."""
    with ClosingServer() as server, closing(OpenAIModel(OpenAIServer(server.url, MODEL, KEY))) as model:
        breaker = Breaker(time.monotonic)
        resilient = ResilientModel(GuardedModel(model, breaker), RetryBudget(time.monotonic), fallback=None)
        for _ in range(2 * FAULTS):
            assert resilient.write(ASKED, seconds=SOON_S).text == ANSWER
    assert server.dropped == 2 * FAULTS - 1
    assert not breaker.is_open


@pytest.mark.parametrize("behaviour", [how.stalls(0), how.stalls(2), how.stalls(2, ping_s=0.01)])
def test_a_call_that_is_taken_back_is_closed(server: ModelServer, model: OpenAIModel, behaviour: how.Behaviour) -> None:
    """The server sees at once that its client left, and stops writing; no connection stays open."""
    server.script(how.SOUND, behaviour)
    model.write(ASKED, seconds=PLENTY_S)
    assert_is_taken_back(model)
    assert server.wait_for(lambda: server.connections == 0)
    assert server.chats[1].abandoned


def test_a_listener_that_raises_closes_the_call(server: ModelServer, model: OpenAIModel) -> None:
    """A caller who breaks off in the middle leaves no connection with half an answer, even while the error is kept."""

    class Impatient:
        def hear(self, piece: str) -> None:
            raise RuntimeError(piece)

        def start_over(self) -> bool:
            return True

    server.script(how.trickles(0.02, ANSWER * 50))
    with pytest.raises(RuntimeError) as kept:
        model.write(ASKED, seconds=PLENTY_S, listener=Impatient())
    assert server.wait_for(lambda: server.connections == 0)
    assert server.chats[0].abandoned
    assert str(kept.value) == ANSWER[0]


class Heard:
    """Hears pieces, and knows when."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.at: list[float] = []

    def hear(self, piece: str) -> None:
        """Note it."""
        self.pieces.append(piece)
        self.at.append(time.monotonic())

    def start_over(self) -> bool:
        """Say that nobody was shown anything."""
        return True


def test_words_that_come_together_are_heard_together(server: ModelServer, model: OpenAIModel) -> None:
    """A hundred words within a second are a few dozen pieces at most; the first is heard by itself."""
    server.script(how.Behaviour(write=lambda _: "word " * 100, pause_s=0.005))
    heard = Heard()
    reply = model.write(ASKED, seconds=PLENTY_S, listener=heard)
    assert "".join(heard.pieces) == reply.text == "word " * 100
    assert heard.pieces[0] == "word"
    assert len(heard.pieces) < 50
    assert server.chats[0].pieces == 101


def test_words_that_come_slowly_are_heard_when_they_come(server: ModelServer, model: OpenAIModel) -> None:
    """None waits for the next one: a word is heard long before that is sent."""
    server.script(how.Behaviour(write=lambda _: "one two three four", pause_s=0.3))
    heard = Heard()
    model.write(ASKED, seconds=PLENTY_S, listener=heard)
    assert heard.pieces == ["one", " two", " three", " four"]
    assert all(at < sent + 0.25 for at, sent in zip(heard.at, server.chats[0].sent_at, strict=True))


def test_a_slow_reply_is_no_silent_one(server: ModelServer) -> None:
    """A reply may take longer than any silence: each piece begins the wait anew."""
    server.script(how.trickles(0.1, ANSWER[:30]))
    patient = OpenAIModel(OpenAIServer(server.url, MODEL, KEY, stall_s=1.5))
    with closing(patient):
        assert patient.write(ASKED, seconds=PLENTY_S).text == ANSWER[:30]


def test_comments_are_no_pieces(server: ModelServer) -> None:
    """A server that only says that it is still there is silent all the same."""
    server.script(how.stalls(1, ping_s=0.02))
    impatient = OpenAIModel(OpenAIServer(server.url, MODEL, KEY, stall_s=1.0))
    with closing(impatient), pytest.raises(ModelTooSlow, match="FOOTNOTE_MODEL_STALL_SECONDS"):
        impatient.write(ASKED, seconds=PLENTY_S)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_never_speaks_holds_nobody(scheme: str) -> None:
    """Neither a request nor a handshake that gets no answer outlasts the call."""
    with silent_port(accepts=True) as port, closing(model_at(f"{scheme}://127.0.0.1:{port}/v1")) as model:
        assert_is_taken_back(model)
        assert_keeps_its_time(model)


def test_a_server_that_lets_nobody_in_holds_nobody() -> None:
    """A connection that is never made does not outlast the call."""
    with silent_port(accepts=False) as port, closing(model_at(f"http://127.0.0.1:{port}/v1")) as model:
        assert_is_taken_back(model)
        assert_keeps_its_time(model)


def test_a_name_that_is_looked_up_for_ever_holds_nobody() -> None:
    """Where the system's look-up hangs, the call ends in its time; the look-up's thread ends with the look-up."""
    hangs = threading.Event()

    def resolve(_host: str) -> list[str]:
        hangs.wait()
        return []

    with closing(model_at("http://models.example.com/v1", resolver=resolve)) as model:
        assert_is_taken_back(model)
        assert_keeps_its_time(model)
    hangs.set()
    for one in threading.enumerate():
        if one.name == "model-look-up":
            one.join(SOON_S)
    assert "model-look-up" not in {one.name for one in threading.enumerate()}


def test_an_address_that_refuses_is_followed_by_the_next(server: ModelServer) -> None:
    """Of several addresses of a name, the first that answers serves; only the model's name is looked up."""
    resolver = RecordingResolver({"models.example.com": [["127.0.0.2", "127.0.0.1"]]})
    with closing(model_at(f"http://models.example.com:{server.port}/v1", resolver=resolver)) as model:
        assert model.write(ASKED, seconds=PLENTY_S).text == ANSWER
    assert resolver.asked == ["models.example.com"]


def test_a_name_that_nobody_knows_is_a_fault_of_ours() -> None:
    """The message names the model, its place and the setting."""
    model = model_at("http://models.example.com:8080/v1", resolver=RecordingResolver({}))
    with closing(model), pytest.raises(ModelAway) as caught:
        model.write(ASKED, seconds=PLENTY_S)
    for word in (MODEL, "models.example.com:8080", "OPENAI_BASE_URL"):
        assert word in str(caught.value)


def test_nobody_listening_is_a_fault_of_ours() -> None:
    """A port where nobody listens is told at once."""
    (port,) = free_ports(1)
    model = model_at(f"http://127.0.0.1:{port}/v1")
    with closing(model), pytest.raises(ModelAway, match="cannot be reached"):
        model.write(ASKED, seconds=PLENTY_S)


def test_a_reply_without_end_is_refused(server: ModelServer, model: OpenAIModel) -> None:
    """A server that sends more than any reply needs is cut off before it fills the memory."""
    server.script(how.Behaviour(write=lambda _: "x" * 40_000_000, piece_chars=4_000_000))
    with pytest.raises(ModelAway, match="more than 16 MB"):
        model.write(ASKED, seconds=PLENTY_S)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate for this machine, its key in the same file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    made = tmp_path_factory.mktemp("tls") / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:models.example.com", "-keyout", str(made), "-out", f"{made}.crt"]
    subprocess.run(command, check=True, capture_output=True)
    made.write_text(made.read_text() + Path(f"{made}.crt").read_text())
    return made


@pytest.mark.parametrize(("trusted", "named"), [(True, True), (False, True), (True, False)])
def test_an_encrypted_server_is_checked(certificate: Path, *, trusted: bool, named: bool) -> None:
    """Its certificate must be of an authority that is trusted, and of the host that the settings name."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    host = "models.example.com" if named else "other.example.com"
    resolver = RecordingResolver({host: [["127.0.0.1"]]})
    with ModelServer(tls=tls) as server:
        place = OpenAIServer(
            f"https://{host}:{server.port}/v1", MODEL, KEY, ca_file=Path(f"{certificate}.crt") if trusted else None
        )
        with closing(OpenAIModel(place, resolver=resolver)) as model:
            if trusted and named:
                assert [model.write(ASKED, seconds=PLENTY_S).text for _ in range(2)] == [ANSWER] * 2
                assert server.accepted == 1
                # Each event is a record of its own: a read takes all that are there.
                server.script(how.Behaviour(write=lambda _: "word " * 100, pause_s=0.005))
                heard = Heard()
                model.write(ASKED, seconds=PLENTY_S, listener=heard)
                assert "".join(heard.pieces) == "word " * 100
                assert len(heard.pieces) < 50
                return
            with pytest.raises(ModelAway, match="certificate is not trusted"):
                model.write(ASKED, seconds=PLENTY_S)
            assert server.chats == []
