"""Evidence packs: what an auditor takes along, checkable without us."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from accounts import audit, selectors
from accounts.models import AuditEntry, User
from accounts.permissions import Capability, require
from accounts.services.checkpoints import checkpoint_audit
from creditiq.kernel import audit_verifier
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.hashing import canonical_json

MOST_IN_A_PACK = 1_000
VERIFIER = Path(audit_verifier.__file__)
GUIDE = """Evidence pack of {at:%Y-%m-%d %H:%M} UTC, made by {by}.
Reason: {reason}

entries.jsonl      {count} entries of the audit trail, one JSON object a line
proofs/            for each of them, that it is in the tree of a checkpoint
checkpoints.jsonl  the newest checkpoint of each chain concerned: keep its hash, or compare it with one you kept
verify_audit.py    checks all this with Python alone:

    python verify_audit.py --proof proofs/0001.json

prints "holds" when entry 1 is unchanged and was on the trail when its checkpoint was made. Where a proof has an
"anchor", the checkpoint's root also stands on a public chain, in a contract that nobody can rewrite: read the batch
from the contract on a node or explorer you trust, and add --root with what you read.
"""


class UnableToExport(ApplicationError):
    """The pack cannot be made as asked."""

    code = "unable_to_export"


def export_pack(*, wanted: selectors.TrailFilter, reason: str, by: User, at: datetime) -> bytes:
    """A zip of the entries that fit, each with its proof, and the verifier. The export itself is on the trail.

    Raises InvalidInput without a reason, UnableToExport when nothing or too much fits.
    """
    require(by, Capability.VIEW_AUDIT)
    if not reason.strip():
        raise InvalidInput("Say what the pack is for.", field="reason", rule="reason.missing")
    checkpoint_audit(at=at)
    found = list(selectors.trail(user=by, oversees=True, wanted=wanted)[: MOST_IN_A_PACK + 1])
    if not found:
        raise UnableToExport("No entry fits. Widen the filters.")
    if len(found) > MOST_IN_A_PACK:
        raise UnableToExport(f"More than {MOST_IN_A_PACK} entries fit. Narrow the filters.")
    guide = GUIDE.format(at=at.astimezone(UTC), by=by.get_full_name(), reason=reason.strip()[:500], count=len(found))
    pack = _packed(found, guide, at)
    with transaction.atomic(durable=True):
        audit.record("audit.exported", target="audit", at=at, by=by, payload={"entries": len(found)})
    return pack


def verifier() -> str:
    """The text of the stand-alone verifier."""
    return VERIFIER.read_text(encoding="utf-8")


def _packed(found: list[AuditEntry], guide: str, at: datetime) -> bytes:
    found = found[::-1]
    files = {"README.txt": guide.encode(), "verify_audit.py": verifier().encode()}
    files["entries.jsonl"] = b"".join(canonical_json(selectors.exported(entry)) + b"\n" for entry in found)
    newest: dict[str, bytes] = {}
    for number, proof in enumerate(selectors.inclusion_proofs(found), start=1):
        files[f"proofs/{number:04d}.json"] = canonical_json(proof)
        newest[found[number - 1].chain] = canonical_json(proof["checkpoint"]) + b"\n"
    files["checkpoints.jsonl"] = b"".join(newest.values())
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6]), content)
    return pack.getvalue()
