from django.urls import path

from lending.views import calculator, loans, officer, owner, portfolio, products, servicing

app_name = "lending"
urlpatterns = [
    path("owner", owner.owner_home, name="owner_home"),
    path("owner/panel", owner.owner_panel, name="owner_panel"),
    path("owner/apply", owner.apply, name="apply"),
    path("owner/calculator", calculator.calculator, name="calculator"),
    path("owner/loans", loans.own_loans, name="own_loans"),
    path("owner/loans/<uuid:loan_id>", loans.own_loan, name="own_loan"),
    path("owner/loans/<uuid:loan_id>/statement.csv", loans.own_statement_csv, name="own_statement_csv"),
    path("owner/loans/<uuid:loan_id>/statement.pdf", loans.own_statement_pdf, name="own_statement_pdf"),
    path("officer/loans", servicing.loans, name="loans"),
    path("officer/loans/<uuid:loan_id>", servicing.loan, name="loan"),
    path("officer/loans/<uuid:loan_id>/statement.csv", servicing.loan_statement_csv, name="loan_statement_csv"),
    path("officer/loans/<uuid:loan_id>/statement.pdf", servicing.loan_statement_pdf, name="loan_statement_pdf"),
    path("officer/loans/<uuid:loan_id>/receipts", servicing.receipt, name="loan_receipt"),
    path("officer/loans/<uuid:loan_id>/requests", servicing.proposal, name="loan_proposal"),
    path("officer/loans/<uuid:loan_id>/requests/<uuid:proposal_id>/answer", servicing.answer, name="loan_answer"),
    path("officer/loans/<uuid:loan_id>/contacts", servicing.contact, name="loan_contact"),
    path(
        "officer/loans/<uuid:loan_id>/complaints/<uuid:grievance_id>/answer",
        servicing.grievance,
        name="grievance_answer",
    ),
    path("officer/collections", servicing.collections, name="collections"),
    path("risk/portfolio", portfolio.portfolio, name="portfolio"),
    path("risk/portfolio.csv", portfolio.portfolio_csv, name="portfolio_csv"),
    path("risk/portfolio.pdf", portfolio.portfolio_pdf, name="portfolio_pdf"),
    path("products", products.products, name="products"),
    path("products/<slug:code>/draft", products.draft, name="product_draft"),
    path("products/versions/<uuid:version_id>/approve", products.approve, name="product_approve"),
    path("products/versions/<uuid:version_id>/discard", products.discard, name="product_discard"),
    path("officer", officer.queue, name="queue"),
    path("officer/panel", officer.queue_panel, name="queue_panel"),
    path("officer/applications/<uuid:application_id>", officer.case, name="case"),
    path("officer/applications/<uuid:application_id>/panel", officer.case_panel, name="case_panel"),
    path("officer/applications/<uuid:application_id>/decisions", officer.decide, name="decide"),
    path("risk/approvals", officer.approvals, name="approvals"),
    path("risk/approvals/panel", officer.approvals_panel, name="approvals_panel"),
]
