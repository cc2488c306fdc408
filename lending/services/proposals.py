"""Acts that need two people: one asks and shows the effect, another says yes and only then it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.hashing import digest
from lending.engine.acts import Act, ActKind
from lending.engine.allocation import Component
from lending.engine.book import DAY, NotPossible
from lending.engine.changes import NewTerms
from lending.engine.revisions import Keep
from lending.models import Loan, LoanAct, Proposal, ProposalState, Receipt
from lending.selectors.loan_acts import visible_loan
from lending.selectors.previews import Figure, effect, figures
from lending.selectors.rate_types import FIXED, is_floating
from lending.services.closing import close_loans
from lending.services.drawing import check_draw, store_tranche
from lending.services.restating import Restatement, restate, store
from lending.services.servicing import (
    Paid,
    UnableToServe,
    act_for,
    announce,
    carry_out,
    check_payment,
    store_act,
    store_receipt,
)

NOTHING = Decimal(0)
OPEN_FOR = timedelta(days=7)
"""A request waits for its second person as long as one at the approval desk."""
SETTLE, CORRECT, RETURN, RESET, DRAW = "settle", "correct", "return", "reset", "draw"
KINDS = ("waive", "fee", "restructure", "write_off", SETTLE, "refund", CORRECT, RETURN, RESET, "declare_loss", DRAW)


@dataclass(frozen=True)
class Wish:
    """What is asked for: a kind of KINDS and what that kind needs; the rest stays empty."""

    kind: str
    amount: Decimal = NOTHING
    tax: Decimal = NOTHING
    component: str = ""
    percent: Decimal = NOTHING
    months: int = 0
    first_due: date | None = None
    paid: Paid | None = None
    reference: str = ""
    keep: str = Keep.TENOR.value


def propose(*, loan_id: UUID, wish: Wish, note: str, by: User, at: datetime) -> Proposal:
    """Ask for an act and store what it would change. Raises InvalidInput, UnableToServe, NotVisible, Forbidden."""
    require(by, Capability.SERVICE_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    if not note.strip():
        raise InvalidInput("Say why.", field="note", rule="proposal.note")
    if wish.kind == DRAW:
        check_draw(loan, wish.amount, wish.reference, by=by, at=at)
    if wish.kind == RESET and not is_floating(loan):
        raise UnableToServe(FIXED)
    document = _document(wish)
    shown = [asdict(figure) for figure in effect_of(loan, wish, at)]
    with transaction.atomic(durable=True):
        try:
            with transaction.atomic():
                proposal = Proposal.objects.create(
                    loan=loan, kind=wish.kind, document=document, effect=shown, sha256=digest([document, shown]),
                    note=note.strip(), asked_at=at, maker=by,
                )  # fmt: skip
        except IntegrityError as error:
            if "proposal_one_pending" not in str(error):
                raise
            raise UnableToServe("Something else waits for a second person on this loan.", code="pending") from error
        _record(proposal, "asked", by, at)
    return proposal


def answer_proposal(*, proposal_id: UUID, approve: bool, answer: str, by: User, at: datetime) -> Proposal:
    """A second person's yes or no; a yes is carried out at once, on the figures of now.

    Raises UnableToServe when maker and checker are one person, it is answered already or does not fit any more.
    """
    require(by, Capability.APPROVE_LOAN_ACTS)
    with transaction.atomic(durable=True):
        proposal = _pending(proposal_id, by, at)
        if proposal.maker_id == by.pk:
            raise UnableToServe("You asked for this. Somebody else has to answer it.", code="maker_is_checker")
        if digest([proposal.document, proposal.effect]) != proposal.sha256:
            raise UnableToServe("The request is not what was asked. It has to be asked anew.", code="changed")
        proposal.state = ProposalState.APPROVED if approve else ProposalState.REJECTED
        proposal.checker, proposal.answered_at, proposal.answer = by, at, answer.strip()
        proposal.save(update_fields=["state", "checker", "answered_at", "answer"])
        if approve:
            _carry_out(proposal, by=by, at=at)
        _record(proposal, proposal.state, by, at)
    return proposal


def cancel_proposal(*, proposal_id: UUID, by: User, at: datetime) -> Proposal:
    """The maker takes it back."""
    require(by, Capability.SERVICE_LOANS)
    with transaction.atomic(durable=True):
        proposal = _pending(proposal_id, by, at)
        if proposal.maker_id != by.pk:
            raise UnableToServe("Only who asked takes it back.", code="not_the_maker")
        proposal.state, proposal.answered_at = ProposalState.CANCELLED, at
        proposal.save(update_fields=["state", "answered_at"])
        _record(proposal, "cancelled", by, at)
    return proposal


def expire_proposals(*, at: datetime) -> int:
    """End requests nobody answered in time, so that the loan is free for another; how many. Twice is harmless."""
    with transaction.atomic(durable=True):
        rows = Proposal.objects.filter(state=ProposalState.PENDING, asked_at__lte=at - OPEN_FOR)
        over = list(
            rows.order_by("pk").select_for_update(of=("self",), skip_locked=True).select_related("loan__organisation")
        )
        for proposal in over:
            proposal.state, proposal.answered_at = ProposalState.EXPIRED, at
            proposal.save(update_fields=["state", "answered_at"])
            _record(proposal, "expired", None, at)
    return len(over)


def effect_of(loan: Loan, wish: Wish, at: datetime) -> Sequence[Figure]:
    """What the wish would change as of now. Raises InvalidInput, UnableToServe."""
    try:
        if wish.kind in (CORRECT, RETURN):
            return _difference(_restated(loan, wish, at), loan)
        return effect(loan=loan, act=_act(wish, at))
    except NotPossible as refusal:
        raise UnableToServe(str(refusal)) from refusal


def _difference(found: Restatement, loan: Loan) -> Sequence[Figure]:
    place = found.loans.index(loan)
    return figures(found.before[place], found.after[place])


def _restated(loan: Loan, wish: Wish, at: datetime) -> Restatement:
    if wish.kind == RETURN:
        receipt = Receipt.objects.filter(loan=loan, utr=wish.reference, returned_on__isnull=True).first()
        if receipt is None:
            raise InvalidInput("No payment with this reference stands on this loan.", field="reference", rule="return")
        return restate(business_id=loan.business_id, without=(loan.account_no, wish.reference))
    if wish.paid is None:
        raise InvalidInput("Give the payment.", field="amount", rule="correction")
    check_payment(wish.paid, at)
    if wish.paid.on > loan.through:
        raise InvalidInput("This day is still open: post the payment as usual.", field="on", rule="correction.open")
    return restate(business_id=loan.business_id, add=(loan.account_no, act_for(wish.paid)))


def _carry_out(proposal: Proposal, *, by: User, at: datetime) -> None:
    loan = Loan.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=proposal.loan_id)
    wish = _wish(proposal.document)
    if wish.kind not in (CORRECT, RETURN):
        if wish.kind == DRAW:
            check_draw(loan, wish.amount, wish.reference, by=by, at=at)
        row = carry_out(loan, _act(wish, at), by=by, at=at, paid=wish.paid)
        if wish.kind == DRAW:
            store_tranche(row, maker=proposal.maker, checker=by, at=at)
        return
    close_loans(business_ids={loan.business_id}, on=at.astimezone(IST).date() - DAY, at=at)
    loan.refresh_from_db()
    try:
        found = _restated(loan, wish, at)
    except NotPossible as refusal:
        raise UnableToServe(str(refusal)) from refusal
    row = _log(loan, wish, by, at)
    store(found, loan=loan, act=row, at=at)


def _log(loan: Loan, wish: Wish, by: User, at: datetime) -> LoanAct:
    if wish.kind == RETURN or wish.paid is None:
        receipt = Receipt.objects.select_related("act").get(loan=loan, utr=wish.reference)
        receipt.returned_on, receipt.return_reason = at.astimezone(IST).date(), "Returned by the bank"
        receipt.save(update_fields=["returned_on", "return_reason"])
        announce(loan, _act_of_receipt(receipt), by=by, at=at, verb="payment_returned")
        return receipt.act
    act = act_for(wish.paid)
    row = store_act(loan, act, by=by, at=at)
    store_receipt(row, wish.paid)
    announce(loan, act, by=by, at=at, verb="history_corrected")
    return row


def _act_of_receipt(receipt: Receipt) -> Act:
    return Act(ActKind(receipt.act.kind), receipt.on, receipt.amount, reference=receipt.utr)


def _act(wish: Wish, at: datetime) -> Act:
    """The act a wish stands for, today."""
    if wish.kind not in KINDS:
        raise InvalidInput("Choose what is to be done.", field="kind", rule="proposal.kind")
    today = at.astimezone(IST).date()
    reference = wish.paid.utr.strip() if wish.paid else wish.reference
    amount = wish.paid.amount if wish.paid else wish.amount
    return Act(
        kind=ActKind(wish.kind), on=today, amount=amount, tax=wish.tax, reference=reference,
        component=_component(wish), terms=_terms(wish, today), keep=_keep(wish), percent=_rate(wish),
    )  # fmt: skip


def _component(wish: Wish) -> Component:
    if wish.kind != "waive":
        return Component.FEE
    if wish.component not in tuple(Component):
        raise InvalidInput("Choose what is waived.", field="component", rule="proposal.component")
    return Component(wish.component)


def _keep(wish: Wish) -> Keep:
    if wish.keep not in tuple(Keep):
        raise InvalidInput("Say what stays: the tenor or the instalment.", field="keep", rule="proposal.keep")
    return Keep(wish.keep)


def _rate(wish: Wish) -> Decimal:
    if wish.kind == RESET and not 0 < wish.percent <= 100:
        raise InvalidInput("Give the new rate, above 0 and up to 100 % a year.", field="percent", rule="proposal.rate")
    return wish.percent


def _terms(wish: Wish, today: date) -> NewTerms | None:
    if wish.kind != "restructure":
        return None
    if wish.first_due is None or wish.first_due <= today or wish.months < 1:
        raise InvalidInput("Give months, and a first due date after today.", field="first_due", rule="proposal.terms")
    return NewTerms(percent=wish.percent, months=wish.months, first_due=wish.first_due)


def _document(wish: Wish) -> dict[str, object]:
    paid = wish.paid
    return {
        "kind": wish.kind,
        "amount": f"{wish.amount:f}",
        "tax": f"{wish.tax:f}",
        "component": wish.component,
        "percent": f"{wish.percent:f}",
        "months": wish.months,
        "first_due": wish.first_due.isoformat() if wish.first_due else "",
        "reference": wish.reference,
        "keep": wish.keep,
        "paid": {
            "amount": f"{paid.amount:f}", "on": paid.on.isoformat(), "mode": paid.mode, "utr": paid.utr,
            "payer": paid.payer, "third_party": paid.third_party, "purpose": paid.purpose,
        } if paid else None,
    }  # fmt: skip


def _wish(document: Mapping[str, object]) -> Wish:
    paid, first_due = document["paid"], str(document["first_due"])
    return Wish(
        kind=str(document["kind"]),
        amount=Decimal(str(document["amount"])),
        tax=Decimal(str(document["tax"])),
        component=str(document["component"]),
        percent=Decimal(str(document["percent"])),
        months=int(str(document["months"])),
        first_due=date.fromisoformat(first_due) if first_due else None,
        paid=_paid(paid) if isinstance(paid, Mapping) else None,
        reference=str(document["reference"]),
        keep=str(document.get("keep", Keep.TENOR.value)),
    )


def _paid(document: Mapping[str, object]) -> Paid:
    return Paid(
        amount=Decimal(str(document["amount"])),
        on=date.fromisoformat(str(document["on"])),
        mode=str(document["mode"]),
        utr=str(document["utr"]),
        payer=str(document["payer"]),
        third_party=document["third_party"] is True,
        purpose=str(document["purpose"]),
    )


def _pending(proposal_id: UUID, by: User, at: datetime) -> Proposal:
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("loan__organisation")
    proposal = rows.filter(uuid=proposal_id, loan__in=Loan.objects.visible_to(by)).first()
    if proposal is None:
        raise NotVisible
    if proposal.state != ProposalState.PENDING:
        raise UnableToServe("This is answered already.", code="answered")
    if proposal.asked_at <= at - OPEN_FOR:
        raise UnableToServe("The time for this request is over. It has to be asked for again.", code="expired")
    return proposal


def _record(proposal: Proposal, verb: str, by: User | None, at: datetime) -> None:
    payload = {"kind": proposal.kind, "loan": proposal.loan.account_no, "sha256": proposal.sha256}
    audit.record(
        f"loan_proposal.{verb}", target=proposal, at=at, by=by, organisation=proposal.loan.organisation, payload=payload
    )
