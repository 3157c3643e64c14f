# The project's commands. Needs Python 3.11 or newer, git and make; `make setup` brings the rest into .venv/ and node_modules/.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
SETUP = python=$$(bash tools/find-python.sh); "$$python" tools/setup.py

.PHONY: help setup run test lint format check-lock audit lock fuzz torture bench manifest screenshots clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

setup: ## Set everything up; quick when nothing has changed
	@$(SETUP)

run: setup ## Start the bot and a Teams client with the Fagersta sample, and print the address to open
	@$(BIN)/python -m bot demo

test: lint check-lock audit ## Set up, then run every check and every test
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile -m "not alone and not long"
	@$(BIN)/python -m pytest -m "alone and not long"

lint: setup ## Style, types and the arrows between the packages
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## Format the code and repair what can be repaired
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

check-lock: setup ## Do the locked packages answer to pyproject.toml?
	@$(BIN)/python -m tools.lock --check

audit: setup ## Are vulnerabilities known of the locked packages? Says loudly when it could not ask
	@$(BIN)/python -m tools.audit

lock: setup ## Lock the newest allowed Python packages anew
	@$(BIN)/python -m tools.lock --upgrade

fuzz: setup ## Break activities by the hundred thousand, then guided by coverage; says what came of it
	@$(BIN)/python -m tests.edge.fuzz --count $(or $(COUNT),100000)
	@$(SETUP) fuzz
	@.venv/fuzz/bin/python -m tests.edge.guided -max_total_time=$(or $(SECONDS_GUIDED),120)

torture: setup ## Kill the bot two hundred times, and take Teams and the database from it: is anything lost?
	@TORTURE_KILLS=$${TORTURE_KILLS:-100} $(BIN)/python -m pytest -q -m "long or not long" tests/torture tests/faults

bench: setup ## Measure what README says
	@$(SETUP) bench
	@.venv/bench/bin/python -m benchmarks

manifest: setup ## Build the app package to upload to Teams
	@$(BIN)/python -m bot manifest

screenshots: setup ## Take README's pictures in a real Teams client
	@$(BIN)/python -m tests.browser.screenshots

clean: ## Remove what was built; keeps .venv and node_modules
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
