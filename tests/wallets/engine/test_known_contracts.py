"""The contract registry and the token list: every row has a source, a scored chain, and an address that is one."""

import csv
from pathlib import Path

import pytest

from wallets.engine import addresses, attestations
from wallets.engine.chains import known
from wallets.engine.chains.registry import by_caip2
from wallets.engine.contracts import BELIEVED

FOLDER = Path(known.__file__).parent
OTHER_KINDS = {"router", "uniswap_v2_factory", "uniswap_v3_factory", "chainlink_feed", "safe_factory"}
WIDE = ("eip155:1", "eip155:10", "eip155:8453", "eip155:42161", "eip155:137", "eip155:56", "eip155:43114")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["contracts.csv", "tokens.csv"])
def test_every_row_names_the_list_it_was_compared_with(name: str) -> None:
    assert all(row["source"].startswith("https://") for row in rows(name))


def test_contracts_stand_once_on_scored_chains_under_kinds_that_are_read() -> None:
    contracts = known.contracts()
    assert len({(row.chain, row.address) for row in contracts}) == len(contracts)
    for row in contracts:
        assert by_caip2()[row.chain].scored
        assert addresses.ADDRESS.fullmatch(row.address)
        assert row.address == row.address.lower()
        assert row.kind in BELIEVED or row.kind in OTHER_KINDS


def test_what_a_contract_takes_in_is_on_the_token_list() -> None:
    listed = {token.asset for token in known.tokens()}
    assert {row.asset for row in known.contracts() if row.kind == "comet"} <= listed


@pytest.mark.parametrize("chain", WIDE)
def test_the_wide_chains_have_lending_exchange_wrapper_and_stable_coins(chain: str) -> None:
    kinds = {row.kind for row in known.contracts() if row.chain == chain}
    assert {"aave_v3_pool", "uniswap_v2_factory", "uniswap_v3_factory", "weth", "permit2", "entry_point"} <= kinds
    stables = {token.symbol for token in known.tokens() if token.asset.startswith(f"{chain}/") and token.stable}
    assert "USDC" in stables
    assert len(stables) >= 2


def test_addresses_of_eas_are_written_with_their_checksum() -> None:
    assert all(addresses.is_checksummed(address) or "4200000" in address for address in attestations.CONTRACTS.values())
    registered = {row.chain: row.address for row in known.contracts() if row.kind == "eas"}
    told = {f"eip155:{number}": address.lower() for number, address in attestations.CONTRACTS.items()}
    assert {chain: address for chain, address in told.items() if chain in registered} == registered
