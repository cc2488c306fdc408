"""Attestations of a wallet score: off-chain EAS (version 2), a Merkle root per day, and a verifiable credential.

Nothing goes onto a chain: the holder keeps the signed message. Formats: EAS off-chain v2 (EIP-712), W3C Verifiable
Credentials Data Model 2.0 with Bitstring Status List 1.0, RFC 6962 for the tree.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from creditiq.kernel.hashing import canonical_json, merkle_root
from wallets.engine.addresses import ZERO, checksum, keccak

SCORE_SCHEMA = (
    "uint16 score,uint16 scoreLow,uint16 scoreHigh,uint16 coverageBps,uint32 modelVersion,bytes32 modelHash,"
    "bytes32 evidenceRoot,uint64 asOf"
)
BAND_SCHEMA = "uint16 atLeast,uint32 modelVersion,bytes32 modelHash,uint64 asOf"
"""Says only that a score is at least so much."""
TYPE = (
    "Attest(uint16 version,bytes32 schema,address recipient,uint64 time,uint64 expirationTime,bool revocable,"
    "bytes32 refUID,bytes data,bytes32 salt)"
)
DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
DOMAIN_NAME, OFFCHAIN_VERSION = "EAS Attestation", 2
CONTRACT_VERSION = "1.4.0"
CONTRACTS = {
    1: "0xA1207F3BBa224E2c9c3c6D5aF63D0eb1582Ce587", 10: "0x4200000000000000000000000000000000000021",
    8453: "0x4200000000000000000000000000000000000021", 137: "0x5E634ef5355f45A855d02D66eCD687b1502AF790",
    42161: "0xbD75f629A22Dc1ceD33dDA0b68c546A1c035c458", 534352: "0xC47300428b6AD2c7D03BB76D05A176058b47E6B0",
    59144: "0xaEF4103A04090071165F78D45D83A0C0782c2B2a", 42220: "0x72E1d8ccf5299fb36fEfD8CC4394B8ef7e98Af92",
    324: "0x21d8d4eE83b80bc0Cc0f2B7df3117Cf212d02901", 11155111: "0xC2679fBD37d54388Ce493F1DB75320D236e1815e",
    130: "0x4200000000000000000000000000000000000021", 1868: "0x4200000000000000000000000000000000000021",
    57073: "0x4200000000000000000000000000000000000021",
}  # fmt: skip
"""EAS contract by chain id (wallets.md §5); the signature names it, the contract is not called."""
STATUS_BITS = 131_072
"""Least length of a status list, for privacy in a crowd."""


@dataclass(frozen=True)
class Statement:
    """What is said of an account: a whole score, or (with `at_least`) only that it reaches a mark."""

    score: int
    low: int
    high: int
    coverage: float
    model_version: int
    model_hash: str
    evidence_root: str
    as_of: int
    at_least: int | None = None

    @property
    def schema(self) -> str:
        """The schema's text."""
        return SCORE_SCHEMA if self.at_least is None else BAND_SCHEMA

    @property
    def data(self) -> str:
        """ABI encoding: every type is static, so it is one word each."""
        model = (self.model_version, int(self.model_hash, 16))
        words: tuple[int, ...] = (self.score, self.low, self.high, round(self.coverage * 10_000), *model)
        words = (*words, int(self.evidence_root, 16)) if self.at_least is None else (self.at_least, *model)
        return "0x" + "".join(f"{word:064x}" for word in (*words, self.as_of))


@dataclass(frozen=True)
class Message:
    """An off-chain attestation before it is signed."""

    chain_id: int
    schema: str
    recipient: str
    time: int
    expires: int
    data: str
    salt: str

    @property
    def verifying_contract(self) -> str:
        """EAS of the chain; the zero address where none is known."""
        return CONTRACTS.get(self.chain_id, ZERO)

    @property
    def digest(self) -> bytes:
        """What is signed (EIP-712)."""
        domain = (
            keccak(DOMAIN_TYPE.encode()), keccak(DOMAIN_NAME.encode()), keccak(CONTRACT_VERSION.encode()),
            _word(self.chain_id), _word(int(self.verifying_contract, 16)),
        )  # fmt: skip
        struct = (
            keccak(TYPE.encode()), _word(OFFCHAIN_VERSION), _bytes(self.schema), _word(int(self.recipient, 16)),
            _word(self.time), _word(self.expires), _word(1), _word(0), keccak(_bytes(self.data)), _bytes(self.salt),
        )  # fmt: skip
        return keccak(b"\x19\x01" + keccak(b"".join(domain)) + keccak(b"".join(struct)))

    @property
    def uid(self) -> str:
        """The attestation's name: hash of the tightly packed fields, as EAS makes it for off-chain version 2."""
        packed = (
            OFFCHAIN_VERSION.to_bytes(2) + self.schema.encode() + _bytes(self.recipient) + bytes(20)
            + self.time.to_bytes(8) + self.expires.to_bytes(8) + b"\x01" + bytes(32) + _bytes(self.data)
            + _bytes(self.salt) + bytes(4)
        )  # fmt: skip
        return f"0x{keccak(packed).hex()}"

    def document(self, signature: str, signer: str) -> dict[str, object]:
        """The file its holder keeps, in the shape EAS tools read."""
        return {
            "sig": {
                "version": OFFCHAIN_VERSION,
                "uid": self.uid,
                "domain": {
                    "name": DOMAIN_NAME, "version": CONTRACT_VERSION, "chainId": str(self.chain_id),
                    "verifyingContract": self.verifying_contract,
                },
                "primaryType": "Attest",
                "types": {"Attest": _fields()},
                "message": {
                    "version": OFFCHAIN_VERSION, "schema": self.schema, "recipient": checksum(self.recipient),
                    "time": str(self.time), "expirationTime": str(self.expires), "revocable": True,
                    "refUID": f"0x{'0' * 64}", "data": self.data, "salt": self.salt,
                },
                "signature": {
                    "r": f"0x{signature[2:66]}", "s": f"0x{signature[66:130]}", "v": int(signature[130:132], 16),
                },
            },
            "signer": checksum(signer),
        }  # fmt: skip


def _fields() -> list[dict[str, str]]:
    pairs = [part.split(" ") for part in TYPE.partition("(")[2].rstrip(")").split(",")]
    return [{"name": name, "type": kind} for kind, name in pairs]


def _word(number: int) -> bytes:
    return number.to_bytes(32)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def schema_uid(schema: str, *, revocable: bool = True) -> str:
    """Name of a schema without resolver in the EAS registry.

    >>> schema_uid(SCORE_SCHEMA)
    '0x37a1fd587440bb770c998416ce8707826fbe99771966934780e0ac826e0264e6'
    """
    return f"0x{keccak(schema.encode() + bytes(20) + bytes([revocable])).hex()}"


def epoch_root(uids: Sequence[str]) -> str:
    """Merkle root (RFC 6962, SHA-256) over the day's names in sorted order, in hex."""
    return merkle_root([_bytes(uid) for uid in sorted(set(uids))])


def epoch_path(uids: Sequence[str], uid: str) -> list[tuple[str, str]]:
    """Inclusion path from a name to the root: side and hash of each sibling, the lowest first."""
    leaves = [_bytes(name) for name in sorted(set(uids))]
    place, path = sorted(set(uids)).index(uid), []
    while len(leaves) > 1:
        split = 1 << (len(leaves) - 1).bit_length() - 1
        left = place < split
        sibling = leaves[split:] if left else leaves[:split]
        path.append(("right" if left else "left", merkle_root(sibling)))
        leaves, place = (leaves[:split], place) if left else (leaves[split:], place - split)
    return path[::-1]


def root_of_path(uid: str, path: Sequence[tuple[str, str]]) -> str:
    """The root a path leads to; equal to the published one, the name was in the epoch."""
    node = hashlib.sha256(b"\x00" + _bytes(uid)).digest()
    for side, sibling in path:
        pair = node + bytes.fromhex(sibling) if side == "right" else bytes.fromhex(sibling) + node
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex()


def status_list(revoked: Sequence[int]) -> str:
    """Bitstring Status List 1.0: bit 0 is the leftmost; gzip, then multibase base64url without padding."""
    length = max(STATUS_BITS, 8 * (max(revoked, default=0) // 8 + 1))
    bits = bytearray(length // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + _base64url(gzip.compress(bytes(bits), mtime=0))


def is_revoked(encoded: str, index: int) -> bool:
    """The bit of an index in a status list."""
    packed = encoded[1:] + "=" * (-len(encoded[1:]) % 4)
    return bool(gzip.decompress(base64.urlsafe_b64decode(packed))[index // 8] & 0x80 >> index % 8)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def credential(message: Message, statement: Statement, *, issuer: str, status: tuple[str, int]) -> dict[str, object]:
    """The same statement as a W3C credential; `status` is the address of the status list and the place in it."""
    account = f"did:pkh:eip155:{message.chain_id}:{checksum(message.recipient)}"
    said: dict[str, object] = {"id": account, "modelHash": statement.model_hash, "asOf": _moment(statement.as_of)}
    if statement.at_least is None:
        said |= {
            "score": statement.score, "scoreLow": statement.low, "scoreHigh": statement.high,
            "coverageBps": round(statement.coverage * 10_000), "evidenceRoot": statement.evidence_root,
        }  # fmt: skip
    else:
        said |= {"scoreAtLeast": statement.at_least}
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"urn:eas:{message.uid}",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "validFrom": _moment(message.time),
        "validUntil": _moment(message.expires),
        "credentialSubject": said,
        "credentialStatus": {
            "id": f"{status[0]}#{status[1]}", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": str(status[1]), "statusListCredential": status[0],
        },
    }  # fmt: skip


def status_credential(address: str, revoked: Sequence[int], *, issuer: str, at: int) -> dict[str, object]:
    """The status list as a credential."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _moment(at),
        "credentialSubject": {
            "id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": "revocation",
            "encodedList": status_list(revoked),
        },
    }  # fmt: skip


def signing_input(document: Mapping[str, object], issuer: str, kind: str = "vc+jwt") -> str:
    """Header and payload of the enveloping JOSE signature (ES256K), as signed."""
    header = canonical_json({"alg": "ES256K", "typ": kind, "kid": f"{issuer}#blockchainAccountId"})
    return f"{_base64url(header)}.{_base64url(canonical_json(document))}"


def sealed(signing: str, signature: bytes) -> str:
    """The JWT: 64 bytes of r and s."""
    return f"{signing}.{_base64url(signature)}"


def payload_of(token: str) -> dict[str, object]:
    """What a JWT says, without looking at its signature."""
    part = token.split(".")[1]
    read = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return dict(read)


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
