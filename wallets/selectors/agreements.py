"""What the agreement registry says of one agreement."""

import json
from dataclasses import dataclass
from uuid import UUID

from wallets.chain.artefacts import AGREEMENTS, artefact
from wallets.chain.port import Call, CallReverted, ChainUnreachable
from wallets.engine.addresses import ZERO, checksum
from wallets.engine.calls import UnfitArgument
from wallets.models import ChainTransaction, DeployedContract
from wallets.selectors.nodes import usable_node


@dataclass(frozen=True)
class SealedAgreement:
    """Salted hashes (hex, no 0x): of the reference, of the key fact statement and of the agreement."""

    key: UUID
    reference: str
    kfs: str
    agreement: str

    @property
    def purpose(self) -> str:
        """Of the transaction that registers it."""
        return f"agreement:{self.key}"


@dataclass(frozen=True)
class RegisteredAgreement:
    """Hashes in hex without 0x as the contract has them; seconds since 1970, 0 for never.

    `trouble` says why nothing could be read.
    """

    contract: str = ""
    kfs: str = ""
    agreement: str = ""
    borrower: str = ""
    registered_at: int = 0
    signed_at: int = 0
    closed_at: int = 0
    version: int = 0
    trouble: str = ""


def agreement_transactions(*, purpose: str) -> tuple[ChainTransaction, ...]:
    """The transactions of one agreement, oldest first."""
    rows = ChainTransaction.objects.select_related("contract", "chain").defer("raw", "data", "contract__abi")
    return tuple(rows.filter(purpose__startswith=purpose).order_by("pk"))


def registered_agreement(*, purpose: str, reference: str) -> RegisteredAgreement:
    """Ask the contract on which it was registered."""
    contract = _contract(purpose)
    if contract is None:
        return RegisteredAgreement(trouble="It is not on a chain yet.")
    node = usable_node(contract.chain)
    if node is None:
        return RegisteredAgreement(trouble=f"No node of {contract.chain} can be asked now, so it is not read.")
    ask = artefact(AGREEMENTS).functions["agreements"]
    try:
        told = ask.read(node.call(Call(ask.data([f"0x{reference}"]), contract.address)))
    except (ChainUnreachable, CallReverted, UnfitArgument):
        return RegisteredAgreement(trouble=f"The node of {contract.chain} does not answer; ask again.")
    kfs, agreement, borrower, *numbers = told
    registered, signed, closed, version = (int(number) for number in numbers)
    if not registered:
        return RegisteredAgreement(trouble="The contract does not have it yet.")
    return RegisteredAgreement(
        f"{contract.chain.caip2}:{contract.address}", str(kfs)[2:], str(agreement)[2:],
        "" if borrower == ZERO else str(borrower), registered, signed, closed, version,
    )  # fmt: skip


def message_to_sign(*, purpose: str, reference: str, told: RegisteredAgreement) -> str:
    """The EIP-712 message of the borrower's signature as JSON (eth_signTypedData_v4); empty when there is none."""
    contract = _contract(purpose)
    if contract is None or not told.version:
        return ""
    return json.dumps({
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"}, {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"},
            ],
            "SignAgreement": [
                {"name": "loan", "type": "bytes32"}, {"name": "kfs", "type": "bytes32"},
                {"name": "agreement", "type": "bytes32"}, {"name": "version", "type": "uint32"},
            ],
        },
        "primaryType": "SignAgreement",
        "domain": {
            "name": "CreditIQ Agreements", "version": "1", "chainId": contract.chain.eip155_id,
            "verifyingContract": checksum(contract.address),
        },
        "message": {
            "loan": f"0x{reference}", "kfs": f"0x{told.kfs}", "agreement": f"0x{told.agreement}",
            "version": told.version,
        },
    }, indent=1)  # fmt: skip


def _contract(purpose: str) -> DeployedContract | None:
    first = ChainTransaction.objects.for_purpose(purpose).select_related("contract__chain").first()
    return first.contract if first is not None and first.contract.address else None
