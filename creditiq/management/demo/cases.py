"""Applications of State Bank of India at different points of their way, each taken there by the services."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Business, Organisation, Role, User
from accounts.services.personas import DEMO_DOMAIN, STATE_BANK
from creditiq.kernel.errors import ApplicationError
from lending import services as lending
from lending.models import ApplicationState, Decision, LimitDimension, LoanApplication
from lending.services.applications import begin_draft
from lending.services.limits import set_exposure_limit
from lending.services.offering import issue_key_facts
from lending.services.reviewing import add_condition, ask_owner, claim, review_credit

GROUP_CAP = Decimal(50_000_000)
TO_RECOMMEND = 4
FOR_IT = ["score.meets", "orders.confirmed"]


def work(*, played: list[Business], at: datetime) -> None:
    """Ask one owner, decline one, recommend some, make two offers; what was worked on already stays.

    The applications of the businesses `played` by the cast are left to their visitors; the second has a draft.
    """
    bank = Organisation.objects.get(name=STATE_BANK)
    set_exposure_limit(organisation=bank, dimension=LimitDimension.GROUP, key="", cap=GROUP_CAP)
    if len(played) > 1 and not LoanApplication.objects.drafts().filter(business=played[1]).exists():
        _draft(played[1], bank, at)
    if Decision.objects.filter(application__organisation=bank).exists():
        return
    open_ones = LoanApplication.objects.filter(organisation=bank, state=ApplicationState.UNDER_REVIEW, officer=None)
    waiting = list(open_ones.exclude(business__in=played).order_by("pk"))
    if len(waiting) < TO_RECOMMEND:
        return
    officer = _person(Role.LOAN_OFFICER)
    asked, declined, *others = waiting
    claim(application_id=asked.uuid, version=asked.version, by=officer, at=at)
    ask_owner(application_id=asked.uuid, note="Please add the quotation for what you want to buy.", by=officer, at=at)
    _decide(declined, "decline", ["purpose.not_financed"], officer, at)
    recommended = [one for one in others if _recommended(one, officer, at)][:TO_RECOMMEND]
    for application in recommended[:2]:
        _offer(application, at)


def _recommended(application: LoanApplication, officer: User, at: datetime) -> bool:
    """Whether the policy let the officer recommend it; at most the wanted number is tried for."""
    done = Decision.objects.filter(by=officer, outcome="recommend").count()
    if done >= TO_RECOMMEND:
        return False
    try:
        claim(application_id=application.uuid, version=application.version, by=officer, at=at)
        _decide(application, "recommend", FOR_IT, officer, at)
    except ApplicationError:  # above its limit, or without a score: it stays in the officer's hands, undecided
        return False
    return True


def _offer(application: LoanApplication, at: datetime) -> None:
    reading = "The flows carry the instalments; nothing speaks against the amount."
    review_credit(application_id=application.uuid, note=reading, by=_person(Role.CREDIT_ANALYST), at=at)
    manager = _person(Role.RISK_MANAGER)
    add_condition(application_id=application.uuid, text="Insurance of what is bought", by=manager, at=at)
    _decide(application, "sanction", FOR_IT, manager, at)
    issue_key_facts(application_id=application.pk, at=at)


def _decide(application: LoanApplication, outcome: str, reasons: list[str], by: User, at: datetime) -> None:
    lending.decide(
        application_id=application.uuid, outcome=outcome, reason_codes=reasons, note="Seen with the papers.", by=by,
        at=at,
    )  # fmt: skip


def _draft(business: Business, bank: Organisation, at: datetime) -> None:
    owner = User.objects.filter(memberships__business=business).order_by("pk").first()
    asked = lending.Asked(product="TL-MSME", amount=Decimal(450_000), months=24, purpose="A second lathe")
    if owner is not None:
        begin_draft(business=business, organisation=bank, asked=asked, by=owner, at=at)


def _person(role: str) -> User:
    return User.objects.filter(email__endswith=f"@{DEMO_DOMAIN}", role=role).order_by("pk")[0]
