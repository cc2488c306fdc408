"""Every cell of the permission matrix, asked of the running product."""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

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
    claims = [claim for claim in owner.get("claims").json()["results"] if claim["status"] == "pending"]
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
    mine = owner.get("consents").json()["results"]
    return next(consent["id"] for consent in mine if consent["status"] == "denied")


def added_wallet(owner: Caller, number: int) -> str:
    """Priya's demo wallet, or one to remove."""
    if not number:
        return next(wallet["id"] for wallet in owner.get("wallets").json()["results"] if wallet["state"] == "verified")
    answer = owner.post("wallets", {"chain": "ethereum", "address": f"0x{number:040x}"})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def answering_match(product: Product, name: str) -> str:
    """A match of a name with a list made for it; waits until the worker has held the customers against it."""
    deepa = Caller(product.address, "deepa")
    content = f"id,schema,name\nQ1,Company,{name}\n".encode()
    loaded = deepa.session.post(f"{deepa.base}/fraud/watchlists", files={"files": ("made.csv", content)}, timeout=30)
    assert loaded.status_code == 201, loaded.text
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := deepa.get("fraud/matches").json()["results"]:
            return found[0]["id"]
        time.sleep(0.5)
    raise AssertionError("no match came")


def fraud_things(product: Product) -> dict[str, str]:
    """A case with a draft report, a frozen monitoring report, and a dispute of the owner with a document."""
    deepa = Caller(product.address, "deepa")
    ring = deepa.get("fraud/rings").json()["results"][0]["id"]
    case = deepa.post("fraud/cases", {"ring": ring}).json()["id"]
    drafted = deepa.post("fraud/str", {"case": case})
    report = drafted.json() if drafted.status_code == 201 else deepa.get("fraud/str").json()["results"][0]
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    frozen = deepa.post("fraud/monitoring", {"since": today, "until": today}).json()["id"]
    dispute, file = opened_dispute(visitor(product.address, "owner"))
    condition = {"compare": ">", "left": {"fact": "findings"}, "right": {"value": 1}}
    draft = {"slug": "findings", "title": "Findings", "severity": "low", "expression": condition, "cases": []}
    rule = deepa.post("fraud/rules", draft).json()["id"]
    alerts = deepa.get("fraud/alerts").json()["results"]
    return {
        "alert_id": next(alert["id"] for alert in alerts if alert["topic"]),
        "ring_id": ring, "case_id": case, "report_id": report["id"], "snapshot_id": frozen, "dispute_id": dispute,
        "file_id": file, "rule_id": rule,
    }  # fmt: skip


def opened_dispute(owner: Visitor) -> tuple[str, str]:
    """A dispute with a document, opened on the page: the ids of both."""
    words = {"subject": "datum", "reference": f"INV-{time.time_ns()}", "text": "Not ours."}
    words["csrfmiddlewaretoken"] = owner.session.cookies.get("csrftoken", "")
    paper = {"documents": ("paper.pdf", b"%PDF-1.7 a paper")}
    made = owner.session.post(f"{owner.address}/owner/disputes/new", data=words, files=paper, timeout=30)
    assert made.status_code == 200, made.text[:500]
    file = re.search(r"/owner/disputes/files/([0-9a-f-]+)", made.text)
    assert file, made.url
    return made.url.rsplit("/", 1)[1], file[1]


def recorded_breach(admin: Caller) -> str:
    """A breach on record; one is enough however often the tests run."""
    if found := admin.get("breaches").json()["results"]:
        return found[0]["id"]
    words = dict.fromkeys(("title", "nature", "place", "impact", "measures", "advice", "contact"), "Made for a test.")
    moments = {"happened_at": "2026-01-01T10:00Z", "noticed_at": "2026-01-02T10:00Z"}
    return admin.post("breaches", {**words, **moments}).json()["breach"]["id"]


NOTHING = {"uuid": str(UUID(int=0))}
"""What stands for a thing the demo has none of: a job, a letter to read, a reminder."""


@pytest.fixture(scope="module")
def things(running_product: Product) -> dict[str, str]:
    """Public ids of Priya's things, and of a ring; the consent is one that she denied, so nothing ends it."""
    priya = Caller(running_product.address, "priya")
    business = priya.business()
    task = priya.request_score(business["gstin"])
    priya.await_score(task)
    score = priya.get(f"scores?business={business['id']}").json()["results"][0]["score_id"]
    content = PAYMENT.format(f"{time.time_ns() // 1_000:012d}"[-12:]).encode()
    upload = priya.session.post(
        f"{priya.base}/evidence/uploads",
        files={"file": ("payments.csv", content)},
        data={"kind": "upi_payments", "mode": "all_or_nothing", "gstin": business["gstin"]},
        timeout=30,
    )
    assert upload.status_code in {201, 202}, upload.text
    onchain = priya.get("onchain-scores").json()["results"][0]["id"]
    arjun = Caller(running_product.address, "arjun")
    found = [arjun.get(path).json()["results"] for path in ("users?q=rahul", "banks")]
    rahul_and_a_bank = (found[0][0]["id"], found[1][0]["id"])
    return {
        **{name: added_wallet(priya, number) for number, name in enumerate(("wallet_id", "removed_id", "dropped_id"))},
        "onchain_id": onchain,
        "other_id": onchain,
        "share_id": str(UUID(int=0)),  # she shows it to nobody
        "attestation_uid": priya.post("attestations", {"score": onchain}).json()["uid"],
        "epoch": "2026-01-01",
        "business_id": business["id"],
        "claim_id": open_claim(running_product, priya),
        "user_id": rahul_and_a_bank[0],
        "organisation_id": rahul_and_a_bank[1],
        "invitation_id": str(uuid4()),
        "declaration_id": str(uuid4()),
        "run_id": str(uuid4()),
        "approval_id": str(uuid4()),
        "key_id": str(uuid4()),
        "consent_id": denied_consent(running_product, priya),
        "task_id": task,
        "score_id": score,
        "against_id": score,
        "link_id": score,
        "upload_id": upload.json()["id"],
        "application_id": priya.get("applications").json()["results"][0]["id"],
        "version": Caller(running_product.address, "deepa").get("models").json()[0]["version"],
        "other": Caller(running_product.address, "deepa").get("models").json()[0]["version"],
        "code": "TL-MSME",
        "breach_id": recorded_breach(arjun),
        "step": "nothing",
        "slug": "mudra",
        "text": "27AAPFU0939F1ZV",
        "version_id": str(UUID(int=0)),  # no draft waits: one would change what the demo offers
        "match_id": answering_match(running_product, business["name"]),
        **fraud_things(running_product),
        "section": "lending",
        "page": "fraud:queue",
        "feature": "filing_compliance_rate",
        "loan_id": priya.get("lending/loans").json()["results"][0]["id"],
        "grievance_id": str(UUID(int=0)),  # nobody complained
        "proposal_id": str(UUID(int=0)),  # nothing waits for a second person
        "paper_id": str(UUID(int=0)),
        "return_id": str(UUID(int=0)),
        "condition_id": str(UUID(int=0)),
        "order_id": str(UUID(int=0)),  # no payment of hers waits
    }


@pytest.mark.parametrize("row", sorted(MATRIX))
def test_each_person_gets_the_answer_that_was_written_down(
    row: str, people: Mapping[str, Visitor], things: Mapping[str, str], running_product: Product
) -> None:
    method, _, path = row.partition(" ")
    address = _filled(path, things)
    written = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    written |= {kind: status for kind in MORE_KINDS if (status := cell(row, kind)) is not None}
    if row in ENDS_THE_SESSION:
        people = {kind: visitor(running_product.address, kind) for kind in written}
    answers = {kind: people[kind].ask(method, address) for kind in written}
    assert answers == written


@pytest.mark.parametrize("row", sorted(row for row in MATRIX if "<uuid:" in row))
def test_what_does_not_exist_looks_like_what_is_not_yours(
    row: str, people: Mapping[str, Visitor], things: Mapping[str, str]
) -> None:
    method, _, path = row.partition(" ")
    nowhere = _filled(re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path), things)
    written = dict(zip(KINDS, map(int, MATRIX[row].split()), strict=True))
    answers = {kind: people[kind].ask(method, nowhere) for kind in KINDS}
    assert {kind: answer for kind, answer in answers.items() if answer not in _expected(written[kind])} == {}


def _filled(path: str, things: Mapping[str, str]) -> str:
    """The path with something in each of its places."""
    plain = re.sub(r"<int:\w+>", "0", path)
    return re.sub(r"<(uuid|slug|str):(\w+)>", lambda name: things.get(name[2], NOTHING.get(name[1], name[0])), plain)


def _expected(written: int) -> set[int]:
    """Who may not even try is told so; an incomplete form may be looked at before the thing is looked for."""
    if written in {401, 403}:
        return {written}
    if written == 302:  # to the sign-in page; whoever may act finds nothing
        return {302, 404}
    return {404, 422} if written == 422 else {404}
