"""Every page and operation that lists has a pinned number of queries, in the tests of its app."""

import pytest

from tests.architecture.sources import ROOT

LISTS = {
    "/overview": "accounts/test_views.py",
    "/admin/people": "accounts/test_identity.py",
    "/account/keys": "accounts/test_api_keys.py",
    "/api/v1/keys": "accounts/test_api_keys.py",
    "/approvals": "accounts/test_approvals.py",
    "/admin/data-requests": "accounts/test_data_requests.py",
    "/notifications": "accounts/test_notices.py",
    "/reminders": "accounts/test_notices.py",
    "/api/v1/notifications": "accounts/test_notices.py",
    "/api/v1/reminders": "accounts/test_notices.py",
    "/admin/jobs": "accounts/test_jobs.py",
    "/admin/set-aside": "accounts/test_jobs.py",
    "/api/v1/jobs": "accounts/test_jobs.py",
    "/api/v1/dead_letters": "accounts/test_jobs.py",
    "/api/v1/approvals": "accounts/test_approvals.py",
    "/audit": "accounts/test_audit_trail.py",
    "/account/trail": "accounts/test_audit_trail.py",
    "/api/v1/audit/events": "accounts/test_audit_trail.py",
    "/api/v1/audit/checkpoints": "accounts/test_audit_trail.py",
    "/api/v1/consents": "accounts/api/test_house.py",
    "/owner/evidence": "wallets/test_queries.py",
    "/owner/evidence/panel": "wallets/test_queries.py",
    "/risk": "fraud/test_queries.py",
    "/risk/panel": "fraud/test_queries.py",
    "/risk/topology": "fraud/test_queries.py",
    "/api/v1/fraud/rings": "fraud/test_queries.py",
    "/api/v1/fraud/graph": "fraud/test_queries.py",
    "scoring:explorer": "scoring/test_views.py",
    "/officer": "lending/views/test_officer.py",
    "/officer/panel": "lending/test_queries.py",
    "/risk/approvals": "lending/test_queries.py",
    "/risk/approvals/panel": "lending/test_queries.py",
    "/api/v1/applications": "lending/test_queries.py",
}


@pytest.mark.parametrize("address", sorted(LISTS))
def test_a_list_has_its_number_of_queries_pinned(address: str) -> None:
    text = (ROOT / "tests" / LISTS[address]).read_text()
    assert f'"{address}"' in text
    assert any(pin in text for pin in ("num_queries", "CaptureQueriesContext"))
