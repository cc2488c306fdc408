"""Wallet histories from files: both header generations, JSON, raw logs, and files that mean harm."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallets.engine.chains import aave_events, imports, known
from wallets.engine.evidence import Evidence, WalletRow
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import serving
from wallets.engine.onchain_score import evaluate

ME, OTHER = "0x" + "11" * 20, "0x" + "22" * 20
USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
TX = "0x" + "ab" * 32
OLD = '"Txhash","Blockno","UnixTimestamp","DateTime","From","To","ContractAddress","Value_IN(ETH)","Value_OUT(ETH)",' \
      '"CurrentValue @ $2000/Eth","TxnFee(ETH)","TxnFee(USD)","Historical $Price/Eth","Status","ErrCode"'  # fmt: skip
NEW = OLD.replace('"Txhash"', '"Transaction Hash"').replace('"DateTime"', '"DateTime (UTC)"') + ',"Method"'
TOKEN = '"Transaction Hash","Blockno","UnixTimestamp","DateTime (UTC)","From","To","TokenValue","USDValueDayOfTx",' \
        '"ContractAddress","TokenName","TokenSymbol"'  # fmt: skip


def line(*cells: object) -> str:
    return ",".join(f'"{cell}"' for cell in cells)


def native(
    coming: str = "1.5", going: str = "0", *, status: str = "", header: str = OLD, at: int = 1_700_000_000
) -> bytes:
    ends = (OTHER, ME) if coming != "0" else (ME, OTHER)
    row = line(TX, 1, at, "2023-11-14", *ends, "", coming, going, "3000", "0.001", "2", "2010.5", status, "")
    return f"{header}\n{row}{',' + line('Transfer') if header == NEW else ''}\n".encode()


def take(content: bytes, kind: str = imports.TRANSACTIONS) -> imports.Imported:
    return imports.read(content, kind, "eip155:1", ME)


@pytest.mark.parametrize("header", [OLD, NEW])
def test_both_generations_of_headers_are_read(header: str) -> None:
    imported = take(native(header=header))
    (row,) = imported.transactions
    assert (row.value, row.fee, row.ok, row.recipient) == (15 * 10**17, 10**15, True, ME)
    assert [price.usd for price in imported.prices] == ["2010.5"]


def test_a_failed_transaction_is_one() -> None:
    assert take(native("0", "1", status="Error(0)")).transactions[0].ok is False


def test_tokens_come_with_their_decimals() -> None:
    row = line(TX, 1, 1_700_000_000, "x", OTHER, ME, "1,234.5", "$1,234", USDC, "USD Coin", "USDC")
    (moved,) = take(f"{TOKEN}\n{row}\n".encode(), imports.TOKENS).transfers
    assert (moved.amount, moved.asset) == (1_234_500_000, f"eip155:1/{USDC.lower()}")


def test_json_of_the_same_explorer_is_read() -> None:
    row = {"hash": TX, "blockNumber": "1", "timeStamp": "1700000000", "from": ME, "to": OTHER, "value": "7",
           "isError": "0", "gasPrice": "3", "gasUsed": "21000"}  # fmt: skip
    (read,) = take(json.dumps({"status": "1", "result": [row]}).encode()).transactions
    assert (read.value, read.gas_price, read.fee) == (7, 3, 63_000)


def test_raw_logs_are_read() -> None:
    log = {"address": USDC, "topics": ["0x" + "0" * 64], "data": "0x", "blockNumber": "0x10", "logIndex": "0x1",
           "transactionHash": TX, "timeStamp": "0x6553f100"}  # fmt: skip
    (read,) = take(json.dumps([log]).encode(), imports.RAW_LOGS).logs
    assert (read.block, read.index, read.at) == (16, 1, 0x6553F100)


def test_what_is_covered_is_worked_out_from_the_rows() -> None:
    whole = take(native("1.5"))
    assert [row.since for row in imports.streams(whole, imports.TRANSACTIONS, "eip155:1", ME)] == [0]
    torn = take(native("0", "1"))
    assert [row.since for row in imports.streams(torn, imports.TRANSACTIONS, "eip155:1", ME)] == [1_700_000_000]
    assert imports.streams(imports.Imported(), imports.TRANSACTIONS, "eip155:1", ME) == ()


def test_a_row_that_breaks_a_rule_is_refused_by_line_and_field() -> None:
    good, bad = native().decode(), native("nan").decode().splitlines()[1]
    imported = take(f"{good}{bad}\n".encode())
    assert [(refusal.line, refusal.field) for refusal in imported.refusals] == [(3, "value_in")]
    assert imported.rows == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"a\0b", "zero byte"),
        (b"[1, 2]", "list of objects"),
        (b'{"result": "no"}', "list of objects"),
        (b"[" * 100_000, "not JSON"),
        (b'a,b\n"open', "Line"),
        (b"a,b\n1,2\n", "timestamp"),
        (native().replace(ME.encode(), b"0x33"), "address"),
        (native().replace(ME.encode(), b"0x" + b"44" * 20), "another wallet"),
        (native("9" * 100), "out of range"),
        (native("-1"), "out of range"),
        (native("1e999999"), "out of range"),
        (native(at=10**12), "out of range"),
    ],
)
def test_files_that_mean_harm_are_refused_with_a_reason(content: bytes, message: str) -> None:
    with pytest.raises(imports.UnreadableFile, match=message):
        take(content)


@settings(max_examples=80)
@given(st.binary(max_size=300), st.sampled_from(sorted(imports.KINDS)))
def test_any_bytes_are_refused_or_read_as_nothing(content: bytes, kind: str) -> None:
    with suppress(imports.UnreadableFile):
        assert take(content, kind).rows == 0


def aave(**changed: object) -> dict[str, object]:
    """An act as Aave's subgraph gives it."""
    return {
        "id": f"{TX}:7", "txHash": TX, "timestamp": 1_700_000_000, "action": "Borrow", "amount": "2500000000",
        "user": {"id": ME}, "pool": {"id": "0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2"},
        "reserve": {"symbol": "USDC", "decimals": 6, "underlyingAsset": USDC.lower()},
    } | changed  # fmt: skip


def acts(*rows: dict[str, object]) -> bytes:
    return json.dumps({"data": {"userTransactions": rows}}).encode()


def test_events_of_aave_become_the_logs_of_their_pools() -> None:
    liquidated = {"symbol": "WETH"}
    imported = take(
        acts(
            aave(),
            aave(action="Repay", txHash="0x" + "cd" * 32, timestamp=1_700_100_000),
            aave(action="LiquidationCall", principalReserve={"symbol": "USDC"}, collateralReserve=liquidated,
                 principalAmount="1000000", collateralAmount="500", timestamp=1_700_200_000),
            aave(action="UsageAsCollateral"),
        ),
        imports.AAVE,
    )  # fmt: skip
    assert (len(imported.logs), imported.refusals) == (3, [])
    evidence = Evidence(
        as_of=1_701_000_000, wallets=(WalletRow("eip155:1", ME, True),), logs=tuple(imported.logs),
        contracts=known.contracts(), tokens=known.tokens(),
        streams=imports.streams(imported, imports.AAVE, "eip155:1", ME),
    )  # fmt: skip
    done = reconstruct(evidence).actions
    assert [(act.kind, act.amount) for act in done] == [
        ("borrow", 2_500_000_000), ("repay", 2_500_000_000), ("liquidated", 1_000_000),
    ]  # fmt: skip
    assert {row.stream for row in evidence.streams} == {"aave"}
    part = next(part for part in evaluate(evidence, serving()).components if part.key == "borrowing")
    assert 0 < part.coverage < 0.5


def test_overlapping_exports_of_aave_tell_every_act_once() -> None:
    repaid = aave(action="Repay", txHash="0x" + "cd" * 32, timestamp=1_700_100_000)
    both = [aave(), aave(amount="5"), repaid]
    whole = take(acts(*both), imports.AAVE).logs
    for rows in (both[1:], both[2:], [repaid, *both[:2]], [*both, aave(action="UsageAsCollateral")]):
        assert set(aave_events.joined(whole, take(acts(*rows), imports.AAVE).logs)) == set(whole), rows
    newer = aave(txHash="0x" + "ef" * 32)
    assert len(aave_events.joined(whole, take(acts(newer), imports.AAVE).logs)) == 4
    assert len(aave_events.joined([], take(acts(aave(), aave()), imports.AAVE).logs)) == 2


def test_a_log_of_the_chain_stands_for_the_act_that_the_subgraph_tells_of_it() -> None:
    (told,) = take(acts(aave()), imports.AAVE).logs
    real = replace(told, index=7, block=18_000_000)
    for held, fresh in (([told], [real]), ([real], [told])):
        assert aave_events.joined(held, fresh) == (real,)
    other = replace(real, hash="0x" + "cd" * 32)
    assert set(aave_events.joined([told], [other])) == {told, other}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"user": {"id": OTHER}}, "user"),
        ({"action": "Dance"}, "action"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.5"}, "amount"),
        ({"txHash": "0x12"}, "txHash"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"reserve": {"symbol": "NOPE"}}, "reserve"),
        ({"pool": {"id": OTHER}}, "pool"),
    ],
)
def test_an_act_that_aave_would_not_tell_is_refused_by_field(changed: dict[str, object], field: str) -> None:
    imported = take(acts(aave(), aave(**changed)), imports.AAVE)
    assert [(refusal.line, refusal.field) for refusal in imported.refusals] == [(2, field)]
