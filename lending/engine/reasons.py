"""The coded reasons of a decision: one list for the policy, the officer's form, the letter and the audit."""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """Whether a reason speaks for a loan or against it."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """`title` is for staff; `statement` is what the applicant reads; `chosen` marks the ones only a person may give."""

    code: str
    effect: Effect
    title: str
    statement: str
    chosen: bool = False


class UnknownReason(ValueError):
    """A reason code that is not on the list."""

    def __init__(self, code: str) -> None:
        super().__init__(f"there is no reason with the code {code!r}")
        self.code = code


# An adverse action names its principal reasons and no more than four of them.
MOST_STATED = 4

# The statement for a hold must not tip anybody off about an investigation.
_AGAINST = (
    ("fraud.confirmed", "Confirmed circular payments", "Payments in the shared records could not be relied on."),
    ("fraud.hold", "Payments under review", "Some payments in the shared records still have to be verified."),
    ("fraud.unscreened", "Payments not screened yet", "The payments in the shared records still have to be looked at."),
    (
        "evidence.insufficient",
        "Too little evidence for a score",
        "The records shared so far are too few to assess the business.",
    ),
    (
        "evidence.turnover",
        "Turnover not known",
        "No GST turnover of the last twelve months was shared.",
    ),
    (
        "evidence.flows",
        "Cash flow not known",
        "No bank or UPI records were shared from which repayment capacity could be seen.",
    ),
    ("score.band", "Score below the policy", "The credit score is below what this product asks for."),
    ("capacity.short", "Repayment capacity below policy", "The cash flow after costs does not cover the instalments."),
    ("amount.above_limit", "Amount above the limit", "The amount asked for is above the limit for the business."),
    ("term.too_long", "Tenor above the policy", "The repayment period asked for is longer than this score allows."),
    ("product.outside", "Outside the product", "The amount or period does not fit the product applied for."),
    ("vintage.short", "Business too young", "The business has been registered for less than twelve months."),
    ("filing.gaps", "Filing gaps", "More than two of the last twelve GST returns were not filed."),
    ("filing.unknown", "Filing record not known", "The GST filing record was not shared."),
)
_FOR = (
    ("score.meets", "Score meets the policy", "The credit score meets what this product asks for."),
    ("capacity.sufficient", "Repayment capacity is sufficient", "The cash flow covers the instalments with a margin."),
    ("amount.within_limit", "Amount within the limit", "The amount asked for is within the limit for the business."),
    ("filing.regular", "Returns filed regularly", "GST returns were filed regularly."),
)
_CHOSEN_AGAINST = (
    ("documents.unverified", "Documents could not be verified", "Documents in the application could not be verified."),
    ("purpose.not_financed", "Purpose not financed", "The stated purpose is not one that is financed."),
    ("debt.existing", "Existing debt too high", "Existing loan obligations are too high for a further loan."),
    ("applicant.withdrew", "Applicant withdrew", "The application was withdrawn by the applicant."),
)
_CHOSEN_FOR = (
    ("relationship.good", "Good conduct with the bank", "Earlier dealings with the bank were in order."),
    ("orders.confirmed", "Confirmed orders seen", "Confirmed orders support the amount asked for."),
)


def _listed(effect: Effect, rows: tuple[tuple[str, str, str], ...], *, chosen: bool) -> dict[str, ReasonCode]:
    return {code: ReasonCode(code, effect, title, statement, chosen) for code, title, statement in rows}


REASONS: dict[str, ReasonCode] = {
    **_listed(Effect.AGAINST, _AGAINST, chosen=False),
    **_listed(Effect.FOR, _FOR, chosen=False),
    **_listed(Effect.AGAINST, _CHOSEN_AGAINST, chosen=True),
    **_listed(Effect.FOR, _CHOSEN_FOR, chosen=True),
}


def reason(code: str) -> ReasonCode:
    """The reason with this code.

    Raises UnknownReason.

    >>> reason("score.band").effect.value
    'against'
    """
    if code not in REASONS:
        raise UnknownReason(code)
    return REASONS[code]


def statements(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences of an adverse-action letter: the reasons against, in the given order, four at most."""
    against = [reason(code).statement for code in codes if reason(code).effect is Effect.AGAINST]
    return tuple(against[:MOST_STATED])
