# The names of the checks. `make run` and `make test` need nothing but Python 3.11 and make.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test check fmt fmt-fix lint lint-deploy types arch migrations templates browser \
        lock openapi client contracts chain test-chain features-lock bench benchmark test-spark pipeline drills

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VAR ?= var
OUT ?= var/pipeline
BUSINESSES ?= 250
MONTHS ?= 18
SEED ?= 20260
TRAIN_ON ?= 1500
SCALE ?= 1
JOBS ?= 2
UV_VERSION := 0.13.8
BIN := .venv/bin
SOURCES := creditiq accounts wallets fraud scoring lending tests manage.py

help:  ## what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# --- set-up: the stamps make later starts skip it ---
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "CreditIQ needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/runtime.stamp: requirements.txt | $(BIN)/uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements$(if $(wildcard .venv/dev.stamp),-dev).txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | $(BIN)/uv
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt
	@touch .venv/runtime.stamp $@

setup: .venv/runtime.stamp  ## install what the product needs into .venv
setup-dev: .venv/dev.stamp  ## the same and what its checks need

# --- the product ---
run: setup  ## everything from nothing to a live demo: make run [PORT=8123] [VAR=/some/dir]
	@VAR='$(VAR)' PORT='$(PORT)' exec $(BIN)/python manage.py run

pipeline: setup  ## simulate, load, train, screen, measure, score; no server: make pipeline [BUSINESSES=250] [OUT=…]
	@mkdir -p '$(OUT)' && rm -rf '$(OUT)/var'
	@VAR='$(abspath $(OUT))/var' $(BIN)/python manage.py pipeline --businesses $(BUSINESSES) --months $(MONTHS) \
		--seed $(SEED) --train-on $(TRAIN_ON) --out '$(abspath $(OUT))'

bench benchmark: setup-dev  ## the figures of performance.md, as JSON
	@VAR='$(VAR)' $(BIN)/python manage.py benchmark --json

# --- the checks, word for word what CI runs (macOS brings a make that cannot sort their output) ---
check: setup-dev  ## everything below: what only reads the code side by side, then the tests
	@$(MAKE) --no-print-directory --jobs $(JOBS) $(if $(filter output-sync,$(.FEATURES)),--output-sync) fmt lint lint-deploy types arch migrations templates
	@$(MAKE) --no-print-directory test

fmt: setup-dev  ## formatting
	$(BIN)/ruff format --check $(SOURCES)

fmt-fix: setup-dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

lint: setup-dev  ## style, complexity, security patterns, spelling
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/codespell

# Each linter carries its rules and schemas along, so it works offline.
KUBERNETES := $(filter-out %/kustomization.yaml,$(wildcard deploy/k8s/*.yaml))

lint-deploy: setup-dev  ## the image, the compose file and the manifests, by linters of their own
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/yamllint --strict --config-data '{extends: default, rules: {line-length: {max: 240}, document-start: disable}}' deploy
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(BIN)/kubernetes-validate --strict $(KUBERNETES)

types: setup-dev  ## mypy
	$(BIN)/mypy creditiq accounts wallets fraud scoring lending

arch: setup-dev  ## who may import whom
	$(BIN)/lint-imports --no-cache

migrations: setup-dev  ## models and migrations agree
	VAR=$$(mktemp -d) $(BIN)/python manage.py makemigrations --check --dry-run

templates: setup-dev  ## template syntax and manners
	$(BIN)/djlint --quiet --lint templates

browser: setup-dev
	$(BIN)/python -m tests.chromium

# Who runs what, and in which order: tests/distribution.py.
test: setup-dev browser  ## all tests, with the browser journey: make test [JOBS=4]
	$(BIN)/pytest --numprocesses $(JOBS) --no-loadscope-reorder --cov --cov-report=term:skip-covered
	$(BIN)/coverage report --include='accounts/*,*/engine/*' --skip-covered --fail-under=95

drills: setup-dev  ## kill, starve and flood a product of its own; prints the figures: make drills [SCALE=1]
	$(BIN)/uv pip install --quiet --python $(BIN)/python --requirements pyproject.toml --extra drills
	@DRILL_SCALE='$(SCALE)' $(BIN)/pytest tests/drills -p no:randomly --timeout 7200 --override-ini norecursedirs='.git .hypothesis .venv'

test-spark: setup-dev  ## the features on Spark equal those on DuckDB (brings Spark, and Java where there is none)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --requirements pyproject.toml --extra spark
	@command -v java > /dev/null || (apt-get update -qq && apt-get install -y -qq default-jre-headless)
	$(BIN)/pytest tests/spark --timeout 600 --override-ini filterwarnings=ignore --override-ini norecursedirs=.git

chain: setup-dev  ## a live wallet on a local chain, played by our own script (needs Node): make chain [PORT=8123]
	@VAR='$(if $(filter var,$(VAR)),var/chain,$(VAR))' PORT='$(PORT)' $(BIN)/python -m tests.chain

test-chain: setup-dev  ## the tests on a local chain alone (they are part of `make test` as well)
	$(BIN)/pytest tests/wallets/chain

# --- what is generated and committed ---
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml

lock: | $(BIN)/uv  ## requirements*.txt from pyproject.toml
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) --extra gpu -c requirements.txt --excludes <(echo xgboost-cpu) -o requirements-gpu.txt

openapi: setup-dev  ## the snapshot of the programming interface
	$(BIN)/python manage.py spectacular --format openapi-json --validate --fail-on-warn --file tests/data/openapi.json

client: setup-dev  ## a typed Python client from that snapshot: make client [OUT=var/client]
	$(BIN)/python -m tests.client '$(if $(filter-out var/pipeline,$(OUT)),$(OUT),var/client)'

contracts: setup-dev  ## what our contracts compile to
	$(BIN)/python -m tests.contracts

features-lock: setup-dev  ## the order and digest of the features
	$(BIN)/python manage.py lock_features
