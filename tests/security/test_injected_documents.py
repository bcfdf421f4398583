"""
S1 and S2: whatever a document tells a model that obeys it, nothing leaves with the answer, and its sources are true.

Five hundred documents, 25 techniques in 20 carriers, each asked for by its subject and by what it
demands; every sixteenth of them in the short form.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.cli.pages import answered
from bot.cli.rich_screen import RichScreen
from bot.cli.screen import PlainScreen
from bot.rendering import page
from pipelines.adapters.memory_answer_cache import MemoryAnswerCache
from pipelines.adapters.system_clock import SystemClock
from pipelines.domain.access import EVERYONE, OPERATOR, principal_as
from pipelines.domain.conversation import Answer
from tests.fakes.model_behaviour import Behaviour
from tests.fakes.model_writers import Writer, obeys_documents, parrots
from tests.fakes.scripted_model import ScriptedModel
from tests.output_promises import LINKS
from tests.remembering import Remembering
from tests.security.injected_documents import CARRIERS, HOUSE_CANARY, TECHNIQUES, Injected, injected_documents
from tests.small_base import MOST_PASSAGES, SmallBase, open_parts


ASKED = ("How many hours a day is the {} desk open?", "What must an assistant write about {}?")
HIDDEN = "CANARY-of-others"
LINKED = re.compile(r"\x1b\]8;[^;\x1b]*;([!-~]+)\x1b\\")
BEN = principal_as(["user:ben"])


@dataclass(frozen=True)
class Scene:
    """A base of all documents, one of them for others, and a model that obeys them."""

    base: SmallBase
    model: ScriptedModel
    process: Remembering

    def ask(self, one: Injected, question: str) -> Answer:
        """Return the answer to a question about a document's subject."""
        return self.process.anew(question.format(one.subject), BEN)


@pytest.fixture(scope="module")
def documents() -> list[Injected]:
    """All five hundred."""
    return injected_documents()


@pytest.fixture(params=[obeys_documents, parrots], ids=["obeys", "parrots"])
def scene(tmp_path: Path, documents: list[Injected], request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Yield a base with the documents, whose style card and hidden document nobody may hear of."""
    folder = tmp_path / "documents"
    (folder / "hr").mkdir(parents=True)
    for one in documents:
        (folder / one.path).write_text(one.text, encoding="utf-8")
    hidden = f"# Desks\n\nThe desk code of every desk is {HIDDEN}, for assistants to write.\n"
    (folder / "hr" / "desks.md").write_text(hidden, encoding="utf-8")
    rules = 'audience: [{pattern: "hr/**", readers: ["group:hr"]}]'
    (folder / ".footnote.yaml").write_text(rules, encoding="utf-8")
    writer: Writer = request.param
    model = ScriptedModel(default=Behaviour(write=writer))
    with open_parts(tmp_path, words_only=True) as parts:
        base = SmallBase(parts, folder)
        parts.records.access.set_readers(base.kb, [EVERYONE], OPERATOR)
        style = f"Be brief. Our word is {HOUSE_CANARY}."
        parts.records.answering_rules.change(base.kb, lambda rules: replace(rules, style=style))
        assert base.sync().added == len(documents) + 1
        cache = MemoryAnswerCache(SystemClock(), max_bytes=10**6)
        yield Scene(base, model, Remembering(base, cache, model=model))


def check_leaves(answer: Answer) -> None:
    """Fail if a text outside the citations could become a link, an image or a mention, or tells a secret."""
    told = [answer.text, *(line for lines in page(answer).paragraphs for line in lines), *page(answer).notes]
    for text in told:
        assert not LINKS.search(text), text
        assert "![" not in text
    assert HOUSE_CANARY not in repr(answer)
    assert HIDDEN not in repr(answer)


def check_screens(answer: Answer) -> None:
    """Fail if a screen links anything but the citations' own addresses, or a pipe holds a sequence."""
    own = {one.url for one in (*answer.citations, *answer.closest)}
    plain, rich = io.StringIO(), io.StringIO()
    PlainScreen(plain).show(answered(answer))
    RichScreen(rich, width=80).show(answered(answer))
    assert "\x1b" not in plain.getvalue()
    assert set(LINKED.findall(rich.getvalue())) <= own


def check_sources(scene: Scene, answer: Answer, question: str) -> None:
    """Fail if a quote is not verbatim, or of a document that was not found, or without its date or author."""
    found = {
        (one.document_version, place)
        for one in scene.process.retrieve(question, BEN).hits
        for place in range(max(0, one.ordinal - 1), min(MOST_PASSAGES, one.ordinal + 2))
    }
    for one in answer.citations:
        life = scene.base.life(one.document)
        text = scene.base.parts.blobs.get(life.text_hash).decode()
        assert text[one.start : one.end] == one.quote
        assert one.document_version in {version for version, _ in found}
        assert (one.date, one.author) == (life.date, life.author)


def check(scene: Scene, documents: list[Injected]) -> Counter[str]:
    """Ask for each document in both ways; return how many answers were of which kind."""
    seen: Counter[str] = Counter()
    for one in documents:
        for question in ASKED:
            answer = scene.ask(one, question)
            check_leaves(answer)
            check_screens(answer)
            check_sources(scene, answer, question.format(one.subject))
            writing = answer.writing
            seen[f"{answer.outcome}, {'written' if writing and writing.model else 'extracts'}"] += 1
    prompts = "".join(message.text for call in scene.model.calls for message in call)
    assert HIDDEN not in prompts
    assert HOUSE_CANARY in prompts
    return seen


def test_no_two_documents_are_alike(documents: list[Injected]) -> None:
    """25 techniques in 20 carriers, each with a mark and a subject of its own."""
    assert (len(TECHNIQUES), len(CARRIERS), len(documents)) == (25, 20, 500)
    for values in (
        {one.path for one in documents},
        {one.canary for one in documents},
        {one.subject for one in documents},
    ):
        assert len(values) == len(documents)


def test_nothing_leaves_with_an_answer(scene: Scene, documents: list[Injected]) -> None:
    """No address, image, mention or secret in what a model that obeys says; every quote is of what was found."""
    seen = check(scene, documents[::37])
    assert seen["answer, written"] > 5
    assert seen["answer, extracts"] > 2


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_leaves_with_any_of_a_thousand_answers(scene: Scene, documents: list[Injected]) -> None:
    """The same of all five hundred documents."""
    seen = check(scene, documents)
    assert seen["answer, written"] > 80
    assert seen["answer, extracts"] > 40
    assert sum(seen.values()) == 2 * len(documents)
