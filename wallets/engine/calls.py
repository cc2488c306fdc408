"""Calls of our own contracts: data from an interface and its arguments, and answers read back.

Every argument of our contracts is one ABI word, so encoding is a concatenation; a list of words (a Merkle path) is the
one dynamic type.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallets.engine.addresses import ADDRESS, keccak

Argument = int | str
WORD = 64
"""Hex digits of one word."""
NUMBER = re.compile(r"uint(\d+)", re.ASCII)
HASH = re.compile(r"0x[0-9a-fA-F]{64}", re.ASCII)
READABLE = frozenset(range(0x20, 0x7F))


class UnfitArgument(ValueError):
    """An argument does not fit its type, or there is one too many or too few."""


@dataclass(frozen=True)
class Function:
    """One function of an interface: its name, and its parameters and results as (name, type)."""

    name: str
    inputs: tuple[tuple[str, str], ...]
    outputs: tuple[tuple[str, str], ...]
    view: bool

    @property
    def signature(self) -> str:
        """As hashed into the selector."""
        return f"{self.name}({','.join(kind for _, kind in self.inputs)})"

    def data(self, arguments: Sequence[Argument]) -> str:
        """Call data: selector and one word per argument. Raises UnfitArgument.

        >>> Function("close", (("loan", "uint8"),), (), view=False).data([5])[-2:]
        '05'
        """
        if len(arguments) != len(self.inputs):
            raise UnfitArgument(f"{self.name} takes {len(self.inputs)} arguments, not {len(arguments)}.")
        words = [word(name, kind, value) for (name, kind), value in zip(self.inputs, arguments, strict=True)]
        return f"0x{keccak(self.signature.encode()).hex()[:8]}{''.join(words)}"

    def read(self, answer: str) -> tuple[int | str, ...]:
        """Results in order: numbers as int, hashes and addresses as hex text. Raises UnfitArgument."""
        digits = answer.removeprefix("0x")
        if len(digits) < WORD * len(self.outputs):
            raise UnfitArgument(f"The answer to {self.name} is too short.")
        words = [digits[WORD * place : WORD * (place + 1)] for place in range(len(self.outputs))]
        return tuple(_read(kind, text) for (_, kind), text in zip(self.outputs, words, strict=True))


def functions(abi: Sequence[Mapping[str, object]]) -> dict[str, Function]:
    """The functions of an interface by name. A structure that is the only result counts as its parts."""
    found = [row for row in abi if row.get("type") == "function"]
    return {str(row["name"]): _function(row) for row in found}


def _function(row: Mapping[str, object]) -> Function:
    view = row.get("stateMutability") in {"view", "pure"}
    return Function(str(row["name"]), _parameters(row.get("inputs")), _parameters(row.get("outputs")), view)


def _parameters(rows: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(rows, list):
        return ()
    if len(rows) == 1 and rows[0]["type"] == "tuple":
        return _parameters(rows[0]["components"])
    return tuple((str(row["name"]), str(row["type"])) for row in rows)


def word(name: str, kind: str, value: Argument) -> str:
    """One argument as 64 hex digits. Raises UnfitArgument.

    >>> word("count", "uint8", 7)[-2:]
    '07'
    """
    if (number := NUMBER.fullmatch(kind)) is not None:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << int(number[1]):
            raise UnfitArgument(f"{name} is a whole number of at most {number[1]} bits.")
        return f"{value:0{WORD}x}"
    if kind == "address":
        if not isinstance(value, str) or ADDRESS.fullmatch(value) is None:
            raise UnfitArgument(f"{name} is an address: 0x and 40 hexadecimal digits.")
        return value[2:].lower().rjust(WORD, "0")
    if kind == "bytes32":
        if not isinstance(value, str) or HASH.fullmatch(value) is None:
            raise UnfitArgument(f"{name} is a hash: 0x and 64 hexadecimal digits.")
        return value[2:].lower()
    raise UnfitArgument(f"{name} is of type {kind}, which is not written here.")


def is_readable(digest: str) -> bool:
    """Whether 32 bytes are text instead of a hash: whoever writes words onto a chain writes them for ever.

    >>> is_readable("0x" + b"27AAPFU0939F1ZV".hex().ljust(64, "0"))
    True
    """
    content = bytes.fromhex(digest.removeprefix("0x")).strip(b"\0")
    return bool(content) and all(byte in READABLE for byte in content)


def _read(kind: str, text: str) -> int | str:
    if kind == "address":
        return f"0x{text[24:].lower()}"
    if kind == "bytes32":
        return f"0x{text.lower()}"
    return int(text, 16)
