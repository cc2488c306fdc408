"""Checks an exported audit trail, or one inclusion proof, with nothing but Python: no Django, no network, no database.

    python audit_verifier.py trail.jsonl [--head HASH]     every entry follows from the one before it
    python audit_verifier.py --proof proof.json            one entry is in the tree of its checkpoint, and the
                             [--root ROOT]                 checkpoint in that of its anchor on a chain, where it has one

A trail is one JSON object a line: `kind` "entry" or "checkpoint", entries of a chain in order of `seq`. A trail that
was rewritten from end to end is consistent in itself; `--head` names the last hash (or a checkpoint's hash) that you
learned from somewhere else, and the trail must contain it. Exit status 0: holds; 1: broken; 2: unreadable.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEALED = ("chain", "seq", "at", "actor", "actor_role", "action", "target", "outcome", "request_id", "address")
STAMPED = ("chain", "number", "first_seq", "last_seq", "merkle_root", "head", "at")
Record = Mapping[str, object]


class Unreadable(ValueError):
    """The file is not an export of an audit trail."""


@dataclass(frozen=True)
class Fault:
    """The first thing in a chain that does not fit."""

    chain: str
    seq: int
    reason: str


@dataclass
class Chain:
    """One chain as far as it was read."""

    name: str
    seq: int = 0
    head: str = ""
    leaves: list[bytes] = field(default_factory=list)
    number: int = 0
    stamp: str = ""
    covered: int = 0
    seen: set[str] = field(default_factory=set)


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous: str, value: object) -> str:
    """SHA-256 over the hash before and the content."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(value)).hexdigest()


def tree(leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def root_of(leaf: bytes, place: int, size: int, path: Sequence[str]) -> str:
    """The root to which an audit path leads (RFC 9162, section 2.1.3.2). Raises Unreadable when the path cannot fit."""
    if not 0 <= place < size:
        raise Unreadable("the place is not in the tree")
    node, last, found = place, size - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for text in path:
        if last == 0:
            raise Unreadable("the path is too long")
        other = bytes.fromhex(text)
        if node % 2 or node == last:
            found = hashlib.sha256(b"\x01" + other + found).digest()
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + other).digest()
        node, last = node >> 1, last >> 1
    if last:
        raise Unreadable("the path is too short")
    return found.hex()


def entry_hash(entry: Record) -> str:
    """The hash that an entry's content and its predecessor's hash give."""
    sealed = {**{name: entry[name] for name in SEALED}, "payload": entry["payload_digest"]}
    return link(str(entry["previous_hash"]), sealed)


def checkpoint_hash(previous: str, checkpoint: Record) -> str:
    """The hash that a checkpoint's content and the checkpoint before it give."""
    return link(previous, {name: checkpoint[name] for name in STAMPED})


def verify(lines: Iterable[str], head: str = "") -> Iterator[Fault | Chain]:
    """Every chain of a trail as it ends, or the first fault in it; a head that is nowhere is a fault of its own."""
    chains: dict[str, Chain] = {}
    for record in map(_read, lines):
        chain = chains.setdefault(str(record["chain"]), Chain(str(record["chain"])))
        reason = _entry(chain, record) if record["kind"] == "entry" else _checkpoint(chain, record)
        if reason:
            yield Fault(chain.name, chain.seq + 1 if record["kind"] == "entry" else chain.covered + 1, reason)
            return
    yield from chains.values()
    if head and not any(head in chain.seen for chain in chains.values()):
        yield Fault("", 0, "the hash you know is not in this trail: its end is missing, or it was rewritten")


def verify_proof(proof: Record) -> str:
    """Why a proof does not hold; empty when it does."""
    entry, checkpoint = proof["entry"], proof["checkpoint"]
    if not isinstance(entry, dict) or not isinstance(checkpoint, dict) or not isinstance(proof["path"], list):
        raise Unreadable("not a proof")
    if entry_hash(entry) != entry["hash"]:
        return "the entry was changed"
    if checkpoint_hash(str(checkpoint["previous_hash"]), checkpoint) != checkpoint["hash"]:
        return "the checkpoint was changed"
    if entry["chain"] != checkpoint["chain"]:
        return "the checkpoint is of another chain"
    place, size = entry["seq"] - checkpoint["first_seq"], checkpoint["last_seq"] - checkpoint["first_seq"] + 1
    if root_of(bytes.fromhex(entry["hash"]), place, size, proof["path"]) != checkpoint["merkle_root"]:
        return "the entry is not in the tree of the checkpoint"
    return _anchor(checkpoint, proof.get("anchor"))


def _anchor(checkpoint: Record, anchor: object) -> str:
    """Why a checkpoint is not under the root of its anchor; empty when it is, or when there is no anchor yet."""
    if anchor is None:
        return ""
    if not isinstance(anchor, dict) or not isinstance(anchor["path"], list):
        raise Unreadable("not an anchor")
    leaf = bytes.fromhex(str(checkpoint["hash"]))
    if root_of(leaf, int(anchor["place"]), int(anchor["size"]), anchor["path"]) != anchor["merkle_root"]:
        return "the checkpoint is not in the tree of its anchor"
    return ""


def _read(line: str) -> Record:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise Unreadable("a line is not JSON") from error
    if not isinstance(record, dict) or record.get("kind") not in {"entry", "checkpoint"} or "chain" not in record:
        raise Unreadable("a line is neither an entry nor a checkpoint")
    return record


def _entry(chain: Chain, entry: Record) -> str:
    if entry["seq"] != chain.seq + 1:
        return f"the next entry should be number {chain.seq + 1}, and is {entry['seq']}"
    if entry["previous_hash"] != chain.head:
        return "the entry does not follow the one before it"
    payload = entry.get("payload")
    if payload is not None and hashlib.sha256(str(payload).encode()).hexdigest() != entry["payload_digest"]:
        return "the payload was changed"
    if entry_hash(entry) != entry["hash"]:
        return "the entry was changed"
    chain.seq, chain.head = chain.seq + 1, str(entry["hash"])
    chain.leaves.append(bytes.fromhex(chain.head))
    chain.seen.add(chain.head)
    return ""


def _checkpoint(chain: Chain, checkpoint: Record) -> str:
    if checkpoint["number"] != chain.number + 1 or checkpoint["first_seq"] != chain.covered + 1:
        return "a checkpoint is missing"
    if checkpoint["last_seq"] != chain.seq or checkpoint["head"] != chain.head:
        return "entries before the checkpoint are missing or were rewritten"
    if tree(chain.leaves).hex() != checkpoint["merkle_root"]:
        return "the tree of the checkpoint does not fit its entries"
    if checkpoint["previous_hash"] != chain.stamp or checkpoint_hash(chain.stamp, checkpoint) != checkpoint["hash"]:
        return "the checkpoint was changed"
    chain.number, chain.stamp, chain.covered = chain.number + 1, str(checkpoint["hash"]), chain.seq
    chain.leaves.clear()
    chain.seen.add(chain.stamp)
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Check an exported audit trail or an inclusion proof.")
    parser.add_argument("trail", nargs="?", type=Path, help="JSON lines, as exported")
    parser.add_argument("--head", default="", help="a hash that the trail must contain")
    parser.add_argument("--proof", type=Path, help="check one inclusion proof instead")
    parser.add_argument("--root", default="", help="the root you read from the contract yourself")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.proof:
            return _tell_proof(json.loads(chosen.proof.read_text(encoding="utf-8")), chosen.head, chosen.root)
        if chosen.trail is None:
            parser.error("name a trail, or --proof")
        with chosen.trail.open(encoding="utf-8") as lines:
            return _tell(verify(lines, chosen.head))
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stdout.write(f"UNREADABLE: {error}\n")
        return 2


def _tell(findings: Iterable[Fault | Chain]) -> int:
    broken = 0
    for finding in findings:
        if isinstance(finding, Fault):
            broken = 1
            sys.stdout.write(f"BROKEN {finding.chain} at {finding.seq}: {finding.reason}\n")
        else:
            sys.stdout.write(
                f"holds  {finding.name}  {finding.seq} entries, {finding.number} checkpoints, head {finding.head}\n"
            )
    return broken


def _tell_proof(proof: Record, head: str, root: str = "") -> int:
    reason = verify_proof(proof)
    checkpoint, anchor = proof["checkpoint"], proof.get("anchor")
    if not reason and head and isinstance(checkpoint, dict) and checkpoint["hash"] != head:
        reason = "the checkpoint is not the one you know"
    known = anchor["merkle_root"] if isinstance(anchor, dict) else ""
    if not reason and root and known != root.lower().removeprefix("0x"):
        reason = "the anchor's root is not the one you read from the contract"
    sys.stdout.write(f"BROKEN: {reason}\n" if reason else "holds: the entry is in the tree of its checkpoint\n")
    if not reason and isinstance(anchor, dict):
        sys.stdout.write(
            f"holds: the checkpoint is in the tree of batch {anchor['batch']} of {anchor['contract']}, root {known}, "
            f"written by {anchor['transaction']}"
            f"{'' if root else '; compare the root with batch(uint256) of the contract (--root)'}\n"
        )
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main())
