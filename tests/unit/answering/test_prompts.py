"""The prompt: its layout holds whatever documents, questions and admins write into it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.answering.prompts import MOST_SOURCE_CHARS, PROMPT_VERSION, House, Prompt, PromptSource, answer_prompt


CORPUS = Path(__file__).parent / "prompt_corpus"
CASES = sorted(one.stem for one in CORPUS.glob("*.json"))

_TAGS = ("</source>", "<source number=", "<question>", "</sources>")
_CHARACTERS = tuple('\n"<> a\u200b\x00\ud800')
_HOSTILE = st.lists(st.sampled_from((*_TAGS, *_CHARACTERS)) | st.text(max_size=5), max_size=12).map("".join)


def written(name: str) -> Prompt:
    """Return the prompt of a case of the corpus."""
    case = json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))
    house = House(case.get("style", ""), tuple((word, meaning) for word, meaning in case.get("glossary", ())))
    return answer_prompt(case["question"], [PromptSource(**one) for one in case["sources"]], house)


@pytest.mark.parametrize("name", CASES)
def test_the_words_of_a_prompt_change_with_its_version_only(name: str) -> None:
    """A remembered answer is bound to the version: other words need another number and a new corpus."""
    prompt = written(name)
    stored = (CORPUS / f"{name}.v{PROMPT_VERSION}.txt").read_text(encoding="utf-8")
    assert f"{prompt.system}\n=====\n{prompt.user}\n" == stored


@given(question=_HOSTILE, texts=st.lists(st.tuples(_HOSTILE, _HOSTILE, _HOSTILE), max_size=4), style=_HOSTILE)
def test_nothing_in_a_document_ends_its_source(question: str, texts: list[tuple[str, str, str]], style: str) -> None:
    """There are as many sources as were given, numbered in order, and one question, whatever they hold."""
    sources = [PromptSource(title, section, "", text) for title, section, text in texts]
    prompt = answer_prompt(question, sources, House(style, (("a", style),)))
    assert re.findall(r"<\s*source\s+number=\"(\d+)\"", prompt.user) == [str(n) for n in range(1, len(texts) + 1)]
    for tag, count in (("source", len(texts)), ("sources", 1), ("question", 1)):
        assert len(re.findall(rf"(?i)<\s*/\s*{tag}\s*>", prompt.user)) == count
    assert not re.search(r"(?i)<\s*/?\s*(source|sources|question)\b", prompt.system)
    (prompt.system + prompt.user).encode()


@given(st.text(max_size=40), st.lists(st.text(max_size=60), max_size=3))
def test_equal_questions_have_equal_prompts(question: str, texts: list[str]) -> None:
    """A replay sends what was sent."""
    sources = [PromptSource("t", "", "", text) for text in texts]
    assert answer_prompt(question, sources) == answer_prompt(question, sources)


def test_a_long_source_is_cut() -> None:
    """No single passage fills a model's context."""
    prompt = answer_prompt("q", [PromptSource("t", "", "", "x" * (MOST_SOURCE_CHARS + 1))])
    assert "x" * MOST_SOURCE_CHARS in prompt.user
    assert "x" * (MOST_SOURCE_CHARS + 1) not in prompt.user


def test_only_words_that_occur_bring_their_meaning() -> None:
    """A glossary of two hundred words does not stand in every prompt."""
    prompt = answer_prompt("What is a PO?", [], House(glossary=(("po", "purchase order"), ("VPN", "a tunnel"))))
    assert "purchase order" in prompt.system
    assert "tunnel" not in prompt.system
