"""The sandbox is emptied and filled anew: a small world of its own, screened and scored like any other."""

from datetime import timedelta

import polars as pl

from accounts.models import Business, Flag, FlagName
from accounts.services import Run, empty_sandbox, fill_sandbox, runnable, stand_in
from creditiq.kernel.clock import IST
from fraud import services as fraud
from wallets import services as wallets

BUSINESSES, MONTHS, SEED = 20, 12, 900_000
RECORDS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")


@runnable("sandbox.reset", title="Reset the sandbox")
def reset_sandbox_as_job(run: Run) -> str:
    """Old made-up businesses leave, new ones come with records; each is screened, and its score follows."""
    run.step("Emptying the sandbox")
    empty_sandbox(at=run.at)
    run.step("Making up businesses")
    seed = SEED + Business.register.filter(is_made_up=True).count()
    end = run.at.astimezone(IST).date() - timedelta(days=1)
    frames = wallets.demo_world(businesses=BUSINESSES, months=MONTHS, seed=seed, end=end)
    businesses = fill_sandbox(rows=frames["businesses"].to_dicts(), at=run.at)
    numbers = frames["businesses"]["business"].to_list()
    keys = {number: business.pk for number, business in zip(numbers, businesses, strict=True)}
    wallets.load_records(frames={name: _stored(frames[name], keys) for name in RECORDS})
    for done, business in enumerate(businesses):
        run.step("Screening and scoring", done=done, total=len(businesses))
        fraud.screen_business(business_id=business.pk, as_of=run.at)
    if Flag.objects.is_on(FlagName.BLOCKCHAIN):
        run.step("Linking made-up wallets")
        wallets.link_sandbox_wallets(user=stand_in(role="owner", at=run.at), at=run.at)
    return f"{len(businesses)} made-up businesses. Their scores follow within seconds."


def _stored(frame: pl.DataFrame, keys: dict[int, int]) -> pl.DataFrame:
    """A frame as the database keeps it: `business` and `counterparty` are database ids."""
    columns = [column for column in ("business", "counterparty") if column in frame.columns]
    return frame.with_columns(pl.col(columns).replace_strict(keys, return_dtype=pl.Int64))
