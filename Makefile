# `make` alone lists every command. Two are enough to begin: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV := $(or $(shell command -v uv),.tools/bin/uv)
PY := .venv/bin/python
STYRHUS := $(PY) -m styrhus.engine.command_line
NPM := $(or $(shell command -v npm),.tools/bin/npm)
SOURCES := $(shell find config styrhus tools -name '*.py' -not -path '*/__pycache__/*')
STATIC := $(shell find styrhus -path '*/static/*' -type f)
WORDS := $(wildcard locale/*/LC_MESSAGES/django.po)
export PYTHONUNBUFFERED := 1

.PHONY: help install demo demo-reset test walks check bench mutants messages theme wheel lock clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: install  ## install, start and open a demonstration municipality (PORT=8000)
	@STYRHUS_ENVIRONMENT=demo $(STYRHUS) demo

demo-reset: install  ## throw the demonstration away and start over
	@STYRHUS_ENVIRONMENT=demo $(STYRHUS) demo-reset
	@STYRHUS_ENVIRONMENT=demo $(STYRHUS) demo

test: install browser check  ## run every check and every test
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not long"

walks: install browser  ## run the longest walks, which `make test` leaves out
	@$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m long

check: install  ## ruff, types, layers, migrations, translations
	@$(PY) tools/check.py

bench: install  ## measure the budgets on 200,000 items and keep the figures
	@$(PY) -m bench

mutants: install  ## put small faults into the rules and see that a test fails (ONLY=styrhus/items/flow.py)
	@$(PY) tools/mutants.py $(ONLY) $(if $(TESTS),--tests $(TESTS))

messages: .venv/.installed  ## take new texts into the catalogues
	@$(PY) tools/messages.py extract

wheel: install  ## build assets and one wheel, in dist/
	@rm -rf dist && $(UV) build --quiet --wheel --no-build-isolation --python $(PY) && ls -l dist

lock:  ## lock the newest allowed packages
	@$(UV) pip compile -q --universal --generate-hashes --upgrade pyproject.toml -o requirements.txt
	@$(UV) pip compile -q --universal --generate-hashes --upgrade --group dev --extra s3 pyproject.toml -o requirements-dev.txt
	@$(NPM) update --package-lock-only

clean:  ## remove what was installed and built; data stay
	@rm -rf .venv .tools build dist node_modules .mypy_cache .ruff_cache .pytest_cache

install: .venv/.installed build/static/.made build/locale/.made

.tools/bin/uv:
	@echo "Installing uv in .tools"
	@python3 -m venv .tools 2>/dev/null && .tools/bin/python -m pip install -q uv \
	  || (rm -rf .tools && python3 -m pip install -q --target .tools uv)

.tools/bin/npm: $(UV)
	@echo "Installing node in .tools"
	@test -d .tools/bin && test -x .tools/bin/python || $(UV) venv -q --allow-existing .tools
	@$(UV) pip install -q --python .tools/bin/python -r requirements-node.txt

.venv/.installed: requirements-dev.txt pyproject.toml .python-version | $(UV)
	@echo "Installing Python packages"
	@test -x $(PY) || $(UV) venv -q --python 3.13 .venv || $(UV) venv -q --python '>=3.12,<3.15' .venv
	@$(UV) pip sync -q --compile-bytecode --python $(PY) --require-hashes requirements-dev.txt
	@mkdir -p build/static build/locale
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package-lock.json .npmrc | $(NPM)
	@echo "Installing browser packages"
	@PATH="$(CURDIR)/.tools/bin:$$PATH" $(NPM) ci --silent --no-progress
	@touch $@

build/static/.made: .venv/.installed node_modules/.installed $(STATIC)
	@echo "Collecting static files"
	@STYRHUS_ENVIRONMENT=demo $(STYRHUS) collectstatic --noinput --clear -v 0
	@touch $@

build/locale/.made: .venv/.installed $(WORDS)
	@$(PY) tools/messages.py compile
	@rm -rf build/locale && mkdir -p build && cp -r locale build/locale && touch $@

browser: .venv/.installed
	@$(PY) tools/browser.py
.PHONY: browser

theme: node_modules/.installed  ## make the theme's stylesheet anew from designsystemet.config.json
	@$(PY) tools/theme.py
