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
    "/admin/retention": "accounts/test_retention.py",
    "/kyc": "accounts/test_kyc_pages.py",
    "/api/v1/kyc": "accounts/test_kyc_pages.py",
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
    "/wallets": "wallets/test_wallet_pages.py",
    "/wallets/networks": "wallets/test_wallet_pages.py",
    "/api/v1/chains": "wallets/test_wallet_pages.py",
    "/api/v1/wallets": "wallets/test_wallet_pages.py",
    "/wallets/attestations": "wallets/test_attestations.py",
    "/api/v1/attestations": "wallets/test_attestations.py",
    "/api/v1/onchain-scores": "wallets/test_wallet_pages.py",
    "/risk": "fraud/test_queries.py",
    "/risk/panel": "fraud/test_queries.py",
    "/risk/topology": "fraud/test_queries.py",
    "/risk/cases": "fraud/test_case_pages.py",
    "/risk/disputes": "fraud/test_case_pages.py",
    "/risk/monitoring": "fraud/test_case_pages.py",
    "/risk/rules": "fraud/test_rule_pages.py",
    "/api/v1/fraud/rules": "fraud/test_rule_pages.py",
    "/risk/names": "fraud/test_names.py",
    "/api/v1/fraud/matches": "fraud/test_names.py",
    "/api/v1/fraud/rings": "fraud/test_queries.py",
    "/api/v1/fraud/graph": "fraud/test_queries.py",
    "scoring:explorer": "scoring/test_views.py",
    "scoring:models": "scoring/test_versions.py",
    "scoring:signals": "scoring/test_monitoring.py",
    "/officer": "lending/views/test_officer.py",
    "/officer/panel": "lending/test_queries.py",
    "/risk/policies": "lending/test_policies.py",
    "/officer/decisions": "lending/test_queries.py",
    "/analyst/reviews": "lending/test_queries.py",
    "/owner/offers": "lending/test_queries.py",
    "/risk/approvals": "lending/test_queries.py",
    "/risk/approvals/panel": "lending/test_queries.py",
    "/api/v1/applications": "lending/test_queries.py",
    "/officer/loans": "lending/views/test_loans.py",
    "/officer/collections": "lending/views/test_loans.py",
    "/owner/loans": "lending/views/test_loans.py",
    "/risk/portfolio": "lending/views/test_portfolio.py",
    "/api/v1/lending/loans": "lending/api/test_loans.py",
    "/products": "lending/views/test_products.py",
    "/api/v1/lending/products": "lending/api/test_products.py",
    "/api/v1/lending/products/versions": "lending/api/test_products.py",
}


@pytest.mark.parametrize("address", sorted(LISTS))
def test_a_list_has_its_number_of_queries_pinned(address: str) -> None:
    text = (ROOT / "tests" / LISTS[address]).read_text()
    assert f'"{address}"' in text
    assert any(pin in text for pin in ("num_queries", "CaptureQueriesContext"))
