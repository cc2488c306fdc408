"""bank_entries: the current account of every business with its running balance after each entry."""

import numpy as np
import polars as pl

from wallets.engine.world.almanac import HOUR
from wallets.engine.world.flows import CASH, UPI, Kind
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy
from wallets.engine.world.transfers import SUCCESS, Transfers, inside
from wallets.engine.world.treasury import Ledger

# Kind: mode, purpose when paid, purpose when received, narration.
_PRINT: dict[Kind, tuple[str, str, str, str]] = {
    Kind.CRITICAL: ("FT", "supplier", "receipt", "NEFT TRADE SETTLEMENT"),
    Kind.TRADE: ("FT", "supplier", "receipt", "RTGS TRADE SETTLEMENT"),
    Kind.RETAIL: ("UPI", "other", "receipt", "UPI COLLECTION"),
    Kind.TAKINGS: ("CASH", "other", "receipt", "CASH DEPOSIT BY SELF"),
    Kind.SALARY: ("FT", "salary", "other", "BULK SALARY PAYMENT"),
    Kind.RENT: ("FT", "rent", "other", "RENT OF PREMISES"),
    Kind.GST: ("FT", "gst", "other", "GST CHALLAN PAYMENT"),
    Kind.EPF: ("FT", "epf", "other", "EPFO CONTRIBUTION"),
    Kind.ESIC: ("FT", "esic", "other", "ESIC CONTRIBUTION"),
    Kind.TDS: ("FT", "tds", "other", "TDS CHALLAN 281"),
    Kind.EMI: ("OTHERS", "emi", "other", "NACH DEBIT LOAN INSTALMENT"),
    Kind.LOAN: ("FT", "other", "loan", "LOAN DISBURSEMENT"),
    Kind.CAPEX: ("FT", "other", "other", "RTGS PURCHASE OF ASSETS"),
    Kind.MANDATE: ("OTHERS", "mandate_ok", "other", "NACH DEBIT INSURANCE AND UTILITIES"),
    Kind.PERSONAL: ("UPI", "other", "other", "UPI PERSONAL"),
    Kind.CAPITAL: ("FT", "other", "other", "CAPITAL INTRODUCED"),
    Kind.DRAWING: ("FT", "other", "other", "PROPRIETOR ACCOUNT"),
    Kind.CIRCULAR: ("FT", "supplier", "receipt", "IMPS TRADE SETTLEMENT"),
    Kind.SWEEP: ("UPI", "other", "other", "UPI WEEKLY SETTLEMENT"),
    Kind.RETURN_CHARGE: ("OTHERS", "cheque_return", "other", "RETURN CHARGES INSUFFICIENT FUNDS"),
    Kind.PAYOUT: ("UPI", "supplier", "receipt", "MARKETPLACE PAYOUT"),
}
_STATEMENT_AT = 6 * HOUR


def bank_frame(economy: Economy, transfers: Transfers, ledger: Ledger) -> pl.DataFrame:
    """The rows shown, sorted by business and time; the balance also counts what came before them."""
    count = economy.people.count
    moved = transfers.moved
    banked = (moved.rail != UPI) & (transfers.status == SUCCESS)
    paying = np.flatnonzero(banked & inside(moved.payer, count))
    paid = np.flatnonzero(banked & inside(moved.payee, count))
    rows = np.concatenate([paying, paid])
    debit = np.arange(len(rows)) < len(paying)
    business = np.where(debit, moved.payer[rows], moved.payee[rows])
    order = np.lexsort((rows, business))
    rows, debit, business = rows[order], debit[order], business[order]
    running = np.cumsum(np.where(debit, -moved.amount[rows], moved.amount[rows]))
    first = np.searchsorted(business, np.arange(count))
    before = np.concatenate([np.zeros(1, dtype=np.int64), running])[first]
    balance = running - before[business] + ledger.opening[business]
    shown = np.flatnonzero(moved.day[rows] >= economy.almanac.opening_day)
    return _rows(economy, transfers, (rows[shown], debit[shown]), balance[shown])


def _rows(economy: Economy, transfers: Transfers, entries: tuple[Ints, Flags], balance: Ints) -> pl.DataFrame:
    rows, debit = entries
    moved, almanac = transfers.moved, economy.almanac
    kind = moved.kind[rows]
    business = np.where(debit, moved.payer[rows], moved.payee[rows])
    other = np.where(debit, moved.payee[rows], moved.payer[rows])
    accounts = [f"5010{economy.spec.first + number:010d}" for number in range(economy.people.count)]
    statement = almanac.instant(moved.day[rows] + 1, _STATEMENT_AT)
    mode, purpose, narration = _print(kind, debit, moved.rail[rows], moved.cause[rows])
    reference = transfers.reference.gather(rows)
    return pl.DataFrame(
        {
            "business": business,
            "account": pl.Series(accounts).gather(business),
            "reference": pl.select(pl.concat_str([pl.lit("N"), reference])).to_series(),
            "direction": pl.Series(("credit", "debit")).gather(debit.astype(np.int64)),
            "mode": mode,
            "purpose": purpose,
            "amount_paise": moved.amount[rows],
            "balance_paise": balance,
            "narration": narration,
            "counterparty": pl.Series(other).set(pl.Series(~inside(other, economy.people.count)), None),
            "occurred_at": transfers.at[rows],
            "received_at": np.minimum(np.maximum(statement, transfers.at[rows]), almanac.closing),
        }
    )


def _print(kind: Ints, debit: Flags, rail: Ints, cause: Ints) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Mode, purpose and narration of entries; counter cash and circular cash are just cash."""
    lines = [_PRINT[each] for each in Kind]
    purposes = [line[1] for line in lines] + [line[2] for line in lines] + ["mandate_return", "other"]
    cash = (rail == CASH) & (kind == Kind.CIRCULAR)
    code = np.where(debit, kind, kind + len(lines))
    mandate = (kind == Kind.RETURN_CHARGE) & ((cause == Kind.EMI) | (cause == Kind.MANDATE))
    code = np.where(mandate, 2 * len(lines), np.where(cash, 2 * len(lines) + 1, code))
    shown = np.where(cash, int(Kind.TAKINGS), kind)
    mode = pl.Series([line[0] for line in lines]).gather(shown)
    return mode, pl.Series(purposes).gather(code), pl.Series([line[3] for line in lines]).gather(shown)
