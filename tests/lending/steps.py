"""The steps several tests take an application through."""

from lending.models import LoanApplication
from lending.services.deciding import decide
from lending.services.offering import accept_offer, issue_key_facts
from lending.services.paying_out import Beneficiary, order_payment
from tests.factories.lending import AT


def step(desk, outcome, by, reasons=("score.meets",), **changes):
    parts = {"application_id": desk.application.uuid, "outcome": outcome, "reason_codes": list(reasons), "note": "",
             "by": by, "at": AT}  # fmt: skip
    return decide(**parts | changes)


def sanctioned(desk):
    step(desk, "recommend", desk.officer)
    step(desk, "sanction", desk.risk)
    desk.application.refresh_from_db()
    return desk.application


def accepted(desk):
    application = sanctioned(desk)
    statement = issue_key_facts(application_id=application.pk, at=AT)
    desk.owner.save()
    accept_offer(
        application_id=application.uuid, sha256=statement.sha256, confirmed_by="password", by=desk.owner, at=AT
    )
    return application


def ordered(desk, **changes):
    application = accepted(desk)
    to = {"holder": desk.business.legal_name, "account_tail": "4321", "utr": "SBIN0001"} | changes
    return order_payment(application_id=application.uuid, to=Beneficiary(**to), by=desk.officer, at=AT)


def state_of(application):
    return LoanApplication.objects.get(pk=application.pk).state
