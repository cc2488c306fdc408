"""Keeping what a statement says of its accounts, beside its entries."""

from collections.abc import Sequence
from dataclasses import asdict

from creditiq.kernel.clock import moment
from wallets.engine.importers.accounts import AccountTold
from wallets.models import BankAccount, Upload
from wallets.services.records import database_time


def keep_accounts(upload: Upload, accounts: Sequence[AccountTold]) -> int:
    """One row for each account of a file, in the transaction that stores its entries; how many."""
    at = database_time()
    told = {it.account: it for it in accounts}
    rows = [
        BankAccount(
            **asdict(it) | {"balance_at": None if it.balance_at is None else moment(it.balance_at)},
            upload=upload,
            business_id=upload.business_id,
            received_at=at,
        )
        for it in told.values()
    ]
    return len(BankAccount.objects.bulk_create(rows))
