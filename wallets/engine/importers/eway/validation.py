"""The e-way bill bulk file (version 1.0.0621) against every field rule and cross-field rule.

`{"version": …, "billLists": [bill, …]}`. A bill with an error is invalid; warnings tell what the sheet leaves open.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from wallets.engine.importers.columns import DAY, IST, Watch, unwatched
from wallets.engine.importers.documents import elements, members, read_json
from wallets.engine.importers.eway import amounts, parties, transport
from wallets.engine.importers.eway.bills import ERROR, WARNING, Bill, Breach, Finding, Today
from wallets.engine.importers.eway.fields import BILL, ITEM, breaches
from wallets.engine.importers.rejections import MOST_KEPT, unreadable

VERSION = "1.0.0621"
MOST_BILLS = 50_000
WATCHED = 1_000
"""Bills between two looks at how far it is."""
_EPOCH = date(1970, 1, 1).toordinal()

RULES: tuple[Callable[[Bill, Today], Iterator[Breach]], ...] = (
    parties.user, parties.combination, amounts.untaxed_documents, amounts.slabs, amounts.heads, amounts.abroad,
    amounts.totals, transport.part_b, parties.places, parties.journeys, transport.goods, transport.pin_codes,
    transport.dates, transport.lengths,
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """A bill, its place in the file from 1, and everything found about it."""

    number: int
    bill: Bill
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """No error; warnings do not count."""
        return all(finding.level != ERROR for finding in self.findings)


@dataclass(frozen=True)
class Report:
    """All bills judged; those of the file (bill 0) first.

    `findings` holds the first error of every invalid bill, and others as long as they are MOST_KEPT at most in all;
    `findings_truncated` says that some were left out.
    """

    bills: int
    valid: int
    invalid: int
    findings: tuple[Finding, ...]
    findings_truncated: bool


def validate(content: bytes, *, as_of: int, special_zone: Iterable[str] = ()) -> Report:
    """Judge every bill of a bulk file as of a moment (microseconds).

    `special_zone`: GSTINs known to lie in a special economic zone. Raises UnreadableFile.
    """
    found, verdicts = judge(content, Today(indian_day(as_of), frozenset(special_zone)))
    valid = sum(verdict.valid for verdict in verdicts)
    everything = [*found, *(finding for verdict in verdicts for finding in verdict.findings)]
    kept = _kept(everything)
    return Report(len(verdicts), valid, len(verdicts) - valid, kept, len(kept) < len(everything))


def _kept(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """In their order, what a report has room for; no invalid bill goes without a rule it breaks."""
    first: dict[int, int] = {}
    for place, finding in enumerate(findings):
        if finding.level == ERROR:
            first.setdefault(finding.bill, place)
    told = set(first.values())
    others = (place for place in range(len(findings)) if place not in told)
    told.update(islice(others, max(0, MOST_KEPT - len(told))))
    return tuple(findings[place] for place in sorted(told))


def judge(content: bytes, today: Today, watch: Watch = unwatched) -> tuple[tuple[Finding, ...], tuple[Verdict, ...]]:
    """Findings about the file and the verdict on each bill. Raises UnreadableFile."""
    document = members(read_json(content))
    bills = document.get("billLists")
    if not isinstance(bills, list):
        raise unreadable("eway.bills", "The file holds no “billLists”; export the bulk e-way bill JSON.")
    if len(bills) > MOST_BILLS:
        raise unreadable("file.lines", f"More than {MOST_BILLS:,} bills; split the file.")
    verdicts = tuple(_verdicts(bills, today, watch))
    return (*_version(document), *_shared_totals(verdicts)), verdicts


def _verdicts(bills: list[object], today: Today, watch: Watch) -> Iterator[Verdict]:
    for number, value in enumerate(bills, 1):
        yield _verdict(number, value, today)
        if number % WATCHED == 0:
            watch(number)


def indian_day(moment: int) -> date:
    """The date in India at a moment in microseconds.

    >>> indian_day(1_794_000_000_000_000)
    datetime.date(2026, 11, 7)
    """
    return date.fromordinal(_EPOCH + (moment + IST) // DAY)


def _version(document: dict[str, object]) -> Iterator[Finding]:
    if document.get("version") != VERSION:
        message = f"The rules are those of version {VERSION}; this file names another or none."
        yield Finding(0, "file.version", WARNING, message, "/version")


def _verdict(number: int, value: object, today: Today) -> Verdict:
    where = f"/billLists/{number - 1}"
    if not isinstance(value, dict):
        return Verdict(number, Bill({}), (Finding(number, "bill.object", ERROR, "A bill is an object.", where),))
    formal = list(_formal(value))
    bill = _reliable(value, {breach.field for breach in formal if breach.level == ERROR})
    crossed = [breach for rule in RULES for breach in rule(bill, today)]
    missing = {breach.field for breach in formal if breach.level == ERROR}
    told = [*formal, *(breach for breach in crossed if breach.field not in missing)]
    return Verdict(number, bill, tuple(_placed(number, where, breach) for breach in told))


def _placed(number: int, where: str, breach: Breach) -> Finding:
    return Finding(number, breach.rule, breach.level, breach.message, f"{where}/{breach.field}")


def _formal(values: dict[str, object]) -> Iterator[Breach]:
    """Field rules of the bill and of each item."""
    yield from breaches(values, BILL)
    for place, item in enumerate(elements(values.get("itemList"))):
        if isinstance(item, dict):
            yield from breaches(item, ITEM, f"itemList/{place}/")
        else:
            yield Breach("item.object", "An item is an object.", f"itemList/{place}")


def _reliable(values: dict[str, object], faulty: set[str]) -> Bill:
    """The bill without its malformed members, so that cross-field rules only judge what can be read."""
    kept = {name: value for name, value in values.items() if name not in faulty}
    kept["itemList"] = [
        {name: part for name, part in members(item).items() if f"itemList/{place}/{name}" not in faulty}
        for place, item in enumerate(elements(kept.get("itemList")))
    ]
    return Bill(kept)


def _shared_totals(verdicts: tuple[Verdict, ...]) -> Iterator[Finding]:
    """Rule 9: consignments of one invoice show the same invoice total."""
    totals: dict[tuple[str, ...], str] = {}
    for verdict in verdicts:
        bill = verdict.bill
        key = (bill.parties[0], bill.text("docType"), bill.text("docNo"), bill.text("docDate"))
        if bill.has("docNo") and totals.setdefault(key, bill.text("totInvValue")) != bill.text("totInvValue"):
            message = "Another bill for the same document shows another invoice total."
            where = f"/billLists/{verdict.number - 1}/totInvValue"
            yield Finding(verdict.number, "rule.9.shared_total", WARNING, message, where)
