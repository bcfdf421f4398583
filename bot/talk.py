"""
Does what people write ask anything of us? Rules for words alone, of every platform; they err on the quiet side.

In words as a person reads them, without a platform's marks.
"""

import re


_EMOJI = re.compile(r":[\w+'-]+:")
_WORD = re.compile(r"[\w']+")
_FIRST_WORDS = frozenset(
    {
        "what", "which", "who", "whom", "whose", "where", "when", "why", "how", "is", "are", "am", "was", "were", "do",
        "does", "did", "can", "could", "may", "might", "must", "shall", "should", "will", "would", "has", "have", "had",
        "welche", "welcher", "welches", "wer", "wem", "wen", "wo", "wohin", "woher", "wann", "warum", "weshalb",
        "wieso", "wie", "wieviel", "ist", "sind", "war", "darf", "dürfen", "kann", "können", "muss", "müssen", "soll",
        "sollen", "gibt", "hat", "haben",
    }
)  # fmt: skip
_HELLO = frozenset(
    {
        "hi", "hello", "hey", "hiya", "hallo", "moin", "servus", "grüezi", "bonjour", "hola", "ciao", "help", "hilfe",
        "good morning", "good afternoon", "good evening", "guten morgen", "guten tag", "guten abend", "grüß gott",
    }
)  # fmt: skip
_NAMED = frozenset({"there", "footnote", "bot", "again", "please", "bitte", "nochmal"})
"""What may stand behind a greeting."""
_THANKS = frozenset({"thanks", "thank", "thx", "ty", "cheers", "danke", "dank", "dankeschön", "merci", "gracias"})
_AGREED = frozenset(
    {
        "you", "great", "perfect", "nice", "cool", "ok", "okay", "k", "got", "it", "will", "do", "done", "yes", "no",
        "yep", "nope", "sure", "awesome", "good", "very", "much", "a", "lot", "so", "that's", "that", "helps", "helped",
        "helpful", "lol", "haha", "hi", "hello", "hey", "morning", "vielen", "super", "prima", "toll", "gut", "alles",
        "klar", "ja", "nein", "passt", "erledigt", "hallo", "moin", "verstanden", "bestens",
    }
)  # fmt: skip
_POLITE = frozenset(
    {
        "for", "your", "the", "all", "help", "quick", "answer", "reply", "this", "again", "footnote", "für", "die",
        "deine", "ihre", "schnelle", "hilfe", "antwort", "auskunft", "schön", "sehr", "dir", "ihnen", "euch",
        "herzlichen", "besten", "nochmal", "nochmals",
    }
)  # fmt: skip
"""What else stands beside thanks."""
_SMALL_TALK = _AGREED | _THANKS
_THANKING = _SMALL_TALK | _POLITE
_ANSWERS = frozenset({"yes", "no", "yep", "nope", "ja", "nein", "do", "it"})
_ABOUT_US = frozenset(
    {
        "who are you", "what are you", "what can you do", "what can i ask", "what can i ask you", "what can i ask here",
        "wer bist du", "wer sind sie", "was kannst du", "was können sie", "was kann ich fragen",
        "was kann ich dich fragen", "was kann ich sie fragen", "was kann ich hier fragen", "test", "testing", "ping",
        "a test", "just a test", "just testing", "this is a test", "are you there", "nur ein test", "bist du da",
    }
)  # fmt: skip
_SHORT = 6
"""Words of small talk, at most."""
_ENOUGH = 3
"""Words of a question without its mark, at least."""


def is_question(words: str) -> bool:
    """Say whether a message reads as a question: by a question mark, or by its first word if it is one sentence."""
    told = _EMOJI.sub(" ", words).strip()
    found = _WORD.findall(told.lower())
    if not found:
        return False
    if told.endswith("?") or re.search(r"\?\s", told):
        return True
    return found[0] in _FIRST_WORDS and len(found) >= _ENOUGH and not re.search(r"[.!]", told)


def is_small_talk(words: str) -> bool:
    """Say whether a reply is thanks or agreement, or nothing but signs."""
    return _is_made_of(words, _SMALL_TALK) or is_thanks(words)


def is_greeting(words: str) -> bool:
    """Say whether somebody greets us or calls for help, and asks nothing else."""
    told = [one for one in _words(words) if one not in _NAMED]
    return "?" not in words and (" ".join(told) in _HELLO or (0 < len(told) <= _SHORT and _HELLO.issuperset(told)))


def is_thanks(words: str) -> bool:
    """Say whether somebody thanks, and asks or answers nothing: "yes, thanks" may answer a question of ours."""
    told = _words(words)
    if _THANKS.isdisjoint(told) or not _ANSWERS.isdisjoint(told):
        return False
    return _is_made_of(words, _THANKING)


def may_mean_us(words: str) -> bool:
    """
    Say whether somebody asks what the bot is for, tries it, or agrees.

    Where nothing was said before, no document is meant.
    """
    return bool(words.strip()) and (" ".join(_words(words)) in _ABOUT_US or is_small_talk(words))


def _words(told: str) -> list[str]:
    return _WORD.findall(_EMOJI.sub(" ", told).lower().replace("’", "'"))


def _is_made_of(told: str, known: frozenset[str]) -> bool:
    """Say whether a text that asks nothing is short and has no other words than these."""
    words = _words(told)
    return len(words) <= _SHORT and known.issuperset(words) and "?" not in told
