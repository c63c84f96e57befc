# Everything that a newcomer, a developer and CI run. `make` alone lists the targets.
PYTHON ?= python3
BIN := .venv/bin
WEB_PORT ?= 8321
# Most tests wait more than they compute.
WORKERS ?= 3
# The machine's own time zone files never rule: the pinned tzdata package does.
export PYTHONTZPATH :=
# Every process would compile everything anew when it starts: half of the time that a service or a command needs for it.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo up test lint bench bench-solver lock contract clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: .venv/.compiled ## make .venv, install the locked dependencies, compile the inner loops

.venv/.ready: requirements.lock pyproject.toml deploy/check_python.py
	@$(PYTHON) deploy/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

LOOPS := $(shell grep -rl 'import loop' --include='*.py' services/scheduler) services/scheduler/terms.py

.venv/.compiled: .venv/.ready $(LOOPS)
	@$(BIN)/python -m services.scheduler.warm_up
	@touch $@

demo: setup ## run the main job on the sample community; leaves demo-output/
	@$(BIN)/teachmeet demo

up: setup ## run the whole system until Ctrl-C on ./teachmeet-data (WEB_PORT=8321)
	@$(BIN)/teachmeet up --sample --web-port $(WEB_PORT)

lint: setup ## style, types, import rules, generated contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m teachmeet.contract_files --check

test: lint ## lint, then all tests, several at a time (WORKERS=3)
	$(BIN)/pytest -n $(WORKERS)

bench: setup ## print ratios against raw baselines; writes bench-output/
	$(BIN)/python -m bench

bench-solver: setup ## solve the peers' instances and our own; writes bench-output/solver.json
	$(BIN)/python -m bench.solver

contract: setup ## write docs/contract/ anew from shared/contract and the running apps
	$(BIN)/python -m teachmeet.contract_files

lock: setup ## renew requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --all-extras --no-header pyproject.toml -o requirements.lock

clean: ## remove what the other targets made
	rm -rf .venv demo-output bench-output teachmeet-data .mypy_cache .ruff_cache .pytest_cache .hypothesis
