"""Production: nothing is guessed. Without the required variables it refuses to start."""

from django.core.exceptions import ImproperlyConfigured

from creditiq.observability import logging_config, report_errors
from creditiq.settings.base import *
from creditiq.settings.env import env, required

KNOWN_TO_EVERYBODY = ("local-only", "django-insecure-", "a-secret-key-for-tests", "a-signing-key-for-tests")
"""How the keys begin that stand in this repository or in Django's templates."""

required("DATABASE_URL")
required("REDIS_URL")
SECRET_KEY = required("SECRET_KEY")
JWT_SIGNING_KEY = required("JWT_SIGNING_KEY")
SIMPLE_JWT["SIGNING_KEY"] = JWT_SIGNING_KEY
ALLOWED_HOSTS = required("ALLOWED_HOSTS").split(",")
METRICS_TOKEN = required("METRICS_TOKEN")
FIELD_KEYS = required("FIELD_KEYS")
if DEMO_FIELD_KEYS.partition(":")[2] in FIELD_KEYS:
    raise ImproperlyConfigured("FIELD_KEYS holds the key of the demo, which everybody can read")
BLIND_KEYS = required("BLIND_KEYS")
if DEMO_BLIND_KEYS.partition(":")[2] in BLIND_KEYS:
    raise ImproperlyConfigured("BLIND_KEYS holds the key of the demo, which everybody can read")
if any(part.partition(":")[2] in FIELD_KEYS for part in BLIND_KEYS.split(",")):
    raise ImproperlyConfigured("BLIND_KEYS and FIELD_KEYS must not share a key")
SECURITY_CONTACT = required("SECURITY_CONTACT")
if CHAIN_SENDER_KEY:
    raise ImproperlyConfigured("CHAIN_SENDER_KEY is for development: name an external signer (CHAIN_SIGNER_URL)")
if DEMO:
    raise ImproperlyConfigured("DEMO creates accounts with a known password: it has no place in production")
for _name, _key in {"SECRET_KEY": SECRET_KEY, "JWT_SIGNING_KEY": JWT_SIGNING_KEY}.items():
    if len(_key) < 50 or len(set(_key)) < 10 or _key.startswith(KNOWN_TO_EVERYBODY):
        raise ImproperlyConfigured(f"{_name} must be 50 random characters or more")
if JWT_SIGNING_KEY == SECRET_KEY:
    raise ImproperlyConfigured("JWT_SIGNING_KEY must differ from SECRET_KEY")

DEBUG = False
FLAG_DEFAULTS["ENABLE_MFA"] = env.bool("ENABLE_MFA", default=True)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if AXES_IPWARE_PROXY_COUNT else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
SERVESTATIC_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "creditiq.kernel.storage.WholeFiles"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CreditIQ <no-reply@localhost>")
LOGGING = logging_config(json=True, level=env.str("LOG_LEVEL", default="INFO"))
if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    report_errors(SENTRY_DSN, release=VERSION)
