"""Transactions of the house on a real node: two people, numbers, fees, replacement, reorganisations, restarts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from eth_account import Account

from accounts import services as accounts_services
from accounts.models import AuditEntry
from creditiq.kernel.errors import Forbidden, InvalidInput
from tests.factories.accounts import AdminFactory, OfficerFactory, RiskManagerFactory
from tests.wallets.chain import house
from tests.wallets.chain.anvil import ACCOUNTS, KEYS, Anvil
from tests.wallets.chain.house import agree, deployed, newest, registered, settle
from wallets import services
from wallets.chain.artefacts import artefact
from wallets.engine.addresses import keccak
from wallets.models import ChainTransaction, DeployedContract, TransactionState
from wallets.services import sending
from wallets.services.transactions import Order, prepare

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)
OWNER = ACCOUNTS[0]


@pytest.fixture(autouse=True)
def setup(chain: Anvil, settings: object) -> None:
    house.set_up(chain, settings, AT)


@pytest.fixture
def registry(chain: Anvil) -> DeployedContract:
    return deployed(chain, "AttestationRegistry", AT)


@pytest.fixture
def by_hand(chain: Anvil, registry: DeployedContract) -> Iterator[Anvil]:
    """Blocks come only when a test mines."""
    chain.ask("evm_setAutomine", False)
    yield chain
    chain.ask("evm_setAutomine", True)


def name(number: int) -> str:
    return f"0x{keccak(bytes([number])).hex()}"


def revocation(contract: DeployedContract, number: int) -> ChainTransaction:
    """Something small to send."""
    with transaction.atomic():
        return prepare(Order(contract, f"revoke:{number}", "revoke", (name(number),)), at=AT)


def statement(contract: DeployedContract, number: int) -> ChainTransaction:
    """Something that the caps of a day bound; a revocation is never put off."""
    arguments = (name(number), name(200), name(201), int(AT.timestamp()) + 86_400 * 90)
    with transaction.atomic():
        return prepare(Order(contract, f"attest:{number}", "attest", arguments), at=AT)


def at_once(work: Callable[[], object]) -> None:
    """Two workers do the same."""

    def worker(_: int) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(worker, range(2)))


def states(*rows: ChainTransaction) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def test_a_contract_is_deployed_by_two_people_and_only_then(chain: Anvil) -> None:
    admin = AdminFactory()
    contract = registered("AuditAnchor", AT, admin)
    rehearsed = services.rehearse_deployment(contract_id=contract.uuid, by=admin)
    assert (rehearsed.refused, 100_000 < rehearsed.gas < 2_000_000) == ("", True)
    request = services.propose_deployment(contract_id=contract.uuid, reason="for the audit", by=admin, at=AT)
    assert not ChainTransaction.objects.exists()
    with pytest.raises(Forbidden):
        accounts_services.approve_request(approval_id=request, by=admin, at=AT)
    agree(request, AT)
    row = newest()
    assert (row.state, row.raw, row.nonce) == ("prepared", "", None)
    settle(chain, AT)
    contract.refresh_from_db()
    (state,) = states(row)
    assert (state, row.confirmations, contract.deployed_by, contract.audit_status) == ("confirmed", 4, admin, "tested")
    assert contract.runtime_hash == keccak(bytes.fromhex(chain.node.code(contract.address)[2:])).hex()
    assert (contract.code_hash, contract.abi_hash) == (
        artefact("AuditAnchor").code_hash,
        artefact("AuditAnchor").abi_hash,
    )
    assert row.cost_gwei > 0
    acts = list(
        AuditEntry.objects.filter(action__regex="^(chain|contract)[.]").order_by("pk").values_list("action", flat=True)
    )
    assert acts == [
        "chain.genesis_pinned", "contract.registered", "chain.prepared", "chain.signed", "chain.sent", "chain.mined",
        "contract.deployed", "chain.confirmed",
    ][-len(acts):]  # fmt: skip


def test_who_may_not_run_the_chain_is_refused(registry: DeployedContract) -> None:
    for person in (OfficerFactory(), RiskManagerFactory()):
        with pytest.raises(Forbidden):
            registered("AuditAnchor", AT, person)
        with pytest.raises(Forbidden):
            services.propose_call(
                contract_id=registry.uuid, function="revoke", arguments=[name(1)], reason="", by=person, at=AT
            )


def test_the_same_purpose_is_done_once(chain: Anvil, registry: DeployedContract) -> None:
    first, again = revocation(registry, 1), revocation(registry, 1)
    assert first == again
    settle(chain, AT)
    assert states(first) == ["confirmed"]
    assert revocation(registry, 1) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        ChainTransaction.objects.create(
            purpose=first.purpose, chain=first.chain, contract=registry, arguments_digest="", data="", prepared_at=AT
        )


def test_what_was_signed_before_a_restart_is_sent_as_it_was(registry: DeployedContract, chain: Anvil) -> None:
    row = revocation(registry, 2)
    (line,) = sending.lines(("prepared",), AT)
    signed = sending.sign_transaction(line, row)
    kept = (signed.raw, signed.hash, signed.nonce)
    before = chain.node.nonce(OWNER)
    with override_settings(CHAIN_SENDER_KEY=KEYS[1]):  # whoever comes next could not even sign it again
        assert services.send_transactions(at=LATER) == 1
    row.refresh_from_db()
    assert (row.raw, row.hash, row.nonce) == kept
    assert chain.node.nonce(OWNER) == before + 1
    assert Account.recover_transaction(row.raw).lower() == OWNER
    settle(chain, LATER)
    assert states(row) == ["confirmed"]
    assert services.send_transactions(at=LATER) == 0


def test_sent_but_not_noted_is_not_sent_twice(registry: DeployedContract, chain: Anvil) -> None:
    row = revocation(registry, 3)
    (line,) = sending.lines(("prepared",), AT)
    signed = sending.sign_transaction(line, row)
    chain.node.send_raw(signed.raw)  # and here the process ends
    services.send_transactions(at=LATER)
    settle(chain, LATER)
    assert states(row) == ["confirmed"]
    assert chain.node.nonce(OWNER) == signed.nonce + 1


def test_a_dropped_transaction_leaves_a_gap_that_is_filled_with_the_same_bytes(
    by_hand: Anvil, registry: DeployedContract
) -> None:
    rows = [revocation(registry, number) for number in (4, 5, 6)]
    assert services.send_transactions(at=AT) == 3
    states(*rows)
    assert [row.nonce - rows[0].nonce for row in rows] == [0, 1, 2]
    by_hand.ask("anvil_dropTransaction", rows[0].hash)
    by_hand.mine(1)
    assert by_hand.node.receipt(rows[1].hash) is None  # the later ones wait for the number that is missing
    services.watch_transactions(at=AT + timedelta(seconds=20))
    by_hand.mine(4)
    services.watch_transactions(at=AT + timedelta(seconds=40))
    assert states(*rows) == ["confirmed"] * 3
    assert rows[0].sends == 2


def test_a_stuck_transaction_is_replaced_by_a_better_paid_one(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 7)
    services.send_transactions(at=AT)
    services.watch_transactions(at=AT + timedelta(seconds=30))
    assert states(row) == ["sent"]  # not yet stuck
    services.watch_transactions(at=LATER)
    bumped = newest()
    assert states(row) == ["replaced"]
    assert (bumped.replaces, bumped.nonce, bumped.purpose) == (row, row.nonce, row.purpose)
    assert bumped.max_fee * 8 >= row.max_fee * 9
    assert bumped.tip * 8 >= row.tip * 9
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=LATER)
    assert states(row, bumped) == ["replaced", "confirmed"]


def test_when_the_earlier_attempt_is_taken_after_all_it_is_the_one(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 8)
    services.send_transactions(at=AT)
    services.watch_transactions(at=LATER)
    bumped = newest()
    by_hand.ask("anvil_dropTransaction", bumped.hash)
    row.refresh_from_db()
    by_hand.node.send_raw(row.raw)
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=LATER)
    assert states(row, bumped) == ["confirmed", "replaced"]


def test_a_replacement_never_breaks_its_cap_until_two_people_agree(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 9)
    services.send_transactions(at=AT)
    row.refresh_from_db()
    DeployedContract.objects.filter(pk=registry.pk).update(spend_cap=row.most_gwei)
    services.watch_transactions(at=LATER)
    assert states(row) == ["sent"]
    assert (row.held, "two people" in row.error) == (True, True)
    with pytest.raises(InvalidInput):
        services.propose_spending(transaction_id=row.uuid, gwei=row.most_gwei, reason="", by=AdminFactory(), at=LATER)
    agree(
        services.propose_spending(
            transaction_id=row.uuid, gwei=4 * row.most_gwei, reason="", by=AdminFactory(), at=LATER
        ),
        LATER,
    )
    services.watch_transactions(at=LATER)
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=LATER)
    assert states(row, newest()) == ["replaced", "confirmed"]


def test_a_dear_transaction_waits_for_two_people(chain: Anvil) -> None:
    contract = deployed(chain, "AttestationRegistry", AT, fee=200, spend=200, day=200)
    row = revocation(contract, 10)
    assert services.send_transactions(at=AT) == 0
    row.refresh_from_db()
    assert (row.state, row.held) == ("prepared", True)
    assert "cap" in row.error
    agree(services.propose_spending(transaction_id=row.uuid, gwei=10**8, reason="", by=AdminFactory(), at=AT), AT)
    settle(chain, AT)
    assert states(row) == ["confirmed"]


def test_the_caps_of_a_day_add_up(chain: Anvil) -> None:
    contract = deployed(chain, "AttestationRegistry", AT)
    row = statement(contract, 11)
    settle(chain, AT)
    row.refresh_from_db()
    most = row.most_gwei
    DeployedContract.objects.filter(pk=contract.pk).update(spend_cap=2 * most, day_cap=2 * most)
    rows = [statement(contract, 12), statement(contract, 13), revocation(contract, 13)]
    services.send_transactions(at=AT + timedelta(seconds=9))
    assert [row.held for row in rows if row.refresh_from_db() is None] == [False, True, False]


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_both_spend_the_rest_of_a_day(by_hand: Anvil, registry: DeployedContract) -> None:
    first = statement(registry, 60)
    services.send_transactions(at=AT)
    first.refresh_from_db()
    most = first.most_gwei * 11 // 10  # the gas of one is not quite that of another
    DeployedContract.objects.filter(pk=registry.pk).update(spend_cap=most, day_cap=4 * most)
    rows = [statement(registry, number) for number in range(61, 69)]
    at_once(lambda: services.send_transactions(at=AT))
    assert sorted(states(*rows)) == ["prepared"] * 5 + ["sent"] * 3
    assert sum(row.held for row in rows) == 5


def test_a_raised_fee_keeps_to_the_cap_of_the_day(by_hand: Anvil, registry: DeployedContract) -> None:
    row, other = statement(registry, 62), statement(registry, 63)
    services.send_transactions(at=AT)
    states(row, other)
    both = row.most_gwei + other.most_gwei
    DeployedContract.objects.filter(pk=registry.pk).update(spend_cap=both, day_cap=both)
    services.watch_transactions(at=LATER)
    assert states(row, other) == ["sent", "sent"]
    assert (row.held, other.held) == (True, True)
    services.watch_transactions(at=LATER + timedelta(days=1))  # another day, another cap
    assert "replaced" in states(row, other)


def test_a_refusal_in_the_dry_run_costs_nothing(chain: Anvil, registry: DeployedContract) -> None:
    settle(chain, AT)
    with transaction.atomic():
        row = prepare(Order(registry, "root:1", "publish", (2**32 - 1, name(1), 1)), at=AT)
    before = chain.node.nonce(OWNER)
    services.send_transactions(at=AT)
    row.refresh_from_db()
    assert (row.state, row.nonce, row.error) == ("failed", None, "The contract refuses: day is not over.")
    assert chain.node.nonce(OWNER) == before
    with transaction.atomic():
        assert prepare(Order(registry, "root:1", "publish", (1, name(1), 1)), at=AT) != row  # it may be tried again


def test_a_transaction_that_reverts_in_its_block_failed(by_hand: Anvil, registry: DeployedContract) -> None:
    rows = [revocation(registry, 14)]
    with transaction.atomic():
        rows.append(prepare(Order(registry, "revoke:twin", "revoke", (name(14),)), at=AT))
    (line,) = sending.lines(("prepared",), AT)
    for row in rows:
        assert sending.sign_transaction(line, row)  # each passes the dry run while none is sent
    assert services.send_transactions(at=AT) == 2
    by_hand.mine(1)
    services.watch_transactions(at=AT)
    assert states(*rows) == ["mined", "mined"]
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=AT)
    assert states(*rows) == ["confirmed", "failed"]
    assert (rows[1].succeeded, rows[1].error) == (False, "It was taken into a block and reverted.")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_give_the_same_number(by_hand: Anvil, registry: DeployedContract) -> None:
    rows = [revocation(registry, number) for number in range(30, 36)]
    at_once(lambda: services.send_transactions(at=AT))
    states(*rows)
    numbers = sorted(row.nonce for row in rows)
    assert numbers == list(range(numbers[0], numbers[0] + 6))
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=AT)
    assert states(*rows) == ["confirmed"] * 6


def test_a_reorganisation_of_three_blocks_sends_it_again(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 15)
    services.send_transactions(at=AT)
    fork = by_hand.ask("evm_snapshot")
    by_hand.mine(1)
    services.watch_transactions(at=AT)
    assert states(row) == ["mined"]
    by_hand.mine(1)
    before = (row.block, row.block_hash)
    by_hand.ask("evm_revert", fork)
    by_hand.ask("anvil_dropTransaction", row.hash)
    by_hand.mine(3, seconds=77)  # another branch, longer, without it
    services.watch_transactions(at=AT)
    assert states(row) == ["sent"]
    assert (row.block, row.reorganisations, row.sends) == (None, 1, 2)
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=AT)
    assert states(row) == ["confirmed"]
    assert (row.block, row.block_hash) != before
    assert by_hand.node.blocks([row.block])[0].hash == row.block_hash


def test_a_reorganisation_into_another_block_is_followed(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 16)
    services.send_transactions(at=AT)
    fork = by_hand.ask("evm_snapshot")
    by_hand.mine(1)
    services.watch_transactions(at=AT)
    row.refresh_from_db()
    before = row.block_hash
    by_hand.ask("evm_revert", fork)
    by_hand.node.knows(row.hash) or by_hand.node.send_raw(row.raw)
    by_hand.mine(2, seconds=55)
    services.watch_transactions(at=AT)
    assert states(row) == ["mined"]
    assert row.block_hash != before
    assert row.confirmations == 2


def test_a_number_that_somebody_else_used_is_given_anew(by_hand: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 17)
    services.send_transactions(at=AT)
    row.refresh_from_db()
    by_hand.ask("anvil_dropTransaction", row.hash)
    foreign = {"from": OWNER, "to": ACCOUNTS[1], "value": "0x1", "nonce": hex(row.nonce), "gas": hex(21_000)}
    by_hand.ask("eth_sendTransaction", foreign)
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=AT)
    assert states(row) == ["sent"]  # one look is not enough: a node may be behind
    services.watch_transactions(at=AT)
    again = newest()
    assert states(row, again) == ["replaced", "prepared"]
    assert again.purpose == row.purpose
    services.send_transactions(at=AT)
    by_hand.mine(house.CONFIRMATIONS)
    services.watch_transactions(at=AT)
    assert states(row, again) == ["replaced", "confirmed"]


def test_a_call_of_a_contract_takes_two_people_and_only_hashes(chain: Anvil, registry: DeployedContract) -> None:
    admin = AdminFactory()

    def ask(function: str, *arguments: object) -> object:
        return services.propose_call(
            contract_id=registry.uuid, function=function, arguments=list(arguments), reason="", by=admin, at=AT
        )

    plain = "0x" + b"27AAPFU0939F1ZV".hex().ljust(64, "0")
    for function, arguments, said in (
        ("revoked_at", [name(1)], "changes something"), ("revoke", [plain], "readable text"),
        ("revoke", ["0x12"], "64 hexadecimal"), ("publish", [1, name(1)], "takes 3"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=said):
            ask(function, *arguments)
    with pytest.raises(services.UnableToTransact, match="day is not over"):
        ask("publish", 2**32 - 1, name(1), 3)
    agree(ask("revoke", name(18)), AT)
    settle(chain, AT)
    row = newest()
    assert (row.state, row.function, row.asked_by) == ("confirmed", "revoke", admin)


def test_with_chains_off_nothing_is_prepared_and_nothing_is_sent(chain: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 19)
    with override_settings(FLAGS_FORCED_OFF=["ENABLE_BLOCKCHAIN"]):
        from_cache_forgotten()
        assert (services.send_transactions(at=AT), services.watch_transactions(at=AT)) == (0, 0)
        with pytest.raises(services.UnableToTransact, match="ENABLE_BLOCKCHAIN"):
            revocation(registry, 20)
        assert services.anchor_audit_root(at=AT) is None
        assert services.publish_attestation_roots(at=AT) == 0
    from_cache_forgotten()
    assert states(row) == ["prepared"]


def from_cache_forgotten() -> None:
    """Flags are kept for half a minute."""
    cache.clear()


def test_the_key_is_nowhere_in_the_database(chain: Anvil, registry: DeployedContract) -> None:
    row = revocation(registry, 21)
    settle(chain, AT)
    assert states(row) == [TransactionState.CONFIRMED]
    secret = house.HOUSE_KEY[2:]
    for one in ChainTransaction.objects.values():
        assert secret not in str(one)
    for text in AuditEntry.objects.values_list("payload", flat=True):
        assert secret not in text
