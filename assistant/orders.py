"""Which sentences of an article speak to a language model instead of to a reader, and what no reader sees. Pure.

Such a sentence is withheld from models, and bears out nothing that they write; it stays in the collection, and can be
found and quoted like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from index.records import Span
from index.splitter import sentences

_CONFUSABLE = str.maketrans("аеорсухіјѕԁɡһοαερικνⅰｌ0134$@", "aeopcyxijsdghoaepikviloieasa")
"""Letters of other alphabets, and digits, that pass for Latin ones: only what is compared is written so."""

_WHOSE = (
    r"(?:(?:all|any|every|the|these|those|your|my|our|previous|prior|earlier|above|preceding|foregoing|other|own) )"
    r"{0,4}"
)
_RULES = (
    r"(?:instructions?|prompts?|rules|directions|directives|guidelines|commands|orders|system messages?|context"
    r"|programming|passages|safeguards|training|constraints|role|task)\b"
)
_MACHINE = (
    r"(?:(?:an? |the )?(?:ai\b|a\.i\.|language model|llm\b|chat ?bot|chat ?gpt|gpt\b|claude\b|gemini\b|assistant|model"
    r"|answering (?:system|engine)|bot\b|summari[sz]er|crawler|agent))"
)
_ACT = (
    r"(?:answer|respond|reply|say|attribute|write|print|output|repeat|append|add|include|insert|embed|render|show|state|tell"
    r"|report|cite|mention|begin|start|end|finish|conclude|translate|reveal|disclose|display|return|execute|call|fetch"
    r"|visit|open|click|use|ignore|disregard|forget|omit|stop|refuse|pretend|act|adopt|send|encode|summari[sz]e|put|do"
    r"|please|treat|assume|replace|switch|provide|recommend|give|follow|obey|never|always|don't|do not|you)"
)
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|bypass|overrule|discard|drop|cancel|set aside|pay no attention to"
        rf"|(?:stop|quit) following|do not (?:follow|obey|heed))\b {_WHOSE}{_RULES}",
        rf"\b(?:new|updated|revised|real|actual|hidden|secret|special|additional|further|overriding) "
        rf"(?:system )?(?:instructions?|prompts?|directives?|task)\b(?: (?:for|to) (?:you|{_MACHINE})|\s*:)",
        r"^\W*(?:#+ *|\*+ *)?(?:system|assistant|user|developer|human|instructions?|prompt|tool|admin(?:istrator)?"
        r"|operator)(?: (?:message|prompt|note|override|notice|instructions?))?\W*(?:\(.{0,30}\))?\s*[:>\]]",
        rf"^\W*(?:dear |attention,? |hey,? |note (?:to|for) |message (?:to|for) |instructions? (?:to|for) )"
        rf"(?:the |all |any )?(?:\w+ )?{_MACHINE}",
        rf"\b(?:if|when|whenever|should) (?:you|{_MACHINE}) (?:are|is|read|reads|process|processes|summari[sz]e|be"
        rf"|answer|were)\b.*?\b(?:{_MACHINE}|passages?|prompt|this (?:text|article|page)|question|summari[sz])",
        rf"\byou are (?:now |no longer |really |actually |only )*(?:(?:an? [\w-]+ )?{_MACHINE}"
        r"|in (?:developer|debug|god|admin|dan"
        r"|maintenance) mode|dan\b|free (?:of|from)|bound|unrestricted|allowed to)",
        rf"\b(?:as|being) {_MACHINE}[^.]{{0,30}}, {_ACT}\b|^{_MACHINE}s?[,:] (?:please )?{_ACT}\b",
        rf"\b(?:your|the) (?:{_WHOSE}|system |initial |hidden |original )(?:system )?(?:instructions?|prompts?"
        r"|guidelines|training data|context window|safety (?:rules|filters?))\b",
        rf"^\W*(?:please |now |then |and |also |instead,? |first,? |next,? |from now on,? |just )*{_ACT}\b.*"
        r"(?:\b(?:your|the) (?:next |final |whole |own )?(?:answers?|repl(?:y|ies)|responses?|outputs?"
        r"|summar(?:y|ies)|sentences? you)|\bwhatever (?:the|you)|\bto (?:every|any|each|all|this|the) questions?"
        r"|\bthe (?:user|reader)'?s?\b"
        r"|\bmarkdown\b|\bin base ?64|\bverbatim|\bword for word|\bnothing else\b"
        r"|\bthe following (?:words|sentence|text|link|image)"
        r"|\bhttps?:|\bwww\.|\b(?:link|url|image|picture|pixel|web address)\b.*(?:\?|=|http|data|question|query)"
        r"|\bcit(?:e|ing) (?:it|this|passage|source|number|\[)|\bmarkers? (?:\[|of)|\[\d+\]|\bpassage (?:number )?\d)",
        r"^\W*(?:(?:please|now|then|just|instead),? )+(?:answer|respond|reply|say|write|state|report|output|print)\b",
        r"^\W*(?:answer|respond|reply|output|print|state) (?:that|with|only|by)\b",
        r"^\W*(?:please )?(?:do not|don't|never) (?:answer|respond|reply)\b",
        r"\bfrom now on\b.*\b(?:you|answer|respond|reply|say|write)\b",
        r"\b(?:in|with|to) your (?:next |final |own )?(?:answer|reply|response|output|summary)\b",
        r"\b(?:this|the following) (?:overrides|supersedes|replaces|takes precedence over)\b",
        r"^\W*(?:begin|end|start|close)s? (?:of )?(?:passages?|the passages?|system|context|document|data|prompt"
        r"|instructions?)\b",
        r"<\s*/?\s*(?:passage|system|instructions?|context|document|assistant|user|prompt|im_start|im_end|tool)\b|<\|"
        r"|\[/?(?:inst|system|sys)\]|<<\s*/?sys|^\W*(?:\[?end|begin) of (?:passage|article|document|context|data)s?",
        r"!\[[^\]]*\]\(|\]\(\s*(?:https?|javascript|data):|<\s*(?:img|a|script|iframe|svg|link|meta)\b|\bjavascript:|\bdata:\w+/",
    )
)
_HIDDEN = re.compile(
    r"<[^>]*(?:color\s*:\s*(?:#?fff|white)|font-size\s*:\s*0|display\s*:\s*none|visibility\s*:\s*hidden)", re.I
)
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|javascript|data|file):\S+|\bwww\.\S+|!?\[[^\]]*\]\([^)]*\)|<\s*(?:img|a|script|iframe)\b[^>]*>?"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|info|example|test|dev|app|xyz|ru|cn|co|me|ly|site|online|link|page|gov|edu)"
    r"(?:/\S*|\?\S+)|\b\S+@\S+\.\w+",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """A text as a reader sees it: nothing of no width, no characters that turn its direction, no tags in disguise."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cn") or c in "\u00ad")


def orders(text: str) -> list[Span]:
    """The sentences of a text that give a machine orders, pass for part of a prompt or show a reader nothing, as spans
    of that text."""
    return [(start, end) for start, end in sentences(text) if _is_order(text[start:end])]


def without_orders(text: str) -> str:
    """A text as a model may have it: what speaks to machines is left out, and so is what no reader sees."""
    found = orders(text)
    for start, end in reversed(found):
        text = text[:start] + "[…]" + text[end:]
    return visible(text)


def addresses(text: str, own: Sequence[str]) -> list[str]:
    """The addresses in a text, links and images that are none of those given."""
    return [one[0] for one in _ADDRESS.finditer(visible(text)) if one[0].rstrip(".,;)") not in own]


def _is_order(sentence: str) -> bool:
    seen = " ".join(unicodedata.normalize("NFKC", visible(sentence)).replace("’", "'").split())
    spaced = re.sub(r"\b(?:\w[ .·_-]){3,}\w\b", lambda m: re.sub(r"[ .·_-]", "", m[0]), seen)
    plain = spaced.translate(_CONFUSABLE) if any(c.isalpha() and ord(c) > 0x2FF for c in spaced) else spaced
    return not seen or bool(_HIDDEN.search(plain)) or any(order.search(plain) for order in _ORDERS)
