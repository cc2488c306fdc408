"""Every refusal has the shape of RFC 9457."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions

from accounts.api.problems import not_found, problem_response, server_error
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.identifiers.errors import InvalidIdentifier


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ApplicationError("Not now."), 409, "conflict"),
        (InvalidInput("Wrong.", field="gstin", rule="gstin.length"), 422, "invalid_input"),
        (InvalidIdentifier("gstin.check_digit", "The check digit is wrong."), 422, "invalid_input"),
        (NotVisible(), 404, "not_found"),
        (Forbidden(), 403, "forbidden"),
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "forbidden"),
        (exceptions.ParseError(), 400, "parse_error"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.ValidationError({"a": ["x"]}), 422, "invalid_input"),
    ],
)
@pytest.mark.django_db
def test_each_refusal_has_its_status_and_stable_type(error: Exception, status: int, code: str) -> None:
    answer = problem_response(error, {})
    assert answer is not None
    assert answer.status_code == status
    assert answer.data["type"] == f"urn:creditiq:problem:{code}"
    assert set(answer.data) == {"type", "title", "status", "detail", "errors", "request_id"}


@pytest.mark.django_db
def test_nested_faults_have_dotted_names_and_a_fault_of_the_whole_has_none() -> None:
    inner = {"rows": [{}, {"amount": ["Too large."]}], "non_field_errors": ["Never."]}
    answer = problem_response(exceptions.ValidationError(inner), {})
    assert [(error["field"], error["message"]) for error in answer.data["errors"]] == [
        ("rows.amount", "Too large."),
        ("", "Never."),
    ]


@pytest.mark.django_db
def test_a_broken_identifier_names_field_and_rule() -> None:
    answer = problem_response(InvalidIdentifier("gstin.check_digit", "Wrong."), {})
    assert answer.data["errors"] == [{"field": "gstin", "message": "Wrong.", "rule": "gstin.check_digit"}]


def test_what_nobody_foresaw_is_left_to_the_server_error() -> None:
    assert problem_response(RuntimeError("boom"), {}) is None


def test_paths_that_lead_nowhere_and_failures_are_problems_too() -> None:
    request = RequestFactory().get("/api/v1/nowhere")
    for answer, status in ((not_found(request), 404), (server_error(request), 500)):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["status"] == status
