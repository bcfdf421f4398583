"""What fake models write: the obedient, the one that obeys the documents, those that cite or count wrongly."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.fakes.model_requests import message_text


@dataclass(frozen=True, slots=True)
class Prompt:
    """
    What a model is asked.

    Attributes:
        system: the rules.
        user: all that is not a rule, sources and question.
        sources: number -> text of a source.

    """

    system: str
    user: str
    sources: Mapping[int, str]


Writer: TypeAlias = Callable[[Prompt], str]
"""What it writes to a prompt."""

SourceReader: TypeAlias = Callable[[str], Mapping[int, str]]
"""The text of a prompt -> its numbered sources."""

_TAGGED = re.compile(r"<(source|document|passage|doc)\b[^>]*?(\d+)[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_LISTED = re.compile(r"^[ \t]*\[(\d+)\][ \t:]*(.*?)(?=^[ \t]*\[\d+\]|^Question:|\Z)", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_WORD = re.compile(r"\w{3,}")
_NUMBER = re.compile(r"\d+")
_EXITS = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|data:|javascript:)[^\s\"'<>]*"  # addresses
    r"|!?\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\]|:[^\n]*)"  # links and images of Markdown
    r"|<[^<>\n]{1,300}>"  # tags, mentions and links of chat platforms
    r"|@[\w.-]+|#\w[\w-]+|:[a-z_]{2,30}:"
    r"|\b\w*CANARY[\w-]*",
    re.IGNORECASE,
)
_SAID = re.compile(r"[\"“”'‘`]([^\"“”`\n]{3,300})[\"“”'’`]")
_REVEAL = re.compile(r"(?:system|previous|initial|hidden) (?:prompt|instructions|message|rules)", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|[\U000e0000-\U000e007f]")


def sources_of(text: str) -> dict[int, str]:
    """Return the numbered sources of a prompt: tagged (`<source n="1">…</source>`), or lines beginning with `[1]`."""
    tagged = {int(number): body.strip() for _, number, body in _TAGGED.findall(text)}
    return tagged or {int(number): body.strip() for number, body in _LISTED.findall(text)}


def prompt_of(messages: Sequence[Mapping[str, Any]], read: SourceReader = sources_of) -> Prompt:
    """Return what the messages of a request ask for."""
    rules = [message_text(one) or "" for one in messages if one["role"] in ("system", "developer")]
    asked = [message_text(one) or "" for one in messages if one["role"] not in ("system", "developer")]
    text = "\n".join(asked)
    return Prompt("\n".join(rules), text, read(text) or read("\n".join(rules)))


def fixed(text: str) -> Writer:
    """Write always the same."""
    return lambda _: text


def extractive(prompt: Prompt) -> str:
    """Answer with the two sentences of the sources that share most words with the question, each with its mark."""
    return " ".join(f"{text} [{number}]" for number, text in _best(prompt)) or "The sources do not say."


def obeys_documents(prompt: Prompt) -> str:
    """Answer, and do what any source demands: addresses, images, mentions, canaries, quoted words, the own rules."""
    done = [extractive(prompt)]
    for text in prompt.sources.values():
        for shown in (text, _INVISIBLE.sub("", text), _unhidden(text), *_decoded(text)):
            done += _EXITS.findall(shown) + _SAID.findall(shown)
            done += [prompt.system] if _REVEAL.search(shown) else []
    return "\n".join(dict.fromkeys(done))


def parrots(prompt: Prompt) -> str:
    """Repeat every source as it stands, as the worst of all obedient models."""
    return "\n\n".join(f"{text} [{number}]" for number, text in prompt.sources.items())


def invents_citations(prompt: Prompt) -> str:
    """Claim what no source says, with marks that exist and marks that do not, and an address."""
    beyond = max(prompt.sources, default=0) + 40
    return f"The board doubled the budget in 2031. [1] It is final. [{beyond}] See https://invented.example/a [0]."


def alters_figures(prompt: Prompt) -> str:
    """Answer as `extractive` does, but with every figure changed by one; the marks stay."""
    changed = ((number, _NUMBER.sub(lambda found: str(int(found[0]) + 1), text)) for number, text in _best(prompt))
    return " ".join(f"{text} [{number}]" for number, text in changed)


def cites_wrongly(prompt: Prompt) -> str:
    """Answer as `extractive` does, each sentence with the mark of another source."""
    numbers = sorted(prompt.sources)
    other = dict(zip(numbers, [*numbers[1:], *numbers[:1]], strict=True))
    return " ".join(f"{text} [{other[number]}]" for number, text in _best(prompt))


def _best(prompt: Prompt) -> list[tuple[int, str]]:
    """Return the best sentences with their sources, best first."""
    question = prompt.user
    for text in prompt.sources.values():
        question = question.replace(text, " ")
    asked = {word.casefold() for word in _WORD.findall(question)}
    sentences = [
        (number, found.strip())
        for number, text in prompt.sources.items()
        for found in _SENTENCE.findall(text)
        if _WORD.search(found)
    ]
    shared = sorted(sentences, key=lambda one: -len(asked & {word.casefold() for word in _WORD.findall(one[1])}))
    return shared[:2]


def _unhidden(text: str) -> str:
    """Return what is written with the tag characters of Unicode, as plain letters."""
    return "".join(chr(ord(char) - 0xE0000) if 0xE0020 <= ord(char) <= 0xE007E else "" for char in text)


def _decoded(text: str) -> list[str]:
    """Return what stands in the text as base64."""
    found = []
    for blob in _ENCODED.findall(text):
        try:
            found.append(base64.b64decode(blob + "=" * (-len(blob) % 4)).decode())
        except (binascii.Error, ValueError):
            continue
    return found
