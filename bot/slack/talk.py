"""Does what people write to each other ask anything of us? Rules for words alone; they err on the quiet side."""

import re


_PERSON = re.compile(r"<(?:@|!subteam\^|!here|!channel|!everyone)")
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
_SHORT = 6
"""Words of small talk, at most."""
_ENOUGH = 3
"""Words of a question without its mark, at least."""


def names_people(text: str) -> bool:
    """Say whether a message in Slack's form, which does not name the bot, names people or groups: it is for them."""
    return bool(_PERSON.search(text))


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
