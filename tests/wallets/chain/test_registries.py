"""Statements and agreements on a real node: by consent, revocable, verifiable, and nothing personal in any byte."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from eth_account import Account

from accounts.models import User
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending import selectors as lending_selectors
from lending import services as lending_services
from lending.engine.seals import salted
from lending.models import AgreementSeal, KeyFactStatement, Loan, ScheduleVersion
from tests.factories.accounts import MembershipFactory, OwnerFactory, UserFactory
from tests.factories.loans import a_loan
from tests.wallets.chain import house
from tests.wallets.chain.anvil import ACCOUNTS, KEYS, Anvil
from tests.wallets.chain.house import deployed, newest, settle
from wallets import selectors, services
from wallets.chain.port import LogFilter
from wallets.engine import attestations
from wallets.models import Attestation, Chain, ChainEndpoint, ChainTransaction, OnchainScore, Wallet, WalletProof

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(autouse=True)
def setup(chain: Anvil, settings: object) -> None:
    house.set_up(chain, settings, AT)


@pytest.fixture
def score(asha: User) -> OnchainScore:
    services.link_demo_wallet(user=asha, at=AT - timedelta(days=1))
    return OnchainScore.objects.get(user=asha)


@pytest.fixture
def held(score: OnchainScore, asha: User) -> Attestation:
    return services.attest(score_id=score.uuid, at_least=None, by=asha, at=AT)


def told(held: Attestation) -> selectors.Verdict:
    return selectors.verdict(uid=held.uid, at=AT + timedelta(minutes=5))


def test_a_statement_goes_onto_the_chain_by_consent_only(chain: Anvil, held: Attestation, asha: User) -> None:
    with pytest.raises(services.UnableToAttest, match="No registry"):
        services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    deployed(chain, "AttestationRegistry", AT)
    with pytest.raises(InvalidInput, match="forgets nothing"):
        services.publish_attestation(uid=held.uid, consent=False, by=asha, at=AT)
    with pytest.raises(NotVisible):
        services.publish_attestation(uid=held.uid, consent=True, by=UserFactory(), at=AT)
    settle(chain, AT)
    assert told(held).on_chain is None
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    settle(chain, AT)
    assert ChainTransaction.objects.filter(function="attest").count() == 1
    found = told(held).on_chain
    assert (found.state, found.attested, found.revoked) == ("confirmed", True, False)
    assert held.publication.consent.startswith("I want this statement on a public chain")


def test_taking_it_back_is_on_the_chain_too_and_in_the_status_list(chain: Anvil, held: Attestation, asha: User) -> None:
    deployed(chain, "AttestationRegistry", AT)
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    settle(chain, AT)
    services.revoke_attestation(uid=held.uid, by=asha, at=AT)
    settle(chain, AT)
    found = told(held)
    assert (found.valid, found.on_chain.revoked) == (False, True)
    token = services.status_list(address="https://x.example/l", at=AT + timedelta(minutes=1))
    listed = attestations.payload_of(token)["credentialSubject"]["encodedList"]
    assert attestations.is_revoked(listed, held.status_index)
    with pytest.raises(services.UnableToAttest, match="no more"):
        services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)


def test_what_was_taken_back_while_chains_were_off_is_taken_back_there_later(
    chain: Anvil, held: Attestation, asha: User
) -> None:
    deployed(chain, "AttestationRegistry", AT)
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    settle(chain, AT)
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        cache.clear()
        services.revoke_attestation(uid=held.uid, by=asha, at=AT)
        assert not ChainTransaction.objects.filter(function="revoke").exists()
    cache.clear()
    services.publish_attestation_roots(at=AT)
    settle(chain, AT)
    assert told(held).on_chain.revoked


def test_a_node_that_failed_its_check_is_not_asked(chain: Anvil, held: Attestation, asha: User) -> None:
    contract = deployed(chain, "AttestationRegistry", AT)
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    settle(chain, AT)
    ChainEndpoint.objects.filter(chain=contract.chain).update(healthy=False)
    ChainEndpoint.objects.create(chain=contract.chain, kind="etherscan", number=1, healthy=True, checked_at=AT)
    assert told(held).on_chain.attested is None
    services.revoke_attestation(uid=held.uid, by=asha, at=AT)
    assert services.send_transactions(at=AT) == 0
    assert services.check_endpoints(at=AT) == 1
    settle(chain, AT)
    assert told(held).on_chain.revoked


def test_what_was_never_published_is_taken_back_without_a_chain(chain: Anvil, held: Attestation, asha: User) -> None:
    deployed(chain, "AttestationRegistry", AT)
    services.revoke_attestation(uid=held.uid, by=asha, at=AT)
    assert not ChainTransaction.objects.filter(function="revoke").exists()


def test_a_days_root_is_published_once_when_the_day_is_over(chain: Anvil, held: Attestation, client: Client) -> None:
    deployed(chain, "AttestationRegistry", AT)
    assert services.publish_attestation_roots(at=AT) == 0
    chain.mine(1, seconds=86_400)
    after = AT + timedelta(days=1)
    assert services.publish_attestation_roots(at=after) == 1
    assert services.publish_attestation_roots(at=after) == 0
    settle(chain, after)
    row = newest()
    found = selectors.epoch(day=told(held).epoch, at=after)
    assert (row.state, row.function, row.arguments[1]) == ("confirmed", "publish", f"0x{found.root}")
    assert found.transaction == row.hash


def test_the_pages_ask_for_consent(chain: Anvil, held: Attestation, asha: User, client: Client) -> None:
    client.force_login(asha)
    assert "put it on a chain" not in client.get("/wallets/attestations").content.decode()
    deployed(chain, "AttestationRegistry", AT)
    assert "put it on a chain" in client.get("/wallets/attestations").content.decode()
    address = f"/wallets/attestations/{held.uid}/publish"
    assert "Your consent" in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    assert client.post(address, {"consent": "on"}).status_code == 302
    settle(chain, AT)
    assert "the same digest, and it stands" in client.get(address).content.decode()
    verdict = client.get(f"/api/v1/attestations/{held.uid}/verify").json()
    assert verdict["on_chain"]["attested"] is True
    body = {"consent": False}
    assert client.post(f"/api/v1{address[8:]}", body, content_type="application/json").status_code == 422


@pytest.fixture
def loan() -> Loan:
    """A loan with accepted key facts."""
    made = a_loan()
    KeyFactStatement.objects.create(
        application=made.application, percent=12, apr=13, instalment=1, net_disbursed=1, document={}, pdf=b"x",
        sha256="ab" * 32, pdf_sha256="cd" * 32, issued_at=AT, valid_until=AT, accepted_at=AT,
    )  # fmt: skip
    return made


@pytest.fixture
def owner(loan: Loan) -> User:
    """Speaks for the borrower, and proved a wallet."""
    person = OwnerFactory(first_name="Sunita", last_name="Deshpande")
    MembershipFactory(user=person, business=loan.business)
    wallet = Wallet.objects.create(
        user=person, chain=Chain.objects.get(key="ethereum"), address=ACCOUNTS[1], added_at=AT
    )
    WalletProof.objects.create(
        wallet=wallet, account=wallet.account, message="m", signature="s", method="eoa", proved_at=AT
    )
    return person


def test_an_agreement_is_fingerprinted_and_proved(chain: Anvil, loan: Loan, owner: User, client: Client) -> None:
    assert lending_services.seal_agreement(loan_id=loan.pk, at=AT) is None  # no registry yet
    client.force_login(owner)
    assert "No fingerprint" in client.get(f"/owner/loans/{loan.uuid}/seal").content.decode()
    deployed(chain, "AgreementRegistry", AT)
    assert lending_services.seal_agreements(at=AT) == 1
    seal = lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    assert ChainTransaction.objects.filter(function="register").count() == 1
    assert lending_selectors.seal_view(loan=loan, user=owner).holds is None
    settle(chain, AT)
    view = lending_selectors.seal_view(loan=loan, user=owner)
    assert (view.holds, view.told.kfs, view.told.borrower) == (True, seal.kfs, "")
    page = client.get(f"/owner/loans/{loan.uuid}/seal")
    assert "is the one on the chain" in page.content.decode()
    assert "Fingerprint" in client.get(f"/owner/loans/{loan.uuid}").content.decode()
    kept = json.loads(client.get(f"/owner/loans/{loan.uuid}/seal.json").content)
    assert salted("kfs", kept["salt"], "ab" * 32) == view.told.kfs
    assert salted("agreement", kept["salt"], loan.sha256) == view.told.agreement
    answer = client.get(f"/api/v1/lending/loans/{loan.uuid}/seal").json()
    assert (answer["holds"], answer["signed"], answer["closed"]) == (True, False, False)
    AgreementSeal.objects.update(salt="00" * 32)
    assert lending_selectors.seal_view(loan=loan, user=owner).holds is False


def test_the_borrower_co_signs_by_consent(chain: Anvil, loan: Loan, owner: User, client: Client) -> None:
    deployed(chain, "AgreementRegistry", AT)
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    settle(chain, AT)
    client.force_login(owner)
    address = f"/owner/loans/{loan.uuid}/seal"
    assert client.post(address, {"step": "wallet", "wallet": ACCOUNTS[1]}).status_code == 422
    assert client.post(address, {"step": "wallet", "wallet": ACCOUNTS[2], "consent": "on"}).status_code == 422
    assert client.post(address, {"step": "wallet", "wallet": ACCOUNTS[1], "consent": "on"}).status_code == 302
    settle(chain, AT)
    message = json.loads(lending_selectors.seal_view(loan=loan, user=owner).message)
    for name in ("loan", "kfs", "agreement"):
        message["message"][name] = bytes.fromhex(message["message"][name][2:])
    made = Account.sign_typed_data(KEYS[1], full_message=message)
    assert client.post(address, {"step": "signature", "signature": "0x12"}).status_code == 422
    assert client.post(address, {"step": "signature", "signature": made.signature.hex()}).status_code == 302
    settle(chain, AT)
    assert newest().state == "confirmed"
    told = lending_selectors.seal_view(loan=loan, user=owner).told
    assert (told.borrower, told.signed_at > 0) == (ACCOUNTS[1], True)


def test_another_wallet_may_be_named_and_the_first_again_but_not_for_ever(
    chain: Anvil, loan: Loan, owner: User
) -> None:
    first, second = ACCOUNTS[1], ACCOUNTS[2]
    wallet = Wallet.objects.create(user=owner, chain=Chain.objects.get(key="ethereum"), address=second, added_at=AT)
    WalletProof.objects.create(
        wallet=wallet, account=wallet.account, message="m", signature="s", method="eoa", proved_at=AT
    )
    deployed(chain, "AgreementRegistry", AT)
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    settle(chain, AT)

    def name(address: str) -> None:
        lending_services.offer_co_signature(loan_id=loan.uuid, wallet=address, consent=True, by=owner, at=AT)

    for address in (first, second, first):
        name(address)
        name(address)
    settle(chain, AT)
    invitations = ChainTransaction.objects.filter(function="invite").order_by("pk")
    assert [row.arguments[-1] for row in invitations] == [first, second, first]
    assert lending_selectors.seal_view(loan=loan, user=owner).told.borrower == first
    name(second)
    name(first)
    with pytest.raises(services.UnableToSeal, match="5 times"):
        name(second)
    assert AgreementSeal.objects.get(loan=loan).borrower == first
    assert invitations.all().count() == 5


def test_a_closed_loan_is_closed_there(chain: Anvil, loan: Loan, owner: User) -> None:
    deployed(chain, "AgreementRegistry", AT)
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    Loan.objects.filter(pk=loan.pk).update(state="closed", closed_as="repaid", closed_on=AT.date())
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    settle(chain, AT)
    settle(chain, AT)
    assert lending_selectors.seal_view(loan=loan, user=owner).told.closed_at > 0
    assert [row.function for row in ChainTransaction.objects.order_by("pk")] == ["", "register", "close"]


def test_with_chains_off_agreements_and_statements_stay_here(loan: Loan, owner: User, client: Client) -> None:
    client.force_login(owner)
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        cache.clear()
        assert lending_services.seal_agreement(loan_id=loan.pk, at=AT) is None
        assert lending_services.seal_agreements(at=AT) == 0
        assert client.get(f"/owner/loans/{loan.uuid}/seal").status_code == 404
        assert client.get(f"/api/v1/lending/loans/{loan.uuid}/seal").status_code == 404
        assert client.get(f"/owner/loans/{loan.uuid}").status_code == 200
    cache.clear()


def test_nothing_personal_is_in_any_byte_of_the_chain(
    chain: Anvil, held: Attestation, asha: User, loan: Loan, owner: User
) -> None:
    asha.first_name, asha.last_name = "Ashalata", "Raychaudhuri"  # long enough not to be there by chance
    asha.save()
    for name in ("AuditAnchor", "AttestationRegistry", "AgreementRegistry"):
        deployed(chain, name, AT)
    services.publish_attestation(uid=held.uid, consent=True, by=asha, at=AT)
    lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    services.anchor_audit_root(at=AT)
    settle(chain, AT)
    services.revoke_attestation(uid=held.uid, by=asha, at=AT)
    settle(chain, AT)
    head = chain.node.head().number
    said = [row.data for number in range(head + 1) for row in chain.node.transactions(number)]
    said += [log.data + "".join(log.topics) for log in chain.node.logs(LogFilter(0, head))]
    assert {"attest", "register", "revoke"} <= set(ChainTransaction.objects.values_list("function", flat=True))
    everything = b"".join(bytes.fromhex(text.replace("0x", "")) for text in said).lower()
    business = loan.business
    personal = [
        business.gstin, business.pan, business.legal_name, business.trade_name, owner.email, owner.first_name,
        owner.last_name, asha.email, asha.first_name, asha.last_name, loan.account_no, str(loan.uuid),
        loan.organisation.name,
    ]  # fmt: skip
    for text in personal:
        assert text.encode().lower() not in everything, text
        assert text.encode("utf-16-le").lower() not in everything, text
    hashes = [loan.sha256, "ab" * 32, str(loan.uuid).replace("-", ""), held.wallet.address[2:], held.salt[2:]]
    for digits in hashes:  # not even what a salt hides, nor the wallet that a statement is about
        assert bytes.fromhex(digits) not in everything, digits


def test_a_changed_schedule_amends_what_is_registered(chain: Anvil, loan: Loan, owner: User) -> None:
    deployed(chain, "AgreementRegistry", AT)
    before = lending_services.seal_agreement(loan_id=loan.pk, at=AT).agreement
    settle(chain, AT)
    ScheduleVersion.objects.create(loan=loan, version=2, since=AT.date(), reason="A new rate")
    Loan.objects.filter(pk=loan.pk).update(schedule_version=2)
    loan.refresh_from_db()
    seal = lending_services.seal_agreement(loan_id=loan.pk, at=AT)
    assert seal.agreement != before
    waiting = lending_selectors.seal_view(loan=loan, user=owner)
    assert (waiting.holds, waiting.reason) == (None, "The newest change is on its way to the chain.")
    settle(chain, AT)
    view = lending_selectors.seal_view(loan=loan, user=owner)
    assert (view.holds, view.told.version, view.told.agreement) == (True, 2, seal.agreement)
