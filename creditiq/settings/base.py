"""What every environment shares."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from redis.backoff import NoBackoff
from redis.retry import Retry

from creditiq.settings.beat import SCHEDULE
from creditiq.settings.env import BASE_DIR, broker, database_url, env, folder, numbered, postgres, redis_url, var_folder
from creditiq.settings.replica import PAGES
from creditiq.settings.strangers import *
from creditiq.settings.wall import *

# --- the machine -------------------------------------------------------------------------------------------------
VAR = var_folder()
ARTEFACTS_DIR = folder("ARTEFACTS_DIR", VAR / "artefacts")
MEDIA_ROOT = folder("MEDIA_ROOT", VAR / "uploads")
LAKE_DIR = folder("LAKE_DIR", VAR / "lake")
HSN_MASTER = folder("HSN_MASTER", VAR / "hsn_master.json")
"""The house's own list of HSN headings, as `load_hsn_master` writes it; without the file the built-in one counts."""
DEMO = env.bool("DEMO", default=False)
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://localhost:8000")
"""What links in letters begin with when no request is at hand."""
VERSION = "0.1.0"

# Caps that protect the machine; the health page shows them.
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", default=128 * 2**20)
FIU_ENTITY_ID = env.int("FIU_ENTITY_ID", default=1)
MAX_REQUEST_BYTES = MAX_UPLOAD_BYTES + 2**20
MAX_SOCKET_MESSAGE_BYTES = 2**20
LENDER_PAYMENT_ADDRESSES: dict[str, str] = env.json("LENDER_PAYMENT_ADDRESSES", default={})  # a bank's UPI, by id
LENDER_STATEMENTS: dict[str, dict[str, str]] = env.json("LENDER_STATEMENTS", default={})  # part 2 of key facts, by bank
WATCHLIST_FILES = [Path(path) for path in env.list("WATCHLIST_FILES", default=[])]  # read every night at 02:30
DUCKDB_MEMORY_LIMIT = env.str("DUCKDB_MEMORY_LIMIT", default="1GB")
DUCKDB_SPILL_DIR = folder("DUCKDB_SPILL_DIR", VAR / "spill")
GRAPH_WINDOW_MEMORY_MB = env.int("GRAPH_WINDOW_MEMORY_MB", default=1024)
WORKER_MEMORY_LIMIT_MB = env.int("WORKER_MEMORY_LIMIT_MB", default=1200)

# --- the application ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts.apps.ConfigurationConfig",  # django.contrib.admin behind our sign-in page
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "corsheaders",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "django_celery_beat",
    "django_prometheus",
    "django_structlog",
    "creditiq.apps.CreditIQConfig",
    "creditiq.kernel",
    "accounts",
    "wallets",
    "fraud",
    "scoring",
    "lending",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "creditiq.middleware.RequestId",
    "creditiq.middleware.CompressedReads",
    "corsheaders.middleware.CorsMiddleware",
    "creditiq.middleware.TrailingSlash",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "creditiq.middleware.ReadTags",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.views.languages.SpokenLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "creditiq.kernel.replica.ReplicaReads",
    "creditiq.middleware.ApplicationErrors",
    "accounts.api.second_factor.StaffSecondFactor",
    "accounts.api.usage.CountedCalls",
    "accounts.api.idempotency.IdempotentPosts",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "creditiq.urls"
ASGI_APPLICATION = "creditiq.asgi.application"
WSGI_APPLICATION = "creditiq.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "creditiq.portals.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "django.templatetags.i18n"],
        },
    },
]
STATIC_URL = "static/"
STATIC_ROOT = folder("STATIC_ROOT", VAR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी"), ("mr", "मराठी"), ("ta", "தமிழ்"), ("te", "తెలుగు"), ("kn", "ಕನ್ನಡ")]
LOCALE_PATHS = [BASE_DIR / "creditiq" / "locale"]
TIME_ZONE = "Asia/Kolkata"

# --- PostgreSQL and Valkey ---------------------------------------------------------------------------------------
DATABASE_URL = database_url(VAR)
REDIS_URL = redis_url(VAR)
COUNTERS_URL = numbered(REDIS_URL, 3)  # calls of keys, until they are written down
STREAMS_URL = numbered(REDIS_URL, 0)  # evidence that arrives on streams (wallets/services/streams.py)
_limits = {
    "pool_size": env.int("DATABASE_POOL_SIZE", default=0),
    "statement_timeout_ms": env.int("STATEMENT_TIMEOUT_MS", default=0),
}
DATABASES = {"default": postgres(DATABASE_URL, **_limits)}
if replica := env.str("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = {**postgres(replica, **_limits), "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["creditiq.kernel.replica.ReplicaRouter"]
REPLICA_LAG_SECONDS = env.int("REPLICA_LAG_SECONDS", default=5)  # who changed something reads from the primary so long
REPLICA_PAGES = PAGES
CACHES = {
    "default": {
        "BACKEND": "creditiq.kernel.cache.CountedCache",
        "LOCATION": numbered(REDIS_URL, 1),
        "KEY_PREFIX": "creditiq",
        "TIMEOUT": 300,
        "OPTIONS": {
            "serializer": "creditiq.kernel.cache.JsonSerializer",
            "retry": Retry(NoBackoff(), 1),  # the library's own backs off for seconds while somebody waits for a page
        },
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [numbered(REDIS_URL, 2)]},
    }
}

# --- work --------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = broker(REDIS_URL, 0)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A killed worker's unacknowledged messages return after this; the outbox relay is quicker for events.
    "visibility_timeout": 120,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "queue_order_strategy": "round_robin",
}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 110
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ROUTES = {
    "accounts.tasks.run_job": {"queue": "default"},  # long work does not hold up the news
    "accounts.tasks.send_webhook": {"queue": "default"},  # nor does a stranger's slow server
    "accounts.tasks.*": {"queue": "notify"},
    "fraud.tasks.*": {"queue": "fraud"},
    "scoring.tasks.*": {"queue": "scoring"},
    "lending.tasks.*": {"queue": "lending"},
    "wallets.tasks.send_transactions": {"queue": "chain"},
    "wallets.tasks.move_transactions": {"queue": "chain"},
    "wallets.tasks.anchor_audit_root": {"queue": "chain"},
    "wallets.tasks.publish_attestation_roots": {"queue": "chain"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 500  # connections outlive a task; creditiq/celery.py looks whether they still work
CELERY_WORKER_MAX_MEMORY_PER_CHILD = WORKER_MEMORY_LIMIT_MB * 1024
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0  # a child loads the scorecard and the feature engine before it says it is up
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

# --- who is who --------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.adapters.VerifiedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.adapters.LengthOrClasses"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # an office behind one address must not lock itself out
AXES_HANDLER = "accounts.adapters.GrowingLockout"  # how long the door stays shut: accounts/engine/lockout.py
AXES_COOLOFF_TIME = timedelta(days=1)  # after which wrong passwords are forgotten
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_LOCKOUT_CALLABLE = "accounts.api.throttles.locked_out"
AXES_IPWARE_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# allauth keeps second factors and sessions; the doors to them are ours (decisions/0017), none of its URLs is mounted.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
MFA_ADAPTER = "accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "CreditIQ"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())
STEP_UP_SECONDS = env.int("STEP_UP_SECONDS", default=900)
SHORT_PASSWORDS = env.bool("SHORT_PASSWORDS", default=False)

# --- personal fields at rest: `id:base64 of 32 bytes`, the current key first, older ones until they are rotated out -
DEMO_FIELD_KEYS = "demo:Y3JlZGl0aXEtZGVtby1maWVsZC1rZXktMzItYnl0ZXM="
FIELD_KEYS = env.str("FIELD_KEYS", default=DEMO_FIELD_KEYS)
DEMO_BLIND_KEYS = "demo:Y3JlZGl0aXEtZGVtby1ibGluZC1rZXktMzItYnl0ZXM="
BLIND_KEYS = env.str("BLIND_KEYS", default=DEMO_BLIND_KEYS)  # of blind indexes; written alike, never the same keys

# --- switches: the default of each, and those that no row can turn on ----------------------------------------------
FLAG_DEFAULTS: dict[str, bool] = {
    "ENABLE_MFA": env.bool("ENABLE_MFA", default=False),
    "ENABLE_STEP_UP": env.bool("ENABLE_STEP_UP", default=True),
    "ENABLE_SIGN_UP": env.bool("ENABLE_SIGN_UP", default=True),
    "ENABLE_BLOCKCHAIN": env.bool("ENABLE_BLOCKCHAIN", default=True),
    "ENABLE_RATE_LIMITING": env.bool("ENABLE_RATE_LIMITING", default=True),
}
FLAGS_FORCED_OFF: list[str] = env.list("FLAGS_FORCED_OFF", default=[])
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page's meta element, scripts never need the cookie
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="mailto:security@localhost")

# --- other sites' scripts: none, unless named, and only the programming interface -----------------------------
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", default=[])

# --- headers -----------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "interest-cohort")
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- programming interface ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.BearerAuthentication",
        "accounts.api.authentication.KeyAuthentication",
        "accounts.api.authentication.PortalSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.InPerson"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.limits.CallerThrottle", "accounts.api.limits.KeyQuota"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.BoundedJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=0),  # 0: X-Forwarded-For is anybody's claim
}
CALLS_PER_MINUTE: int | None = env.int("CALLS_PER_MINUTE", default=6000)  # of one key, person or address
THROTTLE_RATES: dict[str, str | None] = {  # attempts per network address
    "sign_in": env.str("THROTTLE_SIGN_IN", default="120/minute"),
    "sign_up": env.str("THROTTLE_SIGN_UP", default="10/minute"),
}
SIMPLE_JWT: dict[str, object] = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ALGORITHM": "HS256",
    "LEEWAY": 30,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CreditIQ",
    "DESCRIPTION": "Scores with reasons for businesses that bureaus cannot see.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.document_problems",
        "accounts.api.schema.document_pages",
    ],
    "ENUM_NAME_OVERRIDES": {
        "BookReturnKindEnum": "lending.models.ReturnKind",
        "CollateralKindEnum": "lending.models.CollateralKind",
        "WalletWarningKindEnum": "wallets.engine.hazards.KINDS",
        "DataRequestKindEnum": "accounts.models.DataRequestKind",
        "DataRequestStateEnum": "accounts.models.DataRequestState",
        "ReportKindEnum": "accounts.models.ReportKind",
        "KycStateEnum": "accounts.models.KycState",
        "KycPaperEnum": "accounts.models.KycPaper",
        "KycRiskEnum": "accounts.models.KycRisk",
        "KycTierEnum": "accounts.models.KycTier",
        "PartyKindEnum": "accounts.models.PartyKind",
        "JobStateEnum": "accounts.models.JobState",
        "ReminderStateEnum": "accounts.models.ReminderState",
        "ReminderKindEnum": "accounts.models.ReminderKind",
        "ApprovalStateEnum": "accounts.models.ApprovalState",
        "ConsentStatusEnum": "accounts.models.ConsentStatus",
        "ClaimStatusEnum": "accounts.models.ClaimStatus",
        "OrganisationStatusEnum": "accounts.models.OrganisationStatus",
        "EvidenceKindEnum": "accounts.models.EvidenceKind",
        "OrganisationKindEnum": "accounts.models.OrganisationKind",
        "PaymentPurposeEnum": "lending.api.loan_shapes.PURPOSES",
        "PurposeEnum": "accounts.models.Purpose",
        "RoundingRuleEnum": "lending.api.quotes.ROUNDINGS",
        "RuleStepEnum": "fraud.api.rules.STEPS",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
