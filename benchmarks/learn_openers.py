"""Learn assistant/weights/openers.txt: words that begin a sentence with a capital and yet name nobody.

Counted within sentences, in the news and in the articles that we invented: a word that stands there in small letters,
and hardly ever with a capital unless beside another one ("Democratic Party"). "Trouble" is one of them, "Bush" is not.

    python benchmarks/learn_openers.py
"""

from __future__ import annotations

import re
from collections import Counter

from attributions import articles, invented
from material import REPOSITORY

from index.folding import fold
from index.splitter import sentences

TARGET = REPOSITORY / "assistant" / "weights" / "openers.txt"
OFTEN = 2
"""Times that it must stand in small letters."""
CAPITALS = 0.1
"""The share of times that it may stand with a capital all the same."""
_WORD = re.compile(r"(?<=[a-z,;] )[^\W\d_]{2,}(?!['’]?\w)")
"""A word within a sentence."""
_BESIDE = re.compile(r"[A-Z]\S* $"), re.compile(r" (?:of )?[A-Z]")
"""What stands before and after one that is but a part of a name."""


def main() -> None:
    small, capital = Counter[str](), Counter[str]()
    for article in (articles() | invented()).values():
        text = fold(article.text).text
        for start, end in sentences(text):
            for match in _WORD.finditer(text, start, end):
                if match[0].islower():
                    small[match[0]] += 1
                elif not (_BESIDE[0].search(text, start, match.start()) or _BESIDE[1].match(text, match.end())):
                    capital[match[0].casefold()] += 1
    plain = sorted(w for w, n in small.items() if n >= OFTEN and capital[w] <= CAPITALS * (n + capital[w]))
    TARGET.write_text("\n".join(plain) + "\n", encoding="utf-8")
    print(f"{len(plain)} words written: {TARGET}")


if __name__ == "__main__":
    main()
