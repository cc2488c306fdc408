"""Canonical JSON, digests, hash chains and Merkle roots. Plain Python: engines may import it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_json(value: object) -> bytes:
    """The one byte string of a value: sorted keys, no spaces, UTF-8, decimals as strings; NaN is refused.

    >>> canonical_json({"b": Decimal("1.50"), "a": None})
    b'{"a":null,"b":"1.50"}'
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
    return text.encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def chain_hash(previous: str, value: object) -> str:
    """Hash of an entry that also commits to everything before it; the first entry has previous ''."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical_json(value)).hexdigest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """Merkle tree hash of RFC 6962 §2.1, in hex: leaves prefixed 0x00, nodes 0x01, split at a power of two.

    >>> merkle_root([])
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return _tree(leaves).hex()


def _tree(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _tree(leaves[:split]) + _tree(leaves[split:])).digest()


def merkle_proof(leaves: Sequence[bytes], place: int) -> tuple[str, ...]:
    """Audit path of RFC 6962 §2.1.1 for the leaf at `place` (from 0), in hex, from the leaf's neighbour to the root.

    >>> merkle_proof([b"a"], 0)
    ()
    """
    if not 0 <= place < len(leaves):
        raise IndexError("no such leaf")
    if len(leaves) == 1:
        return ()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if place < split:
        return (*merkle_proof(leaves[:split], place), _tree(leaves[split:]).hex())
    return (*merkle_proof(leaves[split:], place - split), _tree(leaves[:split]).hex())
