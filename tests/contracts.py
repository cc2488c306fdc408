"""Compile our contracts and keep what came out beside their source: `python -m tests.contracts`."""

import json
import sys
from pathlib import Path

import vyper

FOLDER = Path(__file__).parents[1] / "wallets" / "chain" / "contracts"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.vy")))


def compiled(name: str) -> str:
    """The JSON of a contract: interface, creation code, and the compiler that made it."""
    made = vyper.compile_code((FOLDER / f"{name}.vy").read_text(), output_formats=["abi", "bytecode"])
    whole = {"name": name, "compiler": f"vyper {vyper.__version__}", "abi": made["abi"], "bytecode": made["bytecode"]}
    return json.dumps(whole, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    for name in NAMES:
        (FOLDER / f"{name}.json").write_text(compiled(name))
        sys.stdout.write(f"{name}\n")
