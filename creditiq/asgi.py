"""The ASGI door: pages and API through Django, the live channel through Channels."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path
from django.utils.module_loading import import_string

from creditiq.middleware import BodyCap, Patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "creditiq.settings.local")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

http = get_asgi_application()
# Named by text: consumers import models, which exist only after the line above.
database_is_silent = import_string("creditiq.probes.database_is_silent")
live = import_string("accounts.consumers.LiveConsumer").as_asgi()

application = ProtocolTypeRouter(
    {
        "http": Patience(BodyCap(http, most_bytes=settings.MAX_REQUEST_BYTES), is_silent=database_is_silent),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([path("ws/live", live)]))),
    }
)
