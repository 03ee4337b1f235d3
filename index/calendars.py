"""Turns words that other languages than English put into a date line into months, or into nothing; the only code that
knows Babel."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_LANGUAGES: Final = (
    "bg ca cs da de el es et fa fi fr gl he hi hr hu id is it lt lv mk nl no pl pt ro ru sk sl sq sr sv tr uk vi ar"
).split()
"""Languages of the press that count days by our calendar and write months as words."""

_EXTRA: Final = {"setiembre": 9, "juni": 6, "mart": 3}
_FILLERS: Final = frozenset(
    """
    publicado publicada publié publiée veröffentlicht pubblicato pubblicata gepubliceerd publicat publicerad publicerat
    publisert publiceret julkaistu megjelent zveřejněno vydáno opublikowano publikacji data opublikowane опубликовано
    опубліковано публикация дата yayınlanma yayın tarihi giriş diterbitkan objavljeno објављено δημοσίευση
    δημοσιεύτηκε نشر نُشر تاريخ النشر प्रकाशित
    le les el la los las il lo den am um om op au à às a às as alle ore hrs kl klo o od godz godzina hod uhr h г год
    года року р рік в о об saat pukul jam lúc ngày de del di in i de na ob στις στο στην في يوم em the 오전 오후
    """.split()
)
"""Words beside a day's date that say nothing else than that it is one."""


def month(name: str) -> int | None:
    """The month of that name or abbreviation, 1 to 12; None for another word and for what is two months in two
    languages (Polish and Croatian listopad)."""
    return _months().get(_word(name)) or _months().get(_word(name).removeprefix("ב"))


@cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names  # with the names 0.2 s, for those who read other languages than English

    found: dict[str, set[int]] = {name: {number} for name, number in _EXTRA.items()}
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    found.setdefault(_word(name), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


@cache
def _weekdays() -> frozenset[str]:
    from babel.dates import get_day_names

    return frozenset(
        _word(name)
        for language in _LANGUAGES
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, context, language).values()
    )


def weekday(word: str) -> bool:
    """Whether a word is a day of the week."""
    return _word(word) in _weekdays()


def filler(word: str) -> bool:
    """Whether a word beside a date is a weekday, or says that something was published then."""
    return _word(word) in _FILLERS or weekday(word)


def _word(name: str) -> str:
    return re.sub(r"['’ʼ]", "", name.lower().replace("i̇", "i")).strip(".٫׳ ")
