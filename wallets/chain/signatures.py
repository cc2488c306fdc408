"""Who signed a message: a key (EIP-191), a contract wallet (EIP-1271), or one that is not deployed yet (EIP-6492)."""

from dataclasses import dataclass
from importlib import import_module

from wallets.chain.port import Call, CallReverted, ChainNode
from wallets.engine.addresses import keccak
from wallets.engine.chains.registry import MULTICALL3

MAGIC = "1626ba7e"
"""isValidSignature(bytes32,bytes): selector, and the value that says yes."""
COUNTERFACTUAL = "6492" * 16
AGGREGATE3 = "82ad56cb"
LONGEST = 20_000
"""Hex digits; a 2-of-3 Safe signs with a few hundred."""


class NotSigned(Exception):
    """The signature is not one of this account over this message; the sentence says what was tried."""


@dataclass(frozen=True)
class Signed:
    """How the account signed, and at which block a contract agreed."""

    method: str
    block: int | None


def message_hash(message: str) -> bytes:
    """Hash of a personal message (EIP-191, version 0x45)."""
    content = message.encode()
    return keccak(b"\x19Ethereum Signed Message:\n%d" % len(content) + content)


def verify(message: str, signature: str, address: str, node: ChainNode | None) -> Signed:
    """Check a signature of `address` (lower case). Raises NotSigned, ChainUnreachable.

    A counterfactual signature is checked by deploying in a simulated call; an account with code is asked; anything
    else must be the key's own. A key that delegated to code (EIP-7702) still signs as a key when its code says no.
    """
    digits = signature.removeprefix("0x").lower()
    if not digits or len(digits) > LONGEST or len(digits) % 2 or set(digits) - set("0123456789abcdef"):
        raise NotSigned("A signature is 0x followed by hexadecimal digits.")
    if digits.endswith(COUNTERFACTUAL):
        return _counterfactual(message, digits.removesuffix(COUNTERFACTUAL), address, _needed(node))
    if node is not None and node.code(address) not in {"0x", ""}:
        block = node.head().number
        if _contract_agrees(node, address, _question(message, bytes.fromhex(digits))):
            return Signed("eip1271", block)
    if _recovered(message, digits) == address:
        return Signed("eoa", None)
    raise NotSigned("The signature was not made by this wallet over this message.")


def _needed(node: ChainNode | None) -> ChainNode:
    if node is None:
        raise NotSigned("Contract wallets of this chain cannot be checked here: no node is configured for it.")
    return node


def _recovered(message: str, digits: str) -> str:
    """Address of the key that signed; empty for what is no signature of a key."""
    if len(digits) != 130:
        return ""
    account = import_module("eth_account").Account
    try:
        return str(account._recover_hash(message_hash(message), signature=bytes.fromhex(digits))).lower()
    except Exception as error:
        if type(error).__module__.partition(".")[0] in {"eth_keys", "eth_utils", "builtins"}:
            return ""
        raise


def _question(message: str, signature: bytes) -> str:
    """Call data of isValidSignature."""
    padded = signature.hex() + "0" * (-len(signature) % 32 * 2)
    return f"0x{MAGIC}{message_hash(message).hex()}{64:064x}{len(signature):064x}{padded}"


def _contract_agrees(node: ChainNode, address: str, question: str) -> bool:
    """Any revert, empty or short answer, or other value is a no."""
    try:
        answer = node.call(Call(question, address))
    except CallReverted:
        return False
    return _says_yes(answer)


def _says_yes(answer: str) -> bool:
    return len(answer) == 66 and answer[2:10].lower() == MAGIC and not int(answer[10:], 16)


def _counterfactual(message: str, digits: str, address: str, node: ChainNode) -> Signed:
    """Deploy by the factory and ask the wallet in one simulated call (Multicall3); nothing is written to the chain."""
    abi = import_module("eth_abi")
    try:
        factory, creation, inner = abi.decode(["address", "bytes", "bytes"], bytes.fromhex(digits))
    except Exception as error:
        if type(error).__module__.partition(".")[0] in {"eth_abi", "builtins"}:
            raise NotSigned("The wrapped signature cannot be read.") from error
        raise
    question = _question(message, inner)
    if node.code(address) not in {"0x", ""}:
        agrees = _contract_agrees(node, address, question)
    else:
        steps = [(factory, True, creation), (address, True, bytes.fromhex(question[2:]))]
        data = abi.encode(["(address,bool,bytes)[]"], [steps]).hex()
        agrees = _simulated(node, f"0x{AGGREGATE3}{data}")
    if not agrees:
        raise NotSigned("The wallet, once deployed, does not accept this signature.")
    return Signed("eip6492", node.head().number)


def _simulated(node: ChainNode, data: str) -> bool:
    try:
        answer = node.call(Call(data, MULTICALL3.lower()))
    except CallReverted:
        return False
    (results,) = import_module("eth_abi").decode(["(bool,bytes)[]"], bytes.fromhex(answer[2:]))
    return bool(results[1][0]) and _says_yes(f"0x{results[1][1].hex()}")
