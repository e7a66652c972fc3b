# Every target works from a fresh clone; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PACKAGES := parley bot console nlu core
TEMPLATES := $(wildcard console/templates bot/templates)
PYTEST_ARGS ?= -n 2
MUTANTS ?= core.money* core.calendar* core.plans* core.policy* core.negotiation*

.PHONY: help setup runtime demo demo-reset test nightly lint format lock nlu-train ship-model encoder rasa

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: ## Install everything into .venv and train the understanding (fast when nothing changed)
	@./scripts/setup dev
	@$(BIN)/parley nlu train --if-needed

runtime:
	@./scripts/setup runtime
	@$(BIN)/parley nlu train --if-needed

demo: runtime ## Start Parley with sample cases: one process, no server to install
	@$(BIN)/parley demo

demo-reset: runtime ## Forget the demo's data and start it anew
	@$(BIN)/parley demo --reset

test: setup ## Run all tests against real PostgreSQL, Redis, Chromium and a Telegram double
	@$(BIN)/python -m tests.support.prepare
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

nightly: setup ## Run 100,000 random negotiations against the limits, and look at each page at every size (under an hour)
	@PARLEY_NEGOTIATIONS=100000 $(BIN)/python -m pytest tests/adversaries/test_negotiations.py -n 0
	@PARLEY_LOOKS=all $(BIN)/python -m pytest tests/console/test_front_browser.py -k no_page_shuts -n 0

mutation: setup ## Change the calculator and the limits in thousands of small ways that a test should each notice
	nice -n 10 $(BIN)/python scripts/mutation $(foreach mutant,$(MUTANTS),"$(mutant)")

lint: setup ## Check style, types, import contracts and templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(TEMPLATES),$(BIN)/djlint --lint --quiet $(TEMPLATES))

format: setup ## Rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Resolve the dependencies anew into requirements/*.txt, with hashes (needs uv)
	@./scripts/lock

rasa: ## Set up Rasa in .venv-rasa, on a Python 3.10 found through uv, pyenv or the system
	@./scripts/rasa

encoder: ## Teach the sentence encoder of the release on nlu/data (an hour; then make ship-model)
	@./scripts/encoder

ship-model: nlu-train ## Put the model just trained into the release, beside its data
	cp var/models/local.npz nlu/local/shipped.npz

nlu-train: runtime ## Train the understanding from nlu/data again
	@$(BIN)/parley nlu train
