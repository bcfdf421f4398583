"""The demonstration asked for real: sources, readers, index, embedder and graph, without a server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from pipelines.domain.access import OPERATOR, principal_as
from pipelines.domain.conversation import Answer, Outcome, Principal, Question
from pipelines.settings import Settings
from pipelines.wiring import Footnote, open_footnote


DEMO = Path(__file__).parents[2] / "demo"
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (DEMO / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [one for one in QUESTIONS if one["answerable"]]
UNANSWERABLE = [one for one in QUESTIONS if not one["answerable"]]
SALARY = next(one for one in QUESTIONS if one["as"] == ["group:hr"])


@pytest.fixture(scope="module", params=["minilm", "none"])
def footnote(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Footnote]:
    """The demonstration, ingested, open to everyone; with vectors, and by words only."""
    data = tmp_path_factory.mktemp("demo")
    settings = Settings.load({"FOOTNOTE_DATA_DIR": str(data), "FOOTNOTE_EMBEDDER": request.param}, env_file=None)
    with open_footnote(settings) as opened:
        base = opened.add_base("demo", DEMO / "documents", OPERATOR)
        result = opened.sync("demo")
        assert not result.rejected
        opened.records.access.set_readers(base.id, ["everyone"], OPERATOR)
        yield opened


def ask(footnote: Footnote, golden: dict[str, Any]) -> Answer:
    """Ask a golden question with the rights that it names."""
    principal = principal_as(golden["as"]) if golden["as"] else principal_as(["user:anna"])
    return footnote.ask(Question(golden["question"], principal))


@pytest.mark.parametrize("golden", ANSWERABLE, ids=lambda one: one["id"])
def test_a_golden_question_is_answered_from_its_document(footnote: Footnote, golden: dict[str, Any]) -> None:
    """The answer cites the golden place, and its quotes hold every golden sentence."""
    answer = ask(footnote, golden)
    assert answer.outcome is Outcome.ANSWER
    cited = [one for one in answer.citations if one.document == golden["document"]]
    quotes = " ".join(" ".join(one.quote for one in cited).split())
    assert all(sentence in quotes for sentence in golden["quote"]), answer.text
    place = next(one for one in cited if golden["quote"][0] in " ".join(one.quote.split())).place.as_json()
    for name, expected in golden["place"].items():
        assert str(place[name]).endswith(str(expected))


@pytest.mark.parametrize("golden", UNANSWERABLE, ids=lambda one: one["id"])
def test_what_the_documents_do_not_say_is_refused(footnote: Footnote, golden: dict[str, Any]) -> None:
    """An unanswerable question gets no sentence, and no citation."""
    answer = ask(footnote, golden)
    assert answer.outcome is Outcome.REFUSAL
    assert not answer.citations
    # By words alone a question may have no word in common with any document.
    assert answer.closest or footnote.embedder is None


@pytest.mark.parametrize("golden", QUESTIONS, ids=lambda one: one["id"])
def test_every_quote_is_verbatim(footnote: Footnote, golden: dict[str, Any]) -> None:
    """Each quote is the stored text between its offsets, its number stands in the answer, its link opens a file."""
    answer = ask(footnote, golden)
    numbers = [one.number for one in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    lives = {one.id: one for one in footnote.records.ledger.documents(1, 1)}
    for one in answer.citations:
        text = footnote.blobs.get(lives[one.document_version].text_hash).decode()
        assert text[one.start : one.end] == one.quote
        assert f"[{one.number}]" in answer.text
        assert Path(unquote(urlsplit(one.url).path)).is_file()


@pytest.mark.parametrize("principal", [principal_as(["user:anna"]), principal_as(["public"])], ids=["member", "public"])
def test_a_reader_without_rights_learns_nothing(footnote: Footnote, principal: Principal) -> None:
    """Neither text, nor a citation, nor a closest document tells that the restricted document exists."""
    answer = footnote.ask(Question(SALARY["question"], principal))
    told = json.dumps(answer.as_json())
    assert SALARY["document"] not in told
    assert "Salary bands" not in told
    assert "97,000" not in told


def test_opening_and_closing_a_base_counts_with_the_next_question(footnote: Footnote) -> None:
    """A base that is closed is silent at once, and answers again once it is opened."""
    base = footnote.records.bases.get("demo")
    question = Question("How large is the learning budget?", principal_as(["user:anna"]))
    footnote.records.access.set_readers(base.id, ["group:board"], OPERATOR)
    closed = footnote.ask(question)
    footnote.records.access.set_readers(base.id, ["everyone"], OPERATOR)
    assert closed.outcome is Outcome.REFUSAL
    assert not closed.closest
    assert footnote.ask(question).outcome is Outcome.ANSWER
