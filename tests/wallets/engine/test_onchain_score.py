"""The 0–900 score: forged logs, refusals, bounds, flags, reproduction, differences and what-ifs."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wallets.engine.parameters.stories import (
    AS_OF,
    DAY,
    ME,
    PAIR,
    POOL,
    UNKNOWN,
    USDC,
    party,
    random_story,
    story,
)
from wallets.engine import abi, evidence_json, score_difference, what_if
from wallets.engine.addresses import ZERO
from wallets.engine.chains.demo_wallet import demo_evidence
from wallets.engine.chains.story import ETHER
from wallets.engine.evidence import Contract, PriceRow, RiskRow, Token
from wallets.engine.forging import costs
from wallets.engine.ledger import reconstruct
from wallets.engine.likely_range import likely_range
from wallets.engine.onchain_model import from_document, serving
from wallets.engine.onchain_score import evaluate
from wallets.engine.parameters.drained import drained_pools

MODEL = serving()
DEMO = demo_evidence("0x" + "ab" * 20, AS_OF)
TOPICS = {
    "erc20.Transfer": "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
    "aave_v3.Borrow": "0xb3d084820fb1a9decffb176436bd02558d15fac9b0ddfed8c465bc7359d7dce0",
    "aave_v3.Repay": "0xa534c8dbe71f871f9f3530e97a74601fea17b426cae02e1c5aee42c96c784051",
    "aave.LiquidationCall": "0xe413a321e8681d831f4dbccbca790d2952b56f977908e45be37335533e005286",
    "comet.AbsorbDebt": "0x1547a878dc89ad3c367b6338b4be6a65a5dd74fb77ae044da1e8747ef1f4f62f",
    "ctoken.Mint": "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f",
    "uniswap_v2.Mint": "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f",
    "lido.TokenRebased": "0xff08c3ef606d198e316ef5b822193c489965899eb4e3c248cea1a4626c3eda50",
    "permit2.Permit": "0xc6a377bfc4eb120024a8ac08eef205be16b817020812c73223e81d1bdb9708ec",
    "erc4337.UserOperationEvent": "0x49628fd1471006c1482da88028e9ce4dbb080b815c9b0344d39e5a8e6ec1419f",
    "uniswap_v3.Swap": "0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67",
    "eas.Attested": "0x8bf46bf4cfd674fa735a3d63ec1c9ad4153f033c290341f3a588b75685141b35",
}


@pytest.mark.parametrize("key", TOPICS)
def test_topics_are_the_hashes_of_their_signatures(key: str) -> None:
    assert abi.by_key()[key].topic == TOPICS[key]


@pytest.mark.parametrize("event", abi.EVENTS, ids=lambda event: event.key)
def test_what_is_written_as_a_log_is_read_again(event: abi.EventAbi) -> None:
    values = {
        name: "0x" + "ab" * (20 if kind == "address" else 32) if kind in {"address", "bytes32"} else kind == "bool" or 7
        for name, kind in zip(event.names, event.types, strict=True)
        if abi.STATIC.fullmatch(kind)
    }
    assert event.read(*event.write(values)) == values


def part(evidence: object, key: str) -> object:
    return next(part for part in evaluate(evidence, MODEL).components if part.key == key)


def test_a_forged_repay_of_an_unknown_contract_changes_nothing() -> None:
    told = random_story(1)
    before = evaluate(told.evidence(), MODEL)
    told.event(AS_OF - DAY, UNKNOWN, "aave_v3.Repay", {"asset": USDC, "user": ME, "amount": 10**12}, "0x" + "fe" * 32)
    after = evaluate(told.evidence(), MODEL)
    assert after.components == before.components
    assert after.evidence_root != before.evidence_root


def test_a_mint_of_uniswap_is_not_a_mint_of_compound() -> None:
    told = story()
    told.contracts.append(Contract("eip155:1", UNKNOWN, "compound", "ctoken", f"eip155:1/{USDC}", "", ""))
    told.event(AS_OF - DAY, PAIR, "uniswap_v2.Mint", {"by": ME, "amount0": 5, "amount1": 5})
    assert reconstruct(told.evidence()).actions == ()
    told.event(AS_OF - DAY, UNKNOWN, "ctoken.Mint", {"user": ME, "amount": 5 * 10**6})
    assert [act.kind for act in reconstruct(told.evidence()).actions] == ["supply"]


def test_an_nft_is_no_token_volume() -> None:
    told = story()
    told.event(AS_OF - DAY, USDC, "erc721.Transfer", {"from": ME, "to": party(1), "token": 10**9})
    assert reconstruct(told.evidence()).flows == ()


def test_what_comes_back_within_a_day_and_what_stays_in_the_bundle_is_no_volume() -> None:
    told = story()
    told.move(AS_OF - 9 * DAY, USDC, ME, party(1), 500 * 10**6)
    told.move(AS_OF - 9 * DAY + 3_600, USDC, party(1), ME, 400 * 10**6)
    told.send(AS_OF - 8 * DAY, ME, ETHER)
    (flow,) = reconstruct(told.evidence()).flows
    assert (flow.amount, flow.incoming) == (100 * 10**6, False)


def test_a_wallet_that_only_receives_has_no_history() -> None:
    told = story()
    for day in range(50):
        told.receive(AS_OF - day * DAY, party(day), ETHER)
    score = evaluate(told.evidence(), MODEL)
    assert (score.status, score.score) == ("insufficient_evidence", None)
    assert part(told.evidence(), "volume").values["usd"] == 0
    assert part(told.evidence(), "age").score is None


def test_an_unknown_price_lowers_the_coverage_and_not_the_value() -> None:
    told = random_story(2)
    before = part(told.evidence(), "average_value")
    for number in range(10):
        told.move(AS_OF - number * DAY, UNKNOWN, ME, party(number), 10**30)
    after = part(told.evidence(), "average_value")
    assert after.values == before.values
    assert after.coverage < before.coverage


def test_a_stable_coin_that_lost_its_peg_is_not_a_dollar() -> None:
    told = story(prices=False)
    ust = "eip155:1/0xa693b19d2931d498c5b318df961919bb4aee87a5"
    book = reconstruct(told.evidence()).book
    assert book.price(ust, 1651881600 - DAY) == 1.0
    assert book.price(ust, 1651881600 + DAY) is None
    told.price(ust, 1651881600 + DAY, "0.21")
    assert reconstruct(told.evidence()).book.price(ust, 1651881600 + 2 * DAY) == 0.21


def test_drained_pools_are_found_and_healthy_ones_are_not() -> None:
    told = story()
    for pool, left in ((PAIR, 10), ("0x" + "76" * 20, 970)):
        told.contracts.append(Contract("eip155:1", pool, "pairs", "uniswap_v2_pair", "", "", ""))
        for day, reserve in ((30, 1_000), (20, 1_100), (10, left)):
            values = {"reserve0": reserve * ETHER, "reserve1": reserve * 10**6}
            told.event(AS_OF - day * DAY, pool, "uniswap_v2.Sync", values, f"0x{day:064x}")
    assert drained_pools(reconstruct(told.evidence())) == {PAIR}


def test_compound_v3_supply_repays_while_in_debt() -> None:
    told = story()
    comet = "0x" + "55" * 20
    told.contracts.append(Contract("eip155:1", comet, "compound-v3", "comet", f"eip155:1/{USDC}", "", ""))
    told.event(AS_OF - 9 * DAY, comet, "comet.Supply", {"by": ME, "user": ME, "amount": 100})
    told.event(AS_OF - 8 * DAY, comet, "comet.Withdraw", {"user": ME, "to": ME, "amount": 250})
    told.event(AS_OF - 7 * DAY, comet, "comet.Supply", {"by": ME, "user": ME, "amount": 200})
    acts = [(act.kind, act.amount) for act in reconstruct(told.evidence()).actions]
    assert acts == [("supply", 100), ("borrow", 150), ("withdraw", 100), ("repay", 150), ("supply", 50)]


def test_a_watched_wallet_gets_a_report_and_no_number() -> None:
    watched = dataclasses.replace(DEMO, wallets=tuple(dataclasses.replace(row, verified=False) for row in DEMO.wallets))
    score = evaluate(watched, MODEL)
    assert (score.status, score.score, score.low, score.high) == ("address_report", None, None, None)
    assert len(score.components) == 24


@pytest.mark.parametrize(("kind", "status"), [("sanctioned", "withheld"), ("mixer", "manual_review")])
def test_a_listed_payer_withholds_the_score_with_list_and_date(kind: str, status: str) -> None:
    payer = next(row.sender for row in DEMO.transactions if row.recipient == DEMO.wallets[0].address)
    listed = dataclasses.replace(DEMO, risks=(RiskRow("eip155:1", payer, kind, "SDN", "2026-06-01"),))
    score = evaluate(listed, MODEL)
    assert (score.status, score.score) == (status, None)
    assert (score.flags[0].list, score.flags[0].date) == ("SDN", "2026-06-01")
    assert evaluate(DEMO, MODEL).status == "complete"


def test_the_parts_make_the_score_and_the_bounds_hold_it() -> None:
    score = evaluate(DEMO, MODEL)
    expected = sum(
        9 * part.weight * (part.coverage * (max(part.score, part.median) if part.bonus else part.score)
                           + (1 - part.coverage) * part.median)
        for part in score.components
        if part.score is not None
    )  # fmt: skip
    assert score.score == round(expected)
    assert score.low < score.score < score.high
    low, high = likely_range(DEMO, MODEL, draws=8)
    assert 0 < low <= high <= 900
    assert all(part.points >= 9 * part.weight * part.median - 1e-9 for part in score.components if part.bonus)


def test_too_little_coverage_refuses() -> None:
    thin = dataclasses.replace(DEMO, streams=tuple(dataclasses.replace(row, complete=0.3) for row in DEMO.streams))
    assert evaluate(thin, MODEL).status == "insufficient_evidence"
    assert "could be seen" in evaluate(thin, MODEL).reason


def test_the_order_of_rows_and_rows_told_twice_change_nothing() -> None:
    mixed = dataclasses.replace(
        DEMO,
        logs=tuple(sorted(DEMO.logs, key=lambda log: log.data)),
        prices=tuple(reversed(DEMO.prices)) + DEMO.prices[:9],
    )
    assert evaluate(mixed, MODEL) == evaluate(DEMO, MODEL)


def test_rows_of_test_networks_and_of_the_future_count_for_nothing() -> None:
    told = random_story(3)
    before = evaluate(told.evidence(), MODEL)
    told.send(AS_OF + DAY, party(1), ETHER)
    stray = dataclasses.replace(told.transactions[-1], chain="eip155:11155111", at=AS_OF - DAY)
    evidence = told.evidence()
    later = dataclasses.replace(evidence, transactions=(*evidence.transactions, stray))
    assert evaluate(later, MODEL).components == before.components


def test_evidence_is_the_same_after_a_file() -> None:
    assert evaluate(evidence_json.read(evidence_json.write(DEMO)), MODEL) == evaluate(DEMO, MODEL)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "version 1"),
        ({"as_of": "now"}, "as_of"),
        ({"as_of": True}, "as_of"),
        ({"surprise": []}, "surprise"),
        ({"logs": {}}, "logs must be a list"),
        ({"wallets": [{"chain": "eip155:1"}]}, r"wallets\[0\]"),
        ({"wallets": [{"chain": "eip155:1", "address": ME, "verified": 1}]}, r"wallets\[0\]\.verified"),
        ({"evidence_root": "00"}, "root"),
    ],
)
def test_a_broken_file_is_refused_by_name_of_the_place(change: dict[str, object], message: str) -> None:
    document = {"version": 1, "as_of": AS_OF, **change}
    with pytest.raises(evidence_json.UnreadableEvidence, match=message):
        evidence_json.read(json.dumps(document).encode())


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    with pytest.raises(evidence_json.UnreadableEvidence):
        evidence_json.read(content)


def test_a_difference_is_put_down_to_causes_that_sum_to_it() -> None:
    later = demo_evidence("0x" + "ab" * 20, AS_OF + 20 * DAY)
    heavier = json.loads(json.dumps(MODEL.document))
    heavier["parameters"][0]["weight"] += 1
    heavier["parameters"][1]["weight"] -= 1
    other = from_document(heavier)
    steps = score_difference.attribute((DEMO, MODEL), (later, other))
    change = evaluate(later, other).estimate - evaluate(DEMO, MODEL).estimate
    assert [step.cause for step in steps] == list(score_difference.CAUSES)
    assert sum(step.points for step in steps) == pytest.approx(change)
    assert {step.cause for step in steps if step.points} >= {"time", "prices", "activity", "model"}


def test_what_if_scores_the_changed_evidence() -> None:
    revoked = what_if.simulate(DEMO, MODEL, what_if.Change("revoke_approvals"))
    assert [key for key, _ in revoked.parts] == ["approvals"]
    assert revoked.points > 0
    repaid = what_if.simulate(DEMO, MODEL, what_if.Change("repay", share=1.0))
    assert dict(repaid.parts)["borrowing"] > 0
    assert "age" in dict(what_if.simulate(DEMO, MODEL, what_if.Change("wait", days=30)).parts)


@pytest.mark.parametrize(
    "change", [what_if.Change("repay", share=2), what_if.Change("wait", days=0), what_if.Change("x")]
)
def test_a_meaningless_change_is_refused(change: what_if.Change) -> None:
    with pytest.raises(what_if.Meaningless):
        what_if.simulate(DEMO, MODEL, change)


def test_forging_has_a_price_for_every_parameter() -> None:
    found = {cost.key: cost for cost in costs(reconstruct(DEMO), MODEL)}
    assert len(found) == 24
    assert found["age"].days == 1460
    assert found["transactions"].usd > found["staked"].usd > 0


def test_one_funder_makes_one_active_wallet_and_many_wallets_say_nothing() -> None:
    told = story()
    told.receive(AS_OF - 50 * DAY, party(1), ETHER)
    told.send(AS_OF - 2 * DAY, party(2), 1)
    evidence = told.evidence()
    second = "0x" + "12" * 20
    funded = dataclasses.replace(evidence.transactions[0], hash="0x01", recipient=second)
    spent = dataclasses.replace(evidence.transactions[1], hash="0x02", sender=second)
    both = dataclasses.replace(
        evidence,
        wallets=(*evidence.wallets, dataclasses.replace(evidence.wallets[0], address=second)),
        transactions=(*evidence.transactions, funded, spent),
    )
    assert part(both, "active_wallets").values["wallets"] == 1


def test_a_token_without_decimals_and_prices_has_no_value() -> None:
    told = story()
    token = Token(f"eip155:1/{UNKNOWN}", "X", 18, False, False, False, "erc20", 0)
    evidence = dataclasses.replace(told.evidence(), tokens=(token,), prices=(PriceRow(token.asset, AS_OF, "2", "x"),))
    book = reconstruct(evidence).book
    assert book.usd(token.asset, ETHER, AS_OF) == 2
    assert book.usd("eip155:1/" + ZERO, ETHER, AS_OF) is None
    assert book.usd(token.asset, ETHER, AS_OF - DAY) is None
    assert POOL in reconstruct(evidence).contracts
