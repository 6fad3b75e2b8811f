SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help up demo test bench lint format docs lock clean install browser

PORT ?= 8080
DATA ?= data
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/installed
BENCH_STAMP := $(VENV)/installed-bench

# Only what was asked for is handed to `demo`, which has a port and a folder of its own.
asked = $(if $(filter command environment,$(firstword $(origin $(1)))),--$(2) "$($(1))")

help: ## show this list
	@echo "Investiture: selection and appointment to public office, step by step on the record"
	@echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | \
		while IFS='|' read -r goal says; do printf '%-14s %s\n' "$$goal" "$$says"; done
	@echo
	@echo "  for example: make up PORT=9000 DATA=/srv/investiture"

up: $(STAMP) ## run the whole service on this machine (PORT=8080, DATA=data); Ctrl-C stops it
	@exec $(RUN)/investiture up --port "$(PORT)" --data "$(DATA)"

demo: $(STAMP) ## live through whole appointments in seconds, then leave the service running
	@exec $(RUN)/investiture demo $(call asked,PORT,port) $(call asked,DATA,data)

test: $(STAMP) browser ## check form, types, imports and behaviour
	@echo "== form";    $(RUN)/ruff format --check . && $(RUN)/ruff check .
	@echo "== imports"; $(RUN)/lint-imports
	@echo "== types";   $(RUN)/mypy
	@echo "== tests";   $(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: $(BENCH_STAMP) ## measure beside the peers; results as a table and JSON
	@exec $(RUN)/investiture bench

lint: $(STAMP) ## check form, imports and types only
	@$(RUN)/ruff format --check . && $(RUN)/ruff check . && $(RUN)/lint-imports && $(RUN)/mypy

format: $(STAMP) ## put the code into its form
	@$(RUN)/ruff check --fix --quiet . ; $(RUN)/ruff format .

docs: $(STAMP) ## write the generated documents and drawings anew
	@$(RUN)/investiture events-document > docs/events.md
	@for file in packs/*.yaml; do pack=$$(basename "$$file" .yaml); \
		$(RUN)/investiture packs explain "$$pack" --svg > "docs/images/regimes/$$pack.svg" || exit 1; done
	@$(RUN)/investiture packs explain cn.sr2019 --svg --lang zh > docs/images/regimes/cn.sr2019.zh.svg

PIN := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock: $(STAMP) ## pin the newest versions that fit, with hashes (UPGRADE=1 moves every pin)
	@test -x $(RUN)/uv || $(RUN)/python -m pip install --quiet uv
	@$(RUN)/$(PIN) $(if $(UPGRADE),--upgrade) --extra dev --output-file requirements.lock
	@$(RUN)/$(PIN) $(if $(UPGRADE),--upgrade) --extra dev --extra bench --constraint requirements.lock \
		--output-file requirements-bench.lock
	@$(RUN)/$(PIN) $(if $(UPGRADE),--upgrade) --constraint requirements.lock --output-file requirements-runtime.lock
	@echo "requirements.lock, requirements-bench.lock and requirements-runtime.lock (the image's) are written"

clean: ## remove the environment and caches (never the data folder)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

install: $(STAMP)

# pip says a line or more a package; here a line for every 20 of them, and all of it in a log.
install_pinned = export PIP_DISABLE_PIP_VERSION_CHECK=1; log=$(VENV)/$(1).log; all=$$(grep -c '==' $(1)); \
	{ $(RUN)/python -m pip install --progress-bar off --require-hashes -r $(1) 2>&1; echo "exit $$?"; } | tee $$log | \
	awk -v all=$$all '/^Collecting|^Requirement already/ { if (++n % 20 == 0) print "      " n " of " all " fetched" } \
		/^Installing collected/ { print "      unpacking" } { fflush() }'; \
	if [ "$$(tail -n 1 $$log)" != "exit 0" ]; then tail -n 20 $$log >&2; exit 1; fi

# The first interpreter that is new enough and can make an environment.
$(STAMP): requirements.lock pyproject.toml
	@python=; for name in python3.11 python3.12 python3.13 python3.14 python3; do \
		if "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; \
		then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Investiture needs Python 3.11 or newer with its venv module; none was found." >&2; \
		echo "On Debian or Ubuntu: apt-get install python3 python3-venv" >&2; exit 1; \
	fi; \
	if ! $(RUN)/python -c 'import pip' >/dev/null 2>&1; then \
		echo "[1/3] making $(VENV) with $$($$python --version)"; \
		rm -rf $(VENV) && "$$python" -m venv $(VENV); \
	else echo "[1/3] using $(VENV) with $$($(RUN)/python --version)"; fi
	@echo "[2/3] installing $$(grep -c '==' requirements.lock) pinned packages, database and workflow engine included (about 150 MB)"
	@$(call install_pinned,requirements.lock)
	@echo "[3/3] installing Investiture itself"
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(RUN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(BENCH_STAMP): requirements-bench.lock $(STAMP)
	@echo "installing the peers that the benchmarks compare with"
	@$(call install_pinned,requirements-bench.lock)
	@touch $@

# The browser tests need Chromium and a font with Chinese characters; root on Debian gets them here.
browser:
	@if command -v chromium >/dev/null 2>&1 && [ -e /usr/share/doc/fonts-noto-cjk ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "installing chromium and fonts-noto-cjk for the browser tests"; \
		(apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
			chromium fonts-noto-cjk) >$(VENV)/browser.log 2>&1 || \
		echo "they could not be installed ($(VENV)/browser.log says why); the browser tests are skipped" >&2; \
	else echo "chromium or fonts-noto-cjk is missing; the browser tests are skipped"; fi

# A run that must not skip says so to the tests.
ifeq ($(CI),true)
export INVESTITURE_REQUIRE_BROWSER = 1
endif
