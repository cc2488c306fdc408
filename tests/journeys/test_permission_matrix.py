"""Every cell of the permission matrix, asked of the running product."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.architecture.permission_matrix import KINDS, MATRIX
from tests.journeys.callers import Caller
from tests.journeys.people import Visitor, visitor
from tests.product import Product

pytestmark = pytest.mark.integration
HEADER = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"
PAYMENT = HEADER + "\n{},2026-10-01T11:25:00+05:30,in,10.00,P2M,success,shop@okaxis,asha@ybl\n"
ENDS_THE_SESSION = ("POST sign-out", "POST api/v1/auth/sign_out")


@pytest.fixture(scope="module")
def people(running_product: Product) -> dict[str, Visitor]:
    return {kind: visitor(running_product.address, kind) for kind in KINDS}


def denied_consent(product: Product, owner: Caller) -> str:
    """A request of the officer's bank that the owner said no to; asked once, however often the tests run."""
    officer = Caller(product.address, "anjali")
    until = datetime.now(UTC) + timedelta(days=90)
    terms = {"kinds": ["gst_returns"], "purpose": "monitoring", "expires_at": until.isoformat()}
    asked = officer.post("consents", {"gstin": owner.business()["gstin"], **terms})
    if asked.status_code == 201:
        assert owner.post(f"consents/{asked.json()['id']}/deny", {}).status_code == 200
    mine = owner.get("consents").json()
    return next(consent["id"] for consent in mine if consent["status"] == "denied")


@pytest.fixture(scope="module")
def things(running_product: Product) -> dict[str, str]:
    """Public ids of Priya's things, and of a ring; the consent is one that she denied, so nothing ends it."""
    priya = Caller(running_product.address, "priya")
    business = priya.business()
    task = priya.request_score(business["gstin"])
    priya.await_score(task)
    content = PAYMENT.format(f"{time.time_ns() // 1_000:012d}"[-12:]).encode()
    upload = priya.session.post(
        f"{priya.base}/evidence/uploads",
        files={"file": ("payments.csv", content)},
        data={"kind": "upi_payments", "mode": "all_or_nothing", "gstin": business["gstin"]},
        timeout=30,
    )
    assert upload.status_code in {201, 202}, upload.text
    return {
        "business_id": business["id"],
        "consent_id": denied_consent(running_product, priya),
        "task_id": task,
        "upload_id": upload.json()["id"],
        "application_id": priya.get("applications").json()["results"][0]["id"],
        "loan_id": priya.get("lending/loans").json()["results"][0]["id"],
        "grievance_id": str(UUID(int=0)),  # nobody complained
        "proposal_id": str(UUID(int=0)),  # nothing waits for a second person
        "code": "TL-MSME",
        "version_id": str(UUID(int=0)),  # no draft waits: one would change what the demo offers
        "paper_id": str(UUID(int=0)),
        "condition_id": str(UUID(int=0)),
        "order_id": str(UUID(int=0)),  # no payment of hers waits
        "ring_id": Caller(running_product.address, "deepa").get("fraud/rings").json()["results"][0]["id"],
    }


@pytest.mark.parametrize("row", sorted(MATRIX))
def test_each_person_gets_the_answer_that_was_written_down(
    row: str, people: Mapping[str, Visitor], things: Mapping[str, str], running_product: Product
) -> None:
    method, _, path = row.partition(" ")
    address = re.sub(r"<(?:uuid|slug):(\w+)>", lambda name: things[name[1]], path)
    if row in ENDS_THE_SESSION:
        people = {kind: visitor(running_product.address, kind) for kind in KINDS}
    answers = {kind: people[kind].ask(method, address) for kind in KINDS}
    assert answers == dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))


@pytest.mark.parametrize("row", sorted(row for row in MATRIX if "<uuid:" in row))
def test_what_does_not_exist_looks_like_what_is_not_yours(row: str, people: Mapping[str, Visitor]) -> None:
    method, _, path = row.partition(" ")
    nowhere = re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
    written = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    answers = {kind: people[kind].ask(method, nowhere) for kind in KINDS}
    assert {kind: answer for kind, answer in answers.items() if answer not in _expected(written[kind])} == {}


def _expected(written: int) -> set[int]:
    """Who may not even try is told so; an incomplete form may be looked at before the thing is looked for."""
    if written in {302, 401, 403}:
        return {written}
    return {404, 422} if written == 422 else {404}
