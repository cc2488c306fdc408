"""Engines are plain Python: they import, and work, where Django is not installed."""

import re
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, imported, name_of, product_files, tree

ENGINES = ("wallets", "fraud", "scoring", "lending")
WITHOUT_DJANGO = """
import importlib, importlib.abc, pathlib, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "celery", "rest_framework", "channels", "web3"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
EXTRA = {"scoring/engine/features/spark.py"}  # the one door of an optional extra, asked by tests/spark

for path in sorted(pathlib.Path(sys.argv[1], "engine").rglob("*.py")):
    if path.as_posix() in EXTRA:
        continue
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
"""


@pytest.mark.parametrize("app", ENGINES)
def test_every_module_of_an_engine_imports_without_django(app: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, app], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr[-2000:]


def test_no_engine_reads_the_clock_or_rolls_unseeded_dice() -> None:
    engines = [path for path in product_files() if "engine" in path.parts]
    forbidden = {"time.time", "random", "datetime.now", "numpy.random.rand"}
    assert {name_of(path): name for path in engines for name, _ in imported(path) if name in forbidden} == {}
    clocks = [
        name_of(path) for path in engines if "datetime.now(" in path.read_text() or "date.today(" in path.read_text()
    ]
    assert clocks == []


def test_only_doors_ask_the_clock() -> None:
    doors = {"views", "api", "tasks", "management", "consumers", "admin", "apps", "adapters", "probes"}
    askers = {
        name_of(path) for path in product_files() for name, _ in imported(path) if name == "creditiq.kernel.clock.now"
    }
    assert [name for name in sorted(askers) if not doors & set(name.split("."))] == []


def test_the_environment_is_read_in_one_place() -> None:
    writers = {"manage", "creditiq.asgi", "creditiq.wsgi", "creditiq.celery"}
    readers = {
        name_of(path)
        for path in product_files()
        if any(word in path.read_text() for word in ("os.environ[", "os.environ.get", "os.getenv", "environ.Env("))
    }
    assert readers - writers == {"creditiq.settings.env"}


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def test_the_truth_of_the_simulated_world_is_read_by_evaluation_only() -> None:
    # The portrait shows the truth, and a simulation carries it beside the records.
    truth = ("wallets.engine.world.truth", "wallets.engine.world.dossiers", "wallets.engine.world.portrait")
    commands = ("simulate", "describe_world")
    allowed = (
        "wallets.engine.world.",
        *(f"wallets.management.commands.{name}" for name in commands),
        "creditiq.management.worlds",
    )
    readers = [name_of(path) for path in product_files() for name, _ in imported(path) if name.startswith(truth)]
    assert [name for name in readers if not name.startswith(allowed)] == []
    serving = [path for path in product_files() if {"services", "selectors"} & set(name_of(path).split("."))]
    assert [name_of(path) for path in serving if ".truth" in path.read_text()] == []
    # The hidden months reach the training service, for the card's oracle, and nobody else.
    seen = {name_of(path) for path in product_files() if {"hidden_months", "judged_world"} & _words(path.read_text())}
    judges = {"wallets.services.worlds", "wallets.services", "scoring.services.training"}
    assert seen - judges == {"wallets.engine.world.simulation", "creditiq.management.commands.evaluate_scorecard"}


def test_nothing_is_pickled_or_evaluated() -> None:
    forbidden = {"pickle", "joblib", "cloudpickle", "dill", "shelve", "marshal"}
    assert [(name_of(path), name) for path in product_files() for name, _ in imported(path) if name in forbidden] == []
    assert all(tree(path) for path in product_files())
