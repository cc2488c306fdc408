"""Account Aggregator deposit JSON: the same schema with members for attributes."""

from collections.abc import Iterator

from wallets.engine.importers.columns import Context, Watch, unwatched
from wallets.engine.importers.deposit.accounts import Account, with_accounts
from wallets.engine.importers.deposit.entries import Row, parse_rows, row_of
from wallets.engine.importers.documents import as_text, elements, members, read_json
from wallets.engine.importers.rejections import Parsed, unreadable


def parse(content: bytes, *, as_of: int, own_gstin: str, watch: Watch = unwatched) -> Parsed:
    """The bank_entries frame of a deposit document: an account, or a list of accounts."""
    told: list[Account] = []
    parsed = parse_rows(_rows(content, told, own_gstin[2:12]), Context(as_of, own_gstin, watch))
    return with_accounts(parsed, told, as_of=as_of)


def _rows(content: bytes, told: list[Account], own_pan: str) -> Iterator[Row]:
    found = list(_accounts(read_json(content)))
    if not found:
        raise unreadable("deposit.account", "The file holds no “account”; it is no deposit document.")
    for pointer, account in found:
        part, transactions = _either(account, "transactions", "Transactions")
        name, listed = _either(members(transactions), "transaction", "Transaction")
        about = _texts(account)
        told.append(_described(account, Account(about, pointer, own_pan)))
        for place, transaction in enumerate(elements(listed)):
            yield row_of(about, _texts(transaction), f"{pointer}/{part}/{name}/{place}")


def _described(account: dict[str, object], found: Account) -> Account:
    """The account with its profile and summary taken in."""
    _, summary = _either(account, "summary", "Summary")
    _, pending = _either(members(summary), "pending", "Pending")
    _, profile = _either(account, "profile", "Profile")
    _, holders = _either(members(profile), "holders", "Holders")
    _, people = _either(members(holders), "holder", "Holder")
    for name, value in (("Summary", summary), ("Holders", holders)):
        found.element(name, _texts(value))
    for name, value in (("Holder", people), ("Pending", pending)):
        for each in elements(value) or ([value] if isinstance(value, dict) else []):
            found.element(name, _texts(each))
    return found


def _texts(value: object) -> dict[str, str]:
    return {key: as_text(text) for key, text in members(value).items()}


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
