"""Work that lending does when news arrives."""

from datetime import timedelta

from celery import shared_task

from creditiq.kernel.clock import IST, now
from creditiq.kernel.database_clock import database_now
from creditiq.kernel.tasks import DeliveredTask
from lending import services
from lending.models import Decision
from lending.services.assessing import redecide_everybody as evaluate_everybody
from lending.services.assessing import resume_screened as go_on_with_screened
from lending.services.conduct import report_conduct
from lending.services.offering import expire_offers as end_offers
from lending.services.offering import issue_key_facts as make_offer
from lending.services.outcomes import report_book
from lending.services.outcomes import report_outcomes as tell_outcomes
from lending.services.paying_out import follow_loan as go_with_loan
from lending.services.reminding import remind_of_instalments as plan_instalments


@shared_task(base=DeliveredTask)
def redecide_open_applications(*, business_id: int, **_: object) -> None:
    """Evaluate the open applications of a business on its new score."""
    services.redecide_open_applications(business_id=business_id, as_of=now())


@shared_task(base=DeliveredTask)
def redecide_everybody(**_: object) -> None:
    """Evaluate every open application on the score a new policy made."""
    evaluate_everybody(as_of=now())


@shared_task(base=DeliveredTask)
def forget(*, business_id: int, consent_id: int, **_: object) -> None:
    services.forget(business_id=business_id, consent_id=consent_id, at=now())


@shared_task(base=DeliveredTask)
def report_outcomes(*, business_id: int, **_: object) -> None:
    """Tell scoring how the loans of a business went."""
    tell_outcomes(business_id=business_id, at=now())


@shared_task(base=DeliveredTask, soft_time_limit=1_200, time_limit=1_260)
def report_all_outcomes(**_: object) -> None:
    """Every night: how the whole book went so far."""
    moment = now()
    report_book(at=moment)
    report_conduct(at=moment)


@shared_task(base=DeliveredTask, soft_time_limit=1_200, time_limit=1_260)
def freeze_returns(**_: object) -> None:
    """Every night: keep the book as it closed; on the first of a month, a quarter and April what is due then too."""
    services.freeze_all(at=now())


@shared_task(base=DeliveredTask)
def build_collection_queue(**_: object) -> None:
    """Every morning, before anybody may be called: the order in which overdue loans are worked."""
    services.freeze_collection_queues(at=now())


@shared_task(base=DeliveredTask, soft_time_limit=3_600, time_limit=3_660)
def run_eod(**_: object) -> None:
    """Close yesterday."""
    moment = database_now()
    services.run_eod(on=moment.astimezone(IST).date() - timedelta(days=1), at=moment)


@shared_task(base=DeliveredTask)
def prove_books(**_: object) -> None:
    """Prove the books of the closed day."""
    services.prove_books(at=now())


@shared_task(base=DeliveredTask)
def issue_key_facts(*, decision_id: int, **_: object) -> None:
    """Make the offer when the decision was a sanction."""
    make_offer(application_id=Decision.objects.get(pk=decision_id).application_id, at=now())


@shared_task(base=DeliveredTask)
def write_letter(*, application_id: int = 0, decision_id: int = 0, **_: object) -> None:
    """Write the letter when the news is a refusal."""
    refused = application_id or Decision.objects.get(pk=decision_id).application_id
    services.write_letter(application_id=refused, at=now())


@shared_task(base=DeliveredTask)
def follow_loan(*, loan_id: int, **_: object) -> None:
    """Let the application follow its loan."""
    go_with_loan(loan_id=loan_id, at=now())


@shared_task(base=DeliveredTask)
def remind_of_instalments(*, loan_id: int, **_: object) -> None:
    """Bring the reminders of a loan in line with its book."""
    plan_instalments(loan_id=loan_id, at=now())


@shared_task(base=DeliveredTask)
def resume_screened(**_: object) -> None:
    """Go on with applications that waited for the fraud desk."""
    go_on_with_screened(at=now())


@shared_task(base=DeliveredTask)
def expire_offers(**_: object) -> None:
    """Every quarter of an hour: end offers, drafts, questions and requests on loans whose time is over."""
    moment = database_now()
    end_offers(at=moment)
    services.expire_proposals(at=moment)


@shared_task(base=DeliveredTask)
def seal_agreement(*, loan_id: int, **_: object) -> None:
    """Let the registry on the chain follow a loan."""
    services.seal_agreement(loan_id=loan_id, at=now())


@shared_task(base=DeliveredTask)
def seal_agreements(**_: object) -> None:
    """Every night: agreements that no registry has yet."""
    services.seal_agreements(at=now())


@shared_task(base=DeliveredTask)
def escalate_late(**_: object) -> None:
    """Every quarter of an hour: applications and complaints past their day."""
    services.escalate_late(at=now())


@shared_task(base=DeliveredTask)
def tell_of_statements(**_: object) -> None:
    """On the first of a month: borrowers hear that their statements can be read."""
    services.tell_of_statements(at=now())
