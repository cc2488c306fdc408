"""Production guesses nothing: without what it needs, or with what belongs to a demo, it does not start."""

import base64
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from creditiq.settings.base import DEMO_BLIND_KEYS, DEMO_FIELD_KEYS
from tests.architecture.sources import ROOT

SECRET = "".join(sorted("production-key-of-the-tests-0123456789-ABCDEFGHIJKLMNOP"))
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "creditiq.settings.production",
    "SECRET_KEY": SECRET,
    "JWT_SIGNING_KEY": SECRET[::-1],
    "ALLOWED_HOSTS": "credit.example",
    "DATABASE_URL": "postgresql://someone:secret@database.example/creditiq",
    "REDIS_URL": "redis://:secret@valkey.example:6379",
    "METRICS_TOKEN": SECRET,
    "FIELD_KEYS": "a1:" + base64.b64encode(SECRET[:32].encode()).decode(),
    "BLIND_KEYS": "b1:" + base64.b64encode(SECRET[1:33].encode()).decode(),
    "SECURITY_CONTACT": "mailto:security@credit.example",
}


def start(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(arguments or ("-c", "import django; django.setup()"))]
    known = {"PATH": os.environ["PATH"], "VAR": os.environ.get("VAR", "/nonexistent/var")}
    return subprocess.run(
        command, cwd=ROOT, env={**known, **environment}, capture_output=True, text=True, check=False, timeout=50
    )


@pytest.mark.parametrize("missing", sorted(COMPLETE.keys() - {"DJANGO_SETTINGS_MODULE"}))
def test_production_refuses_to_start_without_a_required_variable(missing: str) -> None:
    answer = start({name: value for name, value in COMPLETE.items() if name != missing})
    assert answer.returncode != 0
    assert f"{missing} must be set" in answer.stderr


def test_production_refuses_demo_accounts_short_keys_and_one_key_for_two_purposes() -> None:
    assert "no place in production" in start({**COMPLETE, "DEMO": "true"}).stderr
    assert "50 random characters" in start({**COMPLETE, "SECRET_KEY": "short"}).stderr
    assert "50 random characters" in start({**COMPLETE, "SECRET_KEY": "a" * 60}).stderr
    known = "a-signing-key-for-tests-that-guards-nothing-at-all-and-is-long-enough"
    assert "50 random characters" in start({**COMPLETE, "JWT_SIGNING_KEY": known}).stderr
    assert "must differ" in start({**COMPLETE, "JWT_SIGNING_KEY": SECRET}).stderr


def test_production_refuses_the_field_key_of_the_demo_under_any_name() -> None:
    keys = "a1:" + DEMO_FIELD_KEYS.partition(":")[2]
    assert "key of the demo" in start({**COMPLETE, "FIELD_KEYS": keys}).stderr
    blind = "b1:" + DEMO_BLIND_KEYS.partition(":")[2]
    assert "key of the demo" in start({**COMPLETE, "BLIND_KEYS": blind}).stderr
    same = {**COMPLETE, "BLIND_KEYS": COMPLETE["FIELD_KEYS"]}
    assert "must not share a key" in start(same).stderr


def test_djangos_own_deployment_check_finds_nothing_in_production() -> None:
    answer = start(COMPLETE, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert answer.returncode == 0, answer.stderr[-3000:]


def test_errors_go_to_sentry_only_where_an_address_is_set_and_scrubbed(tmp_path: Path) -> None:
    address = {"SENTRY_DSN": "https://key@sentry.example/1"}
    if find_spec("sentry_sdk") is None:
        assert "sentry-sdk is not installed" in start({**COMPLETE, **address}).stderr
    (tmp_path / "sentry_sdk.py").write_text(
        "def init(**given):\n    print(given['dsn'], given['before_send']({'message': 'PAN AAPFU0939F'}, {}))\n"
    )
    told = start({**COMPLETE, **address, "PYTHONPATH": str(tmp_path)})
    assert told.returncode == 0, told.stderr[-2000:]
    assert "https://key@sentry.example/1" in told.stdout
    assert "AAPFU0939F" not in told.stdout
