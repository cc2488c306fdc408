"""Contracts and tokens that are known from the start: the registry whose events are believed, and the token list.

Every row of both files names the list of its publisher that it was compared with. What is not in them is not believed
and not priced; it lowers the coverage.
"""

import csv
from dataclasses import fields
from functools import cache
from pathlib import Path

from wallets.engine.chains.registry import networks
from wallets.engine.evidence import Contract, Token

HERE = Path(__file__).parent
COIN_DECIMALS = 18
CONTRACT = tuple(field.name for field in fields(Contract))
BLUE_CHIP_COINS = frozenset({"ETH", "BNB", "POL", "AVAX"})


@cache
def contracts() -> tuple[Contract, ...]:
    """The contract registry; the addresses are those their protocols publish."""
    with (HERE / "contracts.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Contract(**{name: row[name] for name in CONTRACT}) for row in csv.DictReader(file))


@cache
def tokens() -> tuple[Token, ...]:
    """The token list, with the coin of every network that may be scored."""
    with (HERE / "tokens.csv").open(encoding="utf-8", newline="") as file:
        listed = tuple(_token(row) for row in csv.DictReader(file))
    coins = tuple(
        Token(f"{net.caip2}/native", net.symbol, COIN_DECIMALS, True, False, net.symbol in BLUE_CHIP_COINS, "coin", 0)
        for net in networks()
        if net.scored
    )
    return coins + listed


def _token(row: dict[str, str]) -> Token:
    flags = (row["listed"] == "1", row["stable"] == "1", row["blue_chip"] == "1")
    return Token(row["asset"], row["symbol"], int(row["decimals"]), *flags, row["kind"], int(row["peg_until"]))
