"""Answers of nodes and explorers, read without believing them: what is not what was asked for is no answer."""

import re
from collections.abc import Mapping, Sequence

from wallets.chain.port import Block, ChainUnreachable, Log, Receipt, Transaction

HASH = re.compile(r"0x[0-9a-f]{64}", re.ASCII)
ADDRESS = re.compile(r"0x[0-9a-f]{40}", re.ASCII)
LARGEST = 2**256
HIGHEST = 2**48
"""No block number and no time of a block is larger."""


class Refused(Exception):
    """The node answered with an error."""

    def __init__(self, code: int, message: str, data: object) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


def result_of(answer: object) -> object:
    """The result of an answer. Raises Refused for an error, ChainUnreachable for what is no answer."""
    whole = object_of(answer)
    if isinstance(error := whole.get("error"), Mapping):
        code = error.get("code")
        raise Refused(code if isinstance(code, int) else 0, str(error.get("message", "")), error.get("data"))
    if "result" not in whole:
        raise ChainUnreachable("the answer has no result")
    return whole["result"]


def kept(answer: object) -> object | Refused:
    """The result, or the refusal in its place."""
    try:
        return result_of(answer)
    except Refused as refused:
        return refused


class Fields(dict[str, object]):
    """An object of an answer; a field that must be there and is not makes it no answer."""

    def __missing__(self, name: str) -> object:
        raise ChainUnreachable(f"the field {name} is missing")


def object_of(value: object) -> Fields:
    """An object. Raises ChainUnreachable."""
    if not isinstance(value, Mapping):
        raise ChainUnreachable("an object was expected")
    return Fields(value)


def list_of(value: object) -> Sequence[object]:
    """A list. Raises ChainUnreachable."""
    if not isinstance(value, list):
        raise ChainUnreachable("a list was expected")
    return value


def number_of(value: object) -> int:
    """A quantity in hex, below 2²⁵⁶. Raises ChainUnreachable."""
    try:
        found = int(str(value), 16)
    except ValueError as error:
        raise ChainUnreachable("a number was expected") from error
    if not 0 <= found < LARGEST:
        raise ChainUnreachable("a number is out of range")
    return found


def height_of(value: object) -> int:
    """A block number or a time in seconds, in hex. Raises ChainUnreachable."""
    if (found := number_of(value)) >= HIGHEST:
        raise ChainUnreachable("a block number or a time is out of range")
    return found


def hash_of(value: object) -> str:
    """A hash in lower case. Raises ChainUnreachable."""
    if not HASH.fullmatch(found := str(value).lower()):
        raise ChainUnreachable("a hash was expected")
    return found


def known_address(value: object) -> str:
    """An address in lower case. Raises ChainUnreachable."""
    if not ADDRESS.fullmatch(found := str(value).lower()):
        raise ChainUnreachable("an address was expected")
    return found


def address_of(value: object) -> str | None:
    """An address in lower case, or None where there is none. Raises ChainUnreachable."""
    return known_address(value) if value else None


def block_of(value: object) -> Block:
    """A header. Raises ChainUnreachable."""
    row = object_of(value)
    return Block(height_of(row["number"]), hash_of(row["hash"]), str(row["parentHash"]), height_of(row["timestamp"]))


def log_of(value: object) -> Log:
    """A log. Raises ChainUnreachable."""
    row = object_of(value)
    return Log(
        address=known_address(row["address"]),
        topics=tuple(str(topic).lower() for topic in list_of(row["topics"])),
        data=str(row["data"]).lower(),
        block_number=height_of(row["blockNumber"]),
        block_hash=hash_of(row["blockHash"]),
        transaction_hash=hash_of(row["transactionHash"]),
        log_index=height_of(row["logIndex"]),
    )


def transaction_of(value: object) -> Transaction:
    """A transaction of a block. Raises ChainUnreachable."""
    row = object_of(value)
    return Transaction(
        hash=hash_of(row["hash"]),
        block_number=height_of(row["blockNumber"]),
        sender=known_address(row["from"]),
        recipient=address_of(row.get("to")),
        value=number_of(row["value"]),
        nonce=number_of(row["nonce"]),
        data=str(row["input"]),
        gas_price=number_of(row.get("gasPrice", "0x0")),
    )


def receipt_of(value: object) -> Receipt:
    """A receipt with its logs. Raises ChainUnreachable."""
    row = object_of(value)
    return Receipt(
        transaction_hash=hash_of(row["transactionHash"]),
        block_number=height_of(row["blockNumber"]),
        block_hash=hash_of(row["blockHash"]),
        sender=known_address(row["from"]),
        recipient=address_of(row.get("to")),
        status=None if row.get("status") is None else number_of(row["status"]),
        gas_used=number_of(row["gasUsed"]),
        effective_gas_price=number_of(row.get("effectiveGasPrice", "0x0")),
        contract_address=address_of(row.get("contractAddress")),
        logs=tuple(log_of(log) for log in list_of(row["logs"])),
    )
