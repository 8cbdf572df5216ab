# `make` alone lists what it can do.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
RUN_STAMP := .venv/.installed-to-run
DEV_STAMP := .venv/.installed-to-develop
CHROMIUM_STAMP := .venv/.installed-chromium
CATALOGUE := translations/en/LC_MESSAGES/messages.po
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest --quiet --numprocesses $(WORKERS) --dist worksteal

.PHONY: help setup run test test-deep test-sqlite test-postgresql test-browser lint bench lock assets catalogue

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

setup: $(DEV_STAMP) assets ## make .venv with all that running, testing and checking need

run: $(RUN_STAMP) assets ## serve at http://127.0.0.1:8000 (DEMO=0: without the sample office)
	@$(BIN)/tracker init
	@[ "$${DEMO:-1}" = 0 ] || $(BIN)/tracker demo
	@exec $(BIN)/tracker serve

test: ## check the code, then test on SQLite, on PostgreSQL and in a browser
	@$(MAKE) --no-print-directory $(DEV_STAMP) $(CHROMIUM_STAMP)
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-sqlite
	@$(MAKE) --no-print-directory test-postgresql
	@$(MAKE) --no-print-directory test-browser

test-sqlite: $(DEV_STAMP) assets ## test on SQLite only
	$(PYTEST) --database sqlite --ignore tests/browser tests

test-postgresql: $(DEV_STAMP) assets ## test on PostgreSQL only
	$(PYTEST) --database postgresql -m "not pure" --ignore tests/browser tests

test-browser: $(DEV_STAMP) $(CHROMIUM_STAMP) assets ## test in headless Chromium only
	$(PYTEST) tests/browser

test-deep: $(DEV_STAMP) assets ## property tests with many more examples, and a year of chasing
	$(PYTEST) --database sqlite --hypothesis-profile deep tests/properties
	$(PYTEST) --database postgresql --hypothesis-profile deep tests/properties \
		tests/chasing/test_nothing_twice.py

lint: $(DEV_STAMP) ## check style, types, directions of imports and templates
	@scripts/lint.sh

bench: $(DEV_STAMP) assets ## measure speed; each benchmark prints ratios
	$(BIN)/python -m bench

lock: ## write the lock files anew from pyproject.toml
	scripts/lock.sh

assets: $(RUN_STAMP) $(CATALOGUE:.po=.mo)
	@$(BIN)/python -m tracker.core.assets

%.mo: %.po $(RUN_STAMP)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

catalogue: $(RUN_STAMP) ## collect new texts into translations/en, to be translated there
	@mkdir -p build
	@$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --ignore-dirs ".*" --no-location \
		--sort-output --keywords "_l _m mark" --output-file build/messages.pot .
	@$(BIN)/pybabel --quiet update --input-file build/messages.pot --output-dir translations \
		--locale en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

.venv/bin/python:
	@echo "Making the environment in .venv ..."
	@scripts/make_environment.sh .venv

$(RUN_STAMP): requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what the application needs ..."
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@echo "Installing what testing and checking need ..."
	@$(PIP) install --no-compile --require-hashes --requirement requirements-dev.lock
	@touch $@

$(CHROMIUM_STAMP): scripts/install_chromium.sh $(DEV_STAMP)
	@scripts/install_chromium.sh
	@touch $@
