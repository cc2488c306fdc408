"""The stand-alone verifier finds every tampering of an exported trail, and needs nothing but Python."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from creditiq.kernel import audit_verifier as verifier
from creditiq.kernel.hashing import canonical_json, chain_hash, merkle_proof, merkle_root
from tests.architecture.sources import ROOT

ENTRIES, EVERY = 230, 50
FILE = ROOT / "creditiq" / "kernel" / "audit_verifier.py"
Record = dict[str, object]


def entry(seq: int, previous: str, action: str = "score.issued") -> Record:
    payload = canonical_json({"figure": seq}).decode()
    sealed = {
        "chain": "platform",
        "seq": seq,
        "at": f"2026-11-20T10:{seq % 60:02d}:00.000000Z",
        "actor": None,
        "actor_role": "",
        "action": action,
        "target": f"scoring.scorerun:{seq} – नाम",
        "outcome": "ok",
        "request_id": "",
        "address": "",
    }
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return {
        "kind": "entry",
        **sealed,
        "payload": payload,
        "payload_digest": digest,
        "previous_hash": previous,
        "hash": chain_hash(previous, {**sealed, "payload": digest}),
    }


def checkpoint(number: int, previous: str, covered: list[Record]) -> Record:
    stamped = {
        "chain": "platform",
        "number": number,
        "first_seq": covered[0]["seq"],
        "last_seq": covered[-1]["seq"],
        "merkle_root": merkle_root([bytes.fromhex(str(one["hash"])) for one in covered]),
        "head": covered[-1]["hash"],
        "at": "2026-11-20T11:00:00.000000Z",
    }
    return {"kind": "checkpoint", **stamped, "previous_hash": previous, "hash": chain_hash(previous, stamped)}


def trail(entries: int = ENTRIES) -> list[Record]:
    records: list[Record] = []
    covered: list[Record] = []
    head = stamp = ""
    for seq in range(1, entries + 1):
        covered.append(entry(seq, head))
        records.append(covered[-1])
        head = str(covered[-1]["hash"])
        if seq % EVERY == 0:
            records.append(checkpoint(seq // EVERY, stamp, covered))
            stamp, covered = str(records[-1]["hash"]), []
    return records


def faults(records: list[Record], head: str) -> list[verifier.Fault]:
    lines = (json.dumps(record) for record in records)
    return [finding for finding in verifier.verify(lines, head) if isinstance(finding, verifier.Fault)]


def reseal(records: list[Record]) -> list[Record]:
    """What a patient forger does: every hash computed anew, so that the trail is consistent in itself."""
    done: list[Record] = []
    covered: list[Record] = []
    head = stamp = ""
    for record in records:
        if record["kind"] == "checkpoint":
            done.append(checkpoint(int(str(record["number"])), stamp, covered))
            stamp, covered = str(done[-1]["hash"]), []
            continue
        sealed = {name: record[name] for name in verifier.SEALED} | {"payload": record["payload_digest"]}
        forged = {**record, "previous_hash": head, "hash": chain_hash(head, sealed)}
        head = str(forged["hash"])
        covered.append(forged)
        done.append(forged)
    return done


def edit(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    name = str(dice.choice(sorted(set(records[at]) - {"kind"})))
    old = records[at][name]
    records[at] = {**records[at], name: old + 1 if isinstance(old, int) else f"{old}0"}
    return records


def delete(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    return records[:at] + records[at + 1 :]


def insert(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    return [*records[:at], dict(records[dice.integers(len(records))]), *records[at:]]


def reorder(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    other = (at + int(dice.integers(1, len(records)))) % len(records)
    records[at], records[other] = records[other], records[at]
    return records


def truncate(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    return records[:at]


def forge(records: list[Record], at: int, dice: np.random.Generator) -> list[Record]:
    while records[at]["kind"] != "entry":
        at = int(dice.integers(len(records)))
    records[at] = {**records[at], "action": "score.withdrawn"}
    return reseal(records)


TAMPERINGS = (edit, delete, insert, reorder, truncate, forge)


def test_a_true_trail_holds_and_reaches_its_head() -> None:
    records = trail()
    assert faults(records, str(records[-1]["hash"])) == []
    (chain,) = verifier.verify(map(json.dumps, records))
    assert isinstance(chain, verifier.Chain)
    assert (chain.seq, chain.number, chain.head) == (ENTRIES, ENTRIES // EVERY, records[-1]["hash"])


def test_every_one_of_a_thousand_random_tamperings_is_found() -> None:
    dice, true = np.random.default_rng(20261120), trail()
    head = str(true[-1]["hash"])
    missed = []
    for round_ in range(1_000):
        tamper, at = TAMPERINGS[round_ % len(TAMPERINGS)], int(dice.integers(len(true)))
        if not faults(tamper([dict(record) for record in true], at, dice), head):
            missed.append((tamper.__name__, at))
    assert missed == []


@pytest.mark.parametrize("tamper", [edit, delete, insert, reorder])
def test_most_tampering_shows_without_knowing_the_head(tamper: object) -> None:
    records = trail(40)
    assert callable(tamper)
    assert faults(tamper(records, 10, np.random.default_rng(1)), "")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65])
def test_every_leaf_of_a_tree_has_a_proof_that_leads_to_the_root_and_to_no_other_place(size: int) -> None:
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(size)]
    for place, leaf in enumerate(leaves):
        path = merkle_proof(leaves, place)
        assert verifier.root_of(leaf, place, size, path) == merkle_root(leaves)
        if size > 1:
            assert _root(leaf, (place + 1) % size, size, path) != merkle_root(leaves)
    assert verifier.tree(leaves).hex() == merkle_root(leaves)


def _root(leaf: bytes, place: int, size: int, path: tuple[str, ...]) -> str:
    try:
        return verifier.root_of(leaf, place, size, path)
    except verifier.Unreadable:
        return "does not fit"


def test_a_place_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        merkle_proof([b"a"], 1)
    for place, size, path in ((1, 1, []), (0, 1, ["00"]), (0, 2, [])):
        with pytest.raises(verifier.Unreadable):
            verifier.root_of(b"a", place, size, path)


def proof() -> Record:
    records = trail(EVERY)
    leaves = [bytes.fromhex(str(record["hash"])) for record in records[:-1]]
    return {"entry": records[16], "checkpoint": records[-1], "path": list(merkle_proof(leaves, 16))}


def test_a_proof_holds_until_anything_in_it_changes() -> None:
    assert verifier.verify_proof(proof()) == ""
    for part, name in (("entry", "action"), ("entry", "seq"), ("checkpoint", "merkle_root"), ("checkpoint", "at")):
        changed = proof()
        inner = changed[part]
        assert isinstance(inner, dict)
        inner[name] = inner[name] + 1 if isinstance(inner[name], int) else f"{inner[name]}0"
        assert verifier.verify_proof(changed) != ""
    moved = proof()
    path = moved["path"]
    assert isinstance(path, list)
    path[0] = "00" * 32
    assert verifier.verify_proof(moved) == "the entry is not in the tree of the checkpoint"


def alone(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a copy of the file in an empty folder, in a Python that has no libraries."""
    copy = folder / "verify.py"
    copy.write_text(FILE.read_text())
    command = [sys.executable, "-I", "-S", str(copy), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def test_the_file_runs_alone_and_tells_by_its_exit_status(tmp_path: Path) -> None:
    records = trail(60)
    (tmp_path / "trail.jsonl").write_text("\n".join(map(json.dumps, records)))
    (tmp_path / "cut.jsonl").write_text("\n".join(map(json.dumps, records[:-3])))
    (tmp_path / "proof.json").write_text(json.dumps(proof()))
    (tmp_path / "other.jsonl").write_text("hello")
    head = str(records[-1]["hash"])
    told = alone("trail.jsonl", "--head", head, folder=tmp_path)
    assert (told.returncode, told.stdout) == (0, f"holds  platform  60 entries, 1 checkpoints, head {head}\n")
    assert alone("cut.jsonl", folder=tmp_path).returncode == 0
    assert alone("cut.jsonl", "--head", head, folder=tmp_path).returncode == 1
    assert alone("--proof", "proof.json", folder=tmp_path).returncode == 0
    assert alone("--proof", "proof.json", "--head", "0" * 64, folder=tmp_path).returncode == 1
    assert alone("other.jsonl", folder=tmp_path).returncode == 2
    assert alone(folder=tmp_path).returncode == 2
