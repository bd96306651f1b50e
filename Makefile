# `make` sets up everything this project needs in .venv and builds all of it; `make help` lists the rest.
# Nothing but a Python 3.11 or later is needed; nothing outside this folder is changed, but that the engine, once compiled,
# is kept in ~/.cache/clausework.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$each && break; done)
BIN := .venv/bin
# a C compiler from PyPI, where there is none: what is large is explored by it
COMPILER := $(if $(shell command -v cc || command -v gcc || command -v clang),,ziglang)

.DEFAULT_GOAL := build
.PHONY: build check test large lab slow spin bench lint format clean help

build: .venv/ready ## read, check, explore, generate and draw all of spec/ (the default)
	$(BIN)/clausework build

check: .venv/ready ## only look for mistakes in spec/
	$(BIN)/clausework check

test: lint ## everything a change must pass
	$(BIN)/pytest -n auto --dist loadgroup

large: .venv/ready ## the checks of millions of configurations, explored again (a C compiler)
	$(BIN)/pytest -m large tests/spec

slow: .venv/ready ## the tests that take minutes (one of them installs a C compiler from PyPI)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ziglang
	$(BIN)/pytest -n auto --dist loadgroup -m slow

spin: .venv/ready ## what we count, counted by SPIN (Debian packages spin and gcc)
	$(BIN)/pytest -m spin tests/known tests/explore

lab: .venv/ready ## what we generate, at work with real programs; installs them (Debian; root: sudo make lab)
	tests/lab/install
	$(BIN)/pytest -m lab tests/lab

bench: .venv/ready ## how fast we are, beside SPIN on the same models (Debian packages spin and gcc)
	$(BIN)/python tests/benchmarks/speed.py

lint: .venv/ready ## style, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/ready ## put the sources in order
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.venv/ready: pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or later found; say which: make PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv --clear .venv
	@# uv is ten times as fast; where it can't be had, pip does the same
	if $(BIN)/python -m pip install --quiet --disable-pip-version-check uv 2>/dev/null; \
	then $(BIN)/uv pip install --quiet --python $(BIN)/python --editable . --group dev $(COMPILER); \
	else $(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1' && $(BIN)/python -m pip install --quiet --editable . --group dev $(COMPILER); \
	fi
	touch $@

clean: ## remove what `make` made, but not what is committed
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find generator generated tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
