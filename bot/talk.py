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
_SMALL_TALK = frozenset(
    {
        "thanks", "thank", "thx", "ty", "you", "cheers", "great", "perfect", "nice", "cool", "ok", "okay", "k", "got",
        "it", "will", "do", "done", "yes", "no", "yep", "nope", "sure", "awesome", "good", "very", "much", "a", "lot",
        "so", "that's", "that", "helps", "helped", "helpful", "lol", "haha", "hi", "hello", "hey", "morning", "danke",
        "dank", "dankeschön", "vielen", "super", "prima", "toll", "gut", "alles", "klar", "ja", "nein", "passt",
        "erledigt", "hallo", "moin", "verstanden", "bestens",
    }
)  # fmt: skip
_HELLO = frozenset(
    {
        "hi", "hello", "hey", "hiya", "good", "morning", "afternoon", "evening", "there", "hallo", "moin", "guten",
        "tag", "morgen", "abend", "servus", "grüezi", "help", "hilfe",
    }
)  # fmt: skip
_ABOUT_US = frozenset(
    {
        "who are you", "what are you", "what can you do", "what do you do", "what can i ask", "what can i ask you",
        "what can i ask here", "how do you work", "how does this work", "wer bist du", "wer sind sie", "was kannst du",
        "was können sie", "was machst du", "was kann ich fragen", "was kann ich dich fragen", "was kann ich sie fragen",
        "was kann ich hier fragen", "wie funktionierst du", "wie funktioniert das",
    }
)  # fmt: skip
_THANKS = frozenset({"thanks", "thank", "thx", "ty", "cheers", "danke", "dank", "dankeschön"})
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
    told = _WORD.findall(_EMOJI.sub(" ", words).lower().replace("’", "'"))
    return len(told) <= _SHORT and all(one in _SMALL_TALK for one in told) and "?" not in words


def is_greeting(words: str) -> bool:
    """Say whether somebody greets us, calls for help or asks what we are for, and asks nothing else."""
    told = _WORD.findall(_EMOJI.sub(" ", words).lower().replace("’", "'"))
    return " ".join(told) in _ABOUT_US or (0 < len(told) <= _SHORT and all(one in _HELLO for one in told))


def is_thanks(words: str) -> bool:
    """Say whether somebody thanks us, and asks nothing."""
    told = _WORD.findall(_EMOJI.sub(" ", words).lower())
    return is_small_talk(words) and not _THANKS.isdisjoint(told)
