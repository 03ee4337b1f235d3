"""Settings: environment before file before default; every one documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from assistant.settings import Settings, read_settings
from index.errors import WhenceError

ROOT = Path(__file__).parents[1]


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "whence.toml"
    file.write_text('index = "from-file"\nmodel_timeout = 5\n')
    settings = read_settings({"WHENCE_INDEX": "from-environment"}, file)
    assert (settings.index, settings.model_timeout, settings.precision) == ("from-environment", 5.0, "fp32")


def test_an_unknown_name_in_the_file_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    file = tmp_path / "whence.toml"
    file.write_text('indx = "x"\n')
    with pytest.raises(WhenceError, match=r"unknown setting 'indx'\. Known: collections, encoder, grace"):
        read_settings({}, file)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("WHENCE_PRECISION", "fp8", "fp32 or int8"), ("WHENCE_MODEL_TIMEOUT", "soon", "seconds above 0")],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(WhenceError, match=told):
        read_settings({name: value}, tmp_path / "none.toml")


def test_a_key_is_never_shown() -> None:
    assert Settings(model_key="very-secret").shown()["model_key"] == "set"


def test_every_setting_is_in_the_documentation() -> None:
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for one in fields(Settings):
        assert re.search(rf"`WHENCE_{one.name.upper()}`.*{re.escape(one.metadata['meaning'][:30])}", told), one.name
