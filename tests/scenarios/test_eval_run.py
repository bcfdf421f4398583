"""`footnote eval run` on small sets of our own: what it leaves on disk, what it does again, what it refuses."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.commands.evaluation import evaluate
from pipelines.evaluation.choices import Engine, Mode
from pipelines.settings import Settings
from tests.evaluation_sets import DEVICES, document, handbook_with_pages, policies, question, write_set
from tests.scenarios.machine import Machine
from tests.unit.ingestion.reading.pdf_maker import PdfPage, pdf_of


@dataclass
class Evaluator:
    """Runs sets as the command does, by words only, and keeps what it was told."""

    home: Path
    told: list[str] = field(default_factory=list)

    def run(self, place: Path, mode: Mode = Mode.ANSWERS, sample: int | None = None) -> dict[str, Any]:
        """Return the document of the only set."""
        self.told.clear()
        environment = {"FOOTNOTE_DATA_DIR": str(self.home / "data"), "FOOTNOTE_EMBEDDER": "none"}
        settings = Settings.load(environment, env_file=None)
        out = self.home / "results"
        (one,) = evaluate(
            settings, [str(place)], Engine.SQLITE, mode, sample=sample, seed=0, out=out, tell=self.told.append
        ).as_json()["sets"]
        return one

    def file(self, place: Path, name: str = "answers.jsonl") -> Path:
        """Return a file of a set's results."""
        return self.home / "results" / place.name / name

    def answers(self, place: Path) -> dict[str, dict[str, Any]]:
        """Return id -> line of answers.jsonl."""
        lines = map(json.loads, self.file(place).read_text(encoding="utf-8").splitlines())
        return {line["id"]: line for line in lines}


@pytest.fixture
def evaluator(tmp_path: Path) -> Evaluator:
    """An installation without any base."""
    return Evaluator(tmp_path / "home")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without any set."""
    (tmp_path / "home").mkdir()
    return Machine(tmp_path / "home")


def test_a_set_is_answered_and_scored(evaluator: Evaluator, tmp_path: Path) -> None:
    """A line a question in the set's own ids, and figures with intervals: answers are right, refusals honest."""
    place = policies(tmp_path / "policies")
    found = evaluator.run(place)
    answers = evaluator.answers(place)
    assert list(answers) == ["q1", "q2", "q3", "q4", "q5"]
    first = answers["q1"]
    assert first["outcome"] == "answer"
    assert first["citations"][0] | {"quote": ""} == {"doc_id": "leave", "page": None, "quote": ""}
    assert "24 weeks" in first["citations"][0]["quote"]
    assert first["retrieved"][0]["doc_id"] == "leave"
    assert first["timings_ms"]["search"] >= 0
    assert answers["q4"]["outcome"] == "refusal"
    assert found == json.loads(evaluator.file(place, "scores.json").read_text(encoding="utf-8"))
    assert {"set": "policies", "engine": "sqlite", "mode": "answers", "n": 5}.items() <= found.items()
    metrics = found["metrics"]
    assert metrics["CRAG"]["value"] == 0.8
    assert metrics["quotes verbatim"]["value"] == 1.0
    assert metrics["R@5 by document"]["value"] == 1.0
    assert metrics["refusal recall"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert all(one["low"] <= one["value"] <= one["high"] for one in metrics.values())
    assert not any(name.endswith("by page") for name in metrics)


def test_a_follow_up_is_asked_with_what_was_said_before(evaluator: Evaluator, tmp_path: Path) -> None:
    """The history of a question decides what is searched: without it the document is not found."""
    place, alone = policies(tmp_path / "policies"), policies(tmp_path / "alone")
    lines = map(json.loads, (alone / "questions.jsonl").read_text(encoding="utf-8").splitlines())
    forgetful = "".join(json.dumps(line | {"history": []}) + "\n" for line in lines)
    (alone / "questions.jsonl").write_text(forgetful, encoding="utf-8")
    evaluator.run(place, Mode.RETRIEVAL)
    evaluator.run(alone, Mode.RETRIEVAL)
    assert evaluator.answers(place)["q5"]["retrieved"][0]["doc_id"] == "leave"
    assert evaluator.answers(alone)["q5"]["retrieved"] == []


def test_pages_are_judged_where_a_set_marks_them(evaluator: Evaluator, tmp_path: Path) -> None:
    """A PDF is read by the product's own reader; pages of the set are pages of the answer."""
    pages = [PdfPage().lines(700, [text]) for text in ("There are six weeks of leave.", DEVICES)]
    place = handbook_with_pages(tmp_path / "handbook", pdf_of(*pages))
    metrics = evaluator.run(place)["metrics"]
    assert metrics["R@1 by page"]["value"] == metrics["citation recall by page"]["value"] == 1.0
    cited = [line["citations"][0] for line in evaluator.answers(place).values()]
    assert [(one["doc_id"], one["page"]) for one in cited] == [("handbook.pdf", 1), ("handbook.pdf", 2)]


def test_retrieval_cites_nothing(evaluator: Evaluator, tmp_path: Path) -> None:
    """In retrieval mode there are no answers and no citations, and no figure about them."""
    place = policies(tmp_path / "policies")
    found = evaluator.run(place, Mode.RETRIEVAL)
    assert [(one["citations"], one["text"]) for one in evaluator.answers(place).values()] == [([], "")] * 5
    assert {name.split(" by ")[0] for name in found["metrics"]} == {"nDCG@10", "MRR", "R@1", "R@5", "R@10"}


def test_a_run_goes_on_where_it_was_killed(evaluator: Evaluator, tmp_path: Path) -> None:
    """What was answered stays, byte by byte; the line that was cut off, and what follows, is asked."""
    place = policies(tmp_path / "policies")
    whole = evaluator.run(place)["metrics"]
    file = evaluator.file(place)
    data = file.read_bytes()
    third = data.index(b'{"id": "q3"')
    kept = data[:third].replace(b"24 weeks", b"25 weeks")
    file.write_bytes(kept + data[third : third + 40])
    metrics = evaluator.run(place)["metrics"]
    assert "policies: 2 of 5 questions were answered before" in evaluator.told
    assert file.read_bytes().startswith(kept)
    assert list(evaluator.answers(place)) == ["q1", "q2", "q3", "q4", "q5"]
    assert metrics["R@1 by document"] == whole["R@1 by document"]
    assert metrics["quotes verbatim"]["value"] < whole["quotes verbatim"]["value"] == 1.0


def test_another_set_starts_anew(evaluator: Evaluator, tmp_path: Path) -> None:
    """After a document was added the old answers are gone, one line says so, and the new document answers."""
    place = policies(tmp_path / "policies")
    evaluator.run(place)
    with (place / "documents.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(document("new", "Lunch", "The canteen charges four euros for lunch.")) + "\n")
    evaluator.run(place)
    assert [one for one in evaluator.told if "starting anew" in one]
    assert evaluator.answers(place)["q4"]["citations"][0]["doc_id"] == "new"


def test_a_sample_is_drawn_and_scored_alone(evaluator: Evaluator, tmp_path: Path) -> None:
    """Another choice starts anew with its own questions, the same ones each time, in the order of the set."""
    place = policies(tmp_path / "policies")
    evaluator.run(place, Mode.RETRIEVAL)
    assert evaluator.run(place, Mode.RETRIEVAL, sample=3)["n"] == 3
    drawn = list(evaluator.answers(place))
    assert drawn == sorted(drawn)
    assert len(drawn) == 3
    assert [one for one in evaluator.told if "starting anew" in one]
    evaluator.run(place, Mode.RETRIEVAL, sample=3)
    assert "policies: 3 of 3 questions were answered before" in evaluator.told


def test_parts_of_a_document_keep_their_ids(evaluator: Evaluator, tmp_path: Path) -> None:
    """Sections of an address and numbered pieces are found and cited by the ids that the set gives them."""
    ids = ["guide#leave", "guide#travel", "code:0", "code:1"]
    documents = [
        document(ids[0], "Leave", "Parents take 24 weeks of leave."),
        document(ids[1], "Travel", "Trains are booked in second class."),
        document(ids[2], "Rules", "Phones are replaced yearly."),
        document(ids[3], "Rules", "Chargers are shared by teams."),
    ]
    asked = [
        "How many weeks of leave do parents take?",
        "Which class are trains booked in?",
        "When are phones replaced?",
        "Who shares chargers?",
    ]
    questions = [question(f"q{at}", asked[at], [{"doc_id": ids[at]}]) for at in range(4)]
    place = write_set(tmp_path / "parts", documents, questions)
    found = evaluator.run(place)
    lines = evaluator.answers(place).values()
    assert [one["retrieved"][0]["doc_id"] for one in lines] == ids
    assert [one["citations"][0]["doc_id"] for one in lines] == ids
    assert found["documents"] == 2
    assert found["metrics"]["quotes verbatim"]["value"] == 1.0


def test_languages_are_bases_of_their_own(evaluator: Evaluator, tmp_path: Path) -> None:
    """A question is asked of the documents in its language only, and each language has its own figures."""
    documents = [document("en:a", "Leave", "Urlaub 2026 leave"), document("de:a", "Urlaub", "Urlaub 2026", lang="de")]
    questions = [question(one, "Urlaub 2026?", [{"doc_id": f"{one}:a"}]) for one in ("en", "de")]
    place = write_set(tmp_path / "two", documents, questions)
    found = evaluator.run(place, Mode.RETRIEVAL)
    told = {name: [hit["doc_id"] for hit in one["retrieved"]] for name, one in evaluator.answers(place).items()}
    assert told == {"en": ["en:a"], "de": ["de:a"]}
    assert set(found["by_language"]) == {"de", "en"}


def test_what_is_not_there_is_skipped_with_one_line(machine: Machine) -> None:
    """Sets that are absent are no fault; a folder that is no set is one."""
    done = machine.run("eval", "run", "nosuchset")
    assert done.stdout.count("nosuchset") == 1
    assert "skipped" in done.stdout
    (machine.home / "empty").mkdir()
    refused = machine.json("eval", "run", "empty", code=2)
    assert refused["error"]["kind"] == "bad_input"
    assert "documents.jsonl" in refused["error"]["message"]


def test_an_engine_without_address_is_refused(machine: Machine, tmp_path: Path) -> None:
    """Weaviate is not guessed: the setting is named."""
    place = str(policies(tmp_path / "policies"))
    refused = machine.json("eval", "run", place, "--engine", "weaviate", code=2)
    assert "WEAVIATE_URL" in refused["error"]["message"]


def test_the_command_prints_one_table_and_leaves_the_bases_alone(machine: Machine, tmp_path: Path) -> None:
    """An evaluation has knowledge bases of its own: the operator's list stays as it was."""
    shown = machine.run("eval", "run", str(policies(tmp_path / "policies"))).stdout.splitlines()
    assert shown[0].split()[:3] == ["set", "n", "CRAG"]
    assert shown[2].split()[:3] == ["policies", "5", "0.800"]
    assert machine.json("kb", "list")["bases"] == []
