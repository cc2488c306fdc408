"""What people asked about their own data."""

from django.db.models import QuerySet

from accounts.models import DataRequest, DataRequestState, RetentionRun, User

NEWEST = 500


def own_data_requests(*, user: User) -> QuerySet[DataRequest]:
    """The newest requests of one person."""
    return DataRequest.objects.filter(user=user).order_by("-asked_at", "-pk")[:NEWEST]


def open_data_requests() -> QuerySet[DataRequest]:
    """Every open request, the most urgent first."""
    return DataRequest.objects.filter(state=DataRequestState.OPEN).select_related("user").order_by("due_at", "pk")


def retention_runs() -> list[RetentionRun]:
    """The newest dry runs and releases."""
    return list(RetentionRun.objects.order_by("-planned_at", "-pk")[:20])
