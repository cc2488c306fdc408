"""Words of plain Python that an owner reads, named here so that translators find them (`told` of display).

Figures are taken out: {1} is the first of a sentence. What other modules name themselves is not repeated.
"""

from django.utils.translation import gettext_noop as _

AMOUNTS = (_("lakh"), _("crore"))
LOANS = (
    _("Working capital"),
    _("Term loan"),
    _("No yearly turnover was shared"),
    # xgettext:no-python-format
    _("{1} % of digital and {2} % of other yearly turnover"),
    # xgettext:no-python-format
    _("{1} % of yearly turnover"),
    _("Expected loss the bank accepts on one borrower"),
    _("Largest amount for the score band"),
    _("Not offered to this band"),
    _("Repayment capacity at {1} times the service"),
    _("No cash flow or no score to judge it by"),
    _("No probability of default"),
    _("No score band"),
    _("MUDRA Shishu or Kishor only"),
    _("Confirmed circular payments"),
    _("Payments under review"),
    _("CGTMSE eligible up to {1}"),
    _("CGTMSE not eligible"),
    _("CGTMSE not known yet"),
    _("MUDRA eligible up to {1}"),
    _("MUDRA not eligible"),
    _("MUDRA not known yet"),
    _("principal"),
    _("interest"),
    _("fee"),
    _("penal"),
    _("Repaid as scheduled"),
    _("Closed early"),
    _("Left within the cooling-off days"),
    _("Settled for less"),
)
STATEMENT = (
    _("Loan paid out"),
    _("Interest due"),
    _("Fee"),
    _("Penal charge"),
    _("Payment received, thank you"),
    _("Charges waived"),
    _("Taken off the books"),
    _("Paid back to you"),
    _("Interest joined to the principal"),
    _("Recovered"),
    _("Interest for the days used"),
    _("Part prepayment"),
)
WAY = (
    _("Sent to the bank"),
    _("Screening began"),
    _("Screened, and scored"),
    _("With a loan officer"),
    _("The bank asked"),
    _("The owner answered"),
    _("Recommended"),
    _("Read by a credit analyst"),
    _("Sanctioned"),
    _("Left in the cooling-off days"),
    _("Withdrawn"),
    _("The offer ended"),
)
GAPS = (
    _("GST sales invoices"),
    _("They show your sales and how many customers you have."),
    _("They show that you file on time, one of the strongest signals."),
    _("They show money that really arrives, week by week."),
    _("Bank statement"),
    _("It shows your cash buffer and that instalments are met."),
    _("They show that goods really move with your invoices."),
    _("Your consent"),
    _("Without a live consent nothing may be read. Granting it lets a score be made from what you share."),
    _("Recent records"),
    _("What is shared is too old to speak of today. Newer GST, UPI or bank records let a score be made."),
    _("A longer record"),
    _("{1} months of activity are needed; we can see {2}."),
)
FORMS = (
    _("E-mail"),
    _("Password"),
    _("The e-mail or the password is wrong."),
    _("Who may see it"),
    _("Kinds of evidence"),
    _("Choose at least one kind of evidence."),
    _("Purpose"),
    _("For how long"),
    _("{1} months"),
    _("Loan"),
    _("Bank"),
    _("Banks that may read your evidence."),
    _("Amount in rupees"),
    _("Months"),
    _("What the money is for"),
    _("What it is"),
    _("File"),
    _("PDF, PNG or JPEG, up to {1} MB."),
    _("What is wrong"),
)
DISPUTES = (
    _("A reason of my score"),
    _("A record that is wrong or not mine"),
    _("My business is being held"),
    _("What is it about?"),
    _("Which one?"),
    _("The reason as it stands in the report, or the number of the record. Not needed for a hold."),
    _("What is wrong, and how it really is"),
    _("Documents"),
    _("Up to five PDF, PNG or JPEG files of at most 10 MiB each."),
    _("What you want to add"),
)
REMINDERS = (
    _("Upcoming"),
    _("Due"),
    _("Overdue"),
    _("Completed"),
)
FILES = (
    _("Tables (CSV, XLSX or Parquet after a template)"),
    _("Official files"),
    _("e-way bills"),
    _("Account Aggregator deposit"),
    _("rows over the API"),
    _("GSTR-1 (JSON from the GST portal)"),
    _("GSTR-2B (JSON from the GST portal)"),
    _("GSTR-3B (JSON from the GST portal)"),
    _("Bank account through an Account Aggregator (XML or JSON)"),
    _("e-way bills may also come as the portal's bulk JSON (version 1.0.0621)."),
    _("What the file holds"),
    _("When lines are wrong"),
    _("All lines or none"),
    _("Take the valid lines, report the rest"),
    _("At most a million lines; CSV in UTF-8, comma-separated, with the template's header."),
)
CALCULATOR = (
    _("Repayment"),
    _("Level instalments"),
    _("Equal parts of principal"),
    _("Flat interest"),
    _("Principal at the end"),
    # xgettext:no-python-format
    _("Rate, % a year"),
    _("Fees in rupees, tax included"),
)
MATCHES = (
    _("Invoices"),
    _("Receipts"),
    _("{1}–{2} days"),
    _("over {1} days"),
)
CLAIMS = (
    _("Code to the registered contact"),
    _("Waiting for proof"),
    _("Granted"),
    _("Disputed"),
)
