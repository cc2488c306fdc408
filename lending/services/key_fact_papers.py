"""The key fact statement as it is read: in the borrower's language, with the figures of one plan."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from creditiq.kernel.money import format_inr
from lending.engine.keyfacts import KeyFacts
from lending.engine.products import ProductTerms
from lending.models import LoanApplication

NAMES: Mapping[str, str] = {
    "Processing fee": gettext_noop("Processing fee"),
    "Paying late": gettext_noop("Paying late"),
    "Paying early": gettext_noop("Paying early"),
    "fixed": gettext_noop("fixed"),
    "floating": gettext_noop("floating"),
    "Engaging recovery agents": gettext_noop("Engaging recovery agents"),
    "Grievance redressal officer": gettext_noop("Grievance redressal officer"),
    "Transfer of the loan to others": gettext_noop("Transfer of the loan to others"),
    "not stated by the lender": gettext_noop("not stated by the lender"),
}
"""What the engine calls things, so that the catalogues know the words."""


def statement_document(
    application: LoanApplication, product: ProductTerms, facts: KeyFacts, until: datetime, language: str
) -> dict[str, object]:
    """Everything on the statement as text, in `language`; `words` are the labels of the paper.

    The digest is of the figures and the English clauses: it is one and the same in every language.
    """
    with override(language):
        return {
            "number": application.number,
            "borrower": application.business.legal_name,
            "bank": application.organisation.name,
            "product": _(application.product.name),
            "language": language,
            "valid_until": _day(until.date()),
            **_figures(facts),
            "contingent": _contingent(product),
            "part_two": [[_(name), _(words)] for name, words in facts.part_two.rows],
            "cooling_off_days": facts.cooling_off_days,
            "hash": facts.hash,
            "terms": product.document(),
            "words": _words(facts),
        }


def _figures(facts: KeyFacts) -> dict[str, object]:
    sheet = facts.sheet
    rate = _("%(normalize)s %% a year") % {"normalize": f"{facts.percent.normalize():f}"}
    return {
        "principal": format_inr(facts.principal, places=2),
        "months": facts.months,
        "instalments": facts.instalments,
        "percent": f"{rate}, {_(facts.rate_type)}",
        "instalment": format_inr(facts.instalment, places=2),
        "first_due": _day(facts.first_due),
        "net": format_inr(sheet.net_disbursed, places=2),
        "interest": format_inr(sheet.interest, places=2),
        "fees": [[_(fee.name), format_inr(fee.charge.total, places=2)] for fee in facts.fees],
        "repaid": format_inr(sheet.repaid, places=2),
        "apr": f"{sheet.apr} %",
        "schedule": [
            [
                _day(row.due),
                *(format_inr(part, places=2) for part in (row.principal, row.interest, row.balance)),
            ]
            for row in facts.schedule
        ],
    }


def _contingent(product: ProductTerms) -> list[list[str]]:
    penal, early = product.penal_percent, product.prepayment_percent
    late = _("%(percent)s %% a year on what is overdue, plus tax; no interest on it")
    ahead = _("%(percent)s %% of what is paid early") % {"percent": f"{early.normalize():f}"} if early else _("nothing")
    return [
        [_("Paying late"), late % {"percent": f"{penal.normalize():f}"}],
        [_("Paying early"), ahead],
    ]


def _words(facts: KeyFacts) -> dict[str, str]:
    """The labels and sentences of the paper."""
    term = _("%(months)s months, %(instalments)s instalments")
    leave = _(
        "You may leave the loan within %(days)s days of the payment: you then pay back the principal and the annual "
        "percentage rate for those days, nothing else."
    )
    return {
        "title": _("Key fact statement"),
        "whole": _("The whole loan on one sheet. Charges that are not in it need your consent."),
        "borrower": _("Borrower"),
        "lender": _("Lender"),
        "loan": _("Loan"),
        "amount": _("Loan amount"),
        "net": _("You receive"),
        "term": _("Term"),
        "term_said": term % {"months": facts.months, "instalments": facts.instalments},
        "rate": _("Interest rate"),
        "instalment": _("Instalment"),
        "first_due": _("First instalment"),
        "apr": _("Annual percentage rate"),
        "valid_until": _("Offer open until"),
        "sheet": _("What the annual percentage rate is computed from"),
        "interest": _("Interest in all"),
        "tax_included": _("tax included"),
        "repaid": _("You repay"),
        "contingent": _("Charges that only arise when something happens"),
        "leave": leave % {"days": facts.cooling_off_days},
        "part_two": _("Recovery, complaints and transfer"),
        "schedule": _("Repayment schedule"),
        "due": _("Due"),
        "principal": _("Principal"),
        "interest_part": _("Interest"),
        "left": _("Left to repay"),
        "digest": _("Digest of this statement"),
    }


def _day(day: date) -> str:
    return date_format(day, "j M Y", use_l10n=False)
