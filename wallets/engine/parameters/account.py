"""Parameters 1 to 3: how old, how many, how well proved the wallets are."""

from wallets.engine.ledger import Ledger
from wallets.engine.parameters.reading import Reading, Rule, judged
from wallets.engine.pricing import DAY

ACTIVE = 180 * DAY
NEUTRAL_ABOVE = 8


def age(ledger: Ledger, rule: Rule) -> Reading:
    """Days since the first outgoing transaction; dust that strangers send cannot age a wallet."""
    first = min((row.at for row in ledger.outgoing), default=None)
    days = None if first is None else (ledger.as_of - first) / DAY
    return judged(rule, {"days": days}, ledger.synced("native"))


def active_wallets(ledger: Ledger, rule: Rule) -> Reading:
    """Verified wallets with an outgoing transaction in 180 days; those that one funder started count once.

    More than eight say nothing: a person has few wallets, a farm has many.
    """
    verified = {row.address for row in ledger.evidence.wallets if row.verified}
    active = {row.sender for row in ledger.outgoing if row.at > ledger.as_of - ACTIVE} & verified
    clusters = len({_funder(ledger, address) for address in active})
    values: dict[str, float | None] = {"wallets": float(clusters)}
    if clusters > NEUTRAL_ABOVE:
        return Reading(values, None, 0.0)
    return judged(rule, values, ledger.synced("native"))


def _funder(ledger: Ledger, address: str) -> str:
    """Who sent the wallet its first coins; the wallet itself when nobody is known. Own wallets lead to their funder."""
    seen = {address}
    while True:
        received = [row for row in ledger.evidence.transactions if row.recipient == address and row.value and row.ok]
        if not received:
            return address
        address = min(received, key=lambda row: (row.at, row.hash)).sender
        if address not in ledger.own or address in seen:
            return address
        seen.add(address)


def verification(ledger: Ledger, rule: Rule) -> Reading:
    """Share of the held value that lies in verified wallets; without value, share of the wallets."""
    wallets = ledger.evidence.wallets
    verified = {(row.chain, row.address) for row in wallets if row.verified}
    held = [
        ((row.chain, row.address) in verified, ledger.book.usd(row.asset, row.amount, ledger.as_of) or 0.0)
        for row in ledger.evidence.balances
    ]
    total = sum(usd for _, usd in held)
    by_value = sum(usd for proved, usd in held if proved) / total if total else None
    share = by_value if by_value is not None else len(verified) / max(len(wallets), 1)
    return judged(rule, {"share": share}, 1.0)
