"""A chain of our own for a test: anvil, as fresh as if nobody had used it, and the contracts of npm packages."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi import decode, encode
from eth_account import Account
from eth_utils import keccak

from tests import npm
from wallets.chain.port import Call
from wallets.chain.web3_node import Web3Node, connect

VERSION = "1.7.1"
KEYS = (
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
)
"""Private keys of anvil's first accounts: public knowledge, worth nothing."""
ACCOUNTS = tuple(Account.from_key(key).address.lower() for key in KEYS)
SECONDS_TO_START = 20


@dataclass(frozen=True)
class Deployed:
    """A contract on the test chain."""

    chain: "Anvil"
    address: str
    abi: list[dict[str, Any]]

    def send(self, name: str, *values: object, sender: str = ACCOUNTS[0], value: int = 0) -> dict[str, Any]:
        """A transaction; its receipt. Raises RuntimeError when it is refused."""
        return self.chain.transact(sender, self.address, self.data(name, *values), value)

    def call(self, name: str, *values: object) -> Any:
        """What a view answers; one value bare, several as a tuple."""
        answer = self.chain.node.call(Call(self.data(name, *values), self.address))
        found = decode([_type(row) for row in self._entry(name, values)["outputs"]], bytes.fromhex(answer[2:]))
        return found[0] if len(found) == 1 else found

    def data(self, name: str, *values: object) -> str:
        """Call data."""
        types = [_type(row) for row in self._entry(name, values)["inputs"]]
        selector = keccak(text=f"{name.partition('(')[0]}({','.join(types)})")[:4]
        return f"0x{(selector + encode(types, values)).hex()}"

    def _entry(self, name: str, values: tuple[object, ...]) -> dict[str, Any]:
        return next(
            row
            for row in self.abi
            if row.get("type") == "function" and row["name"] == name and len(row["inputs"]) == len(values)
        )


def _type(row: Mapping[str, Any]) -> str:
    """The type in signatures: structs are written out."""
    if row["type"].startswith("tuple"):
        inner = ",".join(_type(part) for part in row["components"])
        return f"({inner}){row['type'][5:]}"
    return str(row["type"])


class Anvil:
    """A running node with unlocked, rich accounts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.node: Web3Node = connect(url)

    def ask(self, method: str, *params: object) -> Any:
        """One request."""
        return self.node.ask(method, *params)

    def transact(self, sender: str, to: str | None, data: str = "0x", value: int = 0) -> dict[str, Any]:
        """A transaction of an unlocked account, mined at once; its receipt. Raises RuntimeError."""
        wanted = {"from": sender, "data": data, "value": hex(value), "gas": hex(25_000_000)}
        name = self.ask("eth_sendTransaction", wanted | ({"to": to} if to else {}))
        until = time.monotonic() + SECONDS_TO_START
        while (receipt := self.ask("eth_getTransactionReceipt", name)) is None and time.monotonic() < until:
            time.sleep(0.005)
        if int(receipt["status"], 16) != 1:
            raise RuntimeError(f"transaction {name} failed")
        return dict(receipt)

    def mine(self, blocks: int = 1, *, seconds: int = 12) -> None:
        """Empty blocks."""
        self.ask("anvil_mine", hex(blocks), hex(seconds))

    def deploy(
        self, artifact: Path | Mapping[str, Any], *values: object, links: Mapping[str, str] | None = None
    ) -> Deployed:
        """Deploy a compiled contract with its constructor's values; `links` are libraries by name."""
        whole = json.loads(artifact.read_text()) if isinstance(artifact, Path) else dict(artifact)
        code = whole["bytecode"]
        code = code["object"] if isinstance(code, dict) else code
        for rows in whole.get("linkReferences", {}).values():
            for library, places in rows.items():
                for place in places:
                    start = 2 + 2 * place["start"]
                    code = code[:start] + (links or {})[library][2:] + code[start + 40 :]
        constructor = next((row for row in whole["abi"] if row["type"] == "constructor"), {"inputs": []})
        packed = encode([_type(row) for row in constructor["inputs"]], values).hex()
        receipt = self.transact(ACCOUNTS[0], None, "0x" + code.removeprefix("0x") + packed)
        return Deployed(self, str(receipt["contractAddress"]).lower(), whole["abi"])


@contextmanager
def running(chain_id: int = 1, born: int | None = None) -> Iterator[Anvil]:
    """A node for a while, its first block at `born` (seconds since 1970). Raises npm.Unavailable."""
    program = npm.folder("@foundry-rs/anvil-linux-amd64", VERSION) / "bin" / "anvil"
    program.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--port", str(port), "--silent", "--chain-id", str(chain_id), "--code-size-limit", "100000"]
    command += ["--timestamp", str(born)] if born else []
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _answering(url: str) -> Anvil:
    chain = Anvil(url)
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            chain.node.chain_id()
        except Exception:
            time.sleep(0.05)
        else:
            return chain
    raise RuntimeError("anvil does not answer")
