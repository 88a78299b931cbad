# `make help` lists what can be made. Only make and Python 3.11 or newer need to be there.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: app static test lint check bench bench-app lock clean help

# The first of these that runs, is new enough and can make environments. PYTHON=… names another.
pythons = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
probe = import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
python = $(shell for name in $(pythons); do \
	"$$name" -c '$(probe)' 2>/dev/null && { echo "$$name"; break; }; done)
no_python = no Python 3.11 or newer with venv among: $(pythons). Install one (on Debian and \
	Ubuntu: python3 and python3-venv), or name it: make PYTHON=/path/to/python3

bin = .venv/bin
pip = $(bin)/python -m pip --quiet --disable-pip-version-check install
step = $(bin)/python tests/run.py

app: .venv/app secondopinion/base.jsonl ## Open the workbook in your browser; Ctrl-C closes it
	@$(bin)/secondopinion app

static: .venv/app ## Write the workbook as a site without a server, build/static; needs node and npm
	@$(step) "writing build/static" -- $(bin)/python frontend/static/build.py build/static

test: .venv/test secondopinion/base.jsonl ## Run every check there is, in a browser too
	@$(bin)/python tests/run.py

lint: .venv/test ## Check the style, the types and the imports
	@$(bin)/python tests/run.py lint format types imports

check: .venv/app ## Check what data/ says: every broken promise, and what is due
	@$(bin)/secondopinion check

bench: .venv/bench secondopinion/base.jsonl ## Measure planning and screening beside their peers
	@$(bin)/python -m benchmarks

bench-app: .venv/bench secondopinion/base.jsonl ## Measure the served app: to usable, a change, 60 visitors
	@$(bin)/python -m benchmarks.app

lock: .venv/uv/bin/uv ## Fit requirements/ to pyproject.toml; UPGRADE=yes takes the newest releases
	@$(compile) --all-extras --output-file requirements/test.txt
	@$(compile) --extra app --extra authoring --extra files \
		--constraints requirements/test.txt --output-file requirements/app.txt
	@$(compile) --group bench \
		--constraints requirements/test.txt --output-file requirements/bench.txt
	@$(pins) requirements/static.in --no-deps --python-version 3.13 \
		--constraints requirements/test.txt --output-file requirements/static.txt

clean: ## Remove everything that was made here
	@rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@rm -f secondopinion/base.jsonl
	@find . -name __pycache__ -prune -exec rm -rf {} +

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s  %s\n", $$1, $$2 }' Makefile

$(bin)/python:
	@$(or $(python),$(error $(no_python))) tests/run.py "making .venv" -- \
		$(python) -m venv --clear .venv
	@echo '$(CURDIR)' > .venv/where

# An environment does not outlive its folder's being moved or copied.
ifneq ($(shell cat .venv/where 2>/dev/null),$(CURDIR))
.PHONY: $(bin)/python
endif

# Each of these files says that its lock is installed.
.venv/app .venv/test: .venv/%: requirements/%.txt pyproject.toml hatch_build.py $(bin)/python
	@$(step) "installing" -- $(pip) --require-hashes --requirement $<
	@$(step) "adding the workbook" -- $(pip) --no-deps --no-build-isolation --editable .
	@touch .venv/app $@

.venv/bench: requirements/bench.txt .venv/test
	@$(step) "installing the peers" -- $(pip) --require-hashes --requirement $<
	@touch $@

secondopinion/base.jsonl: $(shell find data) $(wildcard secondopinion/authoring/*.py)
	@$(step) "compiling data/" -- $(bin)/python -m secondopinion.authoring

.venv/uv/bin/uv: | $(bin)/python
	@$(step) "installing uv" -- $(pip) --target .venv/uv uv

pins = $(CURDIR)/.venv/uv/bin/uv pip compile --quiet --no-config --universal --generate-hashes \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
compile = $(pins) pyproject.toml --group build --python-version 3.11
