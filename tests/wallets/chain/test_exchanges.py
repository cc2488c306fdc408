"""Swaps, shares and rewards of the real Uniswap and the real StakingRewards, as a wallet's evidence tells them."""

from dataclasses import replace
from pathlib import Path

import pytest
import vyper

from accounts.models import User
from tests.npm import folder
from tests.wallets.chain.anvil import ACCOUNTS, Anvil, Deployed
from tests.wallets.chain.conftest import AT
from tests.wallets.chain.uniswap import FACTORY_V2, V2, V3
from wallets import services
from wallets.engine.evidence import Contract, Evidence
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import serving
from wallets.engine.onchain_score import evaluate
from wallets.models import Wallet
from wallets.selectors.wallets import stored_evidence

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
LENDER, WHO, OTHER = ACCOUNTS
UNIT = 10**18
MONTH = 30 * 86_400
FORGED_PAIR = f"""
event Swap:
    sender: indexed(address)
    amount0In: uint256
    amount1In: uint256
    amount0Out: uint256
    amount1Out: uint256
    to: indexed(address)

token0: public(address)
token1: public(address)

@deploy
def __init__(token0: address, token1: address):
    self.token0 = token0
    self.token1 = token1

@external
@view
def factory() -> address:
    return {"0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f"}

@external
def swap(user: address):
    log Swap(sender=user, amount0In=10**24, amount1In=0, amount0Out=0, amount1Out=10**24, to=user)
"""
FORGED_STAKING = """
event Staked:
    user: indexed(address)
    amount: uint256

@external
def stake(user: address):
    log Staked(user=user, amount=10**24)
"""


def staking(name: str) -> Path:
    return folder("@uniswap/liquidity-staker", "1.0.2") / "build" / f"{name}.json"


def tokens(chain: Anvil) -> tuple[Deployed, Deployed]:
    """Two tokens that the lender and the wallet hold."""
    build = folder("@openzeppelin/contracts", "4.9.6") / "build" / "contracts"
    made = [chain.deploy(build / "ERC20PresetMinterPauser.json", name, name) for name in ("GOLD", "CASH")]
    for token in made:
        for who in (LENDER, WHO):
            token.send("mint", who, 100_000 * UNIT)
    return made[0], made[1]


def told(wallet: Wallet, by: User) -> Evidence:
    services.ask_sync(wallet_id=wallet.uuid, by=by, at=AT)
    services.sync_wallet(wallet_id=wallet.pk, at=AT)
    return stored_evidence(wallet)


def acts(evidence: Evidence) -> list[tuple[str, str]]:
    return [(act.kind, act.protocol) for act in reconstruct(evidence).actions]


def test_swaps_and_shares_count_because_the_factory_made_the_pair(chain: Anvil, wallet: Wallet, asha: User) -> None:
    gold, cash = tokens(chain)
    exchange = V2(chain)
    pair = exchange.pair(gold, cash)
    exchange.provide(gold, cash, (10_000 * UNIT, 20_000 * UNIT), LENDER)
    exchange.swap((gold, cash), 100 * UNIT, WHO)
    exchange.provide(gold, cash, (50 * UNIT, 100 * UNIT), WHO)
    pair.send("transfer", pair.address, pair.call("balanceOf", WHO), sender=WHO)
    pair.send("burn", WHO, sender=WHO)
    evidence = told(wallet, asha)
    assert acts(evidence) == [("swap", "uniswap-v2"), ("lp_in", "uniswap-v2"), ("lp_out", "uniswap-v2")]
    ends = tuple(f"eip155:1/{address}" for address in sorted((gold.address, cash.address)))
    assert Contract("eip155:1", pair.address, "uniswap-v2", "uniswap_v2_pair", "", *ends) in evidence.contracts
    paid = [f"0x{end[2:]:0>64}" for end in (pair.address, WHO)]
    bought = [
        int(log.data, 16) for log in evidence.logs if log.address == cash.address and list(log.topics[1:]) == paid
    ]
    assert bought[0] == 100 * UNIT * 997 * 20_000 * UNIT // (10_000 * UNIT * 1_000 + 100 * UNIT * 997)


def test_a_pair_no_factory_made_counts_for_nothing(chain: Anvil, wallet: Wallet, asha: User) -> None:
    gold, cash = tokens(chain)
    V2(chain).pair(gold, cash)
    for forged in (FORGED_PAIR, FORGED_PAIR.replace("0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f", "msg.sender")):
        built = vyper.compile_code(forged, output_formats=["abi", "bytecode"])
        chain.deploy(built, gold.address, cash.address).send("swap", WHO, sender=OTHER)
    evidence = told(wallet, asha)
    assert any(log.topics[0].startswith("0xd78ad95f") for log in evidence.logs)
    assert acts(evidence) == []
    assert not [row for row in evidence.contracts if row.kind == "uniswap_v2_pair" and row.protocol != "uniswap-v2"]
    assert FACTORY_V2 in {row.address for row in evidence.contracts}


def test_a_swap_on_v3_counts_because_its_factory_made_the_pool(chain: Anvil, wallet: Wallet, asha: User) -> None:
    gold, cash = tokens(chain)
    exchange = V3(chain, V2(chain).weth.address)
    pool = exchange.pool(gold, cash)
    exchange.provide(gold, cash, 10_000 * UNIT, LENDER)
    exchange.swap(gold, cash, 100 * UNIT, WHO)
    evidence = told(wallet, asha)
    assert acts(evidence) == [("swap", "uniswap-v3")]
    assert next(row for row in evidence.contracts if row.address == pool).kind == "uniswap_v3_pool"


def test_staking_and_rewards_count_where_the_registry_names_the_contract(
    chain: Anvil, wallet: Wallet, asha: User
) -> None:
    gold, cash = tokens(chain)
    rewards = chain.deploy(staking("StakingRewards"), LENDER, cash.address, gold.address)
    cash.send("mint", rewards.address, 5_000 * UNIT)
    gold.send("approve", rewards.address, 1_000 * UNIT, sender=WHO)
    rewards.send("stake", 1_000 * UNIT, sender=WHO)
    rewards.send("notifyRewardAmount", 5_000 * UNIT)
    chain.mine(2, seconds=MONTH)
    rewards.send("getReward", sender=WHO)
    rewards.send("withdraw", 400 * UNIT, sender=WHO)
    forger = chain.deploy(vyper.compile_code(FORGED_STAKING, output_formats=["abi", "bytecode"]))
    forger.send("stake", WHO, sender=OTHER)
    evidence = told(wallet, asha)
    assert acts(evidence) == []
    ends = (f"eip155:1/{gold.address}", f"eip155:1/{cash.address}", "")
    listed = Contract("eip155:1", rewards.address, "rewards", "staking_rewards", *ends)
    known = replace(evidence, contracts=(*evidence.contracts, listed))
    assert acts(known) == [("stake", "rewards"), ("reward", "rewards"), ("unstake", "rewards")]
    paid = next(act for act in reconstruct(known).actions if act.kind == "reward")
    assert (paid.asset, paid.amount) == (f"eip155:1/{cash.address}", 5_000 * UNIT // MONTH * MONTH)
    staked = next(part for part in evaluate(known, serving()).components if part.key == "staking_contracts")
    assert staked.values["contracts"] == 1
