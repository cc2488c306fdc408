"""Our own contracts on a real node: who may do what, in which order, and what they remember."""

import json

import pytest
from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_typed_data

from tests.contracts import FOLDER, NAMES, compiled
from tests.wallets.chain.anvil import ACCOUNTS, KEYS, Anvil, Deployed
from wallets.chain.port import Call, CallReverted
from wallets.engine import attestations

OWNER, BORROWER, STRANGER = ACCOUNTS
ROOT, OTHER, NOTHING = b"\x01" * 32, b"\x02" * 32, bytes(32)
DAY = 86_400


def deployed(chain: Anvil, name: str) -> Deployed:
    return chain.deploy(FOLDER / f"{name}.json")


def refused(contract: Deployed, name: str, *values: object, sender: str = OWNER) -> str:
    """The words a call is refused with."""
    with pytest.raises(CallReverted) as refusal:
        contract.chain.node.call(Call(contract.data(name, *values), contract.address, sender))
    return bytes.fromhex(refusal.value.data[2 + 8 :]).strip(b"\0").decode(errors="ignore")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_is_what_the_source_compiles_to(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text() == compiled(name), "run python -m tests.contracts"


def test_anchors_come_in_order_without_gaps_and_from_the_owner(chain: Anvil) -> None:
    anchor = deployed(chain, "AuditAnchor")
    assert "owner only" in refused(anchor, "anchor", 0, ROOT, 5, 1, 5, NOTHING, sender=STRANGER)
    receipt = anchor.send("anchor", 0, ROOT, 5, 1, 5, NOTHING)
    assert int(receipt["gasUsed"], 16) < 200_000
    for values, why in (
        ((0, OTHER, 5, 6, 10, ROOT), "out of order"),
        ((1, OTHER, 5, 6, 10, NOTHING), "previous root"),
        ((1, NOTHING, 5, 6, 10, ROOT), "root is empty"),
        ((1, OTHER, 4, 6, 10, ROOT), "count differs"),
        ((1, OTHER, 5, 7, 11, ROOT), "gap"),
    ):
        assert why in refused(anchor, "anchor", *values)
    anchor.send("anchor", 1, OTHER, 5, 6, 10, ROOT)
    assert (anchor.call("batches"), anchor.call("latest"), anchor.call("batch", 1)[1:4]) == (2, OTHER, (5, 6, 10))


def test_ownership_of_the_anchor_moves_in_two_steps(chain: Anvil) -> None:
    anchor = deployed(chain, "AuditAnchor")
    anchor.send("propose_owner", BORROWER)
    assert anchor.call("owner") == OWNER
    assert "not proposed" in refused(anchor, "accept_owner", sender=STRANGER)
    anchor.send("accept_owner", sender=BORROWER)
    assert anchor.call("owner") == BORROWER
    assert "owner only" in refused(anchor, "propose_owner", OWNER)


def test_a_day_of_attestations_is_published_once_and_proves_its_names(chain: Anvil) -> None:
    registry = deployed(chain, "AttestationRegistry")
    uids = [f"0x{number:064x}" for number in range(1, 8)]
    root = bytes.fromhex(attestations.epoch_root(uids))
    today = chain.node.head().timestamp // DAY
    assert "day is not over" in refused(registry, "publish", today, root, 7)
    registry.send("publish", today - 1, root, 7)
    assert "published before" in refused(registry, "publish", today - 1, OTHER, 7)
    for uid in uids:
        path = attestations.epoch_path(uids, uid)
        sides = sum(1 << place for place, (side, _) in enumerate(path) if side == "left")
        hashes = [bytes.fromhex(sibling) for _, sibling in path]
        assert registry.call("included", today - 1, bytes.fromhex(uid[2:]), hashes, sides)
        assert not registry.call("included", today - 1, OTHER, hashes, sides)
    registry.send("revoke", OTHER)
    assert registry.call("revoked_at", OTHER) > 0
    assert "revoked before" in refused(registry, "revoke", OTHER)
    assert "owner only" in refused(registry, "revoke", ROOT, sender=STRANGER)


def signed(registry: Deployed, loan: bytes, key: str, version: int = 1, kfs: bytes = ROOT) -> tuple[int, bytes, bytes]:
    domain = {
        "name": "CreditIQ Agreements", "version": "1", "chainId": 1, "verifyingContract": registry.address,
    }  # fmt: skip
    types = {"SignAgreement": [
        {"name": "loan", "type": "bytes32"}, {"name": "kfs", "type": "bytes32"},
        {"name": "agreement", "type": "bytes32"}, {"name": "version", "type": "uint32"},
    ]}  # fmt: skip
    content = {"loan": loan, "kfs": kfs, "agreement": OTHER, "version": version}
    message = encode_typed_data(domain, types, content)
    assert _hash_eip191_message(message) == registry.call("digest", loan)
    made = Account.from_key(key).sign_message(message)
    return made.v, made.r.to_bytes(32), made.s.to_bytes(32)


def test_an_agreement_is_signed_by_its_borrower_amended_and_closed(chain: Anvil) -> None:
    registry, loan = deployed(chain, "AgreementRegistry"), b"\x07" * 32
    assert "owner only" in refused(registry, "register", loan, ROOT, OTHER, BORROWER, sender=STRANGER)
    registry.send("register", loan, ROOT, OTHER, BORROWER)
    assert "registered before" in refused(registry, "register", loan, ROOT, OTHER, BORROWER)
    assert "not the borrower" in refused(registry, "co_sign", loan, *signed(registry, loan, KEYS[2]))
    borrowers = signed(registry, loan, KEYS[1])
    registry.send("co_sign", loan, *borrowers, sender=STRANGER)
    assert "signed before" in refused(registry, "co_sign", loan, *borrowers)
    registry.send("amend", loan, b"\x08" * 32, OTHER)
    assert "not the borrower" in refused(registry, "co_sign", loan, *borrowers)
    registry.send("co_sign", loan, *signed(registry, loan, KEYS[1], 2, b"\x08" * 32))
    registry.send("close", loan)
    assert "not open" in refused(registry, "amend", loan, ROOT, OTHER)


def test_a_malleable_signature_is_refused(chain: Anvil) -> None:
    registry, loan = deployed(chain, "AgreementRegistry"), b"\x09" * 32
    registry.send("register", loan, ROOT, OTHER, BORROWER)
    v, r, s = signed(registry, loan, KEYS[1])
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    twin = (order - int.from_bytes(s)).to_bytes(32)
    assert "malleable" in refused(registry, "co_sign", loan, 55 - v, r, twin)


def test_no_contract_takes_coins(chain: Anvil) -> None:
    for name in NAMES:
        artifact = json.loads((FOLDER / f"{name}.json").read_text())
        assert not [row for row in artifact["abi"] if row.get("stateMutability") == "payable"]
        with pytest.raises(RuntimeError):
            chain.transact(OWNER, deployed(chain, name).address, value=1)


def test_a_statement_is_made_public_once_and_holds_until_it_is_taken_back(chain: Anvil) -> None:
    registry, over = deployed(chain, "AttestationRegistry"), chain.node.head().timestamp + DAY
    assert "owner only" in refused(registry, "attest", ROOT, OTHER, OTHER, over, sender=STRANGER)
    assert "expired" in refused(registry, "attest", ROOT, OTHER, OTHER, over - DAY)
    assert "hash is empty" in refused(registry, "attest", ROOT, OTHER, NOTHING, over)
    registry.send("attest", ROOT, OTHER, OTHER, over)
    assert "attested before" in refused(registry, "attest", ROOT, OTHER, OTHER, over)
    assert registry.call("statement", ROOT)[:2] == (OTHER, OTHER)
    assert registry.call("holds", ROOT)
    assert not registry.call("holds", OTHER)
    registry.send("revoke", ROOT)
    assert not registry.call("holds", ROOT)
    registry.send("revoke", OTHER)
    assert "revoked before" in refused(registry, "attest", OTHER, OTHER, OTHER, over)


def test_a_public_statement_ends(chain: Anvil) -> None:
    registry, over = deployed(chain, "AttestationRegistry"), chain.node.head().timestamp + DAY
    registry.send("attest", ROOT, OTHER, OTHER, over)
    chain.mine(2, seconds=DAY)
    assert not registry.call("holds", ROOT)


def test_a_borrower_is_named_later_or_never(chain: Anvil) -> None:
    registry, loan, nobody = deployed(chain, "AgreementRegistry"), b"\x0a" * 32, "0x" + "00" * 20
    registry.send("register", loan, ROOT, OTHER, nobody)
    assert "not the borrower" in refused(registry, "co_sign", loan, *signed(registry, loan, KEYS[1]))
    assert "owner only" in refused(registry, "invite", loan, BORROWER, sender=STRANGER)
    assert "borrower is empty" in refused(registry, "invite", loan, nobody)
    registry.send("invite", loan, BORROWER)
    registry.send("co_sign", loan, *signed(registry, loan, KEYS[1]))
    assert "signed before" in refused(registry, "invite", loan, STRANGER)
