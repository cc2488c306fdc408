"""Looking at a file reads evidence, so it names the consent it reads under."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import ConsentAct, User
from accounts.services import record_look
from creditiq.kernel.errors import Forbidden, NotVisible
from wallets.models import Rejection, Upload
from wallets.selectors import grounds, refusals, visible_upload


def open_upload(*, upload_id: UUID, by: User, at: datetime) -> Upload:
    """An upload of a business the person may see, and the look on record.

    Raises NotVisible, for a bank also where its consent does not name the kind of record that the file holds.
    """
    upload = visible_upload(user=by, upload_id=upload_id)
    if _of_a_bank(by) and upload.kind not in grounds(user=by, business=upload.business, at=at).kinds:
        raise NotVisible
    record_look(business=upload.business, act=ConsentAct.UPLOAD, target=f"upload:{upload_id}", by=by, at=at)
    return upload


def open_refusals(*, upload_id: UUID, by: User, at: datetime) -> QuerySet[Rejection]:
    """The refused lines of an upload, and the look on record.

    Raises NotVisible as `open_upload`, Forbidden for a bank that is shared evidence of some time only.
    """
    upload = open_upload(upload_id=upload_id, by=by, at=at)
    consent = grounds(user=by, business=upload.business, at=at).consent
    if _of_a_bank(by) and consent is not None and consent.has_range:
        raise Forbidden("A refused line is of no day, and the owner shares evidence of certain days with you.")
    return refusals(upload)


def _of_a_bank(person: User) -> bool:
    return person.organisation is not None and not person.organisation.is_platform
