"""The Model Context Protocol over HTTP: one address, one JSON-RPC 2.0 message a call, no session, no stream."""

import json
from collections.abc import Mapping

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.permissions import signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets.api.onchain import WalletView
from wallets.api.tools import TOOLS

VERSIONS = ("2025-06-18", "2025-03-26", "2024-11-05")
INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32600, -32601, -32602
Message = Mapping[str, object]


class Refused(Exception):
    """A message that gets an error of JSON-RPC."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class ModelContext(WalletView):
    """Wallets as tools for a language model's client."""

    @extend_schema(
        request=OpenApiTypes.OBJECT,
        responses={200: OpenApiTypes.OBJECT, 202: None, 400: OpenApiTypes.OBJECT},
        operation_id="wallets_mcp",
        tags=["wallets"],
    )
    def post(self, request: Request) -> Response:
        """JSON-RPC 2.0: initialize, ping, tools/list, tools/call; a notification is taken without an answer (202)."""
        message = request.data if isinstance(request.data, dict) else {}
        try:
            answer = _answer(message, signed_in(request))
        except Refused as refusal:
            status = 400 if refusal.code == INVALID_REQUEST else 200
            error = {"code": refusal.code, "message": str(refusal)}
            return Response({"jsonrpc": "2.0", "id": message.get("id"), "error": error}, status=status)
        if answer is None:
            return Response(status=202)
        return Response({"jsonrpc": "2.0", "id": message["id"], "result": answer})


def _answer(message: Message, by: User) -> Message | None:
    """The result of a request; None for a notification. Raises Refused."""
    method, name = message.get("method"), message.get("id")
    if message.get("jsonrpc") != "2.0" or not isinstance(method, str):
        raise Refused(INVALID_REQUEST, "Send one JSON-RPC 2.0 message with a method.")
    if "id" not in message:
        return None
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise Refused(INVALID_REQUEST, "The id of a request is a text or a whole number.")
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "params must be an object.")
    return _done(method, params, by)


def _done(method: str, params: Message, by: User) -> Message:
    if method == "initialize":
        return _greeting(params)
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [tool.told(name) for name, tool in TOOLS.items()]}
    if method == "tools/call":
        return _call(params, by)
    raise Refused(NO_METHOD, f"There is no method “{method[:60]}”.")


def _greeting(params: Message) -> Message:
    asked = params.get("protocolVersion")
    return {
        "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "creditiq-wallets", "title": "CreditIQ wallets", "version": settings.VERSION},
        "instructions": "Wallets, their scores from 0 to 900 and their permissions, of the person whose key it is.",
    }


def _call(params: Message, by: User) -> Message:
    """What a tool says; what it refuses is said inside the result, for the model to read."""
    tool, given = TOOLS.get(str(params.get("name"))), params.get("arguments", {})
    if tool is None or not isinstance(given, dict):
        raise Refused(INVALID_PARAMS, f"There is no tool “{str(params.get('name'))[:60]}”, or its arguments are wrong.")
    unknown = sorted(set(given) - set(tool.properties))
    asked = tool.shape(data=given)
    if unknown or not asked.is_valid():
        return _said({"error": asked.errors if not unknown else {unknown[0]: ["There is no such argument."]}}, bad=True)
    try:
        return _said({"result": tool.run(by, asked.validated_data, now())})
    except ApplicationError as error:
        return _said({"error": error.message, "code": error.code}, bad=True)


def _said(content: Message, *, bad: bool = False) -> Message:
    """A result as text and as structure."""
    text = JSONRenderer().render(content).decode()
    return {"content": [{"type": "text", "text": text}], "structuredContent": json.loads(text), "isError": bad}
