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
_ALL = regex.compile(
    r"""\b(?:what|which) \s (?:\w+\s){0,3} (?:are|were) \b
      | ^\W*(?:(?:please|can \s you|could \s you) \s)* (?:list|show|give \s me|tell \s me) \b
      | \b(?:all|every|overview|table) \b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_FRAME = regex.compile(
    r"""\bhow\s(?P<light>many|much|large|big|long|high|far|often|old|soon|quickly|fast)\b
      | ^\W*(?P<light>(?:please\s|can\syou\s|could\syou\s)*
        (?:tell\s(?:me|us)(?:\smore)?\sabout|explain|describe|list|show\sme|give\sme|help\sme|i\swant\sto\sknow))\b
      | \b(?P<light>please)\b
      | \b(?:do|does|did|can|could|may|must|should|will|would)\s(?:i|we|you|he|she|they|one|\w+(?:\s\w+){0,2})
        \s(?P<light>get|have\sto|need\sto|mean)\b""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NAME = regex.compile(
    r"""(?<=[\p{L}\p{N},;:'’"”)]\s)\p{Lu}[\p{L}\p{M}\p{N}_]*
      | (?:(?<=^|\s)\p{L}[\p{L}\p{M}]*\s)?(?<![\p{L}\p{N}_])\p{N}[\p{N}.,]*(?![\p{L}\p{N}_])
      | [\p{L}_]*\p{N}[\p{L}\p{N}_]*""",
    regex.VERBOSE,
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


def asks_for_all(question: str) -> bool:
    """Return whether a question wants all of something: "What are …", "Which … are there", "List …"."""
    return _ALL.search(question) is not None


def without_frame(question: str) -> str:
    """Return a question without the words that only ask: "how many", "tell me about", "do I get"."""
    spans = [span for match in _FRAME.finditer(question) for span in match.spans("light")]
    for start, end in reversed(spans):
        question = f"{question[:start]} {question[end:]}"
    return question


def names_in(question: str) -> list[str]:
    """Return the names of a question: words with a capital but the first, those with a digit, numbers after a word."""
    return _NAME.findall(question)


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
