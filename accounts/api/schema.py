"""How the API's description names our ways of being known. Apart from authentication.py, which DRF loads first."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: "AutoSchema") -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "api_key"

    def get_security_definition(self, auto_schema: "AutoSchema") -> dict[str, str]:
        said = "`Api-Key ciq_live_…`, made under My account → API keys"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}


class PortalScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.authentication.PortalSession"
    name = "session"

    def get_security_definition(self, auto_schema: "AutoSchema") -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


PROBLEM = {
    "type": "object",
    "description": "What went wrong, as RFC 9457 shapes it.",
    "properties": {
        "type": {"type": "string", "description": "stable name of the kind of problem"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "dotted; empty for the whole body"},
                    "message": {"type": "string"},
                    "rule": {"type": "string", "description": "stable id of the rule that was broken"},
                },
                "required": ["field", "message", "rule"],
            },
        },
        "request_id": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail", "errors", "request_id"],
}


OF_PAGES = (
    {
        "name": "cursor",
        "in": "query",
        "schema": {"type": "string"},
        "description": "From `next` or `previous` of another page; the first page without it.",
    },
    {
        "name": "ordering",
        "in": "query",
        "schema": {"type": "string"},
        "description": "The column by which the list is ordered, with `-` from the last to the first. "
        "Any other is refused with the names of both.",
    },
)
"""What every list that comes in pages takes."""


class Operation(TypedDict):
    """What the hooks change of an operation."""

    responses: dict[str, object]
    parameters: NotRequired[list[dict[str, object]]]


class Description(TypedDict):
    """What the hook reads of an OpenAPI document."""

    paths: dict[str, dict[str, Operation]]
    components: dict[str, dict[str, object]]


def document_problems(result: Description, **_: object) -> Description:
    """Postprocessing hook: every operation answers with a problem document when it does not do what was asked."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    reference = {"$ref": "#/components/schemas/Problem"}
    refusal = {"description": "a problem", "content": {"application/problem+json": {"schema": reference}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("default", refusal)
    return result


def document_pages(result: Description, **_: object) -> Description:
    """Postprocessing hook: whatever answers with a page takes a cursor and an order."""
    pages = {
        f"#/components/schemas/{name}"
        for name, shape in result["components"].get("schemas", {}).items()
        if isinstance(shape, dict) and {"next", "previous", "results"} <= set(shape.get("properties", {}))
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            if pages & set(_references(operation["responses"].get("200"))):
                taken = operation.setdefault("parameters", [])
                known = {place["name"] for place in taken}
                taken.extend(dict(place) for place in OF_PAGES if place["name"] not in known)
    return result


def _references(part: object) -> Iterator[str]:
    """Every component that part of a description points at."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from [inner] if name == "$ref" else _references(inner)
