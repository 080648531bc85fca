# Thin targets: the work is in dev/*.py, which dev/start.py hands over to. `make` alone lists them.
# Settings by environment: PORT, CRM_VAR (folder of run-time data), PYTHON, CRM_PG_SHARED_BUFFERS.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY = $(or $(PYTHON),python3)
START = @command -v $(PY) >/dev/null 2>&1 || { echo "There is no Python here: install Python 3.11 or newer." >&2; exit 1; }; \
	exec $(PY) dev/start.py

.DEFAULT_GOAL := help
.PHONY: help run test check bench real demo prove screens stop reset setup db fmt lock

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: ## Set everything up and run the site with demo data on http://127.0.0.1:8000 (PORT=…); Ctrl-C ends it
	$(START) run

test: ## All tests: the quick ones, then the journeys in a browser
	$(START) test $(ARGS)

check: ## Format, lint, types, contracts, Django's checks, then all tests
	$(START) check $(ARGS)

bench: ## The figures of issue 2 §8, with their floors -> bench/latest.json
	$(START) bench $(ARGS)

real: ## The whole way with a real file: make real DATA=customers.csv
	$(START) real $(if $(DATA),"$(DATA)")

demo: ## Throw the data away and load the demo operator anew
	$(START) demo

prove: ## The long proofs: every day of two years, PostgreSQL 15, chaos
	$(START) prove $(ARGS)

screens: ## A picture of every page, both widths and languages -> var/screens (ARGS=--readme: those of the README)
	$(START) screens $(ARGS)

stop: ## End the site, its PostgreSQL and its Valkey; the data stays
	$(START) stop

reset: ## End everything and throw the data away
	$(START) reset

setup: ## Only prepare: packages, PostgreSQL, Valkey
	$(START) setup

db: ## Start the project's own PostgreSQL and Valkey
	$(START) db

fmt: ## Put the code into its format
	$(START) fmt

lock: ## Make requirements.txt anew from requirements.in
	$(START) lock
