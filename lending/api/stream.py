"""The states of a score request as server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from uuid import UUID

from channels.db import database_sync_to_async
from rest_framework.renderers import BaseRenderer, JSONRenderer

from accounts.models import User
from creditiq.kernel.clock import now
from creditiq.kernel.errors import NotVisible
from lending import selectors
from lending.api.serializers import ScoreOut

PAUSE = 0.1
"""Seconds between two looks at the request."""
LONGEST = 60.0
"""Seconds after which a stream ends; the browser's EventSource comes back by itself and gets the last state."""


class EventStream(BaseRenderer):
    """Lets a client ask for text/event-stream; refusals are still JSON."""

    media_type = "text/event-stream"
    format = "sse"

    def render(
        self, data: object, accepted_media_type: str | None = None, renderer_context: Mapping[str, object] | None = None
    ) -> bytes:
        """A problem document, the only thing rendered here."""
        return JSONRenderer().render(data)


async def score_events(*, user: User, task_id: UUID, longest: float = LONGEST) -> AsyncIterator[bytes]:
    """The state at once, then each change as an event `state`; the last one is `end`. Bounded in time."""
    clock = asyncio.get_running_loop()
    until, told = clock.time() + longest, ""
    while True:
        try:
            view = await database_sync_to_async(selectors.score_view)(user=user, task_id=task_id, at=now())
        except NotVisible:
            return
        if view.status != told:
            told = view.status
            yield _event("end" if view.final else "state", view)
        if view.final or clock.time() >= until:
            return
        await asyncio.sleep(PAUSE)


def _event(name: str, view: selectors.ScoreView) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + JSONRenderer().render(ScoreOut(view).data) + b"\n\n"
