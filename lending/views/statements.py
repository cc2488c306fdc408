"""A loan's statement as a table and as a document."""

import csv
import io
from datetime import datetime

from django.http import HttpResponse

from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.money import format_inr
from lending import selectors
from lending.models import Loan


def statement_csv(loan: Loan) -> HttpResponse:
    """Every change of what is owed, oldest first."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["date", "text", "charged", "paid", "balance"])
    for row in selectors.statement(loan):
        rows.writerow([row.on.isoformat(), row.text, row.charged, row.paid, row.balance])
    headers = {"Content-Disposition": f'attachment; filename="{loan.account_no}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def statement_pdf(loan: Loan, at: datetime) -> HttpResponse:
    """The same on paper, tagged."""
    facts = {
        "account": loan.account_no,
        "borrower": loan.business.legal_name,
        "bank": loan.organisation.name,
        "product": loan.product.name,
        "percent": f"{loan.percent.normalize():f} % a year",
        "owed": format_inr(loan.principal + loan.interest_due + loan.fee_due + loan.penal_due, places=2),
        "until": f"{at.astimezone(IST):%d %b %Y}",
        "rows": [
            [
                f"{row.on:%d %b %Y}",
                row.text,
                format_inr(row.charged, places=2) if row.charged else "",
                format_inr(row.paid, places=2) if row.paid else "",
                format_inr(row.balance, places=2),
            ]
            for row in selectors.statement(loan)
        ],
    }
    document = pdf("lending/statement.typ", facts, at=at)
    headers = {"Content-Disposition": f'attachment; filename="{loan.account_no}.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)
