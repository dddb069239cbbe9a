# Plain Python 3.11 with pip, git and make are enough to start: every target brings what else it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.synced
PRODUCT := $(VENV)/.product
PYTHON ?= python3

# Debian packages that tests look through: an independent log implementation, a browser, PDF tools, a database server, a message broker. Only root can bring them.
DEBIAN := golang-go golang-golang-x-mod-dev openssl chromium poppler-utils strace postgresql redis-server

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(PRODUCT): pyproject.toml uv.lock $(UV)
	$(UV) sync --quiet --frozen --extra demo --extra web --inexact
	@touch $@

$(STAMP): pyproject.toml uv.lock $(UV)
	$(UV) sync --quiet --frozen --all-extras --group dev --inexact
	@touch $@ $(PRODUCT)

demo: $(PRODUCT) ## A small company over a real API world: report, verified pack; on a terminal also the workspace (SERVE=0 without)
	@rm -rf demo
	@if [ -t 1 ] && [ "$$SERVE" != 0 ]; then $(BIN)/assay serve --demonstration; \
	else $(BIN)/assay demo && echo "  The workspace in the browser: $(BIN)/assay serve --demonstration"; fi

check: $(STAMP) ## Lint, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check debian ## Everything that must hold at each change
	$(BIN)/pytest -n 2 --dist loadfile -m "not soak and not bench"

soak: $(STAMP) debian ## Long tests: kills, faults, bit flips, power loss
	$(BIN)/pytest -m soak

bench: $(STAMP) ## Measure the figures of docs/reference/promises.md
	$(BIN)/pytest -m bench -s

docs: $(STAMP) ## Make the generated pages of docs/reference anew
	$(BIN)/python -m assay.cli.reference docs/reference

screens: $(STAMP) debian ## Take the pictures of docs/guide/screens anew
	$(BIN)/python -m tests.browser.screens docs/guide/screens

debian: ## Bring the Debian packages that some tests need, when run as root
	@missing="$$(for p in $(DEBIAN); do dpkg-query -W -f='$${Status}\n' $$p 2>/dev/null | grep -q '^install ok installed' || echo $$p; done)"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then echo "not installed, so the tests that need them are skipped:" $$missing; fi

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: help demo check test soak bench docs screens debian clean
