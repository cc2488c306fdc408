"""The whole world in one call: simulate(WorldSpec) -> Simulation. Pure and seeded: the same spec, the same bytes."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world import (
    banking,
    credit,
    documents,
    filings,
    frauds,
    lookalikes,
    obligations,
    payments,
    population,
    settlements,
    trade,
    transfers,
    treasury,
    truth,
    waybills,
)
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.flows import NOBODY, Flows, gathered
from wallets.engine.world.health import hidden_health
from wallets.engine.world.invoices import Invoices, Taxes, bound, levy
from wallets.engine.world.relations import weave
from wallets.engine.world.spec import WorldSpec


@dataclass(frozen=True)
class Records:
    """The evidence of a population: one frame per record type, columns as the wallets app stores them.

    Money is int64 paise, time int64 microseconds UTC; `business` is 0 … N-1.
    """

    businesses: pl.DataFrame
    vpas: pl.DataFrame
    gst_invoices: pl.DataFrame
    gst_returns: pl.DataFrame
    upi_payments: pl.DataFrame
    eway_bills: pl.DataFrame
    bank_entries: pl.DataFrame
    outcomes: pl.DataFrame

    def frames(self) -> dict[str, pl.DataFrame]:
        """All frames by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class Simulation:
    """What can be observed, and what is true."""

    records: Records
    truth: truth.Truth


@dataclass(frozen=True)
class _Paper:
    """All documents and plans of a world before its money moves; `taxed` and `repaid` are spans of the plan."""

    invoices: Invoices
    taxes: Taxes
    returns: filings.Returns
    loans: credit.Loans
    plan: Flows
    taxed: slice
    repaid: slice


def simulate(spec: WorldSpec) -> Simulation:
    """Build a world: people, trade, paper, money day by day, returns, loans and what became of them."""
    economy = _set_up(spec)
    schemes = frauds.scheme(economy, frauds.form_rings(spec, economy.almanac, economy.people))
    families, circles = lookalikes.family_circles(economy)
    paper = _write_paper(economy, schemes.paper)
    direct = gathered([schemes.transfers, circles])
    errand = np.concatenate([schemes.errand, np.full(len(circles), NOBODY)])
    ledger = treasury.run(economy, paper.plan, len(paper.loans), direct)
    moved = transfers.happened(economy, paper.plan, ledger, (direct, errand))
    honest: dict[str, list[tuple[int, ...]]] = {
        "mutual_trade": economy.relations.mutual,
        "supply_loop": economy.relations.loops,
        "family_circle": families,
        "payroll_hub": [(hub,) for hub in obligations.payroll_hubs(economy).tolist()],
    }
    return Simulation(
        records=_record(economy, paper, ledger, moved),
        truth=truth.reveal(economy, schemes, (ledger, moved), honest),
    )


def _set_up(spec: WorldSpec) -> trade.Economy:
    almanac = Almanac.of(spec)
    people, registry = population.settle(spec, almanac)
    health = hidden_health(spec, almanac, people)
    return trade.Economy(
        spec=spec,
        almanac=almanac,
        people=people,
        registry=registry,
        relations=weave(spec, people, registry),
        health=health,
        level=trade.sales_level(spec, almanac, people, health),
    )


def _write_paper(economy: trade.Economy, circular: Invoices) -> _Paper:
    almanac = economy.almanac
    sales = bound([trade.b2b_sales(economy), circular], almanac)
    bought = bound([trade.purchases(economy, sales)], almanac)
    notes = trade.credit_notes(economy, bound([sales, bought], almanac))
    invoices = bound([sales, trade.b2c_sales(economy), bought, notes], almanac)
    taxes = levy(invoices, economy.registry, almanac)
    returns = filings.plan_returns(economy, invoices, taxes)
    loans = credit.lend(economy)
    due, borrowed = filings.tax_payments(returns), credit.loan_flows(economy, loans)
    plan = gathered(
        [
            due,
            borrowed,
            settlements.planned_settlements(economy, invoices, taxes),
            settlements.counter_receipts(economy),
            settlements.personal_payments(economy),
            obligations.monthly_obligations(economy),
            obligations.founding_capital(economy),
        ]
    )
    return _Paper(invoices, taxes, returns, loans, plan, slice(0, len(due)), slice(len(due), len(due) + len(borrowed)))


def _record(economy: trade.Economy, paper: _Paper, ledger: treasury.Ledger, moved: transfers.Transfers) -> Records:
    numbers = documents.document_numbers(economy, paper.invoices)
    bills = waybills.raise_bills(economy, paper.invoices, paper.taxes)
    every = np.arange(len(paper.plan))
    filed = filings.filed_days(paper.returns, paper.plan.pick(every[paper.taxed]), ledger.paid_on[paper.taxed])
    defaulted = credit.default_days(
        paper.loans, paper.plan.pick(every[paper.repaid]), ledger.paid_on[paper.repaid], economy.almanac.days
    )
    return Records(
        businesses=economy.registry.businesses,
        vpas=population.vpas_frame(economy.people, economy.registry),
        gst_invoices=documents.invoices_frame(economy, paper.invoices, paper.taxes, numbers),
        gst_returns=filings.returns_frame(economy, paper.returns, filed),
        upi_payments=payments.upi_frame(economy, moved),
        eway_bills=waybills.waybills_frame(economy, paper.invoices, paper.taxes, numbers, bills),
        bank_entries=banking.bank_frame(economy, moved, ledger),
        outcomes=credit.outcomes_frame(economy, paper.loans, ledger.granted, defaulted),
    )
