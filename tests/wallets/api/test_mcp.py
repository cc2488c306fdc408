"""Wallets as tools of the Model Context Protocol: the greeting, the list, calls, and what is no message."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from creditiq.kernel.clock import now
from tests.factories.accounts import UserFactory
from wallets import services
from wallets.api.tools import TOOLS
from wallets.models import Wallet

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def asha(db: None) -> User:
    services.register_networks()
    return UserFactory()


@pytest.fixture
def client(asha: User) -> Client:
    client = Client()
    client.force_login(asha)
    return client


def send(client: Client, message: object) -> object:
    return client.post("/api/v1/mcp", json.dumps(message), "application/json")


def ask(client: Client, method: str, **params: object) -> dict[str, object]:
    answer = send(client, {"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    assert answer.status_code == 200
    assert answer.json()["id"] == 7
    return answer.json()


def call(client: Client, name: str, **arguments: object) -> dict[str, object]:
    return ask(client, "tools/call", name=name, arguments=arguments)["result"]


def test_a_client_is_greeted_and_told_the_tools(client: Client) -> None:
    greeting = ask(client, "initialize", protocolVersion="2025-03-26", capabilities={})["result"]
    assert (greeting["protocolVersion"], greeting["capabilities"]) == ("2025-03-26", {"tools": {"listChanged": False}})
    assert ask(client, "initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-06-18"
    assert send(client, {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
    assert ask(client, "ping")["result"] == {}
    tools = ask(client, "tools/list")["result"]["tools"]
    assert {tool["name"] for tool in tools} == set(TOOLS)
    assert all(tool["inputSchema"]["type"] == "object" for tool in tools)
    assert [tool["name"] for tool in tools if not tool["annotations"]["readOnlyHint"]] == ["score_wallets"]


def test_tools_answer_what_the_interface_answers(client: Client, asha: User) -> None:
    wallet: Wallet = services.link_demo_wallet(user=asha, at=now() - timedelta(days=3))
    (told,) = call(client, "list_wallets")["structuredContent"]["result"]
    assert told["id"] == str(wallet.uuid)
    (score,) = call(client, "list_scores")["structuredContent"]["result"]
    assert call(client, "wallet_holdings", wallet=told["id"])["structuredContent"]["result"]
    assert call(client, "wallet_permissions", wallet=told["id"])["structuredContent"]["result"][0]["revoke_calldata"]
    assert call(client, "explain_score", score=score["id"])["structuredContent"]["result"]["reasons"]
    changed = call(client, "simulate_score", score=score["id"], change="revoke_approvals")
    assert changed["structuredContent"]["result"]["points"] > 0
    assert len(call(client, "list_networks", status="non-evm")["structuredContent"]["result"]) == 2
    assert call(client, "list_warnings")["isError"] is False
    made = call(client, "score_wallets", wallets=[told["id"]])["structuredContent"]["result"]
    assert made["score"] == json.loads(call(client, "list_scores")["content"][0]["text"])["result"][0]["score"]


def test_what_is_wrong_is_said_to_the_model(client: Client) -> None:
    for name, arguments in (
        ("wallet_holdings", {}), ("wallet_holdings", {"wallet": "x"}), ("wallet_holdings", {"wallet": str(uuid4())}),
        ("list_wallets", {"colour": "red"}), ("simulate_score", {"score": str(uuid4()), "change": "fly"}),
    ):  # fmt: skip
        assert call(client, name, **arguments)["isError"] is True, name
    assert ask(client, "tools/call", name="nothing")["error"]["code"] == -32602
    assert ask(client, "resources/list")["error"]["code"] == -32601
    assert ask(client, "tools/call", name="list_wallets", arguments=[])["error"]["code"] == -32602


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        "x",
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1},
    ],
)
def test_what_is_no_message_is_refused(client: Client, message: object) -> None:
    answer = send(client, message)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == -32600


def test_strangers_and_staff_get_nothing() -> None:
    assert send(Client(), {"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 401
    client = Client()
    client.force_login(UserFactory(role="admin"))
    assert send(client, {"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 403
