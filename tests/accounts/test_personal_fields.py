"""What a person says of themselves rests sealed; their key opens it, and nobody's when it is destroyed."""

import base64
import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, override_settings

from accounts import services
from accounts.models import AuditEntry, OwnershipDeclaration, OwnershipParty, User
from creditiq.kernel.sealing import Unreadable
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, MembershipFactory, OwnerFactory

pytestmark = pytest.mark.django_db
PHONE, ADDRESS = "+919812345678", "12, MG Road, Bengaluru"
NEW = "b2:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def owner() -> User:
    return OwnerFactory(phone=PHONE, address=ADDRESS)


def at_rest(user: User) -> tuple[str, str, str]:
    """What the table holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, address, data_key FROM accounts_user WHERE id = %s", [user.pk])
        phone, address, key = cursor.fetchone()
    return phone, address, key


def test_the_table_holds_sealed_texts_and_the_code_reads_plain_ones(owner: User) -> None:
    phone, address, key = at_rest(owner)
    assert phone.startswith("gcm1$own$")
    assert address.startswith("gcm1$own$")
    assert key.startswith("gcm1$demo$")
    again = User.objects.get(pk=owner.pk)
    assert (again.phone, again.address) == (PHONE, ADDRESS)


def test_a_profile_is_changed_as_before_and_what_stays_is_not_sealed_anew(owner: User) -> None:
    before = at_rest(owner)
    profile = services.Profile("Asha", "Rao", "+919800000000", ADDRESS, "en")
    services.change_profile(user=owner, profile=profile, at=AT)
    after = at_rest(owner)
    assert (before[0] != after[0], before[1:]) == (True, after[1:])
    assert User.objects.get(pk=owner.pk).phone == "+919800000000"


def test_nothing_said_is_nothing_sealed() -> None:
    assert at_rest(OwnerFactory())[:2] == ("", "")


def test_a_text_of_one_person_does_not_open_for_another(owner: User) -> None:
    other = OwnerFactory(phone="+919811111111")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = %s WHERE id = %s", [at_rest(owner)[0], other.pk])
    with pytest.raises(Unreadable):
        assert User.objects.get(pk=other.pk).phone


def test_the_database_refuses_a_plain_text(owner: User) -> None:
    with pytest.raises(IntegrityError, match="user_phone_sealed"), transaction.atomic():
        User.objects.filter(pk=owner.pk).update(phone=PHONE)


def test_without_the_data_key_nothing_opens_and_nothing_breaks(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(data_key="")
    forgotten = User.objects.get(pk=owner.pk)
    assert (forgotten.phone, forgotten.address) == ("", "")
    forgotten.phone = PHONE
    with pytest.raises(Unreadable):
        forgotten.save()


def test_the_migration_seals_what_was_plain_and_opens_it_again(owner: User) -> None:
    migration = import_module("accounts.migrations.0011_seal_rows")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("phone", "address"):
            cursor.execute(f"ALTER TABLE accounts_user DROP CONSTRAINT user_{name}_sealed")
        cursor.execute("UPDATE accounts_user SET phone = %s, address = %s, data_key = ''", [PHONE, ADDRESS])
        migration.seal_rows(apps, None)
        assert all(text.startswith("gcm1$") for text in at_rest(owner))
        assert User.objects.get(pk=owner.pk).address == ADDRESS
        migration.open_rows(apps, None)
        assert at_rest(owner) == (PHONE, ADDRESS, "")


def test_a_new_master_key_wraps_every_data_key_and_touches_no_field(owner: User) -> None:
    OwnerFactory(phone=PHONE)
    before = at_rest(owner)
    out = StringIO()
    with override_settings(FIELD_KEYS=f"{NEW},demo:Y3JlZGl0aXEtZGVtby1maWVsZC1rZXktMzItYnl0ZXM="):
        call_command("rotate_field_keys", stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue()) == {"rotated": User.objects.exclude(data_key="").count(), "indexed": 0}
        assert services.rotate_field_keys(at=AT, say=lambda done, total: None) == 0
    after = at_rest(owner)
    assert (after[:2], after[2].startswith("gcm1$b2$")) == (before[:2], True)
    with override_settings(FIELD_KEYS=NEW):
        assert User.objects.get(pk=owner.pk).phone == PHONE
    assert AuditEntry.objects.filter(action="field_keys.rotated").count() == 1


def test_a_rotation_without_the_old_key_changes_nothing(owner: User) -> None:
    before = at_rest(owner)
    with override_settings(FIELD_KEYS=NEW), pytest.raises(Unreadable):
        services.rotate_field_keys(at=AT, say=lambda done, total: None)
    assert at_rest(owner) == before


@pytest.mark.parametrize("phone", ["98123", "+91 98123 45678", "+0123456789", "call me"])
def test_a_malformed_phone_is_refused_by_name_and_changes_nothing(owner: User, phone: str) -> None:
    """The database holds only sealed text, so the doors judge what a number looks like."""
    answer = signed_in(owner).patch("/api/v1/profile", {"phone": phone}, "json")
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["phone"])
    owner.refresh_from_db()
    assert owner.phone == PHONE


def index_at_rest(user: User) -> str:
    return User.objects.values_list("phone_index", flat=True).get(pk=user.pk)


def test_somebody_is_found_by_phone_without_opening_anything(owner: User) -> None:
    OwnerFactory(phone="+919800000001")
    assert list(User.objects.with_phone(" +91 98123-45678 ")) == [owner]
    assert PHONE[3:] not in index_at_rest(owner)
    profile = services.Profile("Asha", "Rao", "+919800000002", ADDRESS, "en")
    services.change_profile(user=owner, profile=profile, at=AT)
    assert not User.objects.with_phone(PHONE).exists()
    assert list(User.objects.with_phone("+919800000002")) == [owner]


def test_a_new_index_key_finds_people_before_during_and_after_the_rotation(owner: User) -> None:
    second = ",".join([NEW, settings.BLIND_KEYS])
    with override_settings(BLIND_KEYS=second):
        assert list(User.objects.with_phone(PHONE)) == [owner]
        out = StringIO()
        call_command("rotate_field_keys", stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue()) == {"rotated": 0, "indexed": 1}
        assert index_at_rest(owner).startswith("bi1$b2$")
    with override_settings(BLIND_KEYS=NEW):
        assert list(User.objects.with_phone(PHONE)) == [owner]
    assert not User.objects.with_phone(PHONE).exists()


def test_parties_of_a_declaration_are_wrapped_anew_too() -> None:
    business = MembershipFactory().business
    owners = OwnershipDeclaration.objects.create(
        business=business, owner_above=10, made_at=AT, made_by=business.members.get()
    )
    OwnershipParty.objects.create(declaration=owners, number=1, kind="person", name="Meena", pan="ABCPE1234F")
    with override_settings(FIELD_KEYS=f"{NEW},{settings.FIELD_KEYS}"):
        services.rotate_field_keys(at=AT, say=lambda done, total: None)
    with override_settings(FIELD_KEYS=NEW):
        assert OwnershipParty.objects.get().name == "Meena"


def test_an_administrator_sees_a_phone_covered_until_a_reason_is_given(owner: User) -> None:
    client = Client()
    client.force_login(AdminFactory())
    address = f"/admin/people/{owner.uuid}"
    assert PHONE not in client.get(address).content.decode()
    assert client.post(f"{address}/reveal", {"reason": "short"}).status_code == 422
    shown = client.post(f"{address}/reveal", {"reason": "Called back in case 2041"}).content.decode()
    assert PHONE in shown
    assert AuditEntry.objects.get(action="person.revealed").content == {"reason": "Called back in case 2041"}
    assert owner.email in client.get("/admin/people", {"q": PHONE}).content.decode()
