"""Wallet scores that their holders show to lenders, over the API."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import signed_in
from creditiq.kernel.clock import now
from wallets import selectors, services
from wallets.api.onchain import WalletView


class ScoreShareIn(serializers.Serializer[object]):
    organisation = serializers.UUIDField(help_text="Id of the lender.")


class ScoreShareOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    score = serializers.UUIDField(source="score.uuid")
    organisation = serializers.UUIDField(source="organisation.uuid")
    name = serializers.CharField(source="organisation.name")
    shared_at = serializers.DateTimeField()
    until = serializers.DateTimeField()


class ScoreShares(WalletView):
    """With whom a score is shared."""

    @extend_schema(responses=ScoreShareOut(many=True), operation_id="onchain_scores_shares", tags=["wallets"])
    def get(self, request: Request, onchain_id: UUID) -> Response:
        """The shares that hold now."""
        found = selectors.shares_of(user=signed_in(request), score_id=onchain_id, at=now())
        return Response(ScoreShareOut(found, many=True).data)

    @extend_schema(
        request=ScoreShareIn, responses={201: ScoreShareOut}, operation_id="onchain_scores_share", tags=["wallets"]
    )
    def post(self, request: Request, onchain_id: UUID) -> Response:
        """A lender sees number, bounds and coverage for 90 days, beside the score of the business; no wallet of it."""
        asked = ScoreShareIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.share_score(
            score_id=onchain_id, organisation_id=asked.validated_data["organisation"], by=signed_in(request), at=now()
        )
        return Response(ScoreShareOut(made).data, status=201)


class TakeShareBack(WalletView):
    """A share ends."""

    @extend_schema(responses={204: None}, operation_id="onchain_scores_unshare", tags=["wallets"])
    def delete(self, request: Request, share_id: UUID) -> Response:
        """The lender sees the score no longer; decisions that were taken with it stay on record."""
        services.take_share_back(share_id=share_id, by=signed_in(request), at=now())
        return Response(status=204)
