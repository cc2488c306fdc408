"""Every cell of the permission matrix, asked of the running product."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.architecture.permission_matrix import KINDS, MATRIX, MORE_KINDS, cell
from tests.journeys.callers import Caller
from tests.journeys.people import Visitor, visitor
from tests.product import Product

pytestmark = pytest.mark.integration
HEADER = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"
PAYMENT = HEADER + "\n{},2026-10-01T11:25:00+05:30,in,10.00,P2M,success,shop@okaxis,asha@ybl\n"
ENDS_THE_SESSION = ("POST sign-out", "POST api/v1/auth/sign_out")


@pytest.fixture(scope="module")
def people(running_product: Product) -> dict[str, Visitor]:
    return {kind: visitor(running_product.address, kind) for kind in (*KINDS, *MORE_KINDS)}


def open_claim(product: Product, owner: Caller) -> str:
    """A claim of the owner on somebody else's business that waits for its code."""
    claims = [claim for claim in owner.get("claims").json() if claim["status"] == "pending"]
    if claims:
        return claims[0]["id"]
    other = Caller(product.address, "rahul").business()["gstin"]
    answer = owner.post("claims", {"identifier": other})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


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
    arjun = Caller(running_product.address, "arjun")
    rahul_and_a_bank = (arjun.get("users?q=rahul").json()["results"][0]["id"], arjun.get("banks").json()[0]["id"])
    return {
        "business_id": business["id"],
        "claim_id": open_claim(running_product, priya),
        "user_id": rahul_and_a_bank[0],
        "organisation_id": rahul_and_a_bank[1],
        "invitation_id": str(uuid4()),
        "approval_id": str(uuid4()),
        "key_id": str(uuid4()),
        "consent_id": denied_consent(running_product, priya),
        "task_id": task,
        "upload_id": upload.json()["id"],
        "application_id": priya.get("applications").json()["results"][0]["id"],
        "ring_id": Caller(running_product.address, "deepa").get("fraud/rings").json()["results"][0]["id"],
    }


@pytest.mark.parametrize("row", sorted(MATRIX))
def test_each_person_gets_the_answer_that_was_written_down(
    row: str, people: Mapping[str, Visitor], things: Mapping[str, str], running_product: Product
) -> None:
    method, _, path = row.partition(" ")
    address = re.sub(r"<uuid:(\w+)>", lambda name: things[name[1]], path.replace("<int:factor_id>", "0"))
    written = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    written |= {kind: status for kind in MORE_KINDS if (status := cell(row, kind)) is not None}
    if row in ENDS_THE_SESSION:
        people = {kind: visitor(running_product.address, kind) for kind in written}
    answers = {kind: people[kind].ask(method, address) for kind in written}
    assert answers == written


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
