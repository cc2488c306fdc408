"""Contracts nobody here wrote, fetched for the test: wallets of Safe, attestations of EAS, loans of Aave."""

import re

import pytest
from eth_abi import encode
from eth_account import Account

from accounts.models import User
from tests.npm import folder
from tests.wallets.chain.anvil import ACCOUNTS, KEYS, Anvil, Deployed
from tests.wallets.chain.conftest import AT
from wallets import services
from wallets.chain.port import Call
from wallets.chain.signatures import message_hash
from wallets.engine import attestations
from wallets.engine.addresses import ZERO
from wallets.engine.chains.registry import MULTICALL3
from wallets.models import Wallet, WalletProof

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
OWNERS = (ACCOUNTS[1], ACCOUNTS[2])


class Safes:
    """Safe 1.4.1: singleton, handler, factory; wallets of two owners who both sign."""

    def __init__(self, chain: Anvil) -> None:
        build = folder("@safe-global/safe-contracts", "1.4.1") / "build" / "artifacts" / "contracts"
        self.chain = chain
        self.singleton = chain.deploy(build / "Safe.sol" / "Safe.json")
        name = "CompatibilityFallbackHandler"
        self.handler = chain.deploy(build / "handler" / f"{name}.sol" / f"{name}.json")
        self.factory = chain.deploy(build / "proxies" / "SafeProxyFactory.sol" / "SafeProxyFactory.json")

    def creation(self, number: int) -> tuple[object, ...]:
        setup = self.singleton.data("setup", OWNERS, 2, ZERO, b"", self.handler.address, ZERO, 0, ZERO)
        return self.singleton.address, bytes.fromhex(setup[2:]), number

    def address(self, number: int) -> str:
        return str(self.factory.call("createProxyWithNonce", *self.creation(number)))

    def create(self, number: int) -> str:
        made = self.address(number)
        self.factory.send("createProxyWithNonce", *self.creation(number))
        return made

    def signed(self, address: str, message: str, keys: tuple[str, ...] = KEYS[1:]) -> str:
        """Signatures of owners over the Safe's own hash of the message, in the order of their addresses."""
        safe = Deployed(self.chain, address, self.handler.abi)
        digest = safe.call("getMessageHash", encode(["bytes32"], [message_hash(message)]))
        by = sorted((Account.from_key(key) for key in keys), key=lambda owner: owner.address.lower())
        return "0x" + b"".join(owner.unsafe_sign_hash(digest).signature for owner in by).hex()


def linked(chain: Anvil, by: User, address: str) -> tuple[Wallet, str]:
    wallet = services.add_wallet(chain="ethereum", address=address, label="", by=by, at=AT)
    challenge = services.issue_challenge(wallet_id=wallet.uuid, host="localhost:8000", by=by, at=AT)
    return wallet, challenge.message


def prove(wallet: Wallet, by: User, message: str, signature: str) -> WalletProof:
    return services.prove_ownership(wallet_id=wallet.uuid, message=message, signature=signature, by=by, at=AT)


@pytest.mark.usefixtures("wallet")
def test_a_safe_proves_itself_with_both_owners_and_not_with_one(chain: Anvil, asha: User) -> None:
    safes = Safes(chain)
    address = safes.create(1)
    safe, message = linked(chain, asha, address)
    with pytest.raises(services.UnableToProve):
        prove(safe, asha, message, safes.signed(address, message, KEYS[1:2]))
    message = linked(chain, asha, address)[1]
    proof = prove(safe, asha, message, safes.signed(address, message))
    assert (proof.method, proof.block) == ("eip1271", chain.node.head().number)


@pytest.mark.usefixtures("wallet")
def test_a_safe_that_is_not_deployed_proves_itself_and_stays_undeployed(chain: Anvil, asha: User) -> None:
    constants = (folder("viem", "2.57.20") / "_esm" / "constants" / "contracts.js").read_text()
    creation = re.search(r"multicall3Bytecode = '(0x[0-9a-f]+)'", constants).group(1)
    chain.ask("anvil_setCode", MULTICALL3, chain.node.call(Call(creation)))
    safes = Safes(chain)
    address = safes.address(7)
    safe, message = linked(chain, asha, address)
    before = chain.ask("evm_snapshot")
    safes.create(7)
    inner = safes.signed(address, message)
    chain.ask("evm_revert", before)
    call = bytes.fromhex(safes.factory.data("createProxyWithNonce", *safes.creation(7))[2:])
    parts = encode(["address", "bytes", "bytes"], [safes.factory.address, call, bytes.fromhex(inner[2:])])
    proof = prove(safe, asha, message, f"0x{parts.hex()}{'6492' * 16}")
    assert proof.method == "eip6492"
    assert chain.node.code(address) == "0x"


def test_eas_registers_our_schema_and_takes_our_data_and_root(chain: Anvil) -> None:
    build = folder("@ethereum-attestation-service/eas-contracts", "1.9.0") / "artifacts" / "contracts"
    registry = chain.deploy(build / "SchemaRegistry.sol" / "SchemaRegistry.json")
    eas = chain.deploy(build / "EAS.sol" / "EAS.json", registry.address)
    assert eas.call("version") == attestations.CONTRACT_VERSION
    registry.send("register", attestations.SCORE_SCHEMA, ZERO, True)
    schema = bytes.fromhex(attestations.schema_uid(attestations.SCORE_SCHEMA)[2:])
    assert registry.call("getSchema", schema)[3] == attestations.SCORE_SCHEMA
    said = attestations.Statement(693, 601, 744, 0.91, 1, "ab" * 32, "cd" * 32, 1_790_000_000)
    request = (schema, (OWNERS[0], 0, True, bytes(32), bytes.fromhex(said.data[2:]), 0))
    receipt = eas.send("attest", request)
    uid = receipt["logs"][0]["data"][:66]
    assert eas.call("getAttestation", bytes.fromhex(uid[2:]))[-1].hex() == said.data[2:]
    eas.send("revoke", (schema, (bytes.fromhex(uid[2:]), 0)))
    root = bytes.fromhex(attestations.epoch_root([uid]))
    anchored = eas.send("timestamp", root)
    assert eas.call("getTimestamp", root) > 0
    assert int(anchored["gasUsed"], 16) < 50_000
