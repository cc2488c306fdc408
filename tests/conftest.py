"""One PostgreSQL and one Valkey for the whole session, in a folder that disappears with it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from pytest_django import DjangoDbBlocker

from creditiq import embedded
from tests import chromium, distribution, migrated, npm
from tests.product import Product, running

SHARES = "PYTEST_XDIST_WORKER" in os.environ
"""Whether this process shares the tests with others."""


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> distribution.Shared:
    """`--dist` of the command line has no word for this distribution."""
    return distribution.Shared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage counts what examples reach: properties walk the same lines hundreds of times, and tracing them is dear.

    A process that shares the tests with others takes the long ones first; alone, their order is random.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("no_cover")
    if SHARES:
        distribution.in_order(items)


@pytest.fixture(scope="session")
def passing_folder() -> bool:
    """Whether the folder of the services lives as long as this session only (VAR names one that stays)."""
    return not embedded.configured().var.exists()


@pytest.fixture(scope="session")
def services(passing_folder: bool) -> Iterator[embedded.Services]:
    """Running services. Tests that use the database get them without asking; others may ask for them."""
    wanted = replace(embedded.configured(), careful=False)
    with embedded.at_hand(wanted):
        yield wanted
    if passing_folder:
        shutil.rmtree(wanted.var, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    services: embedded.Services, passing_folder: bool, tmp_path_factory: pytest.TempPathFactory
) -> ExitStack:
    """pytest-django asks for this before it creates the test database; what it opens `django_db_setup` closes."""
    creation = ExitStack()
    if SHARES and services.postgres and passing_folder:
        creation.enter_context(migrated.shared(tmp_path_factory.getbasetemp().parent, services))
    return creation


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest, services: embedded.Services, passing_folder: bool) -> bool:
    """No need to drop a database whose whole server goes away."""
    return bool(request.config.getoption("reuse_db")) or (services.postgres and passing_folder)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_modify_db_settings: ExitStack, django_db_blocker: DjangoDbBlocker
) -> None:
    """Tests that commit empty every table between them, the audit trail too: their own database may do so."""
    with django_db_modify_db_settings:  # closed by a failure too: whoever waits for us then migrates for themselves
        request.getfixturevalue("django_db_setup")  # that of pytest-django
    lift = import_module("accounts.migrations.0008_checkpoints").ALLOW_TRUNCATE
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(lift)
    post_migrate.connect(_write_registry, weak=False)


def _write_registry(sender: AppConfig, **_: object) -> None:
    """A flush says that migrations ran, but not what they wrote: the chain registry is written again."""
    if sender.label == "wallets":
        import_module("wallets.services").register_networks()


@pytest.fixture(scope="session")
def running_product() -> Iterator[Product]:
    """The product as a stranger starts it, with the demo; PRODUCT_PORT and VAR name one that runs here already."""
    if port := os.environ.get("PRODUCT_PORT"):
        yield Product(embedded.configured().var, int(port))
        return
    # Not under pytest's own folder: another session of the same user may clear or close that at any time.
    with tempfile.TemporaryDirectory(prefix="creditiq-product-") as folder, running(Path(folder) / "var") as product:
        yield product


@pytest.fixture(scope="session")
def product(running_product: Product) -> str:
    """Its address."""
    return running_product.address


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """The last lines say so when no browser or no local chain could be had."""
    if any("Chromium" in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line("")
        terminalreporter.write_line(f"NOT TESTED IN A BROWSER: {chromium.MISSING}", yellow=True)
    if any(npm.MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.write_line(f"NOT TESTED ON A CHAIN: {npm.MISSING}", yellow=True)
