"""Account Aggregator deposit JSON: the same schema with members for attributes."""

from collections.abc import Iterator

from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.deposit.entries import Row, parse_rows, row_of
from wallets.engine.importers.documents import as_text, elements, members, read_json
from wallets.engine.importers.rejections import Parsed, unreadable


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The bank_entries frame of a deposit document: an account, or a list of accounts."""
    return parse_rows(_rows(content), Context(as_of, own_gstin, watch))


def _rows(content: bytes) -> Iterator[Row]:
    found = list(_accounts(read_json(content)))
    if not found:
        raise unreadable("deposit.account", "The file holds no “account”; it is no deposit document.")
    for pointer, account in found:
        part, transactions = _either(account, "transactions", "Transactions")
        name, listed = _either(members(transactions), "transaction", "Transaction")
        about = {key: as_text(value) for key, value in account.items()}
        for place, transaction in enumerate(elements(listed)):
            texts = {key: as_text(value) for key, value in members(transaction).items()}
            yield row_of(about, texts, f"{pointer}/{part}/{name}/{place}")


def _accounts(document: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Pointer and members of every account: under `account`, in a list of such, or the document itself."""
    listed = enumerate(elements(document)) if isinstance(document, list) else [("", document)]
    for place, value in listed:
        base = f"/{place}" if isinstance(document, list) else ""
        name, account = _either(members(value), "account", "Account")
        if isinstance(account, dict):
            yield f"{base}/{name}", account
        elif isinstance(account, list):
            yield from ((f"{base}/{name}/{number}", members(each)) for number, each in enumerate(account))
        elif "transactions" in members(value) or "Transactions" in members(value):
            yield base, members(value)


def _either(value: dict[str, object], *names: str) -> tuple[str, object]:
    """The first of the names that is a member, and its value."""
    return next(((name, value[name]) for name in names if name in value), (names[0], None))
