"""The WSGI door, for production servers that answer HTTP only."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "creditiq.settings.production")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "15000")

application = get_wsgi_application()
