"""What a suspicious-transaction report is made from, and the report as people read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from accounts.models import Business, User
from accounts.permissions import Capability, can
from creditiq.kernel.clock import IST, moment
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.money import format_inr, from_paise
from creditiq.kernel.wall import named
from fraud.engine import goaml
from fraud.engine.narrative import Fact, Sentence, Transaction, written
from fraud.engine.typologies.registry import what_it_sees
from fraud.models import Case, Cycle, Finding, Ring, StrEdit, StrReport
from fraud.selectors.parties import Party, parties

MOST_LAPS = 20
RING_INDICATORS = ("CIRCULAR_TRADING",)
OTHER_MEANINGS = {
    "CIRCULAR_TRADING": "Circular trading: payments pass through several businesses and most of the money comes back.",
    "OTHER": "Other: the grounds say why, no typology matched.",
}


class Indicator(NamedTuple):
    """A code of the report and what it means."""

    code: str
    meaning: str


@dataclass(frozen=True)
class Material:
    """Facts, transactions by lap, parties and indicator codes; all from stored rows."""

    facts: tuple[Fact, ...]
    laps: Mapping[str, Sequence[Transaction]]
    transactions: tuple[dict[str, str], ...]
    parties: tuple[dict[str, object], ...]
    indicators: tuple[str, ...]

    @property
    def annex(self) -> dict[str, list[dict[str, str]]]:
        """The annex as it is stored with the report."""
        return {"facts": [fact._asdict() for fact in self.facts], "transactions": list(self.transactions)}


class Field(NamedTuple):
    """A field of the FINGate form with what goes into it."""

    name: str
    value: str


@dataclass(frozen=True)
class StrView:
    """A report as people read, edit and file it."""

    report: StrReport
    sentences: tuple[Sentence, ...]
    text: str
    fields: tuple[Field, ...]
    edits: tuple[StrEdit, ...]
    may_file: bool
    wrote: bool
    indicators: tuple[Indicator, ...]


def is_principal_officer(user: User) -> bool:
    """Whether somebody files reports for the house: the duty of the principal officer."""
    return can(user, Capability.FILE_REPORT)


def meaning(code: str) -> str:
    """What an indicator code says, in a sentence; of a typology what its file says it sees."""
    return OTHER_MEANINGS.get(code) or what_it_sees(code.lower())


def material_of(case: Case, user: User, at: datetime) -> Material:
    """Everything stored that a report about this case may rest on."""
    cycles = _cycles(case)
    members = sorted({member for cycle in cycles for member in cycle.members} | _members(case))
    known = parties(user, members)
    register = {row.pk: row for row in Business.register.filter(pk__in=members)}
    told = {pk: _entity(number, register.get(pk), known[pk]) for number, pk in enumerate(members, 1)}
    transactions: dict[tuple[str, str], dict[str, str]] = {}
    laps = {f"lap:{cycle.digest}": _lap(cycle, told, transactions) for cycle in cycles}
    findings = _findings(case, at)
    numbered = [Fact(f"F{at}", *rest) for at, rest in enumerate((*_ring_facts(case.ring), *_found(findings)), 1)]
    codes = (*(RING_INDICATORS if case.ring else ()), *(finding.typology.upper() for finding in findings))
    return Material(
        facts=tuple(numbered),
        laps=laps,
        transactions=tuple(transactions.values()),
        parties=tuple(told.values()),
        indicators=tuple(dict.fromkeys(codes)),
    )


def _cycles(case: Case) -> list[Cycle]:
    """The latest laps: of the ring, or those the business took part in."""
    if case.ring is not None:
        rows = Cycle.objects.filter(pk__in=case.ring.evidence)
    else:
        rows = Cycle.objects.touching([case.business_id] if case.business_id else [])
    return sorted(rows.order_by("-ended_at", "pk")[:MOST_LAPS], key=lambda cycle: (cycle.started_at, cycle.pk))


def _members(case: Case) -> set[int]:
    if case.ring is not None:
        return set(named(case.ring.members.filter(current=True)).values_list("business_id", flat=True))
    return {case.business_id} if case.business_id else set()


def _findings(case: Case, at: datetime) -> list[Finding]:
    rows = Finding.objects.filter(business__in=_members(case)).known_at(at)
    latest = rows.order_by("business_id", "typology", "-found_at", "-pk").distinct("business_id", "typology")
    return sorted(latest, key=lambda finding: (finding.typology, finding.pk))


def _entity(number: int, business: Business | None, party: Party) -> dict[str, object]:
    """A party of the report; of one outside, or whom the drafter may not know, only the pseudonym."""
    if business is None or not party.visible:
        nothing = dict.fromkeys(("trade_name", "gstin", "pan", "business"), "")
        return {"id": f"P{number}", "name": party.name, **nothing, "ours": False}
    return {
        "id": f"P{number}", "name": business.legal_name, "trade_name": business.trade_name, "gstin": business.gstin,
        "pan": business.pan, "business": business.sector.replace("_", " "), "ours": True,
    }  # fmt: skip


def _lap(
    cycle: Cycle, told: Mapping[int, dict[str, object]], transactions: dict[tuple[str, str], dict[str, str]]
) -> tuple[Transaction, ...]:
    """The payments of a lap in order; each stands once in `transactions`, whichever lap names it first."""
    found = []
    for edge in cycle.edges:
        key = (str(edge["rail"]), str(edge["reference"]))
        if key not in transactions:
            at = moment(int(edge["occurred_at"])).astimezone(IST)
            transactions[key] = {
                "id": f"T{len(transactions) + 1}",
                "at": f"{at:%d %b %Y, %H:%M}",
                "iso": f"{at:%Y-%m-%dT%H:%M:%S}",
                "rail": key[0],
                "reference": key[1],
                "payer": str(told[int(edge["payer"])]["name"]),
                "payee": str(told[int(edge["payee"])]["name"]),
                "payer_id": str(told[int(edge["payer"])]["id"]),
                "payee_id": str(told[int(edge["payee"])]["id"]),
                "amount": format_inr(from_paise(int(edge["amount_paise"])), 2),
                "rupees": f"{from_paise(int(edge['amount_paise'])):.2f}",
            }
        row = transactions[key]
        found.append(Transaction(*(row[name] for name in Transaction._fields)))
    return tuple(found)


def _ring_facts(ring: Ring | None) -> Iterable[tuple[str, str, str]]:
    """Figures of the ring: what, value, row."""
    if ring is None:
        return
    row = f"ring:{ring.uuid}"
    yield "Businesses in the group", str(named(ring.members.filter(current=True)).count()), row
    yield "Times money went all the way round in 90 days", f"{ring.recurrence:.0f}", row
    yield "Money that went round", format_inr(from_paise(ring.value_paise)), row
    yield "Smallest payment of a lap as a share of its largest", f"{ring.retention:.0%}", row
    yield "Median hours from one payment to the next", f"{ring.hop_hours:.1f}", row
    yield "Share of the payments that invoices or e-way bills explain", f"{ring.goods_support:.0%}", row
    if ring.p_value is not None:
        yield "Share of time-shuffled histories that show as much", f"{ring.p_value:.1%}", row


def _found(findings: Iterable[Finding]) -> Iterable[tuple[str, str, str]]:
    """Findings about the businesses: what, value, row."""
    for finding in findings:
        name = finding.typology.replace("_", " ")
        figures = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in sorted(finding.figures.items()))
        yield f"Pattern “{name}”, strength {finding.score:.2f}", figures or "see the rows", f"finding:{finding.uuid}"


def sentences_of(report: StrReport) -> tuple[Sentence, ...]:
    """The grounds as the engine's sentences."""
    return tuple(Sentence(one["text"], tuple(one["evidence"])) for one in report.grounds)


def stored_grounds(sentences: Iterable[Sentence]) -> list[dict[str, object]]:
    """The grounds as they are stored."""
    return [asdict(one) | {"evidence": list(one.evidence)} for one in sentences]


def annex_texts(report: StrReport) -> dict[str, str]:
    """What each id of the annex says, in one text: numbers of the grounds have to stand there."""
    rows = [*report.annex["facts"], *report.annex["transactions"]]
    return {row["id"]: " ".join(str(value) for name, value in row.items() if name != "id") for row in rows}


def visible_report(*, user: User, report_id: UUID) -> StrReport:
    """A report of a case of the person's organisation. Raises NotVisible."""
    people = ("case", "case__ring", "case__organisation", "drafted_by", "edited_by", "filed_by")
    report = StrReport.objects.visible_to(user).select_related(*people).filter(uuid=report_id).first()
    if report is None:
        raise NotVisible
    return report


def str_view(*, user: User, report_id: UUID) -> StrView:
    """One report with its form fields and the history of its grounds. Raises NotVisible."""
    report = visible_report(user=user, report_id=report_id)
    edits = tuple(report.edits.select_related("by").order_by("-at", "-pk"))
    writers = {report.drafted_by_id, *(edit.by_id for edit in edits)}
    sentences = sentences_of(report)
    return StrView(
        report=report,
        sentences=sentences,
        text=written(sentences),
        fields=form_fields(report),
        edits=edits,
        may_file=report.state == "draft" and user.pk not in writers and is_principal_officer(user),
        wrote=user.pk in writers,
        indicators=tuple(Indicator(code, meaning(code)) for code in report.indicators),
    )


def form_fields(report: StrReport) -> tuple[Field, ...]:
    """The fields of FIU-IND's form for suspicious transactions, by their printed names.

    What we cannot know is said so; nothing is guessed.
    """
    main = report.parties[0] if report.parties else {"name": ""}
    total = sum((Decimal(row["rupees"]) for row in report.annex["transactions"]), Decimal(0))
    return (
        Field("Report type", "Suspicious Transaction Report (STR)"),
        Field("Reporting entity", f"{report.case.organisation.name}, number {settings.FIU_ENTITY_ID}"),
        Field("Our reference", report.number),
        Field("Main person or entity", str(main["name"])),
        Field("Other parties", str(max(len(report.parties) - 1, 0))),
        Field("Source of alert", "Transaction monitoring"),
        Field("Suspicion due to proceeds of crime", "Not known"),
        Field("Suspicion due to complex transactions", "Yes"),
        Field("Suspicion due to no economic rationale", "Yes" if report.case.ring else "Not known"),
        Field("Suspicion of financing of terrorism", "Not known"),
        Field("Attempted transaction", "No"),
        Field("Details of investigation", f"Case {report.case.number}"),
        Field("Law enforcement informed", "No information received"),
        Field("Report coverage", "Complete for the transactions of the annex"),
        Field("Transactions in the annex", str(len(report.annex["transactions"]))),
        Field("Sum of the transactions", format_inr(total, 2)),
    )


def submission_of(report: StrReport, by: User, at: datetime) -> goaml.Submission:
    """The report as goAML takes it, filed by `by`."""
    ends = {
        str(one["id"]): goaml.Entity(**{name: value for name, value in one.items() if name != "id"})
        for one in report.parties
    }
    return goaml.Submission(
        entity_id=settings.FIU_ENTITY_ID,
        reference=report.number,
        submitted_at=f"{at.astimezone(IST):%Y-%m-%dT%H:%M:%S}",
        first_name=by.first_name,
        last_name=by.last_name,
        occupation="Principal officer",
        reason=" ".join(sentence.text for sentence in sentences_of(report)),
        action=f"Case {report.case.number}",
        payments=[
            goaml.Payment(
                number=row["id"], reference=row["reference"], at=row["iso"], rail=row["rail"], amount=row["rupees"],
                payer=ends[row["payer_id"]], payee=ends[row["payee_id"]],
            )
            for row in report.annex["transactions"]
        ],
        indicators=report.indicators,
    )  # fmt: skip
