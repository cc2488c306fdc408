"""People, tenants, consents and policies change through services, and each act leaves an entry."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from accounts import selectors, services
from accounts.models import AuditEntry, Consent, ConsentStatus, Mail, Membership, Organisation, Role, TokenFamily, User
from accounts.selectors import NoPolicy
from accounts.services import ConsentTerms, NewPerson
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.identifiers import gstin
from creditiq.kernel.identifiers.errors import InvalidIdentifier
from tests.factories.accounts import (
    AT,
    AdminFactory,
    BankFactory,
    BusinessFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    PlatformFactory,
    RiskManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PHRASE = "a long enough phrase"
ORIGIN = "https://credit.example"


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def person(**fields: object) -> NewPerson:
    return NewPerson(
        **{"email": "Nila@People.Example", "password": PHRASE, "first_name": "N", "last_name": "R", **fields}
    )


def row(number: str, name: str) -> dict[str, object]:
    return {
        "business": 0, "gstin": number, "pan": number[2:12], "udyam": None, "legal_name": name, "trade_name": name,
        "sector": "textiles", "hsn": "5208", "state_code": 29, "pincode": "560001", "size": "micro",
        "constitution": "company", "registered_at": micros(AT), "deals_in_goods": True, "quarterly_filer": False,
    }  # fmt: skip


def test_signing_up_makes_an_individual_whatever_was_asked_for() -> None:
    services.sign_up(person=person(role=Role.ADMIN, organisation=PlatformFactory()), at=AT, origin=ORIGIN)
    user = User.objects.get(email="nila@people.example")
    assert (user.email, user.role, user.organisation) == ("nila@people.example", Role.INDIVIDUAL, None)
    assert user.check_password(PHRASE)
    assert actions() == ["user.signed_up"]


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012", "nila@people.example"])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.sign_up(person=person(password=password), at=AT, origin=ORIGIN)
    assert refusal.value.rule == "password.weak"


def test_an_address_is_taken_once() -> None:
    UserFactory(email="nila@people.example")
    services.sign_up(person=person(), at=AT, origin=ORIGIN)
    letter = Mail.objects.get()
    assert letter.subject == "You have an account already"
    assert User.objects.count() == 1


def test_another_broken_rule_is_not_mistaken_for_a_taken_address() -> None:
    with pytest.raises(Exception, match="user_language_known"):
        services.sign_up(person=person(language="xx"), at=AT, origin=ORIGIN)


def test_the_demo_password_opens_demo_accounts_in_the_demo_only() -> None:
    cast = person(email="priya@creditiq.example", password="demo", role=Role.MSME_OWNER)
    assert services.create_user(person=cast, at=AT, demo=True).check_password("demo")
    with override_settings(DEMO=False), pytest.raises(services.UnableToCreateUser):
        services.create_user(person=cast, at=AT, demo=True)
    with pytest.raises(services.UnableToCreateUser):
        services.create_user(person=person(password="demo"), at=AT, demo=True)
    with pytest.raises(InvalidInput):
        services.create_user(person=cast, at=AT)


def test_staff_need_an_organisation_and_owners_have_none() -> None:
    with pytest.raises(InvalidInput):
        services.create_user(person=person(role=Role.ADMIN), at=AT)
    with pytest.raises(InvalidInput):
        services.create_user(person=person(role=Role.MSME_OWNER, organisation=PlatformFactory()), at=AT)


def test_only_who_may_configure_creates_people_and_founds_organisations() -> None:
    officer = OfficerFactory()
    with pytest.raises(Forbidden):
        services.create_user(person=person(), at=AT, by=officer)
    with pytest.raises(Forbidden):
        services.create_organisation(name="New Bank", at=AT, by=officer)


def test_changing_access_ends_what_was_open() -> None:
    user, admin = UserFactory(), AdminFactory()
    bank = BankFactory()
    changed = services.change_access(
        user_id=user.pk, access=services.Access(Role.LOAN_OFFICER, bank, True), by=admin, at=AT
    )
    assert (changed.role, changed.organisation, changed.token_version) == (Role.LOAN_OFFICER, bank, 1)
    assert actions() == ["user.access_changed"]


def test_nobody_changes_their_own_access() -> None:
    admin = AdminFactory()
    with pytest.raises(Forbidden):
        services.change_access(
            user_id=admin.pk,
            access=services.Access(Role.RISK_MANAGER, admin.organisation, True),
            by=admin,
            at=AT,
        )


def test_suspending_a_bank_ends_the_sessions_of_its_people() -> None:
    officer, other, admin = OfficerFactory(), OfficerFactory(), AdminFactory()
    services.change_organisation_status(organisation_id=officer.organisation_id, status="suspended", by=admin, at=AT)
    officer.refresh_from_db()
    other.refresh_from_db()
    assert (officer.token_version, other.token_version) == (1, 0)
    services.change_organisation_status(organisation_id=officer.organisation_id, status="active", by=admin, at=AT)
    assert Organisation.objects.get(pk=officer.organisation_id).is_active


def test_founding_an_organisation_twice_answers_the_first() -> None:
    first = services.create_organisation(name="Canara Bank", at=AT)
    assert services.create_organisation(name="Canara Bank", at=AT) == first
    assert services.create_organisation(name="Any", kind="platform", at=AT) == selectors.platform()
    assert actions() == ["organisation.created"]


def test_businesses_are_registered_in_order_once_with_one_entry() -> None:
    numbers = [gstin.compose(29, f"AAACZ{number:04d}K") for number in (7, 3, 5)]
    rows = [row(number, f"B{index}") for index, number in enumerate(numbers)]
    first = services.register_businesses(rows=rows[:2], at=AT)
    every = services.register_businesses(rows=rows, at=AT)
    assert [business.gstin for business in every] == numbers
    assert every[:2] == first
    assert actions() == ["businesses.registered", "businesses.registered"]


def test_a_wrong_check_digit_enters_nothing() -> None:
    good = gstin.compose(29, "AAACZ0001K")
    bad = good[:-1] + ("A" if good[-1] != "A" else "B")
    with pytest.raises(InvalidIdentifier):
        services.register_businesses(rows=[row(good, "A"), row(bad, "B")], at=AT)
    assert actions() == []


def test_joining_a_business_twice_changes_nothing() -> None:
    owner, business = OwnerFactory(), BusinessFactory()
    services.join_business(user=owner, business=business, at=AT)
    services.join_business(user=owner, business=business, at=AT)
    assert Membership.objects.count() == 1
    assert actions() == ["membership.created"]


def terms(**fields: object) -> ConsentTerms:
    return ConsentTerms(**{"organisation": BankFactory(), "expires_at": AT + timedelta(days=30), **fields})


def test_an_owner_grants_and_the_entry_is_in_the_banks_chain() -> None:
    membership, given = MembershipFactory(), terms()
    consent = services.grant_consent(business=membership.business, terms=given, by=membership.user, at=AT)
    assert (
        selectors.live_consent(business_id=membership.business_id, organisation_id=given.organisation.pk, at=AT)
        == consent
    )
    assert AuditEntry.objects.get().organisation == given.organisation
    with pytest.raises(services.UnableToGrant):
        services.grant_consent(business=membership.business, terms=given, by=membership.user, at=AT)


def test_nobody_grants_for_a_business_that_is_not_theirs() -> None:
    with pytest.raises(NotVisible):
        services.grant_consent(business=BusinessFactory(), terms=terms(), by=OwnerFactory(), at=AT)


def test_consents_in_bulk_leave_one_entry_and_the_ones_in_force_alone() -> None:
    businesses, given = BusinessFactory.create_batch(3), terms()
    ids = [business.pk for business in businesses]
    services.grant_consents(business_ids=ids[:2], terms=given, at=AT)
    every = services.grant_consents(business_ids=ids, terms=given, at=AT)
    assert [consent.business_id for consent in every] == sorted(ids)
    assert actions() == ["consents.granted", "consents.granted"]


def test_a_consent_that_ran_out_makes_room_for_a_new_one() -> None:
    membership, given = MembershipFactory(), terms()
    services.grant_consent(business=membership.business, terms=given, by=membership.user, at=AT)
    later = AT + timedelta(days=31)
    again = terms(organisation=given.organisation, expires_at=later + timedelta(days=30))
    services.grant_consent(business=membership.business, terms=again, by=membership.user, at=later)
    assert sorted(Consent.objects.values_list("status", flat=True)) == ["expired", "granted"]


def test_policies_replace_one_another_and_the_past_stays_readable() -> None:
    author, approver = RiskManagerFactory(), RiskManagerFactory()
    with pytest.raises(NoPolicy):
        selectors.policy("fraud", AT)
    first = services.publish_policy(section="fraud", document={"a": 1}, author=author, approver=approver, at=AT)
    later = AT + timedelta(days=1)
    second = services.publish_policy(section="fraud", document={"a": 2}, author=author, approver=approver, at=later)
    assert (first.version, second.version) == (1, 2)
    assert selectors.policy("fraud", AT).document == {"a": 1}
    assert selectors.policy("fraud", later).document == {"a": 2}
    with pytest.raises(services.UnableToPublish):
        services.publish_policy(section="fraud", document={}, author=author, approver=approver, at=AT)
    with pytest.raises(services.UnableToPublish):
        services.publish_policy(section="fraud", document={}, author=author, approver=author, at=later)


def test_expired_sessions_are_forgotten() -> None:
    services.open_family(user=UserFactory(), at=AT)
    assert services.forget_expired_families(at=AT) == 0
    assert services.forget_expired_families(at=AT + timedelta(days=400)) == 1
    assert not TokenFamily.objects.exists()


def test_own_and_visible_business_say_what_is_wrong() -> None:
    membership = MembershipFactory()
    owner, number = membership.user, membership.business.gstin
    assert selectors.own_business(owner) == membership.business
    assert selectors.visible_business(user=owner, gstin=f" {number.lower()} ") == membership.business
    with pytest.raises(NotVisible):
        selectors.own_business(UserFactory())
    with pytest.raises(NotVisible):
        selectors.visible_business(user=owner, gstin=BusinessFactory().gstin)
    with pytest.raises(InvalidInput) as refusal:
        selectors.visible_business(user=owner, gstin=number[:-1] + ("A" if number[-1] != "A" else "B"))
    assert refusal.value.rule == "gstin.check_digit"


def test_a_withdrawal_of_nothing_is_not_visible() -> None:
    with pytest.raises(NotVisible):
        services.withdraw_consent(consent_id=uuid4(), by=OwnerFactory(), at=AT)
    assert not Consent.objects.filter(status=ConsentStatus.WITHDRAWN).exists()
