"""What a name most likely names, as far as its own words and its article tell: a person, a place, a group. Pure."""

from __future__ import annotations

import functools
import re
from typing import Literal

NameKind = Literal["person", "place", "group", "anything"]

FIRST = frozenset(
    "aaron adam al alan albert alex alexander alexandra alice alison allen amanda amy andrea andrew andy"
    " angela ann anna anne anthony antonin antonio arthur"
    " ashley barack barbara barry ben benjamin bernard bernie beth bill billy bob bobby brad bradley"
    " brandon brenda brent brett brian bruce bryan carl carla"
    " carlos carly carol caroline carolyn carter catherine cathy charles charlie cheryl chris christian"
    " christie christina christine christopher chuck cindy"
    " claire clarence cliff clint cory craig curt cynthia dan dana daniel danny darren dave david dean"
    " deborah debbie denis dennis diana diane dick don donald"
    " donna doug douglas drew duncan dwight ed eddie edward eileen elaine elena eli elijah elizabeth"
    " ellen emily emma eric erica erik erin ernest eugene evan"
    " frank franklin fred frederick gail gary gavin gene geoffrey geoff george gerald gina glenn gloria"
    " gordon grace greg gregory hannah harold harry heather heidi"
    " helen henry herbert hillary howard hugh ian irene isaac ivan ivanka jack jackie jacob jaime jake"
    " james jamie jan jane janet jared jason jay jean jeb jeff"
    " jeffrey jen jennifer jeremy jerome jerry jesse jessica jill jim jimmy joan joe joel joey john"
    " johnny jon jonathan jordan jorge jose joseph josh joshua joy"
    " juan judith judy julia julian julie justin karen karl kate katherine kathleen kathy katie kay keith"
    " kellyanne kelly ken kenneth kevin kim kirk kristen kurt"
    " kyle larry laura lauren laurie lawrence lee leon leonard leslie lewis liam lily linda lindsey lisa"
    " lloyd lois lori louis lucas lucy luis luke lynn madeleine"
    " marc marco margaret maria marie marilyn mario mark martha martin marvin mary matt matthew maureen"
    " max megan megyn melanie melania melissa michael michelle"
    " miguel mike mitch mitt molly monica morgan nancy naomi natalie nate nathan ned neil nicholas nick"
    " nicole nikki noah norman oliver omar oscar pamela pat"
    " patricia patrick patty paul paula pedro penny perry pete peter phil philip phillip rachel ralph"
    " rand randy ray raymond rebecca renee rex rhonda ricardo"
    " rich richard rick rob robby robert roberta robin rod roger roland ron ronald rose ross roy rudy"
    " russell ruth ryan sally sam samantha samuel sandra sara sarah"
    " scott sean sebastian seth shannon sharon shawn sheila sheldon sherrod sidney simon sonia sophia"
    " stacy stanley stephanie stephen steve steven stuart sue susan"
    " suzanne sylvia tammy ted teresa terry theodore theresa thomas tiffany tim timothy tina todd tom"
    " tommy tony tracy travis trent trey trevor tyler valerie"
    " vanessa victor victoria vincent virginia vivian vladimir walter wanda warren wayne wendy wesley"
    " will william willie xavier yvonne zach zachary".split()
)
"""Given names that are common in English-language news."""

FEMALE = frozenset(
    "alexandra alice alison amanda amy andrea angela ann anna anne ashley barbara beth brenda carla carly carol"
    " caroline carolyn catherine cathy cheryl christina christine cindy claire cynthia dana deborah debbie diana diane"
    " donna eileen elaine elena elizabeth ellen emily emma erica erin gail gina grace hannah heather heidi helen"
    " hillary irene ivanka jane janet jean jennifer jen jessica jill joan joy judith judy julia julie karen kate"
    " katherine kathleen kathy katie kay kellyanne kim kristen laura lauren laurie leslie lily linda lindsey lisa lois"
    " lori lucy lynn madeleine margaret maria marie marilyn martha mary maureen megan megyn melania melanie melissa"
    " michelle molly monica nancy naomi nicole nikki pamela patricia patty paula penny rachel rebecca renee rhonda"
    " roberta rose ruth sally samantha sandra sara sarah shannon sharon sheila sonia sophia stacy stephanie sue susan"
    " suzanne sylvia tammy teresa theresa tiffany tina valerie vanessa victoria virginia vivian wanda yvonne".split()
)
"""Those of them that mostly women bear."""

_EITHER = frozenset(
    "alex chris dana jackie jamie jan jordan kelly lee leslie lindsey pat robin sam taylor terry tracy tyler".split()
)
MALE = FIRST - FEMALE - _EITHER
"""Those that mostly men bear."""

_LANDS = frozenset(
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii"
    " idaho illinois indiana iowa kansas kentucky louisiana"
    " maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio"
    " oklahoma oregon pennsylvania tennessee texas utah vermont"
    " virginia wisconsin wyoming afghanistan albania algeria argentina armenia australia austria"
    " azerbaijan bahrain bangladesh belarus belgium bolivia bosnia"
    " brazil bulgaria cambodia cameroon canada chad chile china colombia congo croatia cuba cyprus"
    " denmark ecuador egypt england eritrea estonia ethiopia"
    " europe finland france germany ghana greece guatemala haiti honduras hungary iceland india indonesia"
    " iran iraq ireland israel italy jamaica japan"
    " jordan kazakhstan kenya kosovo kuwait kyrgyzstan laos latvia lebanon libya lithuania luxembourg"
    " malaysia mali malta mexico moldova mongolia morocco myanmar"
    " namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay"
    " peru philippines poland portugal qatar romania russia rwanda"
    " scotland senegal serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria"
    " taiwan tajikistan tanzania thailand tunisia turkey"
    " turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen zambia zimbabwe africa"
    " asia amsterdam ankara athens atlanta austin baghdad"
    " baltimore bangkok beijing berlin boston brooklyn brussels cairo charlotte chicago cincinnati"
    " cleveland columbus crimea dallas damascus denver detroit dubai"
    " dublin geneva havana honolulu houston istanbul jerusalem kabul kiev kyiv kharkiv london madrid"
    " manhattan manila memphis miami milwaukee minneapolis minsk"
    " moscow mumbai nashville newark orlando oslo paris philadelphia phoenix pittsburgh portland prague"
    " queens raleigh richmond rome sacramento seattle seoul"
    " shanghai stockholm tampa tehran tokyo toronto tucson vienna warsaw washington zurich aleppo benghazi".split()
)
"""States, countries and large cities whose name is one word."""

_LAND_PAIRS = re.compile(
    r"^(?:(?:New|North|South|West|East|Los|Las|San|Santa|St\.|Fort|El|Saudi|Sri|Hong|United|Puerto|Rhode"
    r"|Des|Baton|Salt Lake|Kansas|Colorado|Cape|Buenos) [A-Z]\w+(?: City)?|[A-Z]\w+ (?:County|City|Island"
    r"|Beach|Springs|Valley|Heights|Park|River|Bay|Coast|Hills|Street|Avenue|Square|Hotel|Center|Airport"
    r"|Stadium|Hall|Tower|Falls|Township|Plaza))$"
)
_GROUPS = re.compile(
    r"\b(?:Committee|Department|University|College|Party|Council|Court|Association|Institute|Foundation"
    r"|Group|Inc|Corp|Company|Co|Bank|Center|Agency|Bureau|Commission|Union|Coalition|PAC|Senate|House"
    r"|Congress|Administration|School|Church|Board|Campaign|Democrats|Republicans|Fund|Society|League"
    r"|Project|Alliance|Network|Service|Office|Ministry|Club|Industries|Partners|Media|Research|Strategies"
    r"|Democratic|Republican|National|American|FBI|CIA|NRA|DNC|RNC|GOP|AFL-CIO|NATO|EU|U\.N|UN|Times|Post"
    r"|News|Journal|Press|CNN|NBC|ABC|CBS|MSNBC|Fox|Politico|Reuters)\b"
)
_SPEAKS = r"(?:said|says|told|added|wrote|argued|tweeted|claimed|warned|predicted|insisted|asked|explained|noted|joked)"
_SPOKEN = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Sens|Reps)\.? (?:[A-Z](?:\w+|\.) )?([A-Z][\w’'-]+)|\b([A-Z][\w-]+),?"
    rf" (?:who|{_SPEAKS})\b"
    rf"|\b{_SPEAKS} (?:[A-Z](?:\w+|\.) )?([A-Z][\w-]+)\b"
)
"""Surnames by their company: after a form of address, before "who", beside a verb of saying."""


@functools.lru_cache(64)
def speakers(text: str) -> frozenset[str]:
    """The surnames that an article gives to people."""
    return frozenset(name for match in _SPOKEN.finditer(text) for name in match.groups() if name)


def kind_of_name(name: str, people: frozenset[str]) -> NameKind:
    """What a name names; `people` are the surnames that its article gives to people."""
    words = re.findall(r"[\w’'.-]+", name)
    if not words:
        return "anything"
    first, last = words[0].casefold().strip(".’'"), words[-1].removesuffix("’s").removesuffix("'s")
    if first in FIRST and len(words) <= 4 and not _GROUPS.search(name):
        return "person"
    lone_place = last.casefold() in _LANDS and len(words) <= 2 and first not in FIRST
    if lone_place or _LAND_PAIRS.match(name):
        return "place"
    if _GROUPS.search(name) or (len(name) >= 2 and name.isupper()):
        return "group"
    return "person" if len(words) <= 3 and last in people else "anything"


def full_name(text: str, before: int, short: str) -> str | None:
    """The longest earlier naming of a person who is called by the surname alone here; None when there is none.

    Args:
        text: The article's.
        before: Where the surname stands.
        short: The surname.
    """
    if not re.fullmatch(r"[A-Z][\w-]+", short):
        return None
    longer = re.findall(rf"\b(?=((?:[A-Z](?:[\w-]+|\.) ){{1,2}}{re.escape(short)}\b))", text[:before])
    given = [name for name in longer if name.split()[0].casefold() in FIRST]
    return given[-1] if given else None
