"""What our contracts compile to, as kept beside their source (`make contracts`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from creditiq.kernel.hashing import digest
from wallets.engine.addresses import keccak
from wallets.engine.calls import Function, functions

FOLDER = Path(__file__).parent / "contracts"
AUDIT_ANCHOR, ATTESTATIONS, AGREEMENTS = "AuditAnchor", "AttestationRegistry", "AgreementRegistry"
PURPOSES: Mapping[str, str] = {
    AUDIT_ANCHOR: "Roots of the audit trail",
    ATTESTATIONS: "Statements about wallets",
    AGREEMENTS: "Fingerprints of loan agreements",
}
"""Our contracts, and what each is for."""


@dataclass(frozen=True)
class Artefact:
    """One compiled contract. Hashes in hex without 0x: of the interface as canonical JSON, of the creation code."""

    name: str
    compiler: str
    abi: list[dict[str, object]]
    bytecode: str

    @property
    def abi_hash(self) -> str:
        return digest(self.abi)

    @property
    def code_hash(self) -> str:
        return keccak(bytes.fromhex(self.bytecode.removeprefix("0x"))).hex()

    @property
    def functions(self) -> dict[str, Function]:
        """By name."""
        return functions(self.abi)


@cache
def artefact(name: str) -> Artefact:
    """A compiled contract by name. Raises KeyError."""
    if name not in PURPOSES:
        raise KeyError(name)
    whole = json.loads((FOLDER / f"{name}.json").read_text())
    return Artefact(name, whole["compiler"], whole["abi"], whole["bytecode"])
