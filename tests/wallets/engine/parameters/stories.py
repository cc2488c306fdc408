"""Small made-up histories for the tests."""

from numpy.random import default_rng

from wallets.engine.addresses import ZERO
from wallets.engine.chains.story import ETHER, Story
from wallets.engine.evidence import Contract, HealthRow, RiskRow, Token

DAY = 86_400
AS_OF = 1_795_000_000
ME = "0x" + "11" * 20
USDC = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
UNKNOWN = "0x" + "99" * 20
POOL = "0x87870bca3f3fd6335c3f4ce8392d69350b4fa4e2"
PAIR = "0x" + "77" * 20
FARM = "0x" + "66" * 20
PARTIES = tuple(f"0x{number:040x}" for number in range(0xA0, 0xA7))


def party(number: int) -> str:
    return PARTIES[number % len(PARTIES)]


def story(days: int = 300, *, prices: bool = True) -> Story:
    """A wallet with priced ether and dollars, a pool, and a farm that takes the pool's shares."""
    told = Story(wallet=ME, as_of=AS_OF)
    lp = f"eip155:1/{PAIR}"
    told.contracts += [
        Contract("eip155:1", PAIR, "pairs", "uniswap_v2_pair", "", f"eip155:1/{USDC}", told.coin),
        Contract("eip155:1", FARM, "farm", "staking_rewards", lp, f"eip155:1/{USDC}", ""),
    ]
    told.tokens.append(Token(lp, "LP", 18, False, False, False, "lp", 0))
    for day in range(days + 1 if prices else 0):
        at = AS_OF - day * DAY
        told.price(told.coin, at, f"{2000 + 150 * ((day * 7) % 11)}")
        told.price(f"eip155:1/{USDC}", at, f"{1 - 0.001 * (day % 3):.4f}")
        told.price(lp, at, "40")
    return told


def _permission(told: Story, at: int, other: str, amount: int) -> None:
    allowed = {"owner": ME, "spender": other, "amount": 2**256 - 1 if amount % 3 else 0}
    told.event(at, USDC, "erc20.Approval", allowed)


def _loan(told: Story, at: int, _other: str, amount: int) -> None:
    told.event(at, POOL, "aave_v3.Borrow", {"asset": USDC, "user": ME, "by": ME, "amount": amount})
    told.health.append(HealthRow("eip155:1", ME, "aave-v3", at, 1 + (amount // 10**6 % 97) / 97))


def _there_and_back(told: Story, at: int, other: str, amount: int) -> None:
    told.move(at, USDC, ME, other, amount)
    told.move(at + 3_000, USDC, other, ME, amount // 2)


def _piece(told: Story, at: int, other: str, amount: int, *, out: bool) -> None:
    ends = {"from": ME, "to": other} if out else {"from": other, "to": ME}
    told.event(at, UNKNOWN, "erc721.Transfer", {**ends, "token": amount // 10**6 % 5})


ACTS = (
    lambda told, at, other, amount: told.receive(at, other, amount * 10**8),
    lambda told, at, other, amount: told.send(at, other, amount * 10**8, ok=bool(amount % 5)),
    _there_and_back,
    lambda told, at, other, amount: told.move(at, USDC, other, ME, amount),
    lambda told, at, other, amount: told.move(at, UNKNOWN, ME, other, amount),
    lambda told, at, other, amount: told.event(at, FARM, "staking.Staked", {"user": ME, "amount": ETHER}),
    lambda told, at, other, amount: told.event(at, FARM, "staking.Withdrawn", {"user": ME, "amount": ETHER // 3}),
    lambda told, at, other, amount: told.event(at, FARM, "staking.RewardPaid", {"user": ME, "amount": amount // 10}),
    _permission,
    lambda told, at, other, amount: _piece(told, at, other, amount, out=False),
    lambda told, at, other, amount: _piece(told, at, other, amount, out=True),
    _loan,
    lambda told, at, other, amount: told.event(
        at, POOL, "aave_v3.Repay", {"asset": USDC, "user": ME, "by": other, "amount": amount}
    ),
    lambda told, at, other, amount: told.event(at, PAIR, "erc20.Transfer", {"from": ZERO, "to": ME, "amount": ETHER}),
)


def random_story(seed: int) -> Story:
    """A busy, careless wallet: every kind of act that the oracles know, at random."""
    dice = default_rng(seed)
    told = story()
    for _ in range(120):
        at, other = AS_OF - int(dice.integers(1, 300 * DAY)), party(int(dice.integers(7)))
        ACTS[int(dice.integers(len(ACTS)))](told, at, other, int(dice.integers(1, 900)) * 10**6 + int(dice.integers(5)))
    told.event(AS_OF - 40 * DAY, POOL, "aave.LiquidationCall", {"asset": USDC, "user": ME, "amount": 10**6})
    told.risks.append(RiskRow("eip155:1", party(3), "scam", "a list", "2026-06-01"))
    told.hold(told.coin, ETHER)
    told.hold(f"eip155:1/{USDC}", 900 * 10**6)
    told.hold(f"eip155:1/{UNKNOWN}", 5)
    return told
