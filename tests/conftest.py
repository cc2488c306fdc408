"""One PostgreSQL and one Valkey for the whole session, in a folder that disappears with it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from creditiq import embedded


@pytest.fixture(scope="session")
def services() -> Iterator[embedded.Services]:
    """Running services. Tests that use the database get them without asking; others may ask for them."""
    wanted = replace(embedded.configured(), careful=False)
    kept = wanted.var.exists()
    with embedded.at_hand(wanted):
        yield wanted
    if not kept:
        shutil.rmtree(wanted.var, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(services: embedded.Services) -> embedded.Services:
    """pytest-django asks for this before it creates the test database."""
    return services
