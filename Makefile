# Thin targets: the work is in dev/*.py. `make` alone lists them.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help setup db

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Everything `make run` prepares, without starting the site
	@test -x .venv/bin/python || { $(PYTHON) -m venv .venv && .venv/bin/pip install -q uv && .venv/bin/uv pip sync -q --require-hashes requirements.txt; }
	@test -d node_modules || npm ci --ignore-scripts --silent
	@.venv/bin/python -m dev.postgres start && .venv/bin/python -m dev.valkey start

db: ## Start the project's own PostgreSQL and Valkey
	@.venv/bin/python -m dev.postgres start && .venv/bin/python -m dev.valkey start
