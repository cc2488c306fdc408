"""What the product tells its operators: logs without personal data, and its readings as metrics."""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from importlib.util import find_spec

import structlog
from django.core.exceptions import ImproperlyConfigured
from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from structlog.typing import Processor

from creditiq.kernel import health

PERSONAL = re.compile(
    r"\b\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d]\b"  # GSTIN
    r"|\b[A-Z]{5}\d{4}[A-Z]\b"  # PAN
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web token
    r"|(?<!\d)(?:\+91[\s-]?)?[6-9]\d{9}(?!\d)"  # phone
    r"|(?<![\w-])\d{4}[\s-]\d{4}[\s-]\d{4}(?![\w-])"  # Aadhaar
)
SECRET_KEYS = frozenset(
    {"password", "authorization", "cookie", "set-cookie", "token", "access_token", "refresh_token", "secret"}
    | {"api_key", "x-api-key", "csrftoken", "sessionid", "code", "otp"}
)
REMOVED = "[removed]"


def scrub(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """Remove identifiers of people and businesses, tokens and passwords from a log line."""
    return {key: REMOVED if key.lower() in SECRET_KEYS else _scrubbed(value) for key, value in event.items()}


def _scrubbed(value: object) -> object:
    if isinstance(value, str):
        return PERSONAL.sub(REMOVED, value)
    if isinstance(value, Mapping):
        return {key: REMOVED if str(key).lower() in SECRET_KEYS else _scrubbed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrubbed(item) for item in value]
    return value


def calm(_logger: object, _method: str, event: MutableMapping[str, object]) -> MutableMapping[str, object]:
    """A refusal is a line, not a traceback: Django attaches one to every 403."""
    if event.get("level") == "warning":
        event.pop("exc_info", None)
    return event


def report_errors(dsn: str, *, release: str) -> None:
    """Send errors to the Sentry at `dsn`, scrubbed like the logs. Its library is an extra that nobody else needs."""
    if find_spec("sentry_sdk") is None:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set but sentry-sdk is not installed: install the extra `sentry` "
            "(an image: --build-arg EXTRAS=sentry) or unset SENTRY_DSN"
        )
    import_module("sentry_sdk").init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=lambda event, _hint: scrub(None, "error", event),
    )


def logging_config(*, json: bool, level: str) -> dict[str, object]:
    """Django's LOGGING: one stream, JSON for machines or plain for people, scrubbed either way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        calm,
        structlog.processors.format_exc_info,
        structlog.stdlib.PositionalArgumentsFormatter(),
        scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    }
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {"django": {"handlers": [], "propagate": True}, "celery": quiet, "axes": quiet, "asyncio": quiet},
    }


class ReadingsCollector(Collector):
    """Every number of every health reading as a Prometheus gauge, such as `creditiq_outbox_pending`."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is read at registration: the database may not be there yet."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Asked on each scrape; texts and lists stay on the health page."""
        for check, reading in health.readings().items():
            for key, value in reading.items():
                if isinstance(value, (int, float)):
                    yield GaugeMetricFamily(f"creditiq_{check}_{key}", f"{key} of {check}", value=float(value))


def expose_readings() -> None:
    """Add the readings to the metrics page, once per process."""
    REGISTRY.register(ReadingsCollector())
