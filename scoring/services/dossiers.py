"""What a score stands on: the business, the live consent, the screening, the policy and the evidence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from django.db import transaction

from accounts.models import Business, Consent, ConsentAct, PolicySection, PolicyVersion, User
from accounts.selectors import NoPolicy, live_consent, platform, policy
from accounts.services import record_look
from scoring.engine.appraisal import Appraisal, Bench, Subject, appraise, without_consent
from scoring.engine.estimating import Estimate, estimates_of
from scoring.engine.explain import NO_ESTIMATES
from scoring.engine.measure import Vector
from scoring.engine.paper_card import Card
from scoring.engine.permitted import RANGED, Floats, reasons, shared_by, withhold
from scoring.engine.policy import ScoringPolicy
from scoring.models import ModelVersion, ScoreRun
from scoring.services.amnesties import Changed, relief_of
from scoring.services.cards import answering
from scoring.services.measuring import STREAMS, measure_one
from scoring.services.screenings import block_of, block_of_screening
from scoring.services.shadows import Seen, Serving, first_in_service
from wallets import selectors as wallet_selectors
from wallets import services as wallet_services
from wallets.selectors import NoLiveConsent


@dataclass(frozen=True)
class Standing:
    """Everything named in a run besides the numbers; `evidence` is empty without consent."""

    business: Business
    serving: Serving
    as_of: datetime
    consent: Consent | None
    policy_version: PolicyVersion | None
    screening_id: int | None
    evidence: Mapping[str, pa.Table]
    network: pa.Table | None

    @property
    def version(self) -> ModelVersion:
        """The version that answers."""
        return self.serving.version

    @property
    def answered_by(self) -> str:
        """By its model, or by its points table."""
        return self.serving.answered_by

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of evidence that may be read."""
        return tuple(self.consent.kinds) if self.consent else ()

    @property
    def withheld(self) -> tuple[str, ...]:
        """Notes of what the consent keeps back: kinds, and whatever happened outside its range."""
        ranged = (RANGED,) if self.consent and self.consent.has_range else ()
        return (*reasons(self.kinds), *ranged)

    @property
    def rows(self) -> dict[str, int]:
        """How many records there are, by stream."""
        return {stream: self.evidence[stream].num_rows for stream in STREAMS}

    @property
    def shared(self) -> tuple[str, ...]:
        """The kinds of evidence that an estimate may rest on."""
        return shared_by(self.withheld, self.rows)

    @property
    def policy(self) -> ScoringPolicy:
        """The policy's frozen values."""
        return policy_of(self.policy_version)

    @property
    def bench(self) -> Bench:
        """Card, name and policy of this standing."""
        card = answering(self.version, self.answered_by)
        return Bench(card, self.version.version, self.policy)


def standing_of(business: Business, serving: Serving, as_of: datetime, consents_at: datetime | None = None) -> Standing:
    """As known at `as_of`, under the latest screening and the consent live then.

    `consents_at` is for those who look back: what is agreed to no more at that moment is not read either.
    """
    consent = _agreed(business, as_of, consents_at or as_of)
    policy_version = policy_at(as_of)
    if consent is None:
        return Standing(business, serving, as_of, None, policy_version, None, {}, None)
    with transaction.atomic():
        wallet_services.lock_evidence(business.pk, shared=True)
        evidence = wallet_selectors.evidence(business_id=business.pk, as_of=as_of, consent=consent)
        block = block_of(business.pk, as_of)
    screening_id = block.screenings[business.pk]
    return Standing(business, serving, as_of, consent, policy_version, screening_id, evidence, block.table)


def _agreed(business: Business, as_of: datetime, consents_at: datetime) -> Consent | None:
    """What the owner lets the platform read at both moments; None while there is no consent at one of them."""
    house = platform().pk
    then = live_consent(business_id=business.pk, organisation_id=house, at=as_of)
    if then is None or consents_at == as_of:
        return then
    still = live_consent(business_id=business.pk, organisation_id=house, at=consents_at)
    return then.within(still) if still else None


def standing_again(run: ScoreRun) -> Standing:
    """What a stored run stood on, read again: its consent, policy and screening, and evidence as of its moment."""
    serving = Serving(run.model_version, run.answered_by)
    known = (run.business, serving, run.as_of, run.consent, run.policy_version, run.screening_id)
    if run.consent is None:
        return Standing(*known, {}, None)
    evidence = wallet_selectors.evidence(business_id=run.business_id, as_of=run.as_of, consent=run.consent)
    return Standing(*known, evidence, block_of_screening(run.business_id, run.screening_id).table)


def policy_at(as_of: datetime) -> PolicyVersion | None:
    """The scoring section in force; None before the first was published, when the defaults hold."""
    try:
        return policy(PolicySection.SCORING, as_of)
    except NoPolicy:
        return None


def policy_of(version: PolicyVersion | None) -> ScoringPolicy:
    """The frozen values of a stored policy."""
    return ScoringPolicy.from_document(version.document) if version else ScoringPolicy()


def subject_of(standing: Standing, rows: Mapping[str, int], notes: tuple[str, ...] = ()) -> Subject:
    """The business in the engine's words, with its `rows` per stream and the notes of its measurement."""
    return Subject(
        gstin=standing.business.gstin,
        sector=standing.business.sector,
        deals_in_goods=standing.business.deals_in_goods,
        as_of=standing.as_of,
        rows=rows,
        consent=str(standing.consent.uuid) if standing.consent else None,
        screening=standing.screening_id,
        policy=standing.policy_version.version if standing.policy_version else None,
        notes=(*notes, *standing.withheld) if standing.consent else notes,
        state_code=str(standing.business.state_code),
        size=standing.business.size,
    )


def appraise_one(standing: Standing) -> Appraisal:
    """The pure answer from a standing."""
    if standing.consent is None or standing.network is None:
        return without_consent(standing.bench, subject_of(standing, {}))
    vector = measure_one(standing.evidence, standing.network, standing.as_of)
    subject = subject_of(standing, standing.rows, vector.notes)
    row = permitted_row(standing, vector)
    return appraise(standing.bench, [subject], vector.names, row, _relief(standing, vector, row))[0]


def _relief(standing: Standing, vector: Vector, row: Floats) -> Floats | None:
    """The row under the amnesty in force; None while there is none."""
    amnesty = policy_of(standing.policy_version).relief
    if amnesty is None or standing.network is None:
        return None
    network, as_of = standing.network, standing.as_of

    def again(returns: pa.Table) -> Floats:
        measured = measure_one({**standing.evidence, "gst_returns": returns}, network, as_of)
        return permitted_row(standing, measured)

    return relief_of(vector.names, row, amnesty, Changed(standing.evidence["gst_returns"], as_of, again))


def permitted_row(standing: Standing, vector: Vector) -> Floats:
    """The measured values as a row (1, m); NaN where missing, and where the consent does not carry the feature."""
    return withhold(vector.names, np.array([vector.values], dtype=np.float64), [standing.kinds])


def completed_row(standing: Standing, vector: Vector, card: Card) -> Floats:
    """The same (f,) in the order of `card`, with what its version tells of it."""
    cells = [subject_of(standing, {}).cell]
    return np.asarray(card.complete(vector.names, permitted_row(standing, vector), cells)[0], dtype=np.float64)


def seen(standing: Standing, appraisal: Appraisal) -> Seen:
    """What versions in shadow may look at."""
    return Seen(appraisal.vector, subject_of(standing, {}).cell, appraisal.shared)


@dataclass(frozen=True)
class Measured:
    """The vector of a business as programs read it; `notes` say which kinds were not shared, so why values lack.

    `imputed` has what stands in for missing values of a thin GST file: value and spread by feature.
    """

    gstin: str
    as_of: datetime
    lock: str
    features: Mapping[str, float | None]
    notes: tuple[str, ...]
    imputed: Mapping[str, Estimate]


def read_features(*, business: Business, as_of: datetime, by: User, at: datetime) -> Measured:
    """The same for a person, with the look on record: of the past, what is agreed to at `at` as well.

    Raises as `measure_business` does.
    """
    measured = measure_business(business=business, as_of=as_of, consents_at=at)
    record_look(business=business, act=ConsentAct.FEATURES, target=f"features:{business.uuid}", by=by, at=at)
    return measured


def measure_business(*, business: Business, as_of: datetime, consents_at: datetime | None = None) -> Measured:
    """Every feature of the business as known at `as_of`, those of the model by the one in service.

    Raises NoLiveConsent without a consent live then (and at `consents_at`), NoChampion while no model serves,
    BrokenModel.
    """
    standing = standing_of(business, first_in_service(), as_of, consents_at)
    if standing.consent is None or standing.network is None:
        raise NoLiveConsent("There is no live consent to read this evidence.")
    vector = measure_one(standing.evidence, standing.network, as_of)
    card = standing.bench.card
    row = completed_row(standing, vector, card)
    found = estimates_of(card, row, standing.shared)
    values = {name: None if math.isnan(cell) else cell for name, cell in zip(card.names, row.tolist(), strict=True)}
    notes = (*vector.notes, *standing.withheld)
    return Measured(business.gstin, as_of, vector.lock, values, notes, found.columns if found else NO_ESTIMATES)
