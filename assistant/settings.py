"""Settings, declared once: environment variables `WHENCE_*`, else `whence.toml`, else the default.

Read at the doors only; everything behind them gets plain values.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import cast, get_args

from index.building import DEFAULT, Precision
from index.errors import WhenceError

FILE = "whence.toml"
_UNITS = {"upload_limit": "MiB", "model_tokens": "tokens"}


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
        metadata={
            "meaning": "fp32, or int8: encodes faster, finds a little less (default encoder only).",
            "choices": get_args(Precision),
        },
    )
    model: str = field(
        default="",
        metadata={
            "meaning": "Language model that writes answers, as openai-like:NAME, openai:NAME, anthropic:NAME,"
            " ollama:NAME or google:NAME; empty for none."
        },
    )
    model_url: str = field(
        default="", metadata={"meaning": "Base URL of the model's server, for openai-like ending in /v1."}
    )
    model_key: str = field(
        default="",
        repr=False,
        metadata={"meaning": "Key for that server; never shown, logged or stored.", "secret": True},
    )
    model_timeout: float = field(
        default=60.0, metadata={"meaning": "Seconds that the model has in all, before the answer is made without it."}
    )
    model_tokens: float = field(
        default=24_000.0, metadata={"meaning": "Tokens that one question may cost, prompts and replies alike."}
    )
    nli: str = field(
        default="",
        metadata={
            "meaning": "Name or path of an entailment CrossEncoder that a model's sentences must pass, and that scores"
            " `whence eval`; empty for none."
        },
    )

    outlets: str = field(
        default="", metadata={"meaning": "File of your own outlets, which go before those listed; empty for none."}
    )

    hosts: str = field(
        default="",
        metadata={"meaning": "Host names, parted by commas, under which a proxy shows a service without tokens."},
    )
    collections: str = field(
        default="",
        metadata={
            "meaning": "Further collections that `whence serve` shows under /c/NAME/, as name=folder,name=folder."
        },
    )
    rate: str = field(
        default="600/minute",
        metadata={"meaning": "Requests that one token or login may make; several limits are parted by semicolons."},
    )
    origins: str = field(
        default="",
        metadata={"meaning": "Origins, parted by commas, whose web pages may ask the service (CORS); empty for none."},
    )
    trusted_header: str = field(
        default="",
        metadata={"meaning": "Header in which your own proxy names the user whom it has let in; empty for none."},
    )
    trusted_proxies: str = field(
        default="127.0.0.1,::1",
        metadata={"meaning": "Addresses or networks, parted by commas, of the proxies whose headers are believed."},
    )
    trusted_scope: str = field(
        default="read",
        metadata={"meaning": "What users whom the proxy names may do: read, or write.", "choices": ("read", "write")},
    )
    upload_limit: float = field(
        default=256.0, metadata={"meaning": "MiB of one uploaded file; other requests may have 16."}
    )
    grace: float = field(
        default=30.0, metadata={"meaning": "Seconds that running answers are given to finish when the service ends."}
    )
    log: str = field(
        default="auto",
        metadata={
            "meaning": "How `whence serve` logs: json, a line a request; words, only what goes wrong; auto: json unless"
            " at a terminal.",
            "choices": ("auto", "json", "words"),
        },
    )
    log_questions: str = field(
        default="no",
        metadata={"meaning": "Whether questions are logged with their requests: yes, or no.", "choices": ("yes", "no")},
    )

    def shown(self) -> dict[str, str]:
        """Every setting as text, secrets only as whether they are set."""
        values = {}
        for one in fields(self):
            value = getattr(self, one.name)
            values[one.name] = ("set" if value else "not set") if one.metadata.get("secret") else str(value)
        return values | {"model_url": re.sub(r"(?<=//)[^/@]*@", "", self.model_url)}


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
    [declared] = (one for one in fields(Settings) if one.name == name)
    choices = declared.metadata.get("choices")
    if choices and value not in choices:
        raise WhenceError(f"Setting {name!r} is {value!r}; it can be {' or '.join(choices)}.")
    if not isinstance(declared.default, float):
        return str(value)
    try:
        number = float(cast(str, value))
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise WhenceError(f"Setting {name!r} is {value!r}; it wants a number of {_UNITS.get(name, 'seconds')} above 0.")
    return number
