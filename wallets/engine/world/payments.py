"""upi_payments: both legs of every UPI transfer between businesses, one leg otherwise; failures only at the payer."""

import numpy as np
import polars as pl

from wallets.engine.world.almanac import SECOND
from wallets.engine.world.flows import UPI, Kind
from wallets.engine.world.spec import Flags, Ints
from wallets.engine.world.trade import Economy
from wallets.engine.world.transfers import SUCCESS, Transfers, inside

_STATUS = ("success", "failed_technical", "failed_funds")
_TO_MERCHANTS = np.isin(np.arange(len(Kind)), [Kind.RETAIL, Kind.CRITICAL, Kind.TRADE, Kind.PAYOUT])
_SLOWEST_NOTICE = 90 * SECOND


def upi_frame(economy: Economy, transfers: Transfers) -> pl.DataFrame:
    """The rows shown, sorted by business and time."""
    chance = economy.spec.chance("upi")
    count = economy.people.count
    moved = transfers.moved
    shown = (moved.rail == UPI) & (transfers.at >= economy.almanac.opening_instant)
    paying = np.flatnonzero(shown & inside(moved.payer, count))
    paid = np.flatnonzero(shown & inside(moved.payee, count) & (transfers.status == SUCCESS))
    rows = np.concatenate([paying, paid])
    outward = np.arange(len(rows)) < len(paying)
    order = np.lexsort((rows, np.where(outward, moved.payer[rows], moved.payee[rows])))
    return _rows(economy, transfers, rows[order], outward[order], chance)


def _rows(
    economy: Economy, transfers: Transfers, rows: Ints, outward: Flags, chance: np.random.Generator
) -> pl.DataFrame:
    moved, registry = transfers.moved, economy.registry
    payer_address, payee_address = _address(economy, transfers, moved.payer), _address(economy, transfers, moved.payee)
    mine = np.where(outward, payer_address[rows], payee_address[rows])
    theirs = np.where(outward, payee_address[rows], payer_address[rows])
    business = np.where(outward, moved.payer[rows], moved.payee[rows])
    other = np.where(outward, moved.payee[rows], moved.payer[rows])
    at = transfers.at[rows]
    learned = np.minimum(at + chance.integers(SECOND, _SLOWEST_NOTICE, len(rows)), economy.almanac.closing)
    return pl.DataFrame(
        {
            "business": business,
            "reference": transfers.reference.gather(rows),
            "direction": pl.Series(("in", "out")).gather(outward.astype(np.int64)),
            "amount_paise": moved.amount[rows],
            "kind": pl.Series(("P2P", "P2M")).gather(_TO_MERCHANTS[moved.kind[rows]].astype(np.int64)),
            "status": pl.Series(_STATUS).gather(transfers.status[rows]),
            "vpa": registry.addresses.gather(mine),
            "counterparty_vpa": registry.addresses.gather(theirs),
            "counterparty": pl.Series(other).set(pl.Series(~inside(other, economy.people.count)), None),
            "occurred_at": at,
            "received_at": learned,
        }
    )


def _address(economy: Economy, transfers: Transfers, party: Ints) -> Ints:
    """Index of the payment address used by one side: a business has one to three, an outsider one, a person its own."""
    people = economy.people
    own = inside(party, people.count)
    who = np.where(own, party, 0)
    businesses = people.vpa_first[who] + np.arange(len(party)) % people.vpa_count[who]
    outsiders = int(people.vpa_count.sum()) + party - people.count
    return np.where(own, businesses, np.where(party < 0, transfers.moved.person, outsiders))
