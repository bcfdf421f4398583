"""
The words that the generator of cases exchanges. Written before the verifier, which has lists of its own.

What stands under UNLISTED is kept out of the verifier's lists, so that a harm in other
words than the expected ones is measured too.
"""


def _pairs(text: str) -> dict[str, str]:
    return dict(one.strip().split("=") for one in text.replace("\n", ";").split(";") if one.strip())


def _both_ways(text: str) -> dict[str, str]:
    there = _pairs(text)
    back = {after: before for before, after in there.items() if after not in there}
    return there | back


_MONTHS = "january february march april may june july august september october november december"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"
_NUMBERS = "two three four five six seven eight nine ten eleven twelve"
MONTHS = tuple(_MONTHS.split())
WEEKDAYS = tuple(_WEEKDAYS.split())
NUMBER_WORDS = {word: value for value, word in enumerate(_NUMBERS.split(), start=2)}

SYNONYMS = _pairs("""
use=utilize;help=assist;purchase=buy;buy=purchase;employees=staff members;contact=get in touch with;ensure=make sure
provide=give;provides=offers;offers=provides;additional=extra;begin=start;began=started;large=big;important=crucial
create=build;submit=send in;receive=get;received=got;many=numerous;information=details;people=individuals
because=since;such as=like;discuss=talk about;choose=select;complete=finish;located=situated
often=frequently;usually=typically;several=a number of;at least=a minimum of;up to=a maximum of;more than=over
less than=under;however,=but;cost=price;costs=expenses;doctor=physician;team=group;teammates=colleagues
customers=clients;customer=client;problem=issue;quickly=rapidly;allows=lets;must=have to;need to=must
required=mandatory;work with=collaborate with;responsible for=in charge of
make sure=ensure;goal=aim;major=main;area=region;near=close to;first=initial;during=in the course of;built=constructed
error=failure;new=fresh;changes=modifications;change=modify;find=locate;show=display;set up=configure
approximately=about;obtain=get;benefits=perks;prior to=before;in order to=to
do not have to=are not required to;is not=isn't;only=exclusively;not allowed=forbidden;optional=not required
before=prior to;if=in case;unless=except if;cannot=are unable to;every=each;each=every;quarterly=every three months
immediately=at once;maximum=limit;annual=yearly;yearly=annual;currently=at present
""")

QUANTIFIERS = _pairs("""
all=some;some=all;every=some;most=all;many=all;any=no;each=no;both=neither;always=sometimes;usually=always;often=never
few=many;All=Some;Some=All;Most=All;Many=All;Each=No;Every=No;several=all;sometimes=always;typically=always
generally=never
""")
BOUNDS = _both_ways("""
at least=at most;more than=less than;no more than=no less than;no later than=no earlier than;maximum=minimum
fewer than=more than;greater than=less than
""") | {"up to": "at least", "within": "after"}
MODALS = _pairs("must=may;may=must;should=must;required=optional;can=must;need to=may;have to=may;optional=required")
ANTONYMS = _both_ways("""
higher=lower;before=after;increase=decrease;increased=decreased;larger=smaller;earlier=later;above=below
include=exclude;includes=excludes;allowed=prohibited;accept=reject;approve=deny;approved=denied;first=last
internal=external;public=private;open=closed;best=worst;largest=smallest;easier=harder;faster=slower;north=south
east=west;northern=southern;eastern=western;oldest=newest;highest=lowest;enable=disable;enabled=disabled;start=end
early=late;long=short;old=new;more=fewer;better=worse;incoming=outgoing;manual=automatic;full-time=part-time
win=lose;won=lost;joined=left;success=failure;major=minor;strong=weak;paid=unpaid;in-network=out-of-network
""")
UNITS = _pairs("""
days=weeks;day=week;weeks=days;week=month;months=years;month=week;years=months;year=month;hours=minutes;hour=day
minutes=hours;seconds=minutes;KB=MB;MB=GB;GB=MB;TB=GB;km=miles;miles=km;kilometers=miles;kilometres=miles
million=billion;billion=million;feet=meters;inches=feet;acres=hectares;metres=feet
""")
INVERTED_EXCEPTIONS = _pairs("without=with;except for=including;except=including;unless=if;Unless=If")
STRANGERS = (
    "Globex", "Initech", "Contoso", "Anna Keller", "Pierre Dubois", "Vandelay", "Helsinki", "Osaka", "Patagonia",
    "Redwood Trust", "Marta Silva", "Tyrell Corporation",
)  # fmt: skip
"""Names that no set holds in the passages that are drawn; one that does is not taken."""

UNLISTED_NEGATIONS = {
    "can": ("can hardly", "can seldom"),
    "will": ("will fail to", "will refuse to", "will decline to"),
    "is": ("is far from", "is hardly", "is anything but"),
    "are": ("are far from", "are hardly", "are anything but"),
    "was": ("was far from", "was hardly", "was anything but"),
    "were": ("were far from", "were hardly", "were anything but"),
}
UNLISTED_ANTONYMS = _both_ways("""
visible=hidden;safe=dangerous;simple=complex;local=global;common=rare;permanent=temporary;cheap=expensive
voluntary=compulsory;static=dynamic;domestic=foreign;single=multiple;formal=casual;hire=fire;hired=fired;send=withhold
create=delete;creates=deletes;support=oppose;supports=opposes;true=false;helpful=harmful;previous=next;future=past
rich=poor;build=destroy;built=destroyed;keep=discard;share=conceal;modern=ancient;wide=narrow;deep=shallow
easy=difficult;encourage=discourage;encouraged=discouraged;protect=expose;attend=skip;free=costly;large=tiny
continue=stop;continued=stopped;together=separately;individual=collective;grow=shrink;arrive=depart;obey=ignore
""")
