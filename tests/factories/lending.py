"""Products, scores and applications: as small as the tables allow."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts.selectors import live_consent, platform
from lending.models import LoanApplication, LoanProduct
from scoring.models import ModelVersion, RunStatus, ScoreRun
from tests.factories.accounts import BankFactory, BusinessFactory, ConsentFactory, OwnerFactory

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
REASON = {
    "code": "filing", "feature": "gst_filing_compliance_rate", "label": "Returns filed on time",
    "direction": "decreases_risk", "points": 34.0, "value": 0.92, "value_text": "92 %", "peer_text": "90 %",
    "sentence": "Returns filed on time raised the score.", "advice": "", "together": [], "top": True,
}  # fmt: skip
BAD_REASON = REASON | {
    "code": "cash", "feature": "cash_buffer_days", "label": "Cash buffer", "direction": "increases_risk",
    "points": -21.0, "value": 12.0, "value_text": "12 days", "sentence": "A thin cash buffer lowered the score.",
    "advice": "Keep more cash.",
}  # fmt: skip


class ProductFactory(DjangoModelFactory[LoanProduct]):
    class Meta:
        model = LoanProduct
        django_get_or_create = ("code",)

    code = "WC-CC"
    name = "Working capital"
    facility = "working_capital"
    least_amount = Decimal(50_000)
    most_amount = Decimal(5_000_000)
    least_months = 3
    most_months = 12


class ModelVersionFactory(DjangoModelFactory[ModelVersion]):
    class Meta:
        model = ModelVersion
        django_get_or_create = ("version",)

    version = "test-1"
    digest = "d" * 64
    lock = "l" * 64
    metrics = factory.LazyFunction(dict)
    card = "A card."


class ScoreRunFactory(DjangoModelFactory[ScoreRun]):
    """A complete score of 714, read under the business's consent to the platform."""

    class Meta:
        model = ScoreRun

    class Params:
        thin = factory.Trait(
            status=RunStatus.INSUFFICIENT, score=None, low=None, high=None, pd=None, band="", points=None,
            base_points=None, waterfall=[], reasons=[], contributions={},
            gaps=[{"kind": "upi_payments", "label": "UPI payments", "use": "They show money that arrives."}],
        )  # fmt: skip

    business = factory.SubFactory(BusinessFactory)
    cause = factory.Sequence(lambda number: f"test:{number}")
    as_of = AT
    status = RunStatus.COMPLETE
    score = 714
    low = 688
    high = 741
    pd = 0.0128
    band = "low_risk"
    points = 713.6
    base_points = 700.6
    vector = factory.LazyFunction(dict)
    contributions = factory.LazyFunction(lambda: {"gst_filing_compliance_rate": 34.0, "cash_buffer_days": -21.0})
    waterfall = factory.LazyFunction(
        lambda: [
            {key: row[key] for key in ("feature", "label", "value", "value_text", "peer_text", "points", "direction")}
            | {"peer": peer}
            for row, peer in ((REASON, 0.9), (BAD_REASON, 25.0))
        ]
    )
    reasons = factory.LazyFunction(lambda: [dict(REASON), dict(BAD_REASON)])
    gaps = factory.LazyFunction(list)
    coverage = 0.8
    maturity_months = 14
    model_version = factory.SubFactory(ModelVersionFactory)
    lock = "l" * 64
    screening_id = 1
    snapshot = b'{"score":714}'
    sha256 = hashlib.sha256(b'{"score":714}').hexdigest()

    @factory.lazy_attribute
    def consent(self):
        """The consent live at the moment of reading, made when there is none."""
        found = live_consent(business_id=self.business.pk, organisation_id=platform().pk, at=self.as_of)
        return found or ConsentFactory(business=self.business, organisation=platform())


class ApplicationFactory(DjangoModelFactory[LoanApplication]):
    """A request for ten lakh to a bank that has the business's consent."""

    class Meta:
        model = LoanApplication
        skip_postgeneration_save = True

    number = factory.Sequence(lambda number: f"LA-F-{number:06d}")
    business = factory.SubFactory(BusinessFactory)
    organisation = factory.SubFactory(BankFactory)
    product = factory.SubFactory(ProductFactory)
    amount = Decimal(1_000_000)
    months = 12
    purpose = "Yarn for the season"
    state = "under_review"
    opened_at = AT
    submitted_at = AT
    opened_by = factory.SubFactory(OwnerFactory)

    @factory.post_generation
    def consent(self, create, extracted, **kwargs):
        """The bank may see the business."""
        if live_consent(business_id=self.business.pk, organisation_id=self.organisation.pk, at=AT) is None:
            ConsentFactory(business=self.business, organisation=self.organisation)
