"""Bank accounts as statements describe them: kept with their file, held against the entries, shown under consent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import Consent, User
from creditiq.kernel.clock import now
from tests.factories.accounts import AnalystFactory, ConsentFactory
from tests.wallets.conftest import Shop
from tests.wallets.engine.importers.samples import transaction
from tests.wallets.engine.importers.test_deposit import HOLDER, described
from tests.wallets.test_formats import read
from wallets.models import RECORD_MODELS, BankAccount, BankEntry
from wallets.selectors import accounts_told, bank_accounts, ground_of


def statement(balance: str, *entries: str) -> bytes:
    return described(Summary={"currentBalance": balance}).replace(transaction().encode(), "".join(entries).encode())


def test_an_account_is_kept_with_its_file_and_agrees_with_its_last_entry(shop: Shop) -> None:
    entries = (transaction(currentBalance="10"), transaction(txnId="S2", currentBalance="5200.50"))
    upload = read(shop, statement("5200.50", *entries), "aa_deposit")
    kept = BankAccount.objects.get(business=shop.business)
    assert (kept.upload_id, kept.facility, kept.balance_at) == (
        upload.pk,
        "OD",
        datetime(2026, 6, 30, 12, 30, tzinfo=UTC),
    )
    (account,) = accounts_told(upload, user=shop.owner, as_of=now())
    assert (account.gap, account.differs, account.account) == (0, False, "XXXX1234")
    assert account.holder_is_business is False


@pytest.mark.parametrize(("balance", "gap"), [("5200.50", "5100.50"), ("50.00", "-50.00")])
def test_a_summary_that_contradicts_the_last_entry_is_told(shop: Shop, balance: str, gap: str) -> None:
    read(shop, statement(balance, transaction(currentBalance="100")), "aa_deposit")
    (account,) = bank_accounts(business_id=shop.business.pk, ground=ground_of(shop.consent), as_of=now())
    assert (str(account.gap), account.differs) == (gap, True)
    assert account.account == "•••••1234"


def test_a_later_statement_describes_anew_and_reads_of_the_past_hold(shop: Shop) -> None:
    read(shop, statement("100", transaction(currentBalance="100")), "aa_deposit")
    before = now()
    later = described(Summary={"currentBalance": "70", "balanceDateTime": "2026-07-31", "status": "INACTIVE"})
    read(shop, later, "aa_deposit")
    own = {"business_id": shop.business.pk, "ground": ground_of(shop.consent)}
    statuses = [bank_accounts(**own, as_of=at)[0].status for at in (before, now())]
    assert statuses == ["ACTIVE", "INACTIVE"]
    assert BankAccount.objects.count() == 2


def test_a_description_of_a_time_that_is_not_shared_is_not_shown(shop: Shop) -> None:
    read(shop, statement("100", transaction(currentBalance="100")), "aa_deposit")
    own = {"business_id": shop.business.pk, "as_of": now()}
    told = BankAccount.objects.get().balance_at
    for bounds, shown in (({"data_from": told}, 1), ({"data_from": now()}, 0), ({"data_to": told}, 1)):
        Consent.objects.filter(pk=shop.consent.pk).update(data_from=None, data_to=None)
        Consent.objects.filter(pk=shop.consent.pk).update(**bounds)
        shop.consent.refresh_from_db()
        assert len(bank_accounts(**own, ground=ground_of(shop.consent))) == shown


def test_page_and_api_show_accounts_and_no_holder(shop: Shop, client: Client) -> None:
    upload = read(shop, statement("50", transaction(currentBalance="100")), "aa_deposit")
    client.force_login(shop.owner)
    page = client.get(f"/owner/evidence/{upload.uuid}").content.decode()
    body = client.get(f"/api/v1/evidence/uploads/{upload.uuid}").json()
    assert "an entry may be missing" in page
    (account,) = body["accounts"]
    assert (account["gap"], account["overdraft_limit"], account["ifsc"]) == ("-50.00", "250000.00", "HDFC0CAGSBK")
    for secret in ("mobile", "address", "landline", "dob"):
        assert HOLDER[secret] not in str(body) + page


def test_a_bank_without_a_consent_for_entries_sees_no_account(shop: Shop) -> None:
    upload = read(shop, statement("50", transaction(currentBalance="100")), "aa_deposit")
    assert accounts_told(upload, user=User(organisation_id=-1), as_of=now()) == ()


def test_a_file_of_another_kind_describes_no_account(shop: Shop) -> None:
    upload = read(shop, b"upi", "upi_payments")
    assert accounts_told(upload, user=shop.owner, as_of=now()) == ()


def test_the_gap_tells_no_balance_of_a_time_that_is_not_shared(shop: Shop) -> None:
    upload = read(shop, statement("150", transaction(currentBalance="100")), "aa_deposit")
    after = BankEntry.objects.get().occurred_at + timedelta(microseconds=1)
    consent = ConsentFactory(business=shop.business, kinds=list(RECORD_MODELS))
    bank, at = AnalystFactory(organisation=consent.organisation), now()
    assert [str(it.gap) for it in accounts_told(upload, user=bank, as_of=at)] == ["50.00"]
    Consent.objects.filter(pk=consent.pk).update(data_from=after)
    assert [it.gap for it in accounts_told(upload, user=bank, as_of=at)] == [None]
    assert [str(it.gap) for it in accounts_told(upload, user=shop.owner, as_of=at)] == ["50.00"]
