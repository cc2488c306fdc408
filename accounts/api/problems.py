"""Errors as RFC 9457 problem documents: a stable type, the fields at fault, the request's id."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.identifiers.errors import InvalidIdentifier

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:creditiq:problem:"
UNPROCESSABLE = 422
TITLES = {UNPROCESSABLE: "The input breaks a rule"}


@dataclass(frozen=True)
class FieldError:
    """One field at fault; `rule` is the stable id of the rule it breaks."""

    field: str
    message: str
    rule: str


@dataclass(frozen=True)
class Problem:
    """What went wrong, before it is given a shape."""

    status: int
    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()

    def document(self) -> dict[str, object]:
        """The members of RFC 9457 §3.1, and ours: errors, request_id."""
        return {
            "type": f"{TYPE_PREFIX}{self.code}",
            "title": TITLES.get(self.status) or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "errors": [asdict(error) for error in self.errors],
            "request_id": str(structlog.contextvars.get_contextvars().get("request_id", "")),
        }


DJANGOS_OWN: tuple[tuple[type[Exception], Problem], ...] = (
    (Http404, Problem(404, "not_found", "There is nothing here that you may see.")),
    (PermissionDenied, Problem(403, "forbidden", "Your role does not include this.")),
    (RequestDataTooBig, Problem(413, "too_large", "The body is too large.")),
    (SuspiciousOperation, Problem(400, "bad_request", "The request is malformed.")),
)
"""What Django raises while a request is read or a door is passed; the first kind that fits counts."""


def problem_response(error: Exception, context: Mapping[str, object]) -> Response | None:
    """DRF's exception handler; None for what nobody foresaw, which then is a 500."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    return Response(problem.document(), status=problem.status, headers=_headers_of(error), content_type=CONTENT_TYPE)


def refused(problem: Problem, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """The same document for a door that is not a DRF view."""
    return JsonResponse(problem.document(), status=problem.status, headers=headers, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404 of a path under /api/ that leads nowhere."""
    return refused(Problem(404, "not_found", "There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500 of a path under /api/."""
    return refused(Problem(500, "server_error", "Something failed on our side. Quote the request id to support."))


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, ApplicationError):
        return _of_application(error)
    if isinstance(error, InvalidIdentifier):
        fault = FieldError(field=error.rule.partition(".")[0], message=str(error), rule=error.rule)
        return Problem(UNPROCESSABLE, "invalid_input", str(error), (fault,))
    if isinstance(error, exceptions.ValidationError):
        return Problem(UNPROCESSABLE, "invalid_input", "Some fields need another value.", tuple(_faults(error.detail)))
    if isinstance(error, exceptions.APIException):
        return Problem(error.status_code, _code_of(error), str(error.detail))
    return next((problem for kind, problem in DJANGOS_OWN if isinstance(error, kind)), None)


def _of_application(error: ApplicationError) -> Problem:
    faults = (FieldError(error.field, error.message, error.rule),) if isinstance(error, InvalidInput) else ()
    return Problem(error.status, error.code, error.message, faults)


def _code_of(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _headers_of(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    return headers


def _faults(detail: object, path: str = "") -> Iterator[FieldError]:
    """Flatten DRF's tree of errors to dotted field names; what concerns the whole body has the field ''."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _faults(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for inner in detail:
            yield from _faults(inner, path)
    else:
        yield FieldError(field=path, message=str(detail), rule=str(getattr(detail, "code", "invalid")))
