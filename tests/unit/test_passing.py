"""A question about files that come with it: read, answered with citations, and nothing of it kept."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.domain.access import OPERATOR
from pipelines.domain.conversation import Answer, ClosestDocument, Fallback, Outcome, Principal, Question
from pipelines.domain.handed_files import HandedFile, NoFileRead
from pipelines.errors import BadInput, TransientError
from pipelines.passing import EMBEDDED_CHARS
from pipelines.ports.model import CallCancelled
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote
from tests.fakes.hash_embedder import HashEmbedder
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_server import KEY, MODEL, ModelServer
from tests.fakes.model_writers import extractive
from tests.unit.ingestion.reading.docx_maker import paragraph, word_of
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of


GUEST = Principal("user:slack:T1:U1", frozenset({"public"}))
HOTEL = "What is the hotel allowance?"
TRAVEL = HandedFile("travel.md", b"# Travel\n\nThe hotel allowance is 140 euros a night.\n\nTrains go first.\n")
LEAVE = HandedFile("leave.txt", b"Every parent gets 24 weeks of parental leave.\n")


@pytest.fixture
def footnote(tmp_path: Path) -> Iterator[Footnote]:
    """An installation by words only."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_EMBEDDER": "none"}
    with open_footnote(Settings.load(environ, env_file=None)) as opened:
        yield opened


def ask(footnote: Footnote, *files: HandedFile, question: str = HOTEL) -> Answer:
    """Return the outcome of a guest's question about files."""
    return footnote.ask_about(Question(question, GUEST), files)


def kept_by(footnote: Footnote) -> set[str]:
    """Return all files in the data folder but the database and what is beside it."""
    root = footnote.settings.data_dir
    found = {str(one.relative_to(root)) for one in root.rglob("*") if one.is_file()}
    return {one for one in found if not one.startswith("records.db")}


def rows_of(footnote: Footnote) -> dict[str, int]:
    """Return how many rows each table of the records has."""
    with closing(sqlite3.connect(footnote.settings.data_dir / "records.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608 - our own tables


def test_a_text_is_answered_from(footnote: Footnote) -> None:
    """Each sentence is a quote, with the file for a title, its heading for a place and no address."""
    answer = ask(footnote, TRAVEL)
    assert answer.outcome is Outcome.ANSWER
    assert "140 euros" in answer.text
    (cited,) = answer.citations
    assert (cited.number, cited.title, cited.document, cited.url, cited.kb) == (1, "travel.md", "travel.md", None, "")
    assert cited.place.heading == "Travel"
    assert cited.quote in TRAVEL.data.decode()


def test_a_pdf_is_cited_by_its_page(footnote: Footnote) -> None:
    """The title in its properties is not the name by which the person knows it."""
    pages = (PdfPage().lines(700, ["Trains go first."]), PdfPage().lines(700, ["The hotel allowance is 140 euros."]))
    answer = ask(footnote, HandedFile("Reise 2026.pdf", pdf_of(*pages, info={"Title": "Untitled 7"})))
    (cited,) = answer.citations
    assert (cited.title, cited.place.page) == ("Reise 2026.pdf", 2)


def test_a_word_file_is_cited_by_its_heading(footnote: Footnote) -> None:
    """As in a knowledge base."""
    body = paragraph("Hotels", style="H1") + paragraph("The hotel allowance is 140 euros a night.")
    (cited,) = ask(footnote, HandedFile("travel.docx", word_of(body))).citations
    assert (cited.title, cited.place.heading) == ("travel.docx", "Hotels")


def test_two_files_are_answered_from_together(footnote: Footnote) -> None:
    """Each question is answered from the one that says it; two of one name are told apart."""
    same = HandedFile("travel.md", LEAVE.data)
    assert [one.title for one in ask(footnote, TRAVEL, same).citations] == ["travel.md"]
    leave = ask(footnote, TRAVEL, same, question="How many weeks of parental leave does a parent get?")
    assert [one.title for one in leave.citations] == ["travel (2).md"]


def test_what_cannot_be_read_is_told_beside_the_answer(footnote: Footnote) -> None:
    """By name and reason, one line each."""
    answer = ask(footnote, HandedFile("broken.pdf", b"%PDF-1.7 no"), TRAVEL, HandedFile("x.exe", b"MZ"))
    assert "140 euros" in answer.text
    assert [one.name for one in answer.unread] == ["broken.pdf", "x.exe"]
    assert "not a format that can be read" in answer.unread[1].reason


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (HandedFile("empty.md", b""), "empty.md: "),
        (HandedFile("blank.txt", b" \n\n "), "blank.txt: "),
        (HandedFile("photo.png", b"\x89PNG"), "'.png' is not a format that can be read"),
        (HandedFile("large.txt", b"x" * (2**20 + 1)), r"it has 1.1 MB, the limit is 1 MB"),
    ],
)
def test_no_file_that_can_be_read_is_no_question(tmp_path: Path, file: HandedFile, reason: str) -> None:
    """The person is told why; nothing is made."""
    environ = {"FOOTNOTE_DATA_DIR": str(tmp_path / "data"), "FOOTNOTE_LIMITS__MAX_FILE_MB": "1"}
    settings = Settings.load(environ | {"FOOTNOTE_EMBEDDER": "none"}, env_file=None)
    with open_footnote(settings) as footnote, pytest.raises(NoFileRead, match=reason) as raised:
        ask(footnote, file)
    assert [one.name for one in raised.value.unread] == [file.name]
    assert kept_by(footnote) == set()


def test_a_file_that_names_its_readers_is_read_all_the_same(footnote: Footnote) -> None:
    """Whoever handed it in has it; no rule of a knowledge base applies."""
    named = HandedFile("travel.md", b"---\naudience: group:board\n---\n" + TRAVEL.data)
    assert "140 euros" in ask(footnote, named).text


def test_an_audience_file_is_a_file_like_others(footnote: Footnote) -> None:
    """It does not rule the others, and is told as one that cannot be read."""
    answer = ask(footnote, HandedFile(".footnote.yaml", b"audience: [user:nobody]"), TRAVEL)
    assert "140 euros" in answer.text
    assert [one.name for one in answer.unread] == ["footnote.yaml"]


def test_only_the_files_are_asked(footnote: Footnote, tmp_path: Path) -> None:
    """What a knowledge base says is not in the answer, even for one who reads it; the refusal speaks of the files."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "hotel.md").write_text("The hotel allowance is 999 euros.", encoding="utf-8")
    base = footnote.add_base("files", tmp_path / "files", OPERATOR)
    footnote.records.access.set_readers(base.id, ["public"], OPERATOR)
    footnote.sync("files")
    answer = ask(footnote, LEAVE)
    assert answer.outcome is Outcome.REFUSAL
    assert answer.text == "The files that came with the question do not answer it."
    assert answer.closest == ()
    assert "999" in footnote.ask(Question(HOTEL, GUEST)).text
    assert "140" in ask(footnote, TRAVEL).text


def test_nothing_is_kept(footnote: Footnote) -> None:
    """No file, no row, no number of an answer, whether there was an answer, a refusal or a fault."""
    footnote.warm_up()
    before = rows_of(footnote)
    assert ask(footnote, TRAVEL).id == 0
    assert ask(footnote, LEAVE).id == 0
    with pytest.raises(NoFileRead):
        ask(footnote, HandedFile("x.exe", b""))
    assert kept_by(footnote) == {"passing/lock"}
    assert rows_of(footnote) == before


@pytest.mark.parametrize(("question", "told"), [(" ", "is empty"), ("x" * 2001, "the limit is 2000")])
def test_a_question_that_cannot_be_asked_reads_nothing(footnote: Footnote, question: str, told: str) -> None:
    """It is refused first."""
    with pytest.raises(BadInput, match=told):
        ask(footnote, TRAVEL, question=question)
    assert kept_by(footnote) == set()


class Impatient:
    """Wants an answer until it is asked so often. It is an `answering.telling.Watcher`."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.text = ""
        self.found_in: list[tuple[int, list[ClosestDocument]]] = []

    def found(self, passages: int, documents: Sequence[ClosestDocument]) -> None:
        """Keep what is read."""
        self.found_in.append((passages, list(documents)))

    def said(self, text: str) -> None:
        """Keep what is said."""
        self.text += text

    def started_over(self) -> None:
        """Forget it."""
        self.text = ""

    def stopped(self) -> bool:
        """Count down."""
        self.looks -= 1
        return self.looks < 0


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_a_stop_leaves_nothing(footnote: Footnote, looks: int) -> None:
    """Before the first file, between two, and while they are taken in."""
    with pytest.raises(CallCancelled):
        footnote.ask_about(Question(HOTEL, GUEST), (TRAVEL, LEAVE), Impatient(looks))
    assert kept_by(footnote) <= {"passing/lock"}


class Away(HashEmbedder):
    """An embedder that does not answer."""

    def embed(self, _texts: object) -> None:  # type: ignore[override]
        """Fail."""
        raise TransientError("the embedder is away")


class Counting(HashEmbedder):
    """An embedder that counts what it is asked."""

    texts = 0

    def embed(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as the other
        """Count."""
        self.texts += len(texts)
        return super().embed(texts)


def test_short_files_are_found_by_meaning_too(footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of longer ones the passages would take seconds: they are found by words alone."""
    embedder = Counting()
    monkeypatch.setattr(footnote.generations, "embedder", lambda: embedder)
    assert "140 euros" in ask(footnote, TRAVEL).text
    assert embedder.texts > 0
    embedder.texts = 0
    long = HandedFile("long.md", TRAVEL.data + b"Nothing else is said here. " * (EMBEDDED_CHARS // 27))
    assert "140 euros" in ask(footnote, long).text
    assert embedder.texts == 0


def test_an_embedder_that_is_away_costs_the_vectors_alone(footnote: Footnote, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are searched by words, and nothing is left of the first attempt."""
    monkeypatch.setattr(footnote.generations, "embedder", Away)
    assert "140 euros" in ask(footnote, TRAVEL).text
    assert kept_by(footnote) == {"passing/lock"}


def test_a_model_writes_from_files_too(tmp_path: Path) -> None:
    """It is shown while it writes, and counts as one of the person's answers of the day, until none is left."""
    with ModelServer() as models:
        models.default = Behaviour(write=extractive)
        environ = {
            "FOOTNOTE_DATA_DIR": str(tmp_path / "data"),
            "FOOTNOTE_EMBEDDER": "none",
            "OPENAI_BASE_URL": models.url,
            "OPENAI_API_KEY": KEY or "",
            "FOOTNOTE_MODEL": MODEL,
            "FOOTNOTE_MODELS__ANSWERS_PER_PERSON": "1",
        }
        with open_footnote(Settings.load(environ, env_file=None)) as footnote:
            watcher = Impatient(10_000)
            written = footnote.ask_about(Question(HOTEL, GUEST), (TRAVEL,), watcher)
            quoted = footnote.ask_about(Question(HOTEL, GUEST), (TRAVEL,))
            counted = footnote.records.model_usage.answers_today(GUEST.name)
    assert written.writing is not None
    assert written.writing.model == MODEL
    assert watcher.text.strip() == written.text
    assert watcher.found_in == [(1, [])]
    assert quoted.writing is not None
    assert quoted.writing.fallback is Fallback.QUOTA_SPENT
    assert "140 euros" in quoted.text
    assert counted == 1
