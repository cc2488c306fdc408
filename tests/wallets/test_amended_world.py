"""The corrections of the simulated economy take the place of the invoices they name."""

from datetime import date

import polars as pl

from tests.wallets.conftest import Shop
from wallets.models import GstInvoice
from wallets.services import demo_world, load_records


def test_a_correction_supersedes_the_first_telling(shop: Shop) -> None:
    world = demo_world(businesses=250, months=12, seed=7, end=date(2026, 6, 30))
    one = world["gst_amendments"].group_by("business").len().sort("len", "business")["business"][-1]
    mine = {
        name: world[name].filter(pl.col("business") == one).with_columns(business=pl.lit(shop.business.pk))
        for name in ("gst_invoices", "gst_amendments")
    }
    load_records(frames={"gst_invoices": mine["gst_invoices"]})
    load_records(frames={"gst_invoices": mine["gst_amendments"]})
    amended = GstInvoice.objects.filter(business=shop.business, version__gt=0)
    assert amended.count() == mine["gst_amendments"].height > 0
    for correction in amended:
        first = GstInvoice.objects.get(
            business=shop.business,
            supplier_gstin=correction.supplier_gstin,
            invoice_number=correction.amended_from,
            financial_year=correction.amended_from_year,
            version=0,
        )
        assert first.superseded_at == correction.received_at
        assert first.taxable_paise != correction.taxable_paise
        assert correction.superseded_at is None
