"""The programming interface changes on purpose only: the committed schema is what the code says (`make openapi`)."""

import json
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from openapi_spec_validator import validate

from tests.architecture.sources import ROOT

SNAPSHOT = ROOT / "tests" / "data" / "openapi.json"
NOT_OPERATIONS = {"schema", "docs"}


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def _api_paths(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str | None]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _api_paths(pattern.url_patterns, path)
        else:
            yield path, pattern.name


def test_the_schema_equals_its_snapshot(schema: dict[str, object]) -> None:
    assert schema == json.loads(SNAPSHOT.read_text()), "run `make openapi` and look at the difference"


def test_the_schema_is_valid_openapi(schema: dict[str, object]) -> None:
    validate_schema(schema)
    validate(schema)


def test_the_schema_lists_exactly_the_paths_of_the_resolver(schema: dict[str, object]) -> None:
    served = {
        path
        for path, name in _api_paths(get_resolver().url_patterns)
        if path.startswith("api/") and name not in NOT_OPERATIONS
    }
    assert len(schema["paths"]) == len(served)


def test_every_operation_has_a_name_and_a_tag(schema: dict[str, object]) -> None:
    operations = [operation for methods in schema["paths"].values() for operation in methods.values()]
    assert all(operation.get("operationId") and operation.get("tags") for operation in operations)
