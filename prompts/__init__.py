"""Prompts as text files with $blanks, into the text that a model is given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from string import Template

from index.errors import WhenceError

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's text, whose $blanks are still to be filled."""

    name: str
    text: str

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits of its sha256: tells which wording ran."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, **blanks: str) -> str:
        """The text with every $blank filled; what is filled in is not searched for blanks.

        Raises:
            WhenceError: a blank is missing, or the prompt has none of that name.
        """
        template = Template(self.text)
        wanted = template.get_identifiers()
        if set(wanted) != set(blanks):
            raise WhenceError(
                f"The prompt {self.name!r} has the blanks {', '.join(wanted)};"
                f" it was given {', '.join(blanks) or 'none'}."
            )
        return template.substitute(blanks)


def load(name: str) -> Prompt:
    """The prompt in `prompts/NAME.txt`.

    Raises:
        WhenceError: there is no such file.
    """
    path = FOLDER / f"{name}.txt"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.txt")))
        raise WhenceError(f"There is no prompt {name!r}; there are: {known}.")
    return Prompt(name, path.read_text(encoding="utf-8"))
