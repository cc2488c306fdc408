"""A model version on disk: plain files and a manifest of their SHA-256. No pickle anywhere.

The digest of a version is the SHA-256 of its manifest. A folder whose files do not match is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from creditiq.kernel.hashing import canonical_json

MANIFEST = "manifest.json"


class BrokenArtefacts(ValueError):
    """A file is missing, added or altered, or the model no longer gives its golden answers."""


@dataclass(frozen=True)
class Artefacts:
    """The verified bytes of a version, by file name, and its digest."""

    files: Mapping[str, bytes]
    digest: str

    def document(self, name: str) -> dict[str, object]:
        """A JSON file of the version."""
        found = json.loads(self.files[name])
        if not isinstance(found, dict):
            raise BrokenArtefacts(f"{name} does not hold an object")
        return found


def pack(files: Mapping[str, bytes]) -> Artefacts:
    """Files with their manifest added."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    manifest = canonical_json({"files": sums})
    return Artefacts({**files, MANIFEST: manifest}, hashlib.sha256(manifest).hexdigest())


def write(artefacts: Artefacts, folder: Path) -> None:
    """Write every file; the manifest last, so that a half-written folder is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(artefacts.files, key=lambda name: name == MANIFEST):
        (folder / name).write_bytes(artefacts.files[name])


def read(folder: Path) -> Artefacts:
    """The verified files of `folder`. Raises BrokenArtefacts."""
    try:
        manifest = (folder / MANIFEST).read_bytes()
        sums: dict[str, str] = json.loads(manifest)["files"]
        files = {name: (folder / name).read_bytes() for name in sums}
    except FileNotFoundError as missing:
        raise BrokenArtefacts(f"{missing.filename} is missing") from missing
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != sums[name]:
            raise BrokenArtefacts(f"{name} is not the file the manifest names")
    return Artefacts({**files, MANIFEST: manifest}, hashlib.sha256(manifest).hexdigest())
