"""Lists of sanctions reach wallets: the flag, the withheld score, the case, the news; and what comes off a list."""

import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import AuditEntry, User
from creditiq.announcements import ANNOUNCED
from creditiq.kernel.clock import now
from creditiq.kernel.models import OutboxEvent
from creditiq.wiring import FLOW
from fraud.models import Case, CaseAct, CaseState
from fraud.services import load_watchlists, open_case_of_wallet
from tests.factories.accounts import PlatformFactory, UserFactory
from wallets import services, tasks
from wallets.engine.abi import by_key
from wallets.engine.chains.demo_wallet import USDC
from wallets.engine.evidence import HealthRow, LogRow
from wallets.events import RiskListTaken, SanctionsHit
from wallets.models import RiskEntry, Wallet, WalletEvidence, WalletWarning
from wallets.selectors.wallets import bundle_evidence, stored_evidence
from wallets.services.wallet_files import keep_evidence

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
OTHER = "0x" + "5e" * 20
BITCOIN = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    services.register_networks()
    PlatformFactory()


@pytest.fixture
def asha() -> User:
    return UserFactory(first_name="Asha", last_name="Rao")


@pytest.fixture
def wallet(asha: User) -> Wallet:
    return services.link_demo_wallet(user=asha, at=now() - timedelta(days=3))


def sdn(*addresses: str) -> bytes:
    """The file as OFAC publishes it: twelve columns, no header, addresses in the remarks."""
    told = "; ".join(
        f"{'alt. ' if place else ''}Digital Currency Address - {'ETH' if address.startswith('0x') else 'XBT'} {address}"
        for place, address in enumerate(addresses)
    )
    row = '36,"MIXING SERVICE LLC","entity","CYBER2","-0-","-0-","-0-","-0-","-0-","-0-","-0-","%s"\r\n'
    return (row % (f"{told}; Organization Established Date 2019." if told else "-0-")).encode()


def load(*addresses: str, at: object = None) -> None:
    load_watchlists(files=[("SDN.CSV", sdn(*addresses))], at=at or now())


def counterparty(wallet: Wallet) -> str:
    """Somebody the demo wallet was paid by or paid."""
    return next(row.recipient for row in stored_evidence(wallet).transactions if row.sender == wallet.address)


def score(wallet: Wallet) -> object:
    return services.score_wallets(wallet_ids=[wallet.uuid], by=wallet.user, at=now())


def test_addresses_of_the_sdn_file_become_entries_with_list_version_and_date(db: None) -> None:
    load(OTHER.upper().replace("0X", "0x"), BITCOIN)
    held = RiskEntry.objects.select_related("list").order_by("address")
    assert {row.address for row in held} == {OTHER, BITCOIN}
    assert {(row.kind, row.list.name, row.entity, row.version) for row in held} == {
        ("sanctioned", "sdn", "36", held[0].list.version)
    }


def test_a_listed_wallet_gets_no_score_and_its_flag_names_list_and_date(wallet: Wallet, asha: User) -> None:
    load(wallet.address)
    made = score(wallet)
    today = now().date().isoformat()
    assert (made.status, made.value, made.low, made.high) == ("withheld", None, None, None)
    assert made.flags == [{"kind": "sanctioned", "address": wallet.address, "list": "sdn", "date": today}]
    warning = WalletWarning.objects.get()
    assert (warning.user, warning.wallet, warning.kind) == (asha, wallet, "sanctions_hit")
    assert f"sdn of {today}" in warning.facts


def test_dealing_with_a_listed_address_withholds_too(wallet: Wallet) -> None:
    load(counterparty(wallet))
    assert score(wallet).status == "withheld"


def test_the_evidence_file_of_a_withheld_score_reproduces_it(wallet: Wallet) -> None:
    load(counterparty(wallet))
    made = score(wallet)
    evidence, _ = bundle_evidence([wallet], as_of=int(made.as_of.timestamp()))
    assert [row.list for row in evidence.risks] == ["sdn"]
    assert evidence.root == made.evidence_root


def test_a_stranger_on_the_list_changes_nothing(wallet: Wallet) -> None:
    before = score(wallet)
    load(OTHER)
    after = score(wallet)
    assert (after.status, after.flags, after.value) == ("complete", [], before.value)
    assert not WalletWarning.objects.filter(kind="sanctions_hit").exists()


def test_what_comes_off_the_list_is_no_longer_flagged_and_was_then(wallet: Wallet) -> None:
    load(wallet.address, at=now() - timedelta(hours=2))
    services.look_over_wallets(at=now() - timedelta(hours=2))
    then = int((now() - timedelta(hours=1)).timestamp())
    load(OTHER)
    services.look_over_wallets(at=now())
    assert score(wallet).status == "complete"
    assert WalletWarning.objects.get(kind="sanctions_hit").ended_at is not None
    evidence, _ = bundle_evidence([wallet], as_of=then)
    assert [row.address for row in evidence.risks] == [wallet.address]


def test_the_flow_leads_from_the_list_to_the_case(wallet: Wallet, asha: User) -> None:
    load(wallet.address)
    assert [task.name for task in FLOW[RiskListTaken]] == ["wallets.tasks.look_over_wallets"]
    assert "fraud.tasks.open_case_of_wallet" in {task.name for task in FLOW[SanctionsHit]}
    assert ANNOUNCED[SanctionsHit].name == "wallet.sanctions_hit"
    services.look_over_wallets(at=now())
    services.look_over_wallets(at=now())
    warning = WalletWarning.objects.get(kind="sanctions_hit")
    case = open_case_of_wallet(warning_id=warning.pk, at=now())
    assert open_case_of_wallet(warning_id=warning.pk, at=now()) == case
    assert (case.person, case.state, case.assignee) == (asha, CaseState.OPEN, None)
    (event,) = case.events.all()
    assert (event.act, event.by) == (CaseAct.OPENED, None)
    assert "proved to be theirs" in event.text
    assert wallet.address in event.text
    assert not AuditEntry.objects.filter(action="case.opened", actor=asha).exists()


def test_a_wallet_that_cannot_be_read_keeps_no_other_from_its_warning() -> None:
    broken = services.add_wallet(chain="ethereum", address=OTHER, label="", by=UserFactory(), at=now())
    WalletEvidence.objects.create(wallet=broken, content=b"rubbish", root="0" * 64, updated_at=now())
    listed = services.link_demo_wallet(user=UserFactory(), at=now() - timedelta(days=3))
    load(listed.address)
    with pytest.raises(zlib.error):
        services.look_over_wallets(at=now())
    assert WalletWarning.objects.get(kind="sanctions_hit").wallet == listed


def test_wallets_are_looked_over_a_page_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wallets.services.risks.PER_PAGE", 2)
    people = [UserFactory() for _ in range(3)]
    keys = [services.add_wallet(chain="ethereum", address=OTHER, label="", by=one, at=now()).pk for one in people]
    load(OTHER)
    tasks.look_over_wallets()
    pages = list(
        OutboxEvent.objects.filter(name="wallets.WalletsListed").order_by("pk").values_list("payload", flat=True)
    )
    assert pages == [{"first_id": keys[0], "last_id": keys[1]}, {"first_id": keys[2], "last_id": keys[2]}]
    assert not WalletWarning.objects.exists()
    tasks.look_over_wallets(**pages[1])
    assert set(WalletWarning.objects.values_list("wallet", flat=True)) == {keys[2]}


def test_people_who_work_on_fraud_read_the_case(wallet: Wallet) -> None:
    load(counterparty(wallet))
    score(wallet)
    case = open_case_of_wallet(warning_id=WalletWarning.objects.get(kind="sanctions_hit").pk, at=now())
    manager = UserFactory(role="risk_manager", organisation=case.organisation)
    client = Client()
    client.force_login(manager)
    page = client.get(f"/risk/cases/{case.uuid}")
    assert page.status_code == 200
    assert "Asha Rao" in page.content.decode()
    told = client.get(f"/api/v1/fraud/cases/{case.uuid}").json()
    assert told["case"]["person"] == str(wallet.user.uuid)
    assert Case.objects.count() == 1


def test_the_holder_reads_the_warning_and_nothing_of_the_case(wallet: Wallet, asha: User) -> None:
    load(counterparty(wallet))
    services.look_over_wallet(wallet_id=wallet.pk, at=now())
    client = Client()
    client.force_login(asha)
    told = [row for row in client.get("/api/v1/wallets/warnings").json() if row["kind"] == "sanctions_hit"]
    assert [row["wallet"] for row in told] == [str(wallet.uuid)]
    assert "Look at this first" in client.get("/wallets").content.decode()
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get("/api/v1/wallets/warnings").json() == []


def keep(wallet: Wallet, **sections: object) -> None:
    with transaction.atomic():
        keep_evidence(wallet, replace(stored_evidence(wallet), **sections), at=now())
    services.look_over_wallet(wallet_id=wallet.pk, at=now())


def standing(wallet: Wallet) -> set[str]:
    return set(WalletWarning.objects.standing().filter(wallet=wallet).values_list("kind", flat=True))


def test_a_thin_health_factor_is_told_once_and_over_when_the_loan_is_safe(wallet: Wallet) -> None:
    moment = stored_evidence(wallet).as_of
    rows = [HealthRow("eip155:1", wallet.address, "aave-v3", moment - age, 1.04) for age in (7_200, 3_600)]
    keep(wallet, health=tuple(rows))
    assert "health_factor_low" in standing(wallet)
    assert "1.04 at aave-v3" in WalletWarning.objects.get(kind="health_factor_low").facts
    keep(wallet, health=(*rows, HealthRow("eip155:1", wallet.address, "aave-v3", moment, 1.6)))
    assert "health_factor_low" not in standing(wallet)
    assert WalletWarning.objects.filter(kind="health_factor_low").count() == 1


def test_an_unlimited_permission_is_told_when_its_spender_is_listed(wallet: Wallet) -> None:
    held = stored_evidence(wallet)
    event = by_key()["erc20.Approval"]
    topics, content = event.write({"owner": wallet.address, "spender": OTHER, "amount": (1 << 256) - 1})
    log = LogRow("eip155:1", "0x" + "ee" * 32, 1, held.as_of - 60, 9**8, USDC, topics, content)
    keep(wallet, logs=(*held.logs, log), balances=())
    assert OTHER not in " ".join(row.facts for row in WalletWarning.objects.all())
    load(OTHER)
    services.look_over_wallet(wallet_id=wallet.pk, at=now())
    (warning,) = WalletWarning.objects.filter(kind="approval_risk", subject__contains=OTHER)
    assert "a listed address" in warning.facts
    client = Client()
    client.force_login(wallet.user)
    assert "On a list" in client.get(f"/wallets/{wallet.uuid}/approvals").content.decode()
    rows = client.get(f"/api/v1/wallets/{wallet.uuid}/approvals").json()
    assert [row["spender"] for row in rows if row["listed"]] == [OTHER]
