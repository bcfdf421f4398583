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
    one_person: str
    people: str
    one_channel: str
    channels: str
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
    as_of: str
    never_synced: str
    and_more: str
    admin_headline: str
    plan_title: str
    search: str
    read_none: str
    read_one: str
    read_many: str
    check: str
    working: str
    reading_one: str
    reading_many: str
    reading_bases: str
    stopped: str
    crowded: str
    failed: str
    too_late: str
    unknown_person: str
    greeting: str
    welcome_to_it: str
    hidden_one: str
    hidden_many: str
    answer_gone: str
    not_yours: str
    did_not_work: str
    notice_title: str
    one_moment: str
    thanks: str
    thanks_for_fault: str
    passed_on: str
    people_for_members: str
    people_asked_often: str
    asks_you: str
    reply_directly: str
    went_to: str
    went_to_nobody: str
    share_title: str
    share_hint: str
    share_channel: str
    bot_not_there: str
    you_not_there: str
    channel_unknown: str
    shared: str
    no_words: str
    not_here: str
    answered_here: str
    question_title: str
    question_hint: str
    answered_privately: str
    you_asked: str
    asks: str
    not_asked: str
    job_done: str
    job_ended: str
    job_failed: str
    job_goes_on: str
    more_than_fits: str
    suggestion: str
    suggestion_of_all: str
    welcome: str
    empty: str
    too_long: str
    reading_files: str
    read_files: str
    from_files: str
    not_read: str
    no_file_read: str
    no_question: str
    many_files: str
    pick_for_files: str
    nth_file: str
    file_unseen: str
    file_not_sent: str
    file_elsewhere: str
    files_too_large: str
    too_many_files: str


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
    one_person="1 person",
    people="{number} people",
    one_channel="1 channel",
    channels="{number} channels",
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
    feedback_hint="Admins read this.",
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
    base_line="{base}: {freshness}",
    as_of="as of {date}",
    never_synced="not read in yet",
    and_more="and {number} more",
    admin_headline="State of the knowledge bases",
    plan_title="Looking it up",
    search="Search the knowledge bases",
    read_none="Read what was found",
    read_one="Read 1 passage",
    read_many="Read {number} passages",
    check="Check every sentence against its source",
    working="is searching the knowledge bases…",
    reading_one="is reading 1 passage of {bases}…",
    reading_many="is reading {number} passages of {bases}…",
    reading_bases="{number} knowledge bases",
    stopped="Stopped. Ask again whenever you like.",
    crowded="Too many questions wait in this thread. Please ask again when the others are answered.",
    failed="Something went wrong here, and this question has no answer. Please ask it again.",
    too_late="This question waited too long, and has no answer. Please ask it again.",
    welcome_to_it="You are welcome.",
    greeting=(
        "I answer questions from this organisation's own documents, with a source for every sentence. Mention me with"
        " a question. Here I use only what everyone in this channel may read."
    ),
    unknown_person="I can answer members of this organisation alone, and cannot see that you are one.",
    hidden_one="A source of this answer may not be shown here today.",
    hidden_many="{number} sources of this answer may not be shown here today.",
    answer_gone="This answer is not kept any more.",
    not_yours="That is for the person whom this answer was given to.",
    did_not_work="That did not work. Please try it again.",
    notice_title="Please note",
    one_moment="One moment…",
    thanks="Thank you, that is noted.",
    thanks_for_fault="Thank you. Admins read this.",
    passed_on="Your question is passed on. I tell you in our direct messages whom it goes to.",
    people_for_members="Only members of this organisation can pass questions on.",
    people_asked_often="You passed on {number} questions within an hour. Please wait for a while before the next one.",
    asks_you=" has a question for you:",
    reply_directly="Please reply to them directly: I pass nothing back.",
    went_to="Your question went to {names}:",
    went_to_nobody="Your question could not be passed on, since I find nobody in Slack who looks after the documents:",
    share_title="Ask in a channel",
    share_hint="I ask anew there, and use only documents that everyone there may read. This answer stays here.",
    share_channel="Channel",
    bot_not_there="I am not in that channel. Invite me there first.",
    you_not_there="You are not in that channel.",
    channel_unknown="Slack does not tell me now who is in that channel. Please send it again.",
    shared="I ask it there.",
    no_words="There are no words in it that I could answer.",
    not_here="I am not in this conversation. Invite me, or ask me in a direct message.",
    answered_here="I answer in the thread of that message.",
    question_title="Ask a question",
    question_hint="I answer in our direct messages, from documents that you may read.",
    answered_privately="I answer in our direct messages.",
    you_asked="You asked:",
    asks=" asks:",
    not_asked="Your question could not be asked there. Please ask it again, or here:",
    job_done="Job {job} is done: {added} documents added, {changed} changed, {removed} removed.",
    job_ended="Job {job} is done.",
    job_failed="Job {job} failed: {error}",
    job_goes_on="Job {job} still goes on. Its base's status tells how far it is.",
    more_than_fits="There is more than I can show here.",
    suggestion="What does “{title}” say?",
    suggestion_of_all="What can I ask you?",
    welcome="Hello! Ask me here: I answer from documents that you may read, with a source for every sentence.",
    empty="What would you like to know? Please write your question behind my name.",
    too_long="That is too long for one question. Please ask it in fewer words.",
    reading_files="is reading what you sent…",
    read_files="Read what came with the question",
    from_files="From the attached files alone. Nothing of them is kept.",
    not_read="Not read: {name}: {reason}",
    no_file_read="None of the attached files could be read.",
    no_question="What would you like to know? Please send the files once more, together with your question.",
    many_files="I am reading as many files as I can just now. Please ask again in a minute.",
    pick_for_files="Which one do you mean? Please ask again, with the file and in these words:",
    nth_file="file {number}",
    file_unseen="Slack does not let me see it",
    file_not_sent="Slack did not send it now: please ask again",
    file_elsewhere="it does not lie in Slack but elsewhere, where I cannot look",
    files_too_large="with it the files have more than {megabytes} MB, the limit for one question",
    too_many_files="I read {most} files for one question",
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
    one_person="1 Person",
    people="{number} Personen",
    one_channel="1 Kanal",
    channels="{number} Kanäle",
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
    feedback_hint="Das liest die Verwaltung.",
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
    base_line="{base}: {freshness}",
    as_of="Stand {date}",
    never_synced="noch nicht eingelesen",
    and_more="und {number} weitere",
    admin_headline="Zustand der Wissensbasen",
    plan_title="Ich sehe nach",
    search="Die Wissensbasen durchsuchen",
    read_none="Lesen, was gefunden wurde",
    read_one="1 Textstelle lesen",
    read_many="{number} Textstellen lesen",
    check="Jeden Satz an seiner Quelle prüfen",
    working="durchsucht die Wissensbasen …",
    reading_one="liest 1 Textstelle aus {bases} …",
    reading_many="liest {number} Textstellen aus {bases} …",
    reading_bases="{number} Wissensbasen",
    stopped="Angehalten. Fragen Sie wieder, wann immer Sie möchten.",
    crowded="In diesem Thread warten zu viele Fragen. Bitte fragen Sie noch einmal, wenn die anderen beantwortet sind.",
    failed="Hier ist etwas schiefgegangen, und diese Frage hat keine Antwort. Bitte stellen Sie sie noch einmal.",
    too_late="Diese Frage hat zu lange gewartet und hat keine Antwort. Bitte stellen Sie sie noch einmal.",
    welcome_to_it="Gern geschehen.",
    greeting=(
        "Ich beantworte Fragen aus den Dokumenten dieser Organisation, mit einer Quelle für jeden Satz. Erwähnen Sie"
        " mich mit einer Frage. Hier benutze ich nur, was alle in diesem Kanal lesen dürfen."
    ),
    unknown_person="Ich kann nur Mitgliedern dieser Organisation antworten und sehe nicht, dass Sie dazugehören.",
    hidden_one="Eine Quelle dieser Antwort darf hier heute nicht gezeigt werden.",
    hidden_many="{number} Quellen dieser Antwort dürfen hier heute nicht gezeigt werden.",
    answer_gone="Diese Antwort ist nicht mehr aufbewahrt.",
    not_yours="Das kann nur, wer diese Antwort bekommen hat.",
    did_not_work="Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
    notice_title="Hinweis",
    one_moment="Einen Moment …",
    thanks="Danke, das ist notiert.",
    thanks_for_fault="Danke. Das liest die Verwaltung.",
    passed_on="Ihre Frage wird weitergegeben. In unseren Direktnachrichten sage ich Ihnen, an wen.",
    people_for_members="Nur Mitglieder dieser Organisation können Fragen weitergeben.",
    people_asked_often="Sie haben in einer Stunde {number} Fragen weitergegeben. Bitte warten Sie etwas.",
    asks_you=" hat eine Frage an Sie:",
    reply_directly="Bitte antworten Sie direkt: Ich gebe nichts zurück.",
    went_to="Ihre Frage ging an {names}:",
    went_to_nobody="Ihre Frage konnte ich nicht weitergeben: In Slack finde ich niemanden, der die Dokumente pflegt:",
    share_title="Im Kanal fragen",
    share_hint="Ich frage dort neu und verwende nur Dokumente, die dort alle lesen dürfen. Diese Antwort bleibt hier.",
    share_channel="Kanal",
    bot_not_there="In diesem Kanal bin ich nicht. Laden Sie mich zuerst dorthin ein.",
    you_not_there="In diesem Kanal sind Sie nicht.",
    channel_unknown="Slack sagt mir gerade nicht, wer in diesem Kanal ist. Bitte senden Sie es noch einmal.",
    shared="Ich frage es dort.",
    no_words="Darin stehen keine Worte, die ich beantworten könnte.",
    not_here="In dieser Unterhaltung bin ich nicht. Laden Sie mich ein, oder fragen Sie mich in einer Direktnachricht.",
    answered_here="Ich antworte im Thread dieser Nachricht.",
    question_title="Eine Frage stellen",
    question_hint="Ich antworte in unseren Direktnachrichten, aus Dokumenten, die Sie lesen dürfen.",
    answered_privately="Ich antworte in unseren Direktnachrichten.",
    you_asked="Sie haben gefragt:",
    asks=" fragt:",
    not_asked="Ihre Frage konnte dort nicht gestellt werden. Bitte stellen Sie sie noch einmal, oder hier:",
    job_done="Auftrag {job} ist erledigt: {added} Dokumente neu, {changed} geändert, {removed} entfernt.",
    job_ended="Auftrag {job} ist erledigt.",
    job_failed="Auftrag {job} ist gescheitert: {error}",
    job_goes_on="Auftrag {job} läuft noch. Der Status seiner Basis sagt, wie weit er ist.",
    more_than_fits="Es gibt mehr, als ich hier zeigen kann.",
    suggestion="Was steht in „{title}“?",
    suggestion_of_all="Was kann ich Sie fragen?",
    welcome="Hallo! Fragen Sie mich: Ich antworte aus Dokumenten, die Sie lesen dürfen, mit Quelle für jeden Satz.",
    empty="Was möchten Sie wissen? Bitte schreiben Sie Ihre Frage hinter meinen Namen.",
    too_long="Das ist zu lang für eine Frage. Bitte fragen Sie mit weniger Worten.",
    reading_files="liest, was Sie geschickt haben …",
    read_files="Lesen, was mit der Frage kam",
    from_files="Nur aus den angehängten Dateien. Von ihnen wird nichts aufbewahrt.",
    not_read="Nicht gelesen: {name}: {reason}",
    no_file_read="Keine der angehängten Dateien war lesbar.",
    no_question="Was möchten Sie wissen? Bitte schicken Sie die Dateien noch einmal, zusammen mit Ihrer Frage.",
    many_files="Ich lese gerade so viele Dateien, wie ich kann. Bitte fragen Sie in einer Minute noch einmal.",
    pick_for_files="Was ist gemeint? Bitte fragen Sie noch einmal, mit der Datei und in diesen Worten:",
    nth_file="Datei {number}",
    file_unseen="Slack lässt sie mich nicht sehen",
    file_not_sent="Slack hat sie gerade nicht geschickt: bitte fragen Sie noch einmal",
    file_elsewhere="sie liegt nicht in Slack, sondern anderswo, wo ich nicht nachsehen kann",
    files_too_large="mit ihr haben die Dateien mehr als {megabytes} MB, die Grenze für eine Frage",
    too_many_files="für eine Frage lese ich {most} Dateien",
)

LANGUAGES: Mapping[str, Words] = MappingProxyType({"en": ENGLISH, "de": GERMAN})
