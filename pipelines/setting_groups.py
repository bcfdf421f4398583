"""Groups of settings that belong together: `FOOTNOTE_<GROUP>__<NAME>`. Reads nothing."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pipelines.domain.embedding_models import EmbeddingModel
from pipelines.domain.model_budget import Prices, parse_money
from pipelines.setting_forms import (
    A_MODEL,
    A_PREFIX,
    A_SECRET,
    ExistingFile,
    Form,
    HostName,
    ModelName,
    Prefix,
    Price,
    S3Endpoint,
    WebAddress,
)


class _Group(BaseModel):
    """Settings that are read once, all of them known, and no secret shown where one is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Limits(_Group):
    """Where reading a file or a question ends."""

    max_file_mb: Annotated[int, Form(unit="MB"), Field(ge=1, le=4096, description="Largest file that is read.")] = 50
    parse_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=3600, description="Longest time that reading one file may take.")
    ] = 30
    parse_memory_mb: Annotated[
        int, Form(unit="MB"), Field(ge=128, le=65536, description="Most memory that reading one file may take.")
    ] = 1024
    max_pages: Annotated[
        int, Form(unit="pages"), Field(ge=1, le=1_000_000, description="Most pages of one document.")
    ] = 5000
    expansion_ratio: Annotated[
        int,
        Form(unit="times its size"),
        Field(ge=2, le=100_000, description="How far a compressed file may grow when it is unpacked."),
    ] = 100
    nesting_depth: Annotated[
        int, Form(unit="levels"), Field(ge=10, le=1000, description="Deepest nesting of elements in one document.")
    ] = 100
    question_chars: Annotated[
        int, Form(unit="characters"), Field(ge=1, le=100_000, description="Longest question.")
    ] = 2000


class PostgresSettings(_Group):
    """How long PostgreSQL may take, and how many connections each process holds. Without effect on SQLite."""

    pool: Annotated[
        int,
        Form(unit="connections"),
        Field(ge=1, le=1000, description="Most connections to PostgreSQL of one process."),
    ] = 5
    connect_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=600, description="Longest time that connecting to PostgreSQL may take."),
    ] = 5
    lock_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=3600, description="Longest wait for another process's write, or for a free connection."),
    ] = 30
    idle_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=3600, description="After how long PostgreSQL ends the transaction of a process that is frozen."),
    ] = 60
    statement_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=86_400, description="Longest time that PostgreSQL may work on one statement."),
    ] = 300


class CacheSettings(_Group):
    """Remembered answers."""

    enabled: Annotated[
        bool, Form("1 or 0"), Field(description="Remember answers, as long as their evidence is what a search finds.")
    ] = True
    answer_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=60, le=86_400, description="Longest time that an answer is remembered.")
    ] = 3600
    memory_mb: Annotated[
        int, Form(unit="MB"), Field(ge=1, le=4096, description="Memory for remembered answers where no Redis is set.")
    ] = 32
    wait_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=25, description="Longest time that a question waits for the same one asked just before."),
    ] = 10


class RedisSettings(_Group):
    """How long Redis is waited for, and how often it is tried while it is away."""

    timeout_ms: Annotated[
        int, Form(unit="milliseconds"), Field(ge=50, le=5000, description="Longest wait for one reply of Redis.")
    ] = 250
    probe_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=60, description="Pause between attempts while Redis is away.")
    ] = 2


class WeaviateSettings(_Group):
    """How Weaviate is spoken to, and how its collections are made. Without effect where WEAVIATE_URL is not set."""

    grpc_host: Annotated[
        HostName | None,
        Form("a host name", default="the one of `WEAVIATE_URL`"),
        Field(description="Host of Weaviate's gRPC interface."),
    ] = None
    grpc_port: Annotated[int, Form(), Field(ge=1, le=65_535, description="Port of Weaviate's gRPC interface.")] = 50_051
    grpc_secure: Annotated[
        bool | None,
        Form("1 or 0", default="as `WEAVIATE_URL`"),
        Field(description="Whether Weaviate's gRPC interface is encrypted."),
    ] = None
    ca_file: Annotated[
        ExistingFile | None,
        Form("a file", default="the system's"),
        Field(description="Certificates that Weaviate's own one must be signed by."),
    ] = None
    query_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=60, description="Longest time that a search in Weaviate may take.")
    ] = 2
    write_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=3600, description="Longest time that one write to Weaviate may take.")
    ] = 60
    replicas: Annotated[
        int, Form(unit="copies"), Field(ge=1, le=99, description="Copies of each row in a collection that is made.")
    ] = 1
    consistency: Annotated[
        Literal["one", "quorum", "all"],
        Field(description="How many copies must have a write before it counts as done."),
    ] = "quorum"
    quantisation: Annotated[
        Literal["none", "rq8", "rq1"],
        Field(description="How vectors of a collection that is made are compressed in memory: to 8 bits, 1 bit, not."),
    ] = "none"


class WorkSettings(_Group):
    """How workers, or the job process, go about their work."""

    tick_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=600, description="How often it is looked for what is due, and which jobs nobody knows of."),
    ] = 30
    poll_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=60, description="Pause of `footnote work` between two looks for jobs."),
    ] = 1


class RetentionSettings(_Group):
    """How long is kept what readers do not see any more; of versions the longer of both."""

    days: Annotated[
        int, Form(unit="days"), Field(ge=1, le=3650, description="For how many days older versions are kept.")
    ] = 30
    versions: Annotated[
        int, Form(unit="versions"), Field(ge=1, le=1000, description="How many versions are kept, however old.")
    ] = 3
    delivery_days: Annotated[
        int,
        Form(unit="days"),
        Field(
            ge=1,
            le=3650,
            description="For how many days a message of a chat platform is known, so that its thread goes on without a"
            " mention, and its edit or deletion counts.",
        ),
    ] = 7


class ModelSettings(_Group):
    """How long language models may take, what they may write, and what that costs."""

    answers_per_person: Annotated[
        int,
        Form(unit="answers a day"),
        Field(ge=0, le=100_000, description="Most answers that a model writes for one person; 0 for any number."),
    ] = 0
    price_in: Annotated[
        Price,
        Form("an amount such as 0.15", unit="money for 1,000,000 tokens"),
        Field(description="Price of what a model reads, in the currency of budgets; 0 where it is not known."),
    ] = "0"
    price_out: Annotated[
        Price,
        Form("an amount such as 0.60", unit="money for 1,000,000 tokens"),
        Field(description="Price of what a model writes; 0 where it is not known."),
    ] = "0"
    answer_tokens: Annotated[
        int, Form(unit="tokens"), Field(ge=50, le=32_000, description="Longest answer that a model may write.")
    ] = 800
    fallback: Annotated[
        ModelName | None,
        A_MODEL,
        Field(description="Model of the same server that is asked where `FOOTNOTE_MODEL` does not answer."),
    ] = None
    stall_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=120, description="Longest silence of a model in the middle of an answer."),
    ] = 10
    first_sentence_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=300, description="Until when the first sentence of a model must be there."),
    ] = 25
    rewriting_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=60, description="Until when a model must have made a follow-up a whole question."),
    ] = 3
    whole_answer_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=600, description="Until when a whole answer must be there; then extracts are shown."),
    ] = 50

    @property
    def prices(self) -> Prices:
        """Both prices, in millionths."""
        return Prices(parse_money(self.price_in), parse_money(self.price_out))


class EmbeddingSettings(_Group):
    """The embedding model behind an OpenAI-compatible server. Without effect where FOOTNOTE_EMBEDDER is not openai."""

    model: Annotated[
        ModelName | None,
        Form("a name such as text-embedding-3-small", default="none"),
        Field(description="Name of the embedding model."),
    ] = None
    dimensions: Annotated[
        int | None,
        Form("a whole number from 2 to 16384", "numbers", "none"),
        Field(ge=2, le=16_384, description="Length of that model's vectors."),
    ] = None
    shorten: Annotated[
        bool,
        Form("1 or 0"),
        Field(description="Ask the server for vectors of that length, where the model's own are longer."),
    ] = False
    query_prefix: Annotated[Prefix, A_PREFIX, Field(description="Stands before each question; e5 wants `query:`.")] = ""
    passage_prefix: Annotated[
        Prefix, A_PREFIX, Field(description="Stands before each passage; e5 wants `passage:`.")
    ] = ""
    characters: Annotated[
        int,
        Form(unit="characters"),
        Field(ge=100, le=100_000, description="Of a text, how many are sent; the rest does not count."),
    ] = 8000
    url: Annotated[
        WebAddress | None,
        Form("http(s)://HOST/v1", default="`OPENAI_BASE_URL`", secret=True),
        Field(description="Server of the embedding model, where it is another than that of language models."),
    ] = None
    key: Annotated[
        SecretStr | None,
        Form("a secret", default="`OPENAI_API_KEY`, if the server is the same", secret=True),
        Field(description="Key for the server of the embedding model."),
    ] = None
    former_url: Annotated[
        WebAddress | None,
        Form("http(s)://HOST/v1", default="the server of the model", secret=True),
        Field(description="Server of the model that the index was made with, until it is rebuilt."),
    ] = None
    former_key: Annotated[SecretStr | None, A_SECRET, Field(description="Key for that server.")] = None
    batch: Annotated[
        int, Form(unit="texts"), Field(ge=1, le=256, description="Most texts of one request for vectors.")
    ] = 32
    at_once: Annotated[
        int,
        Form(unit="requests"),
        Field(ge=1, le=64, description="Most requests for vectors of passages that one process has under way."),
    ] = 2
    query_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=25, description="Longest time for the vector of a question; then it is searched by words only."),
    ] = 3
    batch_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=50, description="Longest time for one request of a sync for vectors.")
    ] = 30

    @property
    def wanted(self) -> EmbeddingModel | None:
        """The model; None where it is not whole."""
        if self.model is None or self.dimensions is None:
            return None
        prefixes = self.query_prefix, self.passage_prefix
        return EmbeddingModel(self.model, self.dimensions, *prefixes, self.characters, shortened=self.shorten)


class TunedSettings(_Group):
    """Tuned models, which `footnote model route` lets answer. Without effect where no route is set."""

    url: Annotated[
        WebAddress | None,
        Form("http(s)://HOST/v1", default="`OPENAI_BASE_URL`", secret=True),
        Field(description="Server of tuned models, where it is another than that of language models."),
    ] = None
    key: Annotated[
        SecretStr | None,
        Form("a secret", default="`OPENAI_API_KEY`, if the server is the same", secret=True),
        Field(description="Key for the server of tuned models."),
    ] = None
    lease_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=10, description="Until when a worker must have taken a question for a tuned model."),
    ] = 1
    call_seconds: Annotated[
        int,
        Form(unit="seconds"),
        Field(ge=1, le=60, description="Longest time for a tuned model's answer; then the base model is asked."),
    ] = 6


class S3Settings(_Group):
    """The S3-compatible store. Without effect where FOOTNOTE_BLOBS names no bucket."""

    endpoint: Annotated[
        S3Endpoint | None,
        Form("http(s)://HOST:PORT", default="Amazon's for the region"),
        Field(description="Address of the store."),
    ] = None
    region: Annotated[
        HostName, Form("a name such as eu-central-1"), Field(description="Region that requests to the store name.")
    ] = "us-east-1"
    access_key: Annotated[SecretStr | None, A_SECRET, Field(description="Name of the key for the store.")] = None
    secret_key: Annotated[SecretStr | None, A_SECRET, Field(description="The key for the store.")] = None
    seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=3600, description="Longest time that one file may take to the store.")
    ] = 60

    @property
    def address(self) -> str:
        """Address of the store: its own, or Amazon's for the region."""
        return self.endpoint or f"https://s3.{self.region}.amazonaws.com"


class WebSettings(_Group):
    """How web sites are crawled."""

    max_pages: Annotated[
        int, Form(unit="pages"), Field(ge=1, le=1_000_000, description="Most pages of one site that a sync asks for.")
    ] = 2000
    max_depth: Annotated[
        int, Form(unit="links"), Field(ge=0, le=1000, description="Most links between the start of a site and a page.")
    ] = 20
    pause_ms: Annotated[
        int,
        Form(unit="milliseconds"),
        Field(ge=0, le=600_000, description="Pause between two requests to a site; its robots.txt may ask for more."),
    ] = 500
    request_seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=1, le=600, description="Longest time that one page may take.")
    ] = 30


class GitSettings(_Group):
    """How git repositories are copied."""

    max_mb: Annotated[
        int, Form(unit="MB"), Field(ge=1, le=1_000_000, description="Largest copy of a git repository.")
    ] = 4096
    seconds: Annotated[
        int, Form(unit="seconds"), Field(ge=10, le=86_400, description="Longest time that fetching may take.")
    ] = 1800
