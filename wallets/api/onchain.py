"""Networks, wallets and their scores over the API. With ENABLE_BLOCKCHAIN off none of it is there (404)."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Flag, FlagName
from accounts.permissions import Capability, HasCapability, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.pages import KeyedPages, in_pages, page_of
from wallets import selectors, services
from wallets.api import onchain_serializers as shapes
from wallets.engine import evidence_json, what_if


class LinksWallets(HasCapability):
    """Who may link wallets, while the chain part is on."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
            raise NotVisible
        return super().has_permission(request, view)


class ChainsAreOn(AllowAny):
    """Everybody, while the chain part is on."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
            raise NotVisible
        return True


class NewestScoreFirst(KeyedPages):
    """Pages of scores."""

    ordering = ("-as_of", "-pk")


class WalletView(APIView):
    """Base of every operation on one's own wallets."""

    permission_classes = (LinksWallets,)
    capability = Capability.LINK_WALLETS


class Chains(APIView):
    """The networks."""

    permission_classes = (ChainsAreOn,)

    @extend_schema(
        parameters=[shapes.ChainsIn],
        responses=shapes.BlockchainOut(many=True),
        operation_id="chains_list",
        tags=["wallets"],
    )
    def get(self, request: Request) -> Response:
        """All 76 with what is honestly known of each; filter by group, status or name."""
        asked = shapes.ChainsIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(shapes.BlockchainOut(selectors.networks(**asked.validated_data), many=True).data)


class Wallets(WalletView):
    """One's own wallets."""

    @extend_schema(responses=page_of(shapes.WalletOut), operation_id="wallets_list", tags=["wallets"])
    def get(self, request: Request) -> Response:
        """At most 50, the latest first."""
        return in_pages(request, selectors.wallet_lines(user=signed_in(request)), shapes.WalletOut)

    @extend_schema(
        request=shapes.WalletIn, responses={201: shapes.WalletOut}, operation_id="wallets_add", tags=["wallets"]
    )
    def post(self, request: Request) -> Response:
        """Watch an account; proving it comes next. The same account again is the same wallet."""
        asked = shapes.WalletIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        by = signed_in(request)
        wallet = services.add_wallet(
            chain=values["chain"], address=values["address"], label=values["name"], by=by, at=now()
        )
        line = selectors.wallet_view(user=by, wallet_id=wallet.uuid).line
        return Response(shapes.WalletOut(line).data, status=201)


class Warnings(WalletView):
    """What cannot wait until somebody looks."""

    @extend_schema(responses=shapes.WalletWarningOut(many=True), operation_id="wallets_warnings", tags=["wallets"])
    def get(self, request: Request) -> Response:
        """Listed addresses, loans close to liquidation, risky permissions: what stands now, the latest first."""
        found = selectors.standing_warnings(user=signed_in(request))
        return Response(shapes.WalletWarningOut(found, many=True).data)


class RemoveWallet(WalletView):
    """Stop watching."""

    @extend_schema(responses={204: None}, operation_id="wallets_remove", tags=["wallets"])
    def delete(self, request: Request, removed_id: UUID) -> Response:
        """A proof ends with it; scores stay on record."""
        services.remove_wallet(wallet_id=removed_id, by=signed_in(request), at=now())
        return Response(status=204)


class Challenges(WalletView):
    """Ask for a message to sign."""

    @extend_schema(
        request=shapes.ChallengeIn, responses=shapes.ChallengeOut, operation_id="wallets_challenge", tags=["wallets"]
    )
    def post(self, request: Request) -> Response:
        """The text names the account, works once and for ten minutes."""
        asked = shapes.ChallengeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.issue_challenge(
            wallet_id=asked.validated_data["wallet"], host=request.get_host(), by=signed_in(request), at=now()
        )
        return Response(shapes.ChallengeOut(made).data)


class Proofs(WalletView):
    """Hand in a signed message."""

    @extend_schema(
        request=shapes.ProofIn, responses={201: shapes.ProofOut}, operation_id="wallets_prove", tags=["wallets"]
    )
    def post(self, request: Request, wallet_id: UUID) -> Response:
        """Keys (EIP-191) and contract wallets (EIP-1271, EIP-6492). The nonce is used up whatever the answer."""
        asked = shapes.ProofIn(data=request.data)
        asked.is_valid(raise_exception=True)
        proof = services.prove_ownership(wallet_id=wallet_id, **asked.validated_data, by=signed_in(request), at=now())
        return Response(shapes.ProofOut(proof).data, status=201)


class Verify(WalletView):
    """The same with the wallet in the body."""

    @extend_schema(
        request=shapes.VerifyIn, responses={201: shapes.ProofOut}, operation_id="wallets_verify", tags=["wallets"]
    )
    def post(self, request: Request) -> Response:
        """As `wallets/{id}/proof`."""
        asked = shapes.VerifyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        proof = services.prove_ownership(wallet_id=values.pop("wallet"), **values, by=signed_in(request), at=now())
        return Response(shapes.ProofOut(proof).data, status=201)


class ImportFile(WalletView):
    """A history as a file."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        request=shapes.WalletFileIn, responses={201: shapes.WalletFileOut}, operation_id="wallets_import",
        tags=["wallets"],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Rows are unverified evidence until a node confirms a sample of them; refused rows name line and field."""
        asked = shapes.WalletFileIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        file = services.WalletUpload(values["file"].name, values["file"].read(), values["kind"])
        taken = services.import_wallet_file(wallet_id=values["wallet"], file=file, by=signed_in(request), at=now())
        return Response(shapes.WalletFileOut(taken).data, status=201)


class Sync(WalletView):
    """Reading a wallet from its chain."""

    @extend_schema(responses=shapes.SyncOut, operation_id="wallets_sync", tags=["wallets"])
    def get(self, request: Request, wallet_id: UUID) -> Response:
        """How far the reading is, and span and completeness of every stream by source."""
        progress, coverage = selectors.sync_report(user=signed_in(request), wallet_id=wallet_id)
        return Response(shapes.SyncOut({**vars(progress), "running": progress.running, "coverage": coverage}).data)

    @extend_schema(request=None, responses={202: shapes.SyncOut}, operation_id="wallets_sync_start", tags=["wallets"])
    def post(self, request: Request, wallet_id: UUID) -> Response:
        """Read what is new, from where the last reading ended. 409 when no healthy node is configured."""
        services.ask_sync(wallet_id=wallet_id, by=signed_in(request), at=now())
        answer = self.get(request, wallet_id)
        answer.status_code = 202
        return answer


class Activity(WalletView):
    """Movements."""

    @extend_schema(responses=page_of(shapes.MovementOut), operation_id="wallets_activity", tags=["wallets"])
    def get(self, request: Request, wallet_id: UUID) -> Response:
        """The latest 50, net of what went round within a day."""
        view = selectors.wallet_view(user=signed_in(request), wallet_id=wallet_id)
        return in_pages(request, view.activity, shapes.MovementOut, key="")


class Positions(WalletView):
    """Holdings."""

    @extend_schema(responses=shapes.HoldingOut(many=True), operation_id="wallets_positions", tags=["wallets"])
    def get(self, request: Request, wallet_id: UUID) -> Response:
        """What is held, the most valuable first."""
        view = selectors.wallet_view(user=signed_in(request), wallet_id=wallet_id)
        return Response(shapes.HoldingOut(view.holdings, many=True).data)


class Approvals(WalletView):
    """Open permissions."""

    @extend_schema(responses=shapes.AllowanceOut(many=True), operation_id="wallets_approvals", tags=["wallets"])
    def get(self, request: Request, wallet_id: UUID) -> Response:
        """Who may take which token, with the call data that ends it."""
        view = selectors.wallet_view(user=signed_in(request), wallet_id=wallet_id)
        return Response(shapes.AllowanceOut(view.approvals, many=True).data)


class OnchainScores(WalletView):
    """Scores of wallets."""

    @extend_schema(responses=shapes.OnchainScorePageOut, operation_id="onchain_scores_list", tags=["wallets"])
    def get(self, request: Request) -> Response:
        """One's own, newest first, in cursor pages of 50."""
        pages = NewestScoreFirst()
        shown = pages.paginate_queryset(selectors.own_scores(user=signed_in(request)), request, self) or []
        return pages.get_paginated_response(shapes.OnchainScoreOut(shown, many=True).data)

    @extend_schema(
        request=shapes.ScoreWalletsIn, responses={201: shapes.OnchainScoreOut}, operation_id="onchain_scores_issue",
        tags=["wallets"],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One score for a bundle of at most eight wallets."""
        asked = shapes.ScoreWalletsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.score_wallets(wallet_ids=asked.validated_data["wallets"], by=signed_in(request), at=now())
        return Response(shapes.OnchainScoreOut(made).data, status=201)


class BatchScores(WalletView):
    """A score for each of some wallets."""

    @extend_schema(
        request=shapes.ScoreWalletsIn, responses={201: shapes.OnchainScoreOut(many=True)},
        operation_id="onchain_scores_batch", tags=["wallets"],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """At most 20 wallets, in the order asked."""
        asked = shapes.ScoreWalletsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.score_each(wallet_ids=asked.validated_data["wallets"], by=signed_in(request), at=now())
        return Response(shapes.OnchainScoreOut(made, many=True).data, status=201)


class OneOnchainScore(WalletView):
    """One score."""

    @extend_schema(responses=shapes.OnchainScoreOut, operation_id="onchain_scores_read", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> Response:
        """Number, bounds, coverage, and the root of the evidence."""
        score = selectors.own_score(user=signed_in(request), score_id=onchain_id)
        return Response(shapes.OnchainScoreOut(score).data)


class Components(WalletView):
    """The 24 parts of a score."""

    @extend_schema(responses=shapes.ComponentOut(many=True), operation_id="onchain_scores_components", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> Response:
        """Their points sum to the unrounded score."""
        view = selectors.score_view(user=signed_in(request), score_id=onchain_id)
        return Response(shapes.ComponentOut(view.parts, many=True).data)


class Evidence(WalletView):
    """The evidence of a score."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="onchain_scores_evidence", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> HttpResponse:
        """The file that `manage.py recompute_wallet_score` reproduces the score from."""
        score = selectors.own_score(user=signed_in(request), score_id=onchain_id)
        content = evidence_json.write(selectors.evidence_of_score(score))
        return HttpResponse(content, content_type="application/json")


class Explain(WalletView):
    """Why a score is what it is."""

    @extend_schema(responses=shapes.ExplanationOut, operation_id="onchain_scores_explain", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> Response:
        """Reasons against the reference median, strongest first, and what forging each parameter would cost."""
        return Response(shapes.ExplanationOut(selectors.score_view(user=signed_in(request), score_id=onchain_id)).data)


class Difference(WalletView):
    """Why two scores differ."""

    @extend_schema(responses=shapes.ScoreStepOut(many=True), operation_id="onchain_scores_diff", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID, other_id: UUID) -> Response:
        """Every point of the difference (later minus earlier) by cause; the steps sum to it."""
        steps = services.compare_scores(score_id=onchain_id, other_id=other_id, by=signed_in(request))
        return Response(shapes.ScoreStepOut(steps, many=True).data)


class Simulate(WalletView):
    """What would change a score."""

    @extend_schema(
        request=shapes.SimulateIn, responses=shapes.WhatIfOut, operation_id="onchain_scores_simulate", tags=["wallets"]
    )
    def post(self, request: Request, onchain_id: UUID) -> Response:
        """The real scorecard on the evidence with one change made."""
        asked = shapes.SimulateIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        change = what_if.Change(values["change"], values["share"], values["days"])
        outcome = services.simulate_score(score_id=onchain_id, change=change, by=signed_in(request))
        return Response(shapes.WhatIfOut(outcome).data)


class History(WalletView):
    """Earlier scores of the same wallets."""

    @extend_schema(responses=shapes.OnchainScoreOut(many=True), operation_id="onchain_scores_history", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> Response:
        """Every score of a wallet of this one, oldest first (at most 200)."""
        by = signed_in(request)
        score = selectors.own_score(user=by, score_id=onchain_id)
        rows = selectors.own_scores(user=by).filter(wallets__in=score.wallets.all()).distinct()[:200]
        return Response(shapes.OnchainScoreOut(list(rows)[::-1], many=True).data)
