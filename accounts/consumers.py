"""The live channel: one connection per open page, of one signed-in person.

A browser arrives with its session; another client sends `{"authenticate": "<access token>"}` first. Then
`{"watch": "<business uuid>"}` and `{"unwatch": "<business uuid>"}`; the channel says `{"topic", "id"}`.
"""

import asyncio
import json
import time
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts import inbox
from accounts.models import Business, User
from accounts.permissions import Capability, can
from accounts.services import TokenRefused, bearer
from creditiq.kernel.nesting import shallow

MOST_WATCHED = 64
LONGEST_MESSAGE = 4096
"""Characters of one message from a client: an access token is the longest thing anybody sends."""
MESSAGES_PER_SECOND = 20
SECONDS_TO_AUTHENTICATE = 10.0
BAD_MESSAGE, UNAUTHENTICATED, SIGNED_OUT, TOO_MUCH = 4400, 4401, 4403, 4429
"""Close codes: 4000-4999 are ours to name (RFC 6455 §7.4.2)."""


class LiveConsumer(AsyncWebsocketConsumer):
    """Tells a person what happened to the businesses they watch and may see."""

    async def connect(self) -> None:
        """Accept; a visitor without a session has a few seconds to authenticate."""
        self.person: User | None = None
        self.watched: dict[str, int] = {}
        self.allowance, self.counted_at = float(MESSAGES_PER_SECOND), time.monotonic()
        self.patience: asyncio.Task[None] | None = None
        await self.accept()
        user = self.scope.get("user")
        if isinstance(user, User) and user.is_active:
            await self._welcome(user)
        else:
            self.patience = asyncio.create_task(self._wait_for_token())

    async def disconnect(self, code: int) -> None:
        """Leave every group, also after a broken connection."""
        if self.patience is not None:
            self.patience.cancel()
        for business_id in self.watched.values():
            await self.channel_layer.group_discard(inbox.business_group(business_id), self.channel_name)
        if self.person is not None:
            await self.channel_layer.group_discard(inbox.person_group(self.person.pk), self.channel_name)
            await self.channel_layer.group_discard(inbox.JOBS, self.channel_name)
            await self.channel_layer.group_discard(inbox.HOUSE, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One message: an object with one of the keys authenticate, watch, unwatch."""
        if not self._within_allowance():
            return await self.close(TOO_MUCH)
        message = _read(text_data)
        if message is None:
            return await self.close(BAD_MESSAGE)
        if "authenticate" in message:
            return await self._authenticate(message["authenticate"])
        if self.person is None:
            return await self.close(UNAUTHENTICATED)
        if "watch" in message:
            return await self._watch(message["watch"])
        return await self._unwatch(message.get("unwatch", ""))

    async def live_changed(self, event: dict[str, str]) -> None:
        """Pass a change on, if the person may still see the business; else stop telling them."""
        business = event["id"]
        if business not in self.watched:
            return
        if await self._may_see(self.watched[business]):
            await self.send(json.dumps({"topic": event["topic"], "id": business}))
        else:
            await self._unwatch(business)

    async def live_told(self, event: dict[str, str]) -> None:
        """News for the person behind this connection."""
        if await self._reread() is not None:
            await self.send(json.dumps({"topic": event["topic"], "id": event["id"]}))

    async def live_job(self, event: dict[str, str]) -> None:
        """A job moved; only who may still watch jobs is told."""
        person = await self._reread()
        if person is not None and can(person, Capability.VIEW_ADMIN):
            await self.send(json.dumps({"topic": event["topic"], "id": event["id"]}))

    async def live_house(self, event: dict[str, str]) -> None:
        """The models changed; only who may still look into them is told."""
        person = await self._reread()
        if person is not None and can(person, Capability.EXPLORE_SCORES):
            await self.send(json.dumps({"topic": event["topic"], "id": event["id"]}))

    async def live_goodbye(self, event: dict[str, str]) -> None:
        """The person signed out or lost access."""
        await self.close(SIGNED_OUT)

    async def _welcome(self, user: User) -> None:
        self.person = user
        await self.channel_layer.group_add(inbox.person_group(user.pk), self.channel_name)
        if can(user, Capability.VIEW_ADMIN):
            await self.channel_layer.group_add(inbox.JOBS, self.channel_name)
        if can(user, Capability.EXPLORE_SCORES):
            await self.channel_layer.group_add(inbox.HOUSE, self.channel_name)

    async def _wait_for_token(self) -> None:
        await asyncio.sleep(SECONDS_TO_AUTHENTICATE)
        self.patience = None
        await self.close(UNAUTHENTICATED)

    async def _authenticate(self, token: str) -> None:
        if self.person is not None:
            return
        if self.patience is not None:
            self.patience.cancel()
        try:
            family = await database_sync_to_async(bearer)(access_token=token)
        except TokenRefused:
            await self.close(UNAUTHENTICATED)
        else:
            await self._welcome(family.user)
            await self.send(json.dumps({"authenticated": True}))

    async def _watch(self, business: str) -> None:
        """Join the business's group. One that is missing and one not theirs get the same answer."""
        name = _canonical(business)
        if name in self.watched:
            return
        if len(self.watched) >= MOST_WATCHED:
            await self.close(TOO_MUCH)
            return
        business_id = await self._find(name)
        if business_id is not None:
            self.watched[name] = business_id
            await self.channel_layer.group_add(inbox.business_group(business_id), self.channel_name)
        await self.send(json.dumps({"refused" if business_id is None else "watching": business}))

    async def _unwatch(self, business: str) -> None:
        business_id = self.watched.pop(_canonical(business), None)
        if business_id is not None:
            await self.channel_layer.group_discard(inbox.business_group(business_id), self.channel_name)

    @database_sync_to_async
    def _find(self, name: str) -> int | None:
        """Key of a business the person may watch."""
        if not name or self.person is None or not can(self.person, Capability.VIEW_SCORE):
            return None
        return Business.objects.visible_to(self.person).filter(uuid=name).values_list("pk", flat=True).first()

    @database_sync_to_async
    def _reread(self) -> User | None:
        """The person as they are now; None when they are out."""
        if self.person is None:
            return None
        version = self.person.token_version
        rows = User.objects.active().select_related("organisation").filter(pk=self.person.pk, token_version=version)
        return rows.first()

    @database_sync_to_async
    def _may_see(self, business_id: int) -> bool:
        """Judged anew for each message: consents end, people leave."""
        if self.person is None:
            return False
        person = User.objects.select_related("organisation").filter(pk=self.person.pk).first()
        if person is None or person.token_version != self.person.token_version:
            return False
        return can(person, Capability.VIEW_SCORE, Business(pk=business_id))

    def _within_allowance(self) -> bool:
        """A leaky bucket of one second's messages."""
        moment = time.monotonic()
        refill = (moment - self.counted_at) * MESSAGES_PER_SECOND
        self.allowance = min(MESSAGES_PER_SECOND, self.allowance + refill) - 1
        self.counted_at = moment
        return self.allowance >= 0


def _canonical(business: str) -> str:
    """The one spelling of a public id, which changes are announced under; empty for what is none."""
    try:
        return str(UUID(business))
    except ValueError:
        return ""


def _read(text: str | None) -> dict[str, str] | None:
    """The message as an object of strings; None when it is anything else."""
    if text is None or len(text) > LONGEST_MESSAGE:
        return None
    try:
        message = json.loads(shallow(text.encode()))
    except (ValueError, RecursionError):
        return None
    if isinstance(message, dict) and all(isinstance(value, str) for value in message.values()):
        return message
    return None
