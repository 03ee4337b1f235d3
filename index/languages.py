"""Turns a text into the language that it is written in; the only code that knows py3langid."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, Final

NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""English names of the languages that news is mostly written in, by their codes (ISO 639-1)."""

_CODES: Final = {name.lower(): code for code, name in NAMES.items()} | {"nb": "no", "nn": "no"}
_READ: Final = 1_000  # characters looked at
_FEWEST: Final = 20  # letters; less could be any language
_SURE: Final = 0.5  # probability below which a language stays unknown

_ENGLISH: Final = frozenset(
    "the and of to that with from said by his he has who will have are is it not but this they which would been their "
    "its when about were whose she".split()
)
"""Common words, of which no other language has three that are common there too."""

_ENGLISH_SHARE: Final = 0.06  # of the words; all of 1,008 American articles have it
_WORD = re.compile(r"[^\W\d_]+")


def detect(text: str) -> str | None:
    """The language of a text by its first 1,000 characters (ISO 639-1), None where it is too short or too mixed to say.

    Plain English is told by its commonest words, twenty times as fast as by the model, which is then not loaded.
    """
    beginning = text[:_READ].lower()
    if len(beginning) > _READ / 2 and _is_english(beginning.split(), most=len(beginning) / 2 + 1):
        return "en"
    words = _WORD.findall(beginning)
    if sum(map(len, words)) < _FEWEST:
        return None
    if _is_english(words, most=len(words)):
        return "en"
    language, probability = _identifier().classify(text[:_READ])
    return canonical(str(language)) if probability >= _SURE else None


def _is_english(words: Sequence[str], most: float) -> bool:
    """Whether enough of a text's words, `most` in all, are common English ones."""
    english = [word for word in words if word in _ENGLISH]
    return len(english) > _ENGLISH_SHARE * most and len(set(english)) > 2


def canonical(given: str) -> str:
    """A language as its code: "en" for "en-US", "EN", "English"; what is not known stays as it is."""
    name = given.strip().lower()
    code = re.split(r"[-_]", name)[0]
    return _CODES.get(name) or _CODES.get(code) or (code if code in NAMES else given.strip())


def name(code: str) -> str:
    """A language's English name, its code where it is not listed."""
    return NAMES.get(code, code)


@functools.cache
def _identifier() -> Any:
    """The model: half a second to load, so only where a text is not plain English."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    load: Any = LanguageIdentifier.from_model_file
    return load(MODEL_FILE, norm_probs=True)
