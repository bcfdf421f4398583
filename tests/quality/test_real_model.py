"""What is measured of a real model's sentences needs no model: here it is measured of a few by hand."""

from pathlib import Path

import pytest

from pipelines.answering.verifying import Verdict
from pipelines.ports.model import Finish, ModelReply
from tests.quality.real_model.labels import FILE as LABELS
from tests.quality.real_model.labels import Label, read_labels
from tests.quality.real_model.scoring import copies, judged, rows_as_written, rows_with_errors, with_errors
from tests.quality.real_model.sentences import ModelSentence, Task, read_sentences, write_sentences
from tests.quality.real_model.writing import SETS, errands, statements
from tests.quality.verifier_cases.sources import DEMO, TEST, half_of, passages_of, sets_folder


DOCUMENT = "travel/travel-policy-2026.pdf"
needs_sets = pytest.mark.skipif(
    not all((sets_folder() / name).is_dir() for name in SETS), reason="no evaluation sets: set FOOTNOTE_EVALDATA"
)


def written(sentence: str, *, of: str = DEMO, document: str = DOCUMENT, ordinal: int = 0) -> ModelSentence:
    """Return a sentence as if a model had written it."""
    passage = passages_of(of, document)[ordinal].text
    return ModelSentence(Task.REWORDED, of, document, ordinal, "", passage, sentence, "by hand")


def first_sentence() -> str:
    """Return the first sentence of a passage of the demonstration base."""
    source = passages_of(DEMO, DOCUMENT)[0]
    return source.words(source.units[0])


def test_sentences_are_read_as_they_were_written(tmp_path: Path) -> None:
    """What a model wrote may be scored again without it; an empty folder holds nothing."""
    kept = [written("Schön: “one”."), written("Two\u2028lines.")]
    write_sentences(tmp_path / "out", kept)

    assert read_sentences(tmp_path / "out") == kept
    assert read_sentences(tmp_path) == []
    assert read_labels(tmp_path) == {}


def test_a_passage_that_is_cut_otherwise_is_noticed() -> None:
    """A sentence is never judged by another passage than the one that it was written from."""
    old = ModelSentence(Task.REWORDED, DEMO, DOCUMENT, 0, "", "Another text.", "A sentence.", "by hand")

    with pytest.raises(LookupError, match="let the model write anew"):
        _ = old.source


def test_verdicts_are_counted_beside_what_people_say(tmp_path: Path) -> None:
    """Each label has a row of its own, and so have the sentences that nobody has read."""
    (tmp_path / LABELS).write_text('{"sentence": 0, "label": "faithful"}\n{"sentence": 1, "label": "not faithful"}\n')
    sentences = [written(first_sentence()), written("The moon is made of 7 cheeses."), written("Trains run.")]

    rows = {row.name: row for row in rows_as_written(judged(sentences, read_labels(tmp_path)))}

    assert rows["all"].total == 3
    assert rows["read: faithful"].share(Verdict.SUPPORTED) == 1
    assert rows["read: not faithful"].share(Verdict.CONTRADICTED) == 1
    assert rows["not read"].total == 1


def test_a_reply_is_parted_as_the_product_parts_it() -> None:
    """At most two statements of a reply are taken, none twice, no heading or lead-in, and no half sentence."""
    text = "Here is the summary:\n- Leave takes 20 days.\n- Leave takes 20 days.\n- Ask Anna.\n- Bring a badge."

    assert statements(ModelReply(text, Finish.STOP, "m", "m")) == ["Leave takes 20 days.", "Ask Anna."]
    assert statements(ModelReply("Leave takes 20 days. Ask", Finish.LENGTH, "m", "m")) == ["Leave takes 20 days."]


@needs_sets
def test_errors_are_planted_where_nothing_is_wrong() -> None:
    """A sentence that a person calls unfaithful, or that the verifier contradicts, gets no error."""
    errand = next(one for one in errands() if any(char.isdigit() for char in one.seed.text))
    source = errand.seed.source
    sound = written(errand.seed.text, of=source.set, document=source.document, ordinal=source.ordinal)

    found = judged([sound], {})
    planted = with_errors(found)

    assert copies(found) == {sound.sentence}
    assert planted
    assert all(case.original == sound.sentence for case, _ in planted)
    assert sum(row.total for row in rows_with_errors(planted, frozenset())) >= len(planted)
    assert not any("no copy" in row.name for row in rows_with_errors(planted, copies(found)))
    assert with_errors(judged([sound], {0: Label.UNFAITHFUL})) == []


@needs_sets
def test_a_model_writes_from_the_test_half_alone() -> None:
    """What it is asked is always the same, takes each set in turn, and is of documents that no rule was made on."""
    first, again = ([next(made) for _ in range(12)] for made in (errands(), errands()))

    assert [one.message for one in first] == [one.message for one in again]
    assert {one.seed.source.set for one in first} == set(SETS)
    assert {one.task for one in first} == set(Task)
    assert all(half_of(one.seed.source.set, one.seed.source.document) == TEST for one in first)
