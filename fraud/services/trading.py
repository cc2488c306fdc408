"""What the members of a suspected ring trade, as the engine measures rings against it."""

from datetime import datetime, timedelta

import polars as pl

from accounts.models import Business
from creditiq.kernel.clock import micros
from fraud.engine.paper import pair_values
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.population import paid_by_pair, turnover_of
from fraud.engine.rings import Trading
from fraud.services.neighbourhood import transfers_of
from wallets.selectors import trades


def lately(rows: pl.DataFrame, as_of: datetime, policy: FraudPolicy) -> pl.DataFrame:
    """Rows of the trade window, which excludes its first instant."""
    return rows.filter(pl.col("occurred_at") > micros(as_of) - policy.trade_days * DAY)


def trading_among(members: list[int], as_of: datetime, policy: FraudPolicy) -> Trading:
    """Payments of the members with anybody, documents between them, and who deals in goods."""
    since = as_of - timedelta(days=policy.trade_days)
    paid = paid_by_pair(lately(transfers_of(members, since, as_of, as_of), as_of, policy))
    rows = pl.DataFrame(pl.from_arrow(trades(businesses=members, since=since, as_of=as_of)))
    sold = lately(rows, as_of, policy).group_by("seller", "buyer", "document").agg(pl.col("taxable_paise").sum())
    documents = {
        name: pair_values(sold.filter(document=name).select("seller", "buyer", "taxable_paise"))
        for name in ("invoice", "eway")
    }
    in_goods = dict(Business.register.filter(pk__in=members).values_list("pk", "deals_in_goods"))
    return Trading(paid, turnover_of(paid), documents["invoice"], documents["eway"], in_goods)
