"""English words by what they do in a question, for the rules about follow-ups. It decides nothing."""

from collections.abc import Sequence

import regex

from pipelines.retrieval.terms import content_words


_CONTRACTED = regex.compile(r"(?:(?<=\bca|\bwo)n|n)?['’](?:s|m|re|ll|ve|d|t)\b", regex.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VAGUE = _words(
    """
    many much long often far more total exactly detail details information else further again tell explain continue go
    please mean means meant happen happens happened one ones give show example examples list until since too well even
    just only either instead really actually now still already ahead ca wo
    """
)
"""Words that say nothing of what a question is about."""

LIGHT = _words("get gets got need needs needed take takes apply applies cost costs work works start starts end ends")
"""Verbs that ask something of a thing and name none."""

RELATIONAL = _words(
    """
    exception exceptions limit limits deadline deadlines requirement requirements restriction restrictions condition
    conditions fee fees alternative alternatives eligible difference next step steps catch mandatory optional required
    allowed form forms process procedure paperwork approval amount maximum minimum cap rate price duration possible
    reason reasons consequence consequences
    """
)
"""Words for something that only exists as something of something: "Are there exceptions?" leans."""

NEEDS_OBJECT = _words(
    """
    approve approves approved decide decides inform notify contact ask sign signs request claim order register cancel
    enroll enrol agree agrees confirm confirms submit join renew pay pays use ask return send qualify qualifies count
    counts
    """
)
"""Verbs that are nothing without what they are done to: "who has to approve?" leans."""

GROUPS = _words(
    """
    employee employees staff worker workers people contractor contractors freelancer freelancers consultant consultants
    intern interns student students trainee trainees apprentice apprentices manager managers director directors
    executive executives lead leads teammate teammates colleague colleagues timer timers temp temps veteran veterans
    parent parents father fathers mother mothers partner partners spouse spouses child children kid kids family families
    guest guests visitor visitors newcomer newcomers hire hires engineer engineers designer designers team teams
    department departments member members office offices country countries shift shifts
    """
)
"""Words for whom or where a rule holds: they fill a question anew and are no topic."""

TIMES = _words(
    """
    time year years month months week weeks day days night nights weekend weekends holiday holidays morning evening
    today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december spring summer autumn fall winter christmas easter
    """
)
"""Words for when: they fill a question anew and are no topic."""


def telling(text: str) -> tuple[str, ...]:
    """Return the words of a text that say what it is about, in lower case; "what's" and "don't" leave none."""
    plain = _CONTRACTED.sub(" ", text)
    return tuple(word for word in content_words(plain) if word not in VAGUE)


def all_in(words: Sequence[str], *sets: frozenset[str]) -> bool:
    """Return whether each word is in one of the sets."""
    return all(any(word in one for one in sets) for word in words)
