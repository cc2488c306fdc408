"""The demo and development: one machine, the bundled services, plain files."""

from creditiq.observability import logging_config
from creditiq.settings.base import *
from creditiq.settings.env import env

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="local-only-secret-key-which-production-refuses-to-start-with")
SIMPLE_JWT["SIGNING_KEY"] = env.str("JWT_SIGNING_KEY", default="local-only-signing-key-which-production-refuses")
ATTESTER_KEY = env.str("ATTESTER_KEY", default="17" * 32)  # local only: production signs with a key of its own
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
STORAGES = {
    "default": {"BACKEND": "creditiq.kernel.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_config(json=env.bool("LOG_JSON", default=False), level=env.str("LOG_LEVEL", default="INFO"))
