"""The fingerprints of a loan agreement: salted, so that nobody can guess what a public hash stands for.

hash = SHA-256 of "creditiq.agreement", the part's name, the salt and the value, each on a line of its own. Whoever has
the salt and the documents computes them alone; once the salt is destroyed, what stays on a chain means nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

LABEL = "creditiq.agreement"
RECIPE = "SHA-256 of four lines: creditiq.agreement, the part (loan, kfs or agreement), the salt, the value."


@dataclass(frozen=True)
class Fingerprints:
    """Hex without 0x."""

    reference: str
    kfs: str
    agreement: str


def salted(part: str, salt: str, value: str) -> str:
    """One fingerprint.

    >>> salted("loan", "00", "a") == salted("kfs", "00", "a")
    False
    """
    return hashlib.sha256("\n".join((LABEL, part, salt, value)).encode()).hexdigest()


def fingerprints(salt: str, *, loan: str, kfs: str, agreement: str) -> Fingerprints:
    """Of the loan's id and of the digests of its key fact statement and agreement."""
    return Fingerprints(salted("loan", salt, loan), salted("kfs", salt, kfs), salted("agreement", salt, agreement))


def holders_file(salt: str, values: Mapping[str, str]) -> dict[str, object]:
    """What lets anybody compute the fingerprints: the recipe, the salt, and the values by part."""
    return {
        "recipe": RECIPE, "salt": salt, "values": dict(values),
        "fingerprints": {part: salted(part, salt, value) for part, value in values.items()},
    }  # fmt: skip
