"""What people are told, by topic, in the language of whoever reads it.

A notice is kept as its topic and facts; its words are found when it is read. Letters are worded as they are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from accounts.models import Business, Notification


@dataclass(frozen=True)
class Notice:
    """A piece of news ready for somebody: words, the page it is about, and whether it is worth a letter."""

    topic: str
    title: str
    text: str
    path: str
    by_mail: bool


@dataclass(frozen=True)
class Told:
    """A notice of the tray in the words of its reader."""

    uuid: UUID
    topic: str
    title: str
    text: str
    path: str
    business: Business | None
    happened_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Wording:
    """The words of one topic; `{business}` and the like are filled in."""

    path: str
    by_mail: bool
    title: str
    text: str


WORDINGS: Mapping[str, Wording] = {
    "scoring.ScoreIssued": Wording(
        "/owner/score",
        True,
        _("Your score is ready"),
        _("{business} has a new score. The report says what raised and what lowered it."),
    ),
    "lending.DecisionMade": Wording(
        "/owner",
        True,
        _("News of your loan application"),
        _("A bank has decided on the application of {business}. Read it with its reasons."),
    ),
    "accounts.ConsentRequested": Wording(
        "/owner/consents",
        True,
        _("A bank asks for your records"),
        _("{organisation} asks to see records of {business}. You decide; nothing is shared until you say yes."),
    ),
    "accounts.ConsentGranted": Wording(
        "/owner/consents",
        True,
        _("You share records"),
        _("{organisation} may see what you chose of {business}. You can take it back at any time."),
    ),
    "accounts.ConsentWithdrawn": Wording(
        "/owner/consents",
        True,
        _("You took your consent back"),
        _("{organisation} may not read records of {business} any more."),
    ),
    "accounts.ConsentExpired": Wording(
        "/owner/consents",
        True,
        _("A consent has ended"),
        _("{organisation} may not read records of {business} any more, because the time you gave is over."),
    ),
    "consent.expiring": Wording(
        "/owner/consents",
        True,
        _("A consent ends soon"),
        _("What {organisation} may see of {business} ends on {day}. Give a new consent if you want it to go on."),
    ),
    "accounts.ClaimDisputed": Wording(
        "/owner/people",
        True,
        _("Somebody is disputed"),
        _("A person who speaks for {business} disputes a newcomer. An administrator looks at it."),
    ),
    "accounts.MembershipChanged": Wording(
        "/owner/people",
        True,
        _("Who speaks for your business has changed"),
        _("Look at the people of {business}. If somebody should not be there, dispute it."),
    ),
    "accounts.KycVerified": Wording(
        "/owner/kyc",
        True,
        _("Your business is verified"),
        _("The identity check of {business} is done. See when it is due again."),
    ),
    "kyc.refused": Wording(
        "/owner/kyc",
        True,
        _("A paper has to be sent again"),
        _("{what} of {business} was not accepted: {why}"),
    ),
    "kyc.soon": Wording(
        "/owner/kyc",
        True,
        _("The identity check is due again soon"),
        _("Renew the identity check of {business} by {day}."),
    ),
    "kyc.late": Wording(
        "/owner/kyc",
        True,
        _("The identity check has run out"),
        _("It was due on {day}. {business} cannot take a new loan until it is renewed."),
    ),
    "wallets.UploadRefused": Wording(
        "/owner/evidence",
        False,
        _("A file could not be read"),
        _("A file of {business} was not taken in. The page says which lines to mend."),
    ),
    "wallet.claim_lost": Wording(
        "/wallets",
        True,
        _("Somebody else proved a wallet of yours"),
        _("{wallet} was proved by somebody else with its key. You watch it from now on. If it is yours, sign again."),
    ),
    "wallet.claim_won": Wording(
        "/wallets",
        False,
        _("A wallet is yours now"),
        _("{wallet} was proved by somebody else before. Your signature is newer: the proof is yours, and they know."),
    ),
    "reminder.soon": Wording(
        "/reminders",
        True,
        _("{what} is due soon"),
        _("{what} of {business} is due on {day}."),
    ),
    "reminder.today": Wording(
        "/reminders",
        True,
        _("{what} is due today"),
        _("{what} of {business} is due today, {day}."),
    ),
    "reminder.overdue": Wording(
        "/reminders",
        True,
        _("{what} is overdue"),
        _("{what} of {business} was due on {day}. Mark it as done if it is."),
    ),
    "scoring.ModelSuspended": Wording(
        "/analyst/models",
        True,
        _("A model was suspended"),
        _("It answers no more. The page of models says why, and what answers in its place."),
    ),
    "scoring.DriftFound": Wording(
        "/analyst/signals",
        True,
        _("The model's figures moved"),
        _("The weekly reading found figures far from training. Look at the signals."),
    ),
    "scoring.PolicyTakenUp": Wording(
        "/risk/policies",
        False,
        _("A scoring policy is in force"),
        _("Every business was scored under it."),
    ),
    "session.new": Wording(
        "/account/security",
        True,
        _("A new sign-in to your account"),
        _("Somebody signed in from {address} with {browser}. If it was not you, end it and change your password."),
    ),
    "api_key.made": Wording(
        "/account/keys",
        True,
        _("An API key was made"),
        _("The key “{key}” can now act in your name. If you did not make it, revoke it."),
    ),
    "breach.told": Wording(
        "/account/data",
        False,  # the letter says everything, and everybody gets it
        _("Your data was touched by a breach"),
        _("{breach}. What happened and what you can do is in a letter to you."),
    ),
    "breach.clock": Wording(
        "/admin/breaches/{id}",
        True,
        _("The clock of a breach runs out"),
        _("The report on “{breach}” is due to the Board by {due} IST."),
    ),
    "data_request.answered": Wording(
        "/account/data",
        True,
        _("Your request about your data was answered"),
        _("Read the answer on the page of your data."),
    ),
    "dispute.resolved": Wording(
        "/owner/disputes/{dispute}",
        True,
        _("Your dispute was answered"),
        _("What {business} disputed was looked at. Read the answer with its reason."),
    ),
    "dispute.asked": Wording(
        "/owner/disputes/{dispute}",
        True,
        _("There is a question about your dispute"),
        _("Answer it, so that the dispute of {business} can go on."),
    ),
    "application.asked": Wording(
        "/owner/applications/{application}",
        True,
        _("The bank needs something more"),
        _("There is a question about the application of {business}. The clock stands still until you answer."),
    ),
    "loan.disbursed": Wording(
        "/owner/loans/{loan}",
        True,
        _("Your loan was paid out"),
        _("The bank paid out {account} to {business}. The page shows every instalment."),
    ),
    "approval.decided": Wording(
        "/approvals/{approval}",
        False,
        _("Your request was answered"),
        _("{what}: {state}."),
    ),
    "webhook.disabled": Wording(
        "/account/webhooks/{webhook}",
        True,
        _("We stopped calling a webhook"),
        _("{url}: {why} What it missed can be sent again from its page."),
    ),
    "job.ended": Wording(
        "/admin/jobs/{job}",
        False,
        _("{what} has ended"),
        _("{state}. {message}"),
    ),
    "loan.statement": Wording(
        "/owner/loans/{loan}",
        True,
        _("Your loan statement is ready"),
        _("The statement of {account} up to {day} is on the page of the loan."),
    ),
    "collection.ready": Wording(
        "/officer/collections",
        False,
        _("Overdue loans of today"),
        _("{count} loans are overdue. The queue shows who to talk to first."),
    ),
    "application.late": Wording(
        "/officer/applications/{application}",
        True,
        _("An application is late"),
        _("{business} should have had an answer by {day}. Decide it, or hand it to somebody who can."),
    ),
    "grievance.late": Wording(
        "/officer/loans/{loan}",
        True,
        _("A complaint is late"),
        _("The complaint about {account} should have been answered by {day}."),
    ),
    "case.late": Wording(
        "/risk/cases/{case}",
        True,
        _("A case is late"),
        _("{number} should have been closed by {day}. Take it on, or assign it."),
    ),
    "data_request.due": Wording(
        "/admin/data-requests",
        True,
        _("Requests about data wait"),
        _("{count} requests are open whose time ends within 48 hours or is over. Answer them."),
    ),
    "retention.planned": Wording(
        "/admin/retention",
        False,
        _("Records are past their time"),
        _("{count} records may be forgotten from {day}, once two administrators agree."),
    ),
    "model.performance": Wording(
        "/analyst/signals",
        False,
        _("The quarter's look at the model"),
        _("{known} outcomes are known by now, {bad} of them defaults. The figures stand beside the model."),
    ),
    "model.validation_due": Wording(
        "/analyst/models",
        True,
        _("A model is due for validation"),
        _("{version} was last validated on {day}. A validation holds for a year."),
    ),
    "model.never_validated": Wording(
        "/analyst/models",
        True,
        _("A model was never validated here"),
        _("{version} serves, and nobody of this house has validated it."),
    ),
    "house.failing": Wording(
        "/health",
        True,
        _("A part of the house does not work"),
        _("{parts}: the check failed. The health page says more."),
    ),
}


def worded(topic: str, *, language: str, facts: Mapping[str, str]) -> Notice:
    """The notice of a topic in a language. Raises KeyError for a topic or fact that is missing."""
    wording = WORDINGS[topic]
    with override(language):
        title, text = gettext(wording.title).format_map(facts), gettext(wording.text).format_map(facts)
    return Notice(topic, title[:160], text[:500], wording.path.format_map(facts), wording.by_mail)


def told(news: Notification, language: str) -> Told:
    """A notice in a language; one whose facts were not kept, or whose topic is no more, in the words it came in."""
    title, text = news.title, news.text
    if news.facts and news.topic in WORDINGS:
        notice = worded(news.topic, language=language, facts=news.facts)
        title, text = notice.title, notice.text
    return Told(news.uuid, news.topic, title, text, news.path, news.business, news.happened_at, news.read_at)
