"""
English words of closed classes: what negates, limits, allows and conditions, and what says nothing of its own.

Words of other languages are in no list; sentences in them are judged by figures and dates alone.
"""

from enum import StrEnum

from pipelines.retrieval.terms import stem


class Operator(StrEnum):
    """What a word of a closed class does to the words beside it."""

    NOT = "not"
    ALL = "all"
    MOST = "most"
    SOME = "some"
    MANY = "many"
    FEW = "few"
    BOTH = "both"
    ONLY = "only"
    MUST = "must"
    SHOULD = "should"
    MAY = "may"


QUANTITIES = frozenset({Operator.ALL, Operator.MOST, Operator.SOME, Operator.MANY, Operator.FEW, Operator.BOTH})
DUTIES = frozenset({Operator.MUST, Operator.SHOULD, Operator.MAY})

_OPERATORS = {
    Operator.NOT: "not never no none nor neither nobody nothing nowhere cannot without",
    Operator.ALL: "all every each always entire whole everyone everybody everything any anyone anybody whatever",
    Operator.MOST: "most mostly usually typically often frequently generally normally",
    Operator.SOME: "some sometimes certain occasionally somebody someone",
    Operator.MANY: "many several numerous various",
    Operator.FEW: "few rarely",
    Operator.BOTH: "both",
    Operator.ONLY: "only solely exclusively",
    Operator.MUST: "must shall required requires require mandatory need needs needed obliged compulsory",
    Operator.SHOULD: "should ought recommended",
    Operator.MAY: "may can could might optional allowed permitted able",
}
OPERATORS = {word: operator for operator, words in _OPERATORS.items() for word in words.split()}

_SOFT_NEGATIONS = """
except excluding exclude excludes excluded exclusion unless unable forbidden forbid forbids prohibited prohibit
prohibits refuse refused refuses decline declined lacking lack lacks rather instead avoid only apart until
independent regardless free otherwise prevent prevents stop stops missing disallowed ineligible impossible but few
outside free refusal unlike beyond nil zero exempt waived optional voluntary optionally unopened non
"""
SOFT_NEGATIONS = frozenset(_SOFT_NEGATIONS.split())
"""Words that may say with other means what `not` says elsewhere."""


def may_negate(word: str) -> bool:
    """Say whether a word denies, or may say with other means what `not` says elsewhere."""
    return OPERATORS.get(word) is Operator.NOT or word in SOFT_NEGATIONS


_CONDITIONS = "if unless except until till provided excluding without subject"
_TIMES = "when after before once whenever upon"
CONDITIONS = frozenset(_CONDITIONS.split())
TIMES = frozenset(_TIMES.split())
PAST = frozenset({"was", "were", "had", "did"})
_PRESENT = "is are has have do does can will must may should need needs"
PRESENT = frozenset(_PRESENT.split())
_CONDITION_SIGNS = """
if unless except until till provided providing excluding without subject when after before once while whenever upon
should only case long soon prior following depending during otherwise wherever where whose who whoever anyone
anybody starting from exception excepted apart as since because with whichever having being for than then meanwhile
meantime
"""
CONDITION_SIGNS = frozenset(_CONDITION_SIGNS.split())
"""Words by which a sentence may keep a condition that the passage words otherwise."""

_SILENT = """
a an the and or but of to in on at for from by with as is are was were be been being am it its this that these those
there here i you he she they we him her them us my me your his their our who whom whose which what where when why
how will would do does did done has have had having so than then too very just also such into onto over under about
out up down off if while because since same s t per via yes etc own other another else more less least between
through during within against toward towards upon before after above below again once until unless except till
though although however therefore thus furthermore moreover additionally hence whether either ones yourself
themselves itself himself herself ourselves whoever wherever whenever please namely like let lets rather instead
even still already yet now both each
"""
SILENT = frozenset(_SILENT.split()) | frozenset(OPERATORS)
"""Words that no coverage counts."""

_SCAFFOLD = """
note accord according yes policy document documents handbook based following page section passage source summary
short answer guideline guidelines guide information stated states says say mention mentions mentioned described
describes example employee employees staff teammate teammates company people person user users member members
colleague colleagues anyone everybody everyone way order particular detail details means meaning fact
"""
SCAFFOLD = frozenset(_SCAFFOLD.split())
"""Words that answers put around what they say: new ones of these take nothing from a sentence."""

_COMMON = """
use make get give take go come need want work help find see look know think tell ask show keep start begin end put
set run call try turn let mean become leave bring move hold follow allow include provide offer add create build
change new good great best first last next many much time day way thing part place case point number group team
company people person example information important different possible available able well long high low large small
big right full whole general specific several various certain particular additional accept according achieve across
act actually advance afford afterwards agree ahead aim alike almost alone along already also although always amount
answer anyone anything appear apply arrive aside attend away back bad base basis bear beat because before behind
believe belong benefit beside better bit book both break brief business busy buy can care carry catch cause chance
charge check choice choose claim clear clearly close collect common compare complete concern consider contact
contain continue control copy correct cost count course cover cut date deal decide decision deep deliver depend
describe despite detail direct directly discover discuss do done down draw drive drop during each early earn easily
easy effect either else employ empty encourage enjoy enough ensure enter entire equal especially even event
eventually ever every everyone everything exactly except exist expect experience explain extra fact fail fair fall
familiar far fast feel few field fill final finally fine finish fit fix focus force form former forward free friend
front further future gain generally glad goal gone grow guess half hand handle happen hard hardly have hear heavy
hence here hide hope however huge idea identical if immediately improve increase indeed individual inside instead
intend interest involve issue item job join just kind known lack land later lay lead learn least less level lie life
light like likely limit line list little live local lose lot main mainly majority manage manner matter maybe measure
meet mention mind miss moment month more most mostly name near nearly necessary never none normal normally note
nothing notice now occasion occur often old once only open opinion order ordinary other otherwise outside over
overall own pass past pay perform perhaps period permit pick piece plan please plenty position prefer prepare
present prevent previous probably problem process produce promise proper properly protect prove purpose quick
quickly quite raise rather reach read ready real realise really reason receive recent recently reduce refer regard
regular relate remain remember remove repeat replace report request require respect rest result return role round
rule safe same save say second seem select send separate serious serve share short simple simply since single
situation size slightly slow so solve some soon sort source speak special spend stand state stay step still stop
straight strong such suggest suit support suppose sure talk task tend then there therefore throughout together too
top total toward treat true type under understand unless until up upon usual usually value variety view visit wait
walk watch whatever when where whether while wide willing wish within without wonder word worth write wrong year yet
young your arrange prior obtain respond thank thanks towards latest earlier longer shorter cheaper dearer amid bound
rise dear sign spot sum fee trip staff workers handed onto stage phase beforehand afterward meanwhile entitled
eligible
"""
COMMON = frozenset(stem(_COMMON.split()))
"""Words that many passages share: half a word in any sum."""
