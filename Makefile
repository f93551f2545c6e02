# The two commands: `make demo` and `make test`. Both do all the set-up on a machine with Python 3.11.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV := $(shell command -v uv || echo var/tools/bin/uv)
RUN := $(UV) run --frozen --no-sync
PORT ?= 8000

.PHONY: help setup demo test check bench clean

help: ## show these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1	/'

var/tools/bin/uv:
	@mkdir -p -m 700 var
	@if python3 -m venv var/tools >/dev/null 2>&1; then \
	  var/tools/bin/pip install --quiet --disable-pip-version-check uv; \
	elif python3 -m pip --version >/dev/null 2>&1; then \
	  python3 -m pip install --quiet --disable-pip-version-check --target var/tools uv; \
	else \
	  echo "This Python lacks venv and pip. 请先安装 Install one first (Debian: apt-get install python3-venv)." >&2; \
	  rm -rf var/tools; exit 1; \
	fi

setup: $(filter var/%,$(UV))
	@$(UV) sync --frozen --quiet

demo: setup ## start a living district; PORT=8000
	@PORT=$(PORT) STATIC_COMPRESSED=false $(RUN) python manage.py demo

test: check ## the whole suite, on SQLite, then on PostgreSQL where there is one
	deploy/test.sh $(UV)

check: setup ## linters, types, import contracts, missing migrations
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	find templates -name "*.html" -print0 | xargs -0 $(RUN) djade --target-version 5.2 --check
	$(RUN) lint-imports
	$(RUN) mypy
	$(RUN) python manage.py check
	$(RUN) python manage.py makemigrations --check --dry-run

bench: setup ## measure import, scoring and main pages on a database of its own
	@$(RUN) python deploy/bench.py

clean: ## forget the demo's data and its uploads
	rm -rf var/anxin.sqlite3* var/broker var/cache var/private var/static var/beat-schedule* var/demo*
	find media -mindepth 1 ! -name .gitkeep -delete
