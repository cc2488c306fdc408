"""The whole world in one call: simulate(WorldSpec) -> Simulation. Pure and seeded: the same spec, the same bytes."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world import (
    amendments,
    banking,
    credit,
    documents,
    dossiers,
    filings,
    frauds,
    lookalikes,
    misfortunes,
    mules,
    obligations,
    payments,
    population,
    schemers,
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
from wallets.engine.world.spec import Ints, WorldSpec


@dataclass(frozen=True)
class Records:
    """The evidence of a population: one frame per record type, columns as the wallets app stores them.

    Money is int64 paise, time int64 microseconds UTC; `business` is 0 … N-1.
    """

    businesses: pl.DataFrame
    vpas: pl.DataFrame
    gst_invoices: pl.DataFrame
    gst_amendments: pl.DataFrame
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

    @property
    def hidden_months(self) -> pl.DataFrame:
        """business, period, health, liquidity_paise: what an oracle reads, and nothing that serves may."""
        return self.truth.months


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


@dataclass(frozen=True)
class _Deceit:
    """What the crooked have in mind, and the honest who look like them."""

    rings: frauds.Schemes
    plots: dossiers.Plots
    burst: Invoices
    markets: list[tuple[int, ...]]
    loans: credit.Loans


def simulate(spec: WorldSpec) -> Simulation:
    """Build a world: people, trade, paper, money day by day, returns, loans and what became of them."""
    economy, deceit = _set_up(spec)
    families, circles = lookalikes.family_circles(economy)
    paper = _write_paper(economy, deceit)
    direct, errand = _direct(economy, deceit, circles)
    ledger = treasury.run(economy, paper.plan, len(paper.loans), direct)
    moved = transfers.happened(economy, paper.plan, ledger, (direct, errand))
    records = _record(economy, paper, ledger, moved)
    honest: dict[str, list[tuple[int, ...]]] = {
        "mutual_trade": economy.relations.mutual,
        "supply_loop": economy.relations.loops,
        "family_circle": families,
        "payroll_hub": [(hub,) for hub in obligations.payroll_hubs(economy).tolist()],
        "marketplace": deceit.markets,
    }
    return Simulation(
        records=records,
        truth=truth.reveal(economy, (deceit.rings, deceit.plots), (ledger, moved), honest, records.frames()),
    )


def _set_up(spec: WorldSpec) -> tuple[trade.Economy, _Deceit]:
    almanac = Almanac.of(spec)
    people, registry = population.settle(spec, almanac)
    health = hidden_health(spec, almanac, people)
    rings, networks = frauds.form_groups(spec, almanac, people)
    schemes = schemers.plot(spec, almanac, people)
    level = trade.sales_level(spec, almanac, people, health) * misfortunes.sales_left(spec, almanac, people)
    still = schemers.asleep(schemes, almanac, health.shape) | mules.idle(people, networks)[:, None]
    economy = trade.Economy(
        spec=spec,
        almanac=almanac,
        people=people,
        registry=registry,
        relations=weave(spec, people, registry),
        health=health,
        level=np.where(still, 0.0, level),
    )
    loans = credit.lend(economy)
    burst, bursts = schemers.bursts(economy, schemes, loans.days_by_business())
    plots = dossiers.Plots(schemes, bursts, networks)
    return economy, _Deceit(frauds.scheme(economy, rings), plots, burst, lookalikes.marketplaces(economy), loans)


def _direct(economy: trade.Economy, deceit: _Deceit, circles: Flows) -> tuple[Flows, Ints]:
    """Money that only passes through, outside the tills, and the errand of each transfer."""
    clockwork, scheme = mules.by_the_clock(economy, deceit.plots.schemes)
    passed, network = mules.passed_through(economy, deceit.plots.networks)
    first = dossiers.FIRST_ERRAND
    errands = [
        deceit.rings.errand,
        np.full(len(circles), NOBODY),
        first + scheme,
        first + len(deceit.plots.schemes) + network,
    ]
    return gathered([deceit.rings.transfers, circles, clockwork, passed]), np.concatenate(errands)


def _sell(economy: trade.Economy, deceit: _Deceit) -> Invoices:
    """Every sale to the registered and abroad, as it is written on paper."""
    ordinary = trade.with_exports(economy, trade.b2b_sales(economy))
    bent = schemers.bend(economy, deceit.plots.schemes, ordinary)
    return bound([bent, deceit.rings.paper, deceit.burst], economy.almanac)


def _write_paper(economy: trade.Economy, deceit: _Deceit) -> _Paper:
    almanac = economy.almanac
    sales = _sell(economy, deceit)
    bought = bound([trade.purchases(economy, sales)], almanac)
    notes = trade.credit_notes(economy, bound([sales, bought], almanac))
    invoices = bound([sales, trade.b2c_sales(economy), bought, notes], almanac)
    taxes = levy(invoices, economy.registry, almanac)
    ghosts = schemers.members(deceit.plots.schemes, schemers.GHOST)
    returns = filings.unfiled(filings.plan_returns(economy, invoices, taxes), ghosts)
    due, borrowed = filings.tax_payments(returns), credit.loan_flows(economy, deceit.loans)
    counter = settlements.counter_receipts(economy)
    plan = gathered(
        [
            due,
            borrowed,
            settlements.planned_settlements(economy, invoices, taxes),
            lookalikes.through_marketplaces(economy, counter, deceit.markets),
            settlements.personal_payments(economy),
            obligations.monthly_obligations(economy),
            obligations.founding_capital(economy),
        ]
    )
    taxed, repaid = slice(0, len(due)), slice(len(due), len(due) + len(borrowed))
    return _Paper(invoices, taxes, returns, deceit.loans, plan, taxed, repaid)


def _record(economy: trade.Economy, paper: _Paper, ledger: treasury.Ledger, moved: transfers.Transfers) -> Records:
    numbers = documents.document_numbers(economy, paper.invoices)
    bills = waybills.raise_bills(economy, paper.invoices, paper.taxes)
    every = np.arange(len(paper.plan))
    filed = filings.filed_days(paper.returns, paper.plan.pick(every[paper.taxed]), ledger.paid_on[paper.taxed])
    defaulted = credit.default_days(
        paper.loans, paper.plan.pick(every[paper.repaid]), ledger.paid_on[paper.repaid], economy.almanac.days
    )
    slips = amendments.slips(economy, paper.invoices)
    told = amendments.first_told(economy, paper.invoices, slips)
    return Records(
        businesses=economy.registry.businesses,
        vpas=population.vpas_frame(economy.people, economy.registry),
        gst_invoices=documents.invoices_frame(economy, *told, numbers),
        gst_amendments=amendments.amendments_frame(economy, paper.invoices, paper.taxes, numbers, slips),
        gst_returns=filings.returns_frame(economy, paper.returns, filed),
        upi_payments=payments.upi_frame(economy, moved),
        eway_bills=waybills.waybills_frame(economy, paper.invoices, paper.taxes, numbers, bills),
        bank_entries=banking.bank_frame(economy, moved, ledger),
        outcomes=credit.outcomes_frame(economy, paper.loans, ledger.granted, defaulted),
    )
