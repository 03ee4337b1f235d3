"""Settings, declared once: environment variables `WHENCE_*`, else `whence.toml`, else the default.

Read at the doors only; everything behind them gets plain values.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import cast, get_args

from index.encoders import DEFAULT, Precision
from index.errors import WhenceError

FILE = "whence.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default; `metadata` holds its meaning. In the environment: WHENCE_ and its name."""

    index: str = field(default="whence-index", metadata={"meaning": "Folder of the collection."})
    encoder: str = field(
        default=DEFAULT,
        metadata={"meaning": "Name or path of a sentence-transformers model; the default comes with the package."},
    )
    precision: Precision = field(
        default="fp32",
        metadata={"meaning": "fp32, or int8: encodes faster, finds a little less (default encoder only)."},
    )
    model: str = field(
        default="", metadata={"meaning": "Language model that writes answers, as openai-like:NAME; empty for none."}
    )
    model_url: str = field(
        default="", metadata={"meaning": "Base URL of the model's OpenAI-compatible server, ending in /v1."}
    )
    model_key: str = field(
        default="", metadata={"meaning": "Key for that server; never shown, logged or stored.", "secret": True}
    )
    model_timeout: float = field(
        default=60.0, metadata={"meaning": "Seconds that the model has in all, before the answer is made without it."}
    )
    nli: str = field(
        default="",
        metadata={"meaning": "Name or path of an entailment CrossEncoder, for `whence eval`; empty for none."},
    )

    outlets: str = field(
        default="", metadata={"meaning": "File of your own outlets, which go before those listed; empty for none."}
    )

    hosts: str = field(
        default="",
        metadata={"meaning": "Host names, parted by commas, under which a proxy shows a service without tokens."},
    )

    def shown(self) -> dict[str, str]:
        """Every setting as text, secrets only as whether they are set."""
        values = {}
        for one in fields(self):
            value = getattr(self, one.name)
            values[one.name] = ("set" if value else "not set") if one.metadata.get("secret") else str(value)
        return values


def read_settings(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """The settings in force.

    Args:
        environment: By default the process's own.
        file: By default `whence.toml` in the working directory; none there means none is read.

    Raises:
        WhenceError: a value of the wrong kind, an unknown name in the file, or a file that is not TOML.
    """
    environment = os.environ if environment is None else environment
    path = Path(FILE) if file is None else file
    told: dict[str, object] = {}
    if path.exists():
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WhenceError(f"{path} is not a TOML file: {error}.") from error
    known = {one.name for one in fields(Settings)}
    if unknown := sorted(set(told) - known):
        raise WhenceError(f"{path} has the unknown setting {unknown[0]!r}. Known: {', '.join(sorted(known))}.")
    for name in known:
        value = environment.get(f"WHENCE_{name.upper()}")
        if value is not None:
            told[name] = value
    return Settings(**{name: _checked(name, value) for name, value in told.items()})  # type: ignore[arg-type]


def _checked(name: str, value: object) -> str | float:
    """A value of the kind that the setting wants."""
    if name == "precision" and value not in get_args(Precision):
        raise WhenceError(f"Setting 'precision' is {value!r}; it can be {' or '.join(get_args(Precision))}.")
    if name != "model_timeout":
        return str(value)
    try:
        seconds = float(cast(str, value))
    except (TypeError, ValueError):
        seconds = 0.0
    if seconds <= 0:
        raise WhenceError(f"Setting 'model_timeout' is {value!r}; it wants a number of seconds above 0.")
    return seconds
