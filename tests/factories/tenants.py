"""Two banks and all that may be theirs: one thing behind every id of the interface, as small as the tables allow."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db.models import (
    NOT_PROVIDED,
    BinaryField,
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Field,
    FileField,
    ForeignKey,
    JSONField,
    Model,
    TextField,
    UUIDField,
)

from accounts import audit
from accounts.models import (
    ApiKey,
    ApprovalRequest,
    AuditEntry,
    Breach,
    Business,
    Claim,
    Consent,
    Duty,
    FrozenReport,
    Invitation,
    Job,
    KycDocument,
    Notification,
    Organisation,
    OwnershipDeclaration,
    Reminder,
    RetentionRun,
    Role,
    SavedView,
    TokenFamily,
    User,
    Webhook,
    WebhookDelivery,
)
from creditiq.kernel.hashing import digest
from creditiq.kernel.models import Delivery, OutboxEvent
from fraud.models import (
    Alert,
    Case,
    Dispute,
    DisputeFile,
    DisputeMessage,
    Match,
    MonitoringReport,
    Ring,
    RingMember,
    Rule,
    RuleVersion,
    Screening,
    StrReport,
    WatchlistEntity,
)
from lending.models import (
    ApplicationCondition,
    ApplicationDocument,
    BookReturn,
    Collateral,
    Loan,
    LoanApplication,
    LoanProduct,
    PaymentOrder,
    ProductVersion,
    Proposal,
)
from scoring.models import ScoreRequest
from tests.factories.accounts import AT, BankFactory, BusinessFactory, ConsentFactory, MembershipFactory, UserFactory
from tests.factories.lending import ApplicationFactory, ProductFactory, ScoreRunFactory
from tests.factories.loans import a_loan
from wallets.engine import evidence_json
from wallets.engine.evidence import Evidence
from wallets.engine.onchain_model import serving
from wallets.models import (
    Anchor,
    Attestation,
    Chain,
    ChainTransaction,
    DeployedContract,
    OnchainScore,
    ScoreModelVersion,
    ScoreShare,
    SourceConnection,
    Upload,
    Wallet,
)

STAFF = {
    "officer": (Role.LOAN_OFFICER, []),
    "analyst": (Role.CREDIT_ANALYST, []),
    "risk": (Role.RISK_MANAGER, []),
    "admin": (Role.ADMIN, []),
    "auditor": (Role.RISK_MANAGER, [Duty.AUDITOR]),
    "collections": (Role.LOAN_OFFICER, [Duty.COLLECTIONS]),
}
"""Who works for a bank: role and duties."""
DIGEST = 64
EVIDENCE = zlib.compress(evidence_json.write(Evidence(as_of=0)))
Ids = dict[str, str]
NUMBER = count(1)


@dataclass(frozen=True)
class Tenant:
    """A bank, its people, a business that is its customer, and the public id of everything theirs, by place."""

    bank: Organisation
    people: Mapping[str, User]
    ids: Ids
    at: datetime


def any_value(field: Field, kin: Mapping[type[Model], Model]) -> object:
    """Something that fits a column; another value each time."""
    number = next(NUMBER)
    if isinstance(field, ForeignKey):
        return kin.get(field.remote_field.model) or made(field.remote_field.model, kin)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, DateTimeField):
        return AT
    if isinstance(field, DateField):
        return AT.date()
    if isinstance(field, FileField):
        return ContentFile(b"%PDF-1.7 a paper", name=f"t{number}.pdf")
    values: tuple[tuple[type[Field] | tuple[type[Field], ...], object], ...] = (
        (
            (CharField, TextField),
            (f"{number:064x}" if field.max_length == DIGEST else f"t{number}")[-(field.max_length or DIGEST) :],
        ),
        (DecimalField, Decimal(1)),
        (UUIDField, uuid4()),
        (BooleanField, False),
        (JSONField, {}),
        (ArrayField, []),
        (BinaryField, b"t"),
    )
    return next((value for kinds, value in values if isinstance(field, kinds)), number)


def made(model: type[Model], kin: Mapping[type[Model], Model], **given: object) -> Model:
    """A row whose every column without a default is filled; what belongs to somebody belongs to `kin`."""
    open_columns = (
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.null and not field.blank and field.default is NOT_PROVIDED
    )
    filled = {field.name: any_value(field, kin) for field in open_columns if field.name not in given}
    return model._base_manager.create(**filled, **given)


def hexed(digits: int) -> str:
    """Another hexadecimal number each time."""
    return f"0x{next(NUMBER):0{digits}x}"


def staff_of(organisation: Organisation) -> dict[str, User]:
    """One person of each kind."""
    return {
        kind: UserFactory(role=role, duties=duties, organisation=organisation) for kind, (role, duties) in STAFF.items()
    }


def a_tenant(letter: str, at: datetime) -> Tenant:
    """A bank with its people and a customer, and everything of theirs that has an id of its own."""
    bank, business = BankFactory(name=f"Bank {letter}"), BusinessFactory(trade_name=f"Works {letter}")
    owner = MembershipFactory(business=business).user
    people = {"individual": UserFactory(), "owner": owner, **staff_of(bank)}
    consent = ConsentFactory(business=business, organisation=bank)
    kin: dict[type[Model], Model] = {Organisation: bank, User: owner, Business: business, Consent: consent}
    ids: Ids = {
        "business_id": str(business.uuid),
        "text": business.gstin,
        "organisation_id": str(bank.uuid),
        "user_id": str(people["officer"].uuid),
        "consent_id": str(consent.uuid),
        **things_of_people(kin, people, at),
        **things_of_lending(kin, people),
        **things_of_fraud(kin, people, at),
        **things_of_wallets(kin, people, at),
    }
    return Tenant(bank, people, ids, at)


def uuids(**rows: Any) -> Ids:
    """Their public ids."""
    return {name: str(row.uuid) for name, row in rows.items()}


def things_of_people(kin: dict[type[Model], Model], people: Mapping[str, User], at: datetime) -> Ids:
    """What hangs on a person's account, on their business's file or on the bank's desk."""
    owner, officer, later = people["owner"], people["officer"], at + timedelta(days=30)
    act = audit.record("test.made", target=owner, at=at, by=owner)
    webhook = made(Webhook, kin, events=["score.issued"], secret="whsec_of_a_test", organisation=None)
    event = made(OutboxEvent, kin, payload={})
    approval = made(
        ApprovalRequest,
        kin,
        maker=officer,
        action="kyc.verify",
        checked_with="approve_kyc",
        made_at=at,
        expires_at=later,
        payload="{}",
        payload_digest=digest({}),
    )
    return {
        "entry_hash": AuditEntry.objects.get(pk=act.pk).hash,
        "session_id": str(made(TokenFamily, kin, opened_at=at, expires_at=later, user=owner).pk),
        "factor_id": str(Authenticator.objects.create(user=owner, type="recovery_codes", data={"digests": []}).pk),
        "dead delivery_id": str(made(Delivery, kin, event=event, state="dead").pk),
        "kyc paper_id": str(made(KycDocument, kin).uuid),
        "frozen report_id": str(made(FrozenReport, kin, made_by=officer).uuid),
        **uuids(
            approval_id=approval,
            breach_id=made(Breach, kin, happened_at=at, noticed_at=at, due_at=at + timedelta(hours=72)),
            claim_id=made(Claim, kin, claimant=people["individual"]),
            declaration_id=made(OwnershipDeclaration, kin),
            delivery_id=made(WebhookDelivery, kin, webhook=webhook, body="{}"),
            invitation_id=made(Invitation, kin, invited_at=at, expires_at=later),
            job_id=made(Job, kin, asked_by=people["admin"]),
            key_id=made(ApiKey, kin, scopes=["view_score"], created_at=at, expires_at=later),
            notification_id=made(Notification, kin),
            reminder_id=made(Reminder, kin, due_on=at.date()),
            run_id=made(RetentionRun, kin, rows=[]),
            view_id=made(SavedView, kin, person=officer),
            webhook_id=webhook,
        ),
    }


def things_of_lending(kin: dict[type[Model], Model], people: Mapping[str, User]) -> Ids:
    """A score, an application with what belongs to it, a loan, a return and a draft of a product."""
    bank, business, officer = kin[Organisation], kin[Business], people["officer"]
    run = ScoreRunFactory(business=business)
    application = ApplicationFactory(business=business, organisation=bank, opened_by=people["owner"])
    loan = a_loan(bank=bank, business=business)
    near = {**kin, LoanApplication: application, Loan: loan, LoanProduct: application.product, User: officer}
    asked = made(ScoreRequest, near, gstin=business.gstin, business=business, by=people["owner"])
    return uuids(
        score_id=run,
        against_id=ScoreRunFactory(business=business),
        task_id=asked,
        application_id=application,
        collateral_id=made(Collateral, near, haircut=Decimal("0.2")),
        condition_id=made(ApplicationCondition, near),
        paper_id=made(
            ApplicationDocument, near, content=b"%PDF-1.7 a paper", media_type="application/pdf", by=people["owner"]
        ),
        order_id=made(PaymentOrder, near, name_match=Decimal(1), maker=officer),
        loan_id=loan,
        proposal_id=made(Proposal, near, maker=officer),
        return_id=made(BookReturn, near, document={"figures": [], "sheets": []}, since=AT.date(), until=AT.date()),
        version_id=made(ProductVersion, near, author=people["risk"], product=ProductFactory(code=f"T-{bank.pk}")),
    )


def things_of_fraud(kin: dict[type[Model], Model], people: Mapping[str, User], at: datetime) -> Ids:
    """A ring of the business, its alert, a case with a draft report, a dispute with a paper, a match, a rule."""
    business, risk = kin[Business], people["risk"]
    ring = made(Ring, kin, evidence=[])
    near = {**kin, Ring: ring, User: risk}
    made(RingMember, near)
    made(Screening, near, ring=ring, fraud_ring_flag=1.0, fraud_confidence=0.9, as_of=at)
    case = made(Case, near, ring=ring, opened_by=risk, due_at=at)
    near[Case] = case
    dispute = made(Dispute, near, opened_by=people["owner"], due_at=at)
    message = made(DisputeMessage, {**near, Dispute: dispute, User: people["owner"]}, from_owner=True, text="Not ours.")
    rule = made(Rule, near, created_by=risk)
    made(
        RuleVersion,
        {**near, Rule: rule},
        expression={"compare": ">", "left": {"fact": "findings"}, "right": {"value": 1}},
    )
    said = {"names": [["Someone", False]], "name": "Someone", "kind": "person", "key": "Q1"}
    listed = made(WatchlistEntity, near, content=said)
    figures = {"since": AT.date(), "until": AT.date(), "figures": []}
    return uuids(
        ring_id=ring,
        alert_id=made(Alert, near, ring=ring),
        case_id=case,
        report_id=made(StrReport, near, grounds=[], indicators=[], annex={"facts": [], "transactions": []}, parties=[]),
        snapshot_id=made(MonitoringReport, near, **figures),
        dispute_id=dispute,
        file_id=made(DisputeFile, {**near, DisputeMessage: message}, content_type="application/pdf"),
        match_id=made(
            Match,
            {**near, WatchlistEntity: listed},
            probability=0.9,
            features={"parts": {}, "words": []},
            business=business,
        ),
        rule_id=rule,
    )


def things_of_wallets(kin: dict[type[Model], Model], people: Mapping[str, User], at: datetime) -> Ids:
    """An upload, the owner's wallets with a score and what is said of it, and what the house keeps on chains."""
    bank, chain = kin[Organisation], Chain.objects.order_by("pk").first()
    near = {**kin, Chain: chain}
    wallet = near[Wallet] = made(Wallet, near, address=hexed(40))
    serves = serving()
    said = {"version": serves.version, "document": dict(serves.document), "active_from": at}
    near[ScoreModelVersion] = ScoreModelVersion.objects.get_or_create(hash=serves.hash, defaults=said)[0]
    estimated = {"evidence": EVIDENCE, "status": "complete", "coverage": 0.5, "estimate": 400.0}
    score = near[OnchainScore] = made(
        OnchainScore, near, evidence=EVIDENCE, status="complete", coverage=0.5, estimate=400.0
    )
    contract = made(DeployedContract, near, name="AuditAnchor", fee_cap=1, spend_cap=1, day_cap=1, abi=[])
    near[DeployedContract] = contract
    return {
        "attestation_uid": made(
            Attestation,
            near,
            uid=hexed(64),
            salt=hexed(64),
            signer=hexed(40),
            signature=hexed(130),
            issued_at=at,
            expires_at=at + timedelta(days=9),
        ).uid,
        **uuids(
            upload_id=made(Upload, near, state="parsed", kind="gst_invoices"),
            connection_id=made(SourceConnection, near, source="gst_network", ends_at=at + timedelta(hours=6)),
            wallet_id=wallet,
            removed_id=made(Wallet, near, address=hexed(40)),
            onchain_id=score,
            other_id=made(OnchainScore, near, **estimated),
            share_id=made(ScoreShare, near, organisation=bank, shared_at=at, until=at + timedelta(days=9)),
            contract_id=contract,
            anchor_id=made(Anchor, near, first=1, last=2),
            transaction_id=made(ChainTransaction, near),
        ),
    }
