"""How the API's description names our ways of being known. Apart from authentication.py, which DRF loads first."""

from typing import TypedDict

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


class Operation(TypedDict):
    """What the hook changes of an operation."""

    responses: dict[str, object]


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
