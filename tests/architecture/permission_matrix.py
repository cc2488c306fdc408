"""Who may do what at every door, written down in advance. One row per method and path, one status per kind of person.

`journeys/test_permission_matrix.py` asks every cell of a running product; a path without a row fails there too.
Own things are those of Priya, an owner; Rahul is another owner; the officer's bank has Priya's consent, the other
bank has not; the auditor reads and changes nothing; collections are officers with one duty more; whose account is
disabled and whose token has expired are nobody (their cells are those of `anonymous` but where a door is open).
302: to the sign-in page, or on to what was made. 403: the role lacks it. 404: not theirs to see. 422: allowed to
try, and the empty form is incomplete.
"""

from tests.architecture.api_permissions import API
from tests.architecture.page_permissions import PAGES

KINDS = ("anonymous", "individual", "owner", "other_owner", "officer", "analyst", "risk", "admin")

MATRIX = {**PAGES, **API}

MORE_KINDS = ("other_bank", "collections", "principal", "auditor", "disabled", "expired")
"""People of the demo without a card, and two who come with a token that is good no more (API only)."""
READ = ("GET",)
CHANGES_OWN = (
    "notifications",
    "api/v1/notifications",
    "api/v1/data_requests",
    "api/v1/keys",
    "api/v1/nominee",
    "api/v1/account/",
    "account",
    "language",
    "sign-",
    "verify-email",
    "reset-password",
    "api/v1/auth/",
    "api/v1/profile",
)
"""Where everybody acts on their own account only, an auditor too."""
CLOSED_TO_AUDITORS = (
    "risk/policies/<str:section>/draft",
    "products/<slug:code>/draft",
    "risk/rules/new",
    "risk/reports/<uuid:report_id>",
    "risk/reports/<uuid:report_id>.xml",
    "risk/reports/<uuid:report_id>.pdf",
    "api/v1/fraud/str",
    "api/v1/fraud/str/<uuid:report_id>",
    "api/v1/fraud/str/<uuid:report_id>.xml",
    "api/v1/fraud/str/<uuid:report_id>.pdf",
)
OPEN = (
    "schema",
    "docs",
    "chains",
    "attestations/status-list",
    "attestations/root/<str:epoch>",
    "attestations/<str:attestation_uid>/verify",
)
READS_FIRST = (
    "applications/<uuid:application_id>/decisions",
    "applications/<uuid:application_id>/events",
    "kyc/<uuid:business_id>/verify",
    "kyc/papers/<uuid:paper_id>/verdict",
    "kyc/owners/<uuid:declaration_id>/verdict",
    "kyc/owners/<uuid:declaration_id>/reveal",
    "lending/loans/<uuid:loan_id>/receipts",
    "lending/loans/<uuid:loan_id>/receipts/preview",
    "lending/loans/<uuid:loan_id>/requests",
    "score/<uuid:task_id>/chat",
    "scores/<uuid:score_id>/what_if",
)
OTHERWISE = {
    # a token that is no good is refused even where none is needed
    **{(f"GET api/v1/{path}", kind): 401 for path in OPEN for kind in ("disabled", "expired")},
    # forms whose only use is to change something, and lists that come with one
    ("GET admin/people/invite", "auditor"): 403,
    ("GET admin/people/<uuid:user_id>", "auditor"): 403,
    ("GET admin/claims", "auditor"): 403,
    ("GET admin/flags", "auditor"): 403,
    ("GET api/v1/users", "auditor"): 403,
    ("GET django-admin/", "auditor"): 403,
    ("GET risk/approvals", "auditor"): 403,
    ("GET risk/approvals/panel", "auditor"): 403,
    ("GET admin/jobs/<uuid:job_id>", "auditor"): 404,
    ("GET admin/jobs/<uuid:job_id>/panel", "auditor"): 404,
    ("GET api/v1/jobs/<uuid:job_id>", "auditor"): 404,
    # an auditor opens the desk, so a request that is not there is not there
    ("POST approvals/<uuid:approval_id>/decision", "auditor"): 404,
    **{
        (f"POST api/v1/approvals/<uuid:approval_id>/{step}", "auditor"): 404 for step in ("approve", "reject", "cancel")
    },
    ("POST api/v1/approvals/<uuid:approval_id>/approve", "auditor"): 404,
    ("POST api/v1/approvals/<uuid:approval_id>/reject", "auditor"): 404,
    ("POST api/v1/approvals/<uuid:approval_id>/cancel", "auditor"): 404,
    # reviewing access, replaying and revealing with a reason are an auditor's work; an empty form is incomplete
    ("POST admin/access-review", "auditor"): 422,
    ("POST api/v1/audit/replay", "auditor"): 422,
    # a quote books nothing
    ("POST api/v1/lending/loans/<uuid:loan_id>/prepay_quote", "auditor"): 422,
    ("POST api/v1/lending/loans/<uuid:loan_id>/rate_quote", "auditor"): 422,
    ("POST api/v1/audit/packs", "auditor"): 422,
    ("POST audit/pack", "auditor"): 422,
    ("POST reports", "auditor"): 422,
    ("POST api/v1/reports", "auditor"): 422,
    ("POST audit/replay", "auditor"): 422,
    # what is confidential by law, and editors of what an auditor may not change
    **{(f"GET {path}", "auditor"): 403 for path in CLOSED_TO_AUDITORS},
    # webhooks are the organisation's, the sandbox is everybody's, and an auditor changes none
    **{(row, "auditor"): 403 for row in PAGES if row.startswith(("POST account/webhooks", "POST account/sandbox"))},
    # the form is read before the thing is looked for, or the act judged: a complete one gets 404, or 403
    ("POST api/v1/applications/<uuid:application_id>/events", "auditor"): 422,
    **{(f"POST api/v1/{path}", "other_bank"): 422 for path in READS_FIRST},
}


def cell(row: str, kind: str) -> int | None:
    """The status written for one of MORE_KINDS: by rule from the row, or in OTHERWISE; None where it is not asked."""
    method, _, path = row.partition(" ")
    if written := OTHERWISE.get((row, kind)):
        return written
    cells = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    if kind in {"disabled", "expired"}:
        return cells["anonymous"] if path.startswith("api/v1/") else None
    if kind == "collections":
        return cells["officer"]
    if kind == "principal":
        return cells["risk"]
    if kind == "other_bank":
        return _of_another_bank(path, cells["officer"])
    return _of_an_auditor(method, path, cells)


def _of_another_bank(path: str, officers: int) -> int:
    """What is Priya's is not there for an officer without her consent; everything else is as for any officer."""
    return 404 if "<uuid:" in path and officers in {200, 409, 422} else officers


def _of_an_auditor(method: str, path: str, cells: dict[str, int]) -> int:
    """Whatever staff of the platform may read; nothing may be changed but one's own account."""
    if path.startswith(CHANGES_OWN):
        return cells["risk"]
    seen = {cells["risk"], cells["admin"]}
    if method in READ:
        return 200 if 200 in seen else cells["risk"]
    return 403
