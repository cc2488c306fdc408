"""A process that cannot create its database keeps no other waiting, and leaves nothing that another would restore."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
BROKEN = '''
import fcntl
from contextlib import ExitStack
from pathlib import Path

import pytest

from creditiq import embedded
from tests import migrated

FOLDER = Path({folder!r})


@pytest.fixture(scope="session")
def django_db_blocker():
    """Not reached."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    creation = ExitStack()
    creation.enter_context(migrated.shared(FOLDER, embedded.configured()))
    return creation


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings):
    raise RuntimeError("This migration fails.")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish():
    """The session is not torn down yet: raises while somebody holds the lock."""
    with (FOLDER / "migrated.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (FOLDER / "free").touch()
'''
"""Stands where pytest-django would: a set-up that fails after the settings of the database were made."""


def test_a_set_up_that_fails_lets_the_other_processes_go_on(pytester: pytest.Pytester, tmp_path: Path) -> None:
    pytester.makepyfile(broken=BROKEN.format(folder=str(tmp_path)), test_it="def test_it(django_db_setup): pass")
    pytester.makeconftest("from tests.conftest import django_db_setup")
    pytester.syspathinsert()

    outcome = pytester.runpytest_inprocess("-p", "no:django", "-p", "no:cacheprovider", "-p", "broken")

    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines(["*This migration fails.*"])
    assert (tmp_path / "free").exists()
    assert not (tmp_path / "migrated.dump").exists()
