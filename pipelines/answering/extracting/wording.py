"""What the wording of a question or a sentence gives away. English; other languages simply match nothing."""

import regex


_WIDE = regex.compile(
    r"""
      ^\W*(?: how \s (?:do|does|did|can|could|should|would|might|to|is|are|has|have) \b
            | (?:please \s)? (?:explain|describe|list|compare|name|tell \s me \s about) \b
            | why \b )
    | \b(?:what|which) \s (?:are|were) \b
    | \bwhat \s (?:do|does) \b [^?]* \b(?:cover|include|provide|offer|mean|entail|involve|require|do|say)
    | \bwhat \s (?:is|was) \s (?:the|a|an|our|your|my) \s (?:\w+\s){0,2}
        (?:process|purpose|procedure|policy|rule|role|meaning|approach|benefit|importance|goal|aim|idea|definition) \b
    | \b(?:what|which) \s (?:\w+\s){0,2}
        (?:types|kinds|services|steps|options|rules|ways|factors|requirements|conditions|exceptions|documents
          |methods|measures|features|tools|examples|benefits|costs) \b
    | \b(?:differences?|differ|tips|steps|explain|describe|advice|reasons|advantages|pros\sand\scons|procedure) \b
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_POINTS_BACK = regex.compile(
    r"^\W*(?:this|that|these|those|it|they|he|she|its|their|his|her|such|both|the (?:former|latter))\b",
    regex.IGNORECASE,
)
_GOES_ON = regex.compile(
    r"""^\W*(?:however|therefore|thus|moreover|furthermore|in\saddition|additionally|also|but|and|or|so|then
        |for\sexample|for\sinstance|instead|nevertheless|similarly|finally|meanwhile|otherwise|as\sa\sresult
        |consequently)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CONDITION = regex.compile(
    r"""^\W*(?:however|unless|except(?:ions?)?|only|otherwise|provided\sthat|subject\sto|but|exclusions?
        |(?:this|these|it|they)\s(?:do|does|is|are)\s(?:not|only)\b
        |(?:this|these)\s(?:only\s)?appl(?:y|ies))\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_CLOSING = regex.compile(
    r"""\b(?: (?:if|should)\syou\s(?:have|need)\s(?:any\s|more\s|further\s|additional\s)*
                (?:question|concern|information|help|assistance)
            | for\s(?:more|further|additional)\s(?:information|details|questions)
            | (?:do\snot|don.t)\shesitate | feel\sfree
            | by\s(?:following|understanding|taking|keeping)\b[^.]{0,80}\byou\scan )""",
    regex.VERBOSE | regex.IGNORECASE,
)


def asks_for_more_than_a_fact(question: str) -> bool:
    """Return whether a question wants an explanation, steps or a list rather than one fact."""
    return _WIDE.search(question) is not None


def points_back(sentence: str) -> bool:
    """Return whether a sentence begins with a word that stands for something said before it."""
    return _POINTS_BACK.match(sentence) is not None


def goes_on(sentence: str) -> bool:
    """Return whether a sentence begins as the next step of a thought: "However", "For example"."""
    return _GOES_ON.match(sentence) is not None


def is_condition(sentence: str) -> bool:
    """Return whether a sentence limits what was said before it: "Unless …", "This does not apply …"."""
    return _CONDITION.match(sentence) is not None


def is_closing_phrase(sentence: str) -> bool:
    """Return whether a sentence only takes leave: "If you have any questions …"."""
    return _CLOSING.search(sentence) is not None


def announces(sentence: str) -> bool:
    """Return whether what follows a sentence is what it is about: it ends in a colon."""
    return sentence.rstrip().endswith((":", "："))


def asks(sentence: str) -> bool:
    """Return whether a sentence is itself a question, as in a list of frequent ones."""
    return sentence.rstrip(" \"'”’)").endswith(("?", "？", "؟"))
