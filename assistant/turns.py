"""Which turn of events a topic names, a death, a resignation, a hiring, and which sentence tells that it came. Pure.

An article from before the turn names the same people in the same offices, often in nearly the same words; only the
word for the turn itself, or another for the same, parts those that tell it from those that cannot.
"""

from __future__ import annotations

import re

Turn = re.Pattern[str]
"""The words for one turn."""

_TURNS: tuple[Turn, ...] = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"di(?:es?|ed|ing)|dead|deaths?|kill(?:s|ed|ing|ings)?|murder\w*|slain|passed away|passing",
        r"resign\w*|quit\w*|step(?:s|ped|ping)? (?:down|aside)|le(?:ft|av(?:es?|ing))|depart\w*|exit\w*|oust\w*"
        r"|fir(?:ed|ing)|dismissal|(?:is|was|were|been|being) (?:dismissed|sacked|suspended)"
        r"|drop(?:s|ped|ping)? out|withdr\w+|suspend(?:s|ed|ing)? (?:his|her|their|its)"
        r"|end(?:s|ed|ing)? (?:his|her|their|its) (?:\w+ )?(?:campaign|bid|run|candidacy)",
        r"hir(?:es?|ed|ing)|join(?:s|ed|ing)?|appoint\w*|named|naming|tapped|tapping|elevat\w+|cho(?:se|sen|oses|osing)"
        r"|pick(?:s|ed|ing)|select(?:s|ed|ing|ion)",
        r"endors(?:es?|ed|ing|ements?)",
        r"arrest\w*|indict\w*|convict(?:s|ed|ion)?|sentenced|sentencing",
        r"separat(?:es?|ed|ing|ion)|split(?:s|ting)?|divorc\w*",
    )
)  # fmt: skip
_OF_ANOTHER = re.compile(r"(?:[’']s|\bthe|\ban?|\bits|\bhis|\bher) $", re.IGNORECASE)
"""What stands before "ousted" in "Ukraine's ousted president": it is told of somebody, not asked about."""

_WISHED = re.compile(
    r"\b(?:demand\w*|call(?:s|ed|ing)? (?:for|on)|urg\w+|seek\w*|sought|want\w*|push\w* for|press\w* for|should|must"
    r"|may|might|could|would|if|whether|threat\w*|refus\w+|not|never|n[’']t|unless|until|vow\w* to|plan\w* to)\b"
    r"[^.;]{0,40}$",
    re.IGNORECASE,
)
"""Words shortly before a turn by which it is wished, threatened or denied: it has not come."""


def turn(topic: str) -> Turn | None:
    """The turn of events that a topic names; None where it names none."""
    for words in _TURNS:
        if any(not (m[0].endswith("ed") and _OF_ANOTHER.search(topic[: m.start()])) for m in words.finditer(topic)):
            return words
    return None


def tells(sentence: str, words: Turn) -> bool:
    """Whether a sentence tells that the turn came."""
    return any(not _WISHED.search(sentence[: m.start()]) for m in words.finditer(sentence))
