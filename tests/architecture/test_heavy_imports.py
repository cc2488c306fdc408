"""Heavy libraries: each is imported by one module of ours, and that module only where it is needed."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, imported, name_of, product_files

HOMES = {
    "xgboost": {"scoring.engine.booster"},
    "shap": set(),
    "sklearn": {"scoring.engine.isolation"},
    "numba": {"fraud.engine.kernels.jit", "scoring.engine.kernels"},  # one per engine: engines do not import each other
    "ibis": {"scoring.engine.features.dialect"},
    "duckdb": {"scoring.engine.features.duck"},
    "web3": {"wallets.chain.web3_node"},
    "pyspark": {"scoring.engine.features.spark"},
    "typst": {"creditiq.kernel.documents"},
}
WEIGHT = (
    "import sys, django; django.setup(); import creditiq.urls; "
    "print(sorted(set(sys.modules) & {'xgboost', 'shap', 'sklearn', 'numba', 'ibis', 'web3', 'pyspark', 'pandas'}))"
)


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_heavy_library_has_one_home(library: str) -> None:
    users = {
        name_of(path) for path in product_files() for name, _ in imported(path) if name.partition(".")[0] == library
    }
    assert users <= HOMES[library]


def test_the_web_process_starts_without_any_heavy_library() -> None:
    environment = {"DJANGO_SETTINGS_MODULE": "creditiq.settings.test", "PATH": "/usr/bin:/bin"}
    answer = subprocess.run(
        [sys.executable, "-c", WEIGHT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip() == "[]", answer.stderr[-2000:]
