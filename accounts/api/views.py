"""The views of lists that a person keeps."""

from uuid import UUID

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import SavedView
from accounts.permissions import InPerson, signed_in
from accounts.selectors import saved_views
from accounts.selectors.lists import COLUMNS
from accounts.services.lists import LONGEST_NAME, LONGEST_QUERY, delete_view, save_view
from creditiq.kernel.clock import now
from creditiq.kernel.pages import in_pages, page_of


class SavedViewOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    page = serializers.CharField(help_text="name of the list's address, such as fraud:queue")
    name = serializers.CharField()
    query = serializers.CharField(help_text="its filters and columns, as in the address of the list")
    columns = serializers.SerializerMethodField(help_text="the chosen columns; none are the usual ones")
    address = serializers.SerializerMethodField(help_text="where the list opens so")
    saved_at = serializers.DateTimeField()

    def get_columns(self, view: SavedView) -> list[str]:
        """Names out of the query."""
        return [name for name in QueryDict(view.query).get(COLUMNS, "").split(",") if name]

    def get_address(self, view: SavedView) -> str:
        """The path with the query; empty for a list that is no more."""
        try:
            return f"{reverse(view.page)}?{view.query}"
        except NoReverseMatch:
            return ""


class SavedViewIn(serializers.Serializer[object]):
    page = serializers.CharField(max_length=80)
    name = serializers.CharField(max_length=LONGEST_NAME)
    query = serializers.CharField(max_length=LONGEST_QUERY, allow_blank=True, default="")


class SavedViews(APIView):
    permission_classes = (InPerson,)

    @extend_schema(
        responses=page_of(SavedViewOut),
        operation_id="account_views_list",
        tags=["account life"],
        parameters=[OpenApiParameter("page", str), OpenApiParameter("cursor", str)],
    )
    def get(self, request: Request) -> Response:
        """The views one keeps, of one list or of all."""
        kept = saved_views(user=signed_in(request), page=request.query_params.get("page", "").replace("\0", "")[:80])
        return in_pages(request, kept, SavedViewOut)

    @extend_schema(
        request=SavedViewIn, responses={201: SavedViewOut}, operation_id="account_views_save", tags=["account life"]
    )
    def post(self, request: Request) -> Response:
        """Keep filters and columns of a list under a name; the same name again replaces what it stood for."""
        form = SavedViewIn(data=request.data)
        form.is_valid(raise_exception=True)
        made = save_view(**form.validated_data, by=signed_in(request), at=now())
        return Response(SavedViewOut(made).data, status=201)


class OneSavedView(APIView):
    permission_classes = (InPerson,)

    @extend_schema(responses={204: None}, operation_id="account_views_delete", tags=["account life"])
    def delete(self, request: Request, view_id: UUID) -> Response:
        """Let go of one of them."""
        delete_view(view_id=view_id, by=signed_in(request), at=now())
        return Response(status=204)
