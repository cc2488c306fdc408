"""Idempotency-Key on every POST of the API: the first status and body repeated, whatever the network lost."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from accounts import services
from accounts.api.problems import Problem, refused
from accounts.models import ApiKey, KeptAnswer, User
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

Answer = Callable[[HttpRequest], HttpResponseBase]
HEADER = "Idempotency-Key"
REPEATED = "Idempotent-Replayed"
SHAPE = re.compile(r"[\x21-\x7e]{1,100}")
KEPT_HEADERS = ("Content-Type", "Location")
FIRST_ERROR_OF_OURS, TOO_MANY = 500, 429
MALFORMED = Problem(400, "idempotency_key_malformed", "An Idempotency-Key has 1 to 100 visible characters.")
TOO_LARGE = Problem(413, "too_large", "With an Idempotency-Key, send more than 2.5 MB as a file of a form.")


class IdempotentPosts:
    """Asks who the caller is and whether they may before it repeats anything; doors for strangers are left alone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        begun = request.META.pop("accounts.begun", None)
        if isinstance(begun, tuple):
            _keep(begun[0], response, shown_twice=begun[1])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]
    ) -> HttpResponseBase | None:
        """Before the view: begin an answer, or give the one there is."""
        door = getattr(view, "cls", None)
        if request.method != "POST" or HEADER not in request.headers or not isinstance(door, type):
            return None
        if not issubclass(door, APIView):
            return None
        principal = _principal(door(), request, args, kwargs)
        return None if principal is None else _begun(request, principal, getattr(door, "keeps_answers", True))


def _principal(view: APIView, request: HttpRequest, args: Sequence[object], kwargs: Mapping[str, object]) -> str | None:
    """Who asks; None for a stranger and for somebody whom the view is going to refuse."""
    view.setup(request, *args, **kwargs)
    asking = view.initialize_request(request, *args, **kwargs)
    view.request = asking
    try:
        view.check_permissions(asking)
    except (APIException, ApplicationError, PermissionDenied, Http404):
        return None
    if isinstance(asking.auth, ApiKey):
        return f"key:{asking.auth.uuid}"
    return f"user:{asking.user.uuid}" if isinstance(asking.user, User) else None


def _begun(request: HttpRequest, principal: str, shown_twice: bool) -> HttpResponse | None:
    key = request.headers[HEADER]
    if not SHAPE.fullmatch(key):
        return refused(MALFORMED)
    try:
        asked = services.Asked(principal, request.path[:300], key, _digest(request))
        answer = services.begin_answer(asked=asked, at=now())
    except RequestDataTooBig:
        return refused(TOO_LARGE)
    except ApplicationError as error:
        return refused(Problem(error.status, error.code, error.message))
    if answer.status is None:
        request.META["accounts.begun"] = (answer, shown_twice)
        return None
    return HttpResponse(answer.body, status=answer.status, headers={**answer.headers, REPEATED: "true"})


def _digest(request: HttpRequest) -> str:
    """Of what was sent, keyed because that may be a password.

    A form with files is read part by part: its boundary differs from try to try.
    """
    query = request.META.get("QUERY_STRING", "").encode()
    seal = hmac.new(settings.SECRET_KEY.encode(), query, hashlib.sha256)
    if request.content_type != "multipart/form-data":
        seal.update(request.body)
        return seal.hexdigest()
    for name in sorted(request.POST):
        seal.update(repr((name, request.POST.getlist(name))).encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            seal.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                seal.update(chunk)
            file.seek(0)
    return seal.hexdigest()


def _keep(answer: KeptAnswer, response: HttpResponseBase, *, shown_twice: bool) -> None:
    """Failures of ours and refusals for haste leave no trace; everything else is the answer from now on."""
    status = response.status_code
    if status >= FIRST_ERROR_OF_OURS or status == TOO_MANY or not isinstance(response, HttpResponse):
        services.drop_answer(answer=answer)
        return
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body = response.content.decode() if shown_twice else None
    services.finish_answer(answer=answer, status=status, headers=headers, body=body)
