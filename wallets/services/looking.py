"""Looking at a file reads evidence, so it names the consent it reads under."""

from datetime import datetime
from uuid import UUID

from accounts.models import ConsentAct, User
from accounts.services import record_look
from wallets.models import Upload
from wallets.selectors import visible_upload


def open_upload(*, upload_id: UUID, by: User, at: datetime) -> Upload:
    """An upload of a business the person may see, and the look on record. Raises NotVisible."""
    upload = visible_upload(user=by, upload_id=upload_id)
    record_look(business=upload.business, act=ConsentAct.UPLOAD, target=f"upload:{upload_id}", by=by, at=at)
    return upload
