"""Tests: the same engines as everywhere, in a folder of their own (`env.var_folder` names it)."""

from creditiq.observability import logging_config
from creditiq.settings.base import *

DEBUG = False
DEMO = True
SECRET_KEY = "a-secret-key-for-tests-that-guards-nothing-at-all"
SIMPLE_JWT["SIGNING_KEY"] = "a-signing-key-for-tests-that-guards-nothing-at-all"
ATTESTER_KEY = "17" * 32
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
THROTTLE_RATES = {}
CALLS_PER_MINUTE = None
FLAG_DEFAULTS["ENABLE_STEP_UP"] = False  # the tests of it turn it on
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "creditiq.kernel.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = logging_config(json=True, level="ERROR")
