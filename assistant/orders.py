"""Which sentences of an article speak to a language model instead of to a reader, and what no reader sees. Pure.

Such a sentence is withheld from models, and bears out nothing that they write; it stays in the collection, and can be
found and quoted like any other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

from index.records import Span
from index.splitter import sentences

_CONFUSABLE = str.maketrans(
    "аеорсухіјѕԁɡһοαερικνⅰｌАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ‹〈⟨❮›〉⟩❯0134$@",
    "aeopcyxijsdghoaepikvilABEKMHOPCTYXIJSABEZHIKMNOPTYX<<<<>>>>oieasa",
)
"""Letters of other alphabets, and digits, that pass for Latin ones: only what is compared is written so."""

_SPACED = re.compile(r"\b\w([ .·_-])(?:\w\1)+\w\b")
_WITH_DIGITS = re.compile(r"\b(?=\w*[a-z]{2})(?=\w*\d)\w+\b", re.IGNORECASE)

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
_SURELY = (
    r"(?:(?:ais?|a\.i\.|language models?|llms?|chat ?bots?|chat ?gpt|gpt|claude|gemini|summari[sz]ers?"
    r"|answering (?:system|engine)s?)\b)"
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
        r"|operator)(?: (?:message|prompt|note|override|notice|instructions?|interrupt|query|command))?"
        r"\W*(?:\(.{0,30}\))?\s*[:>\]|]",
        r"^\W*(?:role|content)\W*:\s|\W(?:role|tool_calls?)\W{1,3}:|^\W*`{3}\s*(?:system|user|assistant)\b",
        rf"\b(?:notes?|messages?|notices?|instructions?) (?:to|for) (?:the |all |any )?(?:\w+ )?{_SURELY}",
        rf"\b(?:helpful|great|nice|kind|useful|good) if (?:the |an? |any )?{_MACHINE}",
        r"\b(?:answers?|repl(?:y|ies)|responses?|outputs?) (?:must|should|shall|will|ha(?:s|ve) to|needs? to)"
        r" (?:say|state|include|contain|read|mention|start|begin|end)\b",
        r"(?i:\b(?:answers?|repl(?:y|ies)|responses?|outputs?) (?:must|should|shall) be) (?-i:[A-Z]{3,}\b|[\"“'])",
        r"\bby (?:processing|reading|parsing|summari[sz]ing|ingesting) this (?:text|article|page|document|passage)\b",
        r"\b(?:debug|developer|admin|god|maintenance|root) mode (?:is |has been )?(?:enabled|activated|on)\b",
        r"\bI am (?:the|your|an?) (?:system |site |server )?(?:administrator|admin|developer|operator|creator)\b.*"
        r"\b(?:order|instruct|command|answers?)\b",
        r"\bcit(?:e|ed|ing)\b.{0,30}\[\d|\[\d+\]\s*[-–]\s*\[\d+\]|\bthe collection does not say\b",
        r"\bthis (?:passage|chunk|context) (?:has|is|must|should|contains)\b.*\b(?:relevan\w+|quoted|trusted|priority)",
        rf"^\W*(?:follow-?up|(?:your |new |next )?task|to-?do|action)\s*: (?:please )?{_ACT}\b",
        r"^\W*(?:decode|rot-?13)\b",
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
        r"^\W*(?:answer|respond|reply|output|print|state) (?:that|with|only|by)\b|^\W*(?:say|write) that\b",
        r"^\W*(?:please )?(?:do not|don't|never) (?:answer|respond|reply)\b",
        r"\bfrom now on\b.*\b(?:you|answer|respond|reply|say|write)\b",
        r"\b(?:in|with|to) your (?:next |final |own )?(?:answer|reply|response|output|summary)\b",
        r"\b(?:this|the following) (?:overrides|supersedes|replaces|takes precedence over)\b",
        r"^\W*(?:begin|end|start|close)s? (?:of )?(?:passages?|the passages?|system|context|document|data|prompt"
        r"|instructions?)\b",
        r"<\s*/?\s*(?:passage|system|instructions?|context|document|assistant|user|prompt|im_start|im_end|tool"
        r"|think|thinking)\b|<\||<\s*style\b"
        r"|\[/?(?:inst|system|sys)\]|<<\s*/?sys|^\W*(?:\[?end|begin) of (?:\w+ )?"
        r"(?:passage|article|document|context|data|content|input)s?\b",
        r"!\[[^\]]*\]\(|\]\(\s*(?:https?|javascript|data):|<\s*(?:img|a|script|iframe|svg|link|meta)\b|\bjavascript:|\bdata:\w+/",
    )
)
_ELSEWHERE = re.compile(
    r"\bignorier\w* .{0,30}(?:anweisung|regel|vorgabe)|\bignor(?:e[rz]?|a|ad|en?|er) .{0,30}(?:instruc|istruz|consign)"
    r"|\bnegeer .{0,30}instructies|\bzignoruj .{0,30}(?:instrukcj|polece)|игнориру\w+ .{0,30}(?:инструкц|указан)"
    r"|ігнору\w+ .{0,30}(?:інструкц|вказів)|(?:忽略|无视|無視).{0,12}(?:指示|指令|说明|命令)|以前の指示|이전 지시",
    re.IGNORECASE,
)
"""The first of all orders in other languages than English."""

_HIDING = (
    r"(?:color\s*[:=]\s*[\"']?(?:#?fff|white)|(?:font-)?size\s*[:=]\s*[\"']?0|display\s*:\s*none|visibility\s*:\s*hidden"
    r"|opacity\s*:\s*0(?![.\d]*[1-9])|aria-hidden\s*=\s*[\"']?true|\shidden\b|(?:left|top|text-indent)\s*:\s*-\d{3})"
)
_HIDDEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<(?!img|br|hr|input|meta|link)(\w+)\b[^>]*{_HIDING}[^>]*>.*?(?:</\1\s*>|\Z)|<(style|script)\b.*?(?:</\2\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""What a page that is read as text had hidden: a comment, an element that is not seen, with all that it holds."""

_ADDRESS = re.compile(
    r"\b[a-z]{2,10}://\S+|\b(?:javascript|data|file|mailto):\S+|\bwww\.\S+|!?\[[^\]]*\]\([^)]*\)"
    r"|<\s*(?:img|a|script|iframe)\b[^>]*>?|\b[\w-]+(?:\.[\w-]+)*\.(?:[^\W\d_]{2,}|\d{1,3})(?::\d+)?(?:/\S+|/?\?\S+)"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|info|example|test|dev|app|xyz|ru|cn|co|me|ly|site|online|link|page)/"
    r"|\b\S+@\S+\.\w+",
    re.IGNORECASE,
)


def visible(text: str) -> str:
    """A text as a reader sees it: nothing of no width, no characters that turn its direction, no tags in disguise."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Co", "Cn") or c in "\u00ad")


def orders(text: str) -> list[Span]:
    """The sentences of a text that give a machine orders, pass for part of a prompt or show a reader nothing, as spans
    of that text."""
    return list(_orders(text))


def without_orders(text: str) -> str:
    """A text as a model may have it: what speaks to machines is left out, and so is what no reader sees."""
    found = orders(text)
    for start, end in reversed(found):
        text = text[:start] + "[…]" + text[end:]
    return visible(text)


def addresses(text: str, own: Sequence[str]) -> list[str]:
    """The addresses in a text, links and images that are none of those given."""
    return [one[0] for one in _ADDRESS.finditer(visible(text)) if one[0].rstrip(".,;)") not in own]


@lru_cache(maxsize=512)
def _orders(text: str) -> tuple[Span, ...]:
    hidden = [found.span() for found in _HIDDEN.finditer(text)] if "<" in text else []
    return tuple(
        (start, end)
        for start, end in sentences(text)
        if any(start < b and a < end for a, b in hidden) or _is_order(text[start:end])
    )


def _is_order(sentence: str) -> bool:
    seen = " ".join(unicodedata.normalize("NFKD", unescape(visible(sentence))).replace("’", "'").split())
    plain = _SPACED.sub(lambda m: m[0].replace(m[1], ""), "".join(c for c in seen if unicodedata.category(c) != "Mn"))
    if any(c.isalpha() and ord(c) > 0x2FF for c in plain) or "‹" in plain:
        plain = plain.translate(_CONFUSABLE)
    plain = _WITH_DIGITS.sub(lambda m: m[0].translate(_CONFUSABLE), plain)
    return (
        not seen
        or any(order.search(plain) for order in _ORDERS)
        or bool(_ELSEWHERE.search(unicodedata.normalize("NFC", seen)))
    )
