"""The people of a business: invite a colleague, leave, hand over."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts import audit
from accounts.events import MembershipChanged
from accounts.models import Business, Invitation, Membership, Role, User
from accounts.services.mails import letter_in, write_mail
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish

INVITATION_LIFE = timedelta(days=7)
ASKED = _(
    "{name} asks you to speak for {business}.\n\n"
    "Sign in or sign up with this address, then accept within seven days:\n{link}"
)
SALT = "accounts.invitation"
MOST_OPEN = 20


class UnableToJoin(ApplicationError):
    """The invitation opens nothing (any more)."""

    code = "unable_to_join"


class UnableToLeave(ApplicationError):
    """Somebody must speak for the business."""

    code = "unable_to_leave"


def invite_member(*, business: Business, email: str, by: User, at: datetime, origin: str) -> Invitation:
    """Ask a colleague to speak for the business too; the letter holds the only key."""
    _require_member(business, by)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput("This is not an e-mail address.", field="email", rule="email.invalid") from error
    with transaction.atomic(durable=True):
        waiting = Invitation.objects.filter(business=business, accepted_at=None, withdrawn_at=None, expires_at__gt=at)
        if waiting.count() >= MOST_OPEN:
            raise UnableToJoin(f"{MOST_OPEN} invitations wait already. Withdraw one first.")
        waiting.filter(email=address).update(withdrawn_at=at)
        invitation = Invitation.objects.create(
            business=business, email=address, invited_by=by, invited_at=at, expires_at=at + INVITATION_LIFE
        )
        key = signing.dumps(str(invitation.uuid), salt=SALT)
        letter = letter_in(
            by.language, address, _("Join {business}"), ASKED, name=by.get_full_name(), business=business.trade_name,
            link=f"{origin}/account/invitations/{key}",
        )  # fmt: skip
        write_mail(letter=letter, at=at)
        audit.record("member.invited", target=business, at=at, by=by, payload={"invitation": invitation.uuid})
    return invitation


def withdraw_invitation(*, invitation_id: UUID, by: User, at: datetime) -> None:
    """Take an invitation back."""
    with transaction.atomic(durable=True):
        mine = Invitation.objects.filter(business__in=Business.objects.of(by).values("pk"), uuid=invitation_id)
        if not mine.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=at):
            raise NotVisible
        target = f"accounts.invitation:{invitation_id}"
        audit.record("member.invitation_withdrawn", target=target, at=at, by=by)


def accept_invitation(*, key: str, by: User, at: datetime) -> Membership:
    """Join by the key of a letter; only with the address it was sent to. Raises UnableToJoin."""
    if by.organisation_id is not None:
        raise Forbidden("Staff of an organisation speak for no business.")
    try:
        named = signing.loads(key, salt=SALT, max_age=INVITATION_LIFE)
    except signing.BadSignature as error:
        raise UnableToJoin("This invitation has run out. Ask for a new one.") from error
    with transaction.atomic(durable=True):
        rows = Invitation.objects.select_for_update(of=("self",)).select_related("business")
        invitation = rows.filter(uuid=named, accepted_at=None, withdrawn_at=None, expires_at__gt=at).first()
        if invitation is None or invitation.email != by.email:
            raise UnableToJoin("This invitation has run out, was taken back, or was sent to another address.")
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        business = invitation.business
        membership, _ = Membership.objects.get_or_create(user=by, business=business, defaults={"since": at})
        User.objects.filter(pk=by.pk, role=Role.INDIVIDUAL).update(role=Role.MSME_OWNER)
        audit.record("membership.created", target=business, at=at, by=by, payload={"member": by.uuid})
        publish(MembershipChanged(business_id=business.pk))
    return membership


def leave_business(*, business: Business, by: User, at: datetime, heir_id: UUID | None = None) -> None:
    """Stop speaking for a business. The last one cannot; who hands over names the colleague who stays (`heir_id`)."""
    with transaction.atomic(durable=True):
        Business.register.select_for_update().get(pk=business.pk)
        _require_member(business, by)
        others = Membership.objects.filter(business=business).exclude(user=by)
        if not others.exists():
            raise UnableToLeave("You are the only one who speaks for this business. Invite somebody first.")
        if heir_id is not None and not others.filter(user__uuid=heir_id, user__is_active=True).exists():
            raise NotVisible
        Membership.objects.filter(business=business, user=by).delete()
        if not Membership.objects.filter(user=by).exists():
            User.objects.filter(pk=by.pk, role=Role.MSME_OWNER).update(role=Role.INDIVIDUAL)
        payload = {"member": by.uuid, "heir": heir_id}
        audit.record("membership.ended", target=business, at=at, by=by, payload=payload)
        publish(MembershipChanged(business_id=business.pk))


def _require_member(business: Business, user: User) -> None:
    if not Membership.objects.filter(business=business, user=user).exists():
        raise NotVisible
