"""The live channel on a real Valkey: who may listen, to what, and for how long."""

import json
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import consumers, inbox, services
from accounts.consumers import BAD_MESSAGE, SIGNED_OUT, TOO_MUCH, UNAUTHENTICATED, LiveConsumer
from accounts.models import Business, ConsentStatus, Job, User
from accounts.tasks import push, push_house, push_person
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


async def connected(user: User | AnonymousUser) -> WebsocketCommunicator:
    line = WebsocketCommunicator(LiveConsumer.as_asgi(), "/ws/live")
    line.scope["user"] = user
    assert (await line.connect())[0]
    return line


async def watching(user: User, business: Business) -> WebsocketCommunicator:
    line = await connected(user)
    await line.send_json_to({"watch": str(business.uuid)})
    assert await line.receive_json_from() == {"watching": str(business.uuid)}
    return line


async def closed_with(line: WebsocketCommunicator) -> int:
    message = await line.receive_output()
    assert message["type"] == "websocket.close"
    return message["code"]


async def tell(business: Business) -> None:
    await sync_to_async(push.run)(topic="scoring.ScoreIssued", business_id=business.pk, score_id=1)


async def test_an_owner_hears_what_happens_to_their_business() -> None:
    membership = await sync_to_async(MembershipFactory)()
    line = await watching(membership.user, membership.business)
    await tell(membership.business)
    assert await line.receive_json_from() == {"topic": "scoring.ScoreIssued", "id": str(membership.business.uuid)}
    await line.disconnect()


async def test_anothers_business_and_a_missing_one_are_refused_alike() -> None:
    membership, other = await sync_to_async(MembershipFactory)(), await sync_to_async(BusinessFactory)()
    line = await connected(membership.user)
    for name in (str(other.uuid), str(uuid4()), "not a uuid"):
        await line.send_json_to({"watch": name})
        assert await line.receive_json_from() == {"refused": name}
    await tell(other)
    assert await line.receive_nothing()
    await line.disconnect()


async def test_a_person_without_the_capability_watches_nothing() -> None:
    business, individual = await sync_to_async(BusinessFactory)(), await sync_to_async(UserFactory)()
    line = await connected(individual)
    await line.send_json_to({"watch": str(business.uuid)})
    assert "refused" in await line.receive_json_from()
    await line.disconnect()


async def test_nothing_is_heard_after_unwatching() -> None:
    analyst, business = await sync_to_async(AnalystFactory)(), await sync_to_async(BusinessFactory)()
    line = await watching(analyst, business)
    await line.send_json_to({"watch": str(business.uuid)})
    await line.send_json_to({"unwatch": str(business.uuid)})
    assert await line.receive_nothing()
    await tell(business)
    assert await line.receive_nothing()
    await line.disconnect()


async def test_a_bank_stops_hearing_when_its_consent_ends() -> None:
    consent = await sync_to_async(ConsentFactory)()
    officer = await sync_to_async(OfficerFactory)(organisation=consent.organisation)
    line = await watching(officer, consent.business)
    consent.status, consent.withdrawn_at = ConsentStatus.WITHDRAWN, timezone.now()
    await sync_to_async(consent.save)()
    await tell(consent.business)
    assert await line.receive_nothing()
    await line.disconnect()


async def test_a_raised_token_version_silences_an_open_line() -> None:
    membership = await sync_to_async(MembershipFactory)()
    line = await watching(membership.user, membership.business)
    await sync_to_async(User.objects.filter(pk=membership.user.pk).update)(token_version=9)
    await tell(membership.business)
    assert await line.receive_nothing()
    await line.disconnect()


async def test_signing_out_closes_what_is_open() -> None:
    user = await sync_to_async(UserFactory)()
    line = await connected(user)
    await sync_to_async(inbox.hang_up)(user_id=user.pk)
    assert await closed_with(line) == SIGNED_OUT


async def test_another_client_authenticates_with_its_first_message() -> None:
    membership = await sync_to_async(MembershipFactory)()
    tokens = await sync_to_async(services.open_family)(user=membership.user, at=timezone.now())
    line = await connected(AnonymousUser())
    await line.send_json_to({"authenticate": tokens.access_token})
    assert await line.receive_json_from() == {"authenticated": True}
    await line.send_json_to({"authenticate": "ignored now"})
    await line.send_json_to({"watch": str(membership.business.uuid)})
    assert "watching" in await line.receive_json_from()
    await line.disconnect()


@pytest.mark.parametrize("message", [{"authenticate": "nonsense"}, {"watch": str(uuid4())}])
async def test_nobody_is_hung_up_on(message: dict[str, str]) -> None:
    line = await connected(AnonymousUser())
    await line.send_json_to(message)
    assert await closed_with(line) == UNAUTHENTICATED


async def test_a_visitor_who_says_nothing_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "SECONDS_TO_AUTHENTICATE", 0.05)
    line = await connected(AnonymousUser())
    assert await closed_with(line) == UNAUTHENTICATED


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"watch": 1}', json.dumps({"watch": "x" * 5000}), "[" * 4000])
async def test_a_malformed_message_ends_the_connection(text: str) -> None:
    line = await connected(await sync_to_async(UserFactory)())
    await line.send_to(text_data=text)
    assert await closed_with(line) == BAD_MESSAGE


async def test_bytes_end_the_connection() -> None:
    line = await connected(await sync_to_async(UserFactory)())
    await line.send_to(bytes_data=b"{}")
    assert await closed_with(line) == BAD_MESSAGE


async def test_a_flood_ends_the_connection() -> None:
    line = await connected(await sync_to_async(UserFactory)())
    for _ in range(consumers.MESSAGES_PER_SECOND + 10):
        await line.send_json_to({"unwatch": "x"})
    assert await closed_with(line) == TOO_MUCH


async def test_nobody_watches_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "MOST_WATCHED", 1)
    analyst, business = await sync_to_async(AnalystFactory)(), await sync_to_async(BusinessFactory)()
    line = await watching(analyst, business)
    await line.send_json_to({"watch": str(uuid4())})
    assert await closed_with(line) == TOO_MUCH


async def test_a_business_is_heard_of_however_its_id_was_spelt() -> None:
    membership = await sync_to_async(MembershipFactory)()
    public_id = str(membership.business.uuid)
    line = await connected(membership.user)
    await line.send_json_to({"watch": public_id.upper()})
    assert await line.receive_json_from() == {"watching": public_id.upper()}
    await tell(membership.business)
    assert await line.receive_json_from() == {"topic": "scoring.ScoreIssued", "id": public_id}
    await line.send_json_to({"unwatch": f"{{{public_id}}}"})
    assert await line.receive_nothing()
    await tell(membership.business)
    assert await line.receive_nothing()
    await line.disconnect()


async def test_a_person_hears_of_their_own_news_and_nobody_elses() -> None:
    asha, other = await sync_to_async(UserFactory)(), await sync_to_async(UserFactory)()
    hers, theirs = await connected(asha), await connected(other)
    await sync_to_async(push_person.run)(topic="accounts.Notified", user_id=asha.pk)
    assert await hers.receive_json_from() == {"topic": "accounts.Notified", "id": str(asha.uuid)}
    assert await theirs.receive_nothing()
    await sync_to_async(User.objects.filter(pk=asha.pk).update)(token_version=9)
    await sync_to_async(push_person.run)(topic="accounts.Notified", user_id=asha.pk)
    assert await hers.receive_nothing()
    for line in (hers, theirs):
        await line.disconnect()


async def test_only_administrators_hear_how_far_a_job_is() -> None:
    admin, owner = await sync_to_async(AdminFactory)(), await sync_to_async(UserFactory)()
    job = await sync_to_async(Job.objects.create)(work="audit.verify", title="Verify", asked_at=timezone.now())
    watcher, other = await connected(admin), await connected(owner)
    await sync_to_async(inbox.push_job)(job_id=job.pk)
    assert await watcher.receive_json_from() == {"topic": "accounts.JobMoved", "id": str(job.uuid)}
    assert await other.receive_nothing()
    for line in (watcher, other):
        await line.disconnect()


async def test_who_may_look_into_the_models_hears_that_they_changed_and_others_do_not() -> None:
    analyst = await connected(await sync_to_async(AnalystFactory)())
    officer = await connected(await sync_to_async(OfficerFactory)())
    await sync_to_async(push_house.run)(topic="scoring.ModelSuspended", version_id=1)
    assert await analyst.receive_json_from() == {"topic": "scoring.ModelSuspended", "id": "house"}
    assert await officer.receive_nothing()
    await analyst.disconnect()
    await officer.disconnect()
