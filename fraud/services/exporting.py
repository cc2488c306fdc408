"""The queues of fraud work as CSV files; who took one along is kept."""

import csv
import io
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from fraud.selectors.queue_files import FILES, Asked, Cell

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet would run or break at."""


def export_queue(*, queue: str, asked: Asked, by: User, at: datetime) -> str:
    """The rows of one share of a queue that the person may see. Raises Forbidden."""
    require(by, Capability.VIEW_FRAUD)
    made = FILES[queue](by, asked, at)
    with transaction.atomic(durable=True):
        payload = {"queue": queue, "share": asked.share, "lines": len(made.lines)}
        audit.record("queue.exported", target=by, by=by, at=at, payload=payload)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(made.headings)
    writer.writerows([_inert(cell) for cell in line] for line in made.lines)
    return out.getvalue()


def _inert(cell: Cell) -> Cell:
    """Texts stay texts in a spreadsheet, whatever a business calls itself."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(LIVE) else cell
