"""The words of `bot.slack_texts`, a table per language. No function stands here; `{}` is filled in there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pipelines.domain.values import Value


@dataclass(frozen=True, slots=True)
class Words(Value):
    """All that is said in one language; a language has all of it or does not exist."""

    show_evidence: str
    ask_person: str
    share: str
    remove: str
    good_answer: str
    bad_answer: str
    sources: str
    evidence: str
    part_of: str
    anyone: str
    all_members: str
    admins_alone: str
    read_by: str
    closest: str
    person: str
    pick: str
    only_you: str
    whole_channel: str
    close: str
    cancel: str
    send: str
    no_evidence: str
    more_left: str
    feedback_title: str
    feedback_reason: str
    feedback_detail: str
    feedback_hint: str
    wrong: str
    outdated: str
    incomplete: str
    bad_source: str
    other_reason: str
    ask_title: str
    ask_goes_to: str
    ask_goes_to_owner: str
    ask_label: str
    ask_passed_on: str
    my_questions: str
    no_questions: str
    forget: str
    forget_all: str
    forget_title: str
    forget_text: str
    forget_all_text: str
    my_bases: str
    no_bases: str
    base_line: str
    one_document: str
    documents: str
    as_of: str
    never_synced: str
    and_more: str
    admin_headline: str
    plan_title: str
    search_one: str
    search_many: str
    search_all: str
    read_none: str
    read_one: str
    read_many: str
    check: str


ENGLISH: Final = Words(
    show_evidence="Show evidence",
    ask_person="Ask a person",
    share="Share",
    remove="Remove this answer",
    good_answer="Good answer",
    bad_answer="Bad answer",
    sources="Sources",
    evidence="Evidence",
    part_of="Part {part} of {parts}",
    anyone="anyone",
    all_members="all members",
    admins_alone="admins alone",
    read_by="read by {readers}",
    closest="Closest documents",
    person="A person to ask: {name}",
    pick="Which one do you mean? Pick one, or ask in other words.",
    only_you="From documents that you may read. Nobody else sees this answer.",
    whole_channel="Only from documents that everyone here may read.",
    close="Close",
    cancel="Cancel",
    send="Send",
    no_evidence="This answer quotes no document.",
    more_left="More than fits here: open the documents for the rest.",
    feedback_title="What is wrong?",
    feedback_reason="What is wrong with this answer?",
    feedback_detail="What should it say?",
    feedback_hint="Those who look after the documents read this.",
    wrong="It is wrong",
    outdated="It is outdated",
    incomplete="Something is missing",
    bad_source="The source does not fit",
    other_reason="Something else",
    ask_title="Ask a person",
    ask_goes_to="Your question goes to {name}.",
    ask_goes_to_owner="Your question goes to those who look after the documents.",
    ask_label="Your question",
    ask_passed_on="Your name is passed on with it, so that you get a reply.",
    my_questions="My questions",
    no_questions="You have not asked anything yet. Write to me in the Messages tab.",
    forget="Delete",
    forget_all="Delete all",
    forget_title="Delete?",
    forget_text="The question and its answer are deleted from our records.",
    forget_all_text="All your questions and their answers are deleted from our records.",
    my_bases="Knowledge bases that you can read",
    no_bases="There is no knowledge base that you can read.",
    base_line="{base}: {documents}, {freshness}",
    one_document="1 document",
    documents="{number} documents",
    as_of="as of {date}",
    never_synced="not read in yet",
    and_more="and {number} more",
    admin_headline="State of the knowledge bases",
    plan_title="Looking it up",
    search_one="Search {base}",
    search_many="Search {number} knowledge bases",
    search_all="Search the knowledge bases",
    read_none="Read what was found",
    read_one="Read 1 passage",
    read_many="Read {number} passages",
    check="Check every sentence against its source",
)

GERMAN: Final = Words(
    show_evidence="Belege zeigen",
    ask_person="Jemanden fragen",
    share="Teilen",
    remove="Diese Antwort entfernen",
    good_answer="Gute Antwort",
    bad_answer="Schlechte Antwort",
    sources="Quellen",
    evidence="Belege",
    part_of="Teil {part} von {parts}",
    anyone="alle, auch Externe",
    all_members="alle Mitglieder",
    admins_alone="nur die Verwaltung",
    read_by="lesbar für {readers}",
    closest="Nächstliegende Dokumente",
    person="Fragen Sie zum Beispiel: {name}",
    pick="Was ist gemeint? Wählen Sie aus oder fragen Sie mit anderen Worten.",
    only_you="Aus Dokumenten, die Sie lesen dürfen. Niemand sonst sieht diese Antwort.",
    whole_channel="Nur aus Dokumenten, die hier alle lesen dürfen.",
    close="Schließen",
    cancel="Abbrechen",
    send="Senden",
    no_evidence="Diese Antwort zitiert kein Dokument.",
    more_left="Mehr, als hier Platz hat: Den Rest zeigen die Dokumente.",
    feedback_title="Was stimmt nicht?",
    feedback_reason="Was stimmt an dieser Antwort nicht?",
    feedback_detail="Was sollte dastehen?",
    feedback_hint="Das lesen diejenigen, die die Dokumente pflegen.",
    wrong="Sie ist falsch",
    outdated="Sie ist veraltet",
    incomplete="Es fehlt etwas",
    bad_source="Die Quelle passt nicht",
    other_reason="Etwas anderes",
    ask_title="Jemanden fragen",
    ask_goes_to="Ihre Frage geht an {name}.",
    ask_goes_to_owner="Ihre Frage geht an diejenigen, die die Dokumente pflegen.",
    ask_label="Ihre Frage",
    ask_passed_on="Ihr Name wird mitgeschickt, damit Sie eine Antwort bekommen.",
    my_questions="Meine Fragen",
    no_questions="Sie haben noch nichts gefragt. Schreiben Sie mir im Tab „Nachrichten“.",
    forget="Löschen",
    forget_all="Alle löschen",
    forget_title="Löschen?",
    forget_text="Die Frage und ihre Antwort werden aus unseren Aufzeichnungen gelöscht.",
    forget_all_text="Alle Ihre Fragen und deren Antworten werden aus unseren Aufzeichnungen gelöscht.",
    my_bases="Wissensbasen, die Sie lesen können",
    no_bases="Es gibt keine Wissensbasis, die Sie lesen können.",
    base_line="{base}: {documents}, {freshness}",
    one_document="1 Dokument",
    documents="{number} Dokumente",
    as_of="Stand {date}",
    never_synced="noch nicht eingelesen",
    and_more="und {number} weitere",
    admin_headline="Zustand der Wissensbasen",
    plan_title="Ich sehe nach",
    search_one="{base} durchsuchen",
    search_many="{number} Wissensbasen durchsuchen",
    search_all="Die Wissensbasen durchsuchen",
    read_none="Lesen, was gefunden wurde",
    read_one="1 Textstelle lesen",
    read_many="{number} Textstellen lesen",
    check="Jeden Satz an seiner Quelle prüfen",
)

LANGUAGES: Mapping[str, Words] = MappingProxyType({"en": ENGLISH, "de": GERMAN})
