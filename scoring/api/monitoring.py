"""Readings of the monitored models over the API: drift, calibration, stability, coverage."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability
from creditiq.kernel.pages import KeyedPages, page_of
from scoring import selectors
from scoring.models.governance import Verdict


class MonitoringIn(serializers.Serializer[object]):
    """Which readings; every one when left out."""

    version = serializers.CharField(required=False, max_length=60)
    metric = serializers.CharField(required=False, max_length=12, help_text="psi, csi, auc, ks, ece …")
    verdict = serializers.ChoiceField(choices=Verdict.choices, required=False)


class DriftReadingOut(serializers.Serializer[object]):
    version = serializers.CharField(source="version.version")
    as_of = serializers.DateTimeField()
    metric = serializers.CharField()
    subject = serializers.CharField(help_text="a feature, or “score”")
    value = serializers.FloatField(allow_null=True)
    critical = serializers.FloatField(allow_null=True, help_text="exceeded by chance once in twenty at this size")
    size = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Verdict.choices)


class NewestReadings(KeyedPages):
    ordering = ("-pk",)
    reads = staticmethod(int)


class Monitoring(APIView):
    permission_classes = (HasCapability,)
    capability = Capability.EXPLORE_SCORES

    @extend_schema(
        parameters=[MonitoringIn], responses=page_of(DriftReadingOut), operation_id="monitoring_list", tags=["models"]
    )
    def get(self, request: Request) -> Response:
        """Every reading, newest first, in cursor pages of 50."""
        asked = MonitoringIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        pages = NewestReadings()
        rows = pages.paginate_queryset(
            selectors.readings(**{"version": "", "metric": "", "verdict": "", **asked.validated_data}), request, self
        )
        return pages.get_paginated_response(DriftReadingOut(rows, many=True).data)
