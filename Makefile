# `make demo` and `make test` are all that a fresh machine needs; `make help` lists the rest.
# Python 3.11 or newer, make and the package registries: no Java, no Redis, no Docker.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS  ?=

# The first of these that runs and is new enough (a pyenv shim may exist and not run).
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && command -v "$$p" && break; done)

.DEFAULT_GOAL := help
.PHONY: help install demo test proof check format faults bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Create or update .venv from constraints.txt

demo: install ## Ask four real questions of real data on Spark and Ray
	@$(BIN)/python examples/demo.py $(ARGS)

test: install ## Run the suite of CI, real engines included
	@$(BIN)/python -m pytest -m "not proof" $(ARGS)

proof: install ## Run everything, the long tests and the benchmarks included
	@$(BIN)/python -m pytest $(ARGS)
	@$(MAKE) --no-print-directory bench

faults: install ## Kill and cut real processes, and watch no job get lost
	@$(BIN)/python -m pytest -m faults $(ARGS)

check: install ## Lint, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: install ## Put the code into the agreed form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Measure the loop and the engines against their stock peers
	@$(BIN)/python -m benchmarks.loop --write
	@$(BIN)/python -m benchmarks.execution --write --ray-peer $(ARGS)

clean: ## Remove caches and build products; .venv stays
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

$(STAMP): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Arclight into $(VENV): about 2 GB, a few minutes the first time." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt 'pip>=25.1'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --prefer-binary \
	  -c constraints.txt --editable '.[all]' --group dev
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Arclight needs Python 3.11 or newer, and none is on the PATH." \
	  "Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual" \
	  "environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
