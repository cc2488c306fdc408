"""The demo's wallet: a made-up but plausible history of two and a half years, the same for the same seed and moment.

Addresses of protocols are the real ones; the wallet, the people it deals with, every amount and every price are made
up, and the source of each row says so.
"""

from dataclasses import replace
from math import exp

from numpy.random import Generator, default_rng

from wallets.engine.abi import Value
from wallets.engine.addresses import ZERO, keccak
from wallets.engine.chains.known import contracts
from wallets.engine.chains.story import ETHER, Story
from wallets.engine.evidence import Evidence, HealthRow
from wallets.engine.pricing import DAY

DAYS = 900
USDC = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
USDT = "0xdac17f958d2ee523a2206206994597c13d831ec7"
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"
WBTC = "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599"
LINK = "0x514910771af9ca656af840dff83e8264ecf986ca"
STETH = "0xae7ab96520de3a18e5e111b5eaab095312d7fe84"
ROUTER = "0x7a250d5630b4cf539739df2c5dacb4c659f2488d"
DOLLAR = 10**6
CLIENTS, SUPPLIERS = 5, 7
LARGEST = (1 << 256) - 1
Values = dict[str, Value]
SOURCE = "made up for the demo"
SEEN = {"nft": 0.5, "logs": 0.95, "approvals": 0.9}
"""A source never sees everything; the rest is 1."""


def _kind(kind: str) -> str:
    return next(row.address for row in contracts() if row.kind == kind and row.chain == "eip155:1")


def _party(name: str) -> str:
    return f"0x{keccak(name.encode())[-20:].hex()}"


def demo_evidence(wallet: str, as_of: int, seed: int = 8) -> Evidence:
    """Evidence of a freelancer who is paid in stable-coins, saves in ether, stakes, and borrowed and repaid twice."""
    dice = default_rng(seed)
    story = Story(wallet=wallet, as_of=as_of)
    ether = _prices(story, dice)
    _income_and_spending(story, dice, ether)
    _staking(story, dice)
    _borrowing(story, dice)
    _trading(story, dice, ether)
    _holdings(story)
    told = story.evidence()
    seen = tuple(replace(row, source=SOURCE, complete=SEEN.get(row.stream, 1.0)) for row in told.streams)
    return replace(told, streams=seen)


def _day(story: Story, day: float) -> int:
    return int(story.as_of - (DAYS - day) * DAY)


def _prices(story: Story, dice: Generator) -> list[float]:
    """Daily prices: ether and bitcoin drift and shake, stable-coins wobble by a tenth of a per cent."""
    paths = {
        story.coin: (2_400.0, 0.028),
        f"{story.chain}/{WBTC}": (48_000.0, 0.022),
        f"{story.chain}/{LINK}": (14.0, 0.04),
    }
    ether: list[float] = []
    for asset, (level, shake) in paths.items():
        value = level
        for day in range(DAYS + 1):
            value *= exp(shake * float(dice.standard_normal()) + 0.0006 - 0.0008 * (value / level - 1))
            story.price(asset, _day(story, day), f"{value:.2f}", SOURCE)
            if asset == story.coin:
                ether.append(value)
                story.price(f"{story.chain}/{WETH}", _day(story, day), f"{value:.2f}", SOURCE)
                story.price(f"{story.chain}/{STETH}", _day(story, day), f"{value * 0.999:.2f}", SOURCE)
    for token in (USDC, USDT):
        for day in range(DAYS + 1):
            price = 1 + 0.0008 * float(dice.standard_normal())
            story.price(f"{story.chain}/{token}", _day(story, day), f"{price:.4f}", SOURCE)
    return ether


def _income_and_spending(story: Story, dice: Generator, ether: list[float]) -> None:
    """First coins from an exchange, a client's payment every other week, suppliers paid in between."""
    story.receive(_day(story, 0.2), _party("exchange"), 3 * ETHER)
    for day in range(6, DAYS, 13):
        amount = int(dice.integers(900, 2_600)) * DOLLAR
        story.move(_day(story, day + 0.4), USDC, _party(f"client {day % CLIENTS}"), story.wallet, amount)
    for day in range(9, DAYS, 9):
        party = _party(f"supplier {int(dice.integers(SUPPLIERS))}")
        at = _day(story, day + float(dice.random()))
        token, amount = (USDC, int(dice.integers(120, 1_100))) if dice.random() < 0.7 else (USDT, 300)
        story.move(at, token, story.wallet, party, amount * DOLLAR)
        if dice.random() < 0.35:
            story.send(at + 3_600, _party(f"friend {day % 4}"), int(ETHER * 90 / ether[day]))
        if dice.random() < 0.03:
            story.send(at + 7_200, ROUTER, ok=False)


def _staking(story: Story, dice: Generator) -> None:
    """Ether at Lido, in three steps, earning with every (monthly) rebase."""
    lido = _kind("lido")
    for day, amount in ((120, ETHER), (310, 3 * ETHER // 2), (560, ETHER)):
        at = _day(story, day)
        name = story.send(at, lido, amount)
        story.event(at, lido, "lido.Submitted", {"user": story.wallet, "amount": amount}, name)
        story.event(at, lido, "lido.TransferShares", {"from": ZERO, "to": story.wallet, "shares": amount}, name)
    rate = 1.0
    for month, day in enumerate(range(150, DAYS, 30)):
        after = rate * (1 + 0.0027 + 0.0004 * float(dice.random()))
        values: Values = {
            "report": month, "shares_before": ETHER, "ether_before": int(rate * ETHER), "shares_after": ETHER,
            "ether_after": int(after * ETHER),
        }  # fmt: skip
        story.event(_day(story, day), lido, "lido.TokenRebased", values, f"0x{month + 1:0>62}aa")
        rate = after


def _borrowing(story: Story, dice: Generator) -> None:
    """Two loans against ether at Aave: the first paid back in full, the second being paid back."""
    pool = _kind("aave_v3_pool")
    collateral: Values = {"asset": WETH, "user": story.wallet, "by": story.wallet, "amount": 2 * ETHER}
    story.event(_day(story, 200), pool, "aave_v3.Supply", collateral)
    loans = ((205, 1_500, (260, 320, 380), 1.9), (520, 2_400, (600, 690, 780, 860), 1.6))
    for taken, dollars, repayments, factor in loans:
        borrowed: Values = {
            "asset": USDC,
            "user": story.wallet,
            "by": story.wallet,
            "amount": dollars * DOLLAR,
            "mode": 2,
        }
        story.event(_day(story, taken), pool, "aave_v3.Borrow", borrowed)
        part = dollars * DOLLAR // (len(repayments) + (0 if taken < 300 else 1))
        for number, day in enumerate(repayments):
            paid: Values = {"asset": USDC, "user": story.wallet, "by": story.wallet, "amount": part}
            story.event(_day(story, day), pool, "aave_v3.Repay", paid)
            told = round(factor + 0.35 * number + 0.1 * float(dice.standard_normal()), 3)
            story.health.append(HealthRow(story.chain, story.wallet, "aave-v3", _day(story, day), told))
        story.health.append(HealthRow(story.chain, story.wallet, "aave-v3", _day(story, taken), factor))


def _trading(story: Story, dice: Generator, ether: list[float]) -> None:
    """Swaps of dollars for ether every month, one permission given and left open, one name bought."""
    pair = _kind("uniswap_v2_pair")
    for day in range(40, DAYS, 31):
        at, dollars = _day(story, day), int(dice.integers(150, 600))
        name = story.send(at, ROUTER)
        bought = int(ETHER * dollars / ether[day])
        story.move(at, USDC, story.wallet, pair, dollars * DOLLAR, name)
        story.move(at, WETH, pair, story.wallet, bought, name)
        swap: Values = {"by": ROUTER, "in0": dollars * DOLLAR, "out1": bought, "user": story.wallet}
        story.event(at, pair, "uniswap_v2.Swap", swap, name)
    allowed: Values = {"owner": story.wallet, "spender": ROUTER, "amount": LARGEST}
    story.event(_day(story, 39), USDC, "erc20.Approval", allowed)
    allowed = {"owner": story.wallet, "spender": _party("unknown app"), "amount": LARGEST}
    story.event(_day(story, 640), LINK, "erc20.Approval", allowed)
    for number, day in enumerate((150, 230, 330, 470, 700)):
        token = USDC if number % 2 else WETH
        allowed = {"owner": story.wallet, "spender": _party(f"forgotten app {number}"), "amount": LARGEST}
        story.event(_day(story, day), token, "erc20.Approval", allowed)
    names = "0x57f1887a8bf19b14fc0df6fd9b2acc9af147ea85"
    story.event(_day(story, 410), names, "erc721.Transfer", {"from": ZERO, "to": story.wallet, "token": 4711})


def _holdings(story: Story) -> None:
    story.hold(story.coin, 14 * ETHER // 10)
    for token, amount in ((USDC, 5_400 * DOLLAR), (WETH, 9 * ETHER // 10), (STETH, 7 * ETHER // 2), (WBTC, 4_000_000)):
        story.hold(f"{story.chain}/{token}", amount)
    story.hold(f"{story.chain}/{LINK}", 60 * ETHER)
