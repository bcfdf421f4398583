"""The words of `bot.answer_texts`, a table per language. No function stands here; `{}` is filled in there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pipelines.answering.refusing import NO_CONTENT, NOT_FOUND, NOT_IN_FILES, NOT_SAID, NOTHING_SYNCED, WHICH_ONE
from pipelines.domain.conversation import Fallback
from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class AnswerWords(Value):
    """
    All that is said of an answer in one language; a language has all of it or does not exist.

    Attributes:
        sentences: what the pipelines say in place of an answer -> the same in this language.
        reasons: why an answer is made of extracts.

    """

    sentences: Mapping[str, str]
    together: Mapping[str, str]
    page: str
    row: str
    rows: str
    reasons: Mapping[Fallback, str]
    extracts: str
    own_words_one: str
    own_words_many: str
    withheld_one: str
    withheld_many: str
    written_by: str
    in_place_of: str
    minutes: str
    hours: str
    days: str
    age: str
    just_now: str


ENGLISH: Final = AnswerWords(
    sentences=MappingProxyType({}),
    together=MappingProxyType(
        {
            NOT_FOUND: "What everyone here may read does not answer this. Asked directly, I also use what you alone may"
            " read.",
            NOT_SAID: "What everyone here may read does not answer this: the documents below come closest, but do not"
            " say it. Asked directly, I also use what you alone may read.",
        }
    ),
    page="page {number}",
    row="row {rows}",
    rows="rows {rows}",
    reasons=MappingProxyType(
        {
            Fallback.MODEL_AWAY: "The language model did not answer in time",
            Fallback.BUDGET_SPENT: "Today's budget of {base} for written answers is used up",
            Fallback.QUOTA_SPENT: "You have had all written answers of today",
            Fallback.NOT_SUPPORTED: "What the language model wrote is not what the sources say",
        }
    ),
    extracts="{reason}: these are the documents' own sentences.",
    own_words_one="1 sentence with ≈ is in the bot's own words: compare with the quote.",
    own_words_many="{number} sentences with ≈ are in the bot's own words: compare with the quote.",
    withheld_one="1 sentence was left out: the sources do not support it.",
    withheld_many="{number} sentences were left out: the sources do not support them.",
    written_by="Written by {model}{place}, checked against its sources.",
    in_place_of=" in place of {model}",
    minutes="{number} min",
    hours="{number} h",
    days="{number} d",
    age="Answered {age} ago, checked again now.",
    just_now="Answered just now.",
)

GERMAN: Final = AnswerWords(
    sentences=MappingProxyType(
        {
            WHICH_ONE: "Die Dokumente beantworten das auf mehr als eine Weise. Was ist gemeint?",
            NOTHING_SYNCED: "Noch hält keine Wissensbasis ein Dokument: Fügen Sie eine hinzu und lesen Sie sie ein.",
            NO_CONTENT: "Bitte stellen Sie eine ganze Frage: Diese Wörter allein nennen nichts, was sich nachschlagen"
            " ließe.",
            NOT_FOUND: "Die Wissensbasen, die Sie lesen können, beantworten das nicht.",
            NOT_IN_FILES: "Die Dateien, die mit der Frage kamen, beantworten sie nicht.",
            NOT_SAID: "Die Wissensbasen, die Sie lesen können, beantworten das nicht. Die Dokumente unten kommen dem am"
            " nächsten, sagen es aber nicht.",
        }
    ),
    together=MappingProxyType(
        {
            NOT_FOUND: "Was alle hier lesen dürfen, beantwortet das nicht. Direkt gefragt nutze ich auch, was nur Sie"
            " lesen dürfen.",
            NOT_SAID: "Was alle hier lesen dürfen, beantwortet das nicht: Die Dokumente unten kommen dem am nächsten,"
            " sagen es aber nicht. Direkt gefragt nutze ich auch, was nur Sie lesen dürfen.",
        }
    ),
    page="Seite {number}",
    row="Zeile {rows}",
    rows="Zeilen {rows}",
    reasons=MappingProxyType(
        {
            Fallback.MODEL_AWAY: "Das Sprachmodell hat nicht rechtzeitig geantwortet",
            Fallback.BUDGET_SPENT: "Das heutige Budget von {base} für geschriebene Antworten ist aufgebraucht",
            Fallback.QUOTA_SPENT: "Sie haben alle geschriebenen Antworten von heute schon bekommen",
            Fallback.NOT_SUPPORTED: "Was das Sprachmodell geschrieben hat, sagen die Quellen nicht",
        }
    ),
    extracts="{reason}: Dies sind Sätze aus den Dokumenten selbst.",
    own_words_one="1 Satz mit ≈ ist in eigenen Worten: Vergleichen Sie ihn mit dem Zitat.",
    own_words_many="{number} Sätze mit ≈ sind in eigenen Worten: Vergleichen Sie sie mit den Zitaten.",
    withheld_one="1 Satz wurde weggelassen: Die Quellen stützen ihn nicht.",
    withheld_many="{number} Sätze wurden weggelassen: Die Quellen stützen sie nicht.",
    written_by="Geschrieben von {model}{place}, an den Quellen geprüft.",
    in_place_of=" anstelle von {model}",
    minutes="{number} min",
    hours="{number} h",
    days="{number} Tagen",
    age="Vor {age} beantwortet, jetzt noch einmal geprüft.",
    just_now="Gerade eben beantwortet.",
)

LANGUAGES: Final[Mapping[str, AnswerWords]] = MappingProxyType({"en": ENGLISH, "de": GERMAN})
