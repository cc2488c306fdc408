"""Packages of the tests from npm: fetched once into var/npm, unpacked, never part of the product."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

CACHE = Path(__file__).parents[1] / "var" / "npm"
MISSING = "neither npm nor a package of it can be had here; see tests/npm.py"


class Unavailable(Exception):
    """The package cannot be had here."""


def folder(name: str, version: str) -> Path:
    """The unpacked package. Raises Unavailable."""
    kept = CACHE / f"{name.lstrip('@').replace('/', '-')}-{version}"
    if not kept.exists():
        if shutil.which("npm") is None and not _from_apt():
            raise Unavailable(MISSING)
        _fetch(f"{name}@{version}", kept)
    return kept


def _fetch(package: str, kept: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as passing:
        if not _succeeds(["npm", "pack", "--silent", "--pack-destination", passing, package]):
            raise Unavailable(f"{MISSING} ({package})")
        with tarfile.open(next(Path(passing).glob("*.tgz"))) as archive:
            archive.extractall(passing, filter="data")
        if not kept.exists():  # another session may have been faster
            (Path(passing) / "package").rename(kept)


def _from_apt() -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    return _succeeds(["apt-get", "update", "-qq"]) and _succeeds(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "nodejs", "npm"]
    )


def _succeeds(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    completed = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False, timeout=600)
    return completed.returncode == 0
