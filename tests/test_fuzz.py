"""Whatever the service's own description allows, and much that it does not, is answered: never by a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok
from serving import collection, serving

from assistant.api import application

EXAMPLES = 12
"""Requests of each kind to each operation."""

load_all_checks()
NO_FAILURE = ["not_a_server_error"]
AS_DESCRIBED = ["content_type_conformance", "response_schema_conformance", "status_code_conformance"]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    with collection(tmp_path_factory.mktemp("fuzz")) as assistant, serving(application(assistant)) as url:
        yield schemathesis.openapi.from_url(f"{url}/api/openapi.json")


@pytest.mark.parametrize(
    ("mode", "held", "most"),
    [
        (GenerationMode.POSITIVE, [*NO_FAILURE, *AS_DESCRIBED], 18),
        (GenerationMode.NEGATIVE, NO_FAILURE, 10),  # an address that is too long the server refuses in its own words
    ],
)
def test_no_request_makes_the_service_fail(
    described: schemathesis.BaseSchema, mode: GenerationMode, held: list[str], most: int
) -> None:
    checks: list[Any] = [CHECKS.get_one(name) for name in held]
    asked = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            case.call_and_validate(checks=checks, timeout=60)

        try:
            ask()
        except Unsatisfiable:  # it takes nothing that could be wrong
            continue
        asked += 1
    assert asked >= most
