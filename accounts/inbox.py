"""The live channel's letter box: tell open pages that something about a business changed.

The message is a hint: a topic and a public id, no numbers and no HTML. Pages fetch what they may see.
"""

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from accounts.models import Business, Job, User

log = structlog.get_logger()

CHANGED = "live.changed"
"""Consumer method that hears a change (Channels reads the dot as an underscore)."""
TOLD = "live.told"
"""Consumer method that hears news for the person behind the connection."""
JOB_MOVED = "live.job"
"""Consumer method that hears of a job's progress."""
JOBS = "jobs"
"""Group of everybody who may watch jobs."""
HOUSE_CHANGED = "live.house"
"""Consumer method that hears a change of the house itself: its models and policies."""
HOUSE = "house"
"""Group of everybody who may look into the models."""
GOODBYE = "live.goodbye"
"""Consumer method that closes the connection of a person who signed out or lost access."""


def business_group(business_id: int) -> str:
    """Group of everybody who watches a business."""
    return f"business.{business_id}"


def person_group(user_id: int) -> str:
    """Group of every open connection of a person."""
    return f"person.{user_id}"


def push(*, topic: str, business_id: int) -> None:
    """Tell everybody who watches the business that `topic` happened to it."""
    public_id = Business.register.values_list("uuid", flat=True).get(pk=business_id)
    _send(business_group(business_id), {"type": CHANGED, "topic": topic, "id": str(public_id)})


def push_person(*, topic: str, user_id: int) -> None:
    """Tell every open page of a person that there is news for them."""
    public_id = User.objects.values_list("uuid", flat=True).get(pk=user_id)
    _send(person_group(user_id), {"type": TOLD, "topic": topic, "id": str(public_id)})


def push_house(*, topic: str) -> None:
    """Tell everybody who may look into the models that `topic` happened to them."""
    _send(HOUSE, {"type": HOUSE_CHANGED, "topic": topic, "id": HOUSE})


def push_job(*, job_id: int) -> None:
    """Tell whoever watches jobs that one moved. A channel layer that is away does not stop the work."""
    public_id = Job.objects.values_list("uuid", flat=True).get(pk=job_id)
    try:
        _send(JOBS, {"type": JOB_MOVED, "topic": "accounts.JobMoved", "id": str(public_id)})
    except (RedisError, OSError) as error:
        log.warning("inbox.layer_away", error=type(error).__name__)


def hang_up(*, user_id: int) -> None:
    """Close every live connection of a person.

    A channel layer that is away does not stop a sign-out: every message is judged anew before it is passed on.
    """
    try:
        _send(person_group(user_id), {"type": GOODBYE})
    except (RedisError, OSError) as error:
        log.warning("inbox.layer_away", error=type(error).__name__)


def _send(group: str, message: dict[str, str]) -> None:
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("CHANNEL_LAYERS is not configured")
    async_to_sync(layer.group_send)(group, message)
