"""Words that may stand for each other, and words that are opposites. Of everyday English; no dictionary."""

from collections import defaultdict

from pipelines.retrieval.terms import stem


_ALIKE = """
employee staff personnel
pay paid
reimburse refund
cover covered coverage
buy purchase bought
use utilize usage used using
help assist
begin start began begun started
finish complete finished
give provide gave given provided offer
receive get got gotten obtain obtained
choose select chosen chose pick
send submit sent
find locate found
show display
change modify alter modification
build built construct
create make made
inform notify
allow permit
additional extra further
large big
important crucial
customer client
doctor physician
problem issue
error failure
cost price expense
goal aim objective
usually typically
quick rapid
information detail
people person individual
yearly annual annually
area region
maximum limit
rent hire
phone telephone
organization organisation
ill sick
vacation holiday
current present
near close
call name
lose lost
buy bought
live reside
die died
repair fix
main major
several numerous
benefit perk
often frequently
immediate immediately
forbidden prohibited
teammate colleague
discuss talk
contact touch
require mandatory required
"""

_AKIN = """
employee staff teammate worker member people
pay reimburse cover cost spend money price fee charge
give allow let receive grant
send write message mail email contact tell inform notify ask request call ring report
use work apply
help support
review check inspect inspection look
team group crew people
contract agreement agree approve approval authorize signature sign
lead leader manager supervisor head boss
trip travel journey ride flight fly
car vehicle taxi
gift present
company firm employer organization
sick medical doctor health
vacation leave absence off
child baby parent mother father family birth born
job role position work
early previous former prior before
place location site spot
rule policy right
need want require necessary
keep retain stay remain hold
join join participate attend
teach taught learn learning lesson class course
responsible charge responsibility
delete remove erase wipe
document file paper form
happen occur event
win won victory defeat
war conflict battle fight
king ruler emperor leader
city town capital
own belong
complete whole full entire
write wrote written author publish
store save stor
speak spoke language
date day year time
update change edit new
number amount figure count
find see look view
build create establish found make develop
end finish close last expire
begin start open launch found
buy order purchase
lose forfeit
show tell describe explain
"""

_OPPOSITES = """
higher=lower;high=low;highest=lowest;before=after;increase=decrease;rise=fall;larger=smaller;largest=smallest
earlier=later;early=late;above=below;include=exclude;included=excluded;allow=prohibit;allowed=prohibited
allow=forbid;allowed=forbidden;permitted=forbidden;permitted=prohibited;accept=reject;accept=refuse;accept=decline
approve=deny;approve=reject;first=last;internal=external;public=private;open=closed;open=close;best=worst;easier=harder
faster=slower;fast=slow;north=south;east=west;northern=southern;eastern=western;oldest=newest;older=newer
enable=disable;start=end;begin=end;long=short;longer=shorter;old=new;more=fewer;more=less;better=worse;good=bad
incoming=outgoing;manual=automatic;manually=automatically;full=part;win=lose;won=lost;join=leave;joined=left
success=failure;succeed=fail;major=minor;strong=weak;paid=unpaid;minimum=maximum;over=under;up=down;least=most
inside=outside;import=export;buy=sell;positive=negative;upper=lower;top=bottom;left=right;add=remove;gain=lose
credit=debit;push=pull;ascending=descending;with=without;always=never;hot=cold;young=old;younger=older;many=few
innetwork=outnetwork;arrival=departure;mandatory=optional;required=optional
"""


def _groups(text: str) -> dict[str, str]:
    """Return stem -> the stem that stands for its group; a word belongs to the first group that names it."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        stems = stem(line.split())
        for one in stems:
            found.setdefault(one, stems[0])
    return found


def _opposites() -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = defaultdict(set)
    for one in _OPPOSITES.replace("\n", ";").split(";"):
        if one:
            first, second = one.split("=")
            pairs[first].add(second)
            pairs[second].add(first)
    return {word: frozenset(others) for word, others in pairs.items()}


MEANING = _groups(_ALIKE)
"""Stem -> stem that stands for all words that may replace it."""

KINDRED = _groups(_AKIN)
"""Stem -> stem that stands for words of the same subject: they say where a sentence comes from, not that it is true."""

OPPOSITES = _opposites()
"""Word -> words that say the opposite."""
