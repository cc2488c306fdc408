"""Policy versions: drafted, held against the portfolio, published by a second person, live at a date."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from statistics import fmean, stdev

from accounts.models import Business, PolicySection, PolicyVersion, User
from accounts.permissions import Capability, require
from accounts.services import discard_policy, draft_policy, publish_draft
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.wall import named
from fraud import selectors as fraud_selectors
from fraud import services as fraud
from lending.engine.dossier import Dossier
from lending.engine.leaves import changes
from lending.engine.policy import LendingPolicy, MalformedPolicy
from lending.engine.verdict import Verdict, evaluate
from lending.models import LoanApplication
from lending.selectors.dossiers import dossier
from lending.selectors.policies import policy_at
from lending.selectors.policy_versions import SECTIONS, document_in_force
from scoring import selectors as score_selectors
from scoring import services as scoring
from scoring.models import ScoreRun
from scoring.services import Rescored

MOST_SAMPLED = 300
Z_95 = 1.96
NO_NUMBER = "without a number"
CLEAR = "clear"
SUSPECTED = "suspected of a ring"


@dataclass(frozen=True)
class Simulation:
    """What a document would do to the portfolio as it stands.

    `moves` counts (band before, band after); for the fraud section (clear or suspected before, after). `effect` is
    rupees of working-capital and term limits over all businesses with a number, from a sample of `sampled`; `low` and
    `high` are its 95 % interval.
    """

    businesses: int
    changed: int
    moves: tuple[tuple[str, str, int], ...]
    applications: int
    flips: tuple[tuple[str, str, str], ...]
    sampled: int
    effect: Decimal
    low: Decimal
    high: Decimal


def write_policy(*, section: str, document: Mapping[str, object], by: User, at: datetime) -> PolicyVersion:
    """Draft the next version of a section. Raises Forbidden, NotVisible, InvalidInput naming the entry."""
    require(by, Capability.WRITE_POLICY)
    checked = check_document(section, document)
    if not changes(document_in_force(section, at), checked):
        raise InvalidInput("This is what holds already: change an entry.", field="document", rule="policy.unchanged")
    return draft_policy(section=section, document=checked, author=by, at=at)


def publish_version(*, section: str, version: int, by: User, live_from: datetime, at: datetime) -> PolicyVersion:
    """Put a draft in force. Raises Forbidden, NotVisible, UnableToPublish."""
    require(by, Capability.WRITE_POLICY)
    _edited_here(section)
    return publish_draft(section=section, version=version, approver=by, live_from=live_from, at=at)


def discard_version(*, section: str, version: int, by: User, at: datetime) -> None:
    """Throw a draft away. Raises Forbidden, NotVisible."""
    require(by, Capability.WRITE_POLICY)
    _edited_here(section)
    discard_policy(section=section, version=version, by=by, at=at)


def _edited_here(section: str) -> None:
    if section not in SECTIONS:
        raise NotVisible


def check_document(section: str, document: Mapping[str, object]) -> Mapping[str, object]:
    """The document as its section reads it. Raises NotVisible, InvalidInput naming the entry."""
    _edited_here(section)
    if section == PolicySection.FRAUD:
        return fraud_selectors.written_out(document)
    if section == PolicySection.SCORING:
        return score_selectors.written_out(document)
    try:
        LendingPolicy.from_document(document)
    except MalformedPolicy as wrong:
        message = f"{wrong.entry} is missing or not of the expected kind."
        raise InvalidInput(message, field=wrong.entry, rule="policy.entry") from wrong
    return document


def simulate_policy(*, section: str, document: Mapping[str, object], by: User, at: datetime) -> Simulation:
    """Hold the portfolio against a document; nothing is stored. Raises NotVisible, InvalidInput, NoChampion.

    Totals are over everybody, whoever asks; applications are those that the person may see.
    """
    checked = check_document(section, document)
    if section == PolicySection.FRAUD:
        return _screened_again(checked, by, at)
    rules = policy_at(at).policy
    if section == PolicySection.LENDING:
        return _simulated(_Comparison(_newest_runs(), {}, rules, LendingPolicy.from_document(checked), at), by)
    found = {each.business_id: each for each in scoring.rescore(document=checked, as_of=at)}
    return _simulated(_Comparison(_newest_runs(), found, rules, rules, at), by)


def _screened_again(document: Mapping[str, object], by: User, at: datetime) -> Simulation:
    """Who would be suspected of a ring and who no longer, and whose open applications that touches; limits stay."""
    tried = fraud.try_policy(document=document, as_of=at)
    suspected, clear = (CLEAR, SUSPECTED), (SUSPECTED, CLEAR)
    moved = dict.fromkeys(tried.newly, suspected) | dict.fromkeys(tried.cleared, clear)
    counted = [(way, found) for way, found in ((suspected, tried.newly), (clear, tried.cleared)) if found]
    applications = list(LoanApplication.objects.visible_to(by).undecided().order_by("pk"))
    return Simulation(
        businesses=tried.businesses,
        changed=len(moved),
        moves=tuple((*way, len(found)) for way, found in counted),
        applications=len(applications),
        flips=tuple((each.number, *moved[each.business_id]) for each in applications if each.business_id in moved),
        sampled=tried.businesses,
        effect=Decimal(0),
        low=Decimal(0),
        high=Decimal(0),
    )


@dataclass(frozen=True)
class _Comparison:
    """Both policies and both sets of numbers, with every business's newest run."""

    runs: Mapping[int, ScoreRun]
    rescored: Mapping[int, Rescored]
    rules: LendingPolicy
    other: LendingPolicy
    at: datetime

    def verdicts(self, business: Business, application: LoanApplication | None = None) -> tuple[Verdict, Verdict]:
        """Under the policies in force and under the other ones."""
        run, told = self.runs.get(business.pk), self.rescored.get(business.pk)
        facts = dossier(business=business, run=run, at=self.at, application=application)
        before, after = (facts, facts) if told is None else (_with(facts, told.before), _with(facts, told.after))
        return evaluate(before, self.rules), evaluate(after, self.other)

    def flips(self, applications: Iterable[LoanApplication]) -> Iterator[tuple[str, str, str]]:
        """Number, outcome before and outcome after of those whose verdict changes."""
        for application in applications:
            before, after = self.verdicts(application.business, application)
            if before.outcome != after.outcome:
                yield application.number, before.outcome, after.outcome

    def moves(self) -> Counter[tuple[str, str]]:
        """Band before and after of those that change it."""
        bands = ((each.before.band, each.after.band) for each in self.rescored.values())
        return Counter((before or NO_NUMBER, after or NO_NUMBER) for before, after in bands if before != after)


def _simulated(compared: _Comparison, by: User) -> Simulation:
    numbered = [run for key, run in compared.runs.items() if run.score is not None or key in compared.rescored]
    moves = compared.moves()
    waiting = LoanApplication.objects.visible_to(by).undecided()
    applications = list(waiting.select_related("business", "product").order_by("pk"))
    sample = numbered[:: max(1, math.ceil(len(numbered) / MOST_SAMPLED))]
    verdicts = [compared.verdicts(run.business) for run in sample]
    effect, margin = _extrapolated([_limits(after) - _limits(before) for before, after in verdicts], len(numbered))
    return Simulation(
        businesses=len(numbered),
        changed=moves.total(),
        moves=tuple((before, after, count) for (before, after), count in sorted(moves.items())),
        applications=len(applications),
        flips=tuple(compared.flips(applications)),
        sampled=len(sample),
        effect=effect,
        low=effect - margin,
        high=effect + margin,
    )


def _newest_runs() -> dict[int, ScoreRun]:
    runs = named(ScoreRun.objects.latest_of_each()).select_related("business", "consent", "model_version")
    return {run.business_id: run for run in runs}


def _with(facts: Dossier, numbers: scoring.Numbers) -> Dossier:
    chance = None if numbers.pd is None else Decimal(repr(numbers.pd)).quantize(Decimal("0.00000001"))
    told = replace(facts.score, status=numbers.status, score=numbers.score, pd=chance, band=numbers.band or None)
    return replace(facts, score=told)


def _limits(verdict: Verdict) -> Decimal:
    return verdict.limit.working_capital.amount + verdict.limit.term_loan.amount


def _extrapolated(gaps: Sequence[Decimal], population: int) -> tuple[Decimal, Decimal]:
    """Total over the population and the half width of its 95 % interval, with the finite population correction."""
    if not gaps:
        return Decimal(0), Decimal(0)
    floats = [float(gap) for gap in gaps]
    left_out = max(1.0 - len(floats) / population, 0.0)
    half = Z_95 * population * (stdev(floats) if len(floats) > 1 else 0.0) * math.sqrt(left_out / len(floats))
    return Decimal(round(fmean(floats) * population)), Decimal(round(half))
