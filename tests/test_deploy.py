"""What the deployment files promise, held against the program."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml

from assistant.cli import whence
from assistant.commands.serving import serve
from assistant.service.limits import LARGEST_BODY
from assistant.service.metrics import Meters
from assistant.service.rules import Rules
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]["whence"]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")
SETTINGS = {one.name for one in fields(Settings)}
EMBEDDING = (ROOT / "docs" / "embedding.md").read_text("utf-8")


def default(option: str) -> object:
    """What `whence serve` takes for an option that is not given."""
    return next(one.default for one in serve.params if one.name == option)


def test_the_image_takes_all_of_the_program_and_nothing_that_is_not_there() -> None:
    taken = {name for line in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packed = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert packed | {"pyproject.toml", project["project"]["readme"]} <= taken
    assert all((ROOT / name).exists() for name in taken)
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE)
    assert set(let_through) == taken


def test_the_image_serves_where_compose_and_its_own_health_check_look() -> None:
    command = json.loads(re.findall(r"^CMD (\[.+\])$", DOCKERFILE, re.MULTILINE)[0])
    assert json.loads(re.findall(r"^ENTRYPOINT (\[.+\])$", DOCKERFILE, re.MULTILINE)[0]) == ["whence"]
    with whence.make_context("whence", command, resilient_parsing=True) as context:
        name, found, rest = whence.resolve_command(context, command)
        assert (name, found) == ("serve", serve)
        assert serve.make_context("serve", rest, parent=context).params["host"] == "0.0.0.0"
    port = default("port")
    assert f"EXPOSE {port}" in DOCKERFILE
    assert f"http://127.0.0.1:{port}/readyz" in DOCKERFILE
    assert COMPOSE["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_volume_is_where_the_collection_lies() -> None:
    [folder] = re.findall(r"WHENCE_INDEX=(\S+)", DOCKERFILE)
    assert f"VOLUME {folder}" in DOCKERFILE
    assert COMPOSE["volumes"] == [f"news:{folder}"]


def test_the_image_does_not_run_as_root() -> None:
    assert re.search(r"^USER whence$", DOCKERFILE, re.MULTILINE)


def test_the_proxy_lets_through_what_the_service_takes_and_leads_to_its_port() -> None:
    assert f"client_max_body_size {Rules().largest_upload // 2**20}m;" in DEPLOY
    assert f"`too-large` ({LARGEST_BODY // 2**20} MiB; uploads {Rules().largest_upload // 2**20})" in EMBEDDING
    assert f"proxy_pass http://127.0.0.1:{default('port')};" in DEPLOY


def test_whoever_ends_the_service_waits_for_its_running_answers() -> None:
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", DEPLOY, re.MULTILINE)
    assert int(seconds) > Settings().grace
    assert COMPOSE["stop_grace_period"] == f"{seconds}s"


def test_the_unit_serves_with_tokens_what_it_may_write() -> None:
    unit = configparser.ConfigParser()
    unit.read_string(re.findall(r"```ini\n(.+?)```", DEPLOY, re.DOTALL)[0])
    service = unit["Service"]
    told = dict(part.split("=", 1) for part in service["Environment"].split())
    assert told["WHENCE_INDEX"] == service["ReadWritePaths"]
    assert {name.removeprefix("WHENCE_").lower() for name in told if name.startswith("WHENCE_")} <= SETTINGS
    command, *words = service["ExecStart"].split()
    assert Path(command).name == "whence"
    assert words == ["serve", "--tokens"]


def test_every_setting_that_a_document_names_is_one() -> None:
    named = {name.lower() for name in re.findall(r"WHENCE_([A-Z_]+)", DEPLOY + EMBEDDING + DOCKERFILE)}
    assert named <= SETTINGS


def test_the_documented_figures_are_there() -> None:
    told = Meters().page().decode()
    for name in set(re.findall(r"`(whence_\w+)`", DEPLOY)) - {"whence_jobs_waiting", "whence_articles"}:
        assert name in told, name


COMMANDS = "token|login|serve|add|mcp|backup|restore|verify"


@pytest.mark.parametrize(
    "line", sorted(set(re.findall(rf"\bwhence ((?:--index \S+ )?(?:{COMMANDS})[^\n`#]*)", DEPLOY + EMBEDDING)))
)
def test_a_documented_command_is_one(line: str) -> None:
    words = line.split()
    if words[0] == "--index":
        words = words[2:]
    command: click.Command = whence
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context("whence", words)
