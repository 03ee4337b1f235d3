"""The words by which grounding knows doubt and denial, and which words stand for one another."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.statements import Names, Word, stem

NEGATIONS = frozenset("not cannot never no nobody nothing none neither nor without nowhere hardly barely".split())
NEGATIVE = re.compile(
    r"\b(?:deni\w*|deny\w*|refus\w*|reject\w*|declin\w*|fail\w*|lack\w*|avoid\w*|unable|unlikely|oppos\w*|stop\w*"
    r"|resist\w*|rather than|instead of|ignor\w*|missing|prevent\w*|rul\w+ out|count\w* \w+ out|stay\w* away"
    r"|far from|absen\w+"
    r"|too \w+ to|end of|free of|short of|impossib\w+|myth|wrong|false|yet to|\w+-free|freed|shield\w*|spared"
    r"|abandon\w*|unclear|uncertain|few(?! (?:years|months|weeks|days|hours|minutes))|first time|give up|gave up"
    r"|no-\w+|forg[oe]\w*|skip\w*|withh\w+|bar|bars|barred|block\w*|ban|bans|banned|except)\b",
    re.IGNORECASE,
)
HEDGES = re.compile(
    r"\b(?:may|might|could|can|perhaps|possibl\w+|potential\w*|probabl\w+|(?:un)?likely|reportedly|alleg\w+"
    r"|apparent\w*|appear\w*"
    r"|seem\w*|suggest\w*|supposed\w*|rumou?r\w*|unconfirmed|purported\w*|expect\w*|believ\w+|think\w*|thought"
    r"|consider\w*|mull\w*"
    r"|suspect\w*|if|whether|would|hopes?|risks?|estimat\w+|predict\w+|threat\w*|proposed|proposal|try|trying|hint\w*"
    r"|presumabl[ey]|tentative\w*|speculat\w+|claim\w*|accus\w+)\b",
    re.IGNORECASE,
)
MODAL = frozenset(
    "may might could perhaps possibly potentially potential probably probable likely reportedly allegedly alleged"
    " apparently appears appear appeared"
    " seems seem seemed suggests suggested supposedly rumoured rumored unconfirmed purportedly purported"
    " mulling considering suspected unlikely".split()
)
HEARSAY = re.compile(
    r"\b(?:claim(?:s|ed)|sources? (?:said|say|told)|(?:on|under) condition of anonymity|officials? (?:said|say)"
    r"|accus\w+)\b",
    re.IGNORECASE,
)

_PAIRS = """
rose rise rising risen increase increased grew grow jump jumped climbed / fell fall falling fallen decrease
decreased dropped drop declined decline down sank slipped shrank, won win wins winning victory / lost lose loses
losing defeat defeated, support supports supported back backs backed endorse endorsed favor favors / oppose opposes
opposed opposing against reject rejects rejected, highest most biggest largest top / lowest least smallest, better /
worse, before / after, accept accepted / reject rejected refuse refused, ahead leads leading / behind trails
trailing, more / less fewer, first / last, unfavorable negative negatively unfavorably / favorable positive
positively favorably, friend ally / rival enemy,
open opened opens reopened reopen / close closed closes shut shuts, safe safely / unsafe dangerous danger,
guilty convicted / innocent acquitted cleared, alive survived survives / dead died dies killed, legal lawful / illegal
unlawful, arrived arrives / departed departs left, begin began begins start started starts / end ended ends finished,
approved approves approve / rejected rejects reject vetoed, hired hires / fired fires dismissed
""".split(",")
OPPOSITES = tuple((frozenset(map(stem, left.split())), frozenset(map(stem, right.split())))
                  for left, _, right in (pair.partition("/") for pair in _PAIRS))  # fmt: skip
"""Stems of which the one side denies the other."""

_GROUPS = """
stern harsh tough strict severe, begin start open launch began, end finish close conclude ended, buy purchase bought
acquire, job work employment, car vehicle, show reveal shown disclose, kill die dead death murder slay killed, help
aid assist assistance, big large huge great, small little tiny, campaign run race, win won victory defeat beat, vote
ballot election elect poll, survey poll, percent percentage percentag share, favor support back endorse prefer
favorite, backer supporter ally fan follower donor, attack criticize blast slam trash bash assail criticise hit
denounce condemn, release publish issue unveil, lawyer attorney, suit lawsuit case sue, money cash fund dollar, rich
wealthy wealth billionaire tycoon mogul, fear worry concern anxious nervous concerned worried, ask request question
wonder want know, answer respond reply react reaction response, quit leave exit resign depart left, fire dismiss
sack oust fired firing dismissed, lose lost lack, let allow permit, stop halt block bar ban prevent, need require
must, plan proposal propose intend scheme intention, group organization organisation body, country nation state
national, company firm maker business, child kid baby son daughter children, wife husband spouse, mother mom, father
dad, man guy, woman lady women, police officer cop, president presidency presidential, immigrant migrant refugee,
speech address remark talk speak spoke, remark comment statement, meet meeting met, fight battle clash, war
conflict, rule law regulation bill legislation, probe investigation inquiry investigate, email message mail, phone
telephone call, movie film video clip, picture photo image photographer photograph, house home, school college
university, near close, fast quick rapid rapidly quickly, hard difficult tough easy, begin early, late delay tardy,
rise grow increase gain jump climb, fall drop decline sink decrease cut reduce fell, keep stay remain maintain, try
seek attempt aim effort, think believe consider feel thought view regard opinion, see view watch seen viewer, choose
pick select, send sent ship, tell told inform, hold held host, accuse allege charge, opponent rival challenger
contender, deputy aide adviser assistant advisor, spokesman spokesperson spokeswoman, chairman chair head lead
leader chairwoman, boss chief head, owner own, voter electorate, nominee candidate nomination contender hopeful,
republican gop, terrorist terror militant terrorism, illegal unauthorized undocumented authorization permission, tax
levy, pay paid payment wage salary cost, price cost worth, debt loan, doctor physician surgeon, storm flood water
hurricane, ahead lead outpace, level tie equal even tied, combined together total altogether sum, opposite reverse,
same identical similar such, again repeat repeated, often frequently, former ex once formerly previously previous,
current now present, recently late lately, whole entire all, part share portion, enough sufficient, also too, author
write wrote writer, speaker speak spoke said, ignore deny fail denied, abandon scrap, citizen people everyday
ordinary american, worker employee staff, wound hurt injure injured, punish sentence penalty, deter discourage
prevent, town city urban, ready prepared, terminate terminable cancel end, endear warm, receive get accept take
given taken got, reach hit arrive, congress lawmaker senate, treat handle handling, seem appear look, happy glad
pleased, wish desire want hope, spend spent expense, earn income make, cheer applaud, crowd audience people, site
website page, visit travel trip come went drop, suggest hint imply, argue contend assert say, explain explanation
account, claim assert say, reject resist refuse deny, change transform shift alter, serve service, join joined
member, party democrat, debate argue argument, deal agreement pact, vow promise pledge swear, warn caution, describe
call term label brand, point cite refer, cause reason because, hack breach intruder break, post share tweet, oust
remove, protest demonstrate protester demonstrator, resettle relocate, nobody none one no, fair just, unfair
unfairness unfairly, bear birth born, light lit, include including among contain, donation donate contribution give
gave gift, concentrate focus centre center, prove proof, hurry rush run, praise hail admire compliment, anger upset
angry angered, beat surpass break exceed top record, liken compare likened, draw excite attract, omit skip miss
leave left, public publicize announce, waver waffle hesitate, draw attract call, receive win get, drive send push
force, cost dent harm hurt damage, rest stay, formerly former
""".split(",")
CLASSES = {
    one: frozenset(number for number, group in enumerate(_GROUPS) if one in set(map(stem, group.split())))
    for one in {stem(word) for group in _GROUPS for word in group.split()}
}
"""The stems that stand for one another: for each, the numbers of its groups."""

PEOPLES = dict(
    pair.split()
    for pair in """
french france, dutch netherlands, spanish spain, swiss switzerland, danish denmark, polish poland, greek greece,
welsh wales, irish ireland, british britain, english england, philippine philippines, filipino philippines
""".split(",")
)
"""Peoples whose names do not begin as their country's does."""

STANDING = dict(
    pair.split()
    for pair in """
moscow russia, kremlin russia, beijing china, tehran iran, baghdad iraq, damascus syria, kabul afghanistan,
ankara turkey, kiev ukraine, kyiv ukraine, tokyo japan, delhi india, london britain, paris france, berlin germany,
madrid spain, rome italy, ottawa canada, canberra australia, cairo egypt, riyadh saudi, tripoli libya, athens greece,
havana cuba, caracas venezuela, islamabad pakistan, warsaw poland, brussels eu, jerusalem israel, pyongyang korea,
seoul korea, pentagon defense, tweet twitter, tweets twitter, tweeted twitter, tweeting twitter, ariz arizona,
calif california, colo colorado, conn connecticut, fla florida, ga georgia, ill illinois, ind indiana, kan kansas,
ky kentucky, la louisiana, mass massachusetts, md maryland, mich michigan, minn minnesota, miss mississippi,
mo missouri, mont montana, neb nebraska, nev nevada, okla oklahoma, ore oregon, pa pennsylvania, tenn tennessee,
tex texas, va virginia, vt vermont, wash washington, wis wisconsin, wyo wyoming
""".split(",")
)
"""Words that stand for a name: cities and buildings that speak for a country or department, states cut short."""

_SHORT = """
gop: republican republicans, isis: islamic state, isil: islamic state, us: united states america american americans,
uk: britain british, fed: federal reserve, feds: federal, nyt: new york times, wapo: washington post,
huffpost: huffington, america: united states, american: united states, americans: united states,
doj: justice department, eu: european union, dc: district columbia
""".split(",")
ALIASES = {short.strip(): frozenset(full.split()) for short, _, full in (one.partition(":") for one in _SHORT)}
"""Short names with the words of the full ones."""

_PEOPLE_ENDS = re.compile(r"(?:an|o|ian|ish|y|s|ns|ans|ians|n|ese|ic|i|is|a|ia|ain|e|es)?")


def denies(word: Word) -> bool:
    """Whether a word denies by itself."""
    return word.low in NEGATIONS or word.low.endswith("n't")


def same_name(one: Names, other: Names) -> bool:
    """Whether two names share a word, in this form or another."""
    return any(same_people(low, other) or ALIASES.get(low, frozenset()) & other or low in other for low in one) or any(
        ALIASES.get(low, frozenset()) & one for low in other
    )


def same_people(low: str, held: Iterable[str]) -> bool:
    """Whether a name is of a country, people or party that is held in another form, or by what stands for it."""
    one = STANDING.get(low, low)
    return any(_same_people(one, STANDING.get(other, other)) for other in held)


def _same_people(one: str, other: str) -> bool:
    if one == other or PEOPLES.get(one) == other or PEOPLES.get(other) == one:
        return True
    if one[:3] != other[:3]:
        return False
    shared = common(one, other)
    alike = len(shared) >= 4 and all(_PEOPLE_ENDS.fullmatch(name[len(shared) :]) for name in (one, other))
    return alike or stem(one) == stem(other)


def common(one: str, other: str) -> str:
    """With what two words both begin."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
