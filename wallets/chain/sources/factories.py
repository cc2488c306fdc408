"""Pools that a factory of the registry made: the pool names its factory, and that factory names the pool."""

from collections.abc import Callable, Iterable, Sequence

from wallets.chain.port import Call
from wallets.engine.addresses import ZERO
from wallets.engine.evidence import Contract, LogRow

SWAP_V2 = "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"
SWAP_V3 = "0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67"
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
FACTORY, TOKEN0, TOKEN1, FEE = "0xc45a0155", "0x0dfe1681", "0xd21220a7", "0xddca3f43"
GET_PAIR, GET_POOL = "0xe6a43905", "0x1698ee82"
MADE_BY = {"uniswap_v2_factory": "uniswap_v2_pair", "uniswap_v3_factory": "uniswap_v3_pool"}
MOST_CANDIDATES = 200
Many = Callable[[Sequence[Call], int], list[str]]


def derived_pools(many: Many, known: Iterable[Contract], logs: Iterable[LogRow], block: int) -> tuple[Contract, ...]:
    """Registry rows for the pools behind these logs, as the factories at `block` confirm them. Others are left out.

    `many` asks contracts in one go, `0x` for those that refused. Raises ChainUnreachable.
    """
    rows = list(known)
    factories = {row.address: row for row in rows if row.kind in MADE_BY}
    listed = {row.address for row in rows}
    sought = sorted(_candidates(logs) - listed)[:MOST_CANDIDATES]
    if not factories or not sought:
        return ()
    asked = [Call(selector, pool) for pool in sought for selector in (FACTORY, TOKEN0, TOKEN1, FEE)]
    told = [_word(answer) for answer in many(asked, block)]
    claims = [(pool, *told[4 * place : 4 * place + 4]) for place, pool in enumerate(sought)]
    kept = [claim for claim in claims if _address(claim[1]) in factories and claim[2] and claim[3]]
    answers = many([_confirmation(factories[_address(claim[1])], claim[2:]) for claim in kept], block)
    return tuple(
        _row(factories[_address(claim[1])], claim)
        for claim, answer in zip(kept, answers, strict=True)
        if _address(_word(answer)) == claim[0]
    )


def _candidates(logs: Iterable[LogRow]) -> set[str]:
    """Emitters of swaps, and of tokens that came out of nothing as shares of a pool do."""
    nothing = f"0x{ZERO[2:]:0>64}"
    return {
        log.address
        for log in logs
        if log.topics[:1] in {(SWAP_V2,), (SWAP_V3,)}
        or (len(log.topics) == 3 and log.topics[:2] == (TRANSFER, nothing))
    }


def _confirmation(factory: Contract, claim: Sequence[str]) -> Call:
    token0, token1, fee = claim
    if factory.kind == "uniswap_v2_factory":
        return Call(f"{GET_PAIR}{token0}{token1}", factory.address)
    return Call(f"{GET_POOL}{token0}{token1}{fee or '0' * 64}", factory.address)


def _row(factory: Contract, claim: tuple[str, ...]) -> Contract:
    chain = factory.chain
    ends = (f"{chain}/{_address(claim[2])}", f"{chain}/{_address(claim[3])}")
    return Contract(chain, claim[0], factory.protocol, MADE_BY[factory.kind], "", *ends)


def _word(answer: str) -> str:
    """The one word of an answer, without 0x; empty for a refusal or anything else."""
    return answer[2:].lower() if len(answer) == 66 else ""


def _address(word: str) -> str:
    return f"0x{word[24:]}"
