"""Operations on wallets as tools of the Model Context Protocol: name, words, schema of what is asked, and the call."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from rest_framework import serializers

from accounts.models import User
from wallets import selectors, services
from wallets.api import onchain_serializers as shapes
from wallets.engine import what_if
from wallets.engine.chains import registry

ID: Mapping[str, object] = {"type": "string", "format": "uuid"}
LATEST = 20
Asked = Mapping[str, object]


class OneWalletIn(serializers.Serializer[object]):
    wallet = serializers.UUIDField()


class OneScoreIn(serializers.Serializer[object]):
    score = serializers.UUIDField()


class NothingIn(serializers.Serializer[object]):
    """No argument."""


class SimulateScoreIn(shapes.SimulateIn):
    score = serializers.UUIDField()


class Tool(NamedTuple):
    """One tool; `run` gets who asks, what was asked (checked), and the moment."""

    title: str
    description: str
    properties: Mapping[str, Mapping[str, object]]
    needed: tuple[str, ...]
    shape: type[serializers.Serializer[object]]
    run: Callable[[User, Asked, datetime], object]
    reads: bool = True

    def told(self, name: str) -> dict[str, object]:
        """As `tools/list` names it."""
        schema = {"type": "object", "properties": self.properties, "required": list(self.needed)}
        return {
            "name": name,
            "title": self.title,
            "description": self.description,
            "inputSchema": {**schema, "additionalProperties": False},
            "annotations": {"readOnlyHint": self.reads, "destructiveHint": False, "openWorldHint": False},
        }


def _networks(_: User, asked: Asked, __: datetime) -> object:
    return shapes.BlockchainOut(
        selectors.networks(**{name: str(value) for name, value in asked.items()}), many=True
    ).data


def _wallets(by: User, _: Asked, __: datetime) -> object:
    return shapes.WalletOut(selectors.wallet_lines(user=by), many=True).data


def _warnings(by: User, _: Asked, __: datetime) -> object:
    return shapes.WalletWarningOut(selectors.standing_warnings(user=by), many=True).data


def _holdings(by: User, asked: Asked, _: datetime) -> object:
    view = selectors.wallet_view(user=by, wallet_id=_id(asked, "wallet"))
    return shapes.HoldingOut(view.holdings, many=True).data


def _permissions(by: User, asked: Asked, _: datetime) -> object:
    view = selectors.wallet_view(user=by, wallet_id=_id(asked, "wallet"))
    return shapes.AllowanceOut(view.approvals, many=True).data


def _scores(by: User, _: Asked, __: datetime) -> object:
    return shapes.OnchainScoreOut(selectors.own_scores(user=by)[:LATEST], many=True).data


def _explain(by: User, asked: Asked, _: datetime) -> object:
    return shapes.ExplanationOut(selectors.score_view(user=by, score_id=_id(asked, "score"))).data


def _score(by: User, asked: Asked, at: datetime) -> object:
    wallets = asked["wallets"]
    made = services.score_wallets(wallet_ids=wallets if isinstance(wallets, list) else [], by=by, at=at)
    return shapes.OnchainScoreOut(made).data


def _simulate(by: User, asked: Asked, _: datetime) -> object:
    change = what_if.Change(str(asked["change"]), float(str(asked["share"])), int(str(asked["days"])))
    return shapes.WhatIfOut(services.simulate_score(score_id=_id(asked, "score"), change=change, by=by)).data


def _id(asked: Asked, name: str) -> UUID:
    return UUID(str(asked[name]))


ONE_WALLET, ONE_SCORE = {"wallet": ID}, {"score": ID}
TOOLS: Mapping[str, Tool] = {
    "list_networks": Tool(
        "Networks", "The 76 networks of the registry with what is honestly known of each.",
        {
            "group": {"type": "string", "enum": list(registry.GROUPS)},
            "status": {"type": "string", "enum": list(registry.STATUSES)},
            "q": {"type": "string", "description": "Part of the name.", "maxLength": 60},
        },
        (), shapes.ChainsIn, _networks,
    ),
    "list_wallets": Tool("Wallets", "Your wallets: proved, watched or moved.", {}, (), NothingIn, _wallets),
    "list_warnings": Tool(
        "Warnings", "Listed addresses, loans close to liquidation and risky permissions of your wallets.", {}, (),
        NothingIn, _warnings,
    ),
    "wallet_holdings": Tool(
        "Holdings", "What one of your wallets holds, the most valuable first.", ONE_WALLET, ("wallet",), OneWalletIn,
        _holdings,
    ),
    "wallet_permissions": Tool(
        "Permissions", "Who may take which token of a wallet, with the call data that ends it.", ONE_WALLET,
        ("wallet",), OneWalletIn, _permissions,
    ),
    "list_scores": Tool("Scores", f"Your latest {LATEST} wallet scores, newest first.", {}, (), NothingIn, _scores),
    "explain_score": Tool(
        "Explain a score", "Reasons, cost to forge, sources, and open loans under past prices.", ONE_SCORE, ("score",),
        OneScoreIn, _explain,
    ),
    "simulate_score": Tool(
        "What if", "The real scorecard on the evidence with one change made.",
        {
            "score": ID, "change": {"type": "string", "enum": list(what_if.CHANGES)},
            "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            "days": {"type": "integer", "minimum": 1, "maximum": 3650},
        },
        ("score", "change"), SimulateScoreIn, _simulate,
    ),
    "score_wallets": Tool(
        "Score wallets", "Issue one score for one to eight of your wallets; it stays on record.",
        {"wallets": {"type": "array", "items": ID, "minItems": 1, "maxItems": 8}}, ("wallets",),
        shapes.ScoreWalletsIn, _score, reads=False,
    ),
}  # fmt: skip
