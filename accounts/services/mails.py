"""Letters: written with the act that causes them, sent afterwards."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail as send
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from accounts.events import MailWritten
from accounts.models import Language, Mail
from creditiq.kernel.events import publish

SIGNED = _("You get this letter because somebody used this address with us. If it was not you, do nothing.")


@dataclass(frozen=True)
class Letter:
    """Whom it is for and what it says, in one language; plain text, one link at most."""

    to: str
    subject: str
    text: str
    language: str = Language.ENGLISH


def letter_in(language: str, to: str, subject: str, text: str, **facts: str) -> Letter:
    """A letter in a language: `subject` and `text` are marked texts, filled in with the facts."""
    with override(language):
        return Letter(to, gettext(subject).format_map(facts)[:160], gettext(text).format_map(facts), language)


def write_mail(*, letter: Letter, at: datetime) -> Mail:
    """Put a letter on its way, in the caller's transaction."""
    with override(letter.language):
        text = f"{letter.text}\n\nCreditIQ\n{gettext(SIGNED)}"
    mail = Mail.objects.create(to=letter.to, subject=letter.subject, text=text, language=letter.language, written_at=at)
    publish(MailWritten(mail_id=mail.pk))
    return mail


def send_mail(*, mail_id: int, at: datetime) -> None:
    """Send a letter that is not sent yet; outside the demo its text is wiped then."""
    with transaction.atomic(durable=True):
        mail = Mail.objects.select_for_update().filter(pk=mail_id, sent_at__isnull=True).first()
        if mail is None:
            return
        html = render_to_string("accounts/letter.html", {"mail": mail})
        send(mail.subject, mail.text, None, [mail.to], html_message=html)
        mail.sent_at = at
        if not settings.DEMO:
            mail.text = ""
        mail.save(update_fields=["sent_at", "text"])
