"""What every request passes through on its way to a door."""

import asyncio
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, MutableMapping

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from creditiq.kernel.errors import ApplicationError

Answer = Callable[[HttpRequest], HttpResponseBase]
Message = MutableMapping[str, object]


def _problem(code: str, title: str, status: int, detail: str) -> bytes:
    """What is said before Django is asked, in the shape of every other refusal."""
    kind = f"urn:creditiq:problem:{code}"
    said = {"type": kind, "title": title, "status": status, "detail": detail, "errors": [], "request_id": ""}
    return json.dumps(said).encode()


TOO_LARGE = _problem("too_large", "Request Entity Too Large", 413, "The body is too large.")
SILENT = _problem("unavailable", "Service Unavailable", 503, "Something we need does not answer. Try again shortly.")
PERHAPS_DONE = _problem(
    "unavailable",
    "Service Unavailable",
    503,
    "Something we need does not answer. What you sent may have been done all the same: look before you send it again.",
)
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestId:
    """Gives every request an id: the caller's when it is harmless, else a new one; on the answer and in the logs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if SAFE_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.META["REQUEST_ID"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id, ip=request.META.get("REMOTE_ADDR", "")):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class TrailingSlash:
    """Our paths end without a slash; one is accepted and means the same page, for every method."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if len(path) > 1 and path.endswith("/") and not path.startswith(("/django-admin/", settings.STATIC_URL)):
            request.path_info = path.rstrip("/") or "/"
            request.path = request.path.rstrip("/") or "/"
        return self.get_response(request)


class ReadTags(ConditionalGetMiddleware):
    """Reads of the API carry an ETag; a caller who has that version already gets 304 and no body.

    Pages do not: each carries a fresh nonce. Answers are one caller's own, so no cache on the way may keep them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Tag what /api/ answers to GET."""
        if request.method != "GET" or not request.path_info.startswith("/api/"):
            return response
        patch_cache_control(response, private=True, no_cache=True)
        return super().process_response(request, response)


class CompressedReads(GZipMiddleware):
    """Reads of the API travel compressed where it is safe.

    JSON and CSV that are asked for with GET, and nothing of the doors that hand out secrets; pages carry a token beside
    what was typed, so their compression would tell about it (BREACH), and a live stream must not wait for a full block.
    """

    KINDS = ("application/json", "application/problem+json", "text/csv")
    SECRETIVE = ("/api/v1/auth", "/api/v1/keys", "/api/v1/webhooks", "/api/v1/profile")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress, or leave as it is."""
        path, kind = request.path_info, response.get("Content-Type", "")
        is_safe = path.startswith("/api/") and not path.startswith(self.SECRETIVE) and not response.cookies
        if request.method != "GET" or not is_safe or not kind.startswith(self.KINDS) or response.streaming:
            return response
        return super().process_response(request, response)


class ApplicationErrors:
    """A page whose service said no answers with the service's status and sentence (the API has its own handler)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only what was meant for the caller; anything else stays an error."""
        if not isinstance(exception, ApplicationError):
            return None
        context = {"status": exception.status, "message": exception.message}
        return render(request, "components/refusal.html", context, status=exception.status)


class BodyCap:
    """ASGI: refuses a request body over the cap, also when its length is missing or wrong.

    Django checks its own limits only against an honest Content-Length (reliability.md §8).
    """

    def __init__(self, app: Callable[..., Awaitable[None]], *, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Pass the request on with a counting `receive`: 413 for a declared length over the cap, else cut off at it."""
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            body = message.get("body", b"")
            received += len(body) if isinstance(body, bytes) else 0
            return message if received <= self.most_bytes else {"type": "http.disconnect"}

        if self._declared(scope) > self.most_bytes:
            await say(send, 413, TOO_LARGE)
            return
        await self.app(scope, counted, send)

    @staticmethod
    def _declared(scope: Message) -> int:
        headers = scope.get("headers")
        if not isinstance(headers, list):
            return 0
        lengths = [value for name, value in headers if name == b"content-length"]
        return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


class Patience:
    """ASGI: a request without an answer, while the database says nothing at all, is answered 503.

    The database's own time-outs end no wait for a server that is frozen or behind a hole in the network: nobody is
    left to enforce them. `is_silent` takes at most two seconds and must say so twice in a row: one lost packet is no
    silence. What it says holds for one second, for all who wait. Whoever sent an act is told that it may be done.
    """

    def __init__(
        self, app: Callable[..., Awaitable[None]], *, is_silent: Callable[[], bool], seconds: float = 0.75
    ) -> None:
        self.app = app
        self.is_silent = is_silent
        self.seconds = seconds
        self._asked: tuple[float, asyncio.Future[bool]] | None = None

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Wait for the answer, and look after the database each time the patience ends."""
        begun = given_up = False

        async def watched(message: Message) -> None:
            nonlocal begun
            if not given_up:
                begun = True
                await send(message)

        work = asyncio.ensure_future(self.app(scope, receive, watched))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            while not begun and not (await asyncio.wait({work}, timeout=self.seconds))[0]:
                if not begun and await self._silence() and not begun:
                    given_up = True
                    await self._refuse(scope, send)
                    return
            await work
        finally:
            work.cancel()

    @staticmethod
    async def _refuse(scope: Message, send: Callable[[Message], Awaitable[None]]) -> None:
        """A read may simply be repeated; an act may not."""
        if scope.get("method", "GET") in {"GET", "HEAD", "OPTIONS"}:
            await say(send, 503, SILENT, (b"retry-after", b"5"))
        else:
            await say(send, 503, PERHAPS_DONE)

    async def _silence(self) -> bool:
        moment = time.monotonic()
        if self._asked is None or (self._asked[1].done() and moment - self._asked[0] > 1):
            self._asked = moment, asyncio.ensure_future(asyncio.to_thread(self._is_silent_twice))
        return await asyncio.shield(self._asked[1])

    def _is_silent_twice(self) -> bool:
        return self.is_silent() and self.is_silent()


async def say(
    send: Callable[[Message], Awaitable[None]], status: int, body: bytes, *headers: tuple[bytes, bytes]
) -> None:
    """A whole answer in the shape of a problem."""
    shape = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*shape, *headers]})
    await send({"type": "http.response.body", "body": body})
